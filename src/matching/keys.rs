//! Sorted keys: which records share a value, without a map for each value.
//!
//! Apart because blocks, crowds and flags all group a million records by something. It knows no records.

use std::ops::Range;

use rayon::prelude::*;

/// Keys with the record each belongs to, sorted.
pub(super) struct Keys(Vec<(u64, u32)>);

impl Keys {
    /// Sorts keys; those that are 0 stand for none and go.
    pub(super) fn sorted(mut keys: Vec<(u64, u32)>) -> Self {
        keys.retain(|(key, _)| *key != 0);
        keys.par_sort_unstable();
        keys.dedup();
        Self(keys)
    }

    /// The key of each of `count` records.
    pub(super) fn of(count: usize, key: impl Fn(usize) -> u64 + Sync) -> Self {
        let keys = (0..count).into_par_iter().map(|index| (key(index), number(index))).collect();
        Self::sorted(keys)
    }

    /// The ranges of equal keys that have at least `least` records.
    pub(super) fn ranges(&self, least: usize) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut start = 0;
        for group in self.0.chunk_by(|left, right| left.0 == right.0) {
            if group.len() >= least {
                ranges.push(start..start + group.len());
            }
            start += group.len();
        }
        ranges
    }

    /// The records of a range.
    pub(super) fn records(&self, range: &Range<usize>) -> Vec<u32> {
        self.0[range.clone()].iter().map(|(_, record)| *record).collect()
    }
}

/// An index as the number of a record. More than four thousand million records do not fit.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Which hashes were seen at least twice, roughly: never no where it would be yes.
///
/// Deletion signatures are many and mostly alone; this keeps the lonely ones out of memory.
pub(super) struct Twice {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl Twice {
    /// Room for this many hashes.
    pub(super) fn with_room(hashes: usize) -> Self {
        let words = (hashes / 4).next_power_of_two().max(1024);
        Self { once: vec![0; words], twice: vec![0; words] }
    }

    /// Takes note of a hash.
    pub(super) fn see(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        self.twice[word] |= self.once[word] & bit;
        self.once[word] |= bit;
    }

    /// Whether it was seen twice.
    pub(super) fn has(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.twice[word] & bit != 0
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let word = (hash >> 8) as usize & (self.once.len() - 1);
        (word, 1 << (hash & 63))
    }
}
