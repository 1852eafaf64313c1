//! From failing rows to findings: place, owner, message and identity of each.
//!
//! Apart because a million violations are three numbers each, and become texts only one by one, on their way out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::mpsc::sync_channel;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::identity::{self, Identities};
use super::ownership::Ownership;
use super::{Context, Evaluation, Violation};
use crate::dataset::Dataset;
use crate::model::{Finding, Fingerprint, Secrecy, Status};
use crate::rule::message::Filling;
use crate::rule::{Rule, Waivers};
use crate::text::Text;

/// What findings are made from.
pub struct FindingSource<'f> {
    /// The datasets.
    pub datasets: &'f BTreeMap<String, Dataset>,
    /// The rules and the language.
    pub context: &'f Context<'f>,
    /// The waivers.
    pub waivers: &'f Waivers,
    /// Whether fingerprints are wanted; without history they are not.
    pub fingerprints: bool,
}

/// Makes every finding and hands it on, in the order of rules and rows; stops at the first error of the receiver.
///
/// # Errors
/// What the receiver says.
pub fn materialise<'f, E>(
    source: &FindingSource<'f>,
    evaluation: &'f Evaluation,
    mut receive: impl FnMut(Finding<'f>) -> Result<(), E>,
) -> Result<(), E> {
    let made = Made::of(source, evaluation);
    evaluation.violations.iter().try_for_each(|violation| {
        let whole = 0..violation.records.len();
        made.of_stretch(violation, whole, &mut receive)
    })
}

/// Has every finding written by a function, stretches of them side by side, and hands the bytes on in the order of rules
/// and rows, some stretches at a time; stops at the first error of the receiver.
///
/// # Errors
/// What the receiver says.
pub fn write_out<E>(
    source: &FindingSource<'_>,
    evaluation: &Evaluation,
    write: impl Fn(&Finding, &mut Vec<u8>) + Sync,
    mut receive: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let made = Made::of(source, evaluation);
    let stretches: Vec<(&Violation, Range<usize>)> = evaluation
        .violations
        .iter()
        .flat_map(|violation| {
            let count = violation.records.len();
            let firsts = (0..count.max(1)).step_by(STRETCH);
            firsts.map(move |first| (violation, first..count.min(first + STRETCH)))
        })
        .collect();
    let written = |(violation, stretch): &(&Violation, Range<usize>)| {
        let mut bytes = Vec::new();
        let all = made.of_stretch(violation, stretch.clone(), &mut |finding| {
            write(&finding, &mut bytes);
            Ok::<(), Infallible>(())
        });
        match all {
            Ok(()) => bytes,
        }
    };
    // While some stretches are handed on, the next ones are written.
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Vec<Vec<u8>>>(WAITING);
        scope.spawn(move || {
            for some in stretches.chunks(rayon::current_num_threads() * 4) {
                let bytes = some.par_iter().map(written).collect();
                if sender.send(bytes).is_err() {
                    break; // the receiver would have no more
                }
            }
        });
        receiver.iter().flatten().try_for_each(|bytes| receive(&bytes))
    })
}

/// So often may the writing be ahead of the handing on.
const WAITING: usize = 2;
/// So many findings are made at a time.
const STRETCH: usize = 4096;

/// What findings are made with: whose each record is, and what tells it.
struct Made<'m, 'f> {
    source: &'m FindingSource<'f>,
    ownership: Ownership<'f>,
    identities: BTreeMap<&'f str, Identities>,
}

impl<'m, 'f> Made<'m, 'f> {
    fn of(source: &'m FindingSource<'f>, evaluation: &'f Evaluation) -> Self {
        let rules = &source.context.rules;
        let mut tables: Vec<&str> =
            evaluation.violations.iter().map(|violation| rules[violation.rule].table.as_str()).collect();
        tables.sort_unstable();
        tables.dedup();
        let ownership = Ownership::new(source.datasets, source.context.dictionary, &tables);
        let identities: BTreeMap<&str, Identities> = if source.fingerprints {
            tables
                .iter()
                .filter_map(|table| source.datasets.get(*table).map(|dataset| (*table, dataset)))
                .map(|(table, dataset)| {
                    (table, Identities::new(dataset, &failing(evaluation, rules, table, dataset.height)))
                })
                .collect()
        } else {
            BTreeMap::new()
        };
        Self { source, ownership, identities }
    }

