//! Which pairs are looked at: those that share a key of some kind.
//!
//! Apart from the judgement because it only has to be generous and quick. A block that is too large is divided by place
//! and trade; what is still too large is cut short, and counted.

use rayon::prelude::*;

use super::Statistics;
use super::cluster::Edge;
use super::hash;
use super::judge::{Record, judge};
use super::keys::{Keys, Twice, number};
use super::name::Name;

/// So many records of a block are compared each with each.
const WHOLE: usize = 48;
/// So many neighbours of a record are looked at where a block is cut short.
const NEIGHBOURS: usize = 12;

/// A way of dividing a block.
type Divide = fn(&Record) -> u64;

/// Ways of dividing, from coarse to fine. Each alone, then the last ones together.
const DIVISIONS: [Divide; 4] = [by_city, by_trades, by_city_and_trades, by_whole];

fn by_city(record: &Record) -> u64 {
    let said = record.name.as_ref().map(|name| name.place).unwrap_or_default();
    let place = said.or(record.evidence.place);
    (u64::from(place.province) << 16 | u64::from(place.city)) + 1
}

fn by_trades(record: &Record) -> u64 {
    record
        .name
        .as_ref()
        .map_or(1, |name| name.trades.iter().fold(1, |hash, trade| hash::mixed(hash, u64::from(*trade))))
}

fn by_city_and_trades(record: &Record) -> u64 {
    hash::mixed(by_city(record), by_trades(record))
}

fn by_whole(record: &Record) -> u64 {
    record.name.as_ref().map_or(1, Name::whole)
}

/// What a block gave.
#[derive(Default)]
struct Found {
    edges: Vec<Edge>,
    divided: usize,
    cut: usize,
    judged: usize,
}

impl Found {
    fn and(mut self, mut other: Self) -> Self {
        if self.edges.len() < other.edges.len() {
            std::mem::swap(&mut self.edges, &mut other.edges);
        }
        self.edges.append(&mut other.edges);
        self.divided += other.divided;
        self.cut += other.cut;
        self.judged += other.judged;
        self
    }
}

/// All pairs that are one customer by themselves, each once, ordered.
pub(super) fn edges(records: &[Record], least_score: u8, statistics: &mut Statistics) -> Vec<Edge> {
    let block = |keys: &Keys, skip: fn(&Record, &Record) -> bool| compare(records, keys, least_score, skip);
    let mut found = Found::default();
    for key in FIELD_KEYS {
        found = found.and(block(&Keys::of(records.len(), |index| key(&records[index])), |_, _| false));
    }
    for at in 0..2 {
        found = found.and(block(&Keys::of(records.len(), |index| records[index].evidence.phones[at]), |_, _| false));
    }
    found = found.and(block(&crossed_phones(records), |_, _| false));
    found = found.and(block(&signatures(records, core_signatures), same_core));
    found = found.and(block(&signatures(records, stem_signatures), same_core));
    statistics.blocks_divided = found.divided;
    statistics.blocks_cut = found.cut;
    statistics.pairs_weighed = found.judged;
    let mut edges = found.edges;
    edges.par_sort_unstable_by_key(Edge::order);
    edges.dedup_by_key(|edge| (edge.left, edge.right));
    edges
}

/// The keys that each stand for a block of their own.
const FIELD_KEYS: [fn(&Record) -> u64; 8] = [
    |record| if record.evidence.has_code() { hash::of_characters(record.evidence.code.map(char::from)) } else { 0 },
    |record| half_code(record, 0),
    |record| half_code(record, 1),
    |record| record.evidence.account,
    |record| record.evidence.address,
    |record| record.evidence.email,
    |record| record.evidence.domain,
    |record| record.name.as_ref().map_or(0, |name| name.core_hash),
];

/// Every other character of the credit code: one wrong character leaves one of the halves whole.
fn half_code(record: &Record, half: usize) -> u64 {
    let characters = record.evidence.code.iter().skip(half).step_by(2).map(|byte| char::from(*byte));
    if record.evidence.has_code() { hash::of_characters(characters) } else { 0 }
}

/// Telephone numbers that are the first of one record and the second of another.
fn crossed_phones(records: &[Record]) -> Keys {
    let second = records.par_iter().enumerate().filter(|(_, record)| record.evidence.phones[1] != 0);
    let mut seconds: Vec<(u64, u32)> =
        second.map(|(index, record)| (record.evidence.phones[1], number(index))).collect();
    seconds.par_sort_unstable();
    let first = records.par_iter().enumerate().map(|(index, record)| (record.evidence.phones[0], number(index)));
    let known = |phone: u64| phone != 0 && seconds.binary_search_by_key(&phone, |(second, _)| *second).is_ok();
    let mut keys: Vec<(u64, u32)> = first.filter(|(phone, _)| known(*phone)).collect();
    keys.append(&mut seconds);
    Keys::sorted(keys)
}

