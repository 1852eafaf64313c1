//! What became of the records of a table between two readings of it: added, removed, changed cell by cell.
//!
//! Apart from history, which keeps readings, and from the diff, which compares findings: this compares data, by key and
//! column by column, so that a million records cost seconds and one column of memory at a time. What cannot be told is
//! counted and said, never guessed: records without a key, keys that several records share, columns that one of the
//! readings lacks. It knows no store, no file format and no reader.

mod cells;
mod keys;
mod remarks;
#[cfg(test)]
mod tests;

use polars::prelude::{PolarsResult, StringChunked};

use crate::dataset::{Column, Dataset, Part};
use crate::dictionary::{Dictionary, Table};
use crate::model::ChangedTable;

/// A cell that changed: field, old, new.
pub type ChangedCell<'c> = (&'c str, &'c str, &'c str);

/// The records of a table, as one reading had them.
pub trait Records: Sync {
    /// How many there are.
    fn height(&self) -> usize;

    /// The sheets, files and queries that they come from, in the order of the records.
    fn parts(&self) -> &[Part];

    /// The cells of a field as typed; nothing where no part has a column for it.
    ///
    /// # Errors
    /// Where they are kept in a file that is gone or damaged.
    fn column(&self, field: &str) -> PolarsResult<Option<StringChunked>>;
}

impl Records for Dataset {
    fn height(&self) -> usize {
        self.height
    }

    fn parts(&self) -> &[Part] {
        &self.parts
    }

    fn column(&self, field: &str) -> PolarsResult<Option<StringChunked>> {
        Ok(self.columns.get(field).map(Column::typed))
    }
}

/// The part of a reading that a record belongs to.
pub fn part_of(parts: &[Part], record: usize) -> Option<&Part> {
    let after = parts.partition_point(|part| part.first <= record);
    parts.get(after.checked_sub(1)?)
}

/// What is compared and how much of it is listed.
#[derive(Clone, Copy)]
pub struct Settings<'s> {
    /// The table.
    pub table: &'s Table,
    /// The dictionary: which keys count as missing.
    pub dictionary: &'s Dictionary,
    /// So many changed cells are listed with their values at most; all are counted.
    pub most_cells: usize,
    /// The key of the one record, or of the one customer, that is asked for; nothing: all.
    pub only: Option<&'s str>,
}

/// A record that both readings have, by its place in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its place in the earlier reading.
    pub before: u32,
    /// Its place in the later one.
    pub after: u32,
}

/// The difference between two readings of a table.
#[derive(Debug, Default)]
pub struct Difference {
    /// The records that both have, in the order of the later one.
    pub pairs: Vec<Pair>,
    /// Records of the later reading whose key is new, in their order.
    pub added: Vec<u32>,
    /// Records of the earlier reading whose key is gone, in their order.
    pub removed: Vec<u32>,
    /// The fields in which cells differ, in the order of the dictionary.
    pub fields: Vec<FieldChanges>,
    /// Records that cannot be told apart: in the earlier reading, and in the later one.
    pub untold: [Untold; 2],
    /// Columns that one of the readings lacks: nothing is said of their cells.
    pub columns: Vec<ColumnChange>,
    /// (field, the pairs whose cells were not compared because of that, by their place in [`Difference::pairs`], in order)
    pub uncompared: Vec<(String, Vec<u32>)>,
    /// Why nothing could be compared; nothing where something could.
    pub unavailable: Option<crate::text::Text>,
}

/// The cells of one field that are not as they were.
#[derive(Debug, Default)]
pub struct FieldChanges {
    /// The field.
    pub field: String,
    /// The pairs whose cells differ, by their place in [`Difference::pairs`], in order.
    pub pairs: Vec<u32>,
    /// (old, new) as typed, of the first of them: as many as may be listed.
    pub listed: Vec<(Box<str>, Box<str>)>,
    /// Of a field of days, the cells that moved by just as much as the date systems of 1900 and 1904 lie apart.
    pub epochs: u64,
}

