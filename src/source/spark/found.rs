//! What Spark wrote: Parquet files of one result, taken apart by the file that each row came from.
//!
//! Apart because files in parts come back in any order and number. It starts nothing.

use std::fs::File;
use std::path::Path;

use chrono_tz::Tz;
use polars::prelude::{ArrowDataType, ParquetReader, SerReader, StringChunked, StringChunkedBuilder};

use super::places::Lines;
use crate::source::narrow::{Class, Column, assemble};
use crate::source::sheet::{Cells, Sheet, SheetBody, named_grid};
use crate::source::{files, parquet};
use crate::text;
use crate::text::Text;

/// The columns of a Parquet file, from its end alone.
///
/// # Errors
/// Where it cannot be read.
pub fn columns(path: &Path) -> Result<Vec<Column>, Text> {
    let shown = path.display();
    let unread = |error: String| text!("{shown} 读不到：{error}", "{shown} cannot be read: {error}");
    let file = File::open(path).map_err(|error| unread(error.to_string()))?;
    let schema = ParquetReader::new(file).schema().map_err(|error| unread(error.to_string()))?;
    let column = |(name, field): (&_, &polars::prelude::ArrowField)| Column {
        name: ToString::to_string(name),
        class: match field.dtype() {
            ArrowDataType::Utf8 | ArrowDataType::LargeUtf8 | ArrowDataType::Utf8View => Class::Text,
            ArrowDataType::Int8 | ArrowDataType::Int16 | ArrowDataType::Int32 | ArrowDataType::Int64 => Class::Number,
            ArrowDataType::Date32 => Class::Day,
            _ => Class::Other,
        },
    };
    Ok(schema.iter().map(column).collect())
}

/// All rows of a result, below a header.
///
/// # Errors
/// Where a part of it cannot be read.
pub fn read(folder: &Path, zone: Tz) -> Result<Sheet, Text> {
    let unread = |error: std::io::Error| text!("Spark 的结果读不到：{error}", "Spark's result cannot be read: {error}");
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        if path.extension().is_some_and(|ending| ending == "parquet") {
            parts.push(path);
        }
    }
    parts.sort();
    let mut all: Option<Sheet> = None;
    for part in parts {
        let sheet = parquet::open(files::read(&part)?, zone)?;
        all = Some(match all {
            None => sheet,
            Some(before) => appended(before, &sheet),
        });
    }
    Ok(all.unwrap_or_default())
}

/// The rows of one sheet below those of another with the same header.
fn appended(mut above: Sheet, below: &Sheet) -> Sheet {
    if let (SheetBody::Grid(above), SheetBody::Grid(below)) = (&mut above.body, &below.body) {
        for (above, below) in above.iter_mut().zip(below) {
            let before = u32::try_from(above.values.len()).unwrap_or(u32::MAX).saturating_sub(1);
            let _ = above.values.append(&below.values.slice(1, usize::MAX));
            above.lost_digits.extend(below.lost_digits.iter().map(|row| row + before));
        }
    }
    above
}

/// A sheet a file: its suspect rows, and as many others as were counted. Of text files, `lines` tells which rows they are;
/// nothing for a file that Spark could not be given.
///
/// # Errors
/// Where the results are not what was asked for.
pub fn by_file(
    suspects: Sheet,
    rest: Sheet,
    names: &[String],
    files: usize,
    lines: Option<&[Option<Lines>]>,
) -> Result<Vec<Option<Sheet>>, Text> {
    let (suspects, rest) = (
        parted(suspects, names, files).ok_or_else(not_asked_for)?,
        parted(rest, names, files).ok_or_else(not_asked_for)?,
    );
    let mut sheets = Vec::with_capacity(files);
    for (at, (mut suspects, rest)) in suspects.into_iter().zip(rest).enumerate() {
        if let Some(lines) = lines {
            let Some(lines) = lines.get(at).and_then(Option::as_ref) else {
                sheets.push(None);
                continue;
            };
            lines.place(&mut suspects).ok_or_else(not_asked_for)?;
        }
        // what a file of one table gives has no name of a sheet either
        sheets.push(Some(assemble::joined(suspects, &rest, false).map_err(|_| not_asked_for())?));
    }
    Ok(sheets)
}

/// What is said of a result that makes no sense.
pub fn not_asked_for() -> Text {
    text!("Spark 的结果不是所要的", "Spark's result is not what was asked for")
}

/// The rows of each file, without the column that names it, which stands last but one.
fn parted(sheet: Sheet, names: &[String], files: usize) -> Option<Vec<Sheet>> {
    let mut header: Vec<String> = names.to_vec();
    header.push(String::from("n"));
    let SheetBody::Grid(mut columns) = sheet.body else { return None };
    if columns.is_empty() {
        columns = header.iter().map(|_| empty()).chain([empty()]).collect();
    }
    if columns.len() != header.len() + 1 {
        return None;
    }
    let file = columns.remove(names.len());
    let file: Vec<usize> = file.values.iter().skip(1).map(|value| value?.parse().ok()).collect::<Option<_>>()?;
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); files];
    for (row, file) in file.iter().enumerate() {
        rows.get_mut(*file)?.push(row + 1);
    }
    let taken = |rows: &[usize]| {
        let cells = columns.iter().map(|cells| of_rows(cells, rows)).collect();
        named_grid(&header, cells)
    };
    Some(rows.iter().map(|rows| taken(rows)).collect())
}

fn empty() -> Cells {
    Cells { values: StringChunkedBuilder::new("c".into(), 0).finish(), errors: Vec::new(), lost_digits: Vec::new() }
}

fn of_rows(cells: &Cells, rows: &[usize]) -> Cells {
    let mut values = StringChunkedBuilder::new("c".into(), rows.len());
    rows.iter().for_each(|row| values.append_option(cells.values.get(*row)));
    let values: StringChunked = values.finish();
    let is_lost = |row: usize| u32::try_from(row).is_ok_and(|row| cells.lost_digits.contains(&row));
    let lost_digits = match cells.lost_digits.is_empty() {
        true => Vec::new(),
        // the header will stand above
        false => (1_u32..).zip(rows).filter(|(_, row)| is_lost(**row)).map(|(at, _)| at).collect(),
    };
    Cells { values, errors: Vec::new(), lost_digits }
}
