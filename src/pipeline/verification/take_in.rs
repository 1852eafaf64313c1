//! Returns in: files read, rows judged, corrections asked of the rules, answers remembered, and the record written.
//!
//! Apart because it is the one place where a return becomes something that counts. Nothing is written into a source.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sqlx::{Connection, SqliteConnection};
use tokio::runtime::Runtime;

use super::corrections::refused;
use super::{all_words, fields, settings, synonyms, words};
use crate::dataset::Dataset;
use crate::folding::fold;
use crate::history::files;
use crate::model::Period;
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::Text;
use crate::verify::{
    self, Answer, Answered, Bench, Fate, Field, Headers, Judged, Listed, OTHER, ReturnedFile, Round, Words,
};
use crate::workplace::Workplace;

/// What is to be taken in.
pub struct TakeIn<'t> {
    /// The files.
    pub files: &'t [PathBuf],
    /// The rounds that a file may belong to, the likeliest first.
    pub periods: &'t [Period],
    /// Today.
    pub as_of: NaiveDate,
}

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
    hash: String,
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

/// What came of it.
pub struct TakenIn {
    /// The files, in the order of the command line.
    pub files: Vec<TakenFile>,
    /// What was written.
    pub written: Vec<PathBuf>,
}

/// Takes returned files in. Rules run outside of the runtime: their engine has one of its own.
///
/// # Errors
/// Where no list was issued in these periods, or store and record cannot be written.
pub fn take_in(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    request: &TakeIn<'_>,
    connection: &mut SqliteConnection,
    runtime: &Runtime,
) -> Result<Result<TakenIn, Text>, RunError> {
    let mut rounds: Vec<(Period, Round)> = Vec::new();
    for period in request.periods {
        let round = runtime.block_on(verify::store::round(connection, &period.to_string()))?;
        if !round.lists.is_empty() {
            rounds.push((*period, round));
        }
    }
    if rounds.is_empty() {
        let asked: Vec<String> = request.periods.iter().map(Period::to_string).collect();
        let asked = asked.join(", ");
        return Ok(Err(text!(
            "{asked} 没有下发过核对表；以前各期的请用 --period 指定",
            "no list was issued for {asked}; name an earlier period with --period"
        )));
    }
    let mut taken: Vec<TakenFile> =
        request.files.iter().map(|path| read(path, workplace, &rounds, request.as_of)).collect();
    for file in &mut taken {
        let before = runtime.block_on(verify::store::taken_in(connection, &file.hash))?;
        file.before = before.map(|before| before.on);
    }
    check_corrections(workplace, datasets, request.as_of, &mut taken);
    runtime.block_on(commit(&mut taken, &mut rounds, request.as_of, connection))?;
    let mut written = Vec::new();
    for (period, round) in &rounds {
        let files: Vec<&TakenFile> = taken.iter().filter(|file| file.period == period.to_string()).collect();
        if !files.is_empty() {
            written.push(write(workplace, datasets, *period, round, &files, request.as_of)?);
        }
    }
    Ok(Ok(TakenIn { files: taken, written }))
}

