//! Lists out: which customers, on whose list, with which values, and under which name.
//!
//! Apart because here it is decided who is asked about what. A customer above the reader's clearance is left out and
//! counted; what was issued before with the same values is the same list again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use super::{fields, recipient, settings, words};
use crate::check::condition;
use crate::check::scope::Parameters;
use crate::dataset::{Dataset, typing};
use crate::engine;
use crate::model::{Period, Secrecy};
use crate::params::{Placed, Problems};
use crate::pipeline::request::RunError;
use crate::problem::{Document, Problem};
use crate::report::Attachment;
use crate::text;
use crate::text::Text;
use crate::verify::{self, Batch, Field, Form, Issued, Letters, Tone, WriteError};
use crate::workplace::Workplace;

/// Whose a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A department's.
    Department,
    /// An owner's.
    Owner,
}

/// What is to be issued.
pub struct IssueRequest<'r> {
    /// The period of the round.
    pub period: Period,
    /// Whose lists.
    pub by: By,
    /// Also customers who were verified in the period.
    pub all: bool,
    /// Only customers for whom this holds.
    pub only: Option<&'r str>,
    /// The day of issue.
    pub as_of: NaiveDate,
    /// The last day for the return; nothing: as the settings say.
    pub deadline: Option<NaiveDate>,
}

/// A list that is made.
pub struct Made {
    /// What it is.
    pub batch: Batch,
    /// Its rows.
    pub rows: Vec<Issued>,
    /// What is on it.
    pub content_hash: String,
    /// Whether it was not issued before.
    pub is_new: bool,
    /// The department that gets it.
    pub recipient: String,
    /// The highest 密级 of its customers.
    pub secrecy: Secrecy,
    /// The workbook.
    pub attachment: Attachment,
}

/// Why no list can be made.
#[derive(Debug)]
pub enum IssueError {
    /// The condition has a mistake.
    Condition(Vec<Problem>),
    /// There is nothing to make it of.
    Nothing(Text),
    /// The workbook.
    Write(WriteError),
}

/// The rows of one list before it has a name.
#[derive(Default)]
struct Group {
    records: Vec<usize>,
    secrecy: Secrecy,
    withheld: u64,
    done: u64,
    unnumbered: u64,
}

/// Makes the lists of a round. `before` are those that were issued, with the hash of what is on them.
///
/// # Errors
/// Where the condition is wrong, there are no customers, or a workbook cannot be written.
pub fn make(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    before: &[(Batch, String)],
    request: &IssueRequest<'_>,
) -> Result<Vec<Made>, IssueError> {
    let Some((report, settings)) = settings(workplace) else {
        return Err(IssueError::Nothing(text!(
            "没有一份报告带 [verification]，不知道核对表要列什么",
            "no report has a [verification] section, so that nobody knows what a list shows"
        )));
    };
    let roles = &workplace.pack.dictionary.customers;
    let table = &roles.table;
    let Some(dataset) = datasets.get(table).filter(|dataset| dataset.whole && dataset.not_concluded.is_none()) else {
        return Err(IssueError::Nothing(text!(
            "客户表没有读全，不下发核对表",
            "the customers were not read whole, so no list is issued"
        )));
    };
    let wanted = request.only.map(|only| chosen(workplace, datasets, only, request.as_of)).transpose()?;
    let groups = groups(workplace, dataset, wanted.as_ref(), request);
    let language = workplace.config.language;
    let names: Vec<String> = groups
        .keys()
        .map(|(department, owner)| match owner {
            Some(owner) => format!("{department}_{owner}"),
            None => department.clone(),
        })
        .collect();
    let files = workplace.templates.attachments(report, language, request.period, &names);
    let deadline = request.deadline.unwrap_or_else(|| deadline(workplace, request.period, settings.deadline));
    let mut made = Vec::new();
    for (((department, owner), group), name) in groups.into_iter().zip(files) {
        if group.records.is_empty() && group.withheld == 0 {
            continue;
        }
        let list = List { workplace, dataset, request, deadline };
        made.push(list.make((department, owner), &group, before, name).map_err(IssueError::Write)?);
    }
    Ok(made)
}

