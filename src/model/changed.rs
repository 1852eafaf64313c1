//! Which records of a run are not as the run compared with had them, as rules need it: places and fields, no values.
//!
//! Apart because the comparison makes it and checks read it, and neither knows the other. It knows no columns.

use std::collections::BTreeMap;

use crate::text::Text;

/// What changed in one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedTable {
    /// The records that both runs have, by their place now, in order: of all others nothing is known.
    pub compared: Vec<u32>,
    /// (field, the records whose cell is not as it was, in order)
    pub fields: Vec<(String, Vec<u32>)>,
}

/// What changed in the tables of a run. Empty where nothing is remembered: in `hedui check`, and in a job's first run.
#[derive(Clone, Debug, Default)]
pub struct ChangedRecords {
    tables: BTreeMap<String, Result<ChangedTable, Text>>,
}

impl ChangedRecords {
    /// Adds a table, or why nothing is known of it although something was kept.
    pub fn insert(&mut self, table: &str, changed: Result<ChangedTable, Text>) {
        self.tables.insert(table.to_owned(), changed);
    }

    /// What changed in a table; nothing where there is nothing to compare with.
    pub fn of(&self, table: &str) -> Option<Result<&ChangedTable, &Text>> {
        self.tables.get(table).map(Result::as_ref)
    }
}
