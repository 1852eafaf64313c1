//! Which files a pattern of the configuration means, and their bytes.
//!
//! Apart because a missing file, an unplugged share, an office program's lock file, copies of one file and a file that
//! somebody is writing are all settled here, before anything is opened.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
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
/// A file larger than this is not read into memory.
const LARGEST_FILE: u64 = 4 << 30;

/// The files that a pattern matches; lock and temporary files of office programs are none.
pub fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Text> {
    let full = folder.join(pattern);
    if full.is_file() {
        return Ok(vec![full]);
    }
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::default() };
    let escaped = glob::Pattern::escape(&folder.display().to_string());
    let whole = if Path::new(pattern).is_absolute() { pattern.to_owned() } else { format!("{escaped}/{pattern}") };
    let found = glob::glob_with(&whole, options)
        .map_err(|error| text!("文件名模式有误：{error}", "the file pattern is wrong: {error}"))?;
    let mut paths: Vec<PathBuf> = found
        .filter_map(Result::ok)
        .filter(|path| path.is_file())
        .filter(|path| {
            let name = name_of(path);
            !name.starts_with("~$") && !name.starts_with(".~")
        })
        .collect();
    paths.sort();
    if paths.is_empty() {
        return Err(text!(
            "找不到文件；请检查路径，或共享盘是否已挂载",
            "no such file; check the path, and whether the share is mounted"
        ));
    }
    Ok(paths)
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

/// A copy of a file's bytes, as whole as it can be had: a file that somebody writes meanwhile is read once more.
///
/// # Errors
/// Where it cannot be opened, is beyond all size, or keeps changing.
pub fn read(path: &Path) -> Result<Vec<u8>, Text> {
    for _ in 0..2 {
        let before = state(&std::fs::metadata(path).map_err(|error| cannot_open(&error))?);
        if before.0 > LARGEST_FILE {
            return Err(text!(
                "文件超过 4 GB，未读；请拆分",
                "the file is larger than 4 GB and was not read; split it"
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
fn state(data: &Metadata) -> (u64, Option<SystemTime>) {
    (data.len(), data.modified().ok())
}

fn cannot_open(error: &std::io::Error) -> Text {
    text!("文件打不开：{error}；是否被占用或无权限？", "cannot be opened: {error}; is it locked or not yours to read?")
}

#[cfg(test)]
mod tests {
    use super::*;

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
