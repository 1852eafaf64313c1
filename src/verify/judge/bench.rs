//! What returned rows are judged by: the round, the words, and what columns are called.
//!
//! Apart because every question about a row is asked of it. It judges nothing.

use chrono::NaiveDate;

use crate::verify::answer::OTHER;
use crate::verify::round::{Field, Round};
use crate::verify::words::{Synonyms, Words, plain};

/// What rows are judged by.
pub struct Bench<'a> {
    /// The company, which is part of every token.
    pub company: &'a str,
    /// The period of the round, its first and its last day.
    pub period: (&'a str, NaiveDate, NaiveDate),
    /// Today.
    pub as_of: NaiveDate,
    /// What was issued.
    pub round: &'a Round,
    /// The words in every language.
    pub words: &'a [Words],
    /// What people write instead.
    pub synonyms: &'a Synonyms,
    /// All fields of the customers, by name, with every header.
    pub fields: &'a [(Field, Vec<String>)],
    /// The field with the customer's name.
    pub name: &'a str,
}

impl Bench<'_> {
    /// What a field is called.
    pub(super) fn label(&self, field: &str) -> String {
        let known = self.fields.iter().find(|(known, _)| known.name == field);
        known.map_or_else(|| field.to_owned(), |(known, _)| known.label.clone())
    }

    /// The field of a header, a label or the word for everything else.
    pub(super) fn field_called(&self, name: &str) -> Option<String> {
        let said = plain(name);
        let is_called = |field: &Field, headers: &[String]| {
            plain(&field.label) == said || headers.iter().any(|header| plain(header) == said)
        };
        match self.fields.iter().find(|(field, headers)| is_called(field, headers)) {
            Some((field, _)) => Some(field.name.clone()),
            None => self.is_word("other", &said).then(|| OTHER.to_owned()),
        }
    }

    /// Whether a text is the word of a key in one of the languages.
    pub(super) fn is_word(&self, key: &str, said: &str) -> bool {
        let said = plain(said);
        self.words.iter().any(|words| plain(words.get(key)) == said)
    }
}
