//! The cells of a workbook as a person sees them: numbers, dates and errors as text.
//!
//! Apart because it is the one place that knows what a spreadsheet cell can be, and because lists that come back are
//! read by it too. Numbers become the text that a person sees; dates become ISO text; a number of sixteen digits or
//! more is marked, for its last digits are not its own.

use std::borrow::Cow;
use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Sheets};
use chrono::{NaiveDateTime, TimeDelta, Timelike};

use crate::text;
use crate::text::Text;

/// From here on a double cannot hold every integer's digits: sixteen of them.
const SIXTEEN_DIGITS: f64 = 1e15;

/// What a cell is beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellMark {
    /// Nothing else.
    Plain,
    /// An error such as #N/A.
    Error,
    /// A number that has lost digits.
    LostDigits,
}

/// Opens a workbook from its bytes.
///
/// # Errors
/// Where it is protected by a password, damaged, or none.
pub fn open(bytes: Vec<u8>) -> Result<Sheets<Cursor<Vec<u8>>>, Text> {
    if has_encrypted_package(&bytes) {
        return Err(password());
    }
    calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| explain(&error.to_string()))
}

/// The text of a cell, and what it is beside it.
pub fn written(cell: &Data) -> (Cow<'_, str>, CellMark) {
    match cell {
        Data::Empty => (Cow::Borrowed(""), CellMark::Plain),
        Data::String(text) if is_error_text(text) => (Cow::Borrowed(text), CellMark::Error),
        Data::String(text) | Data::DurationIso(text) => (Cow::Borrowed(text), CellMark::Plain),
        Data::Int(number) => {
            let mark =
                if number.unsigned_abs() >= 1_000_000_000_000_000 { CellMark::LostDigits } else { CellMark::Plain };
            (Cow::Owned(number.to_string()), mark)
        }
        Data::Float(number) => number_text(*number),
        Data::Bool(value) => (Cow::Borrowed(if *value { "TRUE" } else { "FALSE" }), CellMark::Plain),
        Data::DateTime(value) => (Cow::Owned(date_text(value)), CellMark::Plain),
        Data::DateTimeIso(text) => (Cow::Owned(iso_text(text)), CellMark::Plain),
        Data::Error(error) => (Cow::Owned(error.to_string()), CellMark::Error),
    }
}

/// .ods keeps errors as text.
fn is_error_text(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!")
}

/// A number as a spreadsheet shows it: whole without a point, otherwise at most fifteen significant digits.
fn number_text(number: f64) -> (Cow<'static, str>, CellMark) {
    if number.fract() == 0.0 {
        let mark = if number.abs() >= SIXTEEN_DIGITS { CellMark::LostDigits } else { CellMark::Plain };
        return (Cow::Owned(number.to_string()), mark); // the shortest digits that are this number, then zeros
    }
    let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    (Cow::Owned(shown.to_string()), CellMark::Plain)
}

fn date_text(value: &ExcelDateTime) -> String {
    if value.is_duration() {
        let seconds = value.as_duration().map_or(0, |duration| duration.num_seconds());
        return format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    value.as_datetime().map_or_else(|| value.as_f64().to_string(), date_and_time)
}

fn iso_text(text: &str) -> String {
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .map_or_else(|| text.to_owned(), date_and_time)
}

/// A day, with its time where it has one; spreadsheet times are rounded to the second.
fn date_and_time(exact: NaiveDateTime) -> String {
    let rounded = exact.checked_add_signed(TimeDelta::milliseconds(500)).unwrap_or(exact);
    if rounded.num_seconds_from_midnight() == 0 {
        rounded.format("%Y-%m-%d").to_string()
    } else if rounded.second() == 0 {
        rounded.format("%Y-%m-%d %H:%M").to_string()
    } else {
        rounded.format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// An encrypted workbook is an OLE file with a stream of this name, in UTF-16.
fn has_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) && memchr::memmem::find(bytes, &name).is_some()
}

fn password() -> Text {
    text!(
        "文件有打开密码，读不了；请去掉密码后另存，或请提供者重发",
        "the workbook is protected by a password; save it without one, or ask its owner for a copy"
    )
}

/// What a reader's error means, for the person who has the file.
pub fn explain(error: &str) -> Text {
    if error.contains("password") {
        return password();
    }
    text!(
        "工作簿已损坏或没有复制完整（{error}）；请用 Excel 或 WPS 打开检查后重新保存",
        "the workbook is damaged or only half copied ({error}); open it in Excel or WPS and save it again"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_see_them() {
        for (number, text, mark) in [
            (13_800_138_000.0, "13800138000", CellMark::Plain),
            (1200.1_f64.next_down(), "1200.1", CellMark::Plain),
            (0.1, "0.1", CellMark::Plain),
            (-5.0, "-5", CellMark::Plain),
            (999_999_999_999_999.0, "999999999999999", CellMark::Plain),
            (6_222_021_001_116_240_000.0, "6222021001116240000", CellMark::LostDigits),
        ] {
            assert_eq!(number_text(number), (Cow::Owned(text.to_owned()), mark));
        }
    }
}