/// The last day for the return: so many working days before the last one of the period.
fn deadline(workplace: &Workplace, period: Period, days: u16) -> NaiveDate {
    let mut left = i32::from(days);
    let mut day = period.end();
    while let Some(before) = day.pred_opt().filter(|before| *before >= period.start()) {
        if workplace.calendar.is_working_day(day) {
            if left == 0 {
                return day;
            }
            left -= 1;
        }
        day = before;
    }
    day
}

/// The records for which a condition on customers holds.
fn chosen(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    written: &str,
    as_of: NaiveDate,
) -> Result<BTreeSet<usize>, IssueError> {
    let dictionary = &workplace.pack.dictionary;
    let name = &dictionary.customers.table;
    let Some(table) = dictionary.table(name) else { return Ok(BTreeSet::new()) };
    let problems = Problems::new(Document::new("--where", written));
    let placed = Placed { value: written.to_owned(), span: 0..written.len() };
    let condition = condition::parse(&placed, table, &Parameters::default(), &problems);
    let Some(condition) = condition else { return Err(IssueError::Condition(problems.take())) };
    let context = crate::pipeline::context(workplace, as_of);
    let records = engine::select(name, &condition, datasets, &context).map_err(|error| {
        IssueError::Nothing(text!("条件算不出：{error}", "the condition cannot be reckoned: {error}"))
    })?;
    Ok(records.into_iter().map(|record| record as usize).collect())
}

fn groups(
    workplace: &Workplace,
    dataset: &Dataset,
    wanted: Option<&BTreeSet<usize>>,
    request: &IssueRequest<'_>,
) -> BTreeMap<(String, Option<String>), Group> {
    let roles = &workplace.pack.dictionary.customers;
    let mut keys: BTreeMap<&str, u32> = BTreeMap::new();
    let key = |record: usize| dataset.table.key.as_deref().map_or("", |key| dataset.folded_at(key, record));
    for record in 0..dataset.height {
        *keys.entry(key(record)).or_insert(0) += 1;
    }
    let mut groups: BTreeMap<(String, Option<String>), Group> = BTreeMap::new();
    for record in (0..dataset.height).filter(|record| wanted.is_none_or(|wanted| wanted.contains(record))) {
        let department = match dataset.folded_at(&roles.department, record) {
            "" => workplace.config.fallback_department.clone(),
            department => department.to_owned(),
        };
        let clearance = clearance(workplace, &department);
        let owner = (request.by == By::Owner).then(|| dataset.folded_at(&roles.owner, record).to_owned());
        let group = groups.entry((department, owner)).or_default();
        let verified = roles.verified.as_deref().map_or("", |field| dataset.folded_at(field, record));
        let verified = typing::date(verified)
            .and_then(|days| NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(days))));
        let is_done = verified.is_some_and(|day| day >= request.period.start() && day <= request.as_of);
        let secrecy = dataset.secrecy_at(roles.secrecy.as_deref(), record);
        if secrecy > clearance {
            group.withheld += 1;
        } else if key(record).is_empty() || keys.get(key(record)).is_some_and(|count| *count > 1) {
            group.unnumbered += 1;
        } else if is_done && !request.all && request.only.is_none() {
            group.done += 1;
        } else {
            group.secrecy = group.secrecy.max(secrecy);
            group.records.push(record);
        }
    }
    groups
}

/// The highest 密级 that the list of a department may show: what its reader may see.
fn clearance(workplace: &Workplace, department: &str) -> Secrecy {
    let recipient = recipient(workplace, department);
    workplace.config.department(recipient).map(|department| department.clearance).unwrap_or_default()
}

/// One list in the making.
struct List<'a> {
    workplace: &'a Workplace,
    dataset: &'a Dataset,
    request: &'a IssueRequest<'a>,
    deadline: NaiveDate,
}

