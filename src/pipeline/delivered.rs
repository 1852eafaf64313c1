//! Which department delivered which file, and whether it is the one of last time: a table that rules can judge.
//!
//! Apart from reading because whose a file is shows in its records, and whether it is new shows in what the run compared
//! with had. The table has a row a file, and its findings point at that file. It is filled only where a rule in force
//! reads it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Earlier;
use crate::config::FillFrom;
use crate::dataset::Dataset;
use crate::dataset::raw::{RawColumn, RawTable, RowNumbers};
use crate::dictionary::{Dictionary, Table};
use crate::model::{FileState, SourceFile, SourceNote};
use crate::rule::Rule;
use crate::source::delivered::delivered;
use crate::source::{Reading, Unread};
use crate::workplace::Workplace;

/// The table that has a row a file, and is filled by the program.
pub const TABLE: &str = SourceFile::TABLE;

/// A file is one department's where so many of a hundred of its records are.
const MOST_OF_A_HUNDRED: u64 = 90;

/// Whether a rule in force reads the table.
pub fn is_wanted(workplace: &Workplace, as_of: NaiveDate, wanted: &dyn Fn(&Rule) -> bool) -> bool {
    workplace.pack.rules.iter().any(|rule| {
        let reads = || rule.table == TABLE || rule.reads().iter().any(|(table, _)| table == TABLE);
        !rule.everywhere && wanted(rule) && rule.not_enabled(as_of).is_none() && reads()
    })
}

/// The files of this run, with what earlier runs knew of them.
pub fn files(
    workplace: &Workplace,
    reading: &Reading,
    datasets: &BTreeMap<String, Dataset>,
    earlier: &Earlier,
) -> Vec<SourceFile> {
    let mut files = delivered(&workplace.config, reading);
    let departments = departments(&workplace.pack.dictionary, datasets);
    for file in &mut files {
        let told = departments.get(file.file.as_str()).cloned();
        file.department = told.or_else(|| filled_in(workplace, &file.source)).unwrap_or_default();
    }
    let is_configured = |source: &str| workplace.config.sources.iter().any(|known| known.label == source);
    remembered(files, &earlier.files, earlier.as_of, &is_configured)
}

/// The department that the configuration gives all records of a source, be there a file or not.
fn filled_in(workplace: &Workplace, label: &str) -> Option<String> {
    let dictionary = &workplace.pack.dictionary;
    let source = workplace.config.sources.iter().find(|source| source.label == label)?;
    let table = dictionary.table(&source.table.value)?;
    let is_customers = table.name == dictionary.customers.table;
    let field = if is_customers { Some(&dictionary.customers.department) } else { table.department.as_ref() }?;
    source.cells.fill.iter().filter(|(filled, _)| filled.value == *field).find_map(|(_, fill)| match &fill.from {
        FillFrom::Fixed(department) => Some(department.clone()),
        _ => None,
    })
}

/// The department of each file that is one department's.
fn departments<'d>(dictionary: &Dictionary, datasets: &'d BTreeMap<String, Dataset>) -> BTreeMap<&'d str, String> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for dataset in datasets.values() {
        let is_customers = dataset.table.name == dictionary.customers.table;
        let own = if is_customers { Some(&dictionary.customers.department) } else { dataset.table.department.as_ref() };
        let Some(field) = own else { continue };
        for part in dataset.parts.iter().filter(|part| part.letters.contains_key(field)) {
            let count = counts.entry(part.file.as_str()).or_default();
            for record in part.first..part.first + part.height {
                let department = dataset.folded_at(field, record);
                if !department.is_empty() {
                    *count.entry(department).or_insert(0) += 1;
                }
            }
        }
    }
    let of_one = |(file, counts): (&'d str, BTreeMap<&str, u64>)| {
        let all: u64 = counts.values().sum();
        let (department, most) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        (most * 100 >= all * MOST_OF_A_HUNDRED).then(|| (file, department.to_owned()))
    };
    counts.into_iter().filter_map(of_one).collect()
}

