//! What reading one sheet, file or query gave: rows read = rows checked + rows skipped, each skip with its reason.
//!
//! Apart because reports, `run.json` and `--load-notes` print it as it is. It knows no format.

use serde::{Deserialize, Serialize};

/// A row that was read and is not checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRow {
    /// The spreadsheet row.
    pub row: u32,
    /// Why: blank, total, note, repeated_header …
    pub reason: String,
}

/// The load note of one sheet, file or query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceNote {
    /// The table that it feeds.
    pub table: String,
    /// The file, or a database's name without secrets.
    pub file: String,
    /// The sheet; empty for files without.
    pub sheet: String,
    /// The encoding of a text file; empty otherwise.
    pub encoding: String,
    /// The spreadsheet row of the header; 0 where none was found.
    pub header_row: u32,
    /// Rows below the header.
    pub rows_read: u64,
    /// Rows that rules saw.
    pub rows_checked: u64,
    /// Rows that rules did not see.
    pub rows_skipped: u64,
    /// Each of them, with its reason.
    pub skipped: Vec<SkippedRow>,
    /// Headers that no field of the table claims.
    pub unknown_columns: Vec<String>,
    /// Fields (canonical names) of the table without a column here, optional ones left out.
    pub missing_columns: Vec<String>,
    /// Why it could not be read; nothing where it could.
    pub error: Option<String>,
    /// What else a reader should know: ignored sheets, cells beyond the header.
    pub remarks: Vec<String>,
    /// The configured source: what the user wrote as path or url.
    #[serde(skip)]
    pub source: String,
}
