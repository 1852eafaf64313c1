//! The files that fuzzing kept, read again: none may end in a panic, in a long wait, or in more memory than it is given.
//!
//! Apart because they were made by chance and kept for what they led to: `tests/corpus/TARGET/` holds them, and
//! CONTRIBUTING.md ("Fuzz") says how more are found. Each is read as three tables, as the fuzz targets do.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::configuration::MAIL_AS_FILES;
use crate::python::root;
use crate::workplace::{AS_OF, Ran, Workplace};

/// What a run may take, the program itself included, in kilobytes of address space.
const MEMORY: u64 = 4_000_000;
/// What is no wait but a hang; the slowest takes a small part of it.
const PATIENCE: Duration = Duration::from_secs(120);

fn kept(target: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/corpus").join(target);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

/// Reads all files of a target in one workplace, each for three tables, within the limits.
fn read(files: &[(String, Vec<u8>)]) {
    let sources: String = files
        .iter()
        .flat_map(|(name, _)| ["customers", "contracts", "visits"].map(|table| (table, name)))
        .map(|(table, name)| format!("[[source]]\ntable = \"{table}\"\npath = \"data/{name}\"\n"))
        .collect();
    let workplace = Workplace::new(&format!(
        "[company]\nname = \"x\"\n{sources}[mail]\nfrom = \"a@example.com\"\n{MAIL_AS_FILES}\n"
    ));
    for (name, bytes) in files {
        workplace.write(&format!("data/{name}"), bytes);
    }
    let arguments = format!("check --as-of {AS_OF} --load-notes notes.json");
    let mut command = Command::new("bash");
    command.current_dir(workplace.folder()).env("LANG", "zh_CN.UTF-8").env("NO_COLOR", "1");
    command.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" {arguments}"), env!("CARGO_BIN_EXE_hedui")]);
    let began = Instant::now();
    let ran = Ran::of(&mut command, &arguments);
    assert!([0, 3].contains(&ran.code), "{}", ran.all());
    assert!(began.elapsed() < PATIENCE, "{:?} for {} files", began.elapsed(), files.len());
    let notes: serde_json::Value = serde_json::from_str(&workplace.read("notes.json")).expect("JSON");
    for note in notes["sources"].as_array().expect("an array").iter().filter(|note| note["error"].is_null()) {
        let count = |key: &str| note[key].as_u64().expect("a number");
        assert_eq!(count("rows_read"), count("rows_checked") + count("rows_skipped"), "{note}");
        assert_eq!(count("rows_skipped") as usize, note["skipped"].as_array().expect("an array").len(), "{note}");
    }
}

fn replay(target: &str, shown: impl Fn(Vec<u8>) -> Vec<u8>) {
    let files: Vec<(String, Vec<u8>)> = kept(target)
        .into_iter()
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, shown(std::fs::read(&path).expect("bytes")))
        })
        .collect();
    assert!(files.len() >= 20, "only {} files of {target}", files.len());
    files.chunks(40).for_each(read);
}

#[test]
fn text_files_that_fuzzing_kept_are_read_or_refused() {
    replay("csv", |bytes| bytes);
}

#[test]
fn workbooks_that_fuzzing_kept_are_read_or_refused() {
    replay("spreadsheet", |bytes| {
        if bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) { bytes } else { packed(&bytes) }
    });
}

#[test]
fn texts_that_fuzzing_kept_are_typed() {
    replay("typing", |bytes| {
        let text = String::from_utf8_lossy(&bytes).replace(['"', '\t'], "");
        let rows: String = text.lines().map(|cell| format!("{cell}\t{cell}\t{cell}\t{cell}\t{cell}\n")).collect();
        format!("合同编号\t档案编号\t签订日期\t合同金额(万元)\t状态\n{rows}").into_bytes()
    });
}

/// A ZIP file of the parts in a text, stored, as `fuzz/fuzz_targets/spreadsheet.rs` packs them.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts: Vec<(&str, &str)> = Vec::new();
    for part in text.split("=== ").skip(1).take(24) {
        if let Some((name, content)) = part.split_once('\n')
            && !parts.iter().any(|(known, _)| *known == name.trim())
        {
            parts.push((name.trim(), content));
        }
    }
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        writer.start_file(name, stored).expect("a part");
        std::io::Write::write_all(&mut writer, content.as_bytes()).expect("bytes");
    }
    writer.finish().expect("a file").into_inner()
}
