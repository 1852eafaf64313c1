//! The records of a plain text file as columns, pieces of the file side by side.
//!
//! Apart because it is the fast way, and takes only what it splits exactly as the records are counted elsewhere: nothing
//! comes of a file with lone carriage returns, quotes that close within a cell, very long cells, or more cells than the
//! header has. Each cell is copied once, beside the others of its column: looking at a column in the file itself would
//! fetch all of the file from memory, column for column. It knows no header's meaning and no field.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};
use polars::prelude::{ChunkFullNull, ChunkedArray, StringChunked};
use polars_arrow::array::builder::StaticArrayBuilder;
use polars_arrow::array::{Utf8ViewArray, Utf8ViewArrayBuilder, View};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::ArrowDataType;
use rayon::prelude::*;

use super::quotes::QuotedCells;
use crate::source::grid::MOST_CHARACTERS;

/// A piece has so many bytes at least, and so many at most, for a place in it takes four bytes.
const LEAST: usize = 1 << 18;
const MOST: usize = 1 << 30;

/// About how many bytes a piece of a text of so many has.
pub(super) fn piece_of(length: usize) -> usize {
    (length / (rayon::current_num_threads() * 4)).clamp(LEAST, MOST / 2)
}

/// The columns of the records in a part of a text that begins and ends with a record, in pieces of about so many bytes;
/// nothing where records might be counted otherwise.
pub(super) fn columns(
    text: &str,
    body: Range<usize>,
    separator: u8,
    width: usize,
    step: usize,
) -> Option<Vec<StringChunked>> {
    let text = text.get(body)?;
    let starts = pieces(text.as_bytes(), separator, step)?;
    let ranges: Vec<Range<usize>> =
        starts.iter().zip(starts.iter().skip(1)).map(|(first, behind)| *first..*behind).collect();
    let parsed: Option<Vec<Vec<Utf8ViewArray>>> =
        ranges.into_par_iter().map(|range| parse(text.get(range)?, separator, width)).collect();
    let mut by_column: Vec<Vec<Utf8ViewArray>> = (0..width).map(|_| Vec::new()).collect();
    for piece in parsed? {
        by_column.iter_mut().zip(piece).for_each(|(column, cells)| column.push(cells));
    }
    Some(by_column.into_iter().map(column).collect())
}

/// A column of the cells of all pieces, which stay where they are until the column is folded.
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

/// Where each piece begins, and the end: behind line feeds that no quoted cell holds.
fn pieces(bytes: &[u8], separator: u8, step: usize) -> Option<Vec<usize>> {
    let separator = [separator];
    let mut quoted = QuotedCells::of(bytes, &separator).peekable();
    let mut starts = vec![0];
    let mut from = step;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr(b'\n', rest)) {
        let feed = from + found;
        while quoted.next_if(|cell| cell.end.is_some_and(|end| end < feed)).is_some() {}
        match quoted.peek() {
            Some(cell) if cell.start < feed => from = cell.end?, // within a quoted cell: behind it
            _ => {
                starts.push(feed + 1);
                from = feed + 1 + step;
            }
        }
    }
    if starts.last() != Some(&bytes.len()) {
        starts.push(bytes.len());
    }
    starts.windows(2).all(|pair| pair[1] - pair[0] < MOST).then_some(starts)
}

/// Splits the records of a piece into columns.
fn parse(text: &str, separator: u8, width: usize) -> Option<Vec<Utf8ViewArray>> {
    let bytes = text.as_bytes();
    let height = memchr_iter(b'\n', bytes).count() + 1;
    let new = || {
        let mut builder = Utf8ViewArrayBuilder::new(ArrowDataType::Utf8View);
        builder.reserve(height);
        builder
    };
    let mut columns: Vec<Utf8ViewArrayBuilder> = (0..width).map(|_| new()).collect();
    let mut cell = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let mut ended = false;
        for column in &mut columns {
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
                        unescape(text.get(at + 1..close)?, &mut cell)?;
                        (cell.len() <= MOST_CHARACTERS).then(|| column.push_value_ignore_validity(&cell))?;
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
    Some(columns.into_iter().map(cells).collect())
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
