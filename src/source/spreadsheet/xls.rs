//! What calamine does not tell of an .xls sheet: hidden rows, and whether the file is encrypted.
//!
//! Apart because an .xls is a file system of its own with streams of binary records in it.

use std::io::{Cursor, Read};

use super::facts::Facts;

const END: u16 = 0x000A;
const FILE_PASS: u16 = 0x002F;
const SHEET: u16 = 0x0085;
const ROW: u16 = 0x0208;

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

/// Learns the hidden rows of all sheets, in the order of the workbook.
pub fn of_sheets(stream: &[u8]) -> Vec<Facts> {
    Records { stream, at: 0 }
        .take_while(|(kind, _)| *kind != END)
        .filter(|(kind, _)| *kind == SHEET)
        .filter_map(|(_, data)| Some(u32::from_le_bytes(data.get(..4)?.try_into().ok()?)))
        .map(|start| sheet(stream, start as usize))
        .collect()
}

fn sheet(stream: &[u8], start: usize) -> Facts {
    let mut facts = Facts::default();
    let records = Records { stream, at: start };
    for (_, data) in records.take_while(|(kind, _)| *kind != END).filter(|(kind, _)| *kind == ROW) {
        if let (Some([low, high]), Some(flags)) = (data.get(..2), data.get(12))
            && flags & 0x20 != 0
        {
            facts.hide_row(u32::from(u16::from_le_bytes([*low, *high])));
        }
    }
    facts
}

/// The records from a place on.
struct Records<'s> {
    stream: &'s [u8],
    at: usize,
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