/// The files with what the run compared with knew: whose one is that does not say so itself (for it is missing, empty, or
/// no longer one department's), since when a content has not changed, and which department's file is gone without another
/// in its place.
fn remembered(
    mut files: Vec<SourceFile>,
    before: &[SourceFile],
    before_day: Option<NaiveDate>,
    is_configured: &dyn Fn(&str) -> bool,
) -> Vec<SourceFile> {
    for file in &mut files {
        let known = before.iter().find(|known| known.file == file.file);
        if file.department.is_empty() {
            file.department = known.map(|known| known.department.clone()).unwrap_or_default();
        }
        let is_same =
            |known: &&SourceFile| !file.sha256.is_empty() && known.sha256 == file.sha256 && known.source == file.source;
        if let Some(same) = known.filter(is_same).or_else(|| before.iter().find(is_same)) {
            file.unchanged_since = same.unchanged_since.or(before_day);
        }
    }
    // Files under new names, each of which is in the place of one that is gone.
    let is_new =
        |file: &&SourceFile| file.state == FileState::Read && before.iter().all(|known| known.file != file.file);
    let whose = |file: &SourceFile| (file.source.clone(), file.department.clone());
    let mut new: Vec<(String, String)> = files.iter().filter(is_new).map(whose).collect();
    let delivered = new.clone();
    for known in before.iter().filter(|known| !known.department.is_empty() && is_configured(&known.source)) {
        if files.iter().any(|file| file.file == known.file) {
            continue;
        }
        let whose = whose(known);
        let has_another = match known.state {
            // It was away before: its department has delivered since.
            FileState::Missing => delivered.contains(&whose),
            FileState::Read | FileState::Unread => {
                let place = new.iter().position(|other| *other == whose);
                place.map(|place| new.swap_remove(place)).is_some()
            }
        };
        if !has_another {
            files.push(SourceFile {
                state: FileState::Missing,
                sha256: String::new(),
                unchanged_since: None,
                records: 0,
                ..known.clone()
            });
        }
    }
    files
}

/// Fills the table.
pub fn feed(
    files: &[SourceFile],
    workplace: &Workplace,
    has_history: bool,
    reading: &mut Reading,
    datasets: &mut BTreeMap<String, Dataset>,
) {
    let dictionary = &workplace.pack.dictionary;
    let Some(table) = dictionary.table(TABLE) else { return };
    let customers = customers(dictionary, datasets);
    let of = |file: &SourceFile| customers.get(&file.file).copied().unwrap_or_default();
    let raw: Vec<RawTable> = files.iter().map(|file| row(file, files, table, has_history, of(file))).collect();
    reading.configured.push(TABLE.to_owned());
    match Dataset::build(table, dictionary, raw, true) {
        Ok(dataset) => {
            datasets.insert(TABLE.to_owned(), dataset);
        }
        Err(error) => {
            reading.unread.push(Unread { table: TABLE.to_owned(), source: String::new(), file: error.to_string() });
        }
    }
}

