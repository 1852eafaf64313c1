//! A name of a firm, taken apart: where, what it is called, what it does, what it is in law, which part of the firm.
//!
//! Apart from the comparison because each name is taken apart once and compared many times. It knows one name and no
//! other fields.

mod branch;
mod chinese;
mod ending;
mod english;
mod marks;
mod numbers;
#[cfg(test)]
mod tests;
mod tidy;

pub(super) use self::numbers::is_numeral;
pub(super) use self::tidy::{chinese_digit, tidy};

use super::hash;
use super::lexicon::place::Place;
use super::lexicon::regions::is_han;
use super::lexicon::words::Trade;

/// How many trades of a name count.
const MOST_TRADES: usize = 4;

/// A name, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// What tells the firm from others of its trade in its place (字号).
    pub(super) core: Box<[char]>,
    /// The core's hash.
    pub(super) core_hash: u64,
    /// Where, as far as the name says.
    pub(super) place: Place,
    /// What it does, in the order of the name, 0 behind the last.
    pub(super) trades: [Trade; MOST_TRADES],
    /// The hash of the words that tell little; 0 for none.
    pub(super) weak: u64,
    /// The classes of its legal forms, a bit each.
    pub(super) legal: u8,
    /// The hash of what makes it a branch; 0 where it is none.
    pub(super) branch: u64,
    /// The hash of its numbers (第一, 二分厂); 0 for none.
    pub(super) numbers: u64,
    /// The name without its legal form and brackets.
    pub(super) stem: Box<[char]>,
    /// A bit for each of the first 32 characters of the stem that is a word of the lexicon.
    pub(super) known: u32,
    /// Whether it may be a person's.
    pub(super) person: bool,
}

impl Name {
    /// Takes a folded name apart; nothing where it has no letters.
    pub(super) fn read(text: &str) -> Option<Self> {
        let han = text.chars().any(is_han);
        let mut name = if han { chinese::read(text) } else { english::read(text) };
        name.core_hash = hash::of_characters(name.core.iter().copied());
        (!name.core.is_empty()).then_some(name)
    }

    /// The trades it has.
    pub(super) fn trades(&self) -> &[Trade] {
        let count = self.trades.iter().position(|trade| *trade == 0).unwrap_or(MOST_TRADES);
        &self.trades[..count]
    }

    /// Whether it is in Latin letters.
    pub(super) fn is_latin(&self) -> bool {
        self.core.iter().all(char::is_ascii)
    }

    /// Whether nothing but a core was said.
    pub(super) fn is_bare(&self) -> bool {
        self.legal == 0 && self.trades[0] == 0 && self.place.is_unsaid()
    }

    /// The hash of all that tells it from other names, the legal form apart.
    pub(super) fn whole(&self) -> u64 {
        let place =
            (u64::from(self.place.province) << 16 | u64::from(self.place.city)) ^ u64::from(self.place.county) << 32;
        let trades = self.trades.iter().fold(0, |hash, trade| hash::mixed(hash, u64::from(*trade)));
        [place, trades, self.branch, self.numbers].into_iter().fold(self.core_hash, hash::mixed)
    }
}

/// Fills the fixed room for trades, in the order given.
fn room(trades: &[Trade]) -> [Trade; MOST_TRADES] {
    let mut room = [0; MOST_TRADES];
    for (place, trade) in room.iter_mut().zip(trades) {
        *place = *trade;
    }
    room
}
