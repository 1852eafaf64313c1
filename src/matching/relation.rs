//! How two names compare, part by part.
//!
//! Apart from the judgement because here nothing is weighed: the parts are found the same, near or different. It knows
//! no other evidence.

use super::lexicon::lexicon;
use super::name::Name;
use super::slip::{Slip, is_likely, unmeant_slip};

/// How the cores compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cores {
    /// The same.
    Same,
    /// One slip apart. `likely`: a slip that hands make; `long`: there is enough left to know it by.
    Slip { likely: bool, long: bool },
    /// One character apart, and only two or so in all: mostly another firm.
    Short,
    /// One begins the other.
    Part,
    /// Different.
    Different,
}

/// How the trades compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TradeRelation {
    /// The same, or none on both sides.
    Same,
    /// All trades of one are trades of the other.
    Partial,
    /// One says no trade.
    Missing,
    /// Near one another.
    Akin,
    /// Different.
    Different,
}

/// How two names compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Relation {
    /// The cores.
    pub(super) cores: Cores,
    /// The trades.
    pub(super) trades: TradeRelation,
    /// Whether they say places that cannot both be true.
    pub(super) places_contradict: bool,
    /// How far the places agree: 0 nothing, 1 province, 2 city, 3 county.
    pub(super) agreement: u8,
    /// Whether one place is inside the other and has firms of its own name.
    pub(super) places_nest: bool,
    /// Whether one says a place and the other none.
    pub(super) place_omitted: bool,
    /// Whether they are the same part of a firm: branch and numbers.
    pub(super) same_part: bool,
    /// Whether both have words that tell little, and different ones.
    pub(super) weak_differs: bool,
    /// Whether only one has such words.
    pub(super) weak_omitted: bool,
    /// Whether the legal forms are of the same classes.
    pub(super) same_legal: bool,
}

/// Compares two names.
pub(super) fn relate(left: &Name, right: &Name) -> Relation {
    let weak = (left.weak, right.weak);
    let relation = Relation {
        cores: cores(left, right),
        trades: trades(left, right),
        places_contradict: left.place.contradicts(right.place),
        agreement: left.place.agreement(right.place),
        places_nest: left.place.nests(right.place),
        place_omitted: left.place.is_unsaid() != right.place.is_unsaid(),
        same_part: left.branch == right.branch && left.numbers == right.numbers,
        weak_differs: weak.0 != weak.1 && weak.0 != 0 && weak.1 != 0,
        weak_omitted: (weak.0 == 0) != (weak.1 == 0),
        same_legal: left.legal == right.legal,
    };
    if relation.cores == Cores::Same { relation } else { whole_slip(left, right, relation) }
}

/// A slip in a word of the lexicon makes one name seem to have another core: the whole names tell.
fn whole_slip(left: &Name, right: &Name, relation: Relation) -> Relation {
    let room = 5..=32;
    if !room.contains(&left.stem.len()) || !room.contains(&right.stem.len()) || left.is_latin() || right.is_latin() {
        return relation;
    }
    let Some(slip) = unmeant_slip(&left.stem, &right.stem) else { return relation };
    let breaks = match slip {
        Slip::Wrong(at) => known(left, at) != known(right, at),
        Slip::Swapped(at) => {
            let whole = |name: &Name| known(name, at) && known(name, at + 1);
            whole(left) != whole(right)
        }
        Slip::Added(at) => {
            let (short, long) = if left.stem.len() < right.stem.len() { (left, right) } else { (right, left) };
            known(long, at) || (at > 0 && known(short, at - 1) && known(short, at))
        }
    };
    if !breaks
        || left.branch != right.branch
        || relation.cores == Cores::Different && left.core.len() == right.core.len()
    {
        return relation;
    }
    let likely = is_likely(slip, &left.stem, &right.stem);
    Relation {
        cores: Cores::Slip { likely, long: true },
        trades: TradeRelation::Same,
        places_contradict: false,
        agreement: 1,
        places_nest: false,
        place_omitted: false,
        same_part: true,
        ..relation
    }
}

fn known(name: &Name, at: usize) -> bool {
    at < 32 && name.known & (1 << at) != 0
}

fn cores(left: &Name, right: &Name) -> Cores {
    if left.core_hash == right.core_hash {
        return Cores::Same;
    }
    let (short, long) = if left.core.len() <= right.core.len() { (left, right) } else { (right, left) };
    let latin = short.is_latin();
    let Some(slip) = unmeant_slip(&left.core, &right.core) else {
        let begins = short.core.len() >= if latin { 4 } else { 2 } && long.core.starts_with(&short.core);
        return if begins || initials(left, right) || initials(right, left) { Cores::Part } else { Cores::Different };
    };
    let likely = is_likely(slip, &left.core, &right.core);
    match (latin, short.core.len()) {
        (true, 0..4) => Cores::Different,
        (true, 4..6) => Cores::Short,
        // Invented names are a letter apart more often than they are mistyped: Lanlex is not Danlex.
        (true, 6..10) if !likely => Cores::Short,
        (true, length) => Cores::Slip { likely: likely || length > 9, long: length > 6 },
        // Three characters against two is another firm more often than a slip; 新华联 is not 华联.
        (false, 0..3) => Cores::Short,
        (false, length) => Cores::Slip { likely, long: length > 3 || long.core.len() > 4 },
    }
}

/// 中石化 for 中国石油化工: nothing but characters of the other name, in order, from its first on.
fn initials(short: &Name, long: &Name) -> bool {
    let plain = short.is_bare() && !short.is_latin() && (2..=5).contains(&short.core.len());
    if !plain || long.stem.len() < short.core.len() + 2 || long.stem.first() != short.core.first() {
        return false;
    }
    let mut rest = long.stem.iter();
    short.core.iter().all(|character| rest.any(|other| other == character))
}

fn trades(left: &Name, right: &Name) -> TradeRelation {
    let (left, right) = (left.trades(), right.trades());
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let within = short.iter().all(|trade| long.contains(trade));
    match (within, short.is_empty(), short.len() == long.len()) {
        (true, _, true) => TradeRelation::Same,
        (true, true, false) => TradeRelation::Missing,
        (true, false, false) => TradeRelation::Partial,
        _ => {
            let trades = &lexicon().trades;
            let akin = short.iter().all(|trade| long.iter().any(|other| trades.akin(*trade, *other)));
            if akin { TradeRelation::Akin } else { TradeRelation::Different }
        }
    }
}
