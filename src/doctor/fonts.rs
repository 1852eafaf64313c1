//! Whether this machine can draw Chinese.
//!
//! Apart because hedui itself draws nothing: charts are Excel's, the page's are the browser's. Whoever turns workbooks
//! into PDF or prints them here gets boxes instead of characters without such a font.

use std::path::PathBuf;

use super::{Patient, Remark};
use crate::config::secrets::environment;
use crate::text;

/// Parts of the names of files with Chinese fonts, in lower case.
const CHINESE: [&str; 14] = [
    "wqy",
    "cjk",
    "droidsansfallback",
    "sourcehan",
    "simsun",
    "simhei",
    "msyh",
    "uming",
    "ukai",
    "fangsong",
    "kaiti",
    "pingfang",
    "notosanssc",
    "notoserifsc",
];
/// How deep fonts lie below a folder of fonts.
const DEPTH: usize = 5;

pub(super) fn look(_: &Patient) -> Option<Vec<Remark>> {
    Some(vec![match folders().iter().find_map(|folder| chinese(folder, DEPTH)) {
        Some(font) => Remark::well(text!("有中文字体：{font}", "there is a Chinese font: {font}")),
        None => Remark::doubtful(
            text!(
                "本机没有中文字体：在本机把报表转成 PDF 或打印，汉字会成方框",
                "no Chinese font here: reports that are printed or made PDF on this machine show boxes"
            ),
            text!(
                "安装一种，如 apt-get install fonts-wqy-microhei；只发送工作簿的可以不装",
                "install one, as with apt-get install fonts-wqy-microhei; not needed where workbooks are only mailed"
            ),
        ),
    }])
}

/// Where fonts lie: for all, and the user's own.
fn folders() -> Vec<PathBuf> {
    let named = |name: &str| environment(name).filter(|value| !value.is_empty());
    let shared = named("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".to_owned());
    let mut folders: Vec<PathBuf> = shared.split(':').map(|folder| PathBuf::from(folder).join("fonts")).collect();
    let home = named("HOME").map(PathBuf::from);
    folders.extend(named("XDG_DATA_HOME").map(|folder| PathBuf::from(folder).join("fonts")));
    folders.extend(home.iter().flat_map(|home| [home.join(".local/share/fonts"), home.join(".fonts")]));
    folders
}

/// The first file below a folder that is a Chinese font by its name.
fn chinese(folder: &std::path::Path, depth: usize) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries.filter_map(Result::ok).find_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let plain = name.to_lowercase().replace(['-', '_', ' '], "");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => chinese(&entry.path(), depth - 1),
            Ok(kind) if !kind.is_dir() && CHINESE.iter().any(|part| plain.contains(part)) => Some(name),
            _ => None,
        }
    })
}
