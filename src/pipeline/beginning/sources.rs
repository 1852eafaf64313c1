//! The `[[source]]`s of a new workplace: a sheet each at first, then sheets and files that are told alike as one.
//!
//! Apart because it is where next week's files are thought of: what is left open in a source, such as the sheet or a part
//! of the file's name, is found again when a sheet or file is added.

use std::path::{Path, PathBuf};

use super::Beginning;
use super::columns::{self, Named};
use crate::dictionary::Table;
use crate::profile::{SheetProfile, quoted};
use crate::text;
use crate::text::{Language, Text};

/// File names have so many letters in common before they are taken for files of one kind.
const COMMON: usize = 2;

/// A `[[source]]` that is not written yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The table that it feeds.
    pub table: String,
    /// The file or pattern, as the configuration names it.
    pub path: String,
    /// The same from the root on: the workplace need not be there yet.
    pub whole: PathBuf,
    /// The sheet; nothing: all whose header fits.
    pub sheet: Option<String>,
    /// Why a run could not read it: then it is written as a comment.
    pub left_out: Option<String>,
    /// Headers of columns that feed no field.
    pub unfed: Vec<String>,
    files: Vec<PathBuf>,
    columns: Vec<Named>,
    fill: Option<Filled>,
}

/// Where the department of every row comes from, where no column has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Filled {
    field: String,
    from: String,
    why: String,
}

/// The sources that the sheets make, in the order of the dictionary's tables.
pub(super) fn drafts(sheets: &[(PathBuf, SheetProfile)], beginning: &Beginning) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for table in &beginning.dictionary.tables {
        let fits = |(_, sheet): &&(PathBuf, SheetProfile)| sheet.table.as_deref() == Some(table.name.as_str());
        let own: Vec<&(PathBuf, SheetProfile)> = sheets.iter().filter(fits).collect();
        let single: Vec<Draft> = own.iter().map(|(file, sheet)| of_sheet(file, sheet, table, beginning)).collect();
        let mut of_table = files_alike(sheets_alike(single), beginning);
        fill_departments(&mut of_table, &own, table, beginning);
        drafts.extend(of_table);
    }
    drafts
}

fn of_sheet(file: &Path, sheet: &SheetProfile, table: &Table, beginning: &Beginning) -> Draft {
    Draft {
        table: table.name.clone(),
        path: path_from(beginning.folder, file),
        whole: file.to_owned(),
        sheet: Some(sheet.sheet.clone()).filter(|sheet| !sheet.is_empty()),
        files: vec![file.to_owned()],
        columns: columns::named(sheet, table, beginning.dictionary, beginning.language),
        ..Draft::default()
    }
}

/// Where all sheets of a file that fit a table have the same columns, the source need not name them.
fn sheets_alike(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in &drafts {
        let of_file: Vec<&Draft> = drafts.iter().filter(|other| other.files == draft.files).collect();
        if !of_file.iter().all(|other| other.columns == draft.columns) {
            kept.push(draft.clone());
        } else if !kept.iter().any(|known| known.files == draft.files) {
            kept.push(Draft { sheet: None, ..draft.clone() });
        }
    }
    kept
}

/// Files of one folder whose names begin alike and that are told alike are one source with a pattern, where the pattern
/// means no other of the files.
fn files_alike(drafts: Vec<Draft>, beginning: &Beginning) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        let alike = kept.iter_mut().find(|known| {
            known.sheet.is_none() && draft.sheet.is_none() && known.columns == draft.columns && {
                let both: Vec<PathBuf> = known.files.iter().chain(&draft.files).cloned().collect();
                pattern(&both, beginning.files).is_some()
            }
        });
        match alike {
            Some(known) => known.files.extend(draft.files),
            None => kept.push(draft),
        }
    }
    for draft in kept.iter_mut().filter(|draft| draft.files.len() > 1) {
        if let Some(pattern) = pattern(&draft.files, beginning.files) {
            draft.path = path_from(beginning.folder, &pattern);
            draft.whole = pattern;
        }
    }
    kept
}

