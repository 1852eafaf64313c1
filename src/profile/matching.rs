//! Which table a sheet holds, which row is its header, how surely each column feeds a field, and what it might feed.
//!
//! Apart because it looks at headers and the dictionary alone. Whether a column feeds a field, `source::header` decides,
//! as in a run; here it is told how it came to that, and what is near where it did not.

use serde::Serialize;

use super::content::Content;
use crate::dataset::raw::column_letters;
use crate::dictionary::{Dictionary, Field, FieldType, Table};
use crate::folding::fold;
use crate::source::header::{self, HEAD_ROWS, Header, HeaderWish, normalise};

/// A column that looks like what a field holds is that much nearer to it.
const LOOKS: f64 = 0.5;
/// Farther fields are no candidates.
const NEAR: f64 = 0.45;
/// At most so many candidates are told.
const CANDIDATES: usize = 3;

/// How a column came to its field, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// The user named it.
    Mapped,
    /// The header is the field's name or label to the letter.
    Label,
    /// The header is one of the field's aliases to the letter.
    Alias,
    /// The header is one of these once blanks, signs and brackets are left out.
    Folded,
    /// Only what the cells look like speaks for it: it feeds nothing unless the mapping is taken over.
    Content,
}

/// A field that an unmatched column might feed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The field.
    pub field: String,
    /// Its label.
    pub label: String,
    /// How near the header is, 0 to 1.
    pub header: f64,
    /// Whether the cells look like what the field holds.
    pub looks: bool,
}

/// The tables whose fields a sheet's header names, as a run would choose them: the best, or the one that was asked for.
pub fn table<'d>(head: &[Vec<String>], dictionary: &'d Dictionary) -> Option<&'d Table> {
    let wish = HeaderWish::default();
    dictionary.tables.iter().find(|table| header::fits_best(head, table, dictionary, &wish))
}

/// The table whose labels come nearest to any row's, where none fits.
pub fn nearest_table<'d>(head: &[Vec<String>], dictionary: &'d Dictionary) -> Option<&'d Table> {
    let row = head.get(guessed_row(head)?)?;
    let near = |table: &Table| -> f64 {
        let best = |cell: &String| table.fields.iter().map(|field| likeness(cell, field)).fold(0.0, f64::max);
        row.iter().filter(|cell| !cell.trim().is_empty()).map(best).filter(|near| *near >= NEAR).sum()
    };
    let nearness = dictionary.tables.iter().map(|table| (table, near(table)));
    nearness.filter(|(_, near)| *near > 0.0).max_by(|left, right| left.1.total_cmp(&right.1)).map(|(table, _)| table)
}

/// The header of a sheet that names no field, or too few: the row with most texts, the first of equals.
pub fn guessed_row(head: &[Vec<String>]) -> Option<usize> {
    let texts = |cells: &Vec<String>| {
        let mut words: Vec<String> = cells
            .iter()
            .map(|cell| normalise(cell))
            .filter(|cell| !cell.is_empty() && Content::of(cell).is_none())
            .collect();
        words.sort_unstable();
        words.dedup();
        words.len()
    };
    let rows = head.iter().take(HEAD_ROWS).map(texts).enumerate();
    rows.filter(|(_, texts)| *texts > 0).max_by_key(|(row, texts)| (*texts, usize::MAX - row)).map(|(row, _)| row)
}

/// How a header names a field; nothing where it does not.
pub fn sureness(cell: &str, field: &Field) -> Option<Sureness> {
    let folded = fold(cell);
    if [&field.name, &field.label, &field.label_en].into_iter().any(|name| *name == folded) {
        return Some(Sureness::Label);
    }
    if field.aliases.contains(&folded.into_owned()) {
        return Some(Sureness::Alias);
    }
    let (header, bare) = (normalise(cell), bare(cell));
    let named = names(field).any(|name| normalise(name) == header || normalise(name) == bare);
    named.then_some(Sureness::Folded)
}

/// How many fields of a table the cells of a row name.
pub fn named(cells: &[String], table: &Table) -> usize {
    let is_named = |field: &&Field| cells.iter().any(|cell| !cell.trim().is_empty() && sureness(cell, field).is_some());
    table.fields.iter().filter(is_named).count()
}

/// A table with a field for every column of a sheet, also for those that feed none, and the header that says so.
///
/// What feeds no field gets a text field named after its column, which no dictionary has.
pub fn with_all_columns(table: &Table, header: &Header, cells: &[String], width: usize) -> (Table, Header) {
    let (mut table, mut header) = (table.clone(), header.clone());
    for column in 0..width.max(cells.len()) {
        if header.columns.iter().any(|(fed, _)| *fed == column) {
            continue;
        }
        let label = cells.get(column).map(|cell| fold(cell).into_owned()).unwrap_or_default();
        let name = other_column(column);
        table.fields.push(other_field(&name, label));
        header.columns.push((column, name));
    }
    header.columns.sort_unstable();
    (table, header)
}

/// The name of the field of a column that feeds none: no name of a dictionary begins so.
fn other_column(column: usize) -> String {
    format!("={}", column_letters(column))
}

/// Whether a field stands for a column that feeds none.
pub fn is_other(field: &str) -> bool {
    field.starts_with('=')
}

fn other_field(name: &str, label: String) -> Field {
    Field { label_en: label.clone(), label, ..Field::reckoned(name, FieldType::Text) }
}

/// The fields that a column might feed, of those that none feeds: the nearest first.
pub fn candidates(cell: &str, looks: Option<Content>, table: &Table, fed: &[String]) -> Vec<Candidate> {
    let open = table.fields.iter().filter(|field| !fed.contains(&field.name) && !is_other(&field.name));
    let mut candidates: Vec<(f64, Candidate)> = open
        .map(|field| {
            let (near, suits) = (likeness(cell, field), looks.is_some_and(|content| content.suits(field)));
            let total = near + if suits { LOOKS } else { 0.0 };
            let header = (near * 100.0).round() / 100.0;
            (total, Candidate { field: field.name.clone(), label: field.label.clone(), header, looks: suits })
        })
        .filter(|(total, _)| *total >= NEAR)
        .collect();
    candidates.sort_by(|left, right| right.0.total_cmp(&left.0));
    candidates.truncate(CANDIDATES);
    candidates.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How near a header is to what a field is called, 0 to 1.
fn likeness(cell: &str, field: &Field) -> f64 {
    let (header, bare) = (normalise(cell), bare(cell));
    if header.is_empty() {
        return 0.0;
    }
    let near = |name: &str| {
        let name = normalise(name);
        let (short, long) = if name.len() < header.len() { (&name, &header) } else { (&header, &name) };
        let within = short.chars().count() >= 2 && long.contains(short.as_str());
        let within = if within { 0.5 + 0.5 * short.len() as f64 / long.len() as f64 } else { 0.0 };
        strsim::normalized_damerau_levenshtein(&name, &header)
            .max(strsim::normalized_damerau_levenshtein(&name, &bare))
            .max(within)
    };
    names(field).map(near).fold(0.0, f64::max)
}

fn names(field: &Field) -> impl Iterator<Item = &str> {
    [field.name.as_str(), &field.label, &field.label_en].into_iter().chain(field.aliases.iter().map(String::as_str))
}

/// A header without what stands in brackets behind it.
fn bare(cell: &str) -> String {
    let header = normalise(cell);
    header.split('(').next().unwrap_or_default().to_owned()
}
