//! Which findings a record has: the violations of the run, found again among the findings that were made of them.
//!
//! Apart because the two stand in the same order and know nothing of each other. What is waived is not found: somebody
//! has accepted it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::ListSource;
use crate::model::{Finding, Status};
use crate::rule::List;

/// The findings of the rules that lists name.
pub(super) struct Found {
    /// (rule, table, record) → places among the findings.
    places: BTreeMap<(String, String, u32), Vec<usize>>,
}

impl Found {
    /// Looks up the findings that lists ask for.
    pub fn new(lists: &[&List], source: &ListSource) -> Self {
        let named = |list: &&List| list.failing.iter().chain(&list.with).cloned().collect::<Vec<String>>();
        let wanted: BTreeSet<String> = lists.iter().flat_map(named).collect();
        let mut places: BTreeMap<(String, String, u32), Vec<usize>> = BTreeMap::new();
        let mut next = 0;
        for violation in &source.evaluation.violations {
            let rule = source.context.rules[violation.rule];
            let Some(dataset) = source.datasets.get(&rule.table) else { continue };
            if dataset.height == 0 {
                next += 1;
                continue;
            }
            for record in &violation.records {
                let place = next;
                next += 1;
                let stands = source.findings.get(place).is_some_and(|finding| finding.status != Status::Waived);
                if stands && wanted.contains(&rule.id) {
                    places.entry((rule.id.clone(), rule.table.clone(), *record)).or_default().push(place);
                }
            }
        }
        Self { places }
    }

    /// The findings of some rules, in the order of rules and records.
    pub fn of_rules(&self, rules: &[String]) -> Vec<usize> {
        let of_rule =
            |rule: &String| self.range(rule).flat_map(|(_, places)| places.iter().copied()).collect::<Vec<_>>();
        rules.iter().flat_map(of_rule).collect()
    }

    /// The records of a table that fail one of some rules.
    pub fn records(&self, rules: &[String], table: &str) -> BTreeSet<u32> {
        let of_rule = |rule: &String| {
            self.range(rule)
                .filter(|((_, of, _), _)| of == table)
                .map(|((_, _, record), _)| *record)
                .collect::<Vec<_>>()
        };
        rules.iter().flat_map(of_rule).collect()
    }

    /// The findings of a record by the rules that a list names.
    pub fn of_record<'f>(
        &self,
        list: &List,
        table: &str,
        record: u32,
        findings: &'f [Finding<'f>],
    ) -> Vec<&'f Finding<'f>> {
        let rules = list.failing.iter().chain(&list.with);
        let places = rules.filter_map(|rule| self.places.get(&(rule.clone(), table.to_owned(), record)));
        places.flatten().filter_map(|place| findings.get(*place)).collect()
    }

    fn range(&self, rule: &str) -> impl Iterator<Item = (&(String, String, u32), &Vec<usize>)> {
        let first = (rule.to_owned(), String::new(), 0);
        let rule = rule.to_owned();
        self.places.range(first..).take_while(move |((of, _, _), _)| *of == rule)
    }
}
