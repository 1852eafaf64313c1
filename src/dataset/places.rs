//! Where each text of a column stands first: for whoever looks records up by their key.
//!
//! Apart because several rules, and every finding about a customer, ask it of the same column: it is made once, and is a
//! table of numbers that holds no text. It knows no field.

use std::hash::BuildHasher;

use polars::prelude::{PlRandomState, StringChunked};
use polars_arrow::array::Utf8ViewArray;

/// So many texts are hashed before the first of them is looked up: what has to come from memory then comes at once.
const AT_ONCE: usize = 256;

/// Where each text of a column stands first.
#[derive(Debug)]
pub struct Places {
    texts: Utf8ViewArray,
    hasher: PlRandomState,
    /// The upper half of a text's hash and the record behind its first one, by the lower half; 0 where there is none.
    slots: Vec<u64>,
    repeated: Vec<u32>,
}

impl Places {
    /// The places of a column's texts.
    pub fn of(column: &StringChunked) -> Self {
        let whole = column.rechunk();
        let texts = whole.downcast_iter().next().cloned().unwrap_or_else(|| Utf8ViewArray::from_slice_values([""; 0]));
        let room = (texts.len() * 2).next_power_of_two();
        let mut places =
            Self { texts: texts.clone(), hasher: PlRandomState::default(), slots: vec![0; room], repeated: Vec::new() };
        let mut some: Vec<(u64, u32)> = Vec::with_capacity(AT_ONCE);
        for (record, text) in (0_u32..).zip(texts.iter()) {
            let Some(text) = text else { continue };
            some.push((places.hasher.hash_one(text), record));
            if some.len() == AT_ONCE {
                some.drain(..).for_each(|(hash, record)| places.enter(hash, record));
            }
        }
        some.drain(..).for_each(|(hash, record)| places.enter(hash, record));
        places
    }

    fn enter(&mut self, hash: u64, record: u32) {
        let text = self.texts.get(record as usize).unwrap_or_default();
        match self.found(hash, text) {
            Ok(_) => self.repeated.push(record),
            Err(slot) => self.slots[slot] = hash & UPPER | u64::from(record + 1),
        }
    }

    /// The first record of a text; else the slot that is free for it.
    fn found(&self, hash: u64, text: &str) -> Result<u32, usize> {
        let last = self.slots.len() - 1;
        let mut slot = usize::try_from(hash & LOWER).unwrap_or(0) & last;
        loop {
            let entry = self.slots[slot];
            if entry == 0 {
                return Err(slot);
            }
            if entry & UPPER == hash & UPPER {
                let record = (entry & LOWER) as u32 - 1;
                if self.texts.get(record as usize) == Some(text) {
                    return Ok(record);
                }
            }
            slot = (slot + 1) & last;
        }
    }

    /// The first record that holds a text.
    pub fn first(&self, text: &str) -> Option<u32> {
        self.found(self.hasher.hash_one(text), text).ok()
    }

    /// The first record that holds what a record holds.
    pub fn first_like(&self, record: u32) -> Option<u32> {
        self.first(self.texts.get(record as usize)?)
    }

    /// The records that hold what one before them holds, in order.
    pub fn repeated(&self) -> &[u32] {
        &self.repeated
    }
}

const LOWER: u64 = 0xFFFF_FFFF;
const UPPER: u64 = !LOWER;

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;

    use super::*;

    proptest::proptest! {
        #[test]
        fn the_first_of_each_is_found(cells in proptest::collection::vec(proptest::option::of("[ab甲]{0,3}"), 0..600)) {
            let column = StringChunked::from_iter_options("c".into(), cells.iter().cloned());
            let places = Places::of(&column);
            let first = |text: &str| cells.iter().position(|cell| cell.as_deref() == Some(text));
            for text in cells.iter().flatten().map(String::as_str).chain(["乙", "", "aaaa"]) {
                proptest::prop_assert_eq!(places.first(text).map(|record| record as usize), first(text));
            }
            let repeated = (0..).zip(&cells).filter(|(record, cell)| cell.as_deref().is_some_and(|cell| first(cell) != Some(*record)));
            let repeated: Vec<u32> = repeated.map(|(record, _)| u32::try_from(record).expect("few")).collect();
            proptest::prop_assert_eq!(places.repeated(), repeated);
        }
    }
}
