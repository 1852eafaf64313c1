//! Finds customers that were entered more than once (客户查重).
//!
//! Apart from the checks because it looks at pairs of records and at likeness, where a rule looks at one row and at
//! what is so or not. It proposes groups for people to decide about and merges nothing. It knows no tables: it is given
//! folded texts and gives indexes.
//!
//! The steps: names are taken apart (`name`, by the words of `lexicon`) and other fields made into keys
//! (`evidence`); values that too many share are put out (`surroundings`); pairs that share a key of some kind
//! (`blocks`) are weighed (`judge`, by `relation`); the accepted ones are put together (`cluster`).

mod blocks;
mod cluster;
mod decisions;
mod evidence;
mod hash;
mod judge;
mod keys;
mod lexicon;
mod name;
mod reason;
mod relation;
mod slip;
mod support;
mod surroundings;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;

use self::cluster::Edge;
pub use self::decisions::{Decision, Decisions};
use self::evidence::Evidence;
use self::judge::{Record, Verdict};
use self::name::Name;
pub use self::reason::Reason;
use self::reason::Reasons;

/// Whether a character may be a family name: what a person's name begins with.
pub fn is_surname(character: char) -> bool {
    lexicon::lexicon().characters.surname(character)
}

/// One customer as the matcher sees it: folded texts, none where missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Candidate<'a> {
    /// What decisions call it.
    pub key: &'a str,
    /// The name.
    pub name: Option<&'a str>,
    /// The credit code.
    pub uscc: Option<&'a str>,
    /// The telephone, or several.
    pub phone: Option<&'a str>,
    /// The bank account.
    pub bank_account: Option<&'a str>,
    /// The address.
    pub address: Option<&'a str>,
    /// The e-mail address, or several.
    pub email: Option<&'a str>,
    /// When it was entered, in days.
    pub entered_on: Option<i32>,
}

/// What a company may set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Pairs of a lower score, 0 to 100, are not reported. Few that are accepted at all score below 66.
    pub least_score: u8,
    /// A telephone, account, address or e-mail domain that so many records of different names share says nothing.
    pub crowd: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { least_score: 66, crowd: 6 }
    }
}

/// A pair within a group that is one customer by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The lower index.
    pub left: u32,
    /// The higher index.
    pub right: u32,
    /// 0 to 100.
    pub score: u8,
    /// The kinds of evidence, the strongest first.
    pub reasons: Vec<Reason>,
}

/// Records that seem to be one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Indexes, ascending.
    pub members: Vec<u32>,
    /// Who was first: the earliest entered, else the lowest index.
    pub first: u32,
    /// The score of the weakest member's strongest link.
    pub score: u8,
    /// The kinds of evidence, each once, the strongest first.
    pub reasons: Vec<Reason>,
    /// The links, ordered by their pair.
    pub links: Vec<Link>,
}

/// What was done, for the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Pairs that were weighed, those of several blocks counted again.
    pub pairs_weighed: usize,
    /// Blocks too large to compare each with each, which were divided by place and trade.
    pub blocks_divided: usize,
    /// Parts of such blocks that were too large still: each record was compared with some neighbours only.
    pub blocks_cut: usize,
    /// Values that too many records share and that said nothing therefore.
    pub crowded_values: usize,
}

/// Groups of candidates that seem to be one customer, ordered by their lowest member.
pub fn groups(candidates: &[Candidate], decisions: &Decisions, settings: &Settings) -> Vec<Group> {
    find(candidates, decisions, settings).0
}

