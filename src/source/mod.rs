//! READ: the rows of every configured source, with the place of each and a note of what reading gave.
//!
//! Apart because here the outside world ends: files are opened read-only, a broken one is an error of its source and
//! of nothing else, and what is skipped is said. It knows tables and fields by the dictionary, and no rule.

pub mod cells;
mod colours;
pub mod content;
#[cfg_attr(not(feature = "databases"), allow(dead_code, reason = "parts of it serve database servers alone"))]
mod database;
pub mod delivered;
mod files;
mod filling;
mod grid;
pub mod header;
pub mod look;
mod markup;
mod merged;
#[cfg_attr(not(feature = "databases"), allow(dead_code, reason = "parts of it serve database servers alone"))]
mod narrow;
mod observed;
mod parquet;
mod rows;
mod sheet;
mod spark;
pub mod spreadsheet;
mod table;
mod text_file;
mod units;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::config::{Config, Feature, Location, Secret, SourceConfig};
use crate::dataset::raw::RawTable;
use crate::dictionary::Dictionary;
use crate::model::{Narrowing, SourceNote};
use crate::text;
use crate::text::Text;
use content::Content;
use header::HeaderWish;
use narrow::Narrower;
use sheet::Sheet;
use spreadsheet::Workbook;
use table::{rows_below, table_of};
use text_file::TextWish;

/// What all sources gave.
#[derive(Debug, Default)]
pub struct Reading {
    /// Table to its rows, one entry a sheet, file or query that was read, in the order of the configuration.
    pub tables: BTreeMap<String, Vec<RawTable>>,
    /// A note a sheet, file or query, read or not.
    pub notes: Vec<SourceNote>,
    /// The tables that have a source.
    pub configured: Vec<String>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// A file or query that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The table that it feeds.
    pub table: String,
    /// The configured source.
    pub source: String,
    /// The file, or the source itself for a query.
    pub file: String,
}

impl Reading {
    /// What could not be read of a table.
    pub fn unread_of<'r>(&'r self, table: &'r str) -> impl Iterator<Item = &'r Unread> {
        self.unread.iter().filter(move |unread| unread.table == table)
    }
}

/// One file or database to read for one or more sources.
struct Unit<'c> {
    path: Option<PathBuf>,
    database: Option<database::Address>,
    shown: String,
    sources: Vec<(usize, &'c SourceConfig)>,
    /// What is to be said of how the file was chosen, by source.
    remarks: Vec<(usize, Text)>,
}

/// What the tables are wanted for, by name; of a table that is not named, all is wanted.
pub type Narrowings = BTreeMap<String, Narrowing>;