/// A file as a row of the table: a part of its own, so that what is found points at the file.
fn row(file: &SourceFile, all: &[SourceFile], table: &Table, has_history: bool, customers: Customers) -> RawTable {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let state = match file.state {
        FileState::Read => "已读",
        FileState::Missing => "没有文件",
        FileState::Unread => "读不了",
    };
    let is_older = |other: &SourceFile| {
        !file.department.is_empty()
            && (&other.source, &other.department) == (&file.source, &file.department)
            && (other.delivered_on(), other.modified_at) > (file.delivered_on(), file.modified_at)
    };
    let has_newer = if all.iter().any(is_older) { "是" } else { "否" };
    let modified = file.modified_at.map(|moment| moment.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    let mut cells: Vec<(&str, String)> = vec![
        ("file", file.file.clone()),
        ("source", file.source.clone()),
        ("feeds", file.feeds.join(" ")),
        ("department", file.department.clone()),
        ("state", state.to_owned()),
        ("modified_at", modified),
        ("delivered_on", day(file.delivered_on())),
        ("has_newer", has_newer.to_owned()),
        ("records", file.records.to_string()),
        ("customer_records", customers.all.to_string()),
        ("important_records", customers.important.to_string()),
        ("sha256", file.sha256.clone()),
    ];
    if has_history {
        cells.push(("unchanged_since", day(file.unchanged_since)));
    }
    let columns = cells
        .into_iter()
        .filter(|(field, _)| table.field(field).is_some())
        .map(|(field, cell)| {
            RawColumn::of_texts(field, String::new(), vec![Some(cell).filter(|cell| !cell.is_empty())])
        })
        .collect();
    let note = SourceNote {
        table: TABLE.to_owned(),
        file: file.file.clone(),
        source: file.source.clone(),
        ..SourceNote::default()
    };
    RawTable { note, rows: RowNumbers::From(1), columns }
}

/// The customers of a file.
#[derive(Clone, Copy, Debug, Default)]
struct Customers {
    all: u64,
    important: u64,
}

/// How many customers each file has, and how many of them are important.
fn customers(dictionary: &Dictionary, datasets: &BTreeMap<String, Dataset>) -> BTreeMap<String, Customers> {
    let mut counts: BTreeMap<String, Customers> = BTreeMap::new();
    let roles = &dictionary.customers;
    let are_customers = |table: &Table| table.name == roles.table || table.is_like(&roles.table);
    for dataset in datasets.values().filter(|dataset| are_customers(&dataset.table)) {
        for part in &dataset.parts {
            let is_important = |record: &usize| {
                roles
                    .important
                    .as_ref()
                    .is_some_and(|role| role.values.iter().any(|word| word == dataset.folded_at(&role.field, *record)))
            };
            let important = (part.first..part.first + part.height).filter(is_important).count() as u64;
            let count = counts.entry(part.file.clone()).or_default();
            *count = Customers { all: count.all + part.height as u64, important: count.important + important };
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, department: &str, sha256: &str) -> SourceFile {
        let state = if sha256.is_empty() { FileState::Missing } else { FileState::Read };
        SourceFile {
            file: name.to_owned(),
            source: "inbox/*.xlsx".to_owned(),
            department: department.to_owned(),
            sha256: sha256.to_owned(),
            state,
            ..SourceFile::default()
        }
    }

    fn day(text: &str) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
    }

    #[test]
    fn the_same_content_is_told_whatever_the_file_is_called() {
        let before = [
            file("东46.xlsx", "华东", "a"),
            SourceFile { unchanged_since: day("2026-11-01"), ..file("南.xlsx", "华南", "b") },
        ];
        let now = vec![file("东47.xlsx", "华东", "a"), file("南.xlsx", "华南", "b"), file("北.xlsx", "华北", "c")];
        let told = remembered(now, &before, day("2026-11-15"), &|_| true);
        let since: Vec<_> = told.iter().map(|file| file.unchanged_since).collect();
        assert_eq!(since, [day("2026-11-15"), day("2026-11-01"), None]);
        assert_eq!(told.len(), 3, "東46 came under another name");
    }

    #[test]
    fn a_file_that_is_gone_stays_missing_until_its_department_delivers() {
        let before = [file("东46.xlsx", "华东", "a"), file("总.xlsx", "", "b")];
        let gone = remembered(Vec::new(), &before, day("2026-11-15"), &|_| true);
        assert_eq!(gone.len(), 1, "a file of nobody in particular is nobody's to deliver: {gone:?}");
        assert_eq!((gone[0].department.as_str(), gone[0].state), ("华东", FileState::Missing));
        let again = remembered(Vec::new(), &gone, day("2026-11-22"), &|_| true);
        assert_eq!(again, gone);
        let back = remembered(vec![file("东48.xlsx", "华东", "d")], &again, day("2026-11-29"), &|_| true);
        assert_eq!((back.len(), back[0].unchanged_since), (1, None));
        assert!(remembered(Vec::new(), &gone, None, &|_| false).is_empty(), "its source is not configured any more");
        let two = [file("东一.xlsx", "华东", "a"), file("东二.xlsx", "华东", "b")];
        let one = remembered(vec![file("东一.xlsx", "华东", "a")], &two, day("2026-11-15"), &|_| true);
        assert_eq!((one.len(), one[1].file.as_str(), one[1].state), (2, "东二.xlsx", FileState::Missing));
        let both = vec![file("东三.xlsx", "华东", "c"), file("东四.xlsx", "华东", "d")];
        assert_eq!(remembered(both, &two, None, &|_| true).len(), 2, "each has another in its place");
        let emptied = SourceFile { state: FileState::Read, ..file("东46.xlsx", "", "e") };
        let emptied = remembered(vec![emptied], &before, None, &|_| true);
        assert_eq!((emptied.len(), emptied[0].department.as_str()), (1, "华东"), "a header alone is nobody else's");
        let fixed = remembered(vec![file("东46.xlsx", "", "")], &before, None, &|_| true);
        assert_eq!((fixed.len(), fixed[0].department.as_str()), (1, "华东"));
    }
}
