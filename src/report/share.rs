//! Who gets what: the findings and changes of each department, and of all of them.
//!
//! Apart because nothing may be dropped for want of an address: what belongs to a department without an entry goes to
//! the one that stands in. It knows no layout.

use std::collections::{BTreeMap, BTreeSet};

use super::customers::Customers;
use super::figures::{self, Figures};
use super::input::ReportInput;
use super::scorecard::{Scorecard, Scorecards};
use crate::model::Whose;

/// What one report is about: one department's part of the run, or all of it.
pub struct Share<'a> {
    /// The department; nothing where the share is everything.
    pub department: Option<&'a str>,
    /// Whether it takes the findings of departments without an entry.
    pub stands_in: bool,
    /// Places in `ReportInput::findings`, in their order.
    pub findings: Vec<u32>,
    /// Places in `ReportInput::upcoming`, in their order.
    pub upcoming: Vec<u32>,
    /// Places in `ReportInput::changes`, in their order.
    pub changes: Vec<u32>,
    /// Rows of the customers table that were checked.
    pub rows: u64,
    /// The counts of `findings`.
    pub figures: Figures<'a>,
    /// The department's own scores: it does not answer for the records of those that it stands in for.
    pub scores: Scorecard<'a>,
}

/// The whole run and its parts; the parts add up to the whole.
pub struct Shares<'a> {
    /// All departments.
    pub whole: Share<'a>,
    /// One a department with an entry, in the order of the configuration, and the one that stands in.
    pub departments: Vec<Share<'a>>,
    /// The scores of everybody, of departments without an entry too.
    pub cards: Scorecards<'a>,
    recipients: Recipients<'a>,
}

impl<'a> Shares<'a> {
    /// The department that gets what belongs to a department: itself, or the one that stands in.
    pub fn recipient(&self, department: &str) -> &'a str {
        self.recipients.names[self.recipients.of(department)]
    }
}

/// Splits a run by department.
pub fn split<'a>(input: &'a ReportInput<'a>) -> Shares<'a> {
    let recipients = Recipients::all(input);
    let customers = Customers::of_all(input);
    let cards = Scorecards::new(input);
    let mut departments: Vec<(Vec<u32>, Vec<u32>, u64)> = vec![Default::default(); recipients.names.len()];
    for (place, finding) in (0u32..).zip(input.findings) {
        departments[recipients.of(finding.department)].0.push(place);
    }
    for (place, record) in (0u32..).zip(&input.changes.records) {
        departments[recipients.of(&record.department)].1.push(place);
    }
    for (department, rows) in input.rows {
        departments[recipients.of(department)].2 += rows;
    }
    let everything: Vec<u32> = (0u32..).take(input.findings.len()).collect();
    let whole = Share {
        department: None,
        stands_in: true,
        figures: figures::count(input, &everything, &customers, |_| true, &Whose::Company),
        scores: cards.of(&Whose::Company),
        findings: everything,
        upcoming: (0u32..).take(input.upcoming.len()).collect(),
        changes: (0u32..).take(input.changes.records.len()).collect(),
        rows: input.rows.iter().map(|(_, rows)| rows).sum(),
    };
    let departments = departments
        .into_iter()
        .enumerate()
        .map(|(number, (findings, changes, rows))| {
            let whose = Whose::Department(recipients.names[number].to_owned());
            let is_ours = |place: &u32| recipients.of(input.upcoming[*place as usize].department) == number;
            Share {
                department: Some(recipients.names[number]),
                stands_in: number == recipients.fallback,
                figures: figures::count(input, &findings, &customers, |name| recipients.of(name) == number, &whose),
                scores: cards.of(&whose),
                findings,
                upcoming: (0u32..).take(input.upcoming.len()).filter(is_ours).collect(),
                changes,
                rows,
            }
        })
        .collect();
    Shares { whole, departments, cards, recipients }
}

impl Share<'_> {
    /// Whether there is neither a row nor a finding: departments that only check others' customers have findings.
    pub fn has_no_data(&self) -> bool {
        self.rows == 0 && self.figures.total.counts.total() == 0
    }

    /// The departments without an entry whose findings are here: under what name, and how many need work.
    pub fn taken_in(&self, input: &ReportInput<'_>) -> Vec<(&str, u64)> {
        let entries: BTreeSet<&str> = input.departments.iter().map(|name| name.trim()).collect();
        self.figures
            .by_department
            .iter()
            .filter(|line| !entries.contains(line.name) && Some(line.name) != self.department)
            .map(|line| (line.name, line.counts.to_do()))
            .filter(|(_, findings)| *findings > 0)
            .collect()
    }
}

/// The departments that get a report, and which of them a name of the data means.
struct Recipients<'a> {
    names: Vec<&'a str>,
    places: BTreeMap<&'a str, usize>,
    fallback: usize,
}

impl<'a> Recipients<'a> {
    fn all(input: &'a ReportInput<'a>) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut places = BTreeMap::new();
        for name in input.departments.iter().map(|name| name.trim()).chain([input.fallback.trim()]) {
            if !places.contains_key(name) {
                places.insert(name, names.len());
                names.push(name);
            }
        }
        let fallback = places.get(input.fallback.trim()).copied().unwrap_or_default();
        Self { names, places, fallback }
    }
}

impl Recipients<'_> {
    fn of(&self, department: &str) -> usize {
        self.places.get(department.trim()).copied().unwrap_or(self.fallback)
    }
}
