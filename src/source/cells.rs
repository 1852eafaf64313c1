//! The cells of a workbook as a person sees them: numbers, dates and errors as text.
//!
//! Apart because it is the one place that knows what a spreadsheet cell can be, and because lists that come back are
//! read by it too. Numbers become the text that a person sees; dates become ISO text; a number of sixteen digits or
//! more is marked, for its last digits are not its own. Texts are written into a buffer that is used again: a sheet has
//! millions of cells.

use std::borrow::Cow;
use std::fmt::Write;

use calamine::{Data, DataRef, ExcelDateTime};
use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};

use crate::text;
use crate::text::Text;

/// From here on a double cannot hold every integer's digits: sixteen of them.
const SIXTEEN_DIGITS: f64 = 1e15;

/// What WPS writes where a picture lies in a cell.
const PICTURES: [&str; 2] = ["=DISPIMG(", "=_xlfn.DISPIMG("];

/// What is shown for a picture in a cell.
pub const PICTURE: &str = "图片";

/// What a cell is beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellMark {
    /// Nothing else.
    Plain,
    /// An error such as #N/A.
    Error,
    /// A number that has lost digits.
    LostDigits,
    /// A date.
    Date,
    /// A picture.
    Picture,
}

/// Whether a text, shown or a formula, stands for a picture.
pub fn is_picture(text: &str) -> bool {
    text.starts_with('=') && PICTURES.iter().any(|start| text.starts_with(start))
}

/// The text of a cell, and what it is beside it.
pub fn written(cell: &Data) -> (Cow<'_, str>, CellMark) {
    match cell {
        Data::Empty => (Cow::Borrowed(""), CellMark::Plain),
        Data::String(text) => text_cell(text),
        Data::DurationIso(text) => (Cow::Borrowed(text), CellMark::Plain),
        other => {
            let mut text = String::new();
            let mark = write_value(&value_of(other), &mut text);
            (Cow::Owned(text), mark)
        }
    }
}

/// Hands the text of a cell on, with what it is beside it; texts go through as they are, all else by way of the buffer.
pub fn with_text<R>(cell: &DataRef<'_>, buffer: &mut String, then: impl FnOnce(&str, CellMark) -> R) -> R {
    // Most cells are plain texts: they go through without a further look.
    let text = match cell {
        DataRef::SharedString(text) => Some(*text),
        DataRef::String(text) => Some(text.as_str()),
        _ => None,
    };
    if let Some(text) = text {
        return match text.as_bytes().first() {
            Some(b'#' | b'=') => {
                let (text, mark) = text_cell(text);
                then(&text, mark)
            }
            _ => then(text, CellMark::Plain),
        };
    }
    match cell {
        DataRef::DurationIso(text) => then(text, CellMark::Plain),
        DataRef::Empty => then("", CellMark::Plain),
        other => {
            buffer.clear();
            let mark = write_value(other, buffer);
            then(buffer, mark)
        }
    }
}

/// A text: itself, a picture, or an error, which .ods keeps as text.
fn text_cell(text: &str) -> (Cow<'_, str>, CellMark) {
    match text.as_bytes().first() {
        Some(b'#') if is_error_text(text) => (Cow::Borrowed(text), CellMark::Error),
        Some(b'=') if is_picture(text) => (Cow::Borrowed(PICTURE), CellMark::Picture),
        _ => (Cow::Borrowed(text), CellMark::Plain),
    }
}

fn is_error_text(text: &str) -> bool {
    matches!(text, "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NUM!" | "#NULL!")
}

fn value_of(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::String(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::Empty => DataRef::Empty,
    }
}

fn write_value(cell: &DataRef<'_>, buffer: &mut String) -> CellMark {
    match cell {
        DataRef::Int(number) => {
            push_whole(buffer, *number);
            if number.unsigned_abs() >= 1_000_000_000_000_000 { CellMark::LostDigits } else { CellMark::Plain }
        }
        DataRef::Float(number) => write_number(*number, buffer),
        DataRef::Bool(value) => {
            buffer.push_str(if *value { "TRUE" } else { "FALSE" });
            CellMark::Plain
        }
        DataRef::DateTime(value) => write_date(value, buffer),
        DataRef::DateTimeIso(text) => write_iso(text, buffer),
        DataRef::Error(error) => {
            let _ = write!(buffer, "{error}");
            CellMark::Error
        }
        DataRef::String(text) | DataRef::DurationIso(text) => {
            buffer.push_str(text);
            CellMark::Plain
        }
        DataRef::SharedString(text) => {
            buffer.push_str(text);
            CellMark::Plain
        }
        DataRef::Empty => CellMark::Plain,
    }
}

/// A number as a spreadsheet shows it, and whether it has lost digits.
pub fn number(value: f64) -> (String, CellMark) {
    let mut text = String::new();
    let mark = write_number(value, &mut text);
    (text, mark)
}

/// A number as a spreadsheet shows it: whole without a point, otherwise at most fifteen significant digits.
fn write_number(number: f64, buffer: &mut String) -> CellMark {
    if number.fract() == 0.0 {
        if number.abs() < SIXTEEN_DIGITS {
            if number == 0.0 && number.is_sign_negative() {
                buffer.push('-');
            }
            #[expect(clippy::cast_possible_truncation, reason = "whole, and of fifteen digits at most")]
            push_whole(buffer, number as i64);
            return CellMark::Plain;
        }
        let _ = write!(buffer, "{number}"); // the shortest digits that are this number, then zeros
        return CellMark::LostDigits;
    }
    if write_fraction(number, buffer) {
        return CellMark::Plain;
    }
    let start = buffer.len();
    let _ = write!(buffer, "{number}");
    let digits = buffer.get(start..).unwrap_or_default().trim_start_matches(['-', '0', '.']);
    if digits.bytes().filter(u8::is_ascii_digit).count() > 15 {
        buffer.truncate(start);
        let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        let _ = write!(buffer, "{shown}");
    }
    CellMark::Plain
}

