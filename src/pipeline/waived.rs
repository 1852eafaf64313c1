//! Takes waived findings out of the outcomes: what a person has accepted for a time does not fail a rule.
//!
//! Apart from the engine, which knows rows and no decisions. The findings stay, with the status waived; scores count
//! alike.

use std::collections::BTreeMap;

use crate::dataset::Dataset;
use crate::engine::{Context, Evaluation};
use crate::rule::Waivers;

/// Counts the failing units of every rule anew, without those that are waived.
pub fn apply(evaluation: &mut Evaluation, datasets: &BTreeMap<String, Dataset>, context: &Context, waivers: &Waivers) {
    if waivers.is_empty() {
        return;
    }
    for violation in &evaluation.violations {
        let rule = context.rules[violation.rule];
        let Some(dataset) = datasets.get(&rule.table) else { continue };
        let field = violation.field.as_deref().unwrap_or_default();
        let key =
            |record: u32| if rule.is_about_the_table(dataset.height) { "" } else { dataset.key_at(record as usize) };
        let is_waived = |record: &&u32| waivers.covers(&rule.id, key(**record), field, context.as_of);
        let waived = violation.records.iter().filter(is_waived).count() as u64;
        let line = |line: &&mut crate::model::RuleOutcome| line.rule_id == rule.id && line.table == rule.table;
        if let (Some(outcome), true) = (evaluation.outcomes.iter_mut().find(line), waived > 0) {
            outcome.failing = outcome.failing.saturating_sub(waived);
            outcome.outcome = rule.outcome(outcome.failing, outcome.tested);
        }
    }
}