/// Records of one reading that cannot be told from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// Records without a key.
    pub without_key: u64,
    /// Keys that several records share.
    pub shared_keys: u64,
    /// The records that share them.
    pub sharing: u64,
}

/// A column that one reading of a part has and the other lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChange {
    /// The field.
    pub field: String,
    /// The file of the later reading.
    pub file: String,
    /// Its sheet.
    pub sheet: String,
    /// Whether the later reading has it.
    pub is_new: bool,
    /// The records whose cells were not compared because of it.
    pub records: u64,
}

impl Difference {
    /// How many cells differ.
    pub fn changed_cells(&self) -> u64 {
        self.fields.iter().map(|field| field.pairs.len() as u64).sum()
    }

    /// Whether either reading has records that could be compared, or would be if their keys told them.
    pub fn has_records(&self) -> bool {
        let is_shared = self.untold.iter().any(|untold| untold.sharing > 0);
        is_shared || !(self.pairs.is_empty() && self.added.is_empty() && self.removed.is_empty())
    }

    /// How many records are not as they were: added, removed or changed.
    pub fn changed_records(&self) -> u64 {
        let mut pairs: Vec<u32> = self.fields.iter().flat_map(|field| field.pairs.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        (pairs.len() + self.added.len() + self.removed.len()) as u64
    }

    /// What rules are given of it: places and fields.
    pub fn for_rules(&self) -> ChangedTable {
        let after = |pair: &u32| self.pairs.get(*pair as usize).map(|pair| pair.after);
        let records = |field: &String, pairs: &[u32]| (field.clone(), pairs.iter().filter_map(after).collect());
        ChangedTable {
            compared: self.pairs.iter().map(|pair| pair.after).collect(),
            fields: self.fields.iter().map(|field| records(&field.field, &field.pairs)).collect(),
            uncompared: self.uncompared.iter().map(|(field, pairs)| records(field, pairs)).collect(),
            asked: Default::default(),
        }
    }

    /// The pairs with a cell that is listed, each with its cells (field, old, new) in the order of the dictionary.
    pub fn changed(&self) -> Vec<(Pair, Vec<ChangedCell<'_>>)> {
        let mut cells: Vec<(u32, usize, usize)> = Vec::new();
        for (field, changes) in self.fields.iter().enumerate() {
            cells.extend(
                changes.pairs.iter().take(changes.listed.len()).enumerate().map(|(at, pair)| (*pair, field, at)),
            );
        }
        cells.sort_unstable();
        let mut changed: Vec<(Pair, Vec<ChangedCell<'_>>)> = Vec::new();
        let mut last = None;
        for (pair, field, at) in cells {
            let Some(known) = self.pairs.get(pair as usize) else { continue };
            let changes = &self.fields[field];
            let (old, new) = &changes.listed[at];
            if last != Some(pair) {
                changed.push((*known, Vec::new()));
                last = Some(pair);
            }
            if let Some((_, cells)) = changed.last_mut() {
                cells.push((changes.field.as_str(), &**old, &**new));
            }
        }
        changed
    }
}

/// Compares two readings of a table.
///
/// # Errors
/// Where one of them cannot be read.
pub fn compare(settings: &Settings, before: &dyn Records, after: &dyn Records) -> PolarsResult<Difference> {
    let (Some(earlier), Some(later)) = (keys::of(settings, before)?, keys::of(settings, after)?) else {
        let unavailable = Some(remarks::no_key(settings.table));
        return Ok(Difference { unavailable, ..Difference::default() });
    };
    let matched = keys::matched(&earlier, &later);
    let mut difference = Difference {
        pairs: matched.pairs,
        added: matched.added,
        removed: matched.removed,
        // Where one record is asked for, those without a key are no riddle: all others are among them.
        untold: match settings.only {
            Some(_) => matched.untold.map(|untold| Untold { without_key: 0, ..untold }),
            None => matched.untold,
        },
        ..Difference::default()
    };
    drop((earlier, later));
    cells::compare(settings, before, after, &mut difference)?;
    Ok(difference)
}
