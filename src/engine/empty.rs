//! Rules that an empty table breaks: a register without an entry.
//!
//! Apart because there is no row that could fail. The violation names record 0, which there is not; the finding that is
//! made of it points at the header.

use std::collections::BTreeMap;

use super::{Context, Violation};
use crate::dataset::Dataset;
use crate::model::RuleOutcome;

/// Adds a violation for each rule that was applied to an empty table and says that this is a fault.
pub fn apply(
    datasets: &BTreeMap<String, Dataset>,
    context: &Context,
    outcomes: &mut BTreeMap<usize, RuleOutcome>,
    violations: &mut BTreeMap<usize, Vec<Violation>>,
) {
    for (index, found) in violations.iter_mut() {
        let rule = context.rules[*index];
        let is_empty = datasets.get(&rule.table).is_some_and(|dataset| dataset.height == 0);
        let (Some((field, word)), true) = (rule.check.fails_when_empty(), is_empty) else { continue };
        let details = Some(vec![Some(word.to_owned())]);
        found.push(Violation { rule: *index, field: Some(field.to_owned()), records: vec![0], details });
        if let Some(outcome) = outcomes.get_mut(index) {
            (outcome.tested, outcome.failing) = (1, 1);
            outcome.outcome = rule.outcome(1, 1);
            outcome.reason.clear();
        }
    }
}
