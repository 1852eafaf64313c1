//! Bulk facts as Parquet: the findings of a run, and every finding ever seen.
//!
//! Apart because these are columns of millions where the rest of history is rows of dozens. A file is written beside
//! its place, synced and renamed; it counts only once a committed run names it.

use std::fs::File;
use std::io::Cursor;
use std::path::Path;

use chrono::{Days, NaiveDate};
use polars::prelude::{
    Column, DataFrame, Int32Chunked, IntoColumn, IntoSeries, ParquetCompression, ParquetReader, ParquetWriter,
    PolarsError, PolarsResult, SerReader, StringChunked, StringChunkedBuilder, UInt32Chunked,
};

use crate::model::{Dimension, Finding, Fingerprint, Secrecy, Severity, Status};

/// Columns that the store keeps beside those of the export.
const STORED: [&str; 4] = ["fingerprint", "source", "customer", "secrecy"];

/// Findings gathered into columns.
pub struct FindingColumns {
    texts: Vec<StringChunkedBuilder>,
    rows: Vec<u32>,
    fingerprints: StringChunkedBuilder,
}

impl Default for FindingColumns {
    fn default() -> Self {
        let builder = |name: &str| StringChunkedBuilder::new(name.into(), 0);
        let names =
            Finding::COLUMNS.iter().copied().filter(|name| *name != "row").chain([STORED[1], STORED[2], STORED[3]]);
        Self { texts: names.map(builder).collect(), rows: Vec::new(), fingerprints: builder(STORED[0]) }
    }
}

impl FindingColumns {
    /// Adds a finding.
    pub fn push(&mut self, finding: &Finding) {
        let first_seen = finding.first_seen.to_string();
        let cells = finding.cells();
        let texts = Finding::COLUMNS.iter().zip(cells).filter(|(name, _)| **name != "row");
        let texts = texts.map(|(name, cell)| if *name == "first_seen" { first_seen.as_str() } else { cell });
        let cells = texts.chain([finding.source, finding.customer, finding.secrecy.as_str()]);
        for (builder, cell) in self.texts.iter_mut().zip(cells) {
            builder.append_value(cell);
        }
        self.rows.push(finding.row);
        self.fingerprints.append_value(written(finding.fingerprint));
    }

    fn frame(self) -> PolarsResult<DataFrame> {
        let height = self.rows.len();
        let mut columns: Vec<_> =
            self.texts.into_iter().map(|builder| builder.finish().into_series().into_column()).collect();
        columns.insert(7, UInt32Chunked::from_vec("row".into(), self.rows).into_series().into_column());
        columns.push(self.fingerprints.finish().into_series().into_column());
        DataFrame::new(height, columns)
    }

    /// Writes the columns of the export.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write_export(self, file: &File) -> PolarsResult<()> {
        let mut frame = self.frame()?.select(Finding::COLUMNS)?;
        ParquetWriter::new(file).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame).map(|_| ())
    }

    /// Writes all columns, for the store.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write_stored(self, path: &Path) -> PolarsResult<()> {
        write_whole(path, self.frame()?)
    }
}

fn written(fingerprint: Fingerprint) -> String {
    format!("{:032x}", fingerprint.0)
}

/// Findings read back from the store.
pub struct StoredFindings {
    columns: Vec<StringChunked>,
    rows: UInt32Chunked,
    /// Files of before this column was kept have none: nobody knows how confidential those records were.
    secrecy: Option<StringChunked>,
}

impl StoredFindings {
    /// Reads the findings of a run.
    ///
    /// # Errors
    /// Where the file is gone or damaged.
    pub fn read(path: &Path) -> PolarsResult<Self> {
        let frame = read_whole(path)?;
        let names =
            Finding::COLUMNS.iter().copied().filter(|name| *name != "row").chain([STORED[1], STORED[2], STORED[0]]);
        let columns = names
            .map(|name| Ok(frame.column(name)?.str()?.rechunk().into_owned()))
            .collect::<PolarsResult<Vec<StringChunked>>>()?;
        let levels = |column: &Column| Ok::<_, PolarsError>(column.str()?.rechunk().into_owned());
        let secrecy = frame.column(STORED[3]).ok().map(levels).transpose()?;
        let rows = frame.column("row")?.u32()?.rechunk().into_owned();
        Ok(Self { columns, rows, secrecy })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 0
    }

