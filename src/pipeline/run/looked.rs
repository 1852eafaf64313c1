//! Whether what an earlier run found was looked at this time: its rule concluded, its source read, its record believed.
//!
//! Apart from the statuses because only here is decided what may be called put right. It knows the run of this time and
//! no earlier one.

use std::collections::{BTreeMap, HashMap};

use crate::engine::FindingSource;
use crate::model::{Finding, Outcome};
use crate::pipeline::Checked;
use crate::rule::{Route, Rule};

/// What was looked at.
pub struct Looked<'l> {
    checked: &'l Checked,
    /// The field with a customer's department.
    department: &'l str,
    /// The rules, with their places in the pack.
    rules: HashMap<&'l str, (usize, &'l Rule)>,
    /// The records by key, of the tables in which it matters whether a record is still there.
    records: BTreeMap<&'l str, HashMap<&'l str, usize>>,
}

impl<'l> Looked<'l> {
    /// What a run looked at.
    pub fn of<'f: 'l>(source: &'l FindingSource<'f>, checked: &'l Checked) -> Self {
        let rules = &source.context.rules;
        let by_changes = |table: &str| rules.iter().any(|rule| rule.table == table && rule.check.looks_at_changes());
        let records = checked.datasets.iter().filter(|(name, dataset)| dataset.half.is_some() || by_changes(name)).map(
            |(name, dataset)| {
                let keys = (0..dataset.height).map(|record| (dataset.key_at(record), record));
                (name.as_str(), keys.filter(|(key, _)| !key.is_empty()).collect())
            },
        );
        Self {
            checked,
            department: &source.context.dictionary.customers.department,
            rules: rules.iter().enumerate().map(|(place, rule)| (rule.id.as_str(), (place, *rule))).collect(),
            records: records.collect(),
        }
    }

    /// Whether a finding of an earlier run was looked at: if it is not there any more, it was put right.
    pub fn at(&self, finding: &Finding) -> bool {
        self.was_concluded(finding) && self.was_read(finding) && self.is_believed(finding) && self.was_compared(finding)
    }

    fn was_concluded(&self, finding: &Finding) -> bool {
        self.checked.evaluation.outcomes.iter().any(|outcome| {
            // With nothing left to apply to, a rule has looked at everything there is.
            let looked = outcome.outcome.is_concluded()
                || (outcome.outcome == Outcome::NotApplicable && outcome.reason.is_empty());
            outcome.rule_id == finding.rule_id && outcome.table == finding.table && looked
        })
    }

    fn was_read(&self, finding: &Finding) -> bool {
        let unread = self.checked.reading.unread_of(finding.table).any(|unread| unread.source == finding.source);
        let left_out =
            self.checked.evaluation.left_out.iter().any(|(rule, table, source)| {
                rule == finding.rule_id && table == finding.table && source == finding.source
            });
        !unread && !left_out
    }

    /// Whether the department that the record belongs to is believed. Where the finding went to another, the record says
    /// whose it is; one that is gone does not.
    fn is_believed(&self, finding: &Finding) -> bool {
        let Some(dataset) = self.checked.datasets.get(finding.table) else { return true };
        let Some(half) = &dataset.half else { return true };
        let route = self.rules.get(finding.rule_id).map(|(_, rule)| &rule.route);
        match (route, self.record(finding)) {
            (Some(Route::Record | Route::Customer), _) => !half.doubts(finding.department),
            (_, Some(record)) => !half.doubts(dataset.folded_at(self.department, record)),
            (_, None) => false,
        }
    }

    /// Whether a rule that looks at changes could see any of the record; of one that is gone there is nothing to see.
    fn was_compared(&self, finding: &Finding) -> bool {
        let Some((place, rule)) = self.rules.get(finding.rule_id) else { return true };
        let Some(record) = self.record(finding).filter(|_| rule.check.looks_at_changes()) else { return true };
        let changed = self.checked.changed.of(finding.table).and_then(Result::ok);
        let is_compared = |record| {
            changed.is_some_and(|changed| u32::try_from(record).is_ok_and(|record| changed.is_compared(record)))
        };
        self.checked.evaluation.has_tested(*place, record) || is_compared(record)
    }

    fn record(&self, finding: &Finding) -> Option<usize> {
        self.records.get(finding.table)?.get(finding.record_key).copied()
    }
}
