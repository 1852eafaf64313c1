//! Which files a pattern of the configuration means.
//!
//! Apart because a missing file, an unplugged share and an office program's lock file are all settled here, before
//! anything is opened.

use std::path::{Path, PathBuf};

use crate::text;
use crate::text::Text;

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
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
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
