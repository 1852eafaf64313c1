//! Files that ship inside the program, overlaid by those of a workplace: the same name replaces, others add.
//!
//! Apart because rules and calendar are both found so. It reads text and knows no format.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use include_dir::Dir;

use crate::problem::{Document, Problem};
use crate::text;

/// The files of a built-in folder in the order of their names: name and bytes.
pub fn built_in_files(built_in: &'static Dir<'static>) -> Vec<(String, &'static [u8])> {
    let mut files: Vec<_> = built_in.files().map(|file| (file.path().display().to_string(), file.contents())).collect();
    files.sort();
    files
}

/// Texts of files by name: borrowed of the program where they ship inside it.
pub type Texts = BTreeMap<String, Cow<'static, str>>;

/// The .toml texts, those of the workplace's folder on top, and what of it could not be read.
pub fn texts(built_in: &'static Dir<'static>, folder: Option<&Path>) -> (Texts, Vec<Problem>) {
    let mut texts: Texts = built_in_files(built_in)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".toml"))
        .map(|(name, bytes)| (name, String::from_utf8_lossy(bytes)))
        .collect();
    let mut problems = Vec::new();
    for path in folder.map(toml_files).unwrap_or_default() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                texts.insert(name, text.into());
            }
            Err(error) => problems.push(
                Document::new(&path.display().to_string(), "")
                    .problem(0..0, text!("读不到：{error}", "cannot be read: {error}")),
            ),
        }
    }
    (texts, problems)
}

fn toml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}
