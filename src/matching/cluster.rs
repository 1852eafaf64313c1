//! Puts pairs together into groups without joining what contradicts.
//!
//! Apart from the pairs because a chain of likely pairs may end at two customers that are certainly not one: the
//! strongest pairs are joined first, and two groups only where no member contradicts one of the other group.

use std::collections::BTreeMap;

use super::evidence::Codes;
use super::judge::{Record, Verdict};
use super::reason::Reasons;
use super::relation::{Cores, TradeRelation, relate};

/// A pair that is one customer by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Edge {
    /// The lower index.
    pub(super) left: u32,
    /// The higher index.
    pub(super) right: u32,
    /// 0 to 100.
    pub(super) score: u8,
    /// Why.
    pub(super) reasons: Reasons,
}

impl Edge {
    /// The pair with its verdict.
    pub(super) fn new(one: u32, other: u32, verdict: Verdict) -> Self {
        Self { left: one.min(other), right: one.max(other), score: verdict.score, reasons: verdict.reasons }
    }

    /// By the pair, the higher score first.
    pub(super) fn order(&self) -> (u32, u32, u8) {
        (self.left, self.right, u8::MAX - self.score)
    }
}

/// So many members of a group are asked whether they contradict one of another group.
const ASKED: usize = 24;
/// From this score on there is more than names: a name's place or trade contradicts no more.
const BEYOND_NAMES: u8 = 98;
/// Names that are the same score as much.
const SAME_NAME: u8 = 92;

/// Groups in the making.
struct Groups<'a> {
    records: &'a [Record],
    /// Ordered by their pair.
    edges: &'a [Edge],
    /// For each record, those that people decided to be others.
    different: &'a BTreeMap<u32, Vec<u32>>,
    parents: Vec<u32>,
    /// The members of each group of at least two, by its root.
    members: BTreeMap<u32, Vec<u32>>,
}

/// Joins edges, given ordered by their pair, into groups: each ordered, ordered by their lowest member.
pub(super) fn join(records: &[Record], edges: &[Edge], different: &BTreeMap<u32, Vec<u32>>) -> Vec<Vec<u32>> {
    let parents = (0..records.len()).map(super::keys::number).collect();
    let mut groups = Groups { records, edges, different, parents, members: BTreeMap::new() };
    let mut strongest: Vec<&Edge> = edges.iter().collect();
    strongest.sort_by_key(|edge| (u8::MAX - edge.score, edge.left, edge.right));
    for edge in strongest {
        groups.join(edge);
    }
    let mut joined: Vec<Vec<u32>> = groups.members.into_values().collect();
    joined.iter_mut().for_each(|members| members.sort_unstable());
    joined.sort_unstable();
    joined
}

impl Groups<'_> {
    fn root(&mut self, record: u32) -> u32 {
        let mut root = record;
        while self.parents[root as usize] != root {
            let above = self.parents[root as usize];
            self.parents[root as usize] = self.parents[above as usize];
            root = above;
        }
        root
    }

    fn join(&mut self, edge: &Edge) {
        let (left, right) = (self.root(edge.left), self.root(edge.right));
        if left == right {
            return;
        }
        let (ours, theirs) = (self.members_of(&left), self.members_of(&right));
        if self.decided_apart(ours, theirs) || self.contradict(ours, theirs, edge) {
            return;
        }
        // The larger group keeps its root, so that a member moves seldom.
        let (root, below) = if ours.len() < theirs.len() { (right, left) } else { (left, right) };
        self.parents[below as usize] = root;
        let mut moved = self.members.remove(&below).unwrap_or_else(|| vec![below]);
        self.members.entry(root).or_insert_with(|| vec![root]).append(&mut moved);
    }

    fn members_of<'b>(&'b self, root: &'b u32) -> &'b [u32] {
        self.members.get(root).map_or(std::slice::from_ref(root), Vec::as_slice)
    }

    fn decided_apart(&self, ours: &[u32], theirs: &[u32]) -> bool {
        let (few, many) = if ours.len() < theirs.len() { (ours, theirs) } else { (theirs, ours) };
        !self.different.is_empty()
            && few.iter().filter_map(|member| self.different.get(member)).flatten().any(|other| many.contains(other))
    }

    fn contradict(&self, ours: &[u32], theirs: &[u32], edge: &Edge) -> bool {
        let pairs = ours.iter().take(ASKED).flat_map(|one| theirs.iter().take(ASKED).map(move |other| (*one, *other)));
        pairs.into_iter().any(|(one, other)| {
            let excused = || self.excused(one, ours, other) || self.excused(other, theirs, one);
            self.apart(one, other, edge.score) && !(edge.score >= SAME_NAME && excused())
        })
    }

    fn apart(&self, one: u32, other: u32, score: u8) -> bool {
        let (left, right) = (one.min(other), one.max(other));
        let known = self.edges.binary_search_by_key(&(left, right), |edge| (edge.left, edge.right)).is_ok();
        !known && contradictory(&self.records[left as usize], &self.records[right as usize], score)
    }

    /// A firm whose code stands under two names goes by either: the other name may be the one that fits.
    fn excused(&self, member: u32, group: &[u32], other: u32) -> bool {
        let record = |index: u32| &self.records[index as usize];
        let codes = |one: u32, other: u32| record(one).evidence.codes(&record(other).evidence);
        let mut mates =
            group.iter().take(ASKED).filter(|mate| **mate != member && codes(**mate, member) == Codes::Same);
        codes(member, other) != Codes::Different && mates.any(|mate| !self.apart(*mate, other, 0))
    }
}

/// Whether two records that are no pair by themselves can stand in one group.
fn contradictory(left: &Record, right: &Record, score: u8) -> bool {
    let codes = left.evidence.codes(&right.evidence);
    if codes == Codes::Same {
        return false;
    }
    let Some((one, other)) = left.name.as_ref().zip(right.name.as_ref()) else { return codes == Codes::Different };
    let names = relate(one, other);
    if codes == Codes::Different && !(names.cores == Cores::Same && one.whole() == other.whole()) {
        return true;
    }
    let otherwise = names.places_contradict || !names.same_part;
    let trade = names.cores == Cores::Same && names.trades == TradeRelation::Different;
    score < BEYOND_NAMES && (otherwise || trade)
}
