//! The words at the end of a name: what the firm does and what it is in law.
//!
//! Apart from places because these words stand behind the core of a name and are looked for from its end.

use std::collections::HashMap;

use super::{Words, characters_of, lines};

/// A trade, as a number of its word.
pub(in crate::matching) type Trade = u16;

/// The longest word that is looked for.
const LONGEST: usize = 9;

/// What firms do.
pub(in crate::matching) struct Trades {
    /// The word's number; 0 stands for a word that tells little.
    words: Words<Trade>,
    /// The line of each word: words of one line are near one another.
    lines: Vec<u16>,
}

impl Trades {
    pub(super) fn read(file: &'static str) -> Self {
        let mut trades = Self { words: HashMap::default(), lines: vec![0] };
        for (number, line) in (1_u16..).zip(lines(file)) {
            let weak = line.starts_with('~');
            let words: Vec<&str> = line.split_whitespace().filter(|word| *word != "~").collect();
            for word in &words {
                let next = Trade::try_from(trades.lines.len()).unwrap_or(Trade::MAX);
                let known = trades.words.contains_key(&*characters_of(word));
                if !known && !(trades.is_compound(word, &words)) {
                    trades.words.insert(characters_of(word), if weak { 0 } else { next });
                    trades.lines.push(number);
                }
            }
        }
        trades
    }

    /// Whether a word is one of its line with another word behind it: 信息科技 is 信息 and 科技, read one by one.
    fn is_compound(&self, word: &str, line: &[&str]) -> bool {
        line.iter().any(|first| {
            let behind = word.strip_prefix(first).filter(|behind| behind.chars().count() > 1);
            behind.is_some_and(|behind| line.contains(&behind) || self.words.contains_key(&*characters_of(behind)))
        })
    }

    /// The longest word at the end: how many characters, and which.
    pub(in crate::matching) fn at_end(&self, characters: &[char]) -> Option<(usize, Trade)> {
        longest_at_end(&self.words, characters)
    }

    /// The number of a word.
    pub(in crate::matching) fn word(&self, word: &[char]) -> Option<Trade> {
        self.words.get(word).copied()
    }

    /// Whether two words are near one another.
    pub(in crate::matching) fn akin(&self, left: Trade, right: Trade) -> bool {
        left == right || self.lines.get(usize::from(left)) == self.lines.get(usize::from(right))
    }
}

/// What firms are in law.
pub(in crate::matching) struct LegalForms {
    words: Words<u8>,
}

impl LegalForms {
    pub(super) fn read(file: &'static str) -> Self {
        let mut words = Words::default();
        for (number, line) in (0_u8..).zip(lines(file)) {
            for word in line.split_whitespace().skip(1) {
                words.insert(characters_of(word), number);
            }
        }
        Self { words }
    }

    /// The longest form at the end: how many characters, and the number of its class.
    pub(in crate::matching) fn at_end(&self, characters: &[char]) -> Option<(usize, u8)> {
        longest_at_end(&self.words, characters)
    }
}

fn longest_at_end<Value: Copy>(words: &Words<Value>, characters: &[char]) -> Option<(usize, Value)> {
    let most = characters.len().min(LONGEST + 5);
    (1..=most).rev().find_map(|length| {
        let word = &characters[characters.len() - length..];
        words.get(word).map(|value| (length, *value))
    })
}