fn same_core(left: &Record, right: &Record) -> bool {
    left.name.as_ref().map(|name| name.core_hash) == right.name.as_ref().map(|name| name.core_hash)
}

/// The texts less one character each, and whole: two texts one slip apart share one of them.
fn signatures(records: &[Record], of: fn(&Name, &mut Vec<u64>)) -> Keys {
    let mut twice = Twice::with_room(records.len() * 8);
    let mut room = Vec::new();
    for name in records.iter().filter_map(|record| record.name.as_ref()) {
        room.clear();
        of(name, &mut room);
        room.iter().for_each(|signature| twice.see(*signature));
    }
    let keys = records.par_iter().enumerate().flat_map_iter(|(index, record)| {
        let mut own = Vec::new();
        record.name.iter().for_each(|name| of(name, &mut own));
        own.retain(|signature| twice.has(*signature));
        own.into_iter().map(move |signature| (signature, number(index)))
    });
    Keys::sorted(keys.collect())
}

fn core_signatures(name: &Name, signatures: &mut Vec<u64>) {
    if name.core.len() >= if name.is_latin() { 6 } else { 3 } {
        deletions(&name.core, signatures);
    }
}

fn stem_signatures(name: &Name, signatures: &mut Vec<u64>) {
    if (5..=32).contains(&name.stem.len()) && !name.is_latin() {
        deletions(&name.stem, signatures);
    }
}

fn deletions(text: &[char], signatures: &mut Vec<u64>) {
    let start = signatures.len();
    signatures.push(hash::of_characters(text.iter().copied()));
    for left_out in 0..text.len() {
        let (front, back) = (&text[..left_out], &text[left_out + 1..]);
        signatures.push(hash::of_characters(front.iter().chain(back).copied()));
    }
    signatures[start..].sort_unstable();
    // Within one text equal signatures would count as seen twice.
    let mut kept = signatures.split_off(start);
    kept.dedup();
    signatures.append(&mut kept);
}

/// Weighs the pairs of all blocks.
fn compare(records: &[Record], keys: &Keys, least: u8, skip: fn(&Record, &Record) -> bool) -> Found {
    let block = Block { records, least, skip };
    let ranges = keys.ranges(2);
    ranges
        .par_iter()
        .fold(Found::default, |mut found, range| {
            block.whole_or_divided(&keys.records(range), &mut found);
            found
        })
        .reduce(Found::default, Found::and)
}

struct Block<'a> {
    records: &'a [Record],
    least: u8,
    skip: fn(&Record, &Record) -> bool,
}

impl Block<'_> {
    fn whole_or_divided(&self, members: &[u32], found: &mut Found) {
        if members.len() <= WHOLE {
            self.each_with_each(members, found);
            return;
        }
        found.divided += 1;
        for (at, divide) in DIVISIONS.iter().enumerate() {
            let last = at + 1 == DIVISIONS.len();
            let mut keyed: Vec<(u64, u32)> =
                members.iter().map(|member| (divide(&self.records[*member as usize]), *member)).collect();
            keyed.sort_unstable();
            for group in keyed.chunk_by(|left, right| left.0 == right.0) {
                let part: Vec<u32> = group.iter().map(|(_, member)| *member).collect();
                if part.len() <= WHOLE {
                    self.each_with_each(&part, found);
                } else if last {
                    found.cut += 1;
                    self.neighbours(&part, found);
                }
            }
        }
    }

    fn each_with_each(&self, members: &[u32], found: &mut Found) {
        for (at, left) in members.iter().enumerate() {
            for right in &members[at + 1..] {
                self.weigh(*left, *right, found);
            }
        }
    }

    fn neighbours(&self, members: &[u32], found: &mut Found) {
        for (at, left) in members.iter().enumerate() {
            for right in members[at + 1..].iter().take(NEIGHBOURS) {
                self.weigh(*left, *right, found);
            }
        }
    }

    fn weigh(&self, left: u32, right: u32, found: &mut Found) {
        let (one, other) = (&self.records[left as usize], &self.records[right as usize]);
        if (self.skip)(one, other) {
            return;
        }
        found.judged += 1;
        if let Some(verdict) = judge(one, other).filter(|verdict| verdict.score >= self.least) {
            found.edges.push(Edge::new(left, right, verdict));
        }
    }
}
