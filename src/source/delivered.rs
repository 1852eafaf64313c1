//! The files that sources were read from: whether they are there, when they were written, and what they hold by hash.
//!
//! Apart from reading because it asks what was delivered and not what stands in it. It knows no row; whose a file is, is
//! found out by those who know the records.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Reading;
use crate::config::{Config, Location};
use crate::model::{FileState, SourceFile};

/// The files of all configured sources, in the order in which they were read; databases are none.
pub fn delivered(config: &Config, reading: &Reading) -> Vec<SourceFile> {
    let is_of_files = |label: &str| {
        let mut sources = config.sources.iter().filter(|source| source.label == label);
        sources.any(|source| matches!(source.location, Location::Files(_)))
    };
    let mut files: Vec<SourceFile> = Vec::new();
    for note in reading.notes.iter().filter(|note| is_of_files(&note.source)) {
        let at = files.iter().position(|known| known.file == note.file).unwrap_or_else(|| {
            files.push(SourceFile {
                file: note.file.clone(),
                source: note.source.clone(),
                received_on: day_in(&note.file),
                ..SourceFile::default()
            });
            files.len() - 1
        });
        let file = &mut files[at];
        file.records += note.rows_checked;
        if note.error.is_some() {
            file.state = FileState::Unread;
        }
        if !file.feeds.contains(&note.table) {
            file.feeds.push(note.table.clone());
        }
    }
    files.par_iter_mut().for_each(|file| look_at(file, config));
    files
}

/// Whether a file is there, when it was written, and its hash.
fn look_at(file: &mut SourceFile, config: &Config) {
    let path = config.folder.join(&file.file);
    if !path.is_file() {
        file.state = FileState::Missing;
        return;
    }
    let written = std::fs::metadata(&path).and_then(|facts| facts.modified()).ok();
    file.modified_at = written.map(|written| zoned(DateTime::<Utc>::from(written), config));
    file.sha256 = hash(&path).unwrap_or_default();
}

fn zoned(moment: DateTime<Utc>, config: &Config) -> DateTime<FixedOffset> {
    moment.with_timezone(&config.timezone).fixed_offset()
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            length => hasher.update(&piece[..length]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The last day that stands in a path: 2026-11-20, 2026.11.20, 20261120 or 2026年11月20日.
fn day_in(path: &str) -> Option<NaiveDate> {
    let mut numbers: Vec<(&str, &str)> = Vec::new(); // digits, and what stands between them and the next
    let mut rest = path;
    while let Some(start) = rest.find(|one: char| one.is_ascii_digit()) {
        rest = &rest[start..];
        let end = rest.find(|one: char| !one.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        let next = after.find(|one: char| one.is_ascii_digit()).unwrap_or(after.len());
        numbers.push((digits, &after[..next]));
        rest = after;
    }
    let day = |year: &str, month: &str, day: &str| {
        let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
        (2000..2100).contains(&date.year()).then_some(date)
    };
    let together = |digits: &str| match digits.len() {
        8 => day(&digits[..4], &digits[4..6], &digits[6..]),
        _ => None,
    };
    let apart = |at: usize| match numbers.get(at..at + 3)? {
        [(year, "-"), (month, "-"), (last, _)]
        | [(year, "."), (month, "."), (last, _)]
        | [(year, "_"), (month, "_"), (last, _)]
        | [(year, "年"), (month, "月"), (last, _)]
            if year.len() == 4 && month.len() <= 2 && last.len() <= 2 =>
        {
            day(year, month, last)
        }
        _ => None,
    };
    (0..numbers.len()).rev().find_map(|at| together(numbers[at].0).or_else(|| apart(at)))
}

#[cfg(test)]
mod tests {
    use super::day_in;

    #[test]
    fn a_day_is_found_in_a_path() {
        let day = |path: &str| day_in(path).map(|day| day.to_string());
        for path in [
            "inbox/2026-11-20/华东.xlsx",
            "inbox/20261120/华东2.xlsx",
            "周报2026年11月20日.xlsx",
            "2025-01-01/华东_2026.11.20.csv",
            "华东2026_11_20_v2.xlsx",
        ] {
            assert_eq!(day(path).as_deref(), Some("2026-11-20"), "{path}");
        }
        for path in ["data/客户.xlsx", "华东2026-W47.xlsx", "2026-13-01.xlsx", "99999999.csv", "客户2026-11.xlsx"]
        {
            assert_eq!(day(path), None, "{path}");
        }
    }
}
