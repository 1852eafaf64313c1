//! The records of plain text cut into columns, cell by cell.
//!
//! Apart because it is the fast way, and takes only what it splits exactly as the records are counted elsewhere: nothing
//! comes of a text with quotes that close within a cell, very long cells, or more cells than the header has. Each cell is
//! copied once, beside the others of its column: looking at a column in the text itself would fetch all of the text from
//! memory, column for column. It knows no file, no header's meaning and no field.

use memchr::{memchr, memchr2};
use polars::prelude::{ChunkFullNull, ChunkedArray, StringChunked};
use polars_arrow::array::builder::StaticArrayBuilder;
use polars_arrow::array::{Utf8ViewArray, Utf8ViewArrayBuilder, View};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::ArrowDataType;

use crate::source::grid::MOST_CHARACTERS;

/// Columns that grow by the records of one text after the other.
pub(super) struct Columns {
    separator: u8,
    columns: Vec<Utf8ViewArrayBuilder>,
    /// A cell without the second of its doubled quotes.
    cell: String,
}

impl Columns {
    /// So many columns, empty.
    pub(super) fn new(separator: u8, width: usize) -> Self {
        let new = || Utf8ViewArrayBuilder::new(ArrowDataType::Utf8View);
        Self { separator, columns: (0..width).map(|_| new()).collect(), cell: String::new() }
    }

    /// How many records they have.
    pub(super) fn height(&self) -> usize {
        self.columns.first().map_or(0, StaticArrayBuilder::len)
    }

    /// Makes room for so many further records.
    pub(super) fn expect(&mut self, records: usize) {
        self.columns.iter_mut().for_each(|column| column.reserve(records));
    }

    /// The cells of all columns; an empty one is null.
    pub(super) fn finish(self) -> Vec<Utf8ViewArray> {
        self.columns.into_iter().map(cells).collect()
    }

    /// Takes the records of a text, which begins and ends with one; nothing where they might be counted otherwise.
    pub(super) fn take(&mut self, text: &str) -> Option<()> {
        let Self { separator, columns, cell } = self;
        let separator = *separator;
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let mut ended = false;
            for column in columns.iter_mut() {
                if ended {
                    column.push_value_ignore_validity(""); // the record has fewer cells, or is a blank line
                    continue;
                }
                let rest = bytes.get(at..).unwrap_or_default();
                let (start, end, next) = match rest {
                    [b'"', ..] => {
                        let (inner, doubled) = quoted(rest)?;
                        let close = at + 1 + inner;
                        let behind = match bytes.get(close + 1..).unwrap_or_default() {
                            [] => close + 1,
                            [b'\n', ..] => close + 1,
                            [b'\r', b'\n', ..] => close + 2,
                            [byte, ..] if *byte == separator => close + 1,
                            _ => return None,
                        };
                        if doubled {
                            unescape(text.get(at + 1..close)?, cell)?;
                            (cell.len() <= MOST_CHARACTERS).then(|| column.push_value_ignore_validity(cell))?;
                            ended = bytes.get(behind) != Some(&separator);
                            at = behind + 1;
                            continue;
                        }
                        (at + 1, close, behind)
                    }
                    _ => {
                        let behind = memchr2(separator, b'\n', rest).map_or(bytes.len(), |found| at + found);
                        let is_last = bytes.get(behind) != Some(&separator);
                        let end = if is_last && behind > at && bytes.get(behind - 1) == Some(&b'\r') {
                            behind - 1
                        } else {
                            behind
                        };
                        (at, end, behind)
                    }
                };
                if end - start > MOST_CHARACTERS {
                    return None;
                }
                column.push_value_ignore_validity(text.get(start..end)?);
                ended = bytes.get(next) != Some(&separator);
                at = next + 1;
            }
            if !ended {
                return None; // more cells than the header has
            }
        }
        Some(())
    }
}

/// Columns of the cells of all pieces, which stay where they are until a column is folded.
pub(super) fn joined(pieces: Vec<Vec<Utf8ViewArray>>, width: usize) -> Vec<StringChunked> {
    let mut by_column: Vec<Vec<Utf8ViewArray>> = (0..width).map(|_| Vec::with_capacity(pieces.len())).collect();
    for piece in pieces {
        by_column.iter_mut().zip(piece).for_each(|(column, cells)| column.push(cells));
    }
    by_column.into_iter().map(column).collect()
}

fn column(pieces: Vec<Utf8ViewArray>) -> StringChunked {
    if pieces.is_empty() {
        return StringChunked::full_null("c".into(), 0); // polars wants a piece even where there is no record
    }
    ChunkedArray::from_chunk_iter("c".into(), pieces)
}

/// The cells of a column as they are read: an empty one is null.
fn cells(builder: Utf8ViewArrayBuilder) -> Utf8ViewArray {
    let cells = builder.freeze();
    let filled = filled(cells.views());
    cells.with_validity(filled)
}

/// A flag a view that is not empty; nothing where all are filled.
fn filled(views: &[View]) -> Option<Bitmap> {
    let flags = views.chunks(8).map(|eight| {
        let flags = eight.iter().enumerate();
        flags.fold(0_u8, |flags, (place, view)| flags | u8::from(view.length > 0) << place)
    });
    let filled = Bitmap::from_u8_vec(flags.collect(), views.len());
    (filled.unset_bits() > 0).then_some(filled)
}

/// Of a text that begins with a quote: how long the cell within is, and whether a quote is doubled in it.
fn quoted(text: &[u8]) -> Option<(usize, bool)> {
    let inner = text.get(1..)?;
    let mut doubled = false;
    let mut from = 0;
    loop {
        let at = from + memchr(b'"', inner.get(from..)?)?;
        if inner.get(at + 1) != Some(&b'"') {
            return Some((at, doubled));
        }
        doubled = true;
        from = at + 2;
    }
}

/// Writes a cell without the second of its doubled quotes.
fn unescape(cell: &str, made: &mut String) -> Option<()> {
    made.clear();
    let mut rest = cell;
    while let Some(at) = memchr(b'"', rest.as_bytes()) {
        made.push_str(rest.get(..=at)?);
        rest = rest.get(at + 2..)?;
    }
    made.push_str(rest);
    Some(())
}
