//! Letters to customers: 核对函 with the slip to send back, one A4 page each, numbered through the round.
//!
//! Apart because they leave the company: they are made only when asked for, and somebody prints, seals and sends them.
//! The positive form wants an answer in any case, the negative one only where something is wrong.

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet};

use super::WriteError;
use super::look::{self, Look};
use super::round::{Field, Issued};
use super::words::Words;
use crate::text::Language;

/// Whether an answer is wanted in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// 积极式.
    Positive,
    /// 消极式.
    Negative,
}

/// What letters are made of.
pub struct Letters<'a> {
    /// The company, which signs and seals.
    pub company: &'a str,
    /// The language.
    pub language: Language,
    /// The words.
    pub words: &'a Words,
    /// The day of the letters.
    pub day: NaiveDate,
    /// The last day for an answer.
    pub reply_by: NaiveDate,
    /// Whom to answer.
    pub contact: &'a str,
    /// The fields that are told.
    pub asked: &'a [Field],
    /// Number, tone and customer of each.
    pub letters: &'a [(String, Tone, &'a Issued)],
}

/// The number of a letter: 核对函[2026]Q4-0001.
pub fn number(words: &Words, period: &str, count: u32) -> String {
    let (year, rest) = period.split_at(period.len().min(4));
    let rest = rest.trim_start_matches('-');
    let between = if rest.is_empty() { "" } else { "-" };
    let number = format!("{count:04}");
    words.fill("letter_number", &[("year", year), ("period", rest), ("between", between), ("number", &number)])
}

/// Rows that a letter takes, slip included.
const COLUMNS: u16 = 4;

/// Writes a workbook with a page a customer.
///
/// # Errors
/// Where it cannot be written.
pub fn write(letters: &Letters<'_>) -> Result<Vec<u8>, WriteError> {
    let look = Look::new(letters.language);
    let mut workbook = look::workbook(&look, letters.words.get("letter"), letters.company, letters.day)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(letters.words.get("letter"))?;
    for (column, width) in [(0, 20.0), (1, 26.0), (2, 20.0), (3, 26.0)] {
        sheet.set_column_width(column, width)?;
    }
    let mut row = 0;
    let mut breaks = Vec::new();
    for (number, tone, issued) in letters.letters {
        row = page(sheet, row, letters, number, *tone, issued, &look)?;
        breaks.push(row);
    }
    breaks.pop();
    if !breaks.is_empty() {
        sheet.set_page_breaks(&breaks)?;
    }
    look::paper(sheet, false, &look::footer(letters.company, letters.words.get("pages")));
    workbook.save_to_buffer()
}

/// One letter from a row on; returns the row after it.
fn page(
    sheet: &mut Worksheet,
    first: u32,
    letters: &Letters<'_>,
    number: &str,
    tone: Tone,
    issued: &Issued,
    look: &Look,
) -> Result<u32, WriteError> {
    let words = letters.words;
    let reply_by = letters.reply_by.to_string();
    let places = [
        ("company", letters.company),
        ("reply_by", reply_by.as_str()),
        ("contact", letters.contact),
        ("number", number),
    ];
    let centred = look.title.clone().set_align(FormatAlign::Center);
    let right = look.standard.clone().set_align(FormatAlign::Right);
    let mut row = first;
    let mut line = |sheet: &mut Worksheet, text: &str, format: &Format, height: u32| -> Result<(), WriteError> {
        sheet.merge_range(row, 0, row, COLUMNS - 1, text, format)?;
        sheet.set_row_height(row, height)?;
        row += 1;
        Ok(())
    };
    line(sheet, words.get("letter_title"), &centred, 34)?;
    line(sheet, &words.fill("letter_no", &places), &right, 18)?;
    line(sheet, &words.fill("letter_to", &[("customer", &issued.name)]), &look.strong, 22)?;
    line(sheet, &words.fill("letter_purpose", &places), &look.paragraph, 52)?;
    let tone_key = if tone == Tone::Positive { "letter_positive" } else { "letter_negative" };
    line(sheet, &words.fill(tone_key, &places), &look.paragraph, 36)?;
    line(sheet, words.get("letter_no_demand"), &look.paragraph, 20)?;
    for field in letters.asked {
        let value = issued.values.get(&field.name).map(String::as_str).unwrap_or_default();
        let value = if value.is_empty() { words.get("empty") } else { value };
        sheet.write_string_with_format(row, 0, &field.label, &look.header)?;
        sheet.merge_range(row, 1, row, COLUMNS - 1, value, &look.locked)?;
        row += 1;
    }
    row += 1;
    let mut line = |sheet: &mut Worksheet, text: &str, format: &Format, height: u32| -> Result<(), WriteError> {
        sheet.merge_range(row, 0, row, COLUMNS - 1, text, format)?;
        sheet.set_row_height(row, height)?;
        row += 1;
        Ok(())
    };
    line(sheet, &words.fill("letter_contact", &places), &look.paragraph, 20)?;
    line(sheet, &words.fill("letter_seal", &places), &right, 40)?;
    line(sheet, &letters.day.to_string(), &right, 18)?;
    let cut = look.note.clone().set_align(FormatAlign::Center).set_border_bottom(FormatBorder::Dashed);
    line(sheet, words.get("letter_cut"), &cut, 20)?;
    line(sheet, words.get("slip_title"), &centred, 30)?;
    line(sheet, &words.fill("letter_no", &places), &right, 18)?;
    line(sheet, &words.fill("slip_to", &places), &look.strong, 22)?;
    line(sheet, words.get("slip_right"), &look.paragraph, 22)?;
    line(sheet, words.get("slip_wrong"), &look.paragraph, 22)?;
    line(sheet, "", &look.locked, 56)?;
    line(sheet, words.get("slip_sign"), &look.paragraph, 48)?;
    Ok(row)
}