/// Reads all sources; files side by side.
pub fn read_all(
    config: &Config,
    dictionary: &Dictionary,
    narrowings: &Narrowings,
    advance: &(dyn Fn(&str) + Sync),
) -> Reading {
    let mut reading = Reading::default();
    for source in &config.sources {
        if !reading.configured.contains(&source.table.value) {
            reading.configured.push(source.table.value.clone());
        }
    }
    let spark = match Feature::Pushdown.is_built_in() {
        true => spark::read(config, dictionary, narrowings),
        false => spark::Answer::default(),
    };
    let (units, missing) = units(config, &spark);
    let read = |(order, unit): (usize, &Unit)| -> Vec<(usize, usize, Result<RawTable, Box<SourceNote>>)> {
        let results = read_unit(unit, config, dictionary, narrowings);
        advance(&unit.shown);
        results.into_iter().map(move |(source, result)| (source, order, result)).collect()
    };
    let units: Vec<(usize, &Unit)> = units.iter().enumerate().collect();
    let (databases, files): (Vec<_>, Vec<_>) = units.into_iter().partition(|(_, unit)| unit.database.is_some());
    let mut results: Vec<(usize, usize, Result<RawTable, Box<SourceNote>>)> = std::thread::scope(|scope| {
        // a database is mostly waited for: each on a thread of its own, so that no file waits with it
        let waiting: Vec<_> = databases.into_iter().map(|unit| scope.spawn(move || read(unit))).collect();
        let mut results: Vec<_> = files.into_par_iter().flat_map_iter(&read).collect();
        for thread in waiting {
            results.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        results
    });
    results.extend(missing.into_iter().map(|(source, note)| (source, usize::MAX, Err(note))));
    let by_spark = spark.given.into_values().flat_map(|given| given.into_iter().enumerate());
    results.extend(by_spark.map(|(order, (source, result))| (source, order, result)));
    results.sort_by_key(|(source, order, _)| (*source, *order));
    for (_, _, result) in results {
        match result {
            Ok(table) => {
                reading.notes.push(table.note.clone());
                reading.tables.entry(table.note.table.clone()).or_default().push(table);
            }
            Err(note) => {
                reading.unread.push(Unread {
                    table: note.table.clone(),
                    source: note.source.clone(),
                    file: note.file.clone(),
                });
                reading.notes.push(*note);
            }
        }
    }
    reading
}

/// The files and queries to read, each once, and the sources without a file.
fn units<'c>(config: &'c Config, spark: &spark::Answer) -> (Vec<Unit<'c>>, Vec<(usize, Box<SourceNote>)>) {
    let mut units: Vec<Unit> = Vec::new();
    let mut missing = Vec::new();
    let here = |index: &usize| !spark.given.contains_key(index);
    for (index, source) in config.sources.iter().enumerate().filter(|(index, _)| here(index)) {
        match &source.location {
            Location::Database(wanted) => match database::Address::of(wanted, &config.folder, config.timezone) {
                Ok(address) => match units.iter_mut().find(|unit| unit.database.as_ref() == Some(&address)) {
                    Some(unit) => unit.sources.push((index, source)),
                    None => units.push(Unit {
                        path: None,
                        database: Some(address),
                        shown: source.label.clone(),
                        sources: vec![(index, source)],
                        remarks: Vec::new(),
                    }),
                },
                Err(error) => {
                    missing.push((index, failed(source, &source.label, "", error.get(config.language))));
                }
            },
            Location::Files(pattern) => match files::matching(&config.folder, pattern) {
                Ok(found) => {
                    for (path, error) in &found.unreadable {
                        let shown = shown(&config.folder, path);
                        missing.push((index, failed(source, &shown, "", error.get(config.language))));
                    }
                    let (paths, remarks) = files::chosen(found.paths, source.workbook.newest);
                    let mut remarks: Vec<(usize, Text)> = remarks.into_iter().map(|remark| (index, remark)).collect();
                    remarks.extend(spark.here.get(&index).map(|Text { zh, en }| {
                        (index, text!("没有由 Spark 筛选，在本机读取：{zh}", "not narrowed by Spark, read here: {en}"))
                    }));
                    for path in paths {
                        let remarks = std::mem::take(&mut remarks); // said once, at the first file
                        match units.iter_mut().find(|unit| unit.path.as_ref() == Some(&path)) {
                            Some(unit) => {
                                unit.sources.push((index, source));
                                unit.remarks.extend(remarks);
                            }
                            None => {
                                let shown = shown(&config.folder, &path);
                                units.push(Unit {
                                    path: Some(path),
                                    database: None,
                                    shown,
                                    sources: vec![(index, source)],
                                    remarks,
                                });
                            }
                        }
                    }
                }
                Err(error) => {
                    missing.push((index, failed(source, pattern, "", error.get(config.language))));
                }
            },
        }
    }
    (units, missing)
}

/// A path as reports show it: below the workplace where it lies there.
fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}

fn failed(source: &SourceConfig, file: &str, sheet: &str, error: &str) -> Box<SourceNote> {
    Box::new(SourceNote {
        table: source.table.value.clone(),
        file: file.to_owned(),
        sheet: sheet.to_owned(),
        error: Some(error.to_owned()),
        source: source.label.clone(),
        ..SourceNote::default()
    })
}

fn read_unit(
    unit: &Unit,
    config: &Config,
    dictionary: &Dictionary,
    narrowings: &Narrowings,
) -> Vec<(usize, Result<RawTable, Box<SourceNote>>)> {
    let read = || match (&unit.path, &unit.database) {
        (Some(path), _) => read_file(path, unit, config, dictionary),
        (None, Some(address)) => Ok(read_database(address, unit, config, dictionary, narrowings)),
        (None, None) => Ok(Vec::new()),
    };
    let language = config.language;
    let all_fail = |error: &Text| -> Vec<(usize, Result<RawTable, Box<SourceNote>>)> {
        let failure = |source| Err(failed(source, &unit.shown, "", error.get(language)));
        unit.sources.iter().map(|(index, source)| (*index, failure(source))).collect()
    };
    // A damaged file may make a reader panic: that is an error of this file, and the rest goes on.
    let mut results = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(results)) => results,
        Ok(Err(error)) => all_fail(&error),
        Err(_) if unit.database.is_some() => all_fail(&text!(
            "读取程序中断；请把这条语句和数据库版本告知 hedui 的维护者",
            "the reader broke off; tell the maintainers of hedui the statement and the database's version"
        )),
        Err(_) => all_fail(&text!(
            "文件已损坏，读取程序中断；请用 Excel 或 WPS 打开后重新保存",
            "the file is damaged, its reader broke off; open it in Excel or WPS and save it again"
        )),
    };
    for (source, remark) in &unit.remarks {
        let note = results.iter_mut().find(|(index, _)| index == source).map(|(_, result)| match result {
            Ok(table) => &mut table.note,
            Err(note) => note.as_mut(),
        });
        if let Some(note) = note {
            note.remarks.push(remark.get(language).to_owned());
        }
    }
    results
}