impl List<'_> {
    fn make(
        &self,
        (department, owner): (String, Option<String>),
        group: &Group,
        before: &[(Batch, String)],
        name: String,
    ) -> Result<Made, WriteError> {
        let (asked, shown, mut left_out) = self.columns(&department);
        let rows = self.rows(group, &asked, &shown);
        let columns: Vec<&str> = asked.iter().chain(&shown).map(|field| field.name.as_str()).collect();
        let content_hash = verify::store::content_hash(&rows, &columns);
        let last = before.iter().rfind(|(batch, _)| batch.department == department && batch.owner == owner);
        let is_new = last.is_none_or(|(_, hash)| *hash != content_hash);
        let batch = match last {
            Some((batch, _)) if !is_new => batch.clone(),
            last => {
                let version = last.map_or(1, |(batch, _)| batch.version + 1);
                let period = self.request.period.to_string();
                Batch {
                    name: verify::token::batch(&period, &department, owner.as_deref(), version),
                    period,
                    department: department.clone(),
                    owner,
                    version,
                    issued_on: self.request.as_of,
                    deadline: self.deadline,
                    withheld: group.withheld,
                }
            }
        };
        let words = words(self.workplace, self.workplace.config.language);
        let counted =
            [("left_out_secret", group.withheld), ("left_out_code", group.unnumbered), ("left_out_done", group.done)];
        let said = counted.into_iter().filter(|(_, count)| *count > 0);
        left_out.extend(said.map(|(key, count)| words.fill(key, &[("count", &count.to_string())])));
        let config = &self.workplace.config;
        let roles = &self.workplace.pack.dictionary.customers;
        let label = |field: &str| {
            self.dataset.table.field(field).map_or(field, |field| field.label(config.language)).to_owned()
        };
        let (code, customer) = (label(self.dataset.table.key.as_deref().unwrap_or_default()), label(&roles.name));
        let bytes = verify::write_form(&Form {
            company: &config.company,
            language: config.language,
            words: &words,
            batch: &batch,
            period: &self.workplace.templates.period(config.language, self.request.period),
            days: (self.request.period.start(), self.request.period.end()),
            identity: (&code, &customer),
            shown: &shown,
            asked: &asked,
            rows: &rows,
            left_out: &left_out,
            contact: &contact(self.workplace),
        })?;
        let recipient = recipient(self.workplace, &department).to_owned();
        Ok(Made {
            batch,
            rows,
            content_hash,
            is_new,
            recipient,
            secrecy: group.secrecy,
            attachment: Attachment::new(name, bytes),
        })
    }

    /// Columns that are asked about and shown, and what is said of those that are left out.
    fn columns(&self, department: &str) -> (Vec<Field>, Vec<Field>, Vec<String>) {
        let language = self.workplace.config.language;
        let clearance = clearance(self.workplace, department);
        let words = words(self.workplace, language);
        let mut left_out = Vec::new();
        let Some((_, settings)) = settings(self.workplace) else { return Default::default() };
        let mut kept = |named: &[toml::Spanned<String>]| -> Vec<Field> {
            let mut kept = Vec::new();
            for name in named.iter().map(|name| name.get_ref()) {
                let Some(field) = self.dataset.table.field(name) else { continue };
                let label = field.label(language);
                if !self.dataset.columns.contains_key(name) {
                    left_out.push(
                        text!("客户表没有“{label}”一栏。", "The customers have no column {label}.")
                            .get(language)
                            .to_owned(),
                    );
                } else if field.secrecy > clearance {
                    left_out.push(words.fill("left_out_field", &[("field", label)]));
                } else {
                    kept.push(Field { name: name.clone(), label: label.to_owned(), code: field.code });
                }
            }
            kept
        };
        let asked = kept(&settings.fields);
        let shown = kept(&settings.shown);
        (asked, shown, left_out)
    }

    /// The rows, those of an owner together.
    fn rows(&self, group: &Group, asked: &[Field], shown: &[Field]) -> Vec<Issued> {
        let roles = &self.workplace.pack.dictionary.customers;
        let dataset = self.dataset;
        let mut rows: Vec<Issued> = group
            .records
            .iter()
            .map(|record| {
                let values = |fields: &[Field]| {
                    let value =
                        |field: &Field| (field.name.clone(), dataset.folded_at(&field.name, *record).to_owned());
                    fields.iter().map(value).collect()
                };
                let is_damaged = |field: &&Field| {
                    let record = u32::try_from(*record).unwrap_or(u32::MAX);
                    dataset.columns.get(&field.name).is_some_and(|column| column.damaged.binary_search(&record).is_ok())
                };
                Issued {
                    customer: dataset.key_at(*record).to_owned(),
                    name: dataset.folded_at(&roles.name, *record).to_owned(),
                    owner: dataset.folded_at(&roles.owner, *record).to_owned(),
                    values: values(asked),
                    shown: values(shown),
                    damaged: asked.iter().filter(is_damaged).map(|field| field.name.clone()).collect(),
                }
            })
            .collect();
        rows.sort_by(|left, right| left.owner.cmp(&right.owner));
        rows
    }
}

