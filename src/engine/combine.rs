//! Rules about findings: a record fails where its condition held and it fails so many of the rules that are named.
//!
//! Apart because it comes after every plan of a table is done. What a named rule could not evaluate is not known
//! either: then the rule about it is not evaluated.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Violation};
use crate::model::{Outcome, RuleOutcome};
use crate::rule::Rule;
use crate::text;

/// Keeps of each such rule the records that fail enough of the others, and counts anew.
pub fn apply(
    context: &Context,
    outcomes: &mut BTreeMap<usize, RuleOutcome>,
    violations: &mut BTreeMap<usize, Vec<Violation>>,
) {
    for (index, rule) in context.rules.iter().enumerate() {
        let Some(combined) = rule.check.combines() else { continue };
        let Some(outcome) = outcomes.get(&index).filter(|outcome| outcome.outcome.is_concluded()) else { continue };
        let tested = outcome.tested;
        let named: Vec<usize> = context
            .rules
            .iter()
            .enumerate()
            .filter(|(_, other)| {
                other.table == rule.table && combined.rules.iter().any(|named| named.value == other.id)
            })
            .map(|(at, _)| at)
            .collect();
        if let Some(unknown) = named.iter().find(|at| is_unknown(outcomes.get(at))) {
            let id = &context.rules[*unknown].id;
            let reason = text!("所依据的规则 {id} 没有检核", "the rule {id}, which it counts, was not evaluated");
            violations.remove(&index);
            set(outcomes, index, (0, 0), Outcome::NotEvaluated, reason.get(context.language));
            continue;
        }
        let kept = counted(&named, violations, combined.least);
        let mut failing = 0;
        for violation in violations.get_mut(&index).into_iter().flatten() {
            let titles: Vec<Option<String>> = violation
                .records
                .iter()
                .filter_map(|record| kept.get(record))
                .map(|found| Some(titles(found, context)))
                .collect();
            violation.records.retain(|record| kept.contains_key(record));
            violation.details = Some(titles);
            failing += violation.records.len() as u64;
        }
        set(outcomes, index, (tested, failing), rule.outcome(failing, tested), "");
    }
}

fn is_unknown(outcome: Option<&RuleOutcome>) -> bool {
    outcome.is_some_and(|outcome| outcome.outcome == Outcome::NotEvaluated)
}

fn set(
    outcomes: &mut BTreeMap<usize, RuleOutcome>,
    rule: usize,
    (tested, failing): (u64, u64),
    outcome: Outcome,
    reason: &str,
) {
    if let Some(line) = outcomes.get_mut(&rule) {
        (line.tested, line.failing, line.outcome) = (tested, failing, outcome);
        if !reason.is_empty() {
            reason.clone_into(&mut line.reason);
        }
    }
}

/// The records that fail at least so many of some rules, and which.
fn counted(
    named: &[usize],
    violations: &BTreeMap<usize, Vec<Violation>>,
    least: u64,
) -> BTreeMap<u32, BTreeSet<usize>> {
    let mut found: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for rule in named {
        for record in violations.get(rule).into_iter().flatten().flat_map(|violation| &violation.records) {
            found.entry(*record).or_default().insert(*rule);
        }
    }
    found.retain(|_, rules| rules.len() as u64 >= least);
    found
}

fn titles(rules: &BTreeSet<usize>, context: &Context) -> String {
    let titles: Vec<&str> = rules.iter().map(|rule: &usize| of(context.rules[*rule], context)).collect();
    titles.join(text!("、", "; ").get(context.language))
}

fn of<'r>(rule: &'r Rule, context: &Context) -> &'r str {
    rule.title.get(context.language)
}
