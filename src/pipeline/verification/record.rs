//! The record of changes of a round: corrections that stand, customers who are gone, and what needs somebody.
//!
//! Apart because it is written for people who enter the changes, whole each time. It decides nothing: what stands,
//! the round knows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;

use super::output;
use super::taken_file::TakenFile;
use super::terms::{fields, words};
use crate::dataset::Dataset;
use crate::folding::fold;
use crate::model::Period;
use crate::pipeline::request::RunError;
use crate::report::Attachment;
use crate::verify::{self, Answer, Answered, Fate, Field, Listed, OTHER, Round, Words};
use crate::workplace::Workplace;

/// Writes the record of a round: its changes, and the problems of the files that were taken in just now.
pub(super) fn write(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    period: Period,
    round: &Round,
    taken: &[&TakenFile],
    as_of: NaiveDate,
) -> Result<Vec<PathBuf>, RunError> {
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
    let name = format!("{}_{period}.xlsx", words.get("changes"));
    let bytes = bytes
        .map_err(|error| RunError::File(output::folder(workplace, period).join(&name), std::io::Error::other(error)))?;
    output::write(workplace, period, &[&Attachment::new(name, bytes)])
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
            place: said.map(|answer| answer.place.to_string()).unwrap_or_default(),
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
                line.place = row.place.to_string();
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