/// Whom to ask: the department that stands in, and its first address.
fn contact(workplace: &Workplace) -> String {
    let department = &workplace.config.fallback_department;
    match workplace.config.people.service.first() {
        Some(address) => format!("{department} {}", crate::pipeline::recipients::bare(address)),
        None => department.clone(),
    }
}

/// Remembers lists that were not issued before.
///
/// # Errors
/// Where the store cannot be written.
pub async fn remember(connection: &mut SqliteConnection, made: &[Made]) -> Result<(), RunError> {
    for list in made.iter().filter(|list| list.is_new) {
        verify::store::insert_batch(connection, &list.batch, &list.rows, &list.content_hash).await?;
    }
    Ok(())
}

/// The letters to the customers of a list, with their numbers: those that have one keep it.
///
/// # Errors
/// Where the condition for the positive form has a mistake or the workbook cannot be written.
pub fn letters(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    list: &Made,
    numbers: &mut BTreeMap<String, String>,
    request: &IssueRequest<'_>,
) -> Result<Attachment, IssueError> {
    let Some((_, settings)) = settings(workplace) else {
        return Err(IssueError::Nothing(Text::default()));
    };
    let table = &workplace.pack.dictionary.customers.table;
    let important = chosen(workplace, datasets, settings.positive.get_ref(), request.as_of)?;
    let dataset = datasets.get(table);
    let important: BTreeSet<&str> =
        dataset.into_iter().flat_map(|dataset| important.iter().map(move |record| dataset.key_at(*record))).collect();
    let language = workplace.config.language;
    let words = words(workplace, language);
    let period = request.period.to_string();
    let mut letters = Vec::new();
    for row in &list.rows {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX) + 1;
        let number =
            numbers.entry(row.customer.clone()).or_insert_with(|| verify::letter_number(&words, &period, next)).clone();
        let tone = if important.contains(row.customer.as_str()) { Tone::Positive } else { Tone::Negative };
        letters.push((number, tone, row));
    }
    let all = fields(&workplace.pack.dictionary, language);
    let asked: Vec<Field> = settings
        .fields
        .iter()
        .filter_map(|name| all.iter().find(|(field, _)| field.name == *name.get_ref()))
        .map(|(field, _)| field.clone())
        .filter(|field| list.rows.first().is_some_and(|row| row.values.contains_key(&field.name)))
        .collect();
    let bytes = verify::write_letters(&Letters {
        company: &workplace.config.company,
        language,
        words: &words,
        day: request.as_of,
        reply_by: list.batch.deadline,
        contact: &contact(workplace),
        asked: &asked,
        letters: &letters,
    })
    .map_err(IssueError::Write)?;
    let name = format!("{}_{}", words.get("letter"), list.attachment.name);
    Ok(Attachment::new(name, bytes))
}