/// As [`groups`], with what was done.
pub fn find(candidates: &[Candidate], decisions: &Decisions, settings: &Settings) -> (Vec<Group>, Statistics) {
    let mut statistics = Statistics::default();
    let mut records: Vec<Record> = candidates.par_iter().map(record).collect();
    statistics.crowded_values = surroundings::clear_crowds(&mut records, settings.crowd);
    surroundings::flag_many(&mut records);
    let edges = blocks::edges(&records, settings.least_score, &mut statistics);
    let (edges, different) = decided(edges, candidates, decisions);
    let joined = cluster::join(&records, &edges, &different);
    let mut homes = vec![u32::MAX; records.len()];
    for (home, members) in joined.iter().enumerate() {
        members.iter().for_each(|member| homes[*member as usize] = keys::number(home));
    }
    let mut links: Vec<Vec<Edge>> = vec![Vec::new(); joined.len()];
    let mut homeless: Vec<Edge> = Vec::new();
    for edge in edges {
        let (home, other) = (homes[edge.left as usize], homes[edge.right as usize]);
        if home != u32::MAX && home == other {
            links[home as usize].push(edge);
        } else {
            let was_kept_out = |member: u32, home: u32| home == u32::MAX && different.contains_key(&member);
            if was_kept_out(edge.left, home) || was_kept_out(edge.right, other) {
                homeless.push(edge);
            }
        }
    }
    let mut groups: Vec<Group> =
        joined.into_iter().zip(links).map(|(members, links)| group(members, &links, candidates)).collect();
    groups.extend(left_alone(&homeless, &different, candidates));
    groups.sort_by(|one, other| one.members.cmp(&other.members));
    (groups, statistics)
}

/// Records that were kept out of every group because one of its members is decided to be another customer: the pairs
/// that nobody has decided about are still to be shown, each record with its strongest.
fn left_alone(homeless: &[Edge], different: &BTreeMap<u32, Vec<u32>>, candidates: &[Candidate]) -> Vec<Group> {
    let mut strongest: BTreeMap<u32, Edge> = BTreeMap::new();
    for edge in homeless {
        for member in [edge.left, edge.right].into_iter().filter(|member| different.contains_key(member)) {
            let known = strongest.entry(member).or_insert(*edge);
            if edge.score > known.score {
                *known = *edge;
            }
        }
    }
    let mut pairs: Vec<Edge> = strongest.into_values().collect();
    pairs.sort_by_key(|edge| (edge.left, edge.right));
    pairs.dedup_by_key(|edge| (edge.left, edge.right));
    pairs.into_iter().map(|edge| group(vec![edge.left, edge.right], &[edge], candidates)).collect()
}

fn record(candidate: &Candidate) -> Record {
    let name = candidate.name.and_then(Name::read);
    Record { name, evidence: Evidence::read(candidate), ..Record::default() }
}

/// The edges as people decided, and for each record those it is not.
fn decided(
    mut edges: Vec<Edge>,
    candidates: &[Candidate],
    decisions: &Decisions,
) -> (Vec<Edge>, BTreeMap<u32, Vec<u32>>) {
    let mut different: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let apart = decisions.indexes(candidates, Decision::Different);
    edges.retain(|edge| apart.binary_search(&(edge.left, edge.right)).is_err());
    for (one, other) in apart {
        different.entry(one).or_default().push(other);
        different.entry(other).or_default().push(one);
    }
    for (left, right) in decisions.indexes(candidates, Decision::Same) {
        let known = edges.binary_search_by_key(&(left, right), |edge| (edge.left, edge.right));
        let mut reasons = known.map_or(Reasons::default(), |at| edges[at].reasons);
        reasons.add(Reason::Decided);
        let edge = Edge::new(left, right, Verdict { score: 100, reasons });
        match known {
            Ok(at) => edges[at] = edge,
            Err(at) => edges.insert(at, edge),
        }
    }
    (edges, different)
}

fn group(members: Vec<u32>, edges: &[Edge], candidates: &[Candidate]) -> Group {
    let entered = |member: &u32| (candidates[*member as usize].entered_on.unwrap_or(i32::MAX), *member);
    let first = members.iter().min_by_key(|member| entered(member)).copied().unwrap_or_default();
    let mut best: BTreeMap<u32, u8> = BTreeMap::new();
    for (member, score) in edges.iter().flat_map(|edge| [(edge.left, edge.score), (edge.right, edge.score)]) {
        let known = best.entry(member).or_default();
        *known = score.max(*known);
    }
    let score = best.into_values().min().unwrap_or_default();
    let reasons = edges.iter().fold(Reasons::default(), |all, edge| all.and(edge.reasons)).list();
    let link =
        |edge: &Edge| Link { left: edge.left, right: edge.right, score: edge.score, reasons: edge.reasons.list() };
    Group { first, score, reasons, links: edges.iter().map(link).collect(), members }
}
