//! Text files: .csv .tsv .txt, whatever their encoding and separator.
//!
//! Apart because text needs decoding before anything else, and because its records are counted here: every record
//! counts as a row, a blank one too, and a line break inside quotes does not (default rules, "Place"). A plain file is
//! split in pieces side by side; one with odd rows is read record by record.

mod blocks;
mod cutting;
mod decoding;
mod quotes;
mod records;
mod side_by_side;

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::Encoding;
use memchr::memmem;
use polars::prelude::{Series, StringChunked};

use super::cells::CellMark;
use super::grid::GridBuilder;
use super::header::HEAD_ROWS;
use super::sheet::{Below, Cells, Sheet, SheetBody};
use crate::config::SourceConfig;
use crate::dataset::raw::RowNumbers;
use crate::text;
use crate::text::Text;
pub use blocks::BlockBody;
use blocks::STEPS;
use decoding::decode;
use records::Records;

/// What separates cells where nobody says so.
pub const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Stands in for a full-width comma between cells, for the parsers take one byte.
const UNIT_SEPARATOR: u8 = 0x1F;
const FULL_WIDTH_COMMA: &str = "，";
/// So many rows with characters that could not be decoded are named.
const BROKEN_ROWS: usize = 3;

/// What a user said about a text file.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextWish {
    /// Its encoding; nothing: found out.
    pub encoding: Option<&'static Encoding>,
    /// What stands between its cells; nothing: found out.
    pub separator: Option<char>,
}

impl TextWish {
    /// What one of the sources of a file says, the first that does.
    pub fn of<'c>(sources: impl Iterator<Item = &'c SourceConfig> + Clone) -> Self {
        Self {
            encoding: sources.clone().find_map(|source| source.encoding),
            separator: sources.clone().find_map(|source| source.cells.separator),
        }
    }
}

/// A decoded text file.
pub struct TextBody {
    text: String,
    separator: u8,
    /// Whether a cell may be written as ="0571", which keeps spreadsheets from reading a number.
    wrapped: bool,
}

/// Opens a text file that need not be in memory as a whole and shows its first rows; nothing where it has to be.
pub fn open_in_blocks(path: &Path, wish: &TextWish) -> Option<Sheet> {
    blocks::open(path, wish, STEPS)
}

/// Decodes a text file and shows its first rows.
///
/// # Errors
/// Where it is no text at all.
pub fn open(bytes: Vec<u8>, wish: &TextWish) -> Result<Sheet, Text> {
    let (text, encoding, broken) = decode(bytes, wish.encoding)?;
    let (text, separator) = separated(text, wish.separator);
    let mut remarks: Vec<Text> = Vec::new();
    if broken {
        remarks.push(broken_characters(&text, separator));
    }
    if let Some(place) = quotes::swallowing(&text, char::from(separator).encode_utf8(&mut [0; 4])) {
        return Err(unclosed_quote(&text, separator, place));
    }
    let wrapped = memmem::find(text.as_bytes(), b"=\"").is_some();
    let mut head = Vec::new();
    for record in Records::new(&text, separator).take(HEAD_ROWS) {
        let mut cells = record?;
        if wrapped {
            cells.iter_mut().for_each(|cell| *cell = unwrapped(cell).into_owned());
        }
        head.push(cells);
    }
    Ok(Sheet {
        head,
        encoding,
        remarks,
        body: SheetBody::Text(TextBody { text, separator, wrapped }),
        ..Sheet::default()
    })
}

/// What is said of a file that a quote makes unreadable: the row is that of the record which it stands in.
fn unclosed_quote(text: &str, separator: u8, place: usize) -> Text {
    let mut records = Records::new(text, separator);
    let mut row = 1_u64;
    while records.next().is_some() && records.offset <= place {
        row += 1;
    }
    text!(
        "第 {row} 行有一个英文双引号没有闭合，其后的行会被并入这一格，所以整个文件未读；请补上或删去这个引号",
        "a quotation mark in row {row} is never closed and would make one cell of the rows below, so the file was not \
         read; close or delete it"
    )
}

/// What could not be decoded, with the first rows that it stands in.
fn broken_characters(text: &str, separator: u8) -> Text {
    let count = text.matches('\u{FFFD}').count();
    let rows: Vec<String> = (1_u64..)
        .zip(Records::new(text, separator))
        .filter(|(_, record)| record.as_ref().is_ok_and(|cells| cells.iter().any(|cell| cell.contains('\u{FFFD}'))))
        .map(|(row, _)| row.to_string())
        .take(BROKEN_ROWS)
        .collect();
    let (zh, en) = (rows.join("、"), rows.join(", "));
    text!("{count} 个字符无法解码，首见于第 {zh} 行", "{count} characters cannot be decoded, first in rows {en}")
}

/// The text as the parsers take it, and the byte between its cells. A full-width comma separates where the user says
/// so, or where no other sign splits the first records and it does.
fn separated(text: String, wished: Option<char>) -> (String, u8) {
    if let Some(wished) = wished.and_then(|wished| u8::try_from(wished).ok()) {
        return (text, wished);
    }
    let found = separator(&text);
    if wished.is_none() && (splits(&text, found) || !text.contains('，')) {
        return (text, found);
    }
    let mut replaced = String::with_capacity(text.len());
    let between = char::from(UNIT_SEPARATOR).to_string();
    let mut rest = 0;
    for quoted in quotes::QuotedCells::new(&text, FULL_WIDTH_COMMA) {
        let end = quoted.end.map_or(text.len(), |end| end + 1);
        replaced.push_str(&text[rest..quoted.start].replace(FULL_WIDTH_COMMA, &between));
        replaced.push_str(&text[quoted.start..end]);
        rest = end;
    }
    replaced.push_str(&text[rest..].replace(FULL_WIDTH_COMMA, &between));
    (replaced, UNIT_SEPARATOR)
}

