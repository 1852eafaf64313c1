//! What calamine does not tell of an .xlsb sheet: merged ranges, hidden rows and columns, from its binary records.
//!
//! Apart because an .xlsb has records where an .xlsx has XML. Where the part of a sheet lies, the workbook's list of
//! sheets says, for a chart on a sheet of its own is counted among them and lies elsewhere.

use super::facts::Facts;
use super::parts::{Parts, attribute, each_block, each_start};
use super::shared::SharedBytes;
use crate::source::sheet::MergedRange;

const WORKBOOK: &str = "xl/workbook.bin";
const RELATIONS: &str = "xl/_rels/workbook.bin.rels";

const ROW: u32 = 0;
const COLUMNS: u32 = 60;
const WORKBOOK_SETTINGS: u32 = 153;
const SHEET: u32 = 156;
const MERGED: u32 = 176;
/// A record that is larger than this is none of those.
const LARGEST_RECORD: usize = 1 << 24;

/// Learns the facts of a sheet; none where the part cannot be found, which calamine will tell of.
pub fn of_sheet(bytes: &SharedBytes, name: &str) -> Facts {
    let mut facts = Facts::default();
    let Ok(mut parts) = Parts::open(bytes) else { return facts };
    let Some(path) = path_of(&mut parts, name, &mut facts) else { return facts };
    each_record(&mut parts, &path, |kind, data| take(kind, data, &mut facts));
    facts
}

/// The part of a sheet; on the way, what the workbook says of all sheets.
fn path_of(parts: &mut Parts, name: &str, facts: &mut Facts) -> Option<String> {
    let mut relation = None;
    each_record(parts, WORKBOOK, |kind, data| match kind {
        WORKBOOK_SETTINGS => facts.is_1904 = data.first().is_some_and(|flags| flags & 1 != 0),
        // state, number, the name of its relation, its own name
        SHEET => {
            if let Some((related, rest)) = data.get(8..).and_then(wide)
                && wide(rest).is_some_and(|(named, _)| named == name)
            {
                relation = Some(related);
            }
        }
        _ => {}
    });
    let relation = relation?;
    let mut target = None;
    each_start(parts.xml(RELATIONS)?, |local, element| {
        if local == "Relationship" && attribute(element, "Id").as_deref() == Some(&relation) {
            target = attribute(element, "Target");
        }
    });
    target.map(|target| target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), ToOwned::to_owned))
}

/// Hands the records of a part on, as long as they are whole.
pub fn each_record(parts: &mut Parts, path: &str, mut visit: impl FnMut(u32, &[u8])) {
    let Some(part) = parts.stream(path) else { return };
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
            visit(kind, data);
            used += end;
        }
        rest.drain(..used);
    });
}

/// The kind of the first record, and where its data begins and ends.
pub fn record(bytes: &[u8]) -> Option<(u32, usize, usize)> {
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

/// A text of two bytes a letter behind its length, and what follows it.
fn wide(bytes: &[u8]) -> Option<(String, &[u8])> {
    let length = word(bytes, 0)? as usize;
    let end = 4 + length.checked_mul(2)?;
    let letters: Vec<u16> =
        bytes.get(4..end)?.chunks_exact(2).map(|letter| u16::from_le_bytes([letter[0], letter[1]])).collect();
    Some((String::from_utf16(&letters).ok()?, bytes.get(end..)?))
}

/// A number of four bytes.
pub fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn take(kind: u32, data: &[u8], facts: &mut Facts) {
    match kind {
        // number, style, height, and flags: two bits about heights, then in the next byte outline level, …, hidden
        ROW => {
            if let (Some(row), Some(flags)) = (word(data, 0), data.get(11))
                && flags & 0x10 != 0
            {
                facts.hide_row(row);
            }
        }
        // first and last column, width, style, and flags
        COLUMNS => {
            if let (Some(first), Some(last), Some(flags)) = (word(data, 0), word(data, 4), data.get(16))
                && flags & 1 != 0
            {
                facts.hide_columns(first, last);
            }
        }
        MERGED => {
            if let (Some(first_row), Some(last_row), Some(first_column), Some(last_column)) =
                (word(data, 0), word(data, 4), word(data, 8), word(data, 12))
            {
                facts.merge(MergedRange { first_row, first_column, last_row, last_column });
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_and_texts_are_told_by_their_lengths() {
        // a kind of two bytes, a length of one
        assert_eq!(record(&[0xB0, 0x01, 0x10, 0]), Some((MERGED, 3, 19)));
        assert_eq!(record(&[0xB0]), None);
        let text: Vec<u8> = [&[2, 0, 0, 0][..], &[0xA2, 0x5B, 0x37, 0x62], &[9]].concat();
        assert_eq!(wide(&text), Some(("客户".to_owned(), &[9][..])));
        assert_eq!(wide(&[0xFF, 0xFF, 0xFF, 0xFF]), None);
    }
}
