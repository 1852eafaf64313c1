//! Finding the header: which row names the columns, and which field each column feeds.
//!
//! Apart because every kind of source meets it, and because a wrong guess here would be wrong everywhere. It sees the
//! first rows as text and the dictionary, nothing else.

mod candidate;
mod vocabulary;

use candidate::{Candidate, MOST_ROWS, Names};
pub use vocabulary::normalise;
use vocabulary::{RANKS, Vocabulary};

use crate::dataset::raw::column_letters;
use crate::dictionary::{Dictionary, Table};
use crate::folding::fold;
use crate::text;
use crate::text::Text;

/// Header rows are looked for in so many rows from the top.
pub const HEAD_ROWS: usize = 30;

/// What a user said about the header of a source.
#[derive(Clone, Debug, Default)]
pub struct HeaderWish {
    /// The spreadsheet row; nothing: found out.
    pub row: Option<u32>,
    /// (field, header) where label and aliases do not do.
    pub columns: Vec<(String, String)>,
}

/// The header that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its first row, counted from 0.
    pub first: usize,
    /// Its last row, counted from 0: the same, or the last of a header of several rows.
    pub row: usize,
    /// (column counted from 0, field), in the order of columns.
    pub columns: Vec<(usize, String)>,
    /// The name of each column as people read it: 联系人-姓名 of a header of two rows.
    pub names: Vec<String>,
    /// Headers that feed no field.
    pub unknown: Vec<String>,
}

impl Header {
    /// A row that is taken for the header although it names no field.
    pub fn unnamed(head: &[Vec<String>], row: usize) -> Self {
        let cells = head.get(row).map(Vec::as_slice).unwrap_or_default();
        let names = cells.iter().map(|cell| fold(cell).into_owned()).collect();
        Self { first: row, row, columns: Vec::new(), names, unknown: Vec::new() }
    }

    /// What the rows of the header say above each column, folded: a header that is repeated further down says it again.
    pub fn cells(&self, head: &[Vec<String>]) -> Vec<Vec<String>> {
        let rows = head.get(self.first..=self.row).unwrap_or_default();
        let said =
            |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| fold(cell).into_owned());
        (0..self.names.len()).map(|column| said(column).filter(|cell| !cell.is_empty()).collect()).collect()
    }
}

/// Finds the header of a table in the first rows of a sheet.
///
/// # Errors
/// Where no row fits, or two columns claim one field; with both letters.
pub fn find(head: &[Vec<String>], table: &Table, wish: &HeaderWish) -> Result<Header, Text> {
    let vocabulary = Vocabulary::of(table, wish);
    let found = match wish.row {
        Some(row) => usize::try_from(row)
            .ok()
            .and_then(|row| row.checked_sub(1))
            .filter(|row| *row < head.len())
            .map(|row| around(head, row, &vocabulary)),
        None => best(head, table, &vocabulary).map(|(candidate, _)| candidate),
    };
    let label = &table.label;
    let name = &table.name;
    let Some(candidate) = found else {
        return Err(text!(
            "前 {HEAD_ROWS} 行中找不到“{label}”表的表头；请检查列名，或用 header_row 指定",
            "no header of table `{name}` in the first {HEAD_ROWS} rows; check the column names or set header_row"
        ));
    };
    let columns = assign(&candidate.names, table, &vocabulary)?;
    if columns.is_empty() {
        let shown = candidate.last + 1;
        return Err(text!("第 {shown} 行没有“{label}”表的任何列名", "row {shown} names no column of table `{name}`"));
    }
    let names: Vec<String> = candidate
        .names
        .iter()
        .map(|names| names.first().map(|name| fold(name).into_owned()).unwrap_or_default())
        .collect();
    let unknown = (names.iter().enumerate())
        .filter(|(index, name)| !name.is_empty() && !columns.iter().any(|(column, _)| column == index))
        .map(|(_, name)| name.clone())
        .collect();
    Ok(Header { first: candidate.first, row: candidate.last, columns, names, unknown })
}

/// The header that a user placed on a row, which may be one of several.
fn around(head: &[Vec<String>], row: usize, vocabulary: &Vocabulary) -> Candidate {
    let single = Candidate::single(head, row);
    let mut best = (single.matched(vocabulary), single);
    for count in 2..=usize::from(MOST_ROWS) {
        for joined in (row.saturating_sub(count - 1)..=row).filter_map(|first| Candidate::joined(head, first, count)) {
            let matched = joined.matched(vocabulary);
            if matched > best.0 && matched > most_of_parts(head, &joined, vocabulary) {
                best = (matched, joined);
            }
        }
    }
    best.1
}

