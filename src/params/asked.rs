//! What readers asked for: the keys that files may have, taken down while they are read.
//!
//! Apart because only documentation and editors want it; reading goes on without. It knows no file.

use std::collections::BTreeMap;

/// The keys that readers asked for: what a file may say, for documentation and editors.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// By table (`rule`, `rule.step`) and kind of check (empty: of every kind), the keys with what they hold.
    pub tables: BTreeMap<(String, String), BTreeMap<String, Key>>,
}

/// One key that was asked for.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// What it holds.
    pub shape: Shape,
    /// Whether a file without it is refused.
    pub required: bool,
}

/// What a key holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A text, number or date, as its reader judges.
    #[default]
    Any,
    /// A text.
    Text,
    /// One of some words.
    Word(Vec<String>),
    /// true or false.
    Flag,
    /// A whole number from 0 up.
    Count,
    /// A number.
    Number,
    /// A list of texts.
    Texts,
    /// A list of dates.
    Dates,
    /// A table.
    Table,
    /// A list of tables.
    Tables,
    /// A text, or a table of it in both languages.
    Wording,
}

impl Asked {
    /// Takes down a key of a table (its path, the kind of check) with what it holds.
    pub(super) fn note(&mut self, table: (String, String), key: &str, shape: Shape, required: bool) {
        let table = self.tables.entry(table).or_default();
        let known = table.entry(key.to_owned()).or_insert_with(|| Key { shape: shape.clone(), required: false });
        known.required |= required;
        // A key that is asked for in two ways takes both: a wording is a text or a table.
        known.shape = match (&known.shape, shape) {
            (Shape::Text, Shape::Table) | (Shape::Table, Shape::Text) => Shape::Wording,
            (Shape::Any, other) => other,
            (known, _) => known.clone(),
        };
    }
}
