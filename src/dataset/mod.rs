//! TYPE: the cells of all sources of a table become one dataset of folded and typed columns, with their places.
//!
//! Apart because this is where a spreadsheet's text turns into something that rules may compute with, once for all
//! rules. It knows no rule.

pub mod amount;
mod column;
pub mod day_trouble;
pub mod epochs;
mod observation;
mod patched;
pub mod places;
pub mod raw;
pub mod typing;
mod values;

use std::collections::BTreeMap;

use polars::prelude::{BooleanChunked, NewChunkedArray, PolarsError, PolarsResult, StringChunked};
use rayon::prelude::*;

pub use column::Column;
use column::Piece;

use crate::dictionary::{Dictionary, Field, Table};
use crate::folding::fold;
use crate::model::Secrecy;
use raw::{RawTable, RowNumbers};

/// One table of the company: all its records, from all its sources.
#[derive(Debug)]
pub struct Dataset {
    /// The table, as the dictionary has it.
    pub table: Table,
    /// The sheets, files and queries, in the order of the rows.
    pub parts: Vec<Part>,
    /// The columns by field.
    pub columns: BTreeMap<String, Column>,
    /// The number of records.
    pub height: usize,
    /// Folded keys that are placeholders: missing, but shown as the key that was typed.
    placeholder_keys: BTreeMap<usize, String>,
    /// Whether all its sources were read.
    pub whole: bool,
    /// Why nothing may be concluded from it; nothing where something may.
    pub not_concluded: Option<String>,
    /// Whose rows are not believed, so that nothing may be concluded that rests on all of them; nothing where it may.
    pub half: Option<Half>,
}

/// A table of which some departments' rows are not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Half {
    /// Why.
    pub reason: String,
    /// The departments.
    pub departments: Vec<String>,
}

impl Half {
    /// Whether a department's rows are not believed.
    pub fn doubts(&self, department: &str) -> bool {
        self.departments.iter().any(|doubted| doubted == department)
    }
}

/// The records of one sheet, file or query within a dataset.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its first record.
    pub first: usize,
    /// How many records it has.
    pub height: usize,
    /// The configured source.
    pub source: String,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The spreadsheet rows.
    pub rows: RowNumbers,
    /// Field to column letters.
    pub letters: BTreeMap<String, String>,
}

impl Dataset {
    /// Joins, folds and types what the sources of a table gave.
    ///
    /// # Errors
    /// Where the columns cannot be joined, which is a bug.
    pub fn build(table: &Table, dictionary: &Dictionary, raw: Vec<RawTable>, whole: bool) -> PolarsResult<Self> {
        let mut parts = Vec::new();
        let mut height = 0;
        for piece in &raw {
            parts.push(Part {
                first: height,
                height: piece.height(),
                source: piece.note.source.clone(),
                file: piece.note.file.clone(),
                sheet: piece.note.sheet.clone(),
                rows: piece.rows.clone(),
                letters: piece.columns.iter().map(|column| (column.field.clone(), column.letters.clone())).collect(),
            });
            height += piece.height();
        }
        // Each column is handed over whole, so that its raw form goes as soon as it is folded.
        let columns = by_field(table, raw)
            .into_par_iter()
            .map(|(field, pieces)| {
                let column = Column::build(field, dictionary, pieces)?;
                if table.name == dictionary.customers.table && table.key.as_ref() == Some(&field.name) {
                    column.places(); // all other tables look their records up by it: made here, nobody waits for it
                }
                Ok((field.name.clone(), column))
            })
            .collect::<PolarsResult<BTreeMap<String, Column>>>()?;
        for (name, column) in &columns {
            if column.folded.len() != height {
                return Err(PolarsError::ShapeMismatch(format!("column {name} of {}", table.name).into()));
            }
        }
        let placeholder_keys =
            table.key.as_ref().and_then(|key| columns.get(key)).map(placeholders).unwrap_or_default();
        Ok(Self {
            placeholder_keys,
            table: table.clone(),
            parts,
            columns,
            height,
            whole,
            not_concluded: None,
            half: None,
        })
    }

    /// The part that a record belongs to.
    pub fn part(&self, record: usize) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.first <= record);
        self.parts.get(after.checked_sub(1)?)
    }

    /// A flag a record that stayed in its database and is only counted; nothing where all came.
    pub fn stayed(&self) -> Option<BooleanChunked> {
        let is_nowhere =
            |part: &Part| matches!(&part.rows, RowNumbers::Listed(rows) if rows.contains(&RowNumbers::NOWHERE));
        if !self.parts.iter().any(is_nowhere) {
            return None;
        }
        let mut stayed = vec![false; self.height];
        for part in self.parts.iter().filter(|part| is_nowhere(part)) {
            let flags = stayed.iter_mut().skip(part.first).take(part.height).enumerate();
            flags.for_each(|(index, flag)| *flag = part.rows.get(index) == RowNumbers::NOWHERE);
        }
        Some(BooleanChunked::from_slice("stayed".into(), &stayed))
    }

    /// The folded values of a field; nothing where there is no such column.
    pub fn folded(&self, field: &str) -> Option<&StringChunked> {
        self.columns.get(field).map(|column| &column.folded)
    }

    /// The folded value of a record; empty where it is missing.
    pub fn folded_at(&self, field: &str, record: usize) -> &str {
        self.folded(field).and_then(|values| values.get(record)).unwrap_or_default()
    }

    /// The value of a record as typed; empty where the cell is.
    pub fn typed_at(&self, field: &str, record: usize) -> &str {
        self.columns.get(field).and_then(|column| column.typed_at(record)).unwrap_or_default()
    }

    /// The folded text of the record's key, also where it is a placeholder and so counts as missing.
    pub fn key_at(&self, record: usize) -> &str {
        let Some(key) = self.table.key.as_deref() else { return "" };
        match self.folded_at(key, record) {
            "" => self.placeholder_keys.get(&record).map_or("", String::as_str),
            folded => folded,
        }
    }

    /// How confidential a record is by the field that says so; 内部 where there is none.
    pub fn secrecy_at(&self, field: Option<&str>, record: usize) -> Secrecy {
        field.map_or(Secrecy::default(), |field| Secrecy::of_cell(self.folded_at(field, record)))
    }

    /// Whether every part has a column for a field.
    pub fn has_everywhere(&self, field: &str) -> bool {
        self.parts.iter().all(|part| part.letters.contains_key(field))
    }
}

/// The pieces of every field that some source has a column for.
fn by_field(table: &Table, mut raw: Vec<RawTable>) -> Vec<(&Field, Vec<Piece>)> {
    let heights: Vec<usize> = raw.iter().map(RawTable::height).collect();
    let mut pieces_of = |field: &Field| -> Vec<Piece> {
        raw.iter_mut()
            .zip(&heights)
            .map(|(piece, height)| {
                let position = piece.columns.iter().position(|column| column.field == field.name);
                Piece { height: *height, column: position.map(|position| piece.columns.swap_remove(position)) }
            })
            .collect()
    };
    table
        .fields
        .iter()
        .map(|field| (field, pieces_of(field)))
        .filter(|(_, pieces)| pieces.iter().any(|piece| piece.column.is_some()))
        .collect()
}

/// The folded texts of cells that are filled and yet missing.
fn placeholders(column: &Column) -> BTreeMap<usize, String> {
    column.placeholders().map(|(record, typed)| (record, fold(typed).into_owned())).collect()
}
