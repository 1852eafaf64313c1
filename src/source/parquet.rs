//! Parquet files: columns that already have types, written as the text that typing reads back exactly.
//!
//! Apart because a value's type is known here and nowhere else. The first data row counts as row 2, as in a query.

use std::io::Cursor;

use polars::prelude::{DataType, ParquetReader, SerReader, StringChunked, TimeUnit};

use super::sheet::{Cells, Sheet, named_grid};
use crate::text;
use crate::text::Text;

/// Reads a Parquet file whole.
///
/// # Errors
/// Where it is damaged, or a column has a type that is no single value.
pub fn open(bytes: Vec<u8>) -> Result<Sheet, Text> {
    let explain = |error: polars::error::PolarsError| {
        text!("Parquet 文件已损坏（{error}）", "the Parquet file is damaged ({error})")
    };
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(explain)?;
    let mut names = Vec::new();
    let mut columns = Vec::new();
    for column in frame.columns() {
        let series = column.as_materialized_series();
        let text = match series.dtype() {
            DataType::Datetime(_, _) => {
                let seconds = series.cast(&DataType::Datetime(TimeUnit::Milliseconds, None)).map_err(explain)?;
                seconds.cast(&DataType::String).map_err(explain)?
            }
            _ => series.cast(&DataType::String).map_err(explain)?,
        };
        let values: StringChunked = match series.dtype() {
            // Without fractions of a second and seconds of zero; midnight is a time here, for the type says so.
            DataType::Datetime(_, _) => text
                .str()
                .map_err(explain)?
                .iter()
                .map(|value| value.map(|value| without_seconds(value.split('.').next().unwrap_or(value))))
                .collect(),
            _ => text.str().map_err(explain)?.clone(),
        };
        names.push(column.name().to_string());
        columns.push(Cells { values, errors: Vec::new(), lost_digits: Vec::new() });
    }
    Ok(named_grid(&names, columns))
}

/// A time without `:00` seconds.
fn without_seconds(time: &str) -> &str {
    time.strip_suffix(":00").unwrap_or(time)
}
