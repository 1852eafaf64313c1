//! The records of a text, one by one.
//!
//! Apart because places are counted in them: a blank line is one, a line break inside quotes begins none. It knows no
//! header and no field.

use crate::text::Text;

/// The records of a text, blank ones included, and where the next one begins.
pub(super) struct Records<'t> {
    text: &'t [u8],
    pub(super) offset: usize,
    /// One parser for all records: a fresh one would take a byte-order mark off the start of each.
    parser: csv_core::Reader,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, separator: u8) -> Self {
        Self::of(text.as_bytes(), separator)
    }

    /// The same of the bytes of a text.
    pub(super) fn of(text: &'t [u8], separator: u8) -> Self {
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
        let line_break = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        if line_break > 0 {
            self.offset += line_break;
            return Some(Ok(Vec::new()));
        }
        let (mut output, mut ends) = (vec![0; 4096], vec![0; 64]);
        let (mut read, mut written, mut fields) = (0, 0, 0);
        let input = rest;
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
