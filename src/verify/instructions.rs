//! The sheet that says how the list is to be filled in, and what becomes of it.
//!
//! Apart because it is read once and the list every day. Its sentences stand among the words of the reports.

use rust_xlsxwriter::Worksheet;

use super::WriteError;
use super::form::Form;
use super::look::{self, Look};
use super::words::Answered;

/// Keys of the sentences, in their order.
const SENTENCES: [&str; 8] = ["how_1", "how_2", "how_3", "how_4", "how_5", "how_6", "how_7", "how_8"];

/// Writes the sheet.
pub fn write(sheet: &mut Worksheet, form: &Form<'_>, look: &Look) -> Result<(), WriteError> {
    let words = form.words;
    sheet.set_column_width(0, 16)?;
    sheet.set_column_width(1, 78)?;
    sheet.write_string_with_format(0, 0, words.get("instructions"), &look.title)?;
    sheet.set_row_height(0, 30)?;
    let deadline = form.batch.deadline.to_string();
    let places = [("deadline", deadline.as_str()), ("contact", form.contact), ("period", form.period)];
    let mut row = 1;
    for (number, key) in (1..).zip(SENTENCES) {
        let sentence = format!("{number}. {}", words.fill(key, &places));
        sheet.merge_range(row, 0, row, 1, &sentence, &look.paragraph)?;
        sheet.set_row_height(row, if sentence.chars().count() > 60 { 36 } else { 20 })?;
        row += 1;
    }
    row += 1;
    sheet.write_string_with_format(row, 0, words.get("result"), &look.header)?;
    sheet.write_string_with_format(row, 1, words.get("meaning"), &look.header)?;
    for (_, key) in Answered::ALL {
        row += 1;
        sheet.write_string_with_format(row, 0, words.get(key), &look.centred)?;
        sheet.write_string_with_format(row, 1, words.get(&format!("{key}_means")), &look.locked)?;
    }
    row += 2;
    for sentence in form.left_out {
        sheet.merge_range(row, 0, row, 1, sentence, &look.strong)?;
        row += 1;
    }
    sheet.merge_range(row, 0, row, 1, words.get("purpose"), &look.note)?;
    sheet.set_row_height(row, 36)?;
    look::paper(sheet, false, &look::footer(form.company, words.get("pages")));
    sheet.protect();
    Ok(())
}
