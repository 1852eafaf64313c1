//! The engine: all rules of a dataset become one plan, collected once; flags become violations, violations findings.
//!
//! Apart because checks only describe and datasets only hold: here they meet. What counts as failing is decided once:
//! a row fails when the rule's `where` is true, the unit is tested and the expression is true; null is none of these.

mod bind;
mod combine;
mod empty;
pub mod evidence;
mod execute;
mod findings;
mod identity;
pub mod listing;
mod measures;
mod ownership;
mod scores;
mod select;
mod upcoming;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::BooleanChunked;
use rayon::prelude::*;

pub use evidence::describe_plan;
pub use findings::{FindingSource, materialise, write_out};
pub use measures::measure;
pub use ownership::Ownership;
pub use scores::score;
pub use select::select;
pub use upcoming::{Upcoming, upcoming};

use crate::calendar::Calendar;
use crate::check::Given;
use crate::dataset::Dataset;
use crate::dictionary::Dictionary;
use crate::matching::Decisions;
use crate::model::{ChangedRecords, Measures, Outcome, RuleOutcome};
use crate::rule::Rule;
use crate::source::Reading;
use crate::text;
use crate::text::{Language, Text};

/// What a run evaluates with, beside the data.
#[derive(Clone)]
pub struct Context<'c> {
    /// The dictionary.
    pub dictionary: &'c Dictionary,
    /// The rules.
    pub rules: Vec<&'c Rule>,
    /// The rule that is evaluated whatever its state: an example of a draft is judged too.
    pub judged: Option<&'c str>,
    /// The department that findings for customer service go to.
    pub service: &'c str,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// What people decided about pairs of customers.
    pub decisions: Arc<Decisions>,
    /// The as-of date.
    pub as_of: NaiveDate,
    /// The language of reasons and messages.
    pub language: Language,
    /// What earlier runs of the job measured; empty where nothing is remembered, as in `hedui check`.
    pub history: Arc<Measures>,
    /// What changed since the run compared with; empty where nothing is remembered.
    pub changed: Arc<ChangedRecords>,
}

impl Context<'_> {
    /// What plans are given beside the data.
    fn given(&self) -> Given {
        Given {
            calendar: self.calendar.clone(),
            as_of: self.as_of,
            decisions: self.decisions.clone(),
            history: self.history.clone(),
            changed: self.changed.clone(),
        }
    }
}

/// The rows of one unit of a rule that fail.
#[derive(Debug)]
pub struct Violation {
    /// The rule, as an index into the pack.
    pub rule: usize,
    /// The field; nothing where it is about the whole record.
    pub field: Option<String>,
    /// The failing records, in order.
    pub records: Vec<u32>,
    /// What was computed for each of them, where the check says.
    pub details: Option<Vec<Option<String>>>,
}

/// The records that one unit of a rule was tested on.
#[derive(Debug)]
pub struct Tested {
    /// The rule, as an index into the pack.
    pub rule: usize,
    /// A flag a record; nothing where it was tested on all of them.
    pub records: Option<BooleanChunked>,
}

/// The result of evaluating all rules.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// A line a rule and table, in the order of the pack.
    pub outcomes: Vec<RuleOutcome>,
    /// The failing rows, in the order of the pack.
    pub violations: Vec<Violation>,
    /// What was tested, a line a unit.
    pub tested: Vec<Tested>,
    /// (rule, table, source): records that a rule did not test, because their source lacks a column.
    pub left_out: Vec<(String, String, String)>,
    /// Years whose working days were counted without an arrangement.
    pub years_not_loaded: BTreeSet<i32>,
}

impl Evaluation {
    /// Whether a rule was tested on a record, in one unit at least.
    pub fn has_tested(&self, rule: usize, record: usize) -> bool {
        let on_it = |flags: &BooleanChunked| flags.get(record).unwrap_or(false);
        let mut units = self.tested.iter().filter(|unit| unit.rule == rule);
        units.any(|unit| unit.records.as_ref().is_none_or(on_it))
    }
}

/// Rules, and the years without working days that they came upon.
type YearsNotLoaded = BTreeMap<usize, BTreeSet<i32>>;