/// The pattern that means these files and none of the others.
fn pattern(files: &[PathBuf], all: &[PathBuf]) -> Option<PathBuf> {
    let (folder, ending) = (files.first()?.parent()?, files.first()?.extension()?.to_str()?);
    let names: Vec<&str> = files
        .iter()
        .filter(|file| file.parent() == Some(folder) && file.extension().is_some_and(|other| other == ending))
        .filter_map(|file| file.file_stem()?.to_str())
        .collect();
    let common = common_start(&names);
    let special = |letter: char| matches!(letter, '*' | '?' | '[' | ']');
    if names.len() != files.len() || common.chars().count() < COMMON || folder.to_str()?.contains(special) {
        return None;
    }
    let common = match separator(&common) {
        Some(end) => &common[..end],
        None => common.trim_end_matches(char::is_numeric),
    };
    if common.contains(special) || common.is_empty() {
        return None;
    }
    let meant = |file: &&PathBuf| {
        file.parent() == Some(folder)
            && file.extension().is_some_and(|other| other == ending)
            && file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(common))
    };
    (all.iter().filter(meant).count() == files.len()).then(|| folder.join(format!("{common}*.{ending}")))
}

fn common_start(names: &[&str]) -> String {
    let Some(first) = names.first() else { return String::new() };
    let letters = first.chars().enumerate();
    let shared = letters.take_while(|(at, letter)| names.iter().all(|name| name.chars().nth(*at) == Some(*letter)));
    shared.map(|(_, letter)| letter).collect()
}

/// Customers without a column for their department belong to that which the sheet or the file is named after.
fn fill_departments(drafts: &mut [Draft], sheets: &[&(PathBuf, SheetProfile)], table: &Table, beginning: &Beginning) {
    let roles = &beginning.dictionary.customers;
    if table.name != roles.table {
        return;
    }
    let has_column = |file: &PathBuf| {
        let own = sheets.iter().filter(|(of, _)| of == file);
        let is_department = |(_, sheet): &&(PathBuf, SheetProfile)| {
            sheet.columns.iter().any(|column| column.field.as_deref() == Some(roles.department.as_str()))
        };
        own.clone().any(is_department)
    };
    let is_one_of_many = drafts.len() > 1 || drafts.iter().any(|draft| draft.files.len() > 1);
    for draft in drafts {
        let is_named = draft.columns.iter().any(|named| named.is_sure && named.field == roles.department);
        if is_named || draft.files.iter().any(has_column) {
            continue;
        }
        let names: Vec<&str> = sheets
            .iter()
            .filter(|(file, sheet)| {
                draft.files.contains(file) && draft.sheet.as_ref().is_none_or(|named| *named == sheet.sheet)
            })
            .map(|(_, sheet)| sheet.sheet.as_str())
            .collect();
        let of_file = sheets.iter().filter(|(file, _)| draft.files.contains(file)).count();
        let language = beginning.language;
        let filled = |from: &str, why: Text| {
            Some(Filled { field: roles.department.clone(), from: from.to_owned(), why: why.get(language).to_owned() })
        };
        draft.fill = if of_file > draft.files.len() && names.iter().all(|name| is_telling(name)) {
            filled(
                "\"sheet\"",
                text!(
                    "没有部门列：按工作表名；不是部门名的，删去这两行",
                    "no column has it: the sheet's name; take it out if that is none"
                ),
            )
        } else if is_one_of_many {
            filled(
                &file_part(&draft.files),
                text!(
                    "没有部门列：按文件名；不是部门名的，删去这两行",
                    "no column has it: the file's name; take it out if that is none"
                ),
            )
        } else {
            None
        };
    }
}

/// `"file"`, or the part in which the names of the files differ.
fn file_part(files: &[PathBuf]) -> String {
    let names: Vec<&str> = files.iter().filter_map(|file| file.file_stem()?.to_str()).collect();
    let common = common_start(&names);
    match separator(&common) {
        Some(end) => {
            let before = regex::escape(&common[..end]);
            format!("{{ from = \"file\", pattern = {} }}", quoted(&format!("^{before}(.+)$")))
        }
        None => "\"file\"".to_owned(),
    }
}

/// Where the part of a name ends that a sign sets apart from what follows.
fn separator(name: &str) -> Option<usize> {
    let cut = name.char_indices().rev().find(|(_, letter)| matches!(letter, '_' | '-' | ' ' | '—'));
    cut.map(|(at, letter)| at + letter.len_utf8())
}

/// Whether a sheet's name says something: `Sheet1` and `2026` do not.
fn is_telling(name: &str) -> bool {
    let word = name.trim().to_lowercase();
    let word = word.trim_start_matches("sheet").trim_start_matches("工作表").trim_start_matches("表");
    word.chars().any(char::is_alphabetic) && !word.ends_with(['年', '月'])
}

impl Draft {
    /// The same, to be read from anywhere.
    pub(super) fn of_whole_paths(&self) -> Self {
        Self { path: self.whole.display().to_string(), ..self.clone() }
    }