/// Remembers files and answers in one transaction, and says what each row is worth beside all others.
async fn commit(
    taken: &mut [TakenFile],
    rounds: &mut [(Period, Round)],
    as_of: NaiveDate,
    connection: &mut SqliteConnection,
) -> Result<(), RunError> {
    let mut transaction = connection.begin().await?;
    for (period, round) in rounds {
        let name = period.to_string();
        for file in taken.iter_mut().filter(|file| file.period == name && file.error.is_none()) {
            remember(file, *period, round, &mut transaction).await?;
        }
        for row in taken.iter_mut().filter(|file| file.period == name).flat_map(|file| &mut file.rows) {
            settle(row, round);
        }
    }
    for file in taken.iter().filter(|file| file.error.is_none()) {
        let id = (file.hash.as_str(), file.name.as_str(), file.period.as_str());
        verify::store::insert_file(&mut transaction, id, as_of, file.counts()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Reads a file and judges its rows by the round that knows most of them.
fn read(path: &Path, workplace: &Workplace, rounds: &[(Period, Round)], as_of: NaiveDate) -> TakenFile {
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
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            file.error = Some(text!("文件打不开：{error}", "cannot be opened: {error}"));
            return file;
        }
    };
    file.hash = verify::store::hash(&bytes);
    let returned = match returned(bytes, workplace) {
        Ok(returned) => returned,
        Err(error) => {
            file.error = Some(error);
            return file;
        }
    };
    file.other_lines = returned.other_lines;
    let mut best: Option<(usize, String, Vec<Judged>)> = None;
    for (period, round) in rounds {
        let rows = judged(&returned, &file.name, workplace, *period, round, as_of);
        let known = rows.iter().filter(|row| !matches!(row.fate, Fate::Ignored(_)) || row.is_blank).count();
        if best.as_ref().is_none_or(|(most, ..)| known > *most) {
            best = Some((known, period.to_string(), rows));
        }
    }
    if let Some((_, period, rows)) = best {
        (file.period, file.rows) = (period, rows);
    }
    file
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

/// Asks the rules about every correction; what they refuse is in conflict.
fn check_corrections(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    as_of: NaiveDate,
    taken: &mut [TakenFile],
) {
    let mut rows: Vec<&mut Judged> = taken
        .iter_mut()
        .flat_map(|file| &mut file.rows)
        .filter(|row| row.answer.as_ref().is_some_and(|answer| !answer.corrections.is_empty()))
        .collect();
    let proposals: Vec<(String, BTreeMap<String, String>)> = rows
        .iter()
        .map(|row| {
            (row.customer.clone(), row.answer.as_ref().map(|answer| answer.corrections.clone()).unwrap_or_default())
        })
        .collect();
    let asked: Vec<(&str, &BTreeMap<String, String>)> =
        proposals.iter().map(|(customer, values)| (customer.as_str(), values)).collect();
    for (row, why) in rows.iter_mut().zip(refused(workplace, datasets, as_of, &asked)) {
        if let Some(why) = why {
            row.fate = Fate::Conflict(why);
            row.answer = None;
        }
    }
}

/// Adds a file's answers to the store and to the round.
async fn remember(
    file: &mut TakenFile,
    period: Period,
    round: &mut Round,
    transaction: &mut SqliteConnection,
) -> Result<(), RunError> {
    for row in &mut file.rows {
        let Some(answer) = row.answer.clone() else { continue };
        if verify::store::insert_answer(transaction, period, &row.customer, &answer).await? {
            round.answers.entry(row.customer.clone()).or_default().push(answer);
        } else {
            row.notes.push(text!("以前已收到同样的结果，不重复计", "received before: it counts once"));
        }
    }
    Ok(())
}

/// What an accepted row is worth once all answers are known.
fn settle(row: &mut Judged, round: &Round) {
    let Some(answer) = &row.answer else { return };
    let settled = round.settled(&row.customer);
    let reached = answer.answered != Answered::Unreachable;
    let counts = |field: &String| settled.corrections.get(field).is_some_and(|(_, day)| *day == answer.checked_on);
    if !reached && settled.answered != Some(Answered::Unreachable) {
        row.fate = Fate::Ignored(text!("已有联系上的结果，此行不计", "somebody else has reached the customer"));
        row.is_blank = true;
    } else if settled.conflict.is_some() && settled.checked_on == Some(answer.checked_on) {
        let other = round
            .answers
            .get(&row.customer)
            .into_iter()
            .flatten()
            .find(|other| other.place != answer.place && other.checked_on == answer.checked_on);
        let place = other.map(|other| place(&other.place)).unwrap_or_default();
        row.fate = Fate::Conflict(text!(
            "与同一天的另一份结果矛盾（{place}）：请核实后用更晚的日期重新交回",
            "contradicts another answer of the same day ({place}): settle it and return it with a later day"
        ));
    } else if settled.checked_on.is_some_and(|day| day > answer.checked_on) && !answer.corrections.keys().any(counts) {
        row.fate = Fate::Ignored(text!("已有日期更晚的结果，以更晚的为准", "an answer of a later day stands"));
        row.is_blank = true;
    }
}

fn place((file, sheet, row): &(String, String, u32)) -> String {
    let parts: Vec<&str> = [file.as_str(), sheet.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}/{row}", parts.join("/"))
}

/// Writes the record of changes of a round, whole each time.
fn write(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    period: Period,
    round: &Round,
    taken: &[&TakenFile],
    as_of: NaiveDate,
) -> Result<PathBuf, RunError> {
    let language = workplace.config.language;
    let words = words(workplace, language);
    let all = fields(&workplace.pack.dictionary, language);
    let record = Record { workplace, datasets, round, words: &words, fields: &all };
    let changes = record.changes();
    let problems = record.problems(taken);
    let blank = taken.iter().flat_map(|file| &file.rows).filter(|row| row.is_blank).count();
    let said = workplace.templates.period(language, period);
    let about = (workplace.config.company.as_str(), said.as_str(), as_of);
    let bytes = verify::write_changes(about, &changes, (&problems, blank), &words, language);
    let folder = folder(workplace, period);
    files::owners_folder(&workplace.config.folder.join("out"))
        .map_err(|error| RunError::File(folder.clone(), error))?;
    let path = folder.join(format!("{}_{period}.xlsx", words.get("changes")));
    let bytes = bytes.map_err(|error| RunError::File(path.clone(), std::io::Error::other(error)))?;
    files::write_whole(&path, &bytes).map_err(|error| RunError::File(path.clone(), error))?;
    Ok(path)
}

/// Where a round's files are written: out/verify/PERIOD.
pub fn folder(workplace: &Workplace, period: Period) -> PathBuf {
    workplace.config.folder.join("out").join("verify").join(period.to_string())
}

/// The record of changes in the making.
struct Record<'a> {
    workplace: &'a Workplace,
    datasets: &'a BTreeMap<String, Dataset>,
    round: &'a Round,
    words: &'a Words,
    fields: &'a [(Field, Vec<String>)],
}

impl Record<'_> {
    /// A line of a customer, with nothing said yet.
    fn line(&self, customer: &str) -> Listed {
        let issued = self.round.row_of(customer);
        Listed {
            customer: customer.to_owned(),
            name: issued.map(|(_, row)| row.name.clone()).unwrap_or_default(),
            owner: issued.map(|(list, row)| (list.department.clone(), row.owner.clone())).unwrap_or_default(),
            ..Listed::default()
        }
    }

    /// Corrections that stand, and customers who are gone.
    fn changes(&self) -> Vec<Listed> {
        let mut lines = Vec::new();
        for (customer, answers) in &self.round.answers {
            let settled = self.round.settled(customer);
            for (field, (value, day)) in &settled.corrections {
                let said = answers
                    .iter()
                    .find(|answer| answer.checked_on == *day && answer.corrections.get(field) == Some(value));
                lines.push(self.change(customer, field, value, *day, said));
            }
            let gone = settled.answered.filter(|answered| matches!(answered, Answered::Closed | Answered::Ended));
            if let (Some(gone), Some(day)) = (gone, settled.checked_on) {
                let said = answers.iter().find(|answer| answer.answered == gone && answer.checked_on == day);
                let mut line = self.said(customer, day, said);
                line.what = self.words.get("result").to_owned();
                line.new = self.words.get(gone.key()).to_owned();
                lines.push(line);
            }
        }
        lines
    }

    fn said(&self, customer: &str, day: NaiveDate, said: Option<&Answer>) -> Listed {
        Listed {
            by: said.map(|answer| (answer.checked_by.clone(), answer.method.clone())).unwrap_or_default(),
            place: said.map(|answer| place(&answer.place)).unwrap_or_default(),
            remark: said.map(|answer| answer.remark.clone()).unwrap_or_default(),
            day: Some(day),
            ..self.line(customer)
        }
    }

    fn change(&self, customer: &str, field: &str, value: &str, day: NaiveDate, said: Option<&Answer>) -> Listed {
        let mut line = self.said(customer, day, said);
        let label = self.fields.iter().find(|(known, _)| known.name == field).map(|(known, _)| known.label.as_str());
        line.what = label.unwrap_or_else(|| self.words.get("other")).to_owned();
        let issued = self.round.row_of(customer);
        line.old = issued.and_then(|(_, row)| row.values.get(field).cloned()).unwrap_or_else(|| {
            if field == self.workplace.pack.dictionary.customers.name { line.name.clone() } else { String::new() }
        });
        value.clone_into(&mut line.new);
        if field != OTHER {
            let key = if self.is_entered(customer, field, value) { "entered" } else { "not_entered" };
            let between = if line.remark.is_empty() { "" } else { "；" };
            line.remark = format!("{}{between}{}", self.words.get(key), line.remark);
        }
        line
    }

    /// Whether the data have the new value.
    fn is_entered(&self, customer: &str, field: &str, value: &str) -> bool {
        let Some(dataset) = self.datasets.get(&self.workplace.pack.dictionary.customers.table) else { return false };
        let record = (0..dataset.height).find(|record| dataset.key_at(*record) == customer);
        record.is_some_and(|record| dataset.folded_at(field, record) == fold(value))
    }

    /// Files and rows that need somebody.
    fn problems(&self, taken: &[&TakenFile]) -> Vec<Listed> {
        let language = self.workplace.config.language;
        let mut lines = Vec::new();
        for file in taken {
            if let Some(error) = &file.error {
                let remark = error.get(language).to_owned();
                lines.push(Listed { place: file.name.clone(), remark, ..Listed::default() });
            }
            for row in file.rows.iter().filter(|row| !row.is_blank) {
                let reason = match &row.fate {
                    Fate::Accepted => continue,
                    Fate::Ignored(reason) | Fate::Conflict(reason) => reason,
                };
                let mut line = self.line(&row.customer);
                line.place = place(&row.place);
                reason.get(language).clone_into(&mut line.remark);
                if let Some(answer) = &row.answer {
                    line.what = self.words.get(answer.answered.key()).to_owned();
                    line.new = answer.corrections.values().cloned().collect::<Vec<_>>().join("; ");
                    line.by = (answer.checked_by.clone(), answer.method.clone());
                    line.day = Some(answer.checked_on);
                }
                lines.push(line);
            }
        }
        lines
    }
}
