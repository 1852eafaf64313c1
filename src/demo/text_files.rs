//! Writes the company as CSV files: one a table in UTF-8, or a single one in GB18030 as an old system exports it.
//!
//! Apart from the workbooks because it has no sheets, titles or cell types. It does not know what the columns mean.

use std::fs::File;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;

use super::DemoError;
use super::tables::{Cell, Sink, Table};

/// How a CSV file is encoded, and its lines ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// UTF-8 without a mark, LF.
    Utf8,
    /// GB18030, CRLF.
    Gb18030,
}

/// One CSV file.
pub(super) struct TextFile {
    path: PathBuf,
    writer: csv::Writer<File>,
    dialect: Dialect,
    field: String,
}

impl TextFile {
    /// Makes the file, with a header of labels.
    pub(super) fn create(path: PathBuf, table: Table, dialect: Dialect) -> Result<Self, DemoError> {
        let file = File::create(&path).map_err(|source| DemoError::File { path: path.clone(), source })?;
        let end = if dialect == Dialect::Gb18030 { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let writer = csv::WriterBuilder::new().terminator(end).buffer_capacity(1 << 17).from_writer(file);
        let mut file = Self { path, writer, dialect, field: String::new() };
        let header: Vec<Cell> = table.columns().iter().map(|(_, label)| Cell::from(*label)).collect();
        file.row(&header)?;
        Ok(file)
    }

    /// Writes one row.
    pub(super) fn row(&mut self, row: &[Cell]) -> Result<(), DemoError> {
        self.fields(row).map_err(|source| DemoError::Csv { path: self.path.clone(), source })
    }

    fn fields(&mut self, row: &[Cell]) -> csv::Result<()> {
        for cell in row {
            if let (Cell::Text(text), Dialect::Utf8) = (cell, self.dialect) {
                self.writer.write_field(text.as_bytes())?;
                continue;
            }
            self.field.clear();
            cell.write_text(&mut self.field);
            match self.dialect {
                Dialect::Utf8 => self.writer.write_field(&self.field)?,
                // No byte of a character of several bytes is a comma, a quote or a line end, so quoting stays right.
                Dialect::Gb18030 => self.writer.write_field(GB18030.encode(&self.field).0)?,
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }

    /// Writes what is still held back.
    pub(super) fn finish(mut self) -> Result<(), DemoError> {
        self.writer.flush().map_err(|source| DemoError::File { path: self.path, source })
    }
}

/// A CSV file a table.
pub(super) struct TextFiles(Vec<TextFile>);

impl TextFiles {
    pub(super) fn create(data: &Path) -> Result<Self, DemoError> {
        let file = |table: Table| TextFile::create(data.join(format!("{}.csv", table.name())), table, Dialect::Utf8);
        Table::ALL.into_iter().map(file).collect::<Result<_, _>>().map(Self)
    }
}

impl Sink for TextFiles {
    fn row(&mut self, table: Table, row: &[Cell]) -> Result<(), DemoError> {
        self.0[table as usize].row(row)
    }

    fn finish(self) -> Result<(), DemoError> {
        self.0.into_iter().try_for_each(TextFile::finish)
    }
}
