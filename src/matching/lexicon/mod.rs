//! The words that names of firms are made of, read once from the text files beside this one.
//!
//! Apart from the readers of names because it is data: a place or a trade is added to a file, not to code. It knows
//! words and what they stand for, and no whole name.

pub(super) mod characters;
pub(super) mod english;
pub(super) mod place;
pub(super) mod regions;
pub(super) mod words;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use self::characters::Characters;
use self::english::English;
use self::regions::Regions;
use self::words::{LegalForms, Trades};
use super::hash::QuickBuild;

/// A map by words, as characters.
type Words<Value> = HashMap<Box<[char]>, Value, QuickBuild>;

/// All words.
pub(super) struct Lexicon {
    /// Characters: traditional, alike by sound, alike by look.
    pub(super) characters: Characters,
    /// Places.
    pub(super) regions: Regions,
    /// What a firm does.
    pub(super) trades: Trades,
    /// What a firm is in law.
    pub(super) legal_forms: LegalForms,
    /// The words of English names.
    pub(super) english: English,
    /// Domains where anybody has an address.
    pub(super) free_mail: HashSet<&'static str>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let regions = Regions::read(include_str!("regions.txt"));
    let trades = Trades::read(include_str!("industries.txt"));
    let english = English::read(include_str!("english.txt"), &regions, &trades);
    Lexicon {
        characters: Characters::read(),
        regions,
        trades,
        legal_forms: LegalForms::read(include_str!("legal_forms.txt")),
        english,
        free_mail: lines(include_str!("free_mail.txt")).flat_map(str::split_whitespace).collect(),
    }
});

/// The lexicon.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// The lines of a file that hold words.
fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn characters_of(word: &str) -> Box<[char]> {
    word.chars().collect()
}
