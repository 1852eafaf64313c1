//! The findings export: a contract with scripts (interface, "A finding, as exported").
//!
//! Apart because its columns and words never change with language or report. Findings are written one by one as they
//! are made; the file has mode 0600 and replaces an earlier one only when it is whole.

use std::fmt::Display;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::history::bulk::FindingColumns;
use crate::model::Finding;
use crate::text;
use crate::text::Text;

/// The places of the two columns that are no texts.
const ROW: usize = 7;
const FIRST_SEEN: usize = 15;

/// The forms of the export, by the ending of the file.
enum Form {
    Csv(BufWriter<NamedTempFile>),
    JsonLines(BufWriter<NamedTempFile>),
    Parquet(Box<FindingColumns>, NamedTempFile),
}

/// An export that is being written.
pub struct Export {
    path: PathBuf,
    form: Form,
}

/// Why an export cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file's ending names no form.
    #[error("unknown form")]
    Form(PathBuf),
    /// The folder that it is to lie in is not there.
    #[error("no such folder")]
    Folder(PathBuf),
    /// The file cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// A Parquet file cannot be written.
    #[error("{0}")]
    Parquet(#[from] polars::error::PolarsError),
}

impl ExportError {
    /// The error for people.
    pub fn text(&self) -> Text {
        match self {
            ExportError::Form(path) => {
                let path = path.display();
                text!("“{path}”应以 .csv、.jsonl 或 .parquet 结尾", "`{path}` must end in .csv, .jsonl or .parquet")
            }
            ExportError::Folder(path) => {
                let path = path.display();
                text!(
                    "无法写出 {path}：没有这个文件夹，请先建好",
                    "cannot write {path}: there is no such folder, make it first"
                )
            }
            other => text!("无法写出问题清单：{other}", "cannot write the findings: {other}"),
        }
    }
}

impl Export {
    /// Opens an export beside the file that it will replace.
    ///
    /// # Errors
    /// Where the ending names no form or the folder cannot be written.
    pub fn create(path: &Path) -> Result<Self, ExportError> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if !["csv", "jsonl", "parquet"].contains(&ending.as_str()) {
            return Err(ExportError::Form(path.to_owned()));
        }
        if !folder.is_dir() {
            return Err(ExportError::Folder(path.to_owned()));
        }
        let file = NamedTempFile::new_in(folder)?; // mode 0600
        let form = match ending.as_str() {
            "csv" => {
                let mut writer = BufWriter::with_capacity(1 << 20, file);
                let mut header = Vec::new();
                line(Finding::COLUMNS.into_iter(), &mut header);
                writer.write_all(&header)?;
                Form::Csv(writer)
            }
            "jsonl" => Form::JsonLines(BufWriter::with_capacity(1 << 20, file)),
            _ => Form::Parquet(Box::default(), file),
        };
        Ok(Self { path: path.to_owned(), form })
    }

    /// Whether its findings are lines of CSV, which may be written side by side.
    pub fn is_csv(&self) -> bool {
        matches!(self.form, Form::Csv(_))
    }

    /// Writes lines of CSV.
    ///
    /// # Errors
    /// Where the disk is full or gone.
    pub fn write_lines(&mut self, lines: &[u8]) -> Result<(), ExportError> {
        if let Form::Csv(writer) = &mut self.form {
            writer.write_all(lines)?;
        }
        Ok(())
    }

    /// Writes one finding.
    ///
    /// # Errors
    /// Where the disk is full or gone.
    pub fn write(&mut self, finding: &Finding) -> Result<(), ExportError> {
        let row = finding.row.to_string();
        let first_seen = finding.first_seen.to_string();
        match &mut self.form {
            Form::Csv(writer) => {
                let mut bytes = Vec::new();
                csv_line(finding, &mut bytes);
                writer.write_all(&bytes)?;
            }
            Form::JsonLines(writer) => {
                let mut object = serde_json::Map::new();
                for (column, cell) in Finding::COLUMNS.iter().zip(cells(finding, &row, &first_seen)) {
                    let value = if *column == "row" { finding.row.into() } else { cell.into() };
                    object.insert((*column).to_owned(), value);
                }
                serde_json::to_writer(&mut *writer, &object).map_err(io::Error::from)?;
                writer.write_all(b"\n")?;
            }
            Form::Parquet(columns, _) => columns.push(finding),
        }
        Ok(())
    }

    /// Ends the export: the file is whole and in its place.
    ///
    /// # Errors
    /// Where it cannot be written out or renamed.
    pub fn finish(self) -> Result<(), ExportError> {
        let file = match self.form {
            Form::Csv(buffer) | Form::JsonLines(buffer) => {
                buffer.into_inner().map_err(io::IntoInnerError::into_error)?
            }
            Form::Parquet(columns, file) => {
                columns.write_export(file.as_file())?;
                file
            }
        };
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

fn cells<'a>(finding: &'a Finding<'_>, row: &'a str, first_seen: &'a str) -> [&'a str; 17] {
    let mut cells = finding.cells();
    cells[ROW] = row;
    cells[FIRST_SEEN] = first_seen;
    cells
}

/// A finding as a line of CSV.
pub fn csv_line(finding: &Finding, bytes: &mut Vec<u8>) {
    for (number, text) in finding.cells().into_iter().enumerate() {
        if number > 0 {
            bytes.push(b',');
        }
        match number {
            ROW => shown(bytes, finding.row),
            FIRST_SEEN => shown(bytes, finding.first_seen),
            _ => cell(text, bytes),
        }
    }
    bytes.push(b'\n');
}

/// A number or a day, in which nothing has to stand in quotes.
fn shown(bytes: &mut Vec<u8>, value: impl Display) {
    let _ = write!(bytes, "{value}"); // memory takes all
}

/// Cells as a line.
fn line<'c>(cells: impl Iterator<Item = &'c str>, bytes: &mut Vec<u8>) {
    for (number, text) in cells.enumerate() {
        if number > 0 {
            bytes.push(b',');
        }
        cell(text, bytes);
    }
    bytes.push(b'\n');
}

/// A cell; what holds a comma, a quote or a line break stands in quotes.
fn cell(text: &str, bytes: &mut Vec<u8>) {
    // All bytes of a cell at once are looked at sooner than one by one up to the first.
    if !text.bytes().fold(false, |needs, byte| needs | matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        bytes.extend_from_slice(text.as_bytes());
        return;
    }
    bytes.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            bytes.push(b'"');
        }
        bytes.push(byte);
    }
    bytes.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_line_is_what_the_library_writes(cells in proptest::collection::vec("[a甲,;\"\r\n '#]{0,6}", 2..9)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&cells).expect("a record");
            let expected = writer.into_inner().expect("bytes");
            let mut bytes = Vec::new();
            line(cells.iter().map(String::as_str), &mut bytes);
            proptest::prop_assert_eq!(bytes, expected);
        }
    }
}