    /// One of them, by its position.
    pub fn get(&self, index: usize) -> Finding<'_> {
        let text = |column: usize| self.columns.get(column).and_then(|column| column.get(index)).unwrap_or_default();
        Finding {
            rule_id: text(0),
            table: text(1),
            record_key: text(2),
            field: text(3),
            value: text(4),
            file: text(5),
            sheet: text(6),
            row: self.rows.get(index).unwrap_or(0),
            column: text(7),
            severity: Severity::from_word(text(8)).unwrap_or(Severity::Info),
            dimension: Dimension::from_word(text(9)).unwrap_or(Dimension::Validity),
            department: text(10),
            owner: text(11),
            message: text(12).into(),
            status: Status::from_word(text(13)).unwrap_or(Status::Open),
            first_seen: NaiveDate::parse_from_str(text(14), "%Y-%m-%d").unwrap_or_default(),
            clause: text(15),
            fingerprint: Fingerprint(u128::from_str_radix(text(18), 16).unwrap_or(0)),
            source: text(16),
            customer: text(17),
            secrecy: self
                .secrecy
                .as_ref()
                .and_then(|levels| levels.get(index))
                .map_or(Secrecy::Secret, Secrecy::of_cell),
        }
    }
}

/// Writes the findings of a file that are to stay to another one: how many were left out.
///
/// # Errors
/// Where the one cannot be read or the other not written.
pub fn write_without(from: &Path, to: &Path, is_left_out: &dyn Fn(&Finding) -> bool) -> PolarsResult<usize> {
    let stored = StoredFindings::read(from)?;
    let mut columns = FindingColumns::default();
    let mut left_out = 0;
    for finding in (0..stored.len()).map(|index| stored.get(index)) {
        if is_left_out(&finding) {
            left_out += 1;
        } else {
            columns.push(&finding);
        }
    }
    columns.write_stored(to)?;
    Ok(left_out)
}

/// One finding that some job has seen: when first, and in which period of that job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The finding.
    pub fingerprint: Fingerprint,
    /// The as-of date of the first run of any job that saw it.
    pub first_seen: NaiveDate,
    /// The first day of the first period of this job that saw it.
    pub first_period: NaiveDate,
}

/// Every finding ever seen, by job.
pub type KnownFindings = Vec<(String, Known)>;

/// Reads every finding ever seen.
///
/// # Errors
/// Where the file is gone or damaged.
pub fn read_known(path: &Path) -> PolarsResult<KnownFindings> {
    let frame = read_whole(path)?;
    let (jobs, prints) = (frame.column("job")?.str()?.clone(), frame.column("fingerprint")?.str()?.clone());
    let (seen, period) = (frame.column("first_seen")?.i32()?.clone(), frame.column("first_period")?.i32()?.clone());
    let mut known = Vec::with_capacity(frame.height());
    for (((job, print), seen), period) in jobs.iter().zip(prints.iter()).zip(seen.iter()).zip(period.iter()) {
        known.push((
            job.unwrap_or_default().to_owned(),
            Known {
                fingerprint: Fingerprint(u128::from_str_radix(print.unwrap_or_default(), 16).unwrap_or(0)),
                first_seen: from_days(seen.unwrap_or(0)),
                first_period: from_days(period.unwrap_or(0)),
            },
        ));
    }
    Ok(known)
}

/// Writes every finding ever seen.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_known(path: &Path, known: &KnownFindings) -> PolarsResult<()> {
    let mut jobs = StringChunkedBuilder::new("job".into(), known.len());
    let mut prints = StringChunkedBuilder::new("fingerprint".into(), known.len());
    for (job, known) in known {
        jobs.append_value(job);
        prints.append_value(written(known.fingerprint));
    }
    let days = |name: &str, day: fn(&Known) -> NaiveDate| {
        let days: Vec<i32> = known.iter().map(|(_, known)| to_days(day(known))).collect();
        Int32Chunked::from_vec(name.into(), days).into_series().into_column()
    };
    let columns = vec![
        jobs.finish().into_series().into_column(),
        prints.finish().into_series().into_column(),
        days("first_seen", |known| known.first_seen),
        days("first_period", |known| known.first_period),
    ];
    write_whole(path, DataFrame::new(known.len(), columns)?)
}

fn to_days(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(0)
}

fn from_days(days: i32) -> NaiveDate {
    NaiveDate::default().checked_add_days(Days::new(u64::try_from(days).unwrap_or(0))).unwrap_or_default()
}

fn write_whole(path: &Path, mut frame: DataFrame) -> PolarsResult<()> {
    let failed = |error: std::io::Error| PolarsError::ComputeError(format!("{}: {error}", path.display()).into());
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame)?;
    super::files::write_whole(path, &bytes).map_err(failed)
}

fn read_whole(path: &Path) -> PolarsResult<DataFrame> {
    let named = |error: String| PolarsError::ComputeError(format!("{}: {error}", path.display()).into());
    let bytes = std::fs::read(path).map_err(|error| named(error.to_string()))?;
    ParquetReader::new(Cursor::new(bytes)).finish().map_err(|error| named(error.to_string()))
}
