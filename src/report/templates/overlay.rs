//! The template files of a workplace: which are read, and which names mean nothing.
//!
//! Apart because a misspelled file name must be an error, not a file without effect. It opens files and judges names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{DEFINITION, LANGUAGES, PAGE, Part, SHARED};
use crate::report::look;
use crate::report::problem::TemplateProblem;
use crate::report::strings;
use crate::text;

/// The files of the page, whose folder is called like a report's and is none.
const PAGE_FILES: [&str; 3] = ["page.html.j2", "page.css", "page.js"];

/// Reads the folder's files over those that are there.
pub(super) fn read(folder: &Path, files: &mut BTreeMap<String, String>, problems: &mut Vec<TemplateProblem>) {
    for (name, is_folder) in entries(folder, "", problems) {
        if is_folder {
            for (inner, _) in entries(&folder.join(&name), &name, problems) {
                let known = |file: &str| match name == PAGE {
                    true => PAGE_FILES.contains(&file) || file.starts_with('_'),
                    false => (file == DEFINITION && name != SHARED) || parts().contains(&file) || file.starts_with('_'),
                };
                take(folder, &format!("{name}/{inner}"), known(&inner), files, problems);
            }
        } else {
            let known = name == look::FILE || LANGUAGES.iter().any(|language| strings::file_name(*language) == name);
            take(folder, &name, known, files, problems);
        }
    }
}

/// Every report must have its definition, and every part of the mail in a language in which it has one. A report that
/// has none of them uses those of the shared folder.
pub(super) fn complete(files: &BTreeMap<String, String>, problems: &mut Vec<TemplateProblem>) {
    let reports: BTreeSet<&str> =
        files.keys().filter_map(|name| name.split_once('/')).map(|(report, _)| report).collect();
    for report in reports.into_iter().filter(|report| *report != PAGE && *report != SHARED) {
        let has = |file: &str| files.contains_key(&format!("{report}/{file}"));
        if !has(DEFINITION) {
            let message = text!("文件夹 {report} 缺少 {DEFINITION}", "folder {report} has no {DEFINITION}");
            problems.push(TemplateProblem::of_file(&format!("{report}/{DEFINITION}"), message));
        }
        let spoken: Vec<_> =
            LANGUAGES.into_iter().filter(|language| Part::ALL.iter().any(|part| has(part.file(*language)))).collect();
        for language in spoken {
            for file in Part::ALL.map(|part| part.file(language)).into_iter().filter(|file| !has(file)) {
                let message = text!("报告 {report} 缺少 {file}", "report {report} has no {file}");
                problems.push(TemplateProblem::of_file(&format!("{report}/{file}"), message));
            }
        }
    }
}

fn parts() -> Vec<&'static str> {
    LANGUAGES.iter().flat_map(|language| Part::ALL.map(|part| part.file(*language))).collect()
}

/// Takes one file in: a text that is known; a template or table of another name is a mistake, anything else is not
/// ours.
fn take(
    folder: &Path,
    name: &str,
    known: bool,
    files: &mut BTreeMap<String, String>,
    problems: &mut Vec<TemplateProblem>,
) {
    if !known {
        let is_of_page = name.split_once('/').is_some_and(|(folder, _)| folder == PAGE);
        let is_meant = |ending: &&str| name.ends_with(*ending);
        if [".j2", ".toml"].iter().any(is_meant) || (is_of_page && [".html", ".css", ".js"].iter().any(is_meant)) {
            let list = if is_of_page { PAGE_FILES.join(", ") } else { parts().join(", ") };
            problems.push(
                TemplateProblem::of_file(name, text!("没有什么会读这个文件", "nothing reads a file of this name"))
                    .with_hint(text!(
                        "可用:strings.zh.toml、strings.en.toml、look.toml,以及文件夹里的 {DEFINITION}, {list};被引用的片段以 _ 开头",
                        "known: strings.zh.toml, strings.en.toml, look.toml, and in a folder {DEFINITION}, {list}; what others include starts with _"
                    )),
            );
        }
        return;
    }
    match fs::read(folder.join(name)) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => drop(files.insert(name.to_owned(), text.trim_start_matches('\u{feff}').to_owned())),
            Err(_) => problems.push(TemplateProblem::of_file(name, text!("不是 UTF-8 文本", "not UTF-8 text"))),
        },
        Err(error) => {
            problems.push(TemplateProblem::of_file(name, text!("无法读取：{error}", "cannot be read: {error}")))
        }
    }
}

/// The entries of a folder by name; nothing where there is no such folder.
fn entries(folder: &Path, shown: &str, problems: &mut Vec<TemplateProblem>) -> Vec<(String, bool)> {
    if !folder.exists() {
        return Vec::new();
    }
    let listed: Result<Vec<_>, _> = fs::read_dir(folder).and_then(|entries| {
        entries
            .map(|entry| entry.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().is_dir())))
            .collect()
    });
    match listed {
        Ok(mut entries) => {
            entries.retain(|(name, _)| !name.starts_with('.'));
            entries.sort();
            entries
        }
        Err(error) => {
            problems.push(TemplateProblem::of_file(shown, text!("无法读取：{error}", "cannot be read: {error}")));
            Vec::new()
        }
    }
}
