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
mod feed;
mod file;
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
pub mod readings;
mod rows;
mod sheet;
mod sheets;
mod spark;
pub mod spreadsheet;
mod table;
mod text_file;
mod units;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::config::{Config, Feature};
use crate::dataset::raw::RawTable;
use crate::dictionary::Dictionary;
use crate::model::{Narrowing, SourceNote};
use feed::{Feed, failed, feeds, read_feed};
use readings::{Room, Use};
use sheets::wish;

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
    /// What files have to do with the room of readings.
    pub of_room: Vec<Use>,
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

/// What the tables are wanted for, by name; of a table that is not named, all is wanted.
pub type Narrowings = BTreeMap<String, Narrowing>;

/// What a sheet, file or query gave, with the place of its source in the configuration and of its file among all.
type Given = (usize, usize, Result<RawTable, Box<SourceNote>>);

/// Reads all sources; files side by side, those that have not changed out of the room.
pub fn read_all(
    config: &Config,
    dictionary: &Dictionary,
    narrowings: &Narrowings,
    room: &Room,
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
    let (feeds, missing) = feeds(config, &spark);
    let read = |(order, feed): (usize, &Feed)| {
        let gave = read_feed(feed, config, dictionary, narrowings, room);
        advance(&feed.shown);
        (order, gave)
    };
    let feeds: Vec<(usize, &Feed)> = feeds.iter().enumerate().collect();
    let (databases, files): (Vec<_>, Vec<_>) = feeds.into_iter().partition(|(_, feed)| feed.database.is_some());
    let gave: Vec<_> = std::thread::scope(|scope| {
        // a database is mostly waited for: each on a thread of its own, so that no file waits with it
        let waiting: Vec<_> = databases.into_iter().map(|feed| scope.spawn(move || read(feed))).collect();
        let mut gave: Vec<_> = files.into_par_iter().map(&read).collect();
        for thread in waiting {
            gave.push(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        gave
    });
    let mut results: Vec<Given> = Vec::new();
    for (order, gave) in gave {
        results.extend(gave.results.into_iter().map(|(source, result)| (source, order, result)));
        reading.of_room.extend(gave.of_room);
    }
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
