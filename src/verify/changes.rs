//! 变更清单: what came back, for whoever enters it: old value, new value, on whose word, and what is left open.
//!
//! Apart because it is the end of a return. It never writes into a source: people enter what it lists.

use chrono::NaiveDate;
use rust_xlsxwriter::Worksheet;

use super::WriteError;
use super::look::{self, Look};
use super::words::Words;
use crate::text::Language;

/// A line of the record.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// The customer's code.
    pub customer: String,
    /// His name.
    pub name: String,
    /// Department and owner.
    pub owner: (String, String),
    /// What has changed, or the state that he was found in.
    pub what: String,
    /// As it was issued.
    pub old: String,
    /// As it is said to be.
    pub new: String,
    /// Who verified, and how.
    pub by: (String, String),
    /// When; nothing where it is not known.
    pub day: Option<NaiveDate>,
    /// File, sheet and row.
    pub place: String,
    /// Whether it has been entered, why it is not accepted, or what else is to be known.
    pub remark: String,
}

/// Writes the workbook: changes to enter, and rows that need somebody.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    (company, period, day): (&str, &str, NaiveDate),
    changes: &[Listed],
    (problems, blank): (&[Listed], usize),
    words: &Words,
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    let look = Look::new(language);
    let title = words.fill("changes_title", &[("period", period)]);
    let mut workbook = look::workbook(&look, &title, company, day)?;
    let told = [words.get("changes_told").to_owned(), words.fill("problems_told", &[("blank", &blank.to_string())])];
    for (name, told, lines) in [("changes", &told[0], changes), ("problems", &told[1], problems)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(words.get(name))?;
        list(sheet, &title, told, lines, words, &look)?;
        look::paper(sheet, true, &look::footer(company, words.get("pages")));
    }
    workbook.save_to_buffer()
}

/// Keys of the headers with their widths.
const COLUMNS: [(&str, f64); 12] = [
    ("code", 16.0),
    ("name", 24.0),
    ("department", 13.0),
    ("owner", 9.0),
    ("changed_field", 13.0),
    ("old", 22.0),
    ("new", 22.0),
    ("checked_by", 10.0),
    ("method", 9.0),
    ("on_day", 12.0),
    ("place", 26.0),
    ("remark", 28.0),
];

fn list(
    sheet: &mut Worksheet,
    title: &str,
    told: &str,
    lines: &[Listed],
    words: &Words,
    look: &Look,
) -> Result<(), WriteError> {
    sheet.write_string_with_format(0, 0, title, &look.title)?;
    sheet.set_row_height(0, 30)?;
    let last = u16::try_from(COLUMNS.len() - 1).unwrap_or(0);
    sheet.merge_range(1, 0, 1, last, told, &look.paragraph)?;
    for (index, (key, width)) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(2, index, words.get(key), &look.header)?;
        sheet.set_column_width(index, width)?;
    }
    for (row, line) in (3_u32..).zip(lines) {
        let texts = [
            &line.customer,
            &line.name,
            &line.owner.0,
            &line.owner.1,
            &line.what,
            &line.old,
            &line.new,
            &line.by.0,
            &line.by.1,
        ];
        for (index, text) in (0_u16..).zip(texts) {
            sheet.write_string_with_format(row, index, text, &look.locked)?;
        }
        match line.day {
            Some(day) => sheet.write_datetime_with_format(row, 9, day, &look.date)?,
            None => sheet.write_blank(row, 9, &look.date)?,
        };
        let written = texts.iter().map(|text| text.as_str()).chain(["", &line.place, &line.remark]);
        let cells: Vec<(&str, f64)> = written.zip(COLUMNS).map(|(text, (_, width))| (text, width)).collect();
        sheet.set_row_height_pixels(row, look::height(&cells))?;
        sheet.write_string_with_format(row, 10, &line.place, &look.locked)?;
        sheet.write_string_with_format(row, 11, &line.remark, &look.locked)?;
    }
    if lines.is_empty() {
        sheet.merge_range(3, 0, 3, last, words.get("none"), &look.paragraph)?;
    }
    let rows = u32::try_from(lines.len()).unwrap_or(u32::MAX).max(1);
    sheet.autofilter(2, 0, 2 + rows, last)?;
    sheet.set_freeze_panes(3, 2)?;
    sheet.set_repeat_rows(2, 2)?;
    Ok(())
}
