//! Which files a pattern of the configuration means, and their bytes.
//!
//! Apart because a missing file, an unplugged share, an office program's lock file, copies of one file and a file that
//! somebody is writing are all settled here, before anything is opened.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use crate::text;
use crate::text::Text;

/// What people and programs append to the name of a copy.
const COPIES: [&str; 14] = [
    "副本",
    "复制",
    "拷贝",
    "备份",
    "最终版",
    "终版",
    "终稿",
    "定稿",
    "最新版",
    "最新",
    "修改版",
    "copy",
    "final",
    "new",
];
/// So many bytes tell what a file is.
const OPENING: u64 = 1 << 12;
/// A file larger than this is not read into memory.
const LARGEST_FILE: u64 = 4 << 30;

/// What a pattern means.
#[derive(Debug, Default)]
pub struct Matching {
    /// The files, in order.
    pub paths: Vec<PathBuf>,
    /// What is there and cannot be read: a folder that does not let itself be listed, a link that leads nowhere, a name
    /// that is no text; with the reason.
    pub unreadable: Vec<(PathBuf, Text)>,
}

/// The files that a pattern matches; hidden files, lock and temporary files of office programs are none.
///
/// # Errors
/// Where the pattern is none, or nothing is there.
pub fn matching(folder: &Path, pattern: &str) -> Result<Matching, Text> {
    let full = folder.join(pattern);
    if full.is_file() {
        return Ok(Matching { paths: vec![full], ..Matching::default() });
    }
    let mut found = Matching::default();
    for entry in globbed(folder, pattern)? {
        match entry {
            Ok(path) if is_passed_over(folder, &path, pattern) || path.is_dir() => {}
            Ok(path) if path.is_file() => found.paths.push(path),
            Ok(path) => found.unreadable.push((path, leads_nowhere())),
            Err(error) => found.unreadable.push((error.path().to_owned(), not_listed(error.error()))),
        }
    }
    found.unreadable.extend(without_readable_name(folder, pattern));
    found.paths.sort();
    found.unreadable.sort_by(|(left, _), (right, _)| left.cmp(right));
    if found.paths.is_empty() && found.unreadable.is_empty() {
        return Err(text!(
            "找不到文件；请检查路径，或共享盘是否已挂载",
            "no such file; check the path, and whether the share is mounted"
        ));
    }
    Ok(found)
}

fn globbed(folder: &Path, pattern: &str) -> Result<glob::Paths, Text> {
    let escaped = glob::Pattern::escape(&folder.display().to_string());
    let whole = if Path::new(pattern).is_absolute() { pattern.to_owned() } else { format!("{escaped}/{pattern}") };
    // Hidden files are passed over here: the library breaks off over names that are no UTF-8 where it is asked to.
    glob::glob_with(&whole, glob::MatchOptions::default())
        .map_err(|error| text!("文件名模式有误：{error}", "the file pattern is wrong: {error}"))
}

/// Whether a path is hidden without being asked for, or is a lock or temporary file of an office program.
fn is_passed_over(folder: &Path, path: &Path, pattern: &str) -> bool {
    let begins = |name: &OsStr, start: &[u8]| name.as_encoded_bytes().starts_with(start);
    let below = path.strip_prefix(folder).unwrap_or(path);
    let wants_hidden = pattern.split(['/', '\\']).any(|part| part.starts_with('.') && !matches!(part, "." | ".."));
    let is_hidden = |part: Component| matches!(part, Component::Normal(name) if begins(name, b"."));
    path.file_name().is_some_and(|name| begins(name, b"~$") || begins(name, b".~"))
        || !wants_hidden && below.components().any(is_hidden)
}

