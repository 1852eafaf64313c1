//! The order of lists of findings, and where in the work list something stands first.
//!
//! Apart because the first sheet leads to rows of the list that another sheet makes: both must mean the same rows. It
//! knows no layout.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::blocks::Link;
use super::view::View;
use crate::model::{Finding, Severity, Status};

/// The places of a share's findings, the waived last; by severity, rule, age and customer. Findings of a rule stand
/// together, for they are mended alike.
pub fn sorted(view: &View<'_>) -> Vec<u32> {
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, outcome) in view.input.outcomes.iter().enumerate() {
        rules.entry(&outcome.rule_id).or_insert(number);
    }
    let mut places: Vec<u32> = view.share.findings.clone();
    places.sort_by_cached_key(|place| {
        let finding = view.finding(*place);
        let waived = finding.status == Status::Waived;
        let rule = rules.get(finding.rule_id).copied().unwrap_or(usize::MAX);
        let of_rule = (Reverse(finding.severity), rule, finding.rule_id);
        (waived, of_rule, finding.first_seen, finding.customer, finding.record_key, *place)
    });
    places
}

/// Where in the work list a rule, an owner, a department or a severity stands first; nowhere where the report has no
/// work list.
#[derive(Default)]
pub struct FirstRows<'a> {
    sheet: String,
    rules: BTreeMap<&'a str, usize>,
    owners: BTreeMap<&'a str, usize>,
    departments: BTreeMap<&'a str, usize>,
    severities: BTreeMap<Severity, usize>,
}

impl<'a> FirstRows<'a> {
    /// Looks through the work list of a report.
    pub fn of(view: &'a View<'a>) -> Self {
        let mut first = Self { sheet: view.strings.get("sheet.work_list").to_owned(), ..Self::default() };
        if !view.definition.sheets.iter().any(|sheet| sheet == "work_list") {
            return first;
        }
        let standing = view.ordered().iter().map(|place| view.finding(*place));
        for (row, finding) in standing.filter(|finding| finding.status.is_standing()).enumerate() {
            first.note(finding, row);
        }
        first
    }

    fn note(&mut self, finding: &'a Finding<'a>, row: usize) {
        self.rules.entry(finding.rule_id).or_insert(row);
        self.owners.entry(finding.owner).or_insert(row);
        self.departments.entry(finding.department.trim()).or_insert(row);
        self.severities.entry(finding.severity).or_insert(row);
    }

    fn link(&self, row: Option<&usize>) -> Option<Link> {
        row.map(|row| Link { sheet: self.sheet.clone(), row: Some(*row) })
    }

    /// The first row of a rule.
    pub fn rule(&self, id: &str) -> Option<Link> {
        self.link(self.rules.get(id))
    }

    /// The first row of an owner.
    pub fn owner(&self, name: &str) -> Option<Link> {
        self.link(self.owners.get(name))
    }

    /// The first row of a department, under the name that the data gives.
    pub fn department(&self, name: &str) -> Option<Link> {
        self.link(self.departments.get(name))
    }

    /// The first row of a severity.
    pub fn severity(&self, severity: Severity) -> Option<Link> {
        self.link(self.severities.get(&severity))
    }
}
