//! What calamine does not tell of an .xls sheet: hidden rows and columns, and whether the file is encrypted.
//!
//! Apart because an .xls is a file system of its own with streams of binary records in it.

use std::io::{Cursor, Read};

use super::facts::Facts;

/// At most so many cells lie within the bounds of all sheets: calamine holds every one of them, empty ones too.
const MOST_CELLS: u64 = 32_000_000;
/// A sheet that says it is larger than this is none: 65,536 rows of 256 columns.
const LARGEST_SHEET: u64 = 65_536 * 256;

const BEGIN: u16 = 0x0809;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
const MANY_NUMBERS: u16 = 0x00BD;
/// The records of cells, which begin with a row and a column.
const CELLS: [u16; 8] = [FORMULA, MANY_NUMBERS, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];
const END: u16 = 0x000A;
/// The record that says how the others are enciphered.
pub(super) const FILE_PASS: u16 = 0x002F;
/// The record of a sheet: where it begins, and its name.
pub(super) const SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007D;
const DAYS_FROM_1904: u16 = 0x0022;

/// The workbook's stream; nothing where this is no such file.
pub fn stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|name| file.is_stream(name))?;
    let mut stream = Vec::new();
    file.open_stream(name).ok()?.read_to_end(&mut stream).ok()?;
    Some(stream)
}

/// Whether an OLE file has a stream of this name in its root.
pub fn has_stream(bytes: &[u8], name: &str) -> bool {
    cfb::CompoundFile::open(Cursor::new(bytes)).is_ok_and(|file| file.is_stream(format!("/{name}")))
}

/// Whether a workbook's stream is encrypted.
pub fn is_encrypted(stream: &[u8]) -> bool {
    Records { stream, at: 0 }.take_while(|(kind, _)| *kind != END).any(|(kind, _)| kind == FILE_PASS)
}

/// Learns the hidden rows and columns of all sheets, in the order of the workbook.
pub fn of_sheets(stream: &[u8]) -> Vec<Facts> {
    let mut globals = Records { stream, at: 0 }.take_while(|(kind, _)| *kind != END);
    let is_1904 = globals.any(|(kind, data)| kind == DAYS_FROM_1904 && number(data, 0) == Some(1));
    starts(stream).map(|start| Facts { is_1904, ..sheet(stream, start) }).collect()
}

/// Whether the sheets are no larger than can be held: a few bytes may place two cells so far apart that all between them
/// fill the memory.
pub fn is_within_limits(stream: &[u8]) -> bool {
    let mut cells = 0_u64;
    for start in starts(stream) {
        let Some(area) = area(stream, start) else { return false };
        cells = cells.saturating_add(area);
    }
    cells <= MOST_CELLS
}

/// Where each sheet begins.
fn starts(stream: &[u8]) -> impl Iterator<Item = usize> {
    Records { stream, at: 0 }
        .take_while(|(kind, _)| *kind != END)
        .filter(|(kind, _)| *kind == SHEET)
        .filter_map(|(_, data)| Some(u32::from_le_bytes(data.get(..4)?.try_into().ok()?) as usize))
}

/// The first and the last of the rows or columns that have cells.
type Span = (u64, u64);

/// The cells between the first and the last of a sheet, those of formulas counted once more; nothing where it says that
/// it is larger than a sheet can be.
fn area(stream: &[u8], start: usize) -> Option<u64> {
    let (mut rows, mut columns): (Option<Span>, Option<Span>) = (None, None);
    let (mut depth, mut times) = (0_u32, 1);
    for (kind, data) in (Records { stream, at: start }) {
        match kind {
            BEGIN => depth += 1,
            // What is embedded, a chart say, ends by a record of its own.
            END if depth > 1 => depth -= 1,
            END => break,
            DIMENSIONS if dimensions(data).is_some_and(|area| area > LARGEST_SHEET) => return None,
            _ if depth <= 1 && CELLS.contains(&kind) => {
                let (Some(row), Some(column)) = (number(data, 0), number(data, 2)) else { continue };
                let last =
                    if kind == MANY_NUMBERS { data.len().checked_sub(2).and_then(|at| number(data, at)) } else { None };
                let last = last.unwrap_or(column).max(column);
                rows = Some(rows.map_or((row, row), |(first, end)| (first.min(row), end.max(row))));
                columns = Some(columns.map_or((column, last), |(first, end)| (first.min(column), end.max(last))));
                times = if kind == FORMULA { 2 } else { times };
            }
            _ => {}
        }
    }
    let span = |bounds: Option<(u64, u64)>| bounds.map_or(0, |(first, last)| last - first + 1);
    Some(span(rows) * span(columns) * times)
}

