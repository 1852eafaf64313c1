//! Cells of an .xlsb that leave out their column, as it is the next one: written in full, for calamine passes them over.
//!
//! Apart because it is the one place where a workbook is put together anew before it is read, and only where some sheet
//! has such cells. It knows how long cells are and not what is in them.

use super::parts::Parts;
use super::shared::SharedBytes;
use super::xlsb::{each_record, record, word};
use crate::text::Text;

const ROW: u32 = 0;
/// From a blank cell to a formula that is an error: cells that begin with their column.
const CELLS: std::ops::RangeInclusive<u32> = 1..=11;
/// From a blank cell to a shared text: cells that do not.
const SHORT: std::ops::RangeInclusive<u32> = 12..=18;
/// The kind of a short cell is that of the same cell in full and this.
const APART: u32 = 11;

/// The workbook with all cells in full; nothing where they are.
///
/// # Errors
/// Where it is too large to be put together anew.
pub fn in_full(bytes: &SharedBytes) -> Result<Option<SharedBytes>, Text> {
    let mut parts = Parts::open(bytes)?;
    let mut has_short = false;
    let sheets: Vec<String> = parts.names().iter().filter(|name| is_sheet(name)).cloned().collect();
    for sheet in sheets {
        each_record(&mut parts, &sheet, |kind, _| has_short |= SHORT.contains(&kind));
    }
    if !has_short {
        return Ok(None);
    }
    let changed = parts.rewritten(|name, part| if is_sheet(name) { expanded(&part) } else { part })?;
    Ok(Some(SharedBytes::new(changed)))
}

/// Whether a part has the records of a sheet.
fn is_sheet(name: &str) -> bool {
    name.contains("worksheets/sheet") && name.ends_with(".bin")
}

/// A sheet with all cells in full.
fn expanded(part: &[u8]) -> Vec<u8> {
    let mut full = Vec::with_capacity(part.len() + part.len() / 2);
    let (mut at, mut column) = (0, 0_u32);
    while let Some((kind, start, end)) = record(part.get(at..).unwrap_or_default()) {
        let Some(data) = part.get(at + start..at + end) else { break };
        match kind {
            _ if SHORT.contains(&kind) => {
                let length = data.len() + 4;
                full.push((kind - APART) as u8);
                push_varying(&mut full, length);
                full.extend_from_slice(&column.to_le_bytes());
                full.extend_from_slice(data);
                column = column.saturating_add(1);
            }
            _ => {
                full.extend_from_slice(part.get(at..at + end).unwrap_or_default());
                if kind == ROW {
                    column = 0;
                } else if CELLS.contains(&kind) {
                    column = word(data, 0).unwrap_or(column).saturating_add(1);
                }
            }
        }
        at += end;
    }
    // What is cut off stays so, and calamine tells of it.
    full.extend_from_slice(part.get(at..).unwrap_or_default());
    full
}

/// A length, seven bits in each byte.
fn push_varying(target: &mut Vec<u8>, mut length: usize) {
    while length > 0x7F {
        target.push((length & 0x7F) as u8 | 0x80);
        length >>= 7;
    }
    target.push(length as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_cell_is_written_in_full_behind_the_one_before_it() {
        let row = [0, 4, 7, 0, 0, 0];
        let full = [6, 14, 3, 0, 0, 0, 9, 9, 9, 9, 1, 0, 0, 0, 0x32, 0x75];
        let short = [17, 10, 9, 9, 9, 9, 1, 0, 0, 0, 0x33, 0x75];
        let expected = [6, 14, 4, 0, 0, 0, 9, 9, 9, 9, 1, 0, 0, 0, 0x33, 0x75];
        let part = [&row[..], &full, &short, &row, &short, &[146, 1, 0]].concat();
        let first = [6, 14, 0, 0, 0, 0, 9, 9, 9, 9, 1, 0, 0, 0, 0x33, 0x75];
        let wanted = [&row[..], &full, &expected, &row, &first, &[146, 1, 0]].concat();
        assert_eq!(expanded(&part), wanted);
        assert_eq!(expanded(&wanted), wanted, "what is in full stays so");
        assert_eq!(expanded(&part[..part.len() - 5]).len(), wanted.len() - 16 - 3 + short.len() - 2, "half a record");
    }

    #[test]
    fn lengths_are_read_back() {
        for length in [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 70_000] {
            let mut written = vec![6];
            push_varying(&mut written, length);
            let (_, start, end) = record(&written).expect("a record");
            assert_eq!((end - start, start), (length, written.len()));
        }
    }
}