/// How many fields the rows of a joined header name where fewer of them are taken together.
fn most_of_parts(head: &[Vec<String>], joined: &Candidate, vocabulary: &Vocabulary) -> usize {
    let rows = joined.last - joined.first + 1;
    let spans = (1..rows).flat_map(|count| (joined.first..=joined.last + 1 - count).map(move |first| (first, count)));
    let part = |(first, count)| match count {
        1 => Some(Candidate::single(head, first)),
        _ => Candidate::joined(head, first, count),
    };
    spans.filter_map(part).map(|part| part.matched(vocabulary)).max().unwrap_or(0)
}

/// Whether the header of a sheet fits a table better than any other table of the dictionary.
pub fn fits_best(head: &[Vec<String>], table: &Table, dictionary: &Dictionary, wish: &HeaderWish) -> bool {
    let share = |table: &Table, matched: usize| matched as f64 / table.fields.len().max(1) as f64;
    let own = best(head, table, &Vocabulary::of(table, wish)).map_or(0, |(_, matched)| matched);
    own >= 2
        && dictionary.tables.iter().filter(|other| other.name != table.name && !are_alike(other, table)).all(|other| {
            let theirs =
                best(head, other, &Vocabulary::of(other, &HeaderWish::default())).map_or(0, |(_, matched)| matched);
            theirs < own || (theirs == own && share(other, theirs) < share(table, own))
        })
}

/// Whether one table has the fields of the other: then the configuration alone says which of them a sheet is.
fn are_alike(left: &Table, right: &Table) -> bool {
    left.is_like(&right.name) || right.is_like(&left.name)
}

/// The row that names the most fields, the first of equals, and how many it names. Rows joined go before one where they
/// name more than any part of them.
fn best(head: &[Vec<String>], table: &Table, vocabulary: &Vocabulary) -> Option<(Candidate, usize)> {
    let mut best: Option<(Candidate, usize)> = None;
    for row in 0..head.len().min(HEAD_ROWS) {
        let single = Candidate::single(head, row);
        let filled = single.names.iter().filter(|names| !names.is_empty()).count();
        let matched = single.matched(vocabulary);
        let enough = matched >= 2 || (matched == 1 && filled == 1 && table.fields.len() == 1);
        if enough && best.as_ref().is_none_or(|(_, most)| matched > *most) {
            best = Some((single, matched));
        }
        for joined in (2..=usize::from(MOST_ROWS)).filter_map(|count| Candidate::joined(head, row, count)) {
            let matched = joined.matched(vocabulary);
            if matched >= 2
                && best.as_ref().is_none_or(|(_, most)| matched > *most)
                && matched > most_of_parts(head, &joined, vocabulary)
            {
                best = Some((joined, matched));
            }
        }
    }
    best
}

/// Gives every column at most one field and every field at most one column, the surest claims first.
fn assign(names: &[Names], table: &Table, vocabulary: &Vocabulary) -> Result<Vec<(usize, String)>, Text> {
    let mut columns: Vec<(usize, String)> = Vec::new();
    for rank in 0..MOST_ROWS * RANKS {
        let mut claimed: Vec<(usize, &str)> = Vec::new();
        for (index, names) in names.iter().enumerate() {
            if columns.iter().any(|(column, _)| *column == index) {
                continue;
            }
            let field = vocabulary
                .claims(names)
                .into_iter()
                .find(|(claim, field)| *claim == rank && !columns.iter().any(|(_, taken)| taken == field));
            if let Some((_, field)) = field {
                claimed.push((index, field));
            }
        }
        for (position, (index, field)) in claimed.iter().enumerate() {
            if let Some((earlier, _)) = claimed[..position].iter().find(|(_, taken)| taken == field) {
                let (left, right) = (column_letters(*earlier), column_letters(*index));
                let label = table.field(field).map_or(*field, |field| field.label.as_str());
                return Err(text!(
                    "{left} 列和 {right} 列都是“{label}”；请改名其中一列，或在 columns 中指定",
                    "columns {left} and {right} are both `{label}`; rename one, or name it under columns"
                ));
            }
            columns.push((*index, (*field).to_owned()));
        }
    }
    columns.sort_unstable();
    Ok(columns)
}

#[cfg(test)]
mod tests;
