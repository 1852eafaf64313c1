//! Whether a rule can be applied to what was read: not enabled, not applicable and not evaluated are told apart here.
//!
//! Apart because it decides before any data is touched, from tables and columns alone (interface, "Outcomes and
//! sources"). A table without a source is nobody's fault; one that was not read whole is.

use std::collections::BTreeMap;

use super::Context;
use crate::dataset::Dataset;
use crate::model::Outcome;
use crate::rule::Rule;
use crate::source::Reading;
use crate::text;
use crate::text::Text;

/// A rule that can be planned.
#[derive(Debug, Default)]
pub struct Bound {
    /// Parts of its own table, by position, that lack a column which it reads: their records are not tested.
    pub left_out: Vec<usize>,
    /// What its result does not cover; nothing where it covers all.
    pub reason: Option<Text>,
}

/// Says how a rule can be planned, or why it cannot.
pub fn bind(
    rule: &Rule,
    datasets: &BTreeMap<String, Dataset>,
    reading: &Reading,
    context: &Context,
) -> Result<Bound, (Outcome, Text)> {
    if let Some(reason) = rule.not_enabled(context.as_of)
        && context.judged != Some(rule.id.as_str())
    {
        return Err((Outcome::NotEnabled, reason));
    }
    let mut reads = rule.reads();
    let is_configured = |table: &String| reading.configured.contains(table);
    reads.extend(rule.check.reads_where_there_is_a_source().into_iter().filter(|(table, _)| is_configured(table)));
    let mut tables: Vec<&str> = vec![&rule.table];
    for (table, _) in &reads {
        if !tables.contains(&table.as_str()) {
            tables.push(table);
        }
    }
    let label = |table: &str| {
        let label = context.dictionary.table(table).map_or(table, |table| table.label(context.language));
        label.to_owned()
    };
    for table in &tables {
        if !reading.configured.iter().any(|configured| configured == table) {
            let table = label(table);
            return Err((Outcome::NotApplicable, text!("没有“{table}”的数据源", "there is no source for {table}")));
        }
    }
    for table in &tables {
        let own = *table == rule.table && !rule.check.looks_beyond_the_row();
        let unread: Vec<&str> = unread_files(reading, table);
        let shown = label(table);
        let Some(dataset) = datasets.get(*table).filter(|dataset| !dataset.parts.is_empty()) else {
            let sources = unread.join(", ");
            let reason = text!("“{shown}”的数据源没有读到：{sources}", "the source of {shown} was not read: {sources}");
            return Err((Outcome::NotEvaluated, reason));
        };
        if let Some(reason) = &dataset.not_concluded {
            return Err((Outcome::NotEvaluated, Text::same(reason.clone())));
        }
        if let Some(half) = dataset.half.as_ref().filter(|_| !own) {
            return Err((Outcome::NotEvaluated, Text::same(half.reason.clone())));
        }
        if !unread.is_empty() && !own {
            let sources = unread.join(", ");
            let reason = text!("“{shown}”没有读全：{sources}", "{shown} was not read whole: {sources}");
            return Err((Outcome::NotEvaluated, reason));
        }
    }
    if let Some((table, field)) = rule.check.measured()
        && context.history.of(table, field).is_empty()
    {
        return Err((Outcome::NotApplicable, text!("尚无可比较的历史", "there is no history to compare with yet")));
    }
    if rule.check.looks_at_changes() {
        match context.changed.of(&rule.table) {
            Some(Ok(_)) => {}
            Some(Err(why)) => return Err((Outcome::NotEvaluated, why.clone())),
            None => {
                let why = context.changed.why_without(&rule.table).cloned();
                let first = || text!("尚无可比较的历史", "there is no history to compare with yet");
                return Err((Outcome::NotApplicable, why.unwrap_or_else(first)));
            }
        }
    }
    let mut bound = Bound { left_out: Vec::new(), reason: unread_reason(rule, reading) };
    for (table, field) in &reads {
        let Some(dataset) = datasets.get(table) else { continue };
        if dataset.has_everywhere(field) {
            continue;
        }
        let described = dataset.table.field(field);
        let column = described.map_or(field.as_str(), |field| field.label(context.language));
        let shown = label(table);
        if described.is_some_and(|field| field.optional) {
            if dataset.columns.contains_key(field) {
                continue; // some source has it: the others count as blank
            }
            return Err((Outcome::NotApplicable, text!("“{shown}”没有“{column}”列", "{shown} has no column {column}")));
        }
        let lacking: Vec<usize> =
            (0..dataset.parts.len()).filter(|part| !dataset.parts[*part].letters.contains_key(field)).collect();
        let places: Vec<String> = lacking
            .iter()
            .map(|part| format!("{} {}", dataset.parts[*part].file, dataset.parts[*part].sheet).trim().to_owned())
            .collect();
        let places = places.join(", ");
        let reason = text!("“{shown}”缺少“{column}”列：{places}", "{shown} lacks the column {column}: {places}");
        // A rule on single rows goes on over the sources that have the column.
        let goes_on = *table == rule.table && !rule.check.looks_beyond_the_row();
        bound.left_out.extend(lacking);
        bound.left_out.sort_unstable();
        bound.left_out.dedup();
        if !goes_on || bound.left_out.len() == dataset.parts.len() {
            return Err((Outcome::NotEvaluated, reason));
        }
        bound.reason = Some(match bound.reason.take() {
            None => reason,
            Some(Text { zh, en }) => Text { zh: format!("{zh}；{}", reason.zh), en: format!("{en}; {}", reason.en) },
        });
    }
    Ok(bound)
}

/// The files and queries of a table that were not read.
fn unread_files<'r>(reading: &'r Reading, table: &'r str) -> Vec<&'r str> {
    reading.unread_of(table).map(|unread| unread.file.as_str()).collect()
}

/// The sources that were not read and so are not covered by a rule on single rows.
fn unread_reason(rule: &Rule, reading: &Reading) -> Option<Text> {
    let files = unread_files(reading, &rule.table).join(", ");
    (!files.is_empty())
        .then(|| text!("未含没有读到的数据源：{files}", "without the sources that were not read: {files}"))
}
