//! A file that a source was read from: whether it was there, whose it is, and what it held, told by a hash.
//!
//! Apart because reading makes it, history keeps it and rules judge it. It knows no row.

use chrono::{DateTime, FixedOffset, NaiveDate};

/// What became of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileState {
    /// It was read.
    #[default]
    Read,
    /// It is not there.
    Missing,
    /// It is there and could not be read.
    Unread,
}

impl FileState {
    const WORDS: [(FileState, &'static str); 3] =
        [(FileState::Read, "read"), (FileState::Missing, "missing"), (FileState::Unread, "unread")];

    /// The word that the store keeps.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(state, _)| *state)
    }
}

/// One file of a configured source; or a pattern that no file matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// The file as reports show it.
    pub file: String,
    /// What the user wrote as path.
    pub source: String,
    /// The tables that it feeds.
    pub feeds: Vec<String>,
    /// The department that nearly all its records name; empty where it is not one department's.
    pub department: String,
    /// What became of it.
    pub state: FileState,
    /// When it was last written, in the company's time.
    pub modified_at: Option<DateTime<FixedOffset>>,
    /// The day that stands in its path: `inbox/2026-11-20/east.xlsx`.
    pub received_on: Option<NaiveDate>,
    /// The SHA-256 of its bytes; empty where there are none.
    pub sha256: String,
    /// The as-of day of the first run in a row that saw the same content; nothing where it is new.
    pub unchanged_since: Option<NaiveDate>,
    /// How many records it gave.
    pub records: u64,
}

impl SourceFile {
    /// The table of the dictionary that has a row a file, and is filled by the program.
    pub const TABLE: &'static str = "source_files";

    /// The day on which it was delivered: the one in its path, else that of its last writing.
    pub fn delivered_on(&self) -> Option<NaiveDate> {
        self.received_on.or_else(|| self.modified_at.map(|moment| moment.date_naive()))
    }
}
