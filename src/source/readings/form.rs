//! A reading as a file: a Parquet piece a table, then what belongs to the columns as JSON, then a sum of all of it.
//!
//! Apart because it alone knows the form. What comes back is what went in, to the byte, null and empty apart; what is cut
//! off, damaged or of another form does not come back at all.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use polars::prelude::{
    DataFrame, IntoColumn, IntoSeries, ParquetCompression, ParquetReader, ParquetWriter, PolarsResult, SerReader,
    StatisticsOptions,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Fresh;
use crate::dataset::raw::{RawColumn, RawTable, RowNumbers};
use crate::model::{SourceNote, Unit};

/// How every file begins; the number is that of the form.
const START: &[u8] = b"hedui reading 1\n";
/// The length of the JSON, and the sum.
const END: usize = 8 + 32;

/// What stands beside the cells.
#[derive(Debug, Serialize, Deserialize)]
pub struct Head {
    /// The number of what it depends on.
    pub key: String,
    /// The file that it was read from.
    pub file: String,
    /// The configured sources that it feeds.
    pub sources: Vec<String>,
    tables: Vec<TableLine>,
}

/// A table without its cells.
#[derive(Debug, Serialize, Deserialize)]
struct TableLine {
    /// Which of the sources it feeds.
    position: usize,
    note: SourceNote,
    /// The note's source, which JSON for people leaves out.
    source: String,
    rows: RowsLine,
    columns: Vec<ColumnLine>,
    /// How many bytes its cells take.
    length: usize,
}

#[derive(Debug, Serialize, Deserialize)]
enum RowsLine {
    From(u32),
    Listed(Vec<u32>),
}

/// A column without its cells.
#[derive(Debug, Serialize, Deserialize)]
struct ColumnLine {
    field: String,
    name: String,
    letters: String,
    errors: Vec<u32>,
    lost_digits: Vec<u32>,
    unit: Option<(String, u32)>,
    serials: Option<i32>,
}

/// Why a file tells nothing.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It cannot be read at all.
    #[error("{0}")]
    File(#[from] io::Error),
    /// It is not what was written.
    #[error("it is not whole")]
    NotWhole,
    /// Its cells are none.
    #[error("{0}")]
    Cells(#[from] polars::error::PolarsError),
}

/// Writes what a file gave.
///
/// # Errors
/// Where the disk is full.
pub fn write(fresh: &Fresh, file: &mut File) -> io::Result<()> {
    // Parquet is handed on in numbers of a few bytes each
    let mut sink = Sink { out: BufWriter::with_capacity(1 << 18, file), sum: Sha256::new(), length: 0 };
    sink.write_all(START)?;
    let mut tables = Vec::with_capacity(fresh.tables.len());
    for (position, table) in &fresh.tables {
        let before = sink.length;
        write_cells(table, &mut sink).map_err(io::Error::other)?;
        tables.push(line(*position, table, sink.length - before));
    }
    let head = Head { key: fresh.key.to_string(), file: fresh.file.clone(), sources: fresh.sources.clone(), tables };
    let head = serde_json::to_vec(&head)?;
    sink.write_all(&head)?;
    sink.write_all(&(head.len() as u64).to_le_bytes())?;
    let sum = sink.sum.finalize();
    sink.out.write_all(&sum)?;
    sink.out.flush()
}

/// A file that is summed up while it is written.
struct Sink<'f> {
    out: BufWriter<&'f mut File>,
    sum: Sha256,
    length: usize,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.sum.update(&bytes[..count]);
        self.length += count;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Columns are called by their places: two of one name are two.
fn write_cells(table: &RawTable, to: &mut Sink) -> PolarsResult<()> {
    if table.columns.is_empty() {
        return Ok(());
    }
    let called = |(at, column): (usize, &RawColumn)| {
        column.values.rechunk().into_owned().with_name(at.to_string().into()).into_series().into_column()
    };
    let mut frame = DataFrame::new(table.height(), table.columns.iter().enumerate().map(called).collect())?;
    ParquetWriter::new(to)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::empty())
        .finish(&mut frame)
        .map(|_| ())
}