/// The cells that a sheet says it has room for; more than any has where it ends before it begins.
fn dimensions(data: &[u8]) -> Option<u64> {
    let (first, end, column) = match data.len() {
        10 => (number(data, 0)?, number(data, 2)?, 4),
        14 | 16 => (long(data, 0)?, long(data, 4)?, 8),
        _ => return None,
    };
    let (first_column, end_column) = (number(data, column)?, number(data, column + 2)?);
    // Writers that have nothing to say write zeros.
    if end == 0 || end_column == 0 {
        return Some(0);
    }
    if end <= first {
        return Some(u64::MAX);
    }
    let first_column = if first_column > 0xFF || end_column <= first_column { 0 } else { first_column };
    Some((end - first).saturating_mul(end_column - first_column))
}

fn number(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes).map(u64::from)
}

fn long(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes).map(u64::from)
}

fn sheet(stream: &[u8], start: usize) -> Facts {
    let mut facts = Facts::default();
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    for (kind, data) in (Records { stream, at: start }).take_while(|(kind, _)| *kind != END) {
        match kind {
            // number, first and last column, height, four bytes, and flags
            ROW => {
                if let (Some(row), Some(flags)) = (number(data, 0), data.get(12))
                    && flags & 0x20 != 0
                {
                    facts.hide_row(narrow(row));
                }
            }
            // first and last column, width, style, and flags
            COLUMNS => {
                if let (Some(first), Some(last), Some(flags)) = (number(data, 0), number(data, 2), number(data, 8))
                    && flags & 1 != 0
                {
                    facts.hide_columns(narrow(first), narrow(last).min(0xFF));
                }
            }
            _ => {}
        }
    }
    facts
}

/// The records from a place on.
pub(super) struct Records<'s> {
    pub(super) stream: &'s [u8],
    pub(super) at: usize,
}

impl<'s> Iterator for Records<'s> {
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.stream.get(self.at..self.at + 4)?;
        let [kind_low, kind_high, low, high] = head else { return None };
        let start = self.at + 4;
        let end = start + usize::from(u16::from_le_bytes([*low, *high]));
        let data = self.stream.get(start..end)?;
        self.at = end;
        Some((u16::from_le_bytes([*kind_low, *kind_high]), data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u16]) -> Vec<u8> {
        let length = u16::try_from(data.len() * 2).expect("a length");
        [kind, length].iter().chain(data).flat_map(|number| number.to_le_bytes()).collect()
    }

    /// A workbook of one sheet with the given records.
    fn stream(records: &[Vec<u8>]) -> Vec<u8> {
        let opening = record(BEGIN, &[0x0600, 5]);
        let start = u16::try_from(opening.len() + 8 + 4).expect("a place");
        [opening, record(SHEET, &[start, 0]), record(END, &[]), record(BEGIN, &[0x0600, 0x10])]
            .into_iter()
            .chain(records.iter().cloned())
            .chain([record(END, &[])])
            .flatten()
            .collect()
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        record(0x00FD, &[row, column, 0, 0, 0])
    }

    #[test]
    fn cells_that_lie_too_far_apart_are_told_before_they_fill_the_memory() {
        assert!(is_within_limits(&stream(&[cell(0, 0), cell(65_535, 255)])));
        assert!(!is_within_limits(&stream(&[cell(0, 0), cell(65_535, 1000)])));
        let chart = [record(BEGIN, &[0x0600, 0x20]), cell(0, 65_535), record(END, &[])];
        let behind = [chart.as_slice(), &[cell(1, 1), cell(65_535, 40_000)]].concat();
        assert!(!is_within_limits(&stream(&behind)), "what stands behind a chart counts");
        assert!(is_within_limits(&stream(&chart)), "what stands in it does not");
        let numbers = record(MANY_NUMBERS, &[65_535, 0, 0, 0, 0, 60_000]);
        assert!(!is_within_limits(&stream(&[cell(0, 0), numbers])));
    }

    #[test]
    fn a_size_that_no_sheet_has_is_told() {
        let size = |rows: [u16; 4], columns: [u16; 3]| record(DIMENSIONS, &[rows.as_slice(), &columns].concat());
        assert!(is_within_limits(&stream(&[size([0, 0, 0, 1], [0, 256, 0])])));
        assert!(!is_within_limits(&stream(&[size([0, 0, 0, 0xFF], [0, 256, 0])])));
        assert!(!is_within_limits(&stream(&[size([9, 0, 3, 0], [0, 256, 0])])));
        assert!(is_within_limits(&stream(&[size([0, 0, 0, 0], [0, 0, 0])])));
    }
}