/// Evaluates the rules of a pack whose ids are wanted (all where none are named).
pub fn evaluate(
    datasets: &BTreeMap<String, Dataset>,
    reading: &Reading,
    context: &Context,
    wanted: &dyn Fn(&Rule) -> bool,
    advance: &dyn Fn(&str),
) -> Evaluation {
    let mut evaluation = Evaluation::default();
    let mut bound: BTreeMap<&str, Vec<(usize, bind::Bound)>> = BTreeMap::new();
    let mut outcomes: BTreeMap<usize, RuleOutcome> = BTreeMap::new();
    let combined = combined_rules(&context.rules, wanted);
    let configured = |rule: &Rule| reading.configured.contains(&rule.table);
    for (index, rule) in
        context.rules.iter().copied().enumerate().filter(|(_, rule)| wanted(rule) || combined.contains(&rule.id))
    {
        // A rule on every table is a rule on those that the company has.
        if rule.everywhere && !configured(rule) {
            continue;
        }
        let how = match stands_in(rule, datasets, reading, context) {
            Some(reason) => Err((Outcome::NotEnabled, reason)),
            None => bind::bind(rule, datasets, reading, context),
        };
        match how {
            Ok(how) => bound.entry(&rule.table).or_default().push((index, how)),
            Err((outcome, reason)) => {
                let reason = reason.get(context.language).to_owned();
                outcomes.insert(index, line(rule, outcome, 0, 0, reason, context.language));
            }
        }
    }
    let mut violations: BTreeMap<usize, Vec<Violation>> = BTreeMap::new();
    let planned: Vec<(&Dataset, &Vec<(usize, bind::Bound)>)> =
        bound.iter().filter_map(|(table, rules)| Some((datasets.get(*table)?, rules))).collect();
    planned.iter().for_each(|(dataset, _)| advance(&dataset.table.name));
    // Tables side by side: the plan of one often waits for a join or a look at all rows.
    let executed: Vec<(Vec<execute::Executed>, YearsNotLoaded)> = planned
        .par_iter()
        .map(|(dataset, rules)| {
            let years = |(rule, _): &(usize, bind::Bound)| {
                (*rule, execute::years_not_loaded(context.rules[*rule], datasets, context))
            };
            (execute::execute(dataset, datasets, rules, context), rules.iter().map(years).collect())
        })
        .collect();
    for ((dataset, rules), (executed, years)) in planned.into_iter().zip(executed) {
        for mut executed in executed {
            evaluation.tested.append(&mut executed.tested);
            let rule = context.rules[executed.rule];
            let outcome = match executed.result {
                Ok((tested, found)) => {
                    let failing: u64 = found.iter().map(|violation| violation.records.len() as u64).sum();
                    violations.insert(executed.rule, found);
                    let how = rules.iter().find(|(index, _)| *index == executed.rule).map(|(_, how)| how);
                    let reason = how.and_then(|how| how.reason.as_ref()).map(|reason| reason.get(context.language));
                    let reason = reason.unwrap_or_default().to_owned();
                    evaluation.left_out.extend(
                        how.iter()
                            .flat_map(|how| &how.left_out)
                            .map(|part| (rule.id.clone(), rule.table.clone(), dataset.parts[*part].source.clone())),
                    );
                    line(rule, rule.outcome(failing, tested), tested, failing, reason, context.language)
                }
                Err(reason) => line(rule, Outcome::NotEvaluated, 0, 0, reason, context.language),
            };
            outcomes.insert(executed.rule, outcome);
            evaluation.years_not_loaded.extend(years.get(&executed.rule).into_iter().flatten());
        }
    }
    empty::apply(datasets, context, &mut outcomes, &mut violations);
    combine::apply(context, &mut outcomes, &mut violations);
    outcomes.retain(|rule, _| wanted(context.rules[*rule]));
    violations.retain(|rule, _| wanted(context.rules[*rule]));
    evaluation.outcomes = outcomes.into_values().collect();
    evaluation.violations = violations.into_values().flatten().collect();
    evaluation
}

/// That another rule stands in for this one: it names it, and is in force on this day and can be applied to what was
/// read, or another stands in for it in turn. Lint refuses rings.
fn stands_in(rule: &Rule, datasets: &BTreeMap<String, Dataset>, reading: &Reading, context: &Context) -> Option<Text> {
    let names_it = |other: &&&Rule| other.replaces.as_ref().is_some_and(|replaced| replaced.value == rule.id);
    let applies = |other: &&&Rule| {
        bind::bind(other, datasets, reading, context).is_ok() || stands_in(other, datasets, reading, context).is_some()
    };
    let other = context.rules.iter().filter(names_it).find(applies)?;
    let by = &other.id;
    Some(text!("未启用：由规则 {by} 代替", "not enabled: the rule {by} stands in for it"))
}

/// The ids of rules whose findings a wanted rule counts.
fn combined_rules(rules: &[&Rule], wanted: &dyn Fn(&Rule) -> bool) -> BTreeSet<String> {
    rules
        .iter()
        .filter(|rule| wanted(rule))
        .filter_map(|rule| rule.check.combines())
        .flat_map(|combined| combined.rules.iter().map(|named| named.value.clone()))
        .collect()
}

fn line(rule: &Rule, outcome: Outcome, tested: u64, failing: u64, reason: String, language: Language) -> RuleOutcome {
    RuleOutcome {
        rule_id: rule.id.clone(),
        title: rule.title.get(language).to_owned(),
        table: rule.table.clone(),
        severity: rule.severity,
        dimension: rule.dimension,
        clause: rule.clause.clone(),
        outcome,
        tested,
        failing,
        reason,
        note: rule.company_note().get(language).to_owned(),
    }
}
