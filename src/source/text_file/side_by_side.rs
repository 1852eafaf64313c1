//! The records of a plain text file as columns, pieces of the file side by side.
//!
//! Apart because a text that had to be decoded lies in memory as a whole, and is best cut by all processors. What is cut how,
//! it leaves to the cutting; it knows no header's meaning and no field.

use std::ops::Range;

use memchr::{memchr, memchr_iter};
use polars::prelude::StringChunked;
use polars_arrow::array::Utf8ViewArray;
use rayon::prelude::*;

use super::cutting::{Columns, joined};
use super::quotes::QuotedCells;

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
    let cut = |range: Range<usize>| {
        let piece = text.get(range)?;
        let mut columns = Columns::new(separator, width);
        columns.expect(memchr_iter(b'\n', piece.as_bytes()).count() + 1);
        columns.take(piece)?;
        Some(columns.finish())
    };
    let pieces: Option<Vec<Vec<Utf8ViewArray>>> = ranges.into_par_iter().map(cut).collect();
    Some(joined(pieces?, width))
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
