//! The words by which withheld records would be known: their keys, names, numbers and long texts, searched for all at
//! once.
//!
//! Apart because it is a search among texts. It knows no record, no reader and no document.

use std::borrow::Cow;
use std::collections::HashSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

/// Words beyond which none are searched for: every text is replaced instead.
const MOST: usize = 200_000;
/// Letters from which on a word is believed wherever it stands; a shorter one must not be part of a longer code.
const CERTAIN: usize = 8;
/// So many bytes of a word are searched for: a cell may hold a book. What follows on them is withheld with them.
const SEARCHED: usize = 900;

/// A search for the beginnings of many words at once, the longest of those that begin at one place.
///
/// # Errors
/// Where the words are too many for one search.
pub fn search(words: impl Iterator<Item = impl AsRef<str>>) -> Result<AhoCorasick, BuildError> {
    // The other kinds take time and memory by the square of a word that repeats one letter.
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(words.map(|word| beginning(word.as_ref()).to_owned()))
}

/// What is searched for of a word.
fn beginning(word: &str) -> &str {
    word.get(..word.floor_char_boundary(SEARCHED)).unwrap_or(word)
}

/// Whether a word of this length may go on behind what was searched for: letters have four bytes at most.
fn may_go_on(length: usize) -> bool {
    length + 3 >= SEARCHED
}

/// What must not be read.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Keys and names that stand alone in a cell.
    names: HashSet<String>,
    words: Words,
}

#[derive(Clone, Debug, Default)]
enum Words {
    #[default]
    None,
    Some {
        search: AhoCorasick,
        /// The words from this one on are longer texts that others may read and that hold such a word.
        allowed: usize,
    },
    TooMany,
}

impl Guard {
    /// A guard of keys and names, of words in texts, and of texts that others may read although words stand in them.
    pub fn new(names: HashSet<String>, words: Vec<String>, allowed: Vec<String>) -> Self {
        if words.len() + allowed.len() > MOST {
            return Self::of_too_many(names);
        }
        if words.is_empty() {
            return Self { names, words: Words::None };
        }
        let known = words.len();
        match search(words.into_iter().chain(allowed)) {
            Ok(search) => Self { names, words: Words::Some { search, allowed: known } },
            Err(_) => Self::of_too_many(names),
        }
    }

    /// A guard that lets no text of the data pass.
    pub fn of_too_many(names: HashSet<String>) -> Self {
        Self { names, words: Words::TooMany }
    }

    /// Whether nothing is withheld.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && matches!(self.words, Words::None)
    }

    /// Whether a text is searched word by word; else it is replaced whole.
    pub fn searches(&self) -> bool {
        !matches!(self.words, Words::TooMany)
    }

    /// Whether a key or a name is one of withheld records.
    pub fn names(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The text with a mark in place of every word of withheld records.
    pub fn replaced<'t>(&self, text: &'t str, mark: &str) -> Cow<'t, str> {
        let (search, allowed) = match &self.words {
            Words::None => return Cow::Borrowed(text),
            Words::TooMany if text.trim().is_empty() => return Cow::Borrowed(text),
            Words::TooMany => return Cow::Owned(mark.to_owned()),
            Words::Some { search, allowed } => (search, *allowed),
        };
        let mut replaced = String::new();
        let mut rest = 0;
        for found in search.find_iter(text) {
            if found.pattern().as_usize() >= allowed || is_part(text, found.start(), found.end()) {
                continue;
            }
            replaced.push_str(&text[rest..found.start()]);
            replaced.push_str(mark);
            rest = found.end();
            if may_go_on(found.len()) {
                return Cow::Owned(replaced);
            }
        }
        if rest == 0 && replaced.is_empty() {
            return Cow::Borrowed(text);
        }
        replaced.push_str(&text[rest..]);
        Cow::Owned(replaced)
    }
}

/// Whether a short word is only a piece of a longer code.
fn is_part(text: &str, start: usize, end: usize) -> bool {
    let ascii = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let word = &text[start..end];
    word.chars().count() < CERTAIN
        && ((ascii(word.chars().next()) && ascii(text[..start].chars().next_back()))
            || (ascii(word.chars().next_back()) && ascii(text[end..].chars().next())))
}