/// The files whose names cannot be matched because they are no UTF-8, as names of an older system are.
fn without_readable_name(folder: &Path, pattern: &str) -> Vec<(PathBuf, Text)> {
    let (parents, name) = match pattern.rsplit_once('/') {
        Some(("", name)) => (vec![PathBuf::from("/")], name),
        Some((parent, name)) => (globbed(folder, parent).into_iter().flatten().flatten().collect(), name),
        None => (vec![folder.to_owned()], pattern),
    };
    let Ok(wanted) = glob::Pattern::new(name) else { return Vec::new() };
    parents
        .iter()
        .filter_map(|parent| std::fs::read_dir(parent).ok())
        .flat_map(Iterator::flatten)
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_str().is_none()) && !path.is_dir())
        .filter(|path| wanted.matches(&name_of(path)) && !is_passed_over(folder, path, pattern))
        .map(|path| (path, nameless()))
        .collect()
}

fn leads_nowhere() -> Text {
    text!(
        "是一个指向不存在的文件的链接，未读；请重建链接或删去",
        "a link that leads to no file, not read; make it anew or delete it"
    )
}

fn not_listed(error: &std::io::Error) -> Text {
    text!(
        "文件夹无法列出（{error}），其中的文件未读；请检查权限",
        "the folder cannot be listed ({error}), its files were not read; check the permissions"
    )
}

fn nameless() -> Text {
    text!("文件名不是 UTF-8 文字，未读；请重新命名", "the file's name is no UTF-8 text, so it was not read; rename it")
}

/// The files to read of those that match, and what is to be said of the choice: only the newest where that is wished,
/// otherwise all, and which of them look like copies of one another.
pub fn chosen(mut paths: Vec<PathBuf>, newest: bool) -> (Vec<PathBuf>, Vec<Text>) {
    if !newest || paths.len() < 2 {
        let remarks = copies(&paths).into_iter().map(|names| {
            text!(
                "疑似同一文件的几份副本，都已读取：{names}；请删去多余的，或在来源中写 newest = true 只取最新",
                "these look like copies of one file, and all were read: {names}; delete those too many, or give the source \
                 newest = true"
            )
        });
        return (paths, remarks.collect());
    }
    let age =
        |path: &PathBuf| std::fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    let latest = paths.iter().enumerate().max_by_key(|(index, path)| (age(path), *index)).map_or(0, |(index, _)| index);
    let taken = paths.swap_remove(latest);
    paths.sort();
    let names = paths.iter().map(|path| name_of(path)).collect::<Vec<_>>().join(", ");
    let remark = text!("只取最新的文件，未读：{names}", "only the newest file was taken, not read: {names}");
    (vec![taken], vec![remark])
}

/// The names of files that differ only by what is appended to copies, group by group.
fn copies(paths: &[PathBuf]) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for path in paths {
        let original = format!("{}/{}", path.parent().unwrap_or(path).display(), original(&name_of(path)));
        match groups.iter_mut().find(|(known, _)| *known == original) {
            Some((_, names)) => names.push(name_of(path)),
            None => groups.push((original, vec![name_of(path)])),
        }
    }
    groups.into_iter().filter(|(_, names)| names.len() > 1).map(|(_, names)| names.join(", ")).collect()
}

/// A file's name without ending and without the marks of a copy: `客户表 - 副本 (2)` and `客户表-最终版2` are `客户表`.
fn original(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    let mut rest = stem.as_str();
    loop {
        let before = rest;
        rest = rest.trim_end_matches([' ', '-', '_', '－', '—', '\u{3000}']);
        rest = without_number(rest);
        for mark in COPIES {
            let bare = rest.trim_end_matches(|character: char| character.is_ascii_digit());
            if let Some(shorter) = bare.strip_suffix(mark).filter(|shorter| !shorter.is_empty()) {
                rest = shorter;
            }
        }
        if rest == before {
            return rest.to_owned();
        }
    }
}

/// Without a number in brackets at the end, such as browsers and file managers append.
fn without_number(stem: &str) -> &str {
    let Some(inner) = stem.strip_suffix([')', '）']) else { return stem };
    let digits = inner.trim_end_matches(|character: char| character.is_ascii_digit());
    match digits.strip_suffix(['(', '（']) {
        Some(shorter) if digits.len() < inner.len() && !shorter.is_empty() => shorter,
        _ => stem,
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The first bytes of a file, which tell what it is.
///
/// # Errors
/// Where it cannot be opened.
pub fn opening(path: &Path) -> Result<Vec<u8>, Text> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| cannot_open(&error))?;
    file.take(OPENING).read_to_end(&mut bytes).map_err(|error| cannot_open(&error))?;
    Ok(bytes)
}