fn line(position: usize, table: &RawTable, length: usize) -> TableLine {
    let RawTable { note, rows, columns } = table;
    let column_line = |column: &RawColumn| {
        let RawColumn { field, letters, values, errors, lost_digits, unit, serials } = column;
        ColumnLine {
            field: field.clone(),
            name: values.name().to_string(),
            letters: letters.clone(),
            errors: errors.clone(),
            lost_digits: lost_digits.clone(),
            unit: unit.map(|Unit { currency, power }| (currency.to_owned(), power)),
            serials: *serials,
        }
    };
    TableLine {
        position,
        note: note.clone(),
        source: note.source.clone(),
        rows: match rows {
            RowNumbers::From(first) => RowsLine::From(*first),
            RowNumbers::Listed(rows) => RowsLine::Listed(rows.clone()),
        },
        columns: columns.iter().map(column_line).collect(),
        length,
    }
}

/// What a file gave, with which of its sources each table feeds.
///
/// # Errors
/// Where anything is not as it was written.
pub fn read(path: &Path) -> Result<(Head, Vec<(usize, RawTable)>), Damage> {
    let bytes = std::fs::read(path)?;
    let (said, sum) = bytes.split_at_checked(bytes.len().saturating_sub(32)).ok_or(Damage::NotWhole)?;
    if !said.starts_with(START) || Sha256::digest(said).as_slice() != sum {
        return Err(Damage::NotWhole);
    }
    let (rest, length) = said.split_last_chunk::<8>().ok_or(Damage::NotWhole)?;
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Damage::NotWhole)?;
    let cells = rest.len().checked_sub(length).ok_or(Damage::NotWhole)?;
    let (cells, head) = rest.split_at(cells);
    let mut head: Head = serde_json::from_slice(head).map_err(|_| Damage::NotWhole)?;
    let mut cells = cells.get(START.len()..).ok_or(Damage::NotWhole)?;
    let mut pieces = Vec::with_capacity(head.tables.len());
    for line in std::mem::take(&mut head.tables) {
        let (piece, behind) = cells.split_at_checked(line.length).ok_or(Damage::NotWhole)?;
        pieces.push((line, piece));
        cells = behind;
    }
    let tables: Result<Vec<_>, Damage> = pieces.into_par_iter().map(|(line, piece)| table(line, piece)).collect();
    Ok((head, tables?))
}

fn table(line: TableLine, piece: &[u8]) -> Result<(usize, RawTable), Damage> {
    let frame = match line.columns.is_empty() {
        true => DataFrame::default(),
        false => ParquetReader::new(Cursor::new(piece)).finish()?,
    };
    if frame.width() != line.columns.len() {
        return Err(Damage::NotWhole);
    }
    let columns: Result<Vec<RawColumn>, Damage> = line
        .columns
        .into_iter()
        .zip(frame.columns())
        .map(|(line, cells)| {
            let unit = match line.unit {
                Some((code, power)) => Some(Unit::of(&code, power).ok_or(Damage::NotWhole)?),
                None => None,
            };
            Ok(RawColumn {
                field: line.field,
                letters: line.letters,
                values: cells.str()?.rechunk().into_owned().with_name(line.name.as_str().into()),
                errors: line.errors,
                lost_digits: line.lost_digits,
                unit,
                serials: line.serials,
            })
        })
        .collect();
    let note = SourceNote { source: line.source, ..line.note };
    let rows = match line.rows {
        RowsLine::From(first) => RowNumbers::From(first),
        RowsLine::Listed(rows) => RowNumbers::Listed(rows),
    };
    Ok((line.position, RawTable { note, rows, columns: columns? }))
}

/// What stands beside the cells of a file; the sum is not made.
///
/// # Errors
/// Where there is nothing like it.
pub fn head(path: &Path) -> Result<Head, Damage> {
    let mut file = File::open(path)?;
    let whole = file.metadata()?.len();
    let ends = whole.checked_sub(END as u64).ok_or(Damage::NotWhole)?;
    file.seek(SeekFrom::Start(ends))?;
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    file.seek(SeekFrom::Start(ends.checked_sub(length).ok_or(Damage::NotWhole)?))?;
    let mut head = Vec::new();
    file.take(length).read_to_end(&mut head)?;
    serde_json::from_slice(&head).map_err(|_| Damage::NotWhole)
}
