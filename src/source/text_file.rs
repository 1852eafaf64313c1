//! Text files: .csv .tsv .txt, whatever their encoding and separator.
//!
//! Apart because text needs decoding before anything else, and because its records are counted here: every record
//! counts as a row, a blank one too, and a line break inside quotes does not (default rules, "Place"). A plain file
//! goes to polars' parallel reader; one with blank lines, ragged or odd rows is read record by record.

use std::borrow::Cow;
use std::io::Cursor;
use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_8};
use memchr::memmem;
use polars::prelude::{CsvParseOptions, CsvReadOptions, SerReader, Series, StringChunked};

use super::cells::CellMark;
use super::header::HEAD_ROWS;
use super::sheet::{Below, Cells, GridBuilder, Sheet, SheetBody};
use crate::config::SourceConfig;
use crate::dataset::raw::RowNumbers;
use crate::text;
use crate::text::Text;

const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Stands in for a full-width comma between cells, for the parsers take one byte.
const UNIT_SEPARATOR: u8 = 0x1F;
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
    text: Arc<String>,
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
        body: SheetBody::Text(TextBody { text: Arc::new(text), separator, wrapped }),
        ..Sheet::default()
    })
}

/// A byte-order mark decides; else strict UTF-8; else GB18030, which is what Chinese office programs write.
fn decode(bytes: Vec<u8>, wished: Option<&'static Encoding>) -> Result<(String, String, bool), Text> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        if encoding == UTF_8 {
            return match String::from_utf8(bytes.get(mark..).unwrap_or_default().to_vec()) {
                Ok(text) => Ok((text, "UTF-8".to_owned(), false)),
                Err(error) => Ok(decode_as(UTF_8, error.as_bytes())),
            };
        }
        return Ok(decode_as(encoding, bytes.get(mark..).unwrap_or_default()));
    }
    if let Some(encoding) = wished.filter(|encoding| *encoding != UTF_8) {
        return Ok(decode_as(encoding, &bytes));
    }
    if memchr::memchr(0, bytes.get(..4096.min(bytes.len())).unwrap_or_default()).is_some() {
        return Err(text!("不是表格文件：含有二进制内容", "not a table: the file holds binary data"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, "UTF-8".to_owned(), false)),
        Err(error) => Ok(decode_as(if wished.is_some() { UTF_8 } else { GB18030 }, error.as_bytes())),
    }
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> (String, String, bool) {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    // GBK is a part of GB18030: what is read as one is named as the other.
    let name = if encoding == encoding_rs::GBK { GB18030.name() } else { encoding.name() };
    (text.into_owned(), name.to_ascii_uppercase(), broken)
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
    let mut quoted = false;
    let replaced = text
        .chars()
        .map(|character| {
            quoted ^= character == '"';
            if character == '，' && !quoted { char::from(UNIT_SEPARATOR) } else { character }
        })
        .collect();
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
    /// The records below a header record counted from 0, as wide as the header.
    pub fn below(&self, header: usize, width: usize) -> Result<Below, Text> {
        let mut below = match self.below_in_parallel(header, width) {
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

    /// Polars' reader, for files that it reads exactly as we count; nothing where it might not.
    fn below_in_parallel(&self, header: usize, width: usize) -> Option<Below> {
        let mut records = Records::new(&self.text, self.separator);
        for _ in 0..header {
            records.next()?.ok()?;
        }
        let start = records.offset;
        let names = records.next()?.ok()?;
        let body = self.text.get(start..)?;
        let inner = body.trim_end_matches(['\r', '\n']).as_bytes();
        let blank_lines = memmem::find(inner, b"\n\n").is_some() || memmem::find(inner, b"\n\r\n").is_some();
        let bare_returns =
            memchr::memchr_iter(b'\r', inner).any(|at| inner.get(at + 1).is_some_and(|next| *next != b'\n'));
        // Polars drops a byte-order mark at the start of any line; here it belongs to the value.
        let inner_marks =
            ["\n\u{FEFF}", "\n\"\u{FEFF}"].iter().any(|mark| memmem::find(inner, mark.as_bytes()).is_some());
        if names.len() < 2
            || names.len() < width
            || blank_lines
            || bare_returns
            || inner_marks
            || body.starts_with(['\r', '\n'])
        {
            return None;
        }
        let parse = CsvParseOptions { separator: self.separator, ..CsvParseOptions::default() };
        let frame = CsvReadOptions::default()
            .with_has_header(true)
            .with_infer_schema_length(Some(0))
            .with_parse_options(parse)
            .into_reader_with_file_handle(Cursor::new(body.as_bytes()))
            .finish()
            .ok()?;
        if frame.width() != names.len() {
            return None;
        }
        // Joined column by column, so that only one is held twice.
        let columns = frame
            .into_columns()
            .into_iter()
            .map(|column| column.str().ok().map(|values| values.rechunk().into_owned()))
            .collect::<Option<Vec<StringChunked>>>()?
            .into_iter()
            .map(|values| Cells { values, errors: Vec::new(), lost_digits: Vec::new() })
            .collect();
        let first = u32::try_from(header + 2).ok()?;
        Some(Below { columns, rows: RowNumbers::From(first), remarks: Vec::new() })
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
        Ok(Below { columns, rows: RowNumbers::From(first), remarks })
    }
}

/// The records of a text, blank ones included, and where the next one begins.
struct Records<'t> {
    text: &'t str,
    offset: usize,
    /// One parser for all records: a fresh one would take a byte-order mark off the start of each.
    parser: csv_core::Reader,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, separator: u8) -> Self {
        let mut parser = csv_core::ReaderBuilder::new().delimiter(separator).build();
        // Past its first byte it keeps marks; the file's own was taken off by decoding.
        parser.read_record(b"\n", &mut [0; 1], &mut [0; 1]);
        Self { text, offset: 0, parser }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<String>, Text>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.offset..).filter(|rest| !rest.is_empty())?;
        let line_break = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\r', '\n'])) };
        if line_break > 0 {
            self.offset += line_break;
            return Some(Ok(Vec::new()));
        }
        let (mut output, mut ends) = (vec![0; 4096], vec![0; 64]);
        let (mut read, mut written, mut fields) = (0, 0, 0);
        let input = rest.as_bytes();
        loop {
            let (result, took, wrote, ended) = self.parser.read_record(
                input.get(read..).unwrap_or_default(),
                output.get_mut(written..).unwrap_or_default(),
                ends.get_mut(fields..).unwrap_or_default(),
            );
            read += took;
            written += wrote;
            fields += ended;
            match result {
                csv_core::ReadRecordResult::InputEmpty => {}
                csv_core::ReadRecordResult::OutputFull => output.resize(output.len() * 2, 0),
                csv_core::ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
                csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            }
        }
        // The parser leaves the line feed of a CR LF to the next record.
        if input.get(read.wrapping_sub(1)) == Some(&b'\r') && input.get(read) == Some(&b'\n') {
            read += 1;
        }
        self.offset += read.max(1);
        let mut cells = Vec::with_capacity(fields);
        let mut start = 0;
        for end in ends.iter().take(fields) {
            cells.push(String::from_utf8_lossy(output.get(start..*end).unwrap_or_default()).into_owned());
            start = *end;
        }
        Some(Ok(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let body = TextBody { text: Arc::new(plain.to_owned()), separator: b',', wrapped: false };
        let fast = body.below_in_parallel(0, 3).expect("a plain file");
        let slow = body.below_one_by_one(0, 3).expect("records");
        for (left, right) in fast.columns.iter().zip(&slow.columns) {
            let left: Vec<_> = left.values.iter().collect();
            let right: Vec<_> = right.values.iter().collect();
            assert_eq!(left, right);
        }
        assert_eq!(fast.columns.len(), slow.columns.len());
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
