//! Judges the examples that rules carry: their rows go through typing and the engine like any others.
//!
//! Apart from `check` because nothing is read from outside. It knows no configuration: an example is the same for every
//! company, but for its calendar.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::calendar::Calendar;
use crate::compare::{Settings, compare};
use crate::dataset::Dataset;
use crate::dataset::raw::{RawColumn, RawTable, RowNumbers, column_letters};
use crate::dictionary::{Dictionary, Table};
use crate::engine::{self, Context};
use crate::model::{ChangedRecords, Measure, Measures, Outcome, SourceNote};
use crate::rule::example::Record;
use crate::rule::{Example, Expectation, Pack, Rule};
use crate::source::Reading;
use crate::text;
use crate::text::{Language, Text};

/// The day that examples are judged on where they name none.
const AS_OF: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 22);

/// Judges an example of a rule: nothing where the rule says what it must, else what it says instead.
pub fn judge(rule: &Rule, example: &Example, pack: &Pack, calendar: &Arc<Calendar>) -> Option<Text> {
    let dictionary = &pack.dictionary;
    let judged = example.rule.as_deref().unwrap_or(rule);
    let as_of = example.as_of.or(AS_OF).unwrap_or_default();
    let (reading, datasets) = match tables(judged, example, dictionary) {
        Ok(made) => made,
        Err(text) => return Some(text),
    };
    if !judged.unset.is_empty() {
        let names = judged.unset.join(", ");
        return Some(text!("参数没有值：{names}（在例子里写 parameters）", "no value for {names} (write parameters)"));
    }
    let changed = match changed(judged, example, dictionary, &datasets) {
        Ok(changed) => Arc::new(changed),
        Err(text) => return Some(text),
    };
    let say = |language: Language| {
        let context = Context {
            dictionary,
            rules: std::iter::once(judged).chain(counted(judged, pack)).collect(),
            judged: Some(&judged.id),
            service: "",
            calendar: calendar.clone(),
            decisions: Arc::default(),
            as_of,
            language,
            history: history(judged, example),
            changed: changed.clone(),
        };
        let wanted = |other: &Rule| std::ptr::eq(other, judged);
        let evaluation = engine::evaluate(&datasets, &reading, &context, &wanted, &|_| ());
        verdict(&evaluation, example.expectation, language)
    };
    let zh = say(Language::Zh)?;
    Some(Text { zh, en: say(Language::En).unwrap_or_default() })
}

/// The history that an example gives its rule.
fn history(rule: &Rule, example: &Example) -> Arc<Measures> {
    let Some((table, field)) = rule.check.measured() else { return Arc::default() };
    let run = |(rows, filled): &(u64, u64)| {
        let (table, field) = (table.to_owned(), field.to_owned());
        [Measure { table, source: String::new(), field, rows: *rows, filled: *filled }]
    };
    let runs: Vec<[Measure; 1]> = example.history.iter().map(run).collect();
    Arc::new(Measures::new(runs.iter().map(<[Measure; 1]>::as_slice)))
}

/// What changed since the earlier rows that an example gives its rule.
fn changed(
    rule: &Rule,
    example: &Example,
    dictionary: &Dictionary,
    datasets: &BTreeMap<String, Dataset>,
) -> Result<ChangedRecords, Text> {
    let mut changed = ChangedRecords::default();
    let (Some(before), Some(table)) = (&example.before, dictionary.table(&rule.table)) else { return Ok(changed) };
    let Some(after) = datasets.get(&rule.table) else { return Ok(changed) };
    let before = Dataset::build(table, dictionary, vec![raw(table, before)], true)
        .map_err(|error| Text::same(error.to_string()))?;
    let settings = Settings { table, dictionary, most_cells: 0, only: None };
    let difference = compare(&settings, &before, after).map_err(|error| Text::same(error.to_string()))?;
    changed.insert(&rule.table, difference.unavailable.clone().map_or_else(|| Ok(difference.for_rules()), Err));
    Ok(changed)
}

/// The rules whose findings a rule counts.
fn counted<'p>(rule: &Rule, pack: &'p Pack) -> Vec<&'p Rule> {
    let Some(combined) = rule.check.combines() else { return Vec::new() };
    let named = |other: &&Rule| other.table == rule.table && combined.rules.iter().any(|named| named.value == other.id);
    pack.rules.iter().chain(pack.dormant()).filter(named).collect()
}

/// What is said of the first record of an example, whose rule is the first; nothing where it is what is wanted.
fn verdict(evaluation: &engine::Evaluation, expected: Expectation, language: Language) -> Option<String> {
    let Some(outcome) = evaluation.outcomes.first() else { return Some("-".to_owned()) };
    let fails = evaluation.violations.iter().any(|violation| violation.records.contains(&0));
    let said = match outcome.outcome {
        Outcome::NotEvaluated | Outcome::NotEnabled => return Some(outcome.reason.clone()),
        Outcome::NotApplicable => Expectation::NotApplicable,
        _ if fails => Expectation::Fail,
        _ if !evaluation.has_tested(0, 0) => Expectation::NotApplicable,
        _ => Expectation::Pass,
    };
    if said == expected {
        return None;
    }
    let (expected, said) = (expected.as_str(), said.as_str());
    let reason = if outcome.reason.is_empty() { String::new() } else { format!(" ({})", outcome.reason) };
    Some(
        text!("应为 {expected}，却是 {said}{reason}", "{expected} is wanted, it is {said}{reason}")
            .get(language)
            .to_owned(),
    )
}

/// The tables of an example, typed.
fn tables(
    rule: &Rule,
    example: &Example,
    dictionary: &Dictionary,
) -> Result<(Reading, BTreeMap<String, Dataset>), Text> {
    let mut reading = Reading::default();
    let mut datasets = BTreeMap::new();
    let own = (&rule.table, &example.records);
    for (name, records) in std::iter::once(own).chain(example.tables.iter().map(|(name, records)| (name, records))) {
        let Some(table) = dictionary.table(name) else { continue };
        let dataset = Dataset::build(table, dictionary, vec![raw(table, records)], true)
            .map_err(|error| Text::same(error.to_string()))?;
        reading.configured.push(name.clone());
        datasets.insert(name.clone(), dataset);
    }
    Ok((reading, datasets))
}

/// Records as a source would hand them over. Fields that every company has are there even where no record fills them.
fn raw(table: &Table, records: &[Record]) -> RawTable {
    let given = |name: &str| records.iter().flatten().any(|(field, _)| field == name);
    let columns = table
        .fields
        .iter()
        .filter(|field| !field.optional || records.is_empty() || given(&field.name))
        .enumerate()
        .map(|(position, field)| {
            let cell = |record: &Record| {
                record
                    .iter()
                    .find(|(name, _)| *name == field.name)
                    .map(|(_, cell)| cell.clone())
                    .filter(|cell| !cell.is_empty())
            };
            let cells: Vec<Option<String>> = records.iter().map(cell).collect();
            RawColumn::of_texts(&field.name, column_letters(position), cells)
        })
        .collect();
    RawTable {
        note: SourceNote { table: table.name.clone(), ..SourceNote::default() },
        rows: RowNumbers::From(2),
        columns,
    }
}