type Results = Vec<(usize, Result<RawTable, Box<SourceNote>>)>;

/// All that the sources of one database want of it.
fn read_database(
    address: &database::Address,
    unit: &Unit,
    config: &Config,
    dictionary: &Dictionary,
    narrowings: &Narrowings,
) -> Results {
    let wanted = unit.sources.iter().filter_map(|(index, source)| match &source.location {
        Location::Database(wanted) => {
            let narrowing = narrowings.get(&source.table.value);
            let narrower = narrowing.map(|narrowing| Narrower { source, narrowing, dictionary });
            Some((*index, *source, database::Request::of(wanted, narrower)))
        }
        Location::Files(_) => None,
    });
    let mut sources = Vec::new();
    let mut requests = Vec::new();
    for (index, source, request) in wanted {
        sources.push((index, source));
        requests.push(request);
    }
    let sheets = database::read(address, &requests);
    sources
        .into_par_iter()
        .zip(sheets)
        .map(|((index, source), sheet)| match sheet {
            Ok(sheet) => (index, table_of(source, &source.label, &sheet, dictionary, config.language)),
            Err(error) => (index, Err(failed(source, &source.label, "", error.get(config.language)))),
        })
        .collect()
}

fn read_file(path: &Path, unit: &Unit, config: &Config, dictionary: &Dictionary) -> Result<Results, Text> {
    let wish = TextWish::of(unit.sources.iter().map(|(_, source)| *source));
    if let Ok(Content::Text) = Content::of(&files::opening(path)?)
        && let Some(sheet) = text_file::open_in_blocks(path, &wish)
    {
        let results = read_single(&sheet, unit, config, dictionary);
        if !sheet.is_odd() {
            return results;
        }
    }
    let bytes = files::read(path)?;
    match Content::of(&bytes)? {
        Content::Workbook => read_workbook(bytes, unit, config, dictionary),
        Content::XmlWorkbook => Ok(read_sheets(all(spreadsheet::xml2003::open(&bytes)?), unit, config, dictionary)),
        Content::WebPage => {
            let wished = unit.sources.iter().find_map(|(_, source)| source.encoding);
            Ok(read_sheets(all(markup::open(&bytes, wished)?), unit, config, dictionary))
        }
        Content::Parquet => read_single(&parquet::open(bytes, config.timezone)?, unit, config, dictionary),
        Content::Text => read_single(&text_file::open(bytes, &wish)?, unit, config, dictionary),
    }
}

fn read_single(sheet: &Sheet, unit: &Unit, config: &Config, dictionary: &Dictionary) -> Result<Results, Text> {
    let mut reads: Vec<&SourceConfig> = Vec::new();
    let mut table = |source| {
        not_twice(&mut reads, source, unit, sheet, config)?;
        table_of(source, &unit.shown, sheet, dictionary, config.language)
    };
    Ok(unit.sources.iter().map(|(index, source)| (*index, table(source))).collect())
}

/// Refuses a sheet to a source where one before it took the same rows of it for the same table: each record would count
/// twice. Sources that name other columns or another header take other rows.
fn not_twice<'c>(
    reads: &mut Vec<&'c SourceConfig>,
    source: &'c SourceConfig,
    unit: &Unit,
    sheet: &Sheet,
    config: &Config,
) -> Result<(), Box<SourceNote>> {
    let takes_the_same = |earlier: &&&SourceConfig| {
        earlier.table.value == source.table.value
            && earlier.header_row == source.header_row
            && wish(earlier).columns == wish(source).columns
    };
    if let Some(earlier) = reads.iter().find(takes_the_same) {
        let label = &earlier.label;
        let error = text!(
            "已由来源“{label}”读入同一张表，不再读第二遍；请让两个来源的文件互不重叠",
            "source `{label}` read it into the same table already, so it was not read again; let no file belong to two \
             sources"
        );
        return Err(failed(source, &unit.shown, &sheet.name, error.get(config.language)));
    }
    reads.push(source);
    Ok(())
}