    /// Hands on the findings of some of the records of a violation.
    fn of_stretch<E>(
        &self,
        violation: &'f Violation,
        stretch: Range<usize>,
        receive: &mut impl FnMut(Finding<'f>) -> Result<(), E>,
    ) -> Result<(), E> {
        let source = self.source;
        let rule = source.context.rules[violation.rule];
        let Some(dataset) = source.datasets.get(&rule.table) else { return Ok(()) };
        let maker = Maker { source, rule, dataset, violation, words: rule.check.words() };
        if rule.is_about_the_table(dataset.height) {
            return if stretch.start == 0 { receive(maker.of_the_table()) } else { Ok(()) };
        }
        let identities = self.identities.get(rule.table.as_str());
        let field = violation.field.as_deref().unwrap_or_default();
        for position in stretch {
            let Some(record) = violation.records.get(position) else { break };
            let owned = self.ownership.of(dataset, *record as usize);
            let fingerprint = identities.map_or(Fingerprint::default(), |identities| {
                identities.fingerprint(&rule.id, &rule.table, *record, field)
            });
            receive(maker.finding(position, *record as usize, owned, fingerprint))?;
        }
        Ok(())
    }
}

/// The failing records of a table, each once.
fn failing(evaluation: &Evaluation, rules: &[&Rule], table: &str, height: usize) -> Vec<u32> {
    let of_table = evaluation.violations.iter().filter(|violation| rules[violation.rule].table == table);
    let mut records: Vec<u32> = of_table.flat_map(|violation| violation.records.iter().copied()).collect();
    records.sort_unstable();
    records.dedup();
    // A violation of an empty table names a record that there is not.
    records.retain(|record| (*record as usize) < height);
    records
}

struct Maker<'m, 'f> {
    source: &'m FindingSource<'f>,
    rule: &'f Rule,
    dataset: &'f Dataset,
    violation: &'f Violation,
    words: Vec<(&'static str, Text)>,
}

impl<'f> Maker<'_, 'f> {
    fn finding(
        &self,
        position: usize,
        record: usize,
        owned: super::ownership::Owned<'f>,
        fingerprint: Fingerprint,
    ) -> Finding<'f> {
        let (rule, dataset) = (self.rule, self.dataset);
        let field = self.violation.field.as_deref().unwrap_or_default();
        let value = if field.is_empty() { "" } else { dataset.typed_at(field, record) };
        let part = dataset.part(record);
        let record_key = dataset.key_at(record);
        let waived = !self.source.waivers.is_empty()
            && self.source.waivers.covers(&rule.id, record_key, field, self.source.context.as_of);
        let department = owned.department_for(&rule.route, self.source.context.service);
        Finding {
            rule_id: &rule.id,
            table: &rule.table,
            record_key,
            field,
            value,
            file: part.map_or("", |part| part.file.as_str()),
            sheet: part.map_or("", |part| part.sheet.as_str()),
            row: part.map_or(0, |part| part.rows.get(record - part.first)),
            column: part.and_then(|part| part.letters.get(field)).map_or("", String::as_str),
            severity: rule.severity,
            dimension: rule.dimension,
            department,
            owner: owned.owner,
            message: self.message(position, field, value),
            status: if waived { Status::Waived } else { Status::New },
            first_seen: self.first_seen(),
            clause: &rule.clause,
            fingerprint,
            source: part.map_or("", |part| part.source.as_str()),
            customer: owned.customer,
            secrecy: owned.secrecy,
        }
    }

    /// The finding of a table, at its header: it stays the same whatever records there are, and is nobody's.
    fn of_the_table(&self) -> Finding<'f> {
        let rule = self.rule;
        let part = self.dataset.part(0).or_else(|| self.dataset.parts.first());
        let field = self.violation.field.as_deref().unwrap_or_default();
        let waived = self.source.waivers.covers(&rule.id, "", field, self.source.context.as_of);
        Finding {
            rule_id: &rule.id,
            table: &rule.table,
            record_key: "",
            field,
            value: "",
            file: part.map_or("", |part| part.file.as_str()),
            sheet: part.map_or("", |part| part.sheet.as_str()),
            row: part.map_or(1, |part| part.rows.get(0).saturating_sub(1).max(1)),
            column: part.and_then(|part| part.letters.get(field)).map_or("", String::as_str),
            severity: rule.severity,
            dimension: rule.dimension,
            department: super::ownership::Owned::default().department_for(&rule.route, self.source.context.service),
            owner: "",
            message: self.message(0, field, ""),
            status: if waived { Status::Waived } else { Status::New },
            first_seen: self.first_seen(),
            clause: &rule.clause,
            fingerprint: identity::of_table(&rule.id, &rule.table, field),
            source: part.map_or("", |part| part.source.as_str()),
            customer: "",
            secrecy: Secrecy::default(),
        }
    }

    fn first_seen(&self) -> NaiveDate {
        self.source.context.as_of
    }

    fn message(&self, position: usize, field: &str, value: &str) -> Cow<'f, str> {
        let language = self.source.context.language;
        if let Some(constant) = self.rule.message.constant(language) {
            return Cow::Borrowed(constant);
        }
        let detail = self.violation.details.as_ref().and_then(|details| details.get(position)?.as_deref());
        let detail = detail.unwrap_or_default();
        let worded = self.words.iter().find(|(word, _)| *word == detail).map(|(_, text)| text.get(language));
        let said = self.rule.check.say(detail, language);
        let label = self.dataset.table.field(field).map_or(field, |field| field.label(language));
        let filling = Filling { field: label, value, detail: said.as_deref().or(worded).unwrap_or(detail) };
        Cow::Owned(self.rule.message.fill(language, &filling))
    }
}
