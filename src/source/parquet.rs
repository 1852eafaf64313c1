//! Parquet files: columns that already have types, written as the text that typing reads back exactly.
//!
//! Apart because a value's type is known here and nowhere else. The first data row counts as row 2, as in a query. Numbers
//! are written as a spreadsheet shows them; a moment that knows its zone is told in the company's.

use std::io::Cursor;

use chrono::DateTime;
use chrono_tz::Tz;
use polars::prelude::{DataType, ParquetReader, PolarsResult, SerReader, Series, StringChunked, TimeUnit};

use super::cells::{CellMark, number};
use super::sheet::{Cells, Sheet, named_grid};
use crate::text;
use crate::text::Text;

/// Reads a Parquet file whole.
///
/// # Errors
/// Where it is damaged, or a column has a type that is no single value.
pub fn open(bytes: Vec<u8>, zone: Tz) -> Result<Sheet, Text> {
    let explain = |error: polars::error::PolarsError| {
        text!("Parquet 文件已损坏（{error}）", "the Parquet file is damaged ({error})")
    };
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(explain)?;
    let mut names = Vec::new();
    let mut columns = Vec::new();
    for column in frame.columns() {
        names.push(column.name().to_string());
        columns.push(cells(column.as_materialized_series(), zone).map_err(explain)?);
    }
    Ok(named_grid(&names, columns))
}

fn cells(series: &Series, zone: Tz) -> PolarsResult<Cells> {
    let mut lost_digits = Vec::new();
    let values: StringChunked = match series.dtype() {
        DataType::Datetime(_, written_in) => {
            let moments = series.cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?.cast(&DataType::Int64)?;
            let knows_zone = written_in.is_some();
            moments
                .i64()?
                .iter()
                .map(|moment| moment.and_then(|moment| time(moment, knows_zone.then_some(zone))))
                .collect()
        }
        DataType::Float32 | DataType::Float64 => {
            // By way of the text: a number of single precision has other digits as a double.
            let numbers = series.cast(&DataType::String)?.cast(&DataType::Float64)?;
            let mut shown = |row: u32, value: f64| {
                let (text, mark) = number(value);
                if mark == CellMark::LostDigits {
                    lost_digits.push(row + 1); // the header will stand above
                }
                text
            };
            (0_u32..).zip(numbers.f64()?.iter()).map(|(row, value)| value.map(|value| shown(row, value))).collect()
        }
        _ => series.cast(&DataType::String)?.str()?.clone(),
    };
    Ok(Cells { values, errors: Vec::new(), lost_digits })
}

/// A moment in milliseconds without fractions of a second and seconds of zero, in a zone where it is to be told in one;
/// midnight is a time here, for the type says so.
fn time(milliseconds: i64, zone: Option<Tz>) -> Option<String> {
    let moment = DateTime::from_timestamp_millis(milliseconds)?;
    let local = zone.map_or_else(|| moment.naive_utc(), |zone| moment.with_timezone(&zone).naive_local());
    let written = local.format("%Y-%m-%d %H:%M:%S").to_string();
    Some(written.strip_suffix(":00").map(str::to_owned).unwrap_or(written))
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    fn texts(series: &Series) -> Vec<Option<String>> {
        let cells = cells(series, chrono_tz::Asia::Shanghai).expect("cells");
        cells.values.iter().map(|value| value.map(str::to_owned)).collect()
    }

    #[test]
    fn numbers_are_written_without_a_point_that_they_do_not_need() {
        let numbers = Series::new("n".into(), [13_800_138_000.0, 0.5, 6_222_021_001_116_240_000.0]);
        assert_eq!(texts(&numbers)[..2], [Some("13800138000".to_owned()), Some("0.5".to_owned())]);
        assert_eq!(cells(&numbers, Tz::UTC).expect("cells").lost_digits, [3]);
    }

    #[test]
    fn a_moment_is_told_in_the_companys_zone_where_it_knows_its_own() {
        let milliseconds = 1_767_571_200_000; // 2026-01-05 00:00 UTC
        assert_eq!(time(milliseconds, Some(chrono_tz::Asia::Shanghai)).as_deref(), Some("2026-01-05 08:00"));
        assert_eq!(time(milliseconds + 1_500, None).as_deref(), Some("2026-01-05 00:00:01"));
    }
}