/// Writes a number of a few decimals, as amounts are, without reckoning its shortest digits. Whether it is one.
fn write_fraction(number: f64, buffer: &mut String) -> bool {
    let size = number.abs();
    if !(1e-4..1e9).contains(&size) {
        return false;
    }
    for (factor, places) in [(100.0, 2), (10_000.0, 4)] {
        let scaled = (size * factor).round();
        // What is divided exactly like the number is its shortest text: no two decimals of so few digits are one double.
        if scaled / factor == size {
            #[expect(clippy::cast_possible_truncation, reason = "below 1e13")]
            let scaled = scaled as i64;
            let unit = 10_i64.pow(places);
            if number < 0.0 {
                buffer.push('-');
            }
            push_whole(buffer, scaled / unit);
            buffer.push('.');
            push_digits(buffer, scaled % unit, places as usize);
            buffer.truncate(buffer.trim_end_matches('0').len());
            return true;
        }
    }
    false
}

fn push_whole(buffer: &mut String, number: i64) {
    if number < 0 {
        buffer.push('-');
    }
    push_unsigned(buffer, number.unsigned_abs(), 1);
}

/// A number of at least so many digits, with zeros before it.
fn push_digits(buffer: &mut String, number: i64, least: usize) {
    push_unsigned(buffer, number.unsigned_abs(), least);
}

fn push_unsigned(buffer: &mut String, number: u64, least: usize) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    let mut rest = number;
    while rest > 0 || digits.len() - start < least {
        start -= 1;
        digits[start] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    buffer.push_str(std::str::from_utf8(&digits[start..]).unwrap_or_default());
}

fn write_date(value: &ExcelDateTime, buffer: &mut String) -> CellMark {
    if value.is_duration() {
        let seconds = value.as_duration().map_or(0, |duration| duration.num_seconds());
        let _ = write!(buffer, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return CellMark::Plain;
    }
    match value.as_datetime() {
        Some(exact) => {
            write_moment(exact, buffer);
            CellMark::Date
        }
        None => {
            let _ = write!(buffer, "{}", value.as_f64());
            CellMark::Plain
        }
    }
}

fn write_iso(text: &str, buffer: &mut String) -> CellMark {
    let exact = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    match exact {
        Some(exact) => write_moment(exact, buffer),
        None => buffer.push_str(text),
    }
    CellMark::Date
}

/// A day, with its time where it has one; spreadsheet times are rounded to the second.
fn write_moment(exact: NaiveDateTime, buffer: &mut String) {
    let rounded = exact.checked_add_signed(TimeDelta::milliseconds(500)).unwrap_or(exact);
    if !(0..=9999).contains(&rounded.year()) {
        let _ = write!(buffer, "{}", rounded.format("%Y-%m-%d %H:%M:%S"));
        return;
    }
    push_digits(buffer, i64::from(rounded.year()), 4);
    buffer.push('-');
    push_digits(buffer, i64::from(rounded.month()), 2);
    buffer.push('-');
    push_digits(buffer, i64::from(rounded.day()), 2);
    if rounded.num_seconds_from_midnight() == 0 {
        return;
    }
    buffer.push(' ');
    push_digits(buffer, i64::from(rounded.hour()), 2);
    buffer.push(':');
    push_digits(buffer, i64::from(rounded.minute()), 2);
    if rounded.second() > 0 {
        buffer.push(':');
        push_digits(buffer, i64::from(rounded.second()), 2);
    }
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

/// What is said of a workbook that only opens with a password which nobody told.
pub fn password() -> Text {
    text!(
        "文件有打开密码，读不了；请去掉密码后另存、请提供者重发，或在来源中写 password = \"env:…\"",
        "the workbook is protected by a password; save it without one, ask its owner for a copy, or give the source \
         password = \"env:…\""
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
            (-5.25, "-5.25", CellMark::Plain),
            (12_345.678_9, "12345.6789", CellMark::Plain),
            (0.000_012, "0.000012", CellMark::Plain),
            (999_999_999_999_999.0, "999999999999999", CellMark::Plain),
            (6_222_021_001_116_240_000.0, "6222021001116240000", CellMark::LostDigits),
        ] {
            assert_eq!(super::number(number), (text.to_owned(), mark));
        }
    }

    proptest::proptest! {
        #[test]
        fn quick_writing_says_what_slow_writing_says(cents in -2_000_000_000_000_i64..2_000_000_000_000, places in 0_i32..6) {
            let number = cents as f64 / 10_f64.powi(places);
            let slow: f64 = format!("{number:.14e}").parse().unwrap_or(number);
            proptest::prop_assert_eq!(super::number(number).0, slow.to_string());
        }
    }

    #[test]
    fn a_picture_is_neither_text_nor_error() {
        for text in ["=DISPIMG(\"ID_1\",1)", "=_xlfn.DISPIMG(\"ID_1\",1)"] {
            assert_eq!(written(&Data::String(text.to_owned())), (Cow::Borrowed(PICTURE), CellMark::Picture));
        }
        assert_eq!(written(&Data::String("=0571".to_owned())).1, CellMark::Plain);
    }
}
