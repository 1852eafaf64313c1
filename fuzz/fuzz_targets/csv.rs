//! Text files of any encoding and separator, and whatever else is no workbook: web pages, Parquet, nothing at all.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if !bytes.starts_with(b"PK") {
        hedui_fuzz::read(bytes);
    }
});
