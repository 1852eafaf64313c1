//! Which files of a folder are spreadsheets.
//!
//! Apart because it looks at names alone; nothing is opened here.

use std::path::{Path, PathBuf};

use crate::text;
use crate::text::Text;

/// The endings of what sources can read.
const ENDINGS: [&str; 10] = ["xlsx", "xlsm", "xlsb", "xls", "ods", "et", "csv", "tsv", "txt", "parquet"];
/// Folders below a folder are looked into so deep.
const DEEPEST: usize = 3;
/// More files than this are hardly one company's customer records: somebody named the root of a disk.
const MOST: usize = 500;

/// The spreadsheets that paths mean, from the root on, in order: a file is itself, a folder all that lie below it.
///
/// # Errors
/// Where a path leads nowhere, a folder has none, or there are too many.
pub fn spreadsheets(here: &Path, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Text> {
    let mut files = Vec::new();
    for path in paths {
        let shown = path.display();
        let full = here.join(path).canonicalize().map_err(|error| {
            let Text { zh, en } = Text::of_system(&error);
            text!(
                "读不到 {shown}：{zh}；请写已有的文件或文件夹",
                "cannot read {shown}: {en}; name a file or folder that is there"
            )
        })?;
        let before = files.len();
        match full.is_dir() {
            true => below(&full, DEEPEST, &mut files),
            false => files.push(full),
        }
        if files.len() == before {
            let endings = ENDINGS.map(|ending| format!(".{ending}")).join(" ");
            return Err(text!(
                "{shown} 里没有表格文件（{endings}）；请写表格所在的文件夹",
                "there is no spreadsheet in {shown} ({endings}); name the folder that they lie in"
            ));
        }
        if files.len() > MOST {
            return Err(text!(
                "{shown} 里的表格超过 {MOST} 个；请写只放客户资料的文件夹",
                "there are more than {MOST} spreadsheets in {shown}; name a folder with customer records only"
            ));
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn below(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        // hidden, a lock of an office program, or what hedui itself wrote
        let is_passed_over = name.starts_with(['.', '~']);
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        if is_passed_over || files.len() > MOST {
            continue;
        }
        if path.is_dir() {
            if depth > 1 && !path.join(crate::config::FILE_NAME).exists() && !is_own(folder, &name) {
                below(&path, depth - 1, files);
            }
        } else if ENDINGS.contains(&ending.as_str()) {
            files.push(path);
        }
    }
}

/// Whether a folder is one that a workplace writes: reports are no sources.
fn is_own(folder: &Path, name: &str) -> bool {
    folder.join(crate::config::FILE_NAME).exists() && ["out", "state", "rules", "calendar"].contains(&name)
}
