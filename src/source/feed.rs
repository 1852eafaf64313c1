//! The files and databases to read, each once for all sources that want something of it, and the reading of one.
//!
//! Apart because here what can break is kept to itself: a file that is missing, damaged or makes its reader panic is an
//! error of its own sources, and the rest goes on. How a file is read, `file` knows.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::file::read_file;
use super::narrow::Narrower;
use super::readings::{Room, Use};
use super::table::table_of;
use super::{Narrowings, database, files, spark};
use crate::config::{Config, Location, SourceConfig};
use crate::dataset::raw::RawTable;
use crate::dictionary::Dictionary;
use crate::model::SourceNote;
use crate::text;
use crate::text::Text;

/// Of each source, by its place in the configuration, what one of its sheets gave.
pub(super) type Results = Vec<(usize, Result<RawTable, Box<SourceNote>>)>;

/// One file or database to read for one or more sources.
pub(super) struct Feed<'c> {
    /// The file; nothing for a database.
    pub(super) path: Option<PathBuf>,
    /// The database; nothing for a file.
    pub(super) database: Option<database::Address>,
    /// What load notes call it.
    pub(super) shown: String,
    /// The sources that want something of it, with their places in the configuration.
    pub(super) sources: Vec<(usize, &'c SourceConfig)>,
    /// What is to be said of how the file was chosen, by source.
    pub(super) remarks: Vec<(usize, Text)>,
}

/// What a file or database gave.
#[derive(Default)]
pub(super) struct Gave {
    /// The rows of its sources.
    pub(super) results: Results,
    /// What it has to do with the room of readings; nothing for most.
    pub(super) of_room: Option<Use>,
}

/// The files and queries to read, each once, and the sources without a file.
pub(super) fn feeds<'c>(config: &'c Config, spark: &spark::Answer) -> (Vec<Feed<'c>>, Vec<(usize, Box<SourceNote>)>) {
    let mut feeds: Vec<Feed> = Vec::new();
    let mut missing = Vec::new();
    let here = |index: &usize| !spark.given.contains_key(index);
    for (index, source) in config.sources.iter().enumerate().filter(|(index, _)| here(index)) {
        match &source.location {
            Location::Database(wanted) => match database::Address::of(wanted, &config.folder, config.timezone) {
                Ok(address) => match feeds.iter_mut().find(|feed| feed.database.as_ref() == Some(&address)) {
                    Some(feed) => feed.sources.push((index, source)),
                    None => feeds.push(Feed {
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
                        match feeds.iter_mut().find(|feed| feed.path.as_ref() == Some(&path)) {
                            Some(feed) => {
                                feed.sources.push((index, source));
                                feed.remarks.extend(remarks);
                            }
                            None => {
                                let shown = shown(&config.folder, &path);
                                feeds.push(Feed {
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
    (feeds, missing)
}

/// A path as reports show it: below the workplace where it lies there.
pub(super) fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}

/// The note of what could not be read.
pub(super) fn failed(source: &SourceConfig, file: &str, sheet: &str, error: &str) -> Box<SourceNote> {
    Box::new(SourceNote {
        table: source.table.value.clone(),
        file: file.to_owned(),
        sheet: sheet.to_owned(),
        error: Some(error.to_owned()),
        source: source.label.clone(),
        ..SourceNote::default()
    })
}

/// All that the sources of a file or database want of it.
pub(super) fn read_feed(
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
    narrowings: &Narrowings,
    room: &Room,
) -> Gave {
    let read = || match (&feed.path, &feed.database) {
        (Some(path), _) => read_file(path, feed, config, dictionary, room),
        (None, Some(address)) => {
            let results = read_database(address, feed, config, dictionary, narrowings);
            Ok(Gave { results, of_room: None })
        }
        (None, None) => Ok(Gave::default()),
    };
    let language = config.language;
    let all_fail = |error: &Text| -> Gave {
        let failure = |source| Err(failed(source, &feed.shown, "", error.get(language)));
        let results = feed.sources.iter().map(|(index, source)| (*index, failure(source))).collect();
        Gave { results, of_room: None }
    };
    // A damaged file may make a reader panic: that is an error of this file, and the rest goes on.
    let mut gave = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(gave)) => gave,
        Ok(Err(error)) => all_fail(&error),
        Err(_) if feed.database.is_some() => all_fail(&text!(
            "读取程序中断；请把这条语句和数据库版本告知 hedui 的维护者",
            "the reader broke off; tell the maintainers of hedui the statement and the database's version"
        )),
        Err(_) => all_fail(&text!(
            "文件已损坏，读取程序中断；请用 Excel 或 WPS 打开后重新保存",
            "the file is damaged, its reader broke off; open it in Excel or WPS and save it again"
        )),
    };
    for (source, remark) in &feed.remarks {
        let note = gave.results.iter_mut().find(|(index, _)| index == source).map(|(_, result)| match result {
            Ok(table) => &mut table.note,
            Err(note) => note.as_mut(),
        });
        if let Some(note) = note {
            note.remarks.push(remark.get(language).to_owned());
        }
    }
    gave
}

/// All that the sources of one database want of it.
fn read_database(
    address: &database::Address,
    feed: &Feed,
    config: &Config,
    dictionary: &Dictionary,
    narrowings: &Narrowings,
) -> Results {
    let wanted = feed.sources.iter().filter_map(|(index, source)| match &source.location {
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
