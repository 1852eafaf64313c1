//! What people decided about pairs of customers, which no likeness overrules.
//!
//! Apart because decisions name customers by key and outlive any list of them. It knows no records.

use std::collections::BTreeMap;

use super::Candidate;
use super::keys::number;

/// What people decided about a pair.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// One customer.
    Same,
    /// Two customers.
    Different,
}

/// Decisions, the last about a pair counting.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    pairs: BTreeMap<(String, String), Decision>,
}

impl Decisions {
    /// Takes note of a decision about the customers with these keys.
    pub fn add(&mut self, one: &str, other: &str, decision: Decision) {
        let (low, high) = if one <= other { (one, other) } else { (other, one) };
        if low != high {
            self.pairs.insert((low.to_owned(), high.to_owned()), decision);
        }
    }

    /// The pairs of indexes decided so, the lower first; a key that several candidates have stands for each of them.
    pub(super) fn indexes(&self, candidates: &[Candidate], decision: Decision) -> Vec<(u32, u32)> {
        if self.pairs.is_empty() {
            return Vec::new();
        }
        let mut keys: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let decided: std::collections::BTreeSet<&str> =
            self.pairs.keys().flat_map(|(one, other)| [one.as_str(), other.as_str()]).collect();
        for (index, candidate) in candidates.iter().enumerate().filter(|(_, one)| decided.contains(one.key)) {
            keys.entry(candidate.key).or_default().push(number(index));
        }
        let mut indexes = Vec::new();
        for ((one, other), _) in self.pairs.iter().filter(|(_, decided)| **decided == decision) {
            let (Some(ones), Some(others)) = (keys.get(one.as_str()), keys.get(other.as_str())) else { continue };
            for one in ones {
                indexes.extend(others.iter().map(|other| (*one.min(other), *one.max(other))));
            }
        }
        indexes.sort_unstable();
        indexes.dedup();
        indexes
    }
}

impl<'a> FromIterator<(&'a str, &'a str, Decision)> for Decisions {
    fn from_iter<Pairs: IntoIterator<Item = (&'a str, &'a str, Decision)>>(pairs: Pairs) -> Self {
        let mut decisions = Self::default();
        for (one, other, decision) in pairs {
            decisions.add(one, other, decision);
        }
        decisions
    }
}