fn read_workbook(bytes: Vec<u8>, unit: &Unit, config: &Config, dictionary: &Dictionary) -> Result<Results, Text> {
    let mut workbook = Workbook::open(bytes, &passwords(unit)?)?;
    let names = workbook.names();
    let is_wanted = |name: &str| {
        let mut patterns = unit.sources.iter().map(|(_, source)| source.sheet.as_deref());
        patterns.any(|pattern| pattern.is_none_or(|pattern| matches(pattern, name)))
    };
    let wanted: Vec<&str> = names.iter().map(String::as_str).filter(|name| is_wanted(name)).collect();
    let with_looks = unit.sources.iter().any(|(_, source)| source.workbook.marks.is_some());
    let mut read: BTreeMap<String, Result<Sheet, Text>> = workbook.read(&wanted, with_looks).into_iter().collect();
    let sheets = names.into_iter().map(|name| {
        let sheet = read.remove(&name);
        (name, sheet)
    });
    Ok(read_sheets(sheets.collect(), unit, config, dictionary))
}

/// All sheets of a file, by name.
fn all(sheets: Vec<Sheet>) -> Vec<(String, Option<Result<Sheet, Text>>)> {
    sheets.into_iter().map(|sheet| (sheet.name.clone(), Some(Ok(sheet)))).collect()
}

/// The rows of the sheets that sources want; a sheet that none wants is only named.
fn read_sheets(
    sheets: Vec<(String, Option<Result<Sheet, Text>>)>,
    unit: &Unit,
    config: &Config,
    dictionary: &Dictionary,
) -> Results {
    let mut results: Results = Vec::new();
    let mut ignored: Vec<Vec<String>> = vec![Vec::new(); unit.sources.len()];
    for (name, sheet) in &sheets {
        let wanted: Vec<bool> = unit
            .sources
            .iter()
            .map(|(_, source)| source.sheet.as_deref().is_none_or(|pattern| matches(pattern, name)))
            .collect();
        let Some(sheet) = sheet else {
            ignored.iter_mut().for_each(|ignored| ignored.push(name.clone()));
            continue;
        };
        let mut reads: Vec<&SourceConfig> = Vec::new();
        for (position, (index, source)) in unit.sources.iter().enumerate() {
            let by_name = source.sheet.is_some();
            let fits = wanted[position]
                && match (sheet, dictionary.table(&source.table.value)) {
                    (Ok(sheet), Some(table)) if !by_name => {
                        header::fits_best(&sheet.head, table, dictionary, &wish(source))
                    }
                    _ => true,
                };
            if !fits {
                ignored[position].push(name.clone());
                continue;
            }
            let result = match sheet {
                Ok(sheet) => not_twice(&mut reads, source, unit, sheet, config)
                    .and_then(|()| table_of(source, &unit.shown, sheet, dictionary, config.language)),
                Err(error) => Err(failed(source, &unit.shown, name, error.get(config.language))),
            };
            results.push((*index, result));
        }
    }
    for (position, (index, source)) in unit.sources.iter().enumerate() {
        let mut found = false;
        for (_, result) in results.iter_mut().filter(|(source, _)| source == index) {
            found = true;
            if let Ok(table) = result
                && !ignored[position].is_empty()
            {
                let names = ignored[position].join(", ");
                let remark = text!("未读的工作表：{names}", "sheets not read: {names}");
                table.note.remarks.push(remark.get(config.language).to_owned());
            }
        }
        if !found {
            let label = dictionary.table(&source.table.value).map_or("", |table| table.label(config.language));
            let error = match &source.sheet {
                Some(sheet) => text!("没有名为“{sheet}”的工作表", "there is no sheet `{sheet}`"),
                None => text!(
                    "没有一张工作表的表头像“{label}”表；请检查列名，或用 sheet 指定",
                    "no sheet has the header of `{label}`; check the column names or name the sheet"
                ),
            };
            results.push((*index, Err(failed(source, &unit.shown, "", error.get(config.language)))));
        }
    }
    results
}

/// The passwords that the sources of a file know.
fn passwords(unit: &Unit) -> Result<Vec<String>, Text> {
    unit.sources.iter().filter_map(|(_, source)| source.workbook.password.as_ref()).map(Secret::reveal).collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern == name || glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(name))
}

fn wish(source: &SourceConfig) -> HeaderWish {
    HeaderWish {
        row: source.header_row,
        columns: source.columns.iter().map(|(field, header)| (field.value.clone(), header.clone())).collect(),
    }
}
