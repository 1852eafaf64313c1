//! One returned file: read, and its rows judged by the round that knows most of them.
//!
//! Apart because nobody says which round a file belongs to: its rows show it. Nothing is remembered here.

use std::path::Path;

use chrono::NaiveDate;

use super::terms::{all_words, fields, settings, synonyms};
use crate::model::Period;
use crate::text;
use crate::text::Text;
use crate::verify::{self, Bench, Fate, Headers, Judged, ReturnedFile, Round};
use crate::workplace::Workplace;

/// A file and what became of its rows.
pub struct TakenFile {
    /// Its name.
    pub name: String,
    /// The round that it belongs to.
    pub period: String,
    /// Why it could not be read.
    pub error: Option<Text>,
    /// The day on which the very same file was taken in before.
    pub before: Option<NaiveDate>,
    /// Its rows.
    pub rows: Vec<Judged>,
    /// Lines that are no rows.
    pub other_lines: u64,
    /// What tells it from every other file.
    pub(super) hash: String,
}

impl TakenFile {
    /// Accepted, ignored and conflicting rows.
    pub fn counts(&self) -> (u64, u64, u64) {
        let count = |is: fn(&Fate) -> bool| self.rows.iter().filter(|row| is(&row.fate)).count() as u64;
        (
            count(|fate| *fate == Fate::Accepted),
            count(|fate| matches!(fate, Fate::Ignored(_))),
            count(|fate| matches!(fate, Fate::Conflict(_))),
        )
    }

    /// Whether something of it could not be taken that somebody has to look at.
    pub fn is_partial(&self) -> bool {
        self.error.is_some()
            || self.rows.iter().any(|row| match row.fate {
                Fate::Accepted => false,
                Fate::Ignored(_) => !row.is_blank,
                Fate::Conflict(_) => true,
            })
    }
}

/// Reads a file and judges its rows by the round that knows most of them.
pub(super) fn read(path: &Path, workplace: &Workplace, rounds: &[(Period, Round)], as_of: NaiveDate) -> TakenFile {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let first = rounds.first().map(|(period, _)| period.to_string()).unwrap_or_default();
    let mut file = TakenFile {
        name,
        period: first,
        error: None,
        before: None,
        rows: Vec::new(),
        other_lines: 0,
        hash: String::new(),
    };
    file.error = fill(&mut file, path, workplace, rounds, as_of).err();
    file
}

/// Fills in what the file holds, or says why it cannot be read.
fn fill(
    file: &mut TakenFile,
    path: &Path,
    workplace: &Workplace,
    rounds: &[(Period, Round)],
    as_of: NaiveDate,
) -> Result<(), Text> {
    let bytes = std::fs::read(path).map_err(|error| text!("文件打不开：{error}", "cannot be opened: {error}"))?;
    file.hash = verify::store::hash(&bytes);
    let returned = returned(bytes, workplace)?;
    file.other_lines = returned.other_lines;
    let mut best = None;
    for (period, round) in rounds {
        let rows = judged(&returned, &file.name, workplace, *period, round, as_of);
        let known = rows.iter().filter(|row| !matches!(row.fate, Fate::Ignored(_)) || row.is_blank).count();
        if best.is_none_or(|most| known > most) {
            (best, file.period, file.rows) = (Some(known), period.to_string(), rows);
        }
    }
    Ok(())
}

fn returned(bytes: Vec<u8>, workplace: &Workplace) -> Result<ReturnedFile, Text> {
    let dictionary = &workplace.pack.dictionary;
    let all = fields(dictionary, workplace.config.language);
    let headers = |name: &str| {
        all.iter().find(|(field, _)| field.name == name).map(|(_, headers)| headers.clone()).unwrap_or_default()
    };
    let table = dictionary.table(&dictionary.customers.table);
    let key = table.and_then(|table| table.key.as_deref()).unwrap_or_default();
    let known: Vec<(String, Vec<String>)> =
        all.iter().map(|(field, headers)| (field.name.clone(), headers.clone())).collect();
    let headers = Headers {
        words: &all_words(workplace),
        code: &headers(key),
        name: &headers(&dictionary.customers.name),
        fields: &known,
    };
    verify::read_returned(bytes, &headers)
}

fn judged(
    returned: &ReturnedFile,
    file: &str,
    workplace: &Workplace,
    period: Period,
    round: &Round,
    as_of: NaiveDate,
) -> Vec<Judged> {
    let Some((_, settings)) = settings(workplace) else { return Vec::new() };
    let dictionary = &workplace.pack.dictionary;
    let name = period.to_string();
    let bench = Bench {
        company: &workplace.config.company,
        period: (&name, period.start(), period.end()),
        as_of,
        round,
        words: &all_words(workplace),
        synonyms: &synonyms(settings),
        fields: &fields(dictionary, workplace.config.language),
        name: &dictionary.customers.name,
    };
    returned.rows.iter().map(|row| verify::judge(row, file, &bench)).collect()
}
