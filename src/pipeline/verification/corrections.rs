//! Corrections, judged by the rules before they are accepted: the record as it would be, through the same engine.
//!
//! Apart because a wrong new value is worse than an old one. Only rules that look at the record alone are asked: what
//! other rows say is for the next run.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::dataset::Dataset;
use crate::dataset::raw::{RawColumn, RawTable, RowNumbers, column_letters};
use crate::engine;
use crate::model::{Severity, SourceNote};
use crate::rule::Rule;
use crate::source::Reading;
use crate::text;
use crate::text::{Language, Text};
use crate::verify::{Fate, Judged};
use crate::workplace::Workplace;

/// A customer and the new values that are proposed for him.
type Proposal<'p> = (&'p str, &'p BTreeMap<String, String>);

/// A rule by its id, the field of its finding, and the record that fails it.
type Failing = BTreeSet<(String, String, u32)>;

/// Asks the rules about every correction; a row whose correction they refuse is in conflict.
pub(super) fn check<'r>(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    as_of: NaiveDate,
    rows: impl Iterator<Item = &'r mut Judged>,
) {
    let corrections = |row: &Judged| {
        let answer = row.answer.as_ref().filter(|answer| !answer.corrections.is_empty())?;
        Some((row.customer.clone(), answer.corrections.clone()))
    };
    let (mut corrected, mut asked) = (Vec::new(), Vec::new());
    for row in rows {
        if let Some(proposal) = corrections(row) {
            asked.push(proposal);
            corrected.push(row);
        }
    }
    let asked: Vec<Proposal<'_>> = asked.iter().map(|(customer, values)| (customer.as_str(), values)).collect();
    for (row, why) in corrected.into_iter().zip(refused(workplace, datasets, as_of, &asked)) {
        if let Some(why) = why {
            row.fate = Fate::Conflict(why);
            row.answer = None;
        }
    }
}

/// For each proposal why it is refused; nothing where the rules find nothing wrong with it.
fn refused(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    as_of: NaiveDate,
    proposals: &[Proposal<'_>],
) -> Vec<Option<Text>> {
    let table = &workplace.pack.dictionary.customers.table;
    let Some(dataset) = datasets.get(table).filter(|_| !proposals.is_empty()) else {
        return vec![None; proposals.len()];
    };
    let now = failing(workplace, dataset, as_of, proposals, false);
    let then = failing(workplace, dataset, as_of, proposals, true);
    let why = |record: u32, values: &BTreeMap<String, String>| {
        // What was wrong before and is not touched stays for its own finding.
        let broken = then.iter().filter(|found| found.2 == record);
        let broken = broken.filter(|found| values.contains_key(&found.1) || !now.contains(*found));
        let rules: BTreeSet<&str> = broken.map(|(rule, ..)| rule.as_str()).collect();
        said(workplace, &rules)
    };
    (0_u32..).zip(proposals).map(|(record, (_, values))| why(record, values)).collect()
}

/// The titles of the rules that a proposal would break.
fn said(workplace: &Workplace, rules: &BTreeSet<&str>) -> Option<Text> {
    if rules.is_empty() {
        return None;
    }
    let named = |language: Language| -> Vec<&str> {
        rules
            .iter()
            .filter_map(|id| workplace.pack.rules.iter().find(|rule| rule.id == *id))
            .map(|rule| rule.title.get(language))
            .collect()
    };
    let (zh, en) = (named(Language::Zh).join("、"), named(Language::En).join("; "));
    Some(text!("更正后内容不符合规则：{zh}", "the new value breaks the rules: {en}"))
}

/// What the rules find wrong with the records, as they are or as they would be.
fn failing(
    workplace: &Workplace,
    dataset: &Dataset,
    as_of: NaiveDate,
    proposals: &[Proposal<'_>],
    corrected: bool,
) -> Failing {
    let dictionary = &workplace.pack.dictionary;
    let raw = records(dataset, proposals, corrected);
    let Ok(made) = Dataset::build(&dataset.table, dictionary, vec![raw], true) else { return Failing::new() };
    let name = dataset.table.name.clone();
    let reading = Reading { configured: vec![name.clone()], ..Reading::default() };
    let datasets = BTreeMap::from([(name, made)]);
    let mut context = crate::pipeline::context(workplace, as_of);
    context.rules.retain(|rule| looks_at_the_record(rule, &dataset.table.name));
    let evaluation = engine::evaluate(&datasets, &reading, &context, &|_| true, &|_| ());
    let found = evaluation.violations.iter().flat_map(|violation| {
        let rule = context.rules[violation.rule].id.clone();
        let field = violation.field.clone().unwrap_or_default();
        violation.records.iter().map(move |record| (rule.clone(), field.clone(), *record))
    });
    found.collect()
}

fn looks_at_the_record(rule: &Rule, table: &str) -> bool {
    rule.table == table
        && rule.severity != Severity::Info
        && !rule.check.looks_beyond_the_row()
        && rule.check.combines().is_none()
        && rule.check.measured().is_none()
        && rule.check.reads().iter().all(|(read, _)| read == table)
        && rule.check.reads_where_there_is_a_source().is_empty()
}

/// The records of some customers with the columns that the company has.
fn records(dataset: &Dataset, proposals: &[Proposal<'_>], corrected: bool) -> RawTable {
    let places: BTreeMap<&str, usize> =
        (0..dataset.height).rev().map(|record| (dataset.key_at(record), record)).collect();
    let columns = dataset.columns.keys().enumerate().map(|(place, field)| {
        let cell = |(customer, values): &Proposal<'_>| {
            let new = values.get(field).filter(|_| corrected).map(String::as_str);
            let old = || places.get(customer).map(|record| dataset.typed_at(field, *record));
            new.or_else(old).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        RawColumn::of_texts(field, column_letters(place), proposals.iter().map(cell).collect())
    });
    RawTable {
        note: SourceNote { table: dataset.table.name.clone(), ..SourceNote::default() },
        rows: RowNumbers::From(1),
        columns: columns.collect(),
    }
}
