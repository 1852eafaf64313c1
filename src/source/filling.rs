//! What a source asks to be done with the cells of a sheet: blanks filled down, rows of one record counted once, values
//! taken from the sheet's or the file's name or the lines above the header.
//!
//! Apart because nothing of it happens unless a `[[source]]` says so, and because all of it is said in the load note. It
//! knows fields by their names and no rule.

use std::collections::BTreeMap;
use std::path::Path;

use polars::prelude::{BooleanChunked, NewChunkedArray, PolarsResult, StringChunked, StringChunkedBuilder};

use crate::config::{CellsConfig, Fill, FillFrom};
use crate::dataset::raw::{RawColumn, RawTable};
use crate::dictionary::Table;
use crate::folding::fold;
use crate::model::SkippedRow;
use crate::text;
use crate::text::{Language, Text};

/// Where rows come from, as far as a value may be taken from it.
pub struct Origin<'o> {
    /// The file.
    pub file: &'o str,
    /// The sheet.
    pub sheet: &'o str,
    /// The cells above the header, as typed.
    pub title: Vec<&'o str>,
}

/// Fills blanks of the records down where a source asks for it, and says in the note how many. Of the rows that are
/// skipped the hidden ones still give what stands in them to those below, and no other does.
pub fn fill_blanks_down(
    raw: &mut RawTable,
    wishes: &CellsConfig,
    table: &Table,
    skipped: &[(usize, &'static str)],
    language: Language,
) {
    for field in &wishes.fill_down {
        let filled = raw
            .columns
            .iter_mut()
            .find(|column| column.field == field.value)
            .map_or(0, |column| fill_down(column, skipped));
        if filled > 0 {
            let label = table.field(&field.value).map_or(field.value.as_str(), |field| field.label(language));
            let remark = text!(
                "“{label}”有 {filled} 个空格按上一行填写（fill_down）",
                "{label}: {filled} blanks filled from the row above (fill_down)"
            );
            raw.note.remarks.push(remark.get(language).to_owned());
        }
    }
}

/// Does what else a source asks for, and says in the note what was done.
///
/// # Errors
/// Where columns do not fit together, which is a bug.
pub fn apply(
    raw: &mut RawTable,
    wishes: &CellsConfig,
    table: &Table,
    origin: &Origin,
    language: Language,
) -> PolarsResult<()> {
    let label = |field: &str| table.field(field).map_or(field, |field| field.label(language)).to_owned();
    let mut remarks: Vec<Text> = Vec::new();
    if let (Some(key), false) = (table.key.as_deref(), wishes.further_rows.is_empty()) {
        let varying: Vec<&str> = wishes.further_rows.iter().map(|field| field.value.as_str()).collect();
        let further = further_rows(raw, key, &varying);
        let count = further.len();
        skip(raw, &further)?;
        if count > 0 {
            let label = label(key);
            remarks.push(text!(
                "{count} 行与前面的“{label}”是同一条记录，只计一次（further_rows）",
                "{count} rows go on with a record of the same {label} and are counted with it (further_rows)"
            ));
        }
    }
    for (field, fill) in &wishes.fill {
        remarks.push(fill_in(raw, &field.value, fill, origin, &label(&field.value)));
    }
    raw.note.remarks.extend(remarks.iter().map(|remark| remark.get(language).to_owned()));
    Ok(())
}

fn is_blank(cell: Option<&str>) -> bool {
    cell.is_none_or(|cell| fold(cell).is_empty())
}

/// Gives every blank of a record the cell above it; returns how many.
fn fill_down(column: &mut RawColumn, skipped: &[(usize, &'static str)]) -> u64 {
    let mut filled = StringChunkedBuilder::new(column.values.name().clone(), column.values.len());
    let (mut count, mut above) = (0, None);
    let mut errors = column.errors.iter().copied().peekable();
    let mut skipped = skipped.iter().peekable();
    for (cell, row) in column.values.iter().zip(0_u32..) {
        let is_error = errors.next_if_eq(&row).is_some();
        let reason = skipped.next_if(|(skipped, _)| *skipped == row as usize).map(|(_, reason)| *reason);
        if reason.is_some_and(|reason| reason != "hidden") {
            filled.append_option(cell);
        } else if is_blank(cell) && !is_error {
            count += u64::from(above.is_some() && reason.is_none());
            filled.append_option(above);
        } else {
            // What stands below an error is not that error.
            above = cell.filter(|_| !is_error);
            filled.append_option(cell);
        }
    }
    if count > 0 {
        column.values = filled.finish();
    }
    count
}

/// The rows that go on with an earlier one: of the same key, and different from it in no field but those that vary.
fn further_rows(raw: &RawTable, key: &str, varying: &[&str]) -> Vec<usize> {
    let Some(keys) = raw.columns.iter().find(|column| column.field == key) else { return Vec::new() };
    let others: Vec<&StringChunked> = raw
        .columns
        .iter()
        .filter(|column| column.field != key && !varying.contains(&column.field.as_str()))
        .map(|column| &column.values)
        .collect();
    let mut first_of: BTreeMap<String, usize> = BTreeMap::new();
    let mut further = Vec::new();
    for (row, key) in keys.values.iter().enumerate() {
        let Some(key) = key.map(fold).filter(|key| !key.is_empty()) else { continue };
        let Some(first) = first_of.get(&*key) else {
            first_of.insert(key.into_owned(), row);
            continue;
        };
        let goes_on = others.iter().all(|cells| match cells.get(row).map(fold) {
            Some(cell) if !cell.is_empty() => cells.get(*first).is_some_and(|earlier| fold(earlier) == cell),
            _ => true,
        });
        if goes_on {
            further.push(row);
        }
    }
    further
}

fn skip(raw: &mut RawTable, rows: &[usize]) -> PolarsResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut keep = vec![true; raw.height()];
    for row in rows {
        if let Some(keep) = keep.get_mut(*row) {
            *keep = false;
        }
        raw.note.skipped.push(SkippedRow { row: raw.rows.get(*row), reason: "further_row".to_owned() });
    }
    raw.note.skipped.sort_by_key(|skipped| skipped.row);
    raw.note.rows_skipped = raw.note.skipped.len() as u64;
    raw.keep(&BooleanChunked::from_slice("keep".into(), &keep))
}

/// Gives a field a value where the sheet has none; says what was done.
fn fill_in(raw: &mut RawTable, field: &str, fill: &Fill, origin: &Origin, label: &str) -> Text {
    let Text { zh, en } = match fill.from {
        FillFrom::Sheet => text!("工作表名", "the sheet's name"),
        FillFrom::File => text!("文件名", "the file's name"),
        FillFrom::Title => text!("标题行", "the lines above the header"),
        FillFrom::Fixed(_) => text!("配置的固定值", "the configured value"),
    };
    let Some(value) = value(fill, origin) else {
        return text!(
            "{zh}里取不出“{label}”，空着的没有填；请检查 fill 的 pattern",
            "no {label} is found in {en}, blanks stay; check the pattern of fill"
        );
    };
    let height = raw.height();
    let position = raw.columns.iter().position(|column| column.field == field);
    let count = match position.and_then(|position| raw.columns.get_mut(position)) {
        Some(column) => fill_blanks(column, &value),
        None => {
            // It has a place in the file and the sheet, and in no column.
            let cells = vec![Some(value); height];
            raw.columns.push(RawColumn::of_texts(field, String::new(), cells));
            height
        }
    };
    raw.note.missing_columns.retain(|missing| missing != field);
    text!("“{label}”有 {count} 行取自{zh}", "{label}: {count} rows take it from {en}")
}

fn fill_blanks(column: &mut RawColumn, value: &str) -> usize {
    let mut count = 0;
    let mut filled = StringChunkedBuilder::new(column.values.name().clone(), column.values.len());
    let mut errors = column.errors.iter().copied().peekable();
    for (cell, row) in column.values.iter().zip(0_u32..) {
        let is_error = errors.next_if_eq(&row).is_some();
        if is_blank(cell) && !is_error {
            count += 1;
            filled.append_value(value);
        } else {
            filled.append_option(cell);
        }
    }
    column.values = filled.finish();
    count
}

/// The value that a source asks for; nothing where it cannot be cut out.
fn value(fill: &Fill, origin: &Origin) -> Option<String> {
    let stem = Path::new(origin.file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let texts: Vec<&str> = match &fill.from {
        FillFrom::Fixed(value) => vec![value],
        FillFrom::Sheet => vec![origin.sheet],
        FillFrom::File => vec![&stem],
        FillFrom::Title => origin.title.clone(),
    };
    let cut = |text: &str| match &fill.pattern {
        Some(pattern) => pattern.captures(text).and_then(|found| found.get(1)).map(|found| found.as_str().to_owned()),
        None => Some(text.to_owned()),
    };
    texts
        .iter()
        .find_map(|text| cut(text).or_else(|| cut(&fold(text))))
        .map(|value| fold(&value).into_owned())
        .filter(|value| !value.is_empty())
}
