//! The rows of one sheet as the rows of a table: its header found, what is no record skipped, and a note of all that.
//!
//! Apart from the reading of files because every format ends here. It sees cells as text, and of the dictionary one table.

use polars::prelude::StringChunked;

use super::sheet::Sheet;
use super::units::Above;
use super::{colours, filling, header, observed, rows, units, wish};
use crate::config::{Hidden, SourceConfig};
use crate::dataset::epochs;
use crate::dataset::raw::{RawColumn, RawTable, column_letters};
use crate::dictionary::{Dictionary, FieldType, Table};
use crate::model::{SourceNote, Unit};
use crate::text;
use crate::text::{Language, Text};

/// The rows of a sheet as rows of a table.
pub(super) fn table_of(
    source: &SourceConfig,
    file: &str,
    sheet: &Sheet,
    dictionary: &Dictionary,
    language: Language,
) -> Result<RawTable, Box<SourceNote>> {
    let failure = |error: &Text| unread(source, file, sheet, error.get(language));
    let name = &source.table.value;
    let table = dictionary
        .table(name)
        .ok_or_else(|| failure(&text!("数据字典没有表“{name}”", "the dictionary has no table `{name}`")))?;
    let header = header::find(&sheet.head, table, &wish(source)).map_err(|error| failure(&error))?;
    rows_below(source, file, sheet, table, &header, language)
}

/// The note of a sheet that could not be read, with its encoding: that may be why.
fn unread(source: &SourceConfig, file: &str, sheet: &Sheet, error: &str) -> Box<SourceNote> {
    let mut note = super::failed(source, file, &sheet.name, error);
    note.encoding.clone_from(&sheet.encoding);
    note
}

/// The rows below a header as rows of a table, skipped ones noted.
pub(super) fn rows_below(
    source: &SourceConfig,
    file: &str,
    sheet: &Sheet,
    table: &Table,
    header: &header::Header,
    language: Language,
) -> Result<RawTable, Box<SourceNote>> {
    let failure = |error: &Text| unread(source, file, sheet, error.get(language));
    let mut below = sheet.below(header.row, header.names.len()).map_err(|error| failure(&error))?;
    let first_field = table.key.as_deref().or_else(|| table.fields.first().map(|field| field.name.as_str()));
    let key = header.columns.iter().find(|(_, field)| Some(field.as_str()) == first_field).map(|(column, _)| *column);
    let columns: Vec<&StringChunked> = below.columns.iter().map(|cells| &cells.values).collect();
    let height = columns.first().map_or(0, |column| column.len());
    let headers = header.cells(&sheet.head);
    let mut skipped = rows::skipped(&rows::Body { columns, headers, key });
    let skips_hidden = source.workbook.hidden == Hidden::Skip;
    if skips_hidden {
        rows::skip_hidden(&mut skipped, &sheet.hidden_rows, header.row, height);
    }
    sheet.fill_merged(&mut below, header.row, &skipped);
    let title: Vec<&str> = sheet.head.iter().take(header.first).flatten().map(String::as_str).collect();
    let above = Above::of(&title);
    let later = if sheet.is_1904 { epochs::APART } else { 0 };
    let mut raw = RawTable {
        note: note(source, file, sheet, header, table, height, language),
        rows: below.rows.clone(),
        columns: header
            .columns
            .iter()
            .filter_map(|(index, field)| {
                let cells = below.columns.get(*index)?;
                let counted = table.field(field).and_then(|field| field.unit);
                let stated = header.names.get(*index).and_then(|name| Unit::in_brackets(name)).or(above.unit());
                Some(RawColumn {
                    field: field.clone(),
                    letters: column_letters(*index),
                    values: cells.values.clone(),
                    errors: cells.errors.clone(),
                    lost_digits: cells.lost_digits.clone(),
                    unit: counted.and(stated),
                    serials: source.cells.serials.iter().any(|serial| serial.value == *field).then_some(later),
                })
            })
            .collect(),
    };
    let not_dates: Vec<(usize, &str)> = header
        .columns
        .iter()
        .filter_map(|(index, field)| Some((*index, table.field(field)?)))
        .filter(|(_, field)| matches!(field.field_type, FieldType::Text | FieldType::Decimal))
        .map(|(index, field)| (index, field.label(language)))
        .collect();
    let mut observed = observed::remarks(sheet, &below, header.row, &not_dates, skips_hidden);
    observed.extend(units_not_understood(header, table, above));
    raw.note.remarks.extend(below.remarks.iter().chain(&observed).map(|remark| remark.get(language).to_owned()));
    if let Some(marks) = &source.workbook.marks {
        let label = table.field(&marks.field.value).map_or("", |field| field.label(language));
        let said = colours::apply(&mut raw.columns, marks, label, sheet, header.row, height);
        raw.note.remarks.push(said.get(language).to_owned());
        if sheet.has_looks {
            raw.note.missing_columns.retain(|field| *field != marks.field.value);
        }
    }
    filling::fill_blanks_down(&mut raw, &source.cells, table, &skipped, language);
    if !skipped.is_empty() {
        let (mask, noted) = rows::keep(height, &skipped, |row| below.rows.get(row));
        raw.keep(&mask).map_err(|error| failure(&Text::same(error.to_string())))?;
        raw.note.rows_skipped = noted.len() as u64;
        raw.note.skipped = noted;
    }
    let origin = filling::Origin { file, sheet: &sheet.name, title };
    filling::apply(&mut raw, &source.cells, table, &origin, language)
        .map_err(|error| failure(&Text::same(error.to_string())))?;
    raw.note.rows_checked = raw.height() as u64;
    Ok(raw)
}

/// What is said of units that a sheet states for its amounts and that are not understood.
fn units_not_understood(header: &header::Header, table: &Table, above: Above) -> Vec<Text> {
    let amounts: Vec<(&str, usize, Unit)> = header
        .columns
        .iter()
        .filter_map(|(index, field)| Some((header.names.get(*index)?.as_str(), *index, table.field(field)?.unit?)))
        .collect();
    let of_header = amounts.iter().filter_map(|(name, index, unit)| units::not_understood(*index, name, *unit));
    let all_stated = amounts.iter().all(|(name, _, _)| Unit::in_brackets(name).is_some());
    of_header.chain(above.remark().filter(|_| !all_stated)).collect()
}

fn note(
    source: &SourceConfig,
    file: &str,
    sheet: &Sheet,
    header: &header::Header,
    table: &Table,
    height: usize,
    language: Language,
) -> SourceNote {
    let present = |field: &str| header.columns.iter().any(|(_, fed)| fed == field);
    let (first, last) = (header.first + 1, header.row + 1);
    let joined = match last - first {
        1 => text!("第 {first}、{last} 行合起来是表头", "rows {first} and {last} together are the header"),
        _ => text!("第 {first} 至 {last} 行合起来是表头", "rows {first} to {last} together are the header"),
    };
    let joined = (first < last).then_some(&joined);
    SourceNote {
        table: table.name.clone(),
        file: file.to_owned(),
        sheet: sheet.name.clone(),
        encoding: sheet.encoding.clone(),
        header_row: u32::try_from(header.row + 1).unwrap_or(u32::MAX),
        rows_read: height as u64,
        unknown_columns: header.unknown.clone(),
        missing_columns: table
            .fields
            .iter()
            .filter(|field| !field.optional && !present(&field.name))
            .map(|field| field.name.clone())
            .collect(),
        remarks: sheet.remarks.iter().chain(joined).map(|remark| remark.get(language).to_owned()).collect(),
        source: source.label.clone(),
        ..SourceNote::default()
    }
}
