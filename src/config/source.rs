//! What a `[[source]]` says: where the rows of a table are, and how their cells are to be taken.
//!
//! Apart because sources have more keys than all else together. It knows no file and opens nothing.

use std::path::PathBuf;
use std::time::Duration;

use super::database::DatabaseConfig;
use super::secrets::Secret;
use crate::params::Placed;

/// One `[[source]]`.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// The table that it feeds.
    pub table: Placed<String>,
    /// Where the rows are.
    pub location: Location,
    /// Name or pattern of the sheets; nothing: those whose header fits the table.
    pub sheet: Option<String>,
    /// Headers for fields, where label and aliases do not do: (field, header).
    pub columns: Vec<(Placed<String>, String)>,
    /// The encoding of text files; nothing: found out.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// The spreadsheet row of the header; nothing: found out.
    pub header_row: Option<u32>,
    /// What is done to cells before they are folded.
    pub cells: CellsConfig,
    /// Who looks for the rows that may fail.
    pub evaluate: Evaluate,
    /// What the user wrote as path or url, free of secrets.
    pub label: String,
    /// What only matters for workbooks.
    pub workbook: WorkbookConfig,
}

impl SourceConfig {
    /// A source of which nothing is said but where it is and what it feeds; no place in a file.
    pub fn plain(table: &str, location: Location, label: &str) -> Self {
        Self {
            table: Placed { value: table.to_owned(), span: 0..0 },
            location,
            sheet: None,
            columns: Vec::new(),
            encoding: None,
            header_row: None,
            cells: CellsConfig::default(),
            evaluate: Evaluate::default(),
            label: label.to_owned(),
            workbook: WorkbookConfig::default(),
        }
    }
}

/// Who looks for the rows that may fail, where not all of them are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evaluate {
    /// The database, where the table is large.
    #[default]
    Auto,
    /// Nobody: all rows are read.
    Here,
    /// The database, however many rows there are.
    Database,
    /// Apache Spark, over files.
    Spark,
}

/// `[spark]`: how the company's Spark is asked.
#[derive(Clone, Debug)]
pub struct SparkConfig {
    /// Where it is installed: the folder with `bin/spark-sql`.
    pub home: PathBuf,
    /// The address of its master.
    pub master: String,
    /// A folder that this machine and all workers see by the same path: what is found comes back there.
    pub folder: PathBuf,
    /// A file of Spark's properties, such as secrets; nothing: those of the installation.
    pub properties: Option<PathBuf>,
    /// How long it may take.
    pub timeout: Duration,
}

/// What a source says about the files of workbooks that it reads.
#[derive(Clone, Debug, Default)]
pub struct WorkbookConfig {
    /// What becomes of hidden rows.
    pub hidden: Hidden,
    /// The password that opens its files; nothing: they have none.
    pub password: Option<Secret>,
    /// Whether only the newest of the files that match is read.
    pub newest: bool,
    /// What colours and lines through cells mean.
    pub marks: Option<Marks>,
}

/// What becomes of hidden rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hidden {
    /// They are data like others.
    #[default]
    Read,
    /// They are skipped, and counted as such.
    Skip,
}

/// `marks` of a source: what the look of a row's cells means, as a value of a field.
#[derive(Clone, Debug)]
pub struct Marks {
    /// The field that gets the value.
    pub field: Placed<String>,
    /// Fill colours, red green blue, and the value of each; the first that a row has counts.
    pub fill: Vec<(u32, String)>,
    /// The value where a cell of the row is struck through.
    pub strike: Option<String>,
}

/// What a `[[source]]` says of its cells; by default none is touched.
#[derive(Clone, Debug, Default)]
pub struct CellsConfig {
    /// Fields that get a value where the sheet has none.
    pub fill: Vec<(Placed<String>, Fill)>,
    /// Fields whose blanks stand for the cell above.
    pub fill_down: Vec<Placed<String>>,
    /// Date fields whose plain numbers are days as spreadsheets count them.
    pub serials: Vec<Placed<String>>,
    /// Fields that differ between the rows of one record; empty: every row is a record.
    pub further_rows: Vec<Placed<String>>,
    /// What stands between the cells of a text file; nothing: found out.
    pub separator: Option<char>,
}

impl CellsConfig {
    /// Whether a cell may be another than the source has it.
    pub fn touch_anything(&self) -> bool {
        !(self.fill.is_empty() && self.fill_down.is_empty() && self.serials.is_empty() && self.further_rows.is_empty())
    }
}

/// Where the value of a field comes from that the sheet does not have.
#[derive(Clone, Debug)]
pub struct Fill {
    /// What is taken.
    pub from: FillFrom,
    /// Cuts the value out: its one group; nothing: all of it.
    pub pattern: Option<regex::Regex>,
}

/// What a filled-in value is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillFrom {
    /// The name of the sheet.
    Sheet,
    /// The name of the file without its ending.
    File,
    /// The lines above the header.
    Title,
    /// A fixed value.
    Fixed(String),
}

/// Where the rows of a source are.
#[derive(Clone, Debug)]
pub enum Location {
    /// Files that match a pattern.
    Files(String),
    /// The rows of a query or a table.
    Database(DatabaseConfig),
}
