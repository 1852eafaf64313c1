//! A report as an Excel workbook.
//!
//! Apart because it is a format among others. The same blocks and day give the same bytes: nothing here looks at a
//! clock.

use std::any::Any;
use std::borrow::Cow;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use chrono::{NaiveDate, NaiveTime};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::super::blocks::Block;
use super::super::document::{Draft, Sheet};
use super::super::look::Look;
use super::super::strings::Strings;
use super::measure::{ROW_HEIGHT, ROWS, is_cards, list_rows};
use super::sheet::{self, Book, Place};
use super::sheet_names;
use super::style::Styles;

/// The width of a column of the standard font, in pixels: it tells how wide a digit is.
const COLUMN_WIDTH: u32 = 64;
/// The most that a cell holds, in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// Cards that a sheet takes: each ends its page, and Excel takes no more than 1023 ends.
const CARDS: usize = 1000;

/// Writes a workbook.
pub fn write(
    draft: &Draft<'_>,
    company: &str,
    level: &str,
    as_of: NaiveDate,
    strings: &Strings,
    look: &Look,
) -> Result<Vec<u8>, XlsxError> {
    let written = catch_unwind(AssertUnwindSafe(|| written(draft, company, level, as_of, strings, look)));
    written.unwrap_or_else(|panic| match of_the_disk(panic.as_ref()) {
        Some(error) => Err(XlsxError::IoError(error)),
        None => resume_unwind(panic),
    })
}

/// The library breaks off where the temporary files that it streams rows to cannot be written: no bug, but a full disk.
fn of_the_disk(panic: &(dyn Any + Send)) -> Option<io::Error> {
    let words = panic.downcast_ref::<String>()?;
    let digits = words.split_once("Os { code: ")?.1.split(|letter: char| !letter.is_ascii_digit()).next()?;
    Some(io::Error::from_raw_os_error(digits.parse().ok()?))
}

fn written(
    draft: &Draft<'_>,
    company: &str,
    level: &str,
    as_of: NaiveDate,
    strings: &Strings,
    look: &Look,
) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new(strings.language(), look);
    let mut workbook = Workbook::new();
    workbook.set_default_format(&styles.standard, ROW_HEIGHT, COLUMN_WIDTH)?;
    let created =
        ExcelDateTime::parse_from_str(&as_of.and_time(NaiveTime::MIN).format("%Y-%m-%dT%H:%M:%S").to_string())?;
    let properties = DocProperties::new()
        .set_title(&draft.title)
        .set_company(company)
        .set_author(company)
        .set_category(level)
        .set_creation_datetime(&created);
    workbook.set_properties(&properties);
    let pieces: Vec<(&Sheet<'_>, &[Block<'_>])> = draft
        .sheets
        .iter()
        .flat_map(|sheet| pieces(&sheet.blocks).into_iter().map(move |blocks| (sheet, blocks)))
        .collect();
    let names = sheet_names::legal(pieces.iter().map(|(sheet, _)| sheet.name.as_str()));
    let places = pieces.iter().zip(&names).rev().map(|((sheet, blocks), name)| {
        (sheet.name.as_str(), Place { name: name.clone(), rows: list_rows(blocks, ROWS) })
    });
    let book = Book { styles: &styles, strings, look, company, level, as_of, places: places.collect(), limit: ROWS };
    for (number, ((sheet, blocks), name)) in pieces.into_iter().zip(&names).enumerate() {
        let worksheet =
            if is_streamed(blocks) { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
        worksheet.set_name(name)?;
        sheet::write(worksheet, name, blocks, &book, (sheet.one_page, number == 0))?;
    }
    workbook.save_to_buffer()
}

/// The blocks of a sheet, in so many pieces that each can be printed card by card.
fn pieces<'b, 'a>(blocks: &'b [Block<'a>]) -> Vec<&'b [Block<'a>]> {
    if is_cards(blocks) { blocks.chunks(CARDS).collect() } else { vec![blocks] }
}

/// Whether a sheet is written row by row and forgotten: every one but those with charts, whose cells are needed again.
pub fn is_streamed(blocks: &[Block<'_>]) -> bool {
    !blocks.iter().any(|block| matches!(block, Block::Chart(_)))
}

/// A text that fits into a cell, saying so where it was cut.
pub fn fit<'t>(text: &'t str, strings: &Strings) -> Cow<'t, str> {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    let end = strings.fill("list.cut_text", &[("count", &text.chars().count())]);
    let mut left = LONGEST_TEXT - end.encode_utf16().count().min(LONGEST_TEXT);
    let kept: String = text
        .chars()
        .take_while(|letter| {
            let fits = letter.len_utf16() <= left;
            left = left.saturating_sub(letter.len_utf16());
            fits
        })
        .collect();
    Cow::Owned(kept + &end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_bug() {
        let words =
            "Couldn't write to xml file: Os { code: 28, kind: StorageFull, message: \"No space left on device\" }";
        let error = of_the_disk(&words.to_owned()).expect("of the disk");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(of_the_disk(&"index out of bounds".to_owned()).is_none() && of_the_disk(&1).is_none());
    }
}