    /// How it is written into the configuration: as comments where it is left out.
    pub fn toml(&self, beginning: &Beginning) -> String {
        let table = beginning.dictionary.table(&self.table);
        let language = beginning.language;
        let label = table.map(|table| table.label(language)).unwrap_or_default();
        let mut lines = vec![
            "[[source]]".to_owned(),
            commented(&format!("table = {}", quoted(&self.table)), label),
            format!("path = {}", quoted(&self.path)),
        ];
        lines.extend(self.sheet.iter().map(|sheet| format!("sheet = {}", quoted(sheet))));
        if !self.columns.is_empty() {
            lines.push("[source.columns]".to_owned());
        }
        for Named { field, header, why, is_sure } in &self.columns {
            let mark = if *is_sure { "" } else { "# " };
            lines.push(commented(&format!("{mark}{field} = {}", quoted(header)), why));
        }
        if !self.unfed.is_empty() {
            let (zh, en) = (self.unfed.join("、"), self.unfed.join(", "));
            let said = text!(
                "没有用到的列：{zh}；要用的，在 [source.columns] 写 字段 = \"列名\"，字段名见 rules/dictionary.toml",
                "columns that are not used: {en}; where one is wanted, write FIELD = \"HEADER\" into [source.columns]; \
                 rules/dictionary.toml has the fields"
            );
            let said = said.get(language).replace(['\n', '\r'], " ");
            lines.push(format!("# {said}"));
        }
        if let Some(Filled { field, from, why }) = &self.fill {
            lines.push("[source.fill]".to_owned());
            lines.push(commented(&format!("{field} = {from}"), why));
        }
        if let Some(why) = &self.left_out {
            let said = match language {
                Language::Zh => format!("暂不使用，读不到：{why}"),
                Language::En => format!("left out, for it cannot be read: {why}"),
            };
            lines.insert(0, said);
            lines.iter_mut().for_each(|line| line.insert_str(0, "# "));
        }
        lines.join("\n") + "\n\n"
    }
}

/// A line with a comment behind it, the comments one below the other.
fn commented(line: &str, comment: &str) -> String {
    let wide: usize = line.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    let comment = comment.replace(['\n', '\r'], " ");
    format!("{line}{}# {comment}", " ".repeat(42usize.saturating_sub(wide).max(2)))
}

/// A path as the configuration of a folder names it: relative where it lies in the folder or beside it, else from the
/// root on.
pub(super) fn path_from(folder: &Path, file: &Path) -> String {
    if let Ok(within) = file.strip_prefix(folder) {
        return within.display().to_string();
    }
    let is_beside = folder.parent().filter(|above| above.components().count() > 1);
    match is_beside.and_then(|above| file.strip_prefix(above).ok()) {
        Some(within) => Path::new("..").join(within).display().to_string(),
        None => file.components().collect::<PathBuf>().display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<PathBuf> {
        names.iter().map(|name| PathBuf::from(format!("/data/{name}"))).collect()
    }

    #[test]
    fn files_that_begin_alike_are_one_pattern_unless_it_means_another() {
        let files = paths(&["客户_华东.xlsx", "客户_华南.xlsx"]);
        assert_eq!(pattern(&files, &files), Some(PathBuf::from("/data/客户_*.xlsx")));
        let more = paths(&["客户_华东.xlsx", "客户_华南.xlsx", "客户_旧.xlsx"]);
        assert_eq!(pattern(&files, &more), None);
        assert_eq!(pattern(&paths(&["a.xlsx", "b.xlsx"]), &files), None);
    }

    #[test]
    fn the_part_of_the_name_that_differs_is_the_department() {
        let files = paths(&["客户_华东.xlsx", "客户_华南.xlsx"]);
        assert_eq!(file_part(&files), "{ from = \"file\", pattern = \"^客户_(.+)$\" }");
        assert_eq!(file_part(&paths(&["华东.xlsx", "华南.xlsx"])), "\"file\"");
    }

    #[test]
    fn a_sheet_is_named_after_something_or_not() {
        assert!(is_telling("华东销售部") && is_telling("East"));
        assert!(!is_telling("Sheet1") && !is_telling("2026") && !is_telling("2026年") && !is_telling("工作表2"));
    }

    #[test]
    fn paths_are_told_from_the_workplace() {
        let folder = Path::new("/srv/hedui");
        assert_eq!(path_from(folder, Path::new("/srv/hedui/data/a.xlsx")), "data/a.xlsx");
        assert_eq!(path_from(folder, Path::new("/srv/tables/a.xlsx")), "../tables/a.xlsx");
        assert_eq!(path_from(folder, Path::new("/mnt/a.xlsx")), "/mnt/a.xlsx");
    }
}
