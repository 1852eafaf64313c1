//! What will fail in the days to come if nobody does anything: the same rules, asked of days that are not here yet.
//!
//! Apart because it is no finding: nothing is wrong yet, nothing is remembered, and no rule counts it. Only rules whose
//! verdict moves with the day are asked; the data are those of today.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{Context, Evaluation, Violation, evaluate};
use crate::dataset::Dataset;
use crate::rule::Rule;
use crate::source::Reading;

/// What begins to fail on one day.
#[derive(Debug)]
pub struct Upcoming {
    /// The first day on which it fails.
    pub day: NaiveDate,
    /// The failing rows of that day alone.
    pub evaluation: Evaluation,
}

/// The records that already fail, by rule and field.
type Known<'k> = BTreeMap<(usize, Option<&'k str>), BTreeSet<u32>>;

/// What begins to fail within so many days after the as-of date, day by day; days without anything are left out.
pub fn upcoming(
    datasets: &BTreeMap<String, Dataset>,
    reading: &Reading,
    context: &Context,
    now: &Evaluation,
    days: u64,
) -> Vec<Upcoming> {
    let concluded: BTreeSet<(&str, &str)> = now
        .outcomes
        .iter()
        .filter(|line| line.outcome.is_concluded())
        .map(|line| (line.rule_id.as_str(), line.table.as_str()))
        .collect();
    let follows = |rule: &Rule| rule.follows_the_day() && concluded.contains(&(rule.id.as_str(), rule.table.as_str()));
    let at = |day: NaiveDate, wanted: &dyn Fn(&Rule) -> bool| {
        let context = Context { as_of: day, ..context.clone() };
        evaluate(datasets, reading, &context, wanted, &|_| ())
    };
    let mut known = failing(&now.violations);
    let Some(last) = context.as_of.checked_add_days(Days::new(days)).filter(|_| days > 0) else { return Vec::new() };
    // Most rules have nothing to come: they are asked once.
    let final_day = at(last, &follows);
    let moving: BTreeSet<usize> = final_day
        .violations
        .iter()
        .filter(|violation| {
            let key = (violation.rule, violation.field.as_deref());
            violation.records.iter().any(|record| !known.get(&key).is_some_and(|known| known.contains(record)))
        })
        .map(|violation| violation.rule)
        .collect();
    if moving.is_empty() {
        return Vec::new();
    }
    let ids: BTreeSet<(&str, &str)> =
        moving.iter().map(|rule| (context.rules[*rule].id.as_str(), context.rules[*rule].table.as_str())).collect();
    let is_moving = |rule: &Rule| ids.contains(&(rule.id.as_str(), rule.table.as_str()));
    let evaluations: Vec<(NaiveDate, Evaluation)> = (1..=days)
        .filter_map(|ahead| context.as_of.checked_add_days(Days::new(ahead)))
        .map(|day| (day, at(day, &is_moving)))
        .collect();
    let mut coming = Vec::new();
    for (day, evaluation) in &evaluations {
        let violations = first_failing(&mut known, &evaluation.violations);
        if !violations.is_empty() {
            coming.push(Upcoming { day: *day, evaluation: Evaluation { violations, ..Evaluation::default() } });
        }
    }
    coming
}

fn failing(violations: &[Violation]) -> Known<'_> {
    let mut known = Known::new();
    for violation in violations {
        known.entry((violation.rule, violation.field.as_deref())).or_default().extend(&violation.records);
    }
    known
}

/// The violations of records that did not fail before; they count as failing from then on.
fn first_failing<'k>(known: &mut Known<'k>, violations: &'k [Violation]) -> Vec<Violation> {
    let mut first = Vec::new();
    for violation in violations {
        let known = known.entry((violation.rule, violation.field.as_deref())).or_default();
        let new: Vec<bool> = violation.records.iter().map(|record| known.insert(*record)).collect();
        let records: Vec<u32> =
            violation.records.iter().zip(&new).filter(|(_, new)| **new).map(|(record, _)| *record).collect();
        if records.is_empty() {
            continue;
        }
        let details = violation.details.as_ref().map(|details| {
            details.iter().zip(&new).filter(|(_, new)| **new).map(|(detail, _)| detail.clone()).collect()
        });
        first.push(Violation { rule: violation.rule, field: violation.field.clone(), records, details });
    }
    first
}
