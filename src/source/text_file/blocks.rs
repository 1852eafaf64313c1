//! A text file that is never in memory as a whole: ranges of it side by side, each block by block.
//!
//! Apart because a file may be larger than what memory holds, and because a block that is checked and cut while it is at
//! hand costs the least. It takes what is UTF-8 and plain, which nearly all large files are. Where a range begins is
//! guessed; that every range ends where the next one begins, with a whole record, proves the guess. What is not plain, it
//! leaves to those who read the file whole; it knows no header's meaning and no field.

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use encoding_rs::{Encoding, UTF_8};
use memchr::{memchr_iter, memmem, memrchr};
use polars_arrow::array::Utf8ViewArray;
use rayon::prelude::*;

use super::cutting::{Columns, joined};
use super::decoding::is_binary;
use super::quotes::{QuotedCells, swallowing};
use super::records::Records;
use super::{SEPARATORS, TextWish, below_of, has_bare_returns, separator, splits, unwrapped};
use crate::source::files;
use crate::source::header::HEAD_ROWS;
use crate::source::sheet::{Below, Sheet, SheetBody};
use crate::text;
use crate::text::Text;

/// How a file is gone through, in bytes.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    /// The first block, in which the header is looked for.
    pub(super) head: usize,
    /// A range has so many at least.
    pub(super) range: u64,
    /// A block has so many, and more only where a record does.
    pub(super) block: usize,
}

/// The steps of a run.
pub(super) const STEPS: Steps = Steps { head: 1 << 18, range: 1 << 20, block: 1 << 20 };
/// A processor has so many ranges of a large file, so that all of them end at about the same time.
const RANGES: u64 = 4;
/// A record that is longer is not plain.
const LONGEST: usize = 1 << 26;
/// The beginning of a record is looked for in so many bytes.
const WINDOW: usize = 1 << 17;
/// So many line feeds are tried for the beginning of a record, each by so many records behind it.
const TRIES: usize = 64;
const TRIED: usize = 2;

/// A text file whose header is known by its first block.
pub struct BlockBody {
    file: File,
    /// What tells whether somebody changed the file meanwhile.
    state: (u64, Option<SystemTime>),
    steps: Steps,
    /// The records of the first block, without a byte-order mark.
    head: String,
    /// Where they begin.
    start: u64,
    separator: u8,
    /// Cells of each of the first records.
    widths: Vec<usize>,
    is_odd: AtomicBool,
}

/// Opens a text file and shows its first rows; nothing where it is not plain by them.
pub(super) fn open(path: &Path, wish: &TextWish, steps: Steps) -> Option<Sheet> {
    if wish.encoding.is_some_and(|encoding| encoding != UTF_8) {
        return None;
    }
    let file = File::open(path).ok()?;
    let state = files::state(&file.metadata().ok()?);
    let mut bytes = vec![0; steps.head.min(usize::try_from(state.0).ok()?)];
    file.read_exact_at(&mut bytes, 0).ok()?;
    let mark = match Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => (encoding == UTF_8).then_some(mark)?,
        None => 0,
    };
    if is_binary(&bytes) {
        return None;
    }
    let is_whole = bytes.len() as u64 == state.0;
    let rest = bytes.get(mark..)?;
    let lines = if is_whole { rest.len() } else { memrchr(b'\n', rest)? + 1 };
    let text = simdutf8::basic::from_utf8(rest.get(..lines)?).ok()?;
    let shows_enough = |separator: &u8| is_whole || Records::new(text, *separator).nth(HEAD_ROWS).is_some();
    let separator = match wish.separator {
        Some(wished) => u8::try_from(wished).ok().filter(shows_enough)?,
        None if SEPARATORS.iter().all(shows_enough) => {
            Some(separator(text)).filter(|found| splits(text, *found) || is_whole && !text.contains('，'))?
        }
        None => return None,
    };
    let mut records = Records::new(text, separator);
    let rows: Vec<Vec<String>> = records.by_ref().take(HEAD_ROWS).collect::<Result<_, _>>().ok()?;
    let head = text.get(..records.offset)?.to_owned();
    if swallowing(&head, char::from(separator).encode_utf8(&mut [0; 4])).is_some() {
        return None;
    }
    let widths = rows.iter().map(Vec::len).collect();
    let shown = rows.iter().map(|row| row.iter().map(|cell| unwrapped(cell).into_owned()).collect()).collect();
    let start = mark as u64;
    let body = BlockBody { file, state, steps, head, start, separator, widths, is_odd: AtomicBool::new(false) };
    Some(Sheet { head: shown, encoding: UTF_8.name().to_owned(), body: SheetBody::Blocks(body), ..Sheet::default() })
}

impl BlockBody {
    /// Whether the file has to be read whole after all, because it turned out not to be plain or was changed meanwhile.
    pub fn is_odd(&self) -> bool {
        self.is_odd.load(Ordering::Relaxed)
    }

    /// The records below a header record counted from 0, as wide as the header.
    ///
    /// # Errors
    /// Where the file has to be read whole.
    pub fn below(&self, header: usize, width: usize) -> Result<Below, Text> {
        let below = self.plain_below(header, width).filter(|_| self.is_unchanged());
        below.ok_or_else(|| {
            self.is_odd.store(true, Ordering::Relaxed);
            text!("不是可以分段读取的文本文件", "not a text file that can be read in blocks")
        })
    }

    fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|data| files::state(&data) == self.state)
    }

    fn plain_below(&self, header: usize, width: usize) -> Option<Below> {
        let names = self.widths.get(header).copied().filter(|names| *names >= width)?;
        let mut records = Records::new(&self.head, self.separator);
        records.nth(header)?.ok()?;
        let starts = self.starts(self.start + records.offset as u64, names);
        let ranges: Vec<Range<u64>> = starts.iter().zip(starts.iter().skip(1)).map(|(from, to)| *from..*to).collect();
        let cut: Option<Vec<(Vec<Utf8ViewArray>, bool)>> =
            ranges.into_par_iter().map(|range| self.cut(range, names)).collect();
        let (pieces, wrapped): (Vec<_>, Vec<_>) = cut?.into_iter().unzip();
        let rows = u32::try_from(header + 2).ok()?;
        Some(below_of(joined(pieces, names), rows, wrapped.contains(&true)))
    }

    /// Where each range begins, and the end: all guessed but the first.
    fn starts(&self, first: u64, width: usize) -> Vec<u64> {
        let end = self.state.0;
        let length = end.saturating_sub(first);
        let count = (length / self.steps.range).clamp(1, rayon::current_num_threads() as u64 * RANGES);
        let mut starts = vec![first];
        for number in 1..count {
            let start = self.start_behind(first + length / count * number, width);
            starts.extend(start.filter(|start| starts.last().is_none_or(|last| last < start)));
        }
        if length > 0 {
            starts.push(end);
        }
        starts
    }

    /// Where a record begins behind a place, as far as the next ones tell; nothing where none does.
    fn start_behind(&self, place: u64, width: usize) -> Option<u64> {
        let end = self.state.0;
        let mut window = vec![0; WINDOW.min(usize::try_from(end.checked_sub(place)?).unwrap_or(WINDOW))];
        self.file.read_exact_at(&mut window, place).ok()?;
        let begins = |start: &usize| {
            let mut records = Records::of(window.get(*start..).unwrap_or_default(), self.separator);
            records
                .by_ref()
                .take(TRIED)
                .filter(|record| record.as_ref().is_ok_and(|cells| cells.len() == width))
                .count()
                == TRIED
                && start + records.offset < window.len()
        };
        let mut feeds = memchr_iter(b'\n', &window).map(|feed| feed + 1).take(TRIES);
        let found = feeds.clone().find(begins).or_else(|| feeds.next())?;
        Some(place + found as u64).filter(|start| *start < end)
    }

    /// The columns of a range, and whether a cell may be written as ="0571"; nothing where the range is not plain, or does
    /// not end with a record.
    fn cut(&self, range: Range<u64>, width: usize) -> Option<(Vec<Utf8ViewArray>, bool)> {
        let mut columns = Columns::new(self.separator, width);
        let mut wrapped = false;
        let mut block = vec![0; self.steps.block];
        let (mut at, mut filled, mut cut) = (range.start, 0, 0);
        while at < range.end || filled > 0 {
            let room = block.len() - filled;
            let taken = room.min(usize::try_from(range.end - at).unwrap_or(room));
            self.file.read_exact_at(block.get_mut(filled..filled + taken)?, at).ok()?;
            at += taken as u64;
            filled += taken;
            let bytes = block.get(..filled)?;
            let end = if at == range.end { filled } else { records_end(bytes, self.separator) };
            if end == 0 {
                // a record longer than a block
                (block.len() < LONGEST).then(|| block.resize(block.len() * 2, 0))?;
                continue;
            }
            let text = simdutf8::basic::from_utf8(bytes.get(..end)?).ok()?;
            if has_bare_returns(text.as_bytes()) {
                return None;
            }
            wrapped |= memmem::find(text.as_bytes(), b"=\"").is_some();
            columns.take(text)?;
            if cut == 0 {
                // the records to come, by the first ones and a little more
                let rest = (range.end - range.start) / end as u64 * columns.height() as u64 / 20 * 21;
                columns.expect(usize::try_from(rest).ok()?.saturating_sub(columns.height()));
            }
            cut += end;
            block.copy_within(end..filled, 0);
            filled -= end;
        }
        Some((columns.finish(), wrapped))
    }
}

/// Where the last whole record of a block ends that begins with one; 0 where none does.
fn records_end(block: &[u8], separator: u8) -> usize {
    let (mut from, mut end) = (0, 0);
    let last_feed = |from: usize, to: usize| Some(from + memrchr(b'\n', block.get(from..to)?)? + 1);
    for cell in QuotedCells::of(block, &[separator]) {
        end = last_feed(from, cell.start).unwrap_or(end);
        match cell.end {
            Some(close) => from = close + 1,
            None => return end,
        }
    }
    last_feed(from, block.len()).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_ends_behind_its_last_whole_record() {
        for (block, end) in [
            ("a,b\nc", 4),
            ("a,b\n", 4),
            ("a,b", 0),
            ("a,\"x\ny\"\nc", 8),
            ("a,\"x\ny", 0),
            ("1\n\"a\nb\",\"c\nd", 2),
            ("1\n\"a\nb\",\"c\nd\"", 2),
            ("1\n\"a\"\"\nb\"\n", 10),
            ("1\n\"a\"\"\nb", 2),
            ("1,12\" x\n2", 8),
        ] {
            assert_eq!(records_end(block.as_bytes(), b','), end, "{block:?}");
        }
    }
}