/// A copy of a file's bytes, as whole as it can be had: a file that somebody writes meanwhile is read once more.
///
/// # Errors
/// Where it cannot be opened, is beyond all size, or keeps changing.
pub fn read(path: &Path) -> Result<Vec<u8>, Text> {
    for _ in 0..2 {
        let before = state(&std::fs::metadata(path).map_err(|error| cannot_open(&error))?);
        if before.0 > LARGEST_FILE {
            return Err(text!(
                "文件超过 4 GB，未读；请拆分，或另存为 UTF-8 的 CSV",
                "the file is larger than 4 GB and was not read; split it, or save it as CSV in UTF-8"
            ));
        }
        let bytes = std::fs::read(path).map_err(|error| cannot_open(&error))?;
        let after = state(&std::fs::metadata(path).map_err(|error| cannot_open(&error))?);
        if before == after && after.0 == bytes.len() as u64 {
            return Ok(bytes);
        }
    }
    Err(text!(
        "文件正在被改写，读了两次都没有读完整；请等复制或保存结束后再运行",
        "somebody is writing the file: read twice, it was never whole; run again when it is copied or saved"
    ))
}

/// What tells whether a file was changed: its size and when it was last written.
pub(super) fn state(data: &Metadata) -> (u64, Option<SystemTime>) {
    (data.len(), data.modified().ok())
}

fn cannot_open(error: &std::io::Error) -> Text {
    text!("文件打不开：{error}；是否被占用或无权限？", "cannot be opened: {error}; is it locked or not yours to read?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_there_and_cannot_be_read_is_told() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir_all(data.join("sub.csv")).expect("folders");
        for name in ["客户.csv", ".hidden.csv", "~$客户.csv"] {
            std::fs::write(data.join(name), "a").expect("a file");
        }
        for name in [&b"\xB5\xA5.csv"[..], b"\xB5\xA5.txt", b".\xB5.csv"] {
            std::fs::write(data.join(OsStr::from_bytes(name)), "a").expect("a file");
        }
        std::os::unix::fs::symlink(data.join("none"), data.join("旧.csv")).expect("a link");
        for pattern in ["data/*.csv", "d*/*.csv", "**/*.csv"] {
            let found = matching(folder.path(), pattern).expect("files");
            assert_eq!(found.paths, [data.join("客户.csv")], "{pattern}");
            let unreadable: Vec<_> = found.unreadable.iter().map(|(path, _)| path.clone()).collect();
            assert_eq!(unreadable, [data.join(OsStr::from_bytes(b"\xB5\xA5.csv")), data.join("旧.csv")], "{pattern}");
        }
        assert_eq!(matching(folder.path(), "data/.h*.csv").expect("files").paths, [data.join(".hidden.csv")]);
        assert!(matching(folder.path(), "data/*.xlsx").is_err());
    }

    #[test]
    fn copies_are_told_by_what_is_appended_to_their_names() {
        for name in [
            "客户表.xlsx",
            "客户表 - 副本.xlsx",
            "客户表 - 副本 (2).xlsx",
            "客户表(1).xlsx",
            "客户表（3）.xls",
            "客户表-最终版2.xlsx",
            "客户表_final.xlsx",
        ] {
            assert_eq!(original(name), "客户表", "{name}");
        }
        for name in ["副本.xlsx", "(1).xlsx"] {
            assert_ne!(original(name), "", "{name}");
        }
        assert_ne!(original("华东客户.xlsx"), original("华南客户.xlsx"));
        assert_ne!(original("客户2025.xlsx"), original("客户2026.xlsx"));
        let paths = ["d/客户.xlsx", "d/客户(1).xlsx", "e/客户.xlsx"].map(PathBuf::from).to_vec();
        assert_eq!(copies(&paths), ["客户.xlsx, 客户(1).xlsx"]);
    }
}