/// Whether a sign makes more than one cell of one of the first records.
fn splits(text: &str, separator: u8) -> bool {
    Records::new(text, separator).take(HEAD_ROWS).filter_map(Result::ok).any(|record| record.len() > 1)
}

/// A cell out of ="…".
fn unwrapped(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(cell),
    }
}

/// A column out of ="…", and how many cells were.
fn unwrap(values: &StringChunked) -> (StringChunked, u64) {
    let mut count = 0;
    let cells = values.iter().map(|cell| {
        let inner = unwrapped(cell?);
        count += u64::from(matches!(cell, Some(cell) if cell.len() != inner.len()));
        (!inner.is_empty()).then_some(inner)
    });
    let made: StringChunked = cells.collect();
    (if count > 0 { made } else { values.clone() }, count)
}

/// The separator that splits the first records into most cells, alike in most of them.
fn separator(text: &str) -> u8 {
    let widest = |separator: &u8| -> usize {
        let widths: Vec<usize> =
            Records::new(text, *separator).take(HEAD_ROWS).filter_map(Result::ok).map(|record| record.len()).collect();
        let mut best = 0;
        for width in &widths {
            let alike = widths.iter().filter(|other| *other == width).count();
            if *width > 1 {
                best = best.max(alike * width);
            }
        }
        best
    };
    // The first of equals: a comma.
    SEPARATORS.into_iter().rev().max_by_key(|separator| widest(separator)).unwrap_or(b',')
}

/// Whether a carriage return stands without a line feed, which parsers take for the end of a record and others do not.
fn has_bare_returns(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', text).any(|at| text.get(at + 1).is_some_and(|next| *next != b'\n'))
}

/// The rows below a header by their columns; where cells may be wrapped, what stands in them.
fn below_of(columns: Vec<StringChunked>, first: u32, wrapped: bool) -> Below {
    let cells = |values| Cells { values, errors: Vec::new(), lost_digits: Vec::new() };
    let columns = columns.into_iter().map(cells).collect();
    let mut below = Below { columns, rows: RowNumbers::From(first), remarks: Vec::new(), cut: Vec::new() };
    if wrapped {
        unwrap_cells(&mut below);
    }
    below
}

/// Takes all cells out of ="…", and says how many were.
fn unwrap_cells(below: &mut Below) {
    let mut count = 0;
    for cells in &mut below.columns {
        let (values, unwrapped) = unwrap(&cells.values);
        cells.values = values;
        count += unwrapped;
    }
    if count > 0 {
        below.remarks.push(text!(
            "{count} 格写作 =\"…\"，取出了引号里的内容",
            "{count} cells are written as =\"…\": what stands between the quotes was taken"
        ));
    }
}

impl TextBody {
    /// The byte between its cells.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// The records below a header record counted from 0, as wide as the header.
    pub fn below(&self, header: usize, width: usize) -> Result<Below, Text> {
        match self.below_in_pieces(header, width, side_by_side::piece_of(self.text.len())) {
            Some(below) => Ok(below),
            None => self.below_one_by_one(header, width),
        }
    }

    /// Pieces of the file side by side, where they are split exactly as we count; nothing where they might not be.
    fn below_in_pieces(&self, header: usize, width: usize, step: usize) -> Option<Below> {
        let mut records = Records::new(&self.text, self.separator);
        for _ in 0..header {
            records.next()?.ok()?;
        }
        let names = records.next()?.ok()?;
        let body = records.offset..self.text.len();
        let rest = self.text.as_bytes().get(body.clone())?;
        if names.len() < width || has_bare_returns(rest) {
            return None;
        }
        let columns = side_by_side::columns(&self.text, body, self.separator, names.len(), step)?;
        Some(below_of(columns, u32::try_from(header + 2).ok()?, self.wrapped))
    }

    fn below_one_by_one(&self, header: usize, width: usize) -> Result<Below, Text> {
        let mut grid = GridBuilder::default();
        let mut beyond = 0_u64;
        for (index, record) in Records::new(&self.text, self.separator).enumerate() {
            let record = record?;
            let Some(row) = (index.checked_sub(header + 1)).and_then(|row| u32::try_from(row).ok()) else { continue };
            grid.extend_to(row as usize + 1);
            beyond += u64::from(record.len() > width && record[width..].iter().any(|cell| !cell.trim().is_empty()));
            for (column, cell) in (0..).zip(record.iter().take(width)) {
                if !cell.is_empty() {
                    grid.add(row, column, cell, CellMark::Plain);
                }
            }
        }
        let height = grid.height();
        let cut = grid.take_notes().cut;
        let (_, mut columns) = grid.finish();
        while columns.len() < width {
            let values = Series::new_null("c".into(), height);
            let values =
                values.cast(&polars::prelude::DataType::String).ok().and_then(|values| values.str().ok().cloned());
            columns.push(Cells { values: values.unwrap_or_default(), errors: Vec::new(), lost_digits: Vec::new() });
        }
        let remarks = if beyond > 0 {
            vec![text!("{beyond} 行有超出表头的单元格，未读", "{beyond} rows have cells beyond the header, not read")]
        } else {
            Vec::new()
        };
        let first = u32::try_from(header + 2).unwrap_or(u32::MAX);
        let cut = cut.into_iter().map(|(row, column)| (row.saturating_add(first - 1), column)).collect();
        let mut below = Below { columns, rows: RowNumbers::From(first), remarks, cut };
        if self.wrapped {
            unwrap_cells(&mut below);
        }
        Ok(below)
    }
}

#[cfg(test)]
mod tests;
