//! The records of a table as a run read them, kept as a Parquet file: cells as typed, and the row of each.
//!
//! Apart from the other bulk facts because it is as large as the data: it is written stretch by stretch and read column
//! by column, so that a table of millions needs the memory of a part of it. Where the rows come from (file, sheet, column
//! letters) is the same for thousands of them and stands in the database beside the file's name.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use polars::prelude::{
    BooleanChunked, DataFrame, DataType, Field, IntoColumn, IntoSeries, NewChunkedArray, ParquetCompression,
    ParquetReader, ParquetWriter, PolarsError, PolarsResult, Schema, SerReader, StringChunked, UInt32Chunked,
};
use serde::{Deserialize, Serialize};

use super::files;
use crate::compare::Records;
use crate::dataset::raw::RowNumbers;
use crate::dataset::{Dataset, Part};

/// The column with the spreadsheet rows: no field is called so.
const ROW: &str = "\u{1f}row";
/// So many records are written at a time.
const STRETCH: usize = 1 << 16;

/// A sheet, file or query that records come from, as the database keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLine {
    /// How many records it has.
    pub height: usize,
    /// The configured source.
    pub source: String,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// Field to column letters.
    pub letters: BTreeMap<String, String>,
}

/// The parts of a dataset, as the database keeps them.
pub fn part_lines(dataset: &Dataset) -> Vec<PartLine> {
    let line = |part: &Part| PartLine {
        height: part.height,
        source: part.source.clone(),
        file: part.file.clone(),
        sheet: part.sheet.clone(),
        letters: part.letters.clone(),
    };
    dataset.parts.iter().map(line).collect()
}

/// Writes the records of a dataset.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(path: &Path, dataset: &Dataset) -> PolarsResult<()> {
    let mut fields: Vec<Field> =
        dataset.columns.keys().map(|name| Field::new(name.as_str().into(), DataType::String)).collect();
    fields.push(Field::new(ROW.into(), DataType::UInt32));
    let schema = Schema::from_iter(fields);
    files::write_with(path, |file| {
        // The writer hands on numbers of a few bytes each, and has words of its own for a full disk.
        let mut gathered = BufWriter::with_capacity(1 << 18, Candid { file, error: None });
        let written = ParquetWriter::new(&mut gathered)
            .with_compression(ParquetCompression::Zstd(None))
            .batched(&schema)
            .and_then(|mut writer| {
                for first in (0..dataset.height).step_by(STRETCH) {
                    writer.write_batch(&stretch(dataset, first)?)?;
                }
                writer.finish()
            });
        let flushed = gathered.flush();
        if let Some(error) = gathered.get_mut().error.take() {
            return Err(error.into());
        }
        written.map_err(Broken)?;
        Ok(flushed?)
    })
    .map_err(|Broken(error)| PolarsError::ComputeError(format!("{}: {error}", path.display()).into()))
}

/// What went wrong while writing, whichever library says it.
struct Broken(PolarsError);

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self(PolarsError::ComputeError(error.to_string().into()))
    }
}

/// A file that remembers why it could not be written.
struct Candid<'f> {
    file: &'f mut File,
    error: Option<io::Error>,
}

