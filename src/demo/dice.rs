//! Repeatable chance. Every customer has generators of its own, told apart by what they are for, so that a change in
//! one part of a customer leaves the other parts, and all other customers, as they were.
//!
//! Apart from its users because the bytes of a demo must not depend on the helper functions of a random-number crate,
//! which change between its versions: here only the ChaCha8 words are taken from outside.
//! It knows nothing of customers.

use chrono::{Days, NaiveDate};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a generator is used for.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Staff = 1,
    Identity,
    Card,
    Contacts,
    Contracts,
    Visits,
    Changes,
    Faults,
    Mess,
    Typing,
    Week,
    Plan,
    Update,
    Business,
}

/// A generator of one customer (or employee) for one purpose.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The generator of `index` for `stream` in the company with this seed.
    pub(super) fn new(seed: u64, index: u64, stream: Stream) -> Self {
        Self::variant(seed, index, stream, 0)
    }

    /// As [`Dice::new`], one of several for the same purpose.
    pub(super) fn variant(seed: u64, index: u64, stream: Stream, variant: u64) -> Self {
        let mut key = [0u8; 32];
        let words = [seed, index, stream as u64, variant];
        for (place, word) in key.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `n`; 0 where `n` is 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.0.next_u32()) * n as u64) >> 32) as usize
    }

    /// A number from `low` to `high`, both included; `low` where the range is empty.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True in so many of a thousand cases.
    pub(super) fn permille(&mut self, share: usize) -> bool {
        self.below(1000) < share
    }

    /// One of a list, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// The position of one of the weights, each as likely as its weight says.
    pub(super) fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut point = self.below(weights.iter().sum());
        for (position, weight) in weights.iter().enumerate() {
            if point < *weight {
                return position;
            }
            point -= weight;
        }
        0
    }

    /// A day from `first` to `last`, both included; `first` where the range is empty.
    pub(super) fn day(&mut self, first: NaiveDate, last: NaiveDate) -> NaiveDate {
        later(first, self.between(0, (last - first).num_days()))
    }

    /// So many decimal digits, the first one not 0.
    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|at| if at == 0 { b'1' + self.below(9) as u8 } else { b'0' + self.below(10) as u8 })
            .map(char::from)
            .collect()
    }
}

/// The day so many days later, or earlier where negative.
pub(super) fn later(day: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        day.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        day.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(day)
}

/// Scatters an index over 24 bits, one to one: different indexes below 2^24 give different results, so what is
/// spelled from them (names, codes) is unique without remembering any.
pub(super) fn scatter(index: u64, seed: u64, purpose: u64) -> usize {
    const MASK: u64 = (1 << 24) - 1;
    let mut x = (index + seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(purpose as u32 * 8 + 5)) & MASK;
    for (shift, odd) in [(11, 0x00D3_5A2D), (13, 0x0072_9E4B), (9, 0x00A5_1CF3)] {
        x ^= x >> shift;
        x = (x * odd + purpose) & MASK;
    }
    (x ^ (x >> 12)) as usize
}
