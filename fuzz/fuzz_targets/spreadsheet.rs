//! Workbooks: as they are where the bytes are one, else made of the bytes, part by part.
//!
//! Chance hardly ever hits upon a sound ZIP file, so most inputs are the text of a workbook's parts, each after a line
//! `=== NAME`, which are packed here: what is tried is the XML, not the packing. `seeds.py parts` takes a
//! workbook apart into such a text.
#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const PARTS: usize = 24;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        hedui_fuzz::read(bytes);
    } else if let Some(packed) = packed(bytes) {
        hedui_fuzz::read(&packed);
    }
});

/// A ZIP file of the parts in a text; nothing where two have one name or there is none.
fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in text.split("=== ").skip(1).take(PARTS) {
        let (name, content) = part.split_once('\n')?;
        writer.start_file(name.trim(), stored).ok()?;
        writer.write_all(content.as_bytes()).ok()?;
    }
    writer.finish().ok().map(Cursor::into_inner)
}