impl Write for Candid<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).inspect_err(|error| {
            let same = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
            self.error.get_or_insert(same);
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn stretch(dataset: &Dataset, first: usize) -> PolarsResult<DataFrame> {
    let height = STRETCH.min(dataset.height - first);
    let mut columns: Vec<_> = dataset
        .columns
        .iter()
        .map(|(name, column)| {
            column
                .typed_slice(first, height)
                .rechunk()
                .into_owned()
                .with_name(name.as_str().into())
                .into_series()
                .into_column()
        })
        .collect();
    let mut rows = Vec::with_capacity(height);
    for part in &dataset.parts {
        let (from, to) = (part.first.max(first), (part.first + part.height).min(first + height));
        rows.extend((from..to).map(|record| part.rows.get(record - part.first)));
    }
    columns.push(UInt32Chunked::from_vec(ROW.into(), rows).into_series().into_column());
    DataFrame::new(height, columns)
}

/// Writes the records of a file that are to stay to another one; their parts. `stays` has a word for each record.
///
/// # Errors
/// Where the one cannot be read or the other not written, or the parts are not its own.
pub fn write_without(from: &Path, to: &Path, lines: &[PartLine], stays: &[bool]) -> PolarsResult<Vec<PartLine>> {
    let opened = File::open(from).map_err(PolarsError::from);
    let read = opened.and_then(|file| ParquetReader::new(file).finish());
    let frame = read.map_err(|error| at(from, error))?;
    if lines.iter().map(|line| line.height).sum::<usize>() != stays.len() {
        return Err(PolarsError::ShapeMismatch(format!("{}: {} records", from.display(), stays.len()).into()));
    }
    let mut kept = frame.filter(&BooleanChunked::from_slice("stays".into(), stays))?;
    let mut first = 0;
    let parts = lines.iter().map(|line| {
        let of_line = stays.get(first..first + line.height).unwrap_or_default();
        first += line.height;
        PartLine { height: of_line.iter().filter(|stays| **stays).count(), ..line.clone() }
    });
    let parts = parts.collect();
    files::write_with(to, |file| {
        let written = ParquetWriter::new(file).with_compression(ParquetCompression::Zstd(None)).finish(&mut kept);
        written.map(|_| ()).map_err(Broken)
    })
    .map_err(|Broken(error)| PolarsError::ComputeError(format!("{}: {error}", to.display()).into()))?;
    Ok(parts)
}

/// The records of a table as an earlier run read them.
#[derive(Clone, Debug)]
pub struct Snapshot {
    path: PathBuf,
    fields: Vec<String>,
    parts: Vec<Part>,
    height: usize,
}

impl Snapshot {
    /// Opens the file of a snapshot; its columns are read when they are asked for.
    ///
    /// # Errors
    /// Where the file is gone or damaged, or is not the one that the parts belong to.
    pub fn open(path: &Path, lines: &[PartLine]) -> PolarsResult<Self> {
        Self::read(path, lines).map_err(|error| at(path, error))
    }

    fn read(path: &Path, lines: &[PartLine]) -> PolarsResult<Self> {
        let mut reader = ParquetReader::new(File::open(path)?);
        let height = reader.num_rows()?;
        let names: Vec<String> = reader.schema()?.iter_names().map(ToString::to_string).collect();
        let fields: Vec<String> = names.iter().filter(|name| *name != ROW).cloned().collect();
        let rows = if names.iter().any(|name| name == ROW) {
            let frame = ParquetReader::new(File::open(path)?).with_columns(Some(vec![ROW.to_owned()])).finish()?;
            let rows = frame.column(ROW)?.u32()?.rechunk().into_owned();
            rows.iter().map(|row| row.unwrap_or(0)).collect()
        } else {
            vec![0; height]
        };
        let unknown = [PartLine {
            height,
            letters: fields.iter().map(|field| (field.clone(), String::new())).collect(),
            ..PartLine::default()
        }];
        let lines = if lines.is_empty() { &unknown } else { lines };
        if lines.iter().map(|line| line.height).sum::<usize>() != height {
            return Err(PolarsError::ShapeMismatch(format!("{height} records").into()));
        }
        let mut first = 0;
        let part = |line: &PartLine| {
            let rows: &[u32] = rows.get(first..first + line.height).unwrap_or_default();
            let part = Part {
                first,
                height: line.height,
                source: line.source.clone(),
                file: line.file.clone(),
                sheet: line.sheet.clone(),
                rows: RowNumbers::Listed(rows.to_vec()),
                letters: line.letters.clone(),
            };
            first += line.height;
            part
        };
        let parts = lines.iter().map(part).collect();
        Ok(Self { path: path.to_owned(), fields, parts, height })
    }
}

impl Records for Snapshot {
    fn height(&self) -> usize {
        self.height
    }

    fn parts(&self) -> &[Part] {
        &self.parts
    }

    fn column(&self, field: &str) -> PolarsResult<Option<StringChunked>> {
        if !self.fields.iter().any(|known| known == field) {
            return Ok(None);
        }
        self.read_column(field).map(Some).map_err(|error| at(&self.path, error))
    }
}

impl Snapshot {
    fn read_column(&self, field: &str) -> PolarsResult<StringChunked> {
        let reader = ParquetReader::new(File::open(&self.path)?).with_columns(Some(vec![field.to_owned()]));
        let text = reader.finish()?.column(field)?.cast(&DataType::String)?;
        Ok(text.str()?.rechunk().into_owned())
    }
}

/// An error with the file that it is about: what libraries say does not name it.
fn at(path: &Path, error: PolarsError) -> PolarsError {
    PolarsError::ComputeError(format!("{}: {error}", path.display()).into())
}
