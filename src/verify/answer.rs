//! What one returned row says, and how it ended: accepted, left aside with its reason, or in conflict with its reason.
//!
//! Apart from the judging because the round, the store and the settling speak of answers too. They are plain data.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use super::words::Answered;
use crate::text::Text;

/// The name of corrections that belong to no column of the list.
pub const OTHER: &str = "*";

/// Where a row stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The sheet; empty for a text file.
    pub sheet: String,
    /// The spreadsheet row.
    pub row: u32,
}

impl fmt::Display for Place {
    /// file/sheet/row
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [&self.file, &self.sheet].into_iter().filter(|part| !part.is_empty()) {
            write!(formatter, "{part}/")?;
        }
        write!(formatter, "{}", self.row)
    }
}

/// What one row says about one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The result.
    pub answered: Answered,
    /// By field: the new value.
    pub corrections: BTreeMap<String, String>,
    /// The day of the verification.
    pub checked_on: NaiveDate,
    /// How it was verified.
    pub method: String,
    /// Who verified.
    pub checked_by: String,
    /// What else was written.
    pub remark: String,
    /// The list that the row belongs to.
    pub batch: String,
    /// Where it stood.
    pub place: Place,
    /// When it was taken in.
    pub taken_in_on: NaiveDate,
}

impl Answer {
    /// What it says, without where it stood and when it was read: the same again is the same answer.
    pub fn content(&self) -> String {
        let corrections: Vec<String> =
            self.corrections.iter().map(|(field, value)| format!("{field}\u{1e}{value}")).collect();
        let parts = [
            self.answered.key(),
            &self.checked_on.to_string(),
            &corrections.join("\u{1d}"),
            &self.method,
            &self.checked_by,
            &self.remark,
        ];
        parts.join("\u{1f}")
    }
}

/// How a row ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It counts.
    Accepted,
    /// It does not, and why; nothing to worry about where it is only blank.
    Ignored(Text),
    /// It contradicts something, and what.
    Conflict(Text),
}

/// A row with its end.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The customer; empty where the row is nobody's.
    pub customer: String,
    /// Where it stands.
    pub place: Place,
    /// How it ended.
    pub fate: Fate,
    /// Whether nothing was filled in.
    pub is_blank: bool,
    /// What it says; nothing where it says nothing that counts.
    pub answer: Option<Answer>,
    /// What the reader should know of an accepted row.
    pub notes: Vec<Text>,
}
