//! What the figures rest on: the rules with their outcomes, and what was read of every source.
//!
//! Apart from the findings because a reader looks here when he doubts them. It knows the latest run only.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;

use super::input::PageInput;
use super::veil::Veil;
use crate::model::{Outcome, RuleOutcome, SourceNote};
use crate::report::{Counts, Coverage, Strings};

/// The rules: failed first, those without result next, passed last, each in the order of the rule files.
pub fn rules(input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Value {
    let advice: BTreeMap<&str, &str> =
        input.rules.iter().map(|rule| (rule.id.as_str(), rule.advice.as_str())).collect();
    let mut anchored = BTreeSet::new();
    let mut rows: Vec<&RuleOutcome> = input.outcomes.iter().collect();
    rows.sort_by_key(|line| Outcome::ALL.iter().position(|outcome| *outcome == line.outcome));
    let view = |line: &RuleOutcome| {
        let is_first = anchored.insert(line.rule_id.clone());
        let remarks = [&line.reason, &line.note].into_iter().filter(|text| !text.is_empty());
        object! {
            id: line.rule_id.as_str(),
            anchor: if is_first { format!("rule-{}", line.rule_id) } else { String::new() },
            title: line.title.as_str(),
            table: input.labels.table(&line.table),
            dimension: strings.dimension(line.dimension),
            severity: line.severity.as_str(),
            severity_word: strings.severity(line.severity),
            outcome: line.outcome.as_str(),
            outcome_word: strings.outcome(line.outcome),
            concluded: line.outcome.is_concluded(),
            tested: line.tested,
            failing: line.failing,
            clause: line.clause.as_str(),
            advice: advice.get(line.rule_id.as_str()).copied().unwrap_or_default(),
            remarks: remarks.map(|text| veil.text(text)).collect::<Vec<String>>(),
        }
    };
    let rows: Vec<Value> = rows.into_iter().map(view).collect();
    object! { opening: opening(input, strings), rows: rows }
}

fn opening(input: &PageInput<'_>, strings: &Strings) -> String {
    let coverage = Coverage::of(input.outcomes, input.notes);
    strings.fill(
        "page.rules_opening",
        &[
            ("count", &coverage.rules),
            ("concluded", &coverage.concluded),
            ("not_evaluated", &coverage.not_evaluated),
            ("not_enabled", &coverage.not_enabled),
            ("not_applicable", &coverage.not_applicable),
        ],
    )
}

/// A line a sheet, file or query.
pub fn notes(input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Value {
    let sum = |rows: fn(&SourceNote) -> u64| input.notes.iter().map(rows).sum::<u64>();
    let rows: Vec<Value> = input.notes.iter().map(|note| note_view(note, input, veil, strings)).collect();
    object! {
        rows: rows,
        read: sum(|note| note.rows_read),
        checked: sum(|note| note.rows_checked),
        skipped: sum(|note| note.rows_skipped),
    }
}

fn note_view(note: &SourceNote, input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Value {
    let mut skips: BTreeMap<&str, u64> = BTreeMap::new();
    for row in &note.skipped {
        *skips.entry(&row.reason).or_default() += 1;
    }
    let word = |reason: &str| strings.find(&format!("skip.{reason}")).unwrap_or(reason).to_owned();
    let skips =
        skips.iter().map(|(reason, count)| strings.fill("list.counted", &[("name", &word(reason)), ("count", count)]));
    let labels = note.missing_columns.iter().map(|field| input.labels.field(&note.table, field));
    let said = note.error.iter().chain(&note.remarks);
    object! {
        table: input.labels.table(&note.table),
        file: note.file.as_str(),
        sheet: note.sheet.as_str(),
        encoding: note.encoding.as_str(),
        header_row: note.header_row,
        rows_read: note.rows_read,
        rows_checked: note.rows_checked,
        rows_skipped: note.rows_skipped,
        skips: strings.joined(skips),
        unknown_columns: strings.joined(note.unknown_columns.iter().map(|column| veil.text(column))),
        missing_columns: strings.joined(labels),
        is_read: note.error.is_none(),
        said: said.map(|text| veil.text(text)).collect::<Vec<String>>(),
    }
}

/// What must be read before the figures.
pub fn warnings(input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Vec<String> {
    let coverage = Coverage::of(input.outcomes, input.notes);
    let counts = input.runs.first().map_or_else(Counts::default, |run| run.counts);
    let mut warnings = Vec::new();
    if coverage.unread > 0 {
        warnings.push(strings.fill("page.unread", &[("count", &coverage.unread)]));
    }
    if coverage.not_evaluated > 0 {
        warnings.push(strings.fill("warning.not_evaluated", &[("count", &coverage.not_evaluated)]));
    }
    let unchecked = counts.of(crate::model::Status::NotChecked);
    if unchecked > 0 {
        warnings.push(strings.fill("warning.not_checked", &[("count", &unchecked)]));
    }
    warnings.extend(input.notices.iter().map(|notice| veil.text(notice)));
    warnings
}
