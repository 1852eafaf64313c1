//! Which records of a run are not as the run compared with had them, as rules need it: places and fields, no values.
//!
//! Apart because the comparison makes it and checks read it, and neither knows the other. It knows no columns.

use std::collections::{BTreeMap, BTreeSet};

use crate::text::Text;

/// What changed in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedTable {
    /// The records that both runs have, by their place now, in order: of all others nothing is known.
    pub compared: Vec<u32>,
    /// (field, the records whose cell is not as it was, in order)
    pub fields: Vec<(String, Vec<u32>)>,
    /// (field, the compared records whose cell could not be: one of the runs had no such column, in order)
    pub uncompared: Vec<(String, Vec<u32>)>,
    /// Field of a mark to the records that an earlier run found without it after a change, in order.
    pub asked: BTreeMap<String, Vec<u32>>,
}

impl ChangedTable {
    /// Whether all cells of a record were compared.
    pub fn is_compared(&self, record: u32) -> bool {
        let has = |records: &Vec<u32>| records.binary_search(&record).is_ok();
        has(&self.compared) && !self.uncompared.iter().any(|(_, records)| has(records))
    }
}

/// Marks that earlier runs asked for, of records by table and field: their keys.
pub type AskedMarks = BTreeMap<(String, String), BTreeSet<String>>;

/// What changed in the tables of a run. Empty where nothing is remembered: in `hedui check`, and in a job's first run.
#[derive(Clone, Debug, Default)]
pub struct ChangedRecords {
    tables: BTreeMap<String, Result<ChangedTable, Text>>,
    /// Tables that there is nothing to compare with, and why: nothing went wrong.
    without: BTreeMap<String, Text>,
}

impl ChangedRecords {
    /// Adds a table, or why nothing is known of it although something was kept.
    pub fn insert(&mut self, table: &str, changed: Result<ChangedTable, Text>) {
        self.tables.insert(table.to_owned(), changed);
    }

    /// Adds a table that there is nothing to compare with, and why.
    pub fn insert_without(&mut self, table: &str, why: Text) {
        self.without.insert(table.to_owned(), why);
    }

    /// Why there is nothing to compare a table with; nothing where nothing is remembered at all.
    pub fn why_without(&self, table: &str) -> Option<&Text> {
        self.without.get(table)
    }

    /// What changed in a table; nothing where there is nothing to compare with.
    pub fn of(&self, table: &str) -> Option<Result<&ChangedTable, &Text>> {
        self.tables.get(table).map(Result::as_ref)
    }
}
