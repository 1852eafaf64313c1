//! A finding: one failing unit of a rule, with its place, its owner and its clause.
//!
//! Apart because check, history and reports hand it on. Its texts are borrowed from the columns that hold them, so
//! that a million findings cost little more than their places.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Dimension, Secrecy, Severity, Status};

/// The identity of a finding over time: a hash of rule, table, record and field, never of row number, value or text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u128);

/// One failing unit.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    /// The rule that failed.
    pub rule_id: &'a str,
    /// The canonical name of the table.
    pub table: &'a str,
    /// The record's folded key; empty where it has none.
    pub record_key: &'a str,
    /// The canonical name of the field; empty where the rule is about the whole record.
    pub field: &'a str,
    /// The value as typed.
    pub value: &'a str,
    /// The file that holds the record (a query's source for databases).
    pub file: &'a str,
    /// The sheet; empty for files without.
    pub sheet: &'a str,
    /// The spreadsheet row: with a header on row 1 the first data row is 2.
    pub row: u32,
    /// The column letters; empty where no column is concerned.
    pub column: &'a str,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's dimension.
    pub dimension: Dimension,
    /// The department that it goes to, under the name that the data gives; empty where none was found.
    pub department: &'a str,
    /// The record's owner; empty where none was found.
    pub owner: &'a str,
    /// What is wrong, for people.
    pub message: Cow<'a, str>,
    /// Where it stands in its life.
    pub status: Status,
    /// The as-of date of the first run that saw it.
    pub first_seen: NaiveDate,
    /// Clause ids joined by a blank.
    pub clause: &'a str,
    /// What tells it from others over time.
    pub fingerprint: Fingerprint,
    /// The configured source that its record came from.
    pub source: &'a str,
    /// The customer's name, for people; empty where unknown.
    pub customer: &'a str,
    /// How confidential its record is: that of the record's customer.
    pub secrecy: Secrecy,
}

impl Finding<'_> {
    /// The columns of the export, in order: a contract with scripts (interface, "A finding, as exported").
    pub const COLUMNS: [&'static str; 17] = [
        "rule_id",
        "table",
        "record_key",
        "field",
        "value",
        "file",
        "sheet",
        "row",
        "column",
        "severity",
        "dimension",
        "department",
        "owner",
        "message",
        "status",
        "first_seen",
        "clause",
    ];

    /// The cells of the export but row and first-seen date, which are no texts: empty there.
    pub fn cells(&self) -> [&str; 17] {
        [
            self.rule_id,
            self.table,
            self.record_key,
            self.field,
            self.value,
            self.file,
            self.sheet,
            "",
            self.column,
            self.severity.as_str(),
            self.dimension.as_str(),
            self.department,
            self.owner,
            &self.message,
            self.status.as_str(),
            "",
            self.clause,
        ]
    }
}
