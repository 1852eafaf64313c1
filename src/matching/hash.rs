//! Short hashes of texts: the keys of blocks and of the lexicon's maps.
//!
//! Apart because the standard hasher is seeded and slow here. The hashes are the same in every run; nobody chooses
//! the texts to make them collide, and every pair is compared by its texts before it counts.

use std::hash::{BuildHasher, Hasher};

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Builds [`Quick`] hashers for maps.
#[derive(Clone, Copy, Default)]
pub(super) struct QuickBuild;

impl BuildHasher for QuickBuild {
    type Hasher = Quick;

    fn build_hasher(&self) -> Quick {
        Quick(0)
    }
}

/// A multiplicative hasher.
pub(super) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let value = chunk.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
            self.write_u64(value);
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(FACTOR);
    }
}

/// The hash of two hashes, in order.
pub(super) fn mixed(left: u64, right: u64) -> u64 {
    let mixed = (left.rotate_left(23) ^ right).wrapping_mul(FACTOR);
    mixed ^ (mixed >> 32)
}

/// The hash of characters; never 0, which stands for none.
pub(super) fn of_characters(characters: impl IntoIterator<Item = char>) -> u64 {
    let mut hash = 0x51_7C_C1;
    for character in characters {
        hash = mixed(hash, u64::from(character));
    }
    hash | 1
}

/// The hash of a text; never 0, which stands for none.
pub(super) fn of_text(text: &str) -> u64 {
    of_characters(text.chars())
}
