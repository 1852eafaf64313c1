//! One list: its columns, its rows, its name, and the workbook.
//!
//! Apart because what was issued before with the same values is the same list again, and nobody has to verify twice.

use chrono::NaiveDate;

use super::groups::{Group, Whose, clearance, recipient};
use super::made::{IssueRequest, Made};
use super::terms::words;
use crate::dataset::Dataset;
use crate::report::Attachment;
use crate::report::verification::Settings;
use crate::text;
use crate::verify::{self, Batch, Field, Form, Issued, Words, WriteError};
use crate::workplace::Workplace;

/// One list in the making.
pub(super) struct List<'a> {
    /// The configuration, the dictionary and the words.
    pub(super) workplace: &'a Workplace,
    /// What a list shows and asks.
    pub(super) settings: &'a Settings,
    /// The customers.
    pub(super) dataset: &'a Dataset,
    /// What is to be issued.
    pub(super) request: &'a IssueRequest<'a>,
    /// The last day for its return.
    pub(super) deadline: NaiveDate,
}

/// The columns of a list.
struct Columns {
    /// Those that are asked about.
    asked: Vec<Field>,
    /// Those that are shown beside them.
    shown: Vec<Field>,
    /// What is said of those that are left out.
    left_out: Vec<String>,
}

impl List<'_> {
    /// Makes the list of a group. `before` are those that were issued, with the hash of what is on them.
    pub(super) fn make(
        &self,
        whose: Whose,
        group: &Group,
        before: &[(Batch, String)],
        name: String,
    ) -> Result<Made, WriteError> {
        let recipient = recipient(self.workplace, &whose.0).to_owned();
        let Columns { asked, shown, mut left_out } = self.columns(&whose.0);
        let rows = self.rows(group, &asked, &shown);
        let columns: Vec<&str> = asked.iter().chain(&shown).map(|field| field.name.as_str()).collect();
        let content_hash = verify::store::content_hash(&rows, &columns);
        let last = before.iter().rfind(|(batch, _)| batch.department == whose.0 && batch.owner == whose.1);
        let same = last.filter(|(_, hash)| *hash == content_hash).map(|(batch, _)| batch.clone());
        let is_new = same.is_none();
        let batch = same.unwrap_or_else(|| self.batch(whose, group, last.map_or(0, |(batch, _)| batch.version)));
        let config = &self.workplace.config;
        let words = words(self.workplace, config.language);
        left_out.extend(uncalled(group, &words));
        let label = |field: &str| {
            self.dataset.table.field(field).map_or(field, |field| field.label(config.language)).to_owned()
        };
        let code = label(self.dataset.table.key.as_deref().unwrap_or_default());
        let customer = label(&self.workplace.pack.dictionary.customers.name);
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
        let attachment = Attachment::new(name, bytes);
        Ok(Made { batch, rows, content_hash, is_new, recipient, secrecy: group.secrecy, attachment })
    }

    /// A new list, after the version that was issued last.
    fn batch(&self, (department, owner): Whose, group: &Group, last: u32) -> Batch {
        let (period, version) = (self.request.period.to_string(), last + 1);
        Batch {
            name: verify::token::batch(&period, &department, owner.as_deref(), version),
            period,
            department,
            owner,
            version,
            issued_on: self.request.as_of,
            deadline: self.deadline,
            withheld: group.withheld,
        }
    }

    /// The columns that the settings name, as far as the data have them and the reader may see them.
    fn columns(&self, department: &str) -> Columns {
        let language = self.workplace.config.language;
        let clearance = clearance(self.workplace, department);
        let words = words(self.workplace, language);
        let mut left_out = Vec::new();
        let mut kept = |named: &[toml::Spanned<String>]| -> Vec<Field> {
            let mut kept = Vec::new();
            for name in named.iter().map(|name| name.get_ref()) {
                let Some(field) = self.dataset.table.field(name) else { continue };
                let label = field.label(language);
                if !self.dataset.columns.contains_key(name) {
                    let said = text!("客户表没有“{label}”一栏。", "The customers have no column {label}.");
                    left_out.push(said.get(language).to_owned());
                } else if field.secrecy > clearance {
                    left_out.push(words.fill("left_out_field", &[("field", label)]));
                } else {
                    kept.push(Field { name: name.clone(), label: label.to_owned(), code: field.code });
                }
            }
            kept
        };
        let asked = kept(&self.settings.fields);
        let shown = kept(&self.settings.shown);
        Columns { asked, shown, left_out }
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

/// What is said of customers who are left out.
fn uncalled(group: &Group, words: &Words) -> Vec<String> {
    let counted =
        [("left_out_secret", group.withheld), ("left_out_code", group.unnumbered), ("left_out_done", group.done)];
    let said = counted.into_iter().filter(|(_, count)| *count > 0);
    said.map(|(key, count)| words.fill(key, &[("count", &count.to_string())])).collect()
}

/// Whom to ask: the department that stands in, and its first address.
pub(super) fn contact(workplace: &Workplace) -> String {
    let department = &workplace.config.fallback_department;
    match workplace.config.people.service.first() {
        Some(address) => format!("{department} {}", crate::pipeline::recipients::bare(address)),
        None => department.clone(),
    }
}
