//! The words of names in Latin letters.
//!
//! Apart from the Chinese words because here a word is told by blanks, not by the longest that fits.

use std::collections::HashMap;

use super::place::Place;
use super::regions::Regions;
use super::words::{Trade, Trades};
use super::{characters_of, lines};

/// What a word is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::matching) enum Word {
    /// A legal form.
    Legal,
    /// A word that tells little.
    Weak,
    /// A word that makes a branch of the firm.
    Branch,
    /// A place.
    Place(Place),
    /// A trade.
    Trade(Trade),
}

/// The words.
pub(in crate::matching) struct English {
    words: HashMap<&'static str, Word>,
}

impl English {
    pub(super) fn read(file: &'static str, regions: &Regions, trades: &Trades) -> Self {
        let mut words = HashMap::new();
        for line in lines(file) {
            let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
            for entry in rest.split_whitespace() {
                let (word, chinese) = entry.split_once('=').unwrap_or((entry, ""));
                let meaning = match kind {
                    "legal" => Some(Word::Legal),
                    "weak" => Some(Word::Weak),
                    "branch" => Some(Word::Branch),
                    "place" => regions.named(&characters_of(chinese)).map(Word::Place),
                    _ => {
                        let chinese = rest.rsplit_once('=').map_or("", |(_, chinese)| chinese);
                        trades.word(&characters_of(chinese)).map(trade_or_weak)
                    }
                };
                if let Some(meaning) = meaning {
                    words.insert(word, meaning);
                }
            }
        }
        Self { words }
    }

    /// What a word in lower case is; none of these, and it belongs to the core of the name.
    pub(in crate::matching) fn word(&self, word: &str) -> Option<Word> {
        self.words.get(word).copied()
    }
}

fn trade_or_weak(trade: Trade) -> Word {
    if trade == 0 { Word::Weak } else { Word::Trade(trade) }
}
