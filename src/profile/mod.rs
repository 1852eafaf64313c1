//! PROFILE: what a source holds, told before any rule looks at it: columns → facts → suggestions.
//!
//! Apart because a company that begins with hedui has files and no configuration yet. Everything here is pure: typed
//! columns go in, facts come out, a mapping and rules are suggested from facts, each with its evidence. It opens nothing
//! and prints nothing, and no value leaves it unmasked that looks personal.

mod column;
mod content;
mod mapping;
pub mod matching;
mod merged;
mod shape;
pub mod suggest;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

pub use self::column::{Count, Facts, Likeness};
pub use self::content::Content;
pub use self::mapping::{Origin, mapping, quoted, without_columns};
use self::matching::{Candidate, Sureness};
pub use self::merged::merged;
pub use self::suggest::{Suggestion, rule_file};
use crate::dataset::Dataset;
use crate::dictionary::Table;
use crate::model::SourceNote;

/// What a sheet, file or query holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SheetProfile {
    /// The file or query.
    pub file: String,
    /// The sheet; empty for what has none.
    pub sheet: String,
    /// What holds the cells: workbook, text, parquet, query.
    pub holder: String,
    /// The encoding of a text file; empty otherwise.
    pub encoding: String,
    /// Why nothing more is said; nothing where it is.
    pub error: Option<String>,
    /// The table whose fields the header names; nothing where none fits.
    pub table: Option<String>,
    /// Its label.
    pub table_label: String,
    /// The spreadsheet row of the header.
    pub header_row: u32,
    /// Why that row.
    pub header_reason: String,
    /// Rows below the header.
    pub rows_read: u64,
    /// Rows that rules would see.
    pub rows_checked: u64,
    /// Rows that they would not, by reason.
    pub skipped: BTreeMap<String, Skipped>,
    /// What else a reader should know.
    pub remarks: Vec<String>,
    /// The columns from left to right.
    pub columns: Vec<ColumnProfile>,
    /// Fields of the table without a column, optional ones left out.
    pub missing_fields: Vec<String>,
    /// What the configuration would say.
    pub mapping: String,
    /// Rules that the data keep, or almost.
    pub rules: Vec<Suggestion>,
}

/// Rows skipped for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub rows: Vec<u32>,
}

/// One column.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnProfile {
    /// Its letters.
    pub column: String,
    /// Its header.
    pub header: String,
    /// The field that it feeds; nothing where none.
    pub field: Option<String>,
    /// How surely.
    pub sureness: Option<Sureness>,
    /// What it might feed.
    pub candidates: Vec<Candidate>,
    /// Whether the field tells records apart.
    pub is_key: bool,
    /// What its cells say.
    #[serde(flatten)]
    pub facts: Facts,
}

/// How many rows are shown of those skipped for one reason.
const SHOWN_ROWS: usize = 3;

/// The columns of a dataset, side by side. `table` is the dictionary's, `cells` are the headers by letters.
pub fn columns(dataset: &Dataset, table: &Table, cells: &BTreeMap<String, String>) -> Vec<ColumnProfile> {
    let letters: BTreeMap<&str, &str> = dataset
        .parts
        .first()
        .map(|part| part.letters.iter().map(|(field, letters)| (field.as_str(), letters.as_str())).collect())
        .unwrap_or_default();
    let fed: Vec<String> =
        letters.keys().filter(|field| !matching::is_other(field)).map(|field| (*field).to_owned()).collect();
    let fields: Vec<_> =
        dataset.table.fields.iter().filter(|field| letters.contains_key(field.name.as_str())).collect();
    let mut columns: Vec<ColumnProfile> = fields
        .par_iter()
        .filter_map(|field| {
            let facts = column::facts(dataset.columns.get(&field.name)?, field);
            let column = letters.get(field.name.as_str()).copied().unwrap_or_default().to_owned();
            let header = cells.get(&column).cloned().unwrap_or_default();
            if matching::is_other(&field.name) {
                if header.is_empty() && facts.filled == 0 {
                    return None; // beside the table
                }
                let looks = facts.likeness.map(|likeness| likeness.content);
                let candidates = matching::candidates(&header, looks, table, &fed);
                return Some(ColumnProfile {
                    column,
                    header,
                    field: None,
                    sureness: None,
                    candidates,
                    is_key: false,
                    facts,
                });
            }
            let sureness = Some(matching::sureness(&header, field).unwrap_or(Sureness::Mapped));
            let is_key = table.key.as_deref() == Some(field.name.as_str());
            Some(ColumnProfile {
                column,
                header,
                field: Some(field.name.clone()),
                sureness,
                candidates: Vec::new(),
                is_key,
                facts,
            })
        })
        .collect();
    columns.sort_by(|left, right| (left.column.len(), &left.column).cmp(&(right.column.len(), &right.column)));
    settle(&mut columns);
    columns
}

/// A column whose cells look like what one open field holds, and that no other column is as near to, feeds it for sure
/// enough to be written into the mapping.
fn settle(columns: &mut [ColumnProfile]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let claims: Vec<(usize, String)> = columns
        .iter()
        .enumerate()
        .filter_map(|(place, column)| {
            Some((place, column.candidates.first().filter(|first| first.looks)?.field.clone()))
        })
        .collect();
    for (place, field) in &claims {
        let rivals = claims.iter().filter(|(_, other)| other == field).count();
        if rivals == 1 && taken.insert(field.clone()) && !columns[*place].header.is_empty() {
            columns[*place].field = Some(field.clone());
            columns[*place].sureness = Some(Sureness::Content);
        }
    }
}

/// A number for each value of a field, for comparing tables; none where it has no such column.
pub fn hashes(dataset: &Dataset, field: &str) -> Vec<u64> {
    dataset.folded(field).map(|values| values.iter().flatten().map(column::hashed).collect()).unwrap_or_default()
}

/// The skipped rows of a load note by reason.
pub fn skipped(note: &SourceNote) -> BTreeMap<String, Skipped> {
    let mut skipped: BTreeMap<String, Skipped> = BTreeMap::new();
    for row in &note.skipped {
        let of_reason = skipped.entry(row.reason.clone()).or_default();
        of_reason.count += 1;
        if of_reason.rows.len() < SHOWN_ROWS {
            of_reason.rows.push(row.row);
        }
    }
    skipped
}
