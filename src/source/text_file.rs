//! Text files: .csv .tsv .txt, whatever their encoding and separator.
//!
//! Apart because text needs decoding before anything else, and because its records are counted here: every record
//! counts as a row, a blank one too, and a line break inside quotes does not (default rules, "Place"). A plain file is
//! split in pieces side by side; one with odd rows is read record by record.

mod decoding;
mod quotes;
mod records;
mod side_by_side;

use std::borrow::Cow;

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
    let splits = |text: &str, separator: u8| {
        Records::new(text, separator).take(HEAD_ROWS).filter_map(Result::ok).any(|record| record.len() > 1)
    };
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

impl TextBody {
    /// The byte between its cells.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// The records below a header record counted from 0, as wide as the header.
    pub fn below(&self, header: usize, width: usize) -> Result<Below, Text> {
        let mut below = match self.below_in_pieces(header, width, side_by_side::piece_of(self.text.len())) {
            Some(below) => below,
            None => self.below_one_by_one(header, width)?,
        };
        if self.wrapped {
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
        Ok(below)
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
        let has_bare_returns =
            memchr::memchr_iter(b'\r', rest).any(|at| rest.get(at + 1).is_some_and(|next| *next != b'\n'));
        if names.len() < width || has_bare_returns {
            return None;
        }
        let columns = side_by_side::columns(&self.text, body, self.separator, names.len(), step)?;
        let columns =
            columns.into_iter().map(|values| Cells { values, errors: Vec::new(), lost_digits: Vec::new() }).collect();
        let first = u32::try_from(header + 2).ok()?;
        Some(Below { columns, rows: RowNumbers::From(first), remarks: Vec::new(), cut: Vec::new() })
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
        Ok(Below { columns, rows: RowNumbers::From(first), remarks, cut })
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;
    use crate::source::grid::MOST_CHARACTERS;

    fn rows(text: &str) -> Vec<Vec<String>> {
        Records::new(text, b',').map(|record| record.expect("a record")).collect()
    }

    #[test]
    fn a_blank_line_is_a_record_and_a_quoted_line_break_is_not() {
        let text = "a,b\r\n\r\n\"x\ny\",2\r\n,\n\"q\"\"r\",4";
        assert_eq!(rows(text), [vec!["a", "b"], vec![], vec!["x\ny", "2"], vec!["", ""], vec!["q\"r", "4"]]);
    }

    #[test]
    fn a_mark_within_a_file_belongs_to_its_value() {
        let text = "\u{FEFF}a,b\n\u{FEFF}1,2\n\"\u{FEFF}3\",4\n";
        assert_eq!(rows(text), [vec!["\u{FEFF}a", "b"], vec!["\u{FEFF}1", "2"], vec!["\u{FEFF}3", "4"]]);
    }

    #[test]
    fn both_ways_of_reading_agree() {
        let plain = "编号,名称,备注\n1,甲,\"a\nb\"\n2,,c\n,,\n3,\"\"\"引号\"\"\",\n";
        let body = TextBody { text: plain.to_owned(), separator: b',', wrapped: false };
        let fast = body.below_in_pieces(0, 3, 1).expect("a plain file");
        let slow = body.below_one_by_one(0, 3).expect("records");
        for (left, right) in fast.columns.iter().zip(&slow.columns) {
            let left: Vec<_> = left.values.iter().collect();
            let right: Vec<_> = right.values.iter().collect();
            assert_eq!(left, right);
        }
        assert_eq!(fast.columns.len(), slow.columns.len());
    }

    proptest::proptest! {
        #[test]
        fn pieces_hold_what_records_hold(cells in proptest::collection::vec("[a\"甲乙丙丁戊己庚,\n\r ]{0,9}", 0..40), rough in proptest::bool::ANY) {
            let written = |cell: &String| if rough { cell.clone() } else { format!("\"{}\"", cell.replace('"', "\"\"")) };
            let rows: Vec<String> = cells.chunks(3).map(|row| row.iter().map(written).collect::<Vec<_>>().join(",")).collect();
            let text = format!("a,b,c\n{}", rows.join("\n"));
            let body = TextBody { text: text.clone(), separator: b',', wrapped: false };
            if quotes::swallowing(&text, ",").is_none() && let Some(fast) = body.below_in_pieces(0, 3, 1) {
                let slow = body.below_one_by_one(0, 3).expect("records");
                for (left, right) in fast.columns.iter().zip(&slow.columns) {
                    proptest::prop_assert_eq!(left.values.iter().collect::<Vec<_>>(), right.values.iter().collect::<Vec<_>>());
                }
            }
        }
    }

    #[test]
    fn one_broken_byte_makes_no_other_encoding() {
        let mut bytes = "编号,名称\n1,上海华联公司\n2,甲\n".as_bytes().to_vec();
        bytes.extend(b"3,\xFF\n");
        let sheet = open(bytes, &TextWish::default()).expect("text");
        assert_eq!((sheet.encoding.as_str(), sheet.head[1][1].as_str()), ("UTF-8", "上海华联公司"));
        assert!(sheet.remarks[0].zh.contains("第 4 行"), "{}", sheet.remarks[0].zh);
    }

    #[test]
    fn a_quote_within_a_cell_hides_no_full_width_comma() {
        let text = "编号，名称，备注\n1，甲 12\" 管，a\n2，\"乙，丙\"，b\n";
        let sheet = open(text.as_bytes().to_vec(), &TextWish::default()).expect("text");
        assert_eq!(sheet.head[1], ["1", "甲 12\" 管", "a"]);
        assert_eq!(sheet.head[2], ["2", "乙，丙", "b"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_by_its_row() {
        let text = "编号,名称\n\n1,\"甲\n乙\"\n2,\"丙\n3,丁\n";
        let Err(said) = open(text.as_bytes().to_vec(), &TextWish::default()) else { panic!("read") };
        assert!(said.zh.contains("第 4 行"), "{}", said.zh);
    }

    #[test]
    fn a_cell_that_is_too_long_is_cut_and_told() {
        let text = format!("a,b\n1,2\n3,{}\n", "长".repeat(MOST_CHARACTERS + 1));
        let body = TextBody { text, separator: b',', wrapped: false };
        let below = body.below(0, 2).expect("records");
        assert_eq!(below.cut, [(2, 1)]);
        assert_eq!(below.columns[1].values.get(1).map(|cell| cell.chars().count()), Some(MOST_CHARACTERS));
    }

    #[test]
    fn the_encoding_is_found_out() {
        let (gbk, _, _) = GB18030.encode("编号,名称\n1,䶮𠮷\n");
        let sheet = open(gbk.into_owned(), &TextWish::default()).expect("text");
        assert_eq!((sheet.encoding.as_str(), sheet.head[1][1].as_str()), ("GB18030", "䶮𠮷"));
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("编号\t名称\n1\t甲\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let sheet = open(utf16, &TextWish::default()).expect("text");
        assert_eq!((sheet.encoding.as_str(), sheet.head[0].len()), ("UTF-16LE", 2));
    }
}
