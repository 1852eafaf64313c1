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

/// Says why a rule cannot be planned; nothing where it can.
pub fn bind(
    rule: &Rule,
    datasets: &BTreeMap<String, Dataset>,
    reading: &Reading,
    context: &Context,
) -> Result<(), (Outcome, Text)> {
    if let Some(reason) = rule.not_enabled(context.as_of) {
        return Err((Outcome::NotEnabled, reason));
    }
    let reads = rule.reads();
    let mut tables: Vec<&str> = vec![&rule.table];
    for (table, _) in &reads {
        if !tables.contains(&table.as_str()) {
            tables.push(table);
        }
    }
    let label = |table: &str| {
        let label = context.pack.dictionary.table(table).map_or(table, |table| table.label(context.language));
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
        if !unread.is_empty() && !own {
            let sources = unread.join(", ");
            let reason = text!("“{shown}”没有读全：{sources}", "{shown} was not read whole: {sources}");
            return Err((Outcome::NotEvaluated, reason));
        }
    }
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
        let part = dataset.parts.iter().find(|part| !part.letters.contains_key(field));
        let place = part.map(|part| format!("{} {}", part.file, part.sheet)).unwrap_or_default();
        let place = place.trim();
        return Err((
            Outcome::NotEvaluated,
            text!("“{shown}”缺少“{column}”列：{place}", "{shown} lacks the column {column}: {place}"),
        ));
    }
    Ok(())
}

/// The files and queries of a table that were not read.
fn unread_files<'r>(reading: &'r Reading, table: &'r str) -> Vec<&'r str> {
    reading.unread_of(table).map(|unread| unread.file.as_str()).collect()
}

/// What the result of a rule on single rows does not cover; nothing where it covers all.
pub fn partial_reason(rule: &Rule, dataset: &Dataset, reading: &Reading) -> Option<Text> {
    if dataset.whole {
        return None;
    }
    let sources = unread_files(reading, &rule.table).join(", ");
    Some(text!("未含没有读到的数据源：{sources}", "without the sources that were not read: {sources}"))
}
