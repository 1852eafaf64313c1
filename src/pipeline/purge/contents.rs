//! Whether a file of ours tells of certain customers: workbooks, mails with workbooks, JSON and pages are looked through.
//!
//! Apart because it knows how our own files are made, and nothing of what becomes of them.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::outbox::reading;

/// How a workbook opens that nobody can look into without its password.
const ENCRYPTED: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
/// How a workbook opens otherwise.
const ZIPPED: &[u8] = b"PK\x03\x04";
/// No more of one part of a workbook is looked through: ours are smaller.
const LARGEST_PART: u64 = 1 << 30;

/// What a file tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Nothing of them.
    Nothing,
    /// Of one of them.
    Something,
    /// It cannot be looked into.
    Closed,
}

impl Tells {
    /// What two pieces tell together.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Tells::Something, _) | (_, Tells::Something) => Tells::Something,
            (Tells::Closed, _) | (_, Tells::Closed) => Tells::Closed,
            _ => Tells::Nothing,
        }
    }
}

/// What is looked for: keys and names, as they stand in text and as they stand in XML.
pub fn needles(words: impl IntoIterator<Item = String>) -> Vec<Vec<u8>> {
    let mut needles: Vec<Vec<u8>> = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        let escaped = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if escaped != word {
            needles.push(escaped.into_bytes());
        }
        needles.push(word.into_bytes());
    }
    needles
}

/// What bytes tell, by their kind.
pub fn tells(bytes: &[u8], is_mail: bool, needles: &[Vec<u8>]) -> Tells {
    if bytes.starts_with(ENCRYPTED) {
        return Tells::Closed;
    }
    if bytes.starts_with(ZIPPED) {
        return workbook(bytes, needles);
    }
    let own = plain(bytes, needles);
    if own == Tells::Something || !is_mail {
        return own;
    }
    let parts = reading::contents(bytes);
    parts.iter().map(|part| tells(part, false, needles)).fold(Tells::Nothing, Tells::or)
}

fn plain(bytes: &[u8], needles: &[Vec<u8>]) -> Tells {
    match needles.iter().any(|needle| memmem::find(bytes, needle).is_some()) {
        true => Tells::Something,
        false => Tells::Nothing,
    }
}

fn workbook(bytes: &[u8], needles: &[Vec<u8>]) -> Tells {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Tells::Closed };
    for index in 0..archive.len() {
        let mut part = Vec::new();
        let read = archive.by_index(index).map(|entry| entry.take(LARGEST_PART).read_to_end(&mut part));
        match read {
            Ok(Ok(_)) if plain(&part, needles) == Tells::Something => return Tells::Something,
            Ok(Ok(_)) => {}
            _ => return Tells::Closed,
        }
    }
    Tells::Nothing
}

/// The files in a folder, and not below it, in order; links are not followed.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = files(folder);
    files.retain(|path| path.parent() == Some(folder));
    files
}

/// The files below a folder, in order; links are not followed.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(folder, &mut files);
    files.sort();
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk(&entry.path(), files),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_text_and_as_xml() {
        let needles = needles(["甲 & 乙公司".to_owned(), String::new()]);
        assert_eq!(needles.len(), 2);
        assert_eq!(tells("{\"a\": \"甲 & 乙公司\"}".as_bytes(), false, &needles), Tells::Something);
        assert_eq!(tells("<c>甲 &amp; 乙公司</c>".as_bytes(), false, &needles), Tells::Something);
        assert_eq!(tells("甲公司".as_bytes(), false, &needles), Tells::Nothing);
        assert_eq!(tells(ENCRYPTED, false, &needles), Tells::Closed);
        assert_eq!(tells(b"PK\x03\x04 cut off", false, &needles), Tells::Closed);
    }
}
