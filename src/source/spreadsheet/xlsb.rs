//! What calamine does not tell of an .xlsb sheet: merged ranges and hidden rows, from its binary records.
//!
//! Apart because an .xlsb has records where an .xlsx has XML. The sheets of such a file are numbered in the order of
//! the workbook by every program that writes them.

use super::facts::Facts;
use super::parts::{Parts, each_block};
use super::shared::SharedBytes;
use crate::source::sheet::MergedRange;

const ROW: u32 = 0;
const MERGED: u32 = 176;
/// A record that is larger than this is no row and no range.
const LARGEST_RECORD: usize = 1 << 24;

/// Learns the facts of the sheet that is counted so from 0.
pub fn of_sheet(bytes: &SharedBytes, index: usize) -> Facts {
    let mut facts = Facts::default();
    let Ok(mut parts) = Parts::open(bytes) else { return facts };
    let Some(part) = parts.stream(&format!("xl/worksheets/sheet{}.bin", index + 1)) else { return facts };
    let mut rest: Vec<u8> = Vec::new();
    let mut broken = false;
    each_block(part, |block| {
        if broken {
            return;
        }
        rest.extend_from_slice(block);
        let mut used = 0;
        while let Some((kind, start, end)) = record(rest.get(used..).unwrap_or_default()) {
            if end - start > LARGEST_RECORD {
                broken = true;
                return;
            }
            let Some(data) = rest.get(used + start..used + end) else { break };
            take(kind, data, &mut facts);
            used += end;
        }
        rest.drain(..used);
    });
    facts
}

/// The kind of the first record, and where its data begins and ends.
fn record(bytes: &[u8]) -> Option<(u32, usize, usize)> {
    let (kind, after) = varying(bytes, 0, 2)?;
    let (length, start) = varying(bytes, after, 4)?;
    Some((kind, start, start + length as usize))
}

/// A number of so many bytes at most, seven bits in each.
fn varying(bytes: &[u8], from: usize, most: usize) -> Option<(u32, usize)> {
    let mut number = 0;
    for index in 0..most {
        let byte = *bytes.get(from + index)?;
        number |= u32::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((number, from + index + 1));
        }
    }
    Some((number, from + most))
}

fn take(kind: u32, data: &[u8], facts: &mut Facts) {
    let word = |at: usize| -> Option<u32> { Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?)) };
    match kind {
        // number, style, height, and flags: two bits about heights, then in the next byte outline level, …, hidden
        ROW => {
            if let (Some(row), Some(flags)) = (word(0), data.get(11))
                && flags & 0x10 != 0
            {
                facts.hide_row(row);
            }
        }
        MERGED => {
            if let (Some(first_row), Some(last_row), Some(first_column), Some(last_column)) =
                (word(0), word(4), word(8), word(12))
            {
                facts.merge(MergedRange { first_row, first_column, last_row, last_column });
            }
        }
        _ => {}
    }
}
