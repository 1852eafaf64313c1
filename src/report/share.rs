//! Who gets what: the findings and changes of each department, and of all of them.
//!
//! Apart because nothing may be dropped for want of an address: what belongs to a department without an entry goes to
//! the one that stands in; and nothing silently for want of a clearance: what is not listed is counted. It knows no
//! layout.

use std::collections::{BTreeMap, BTreeSet};

use super::access::Lens;
use super::customers::Customers;
use super::figures::{self, Figures};
use super::input::ReportInput;
use super::scorecard::{Scorecard, Scorecards};
use crate::model::{Secrecy, Whose};

/// What one report is about: one department's part of the run, or all of it.
#[derive(Clone)]
pub struct Share<'a> {
    /// The department; nothing where the share is everything.
    pub department: Option<&'a str>,
    /// Whether it takes the findings of departments without an entry.
    pub stands_in: bool,
    /// Places in `ReportInput::findings`, in their order: those that are listed.
    pub findings: Vec<u32>,
    /// Places in `ReportInput::upcoming`, in their order: those that are listed.
    pub upcoming: Vec<u32>,
    /// Places in `ReportInput::changes`, in their order: those that are listed.
    pub changes: Vec<u32>,
    /// What is above the reader: counted, and not listed.
    pub withheld: Places,
    /// What is listed in a workbook of its own.
    pub apart: Places,
    /// Rows of the customers table that were checked.
    pub rows: u64,
    /// The counts of all findings, those that are not listed too.
    pub figures: Figures<'a>,
    /// The department's own scores: it does not answer for the records of those that it stands in for.
    pub scores: Scorecard<'a>,
}

/// Places of findings and changes, in their order.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Places in `ReportInput::findings`.
    pub findings: Vec<u32>,
    /// Places in `ReportInput::upcoming`.
    pub upcoming: Vec<u32>,
    /// Places in `ReportInput::changes`.
    pub changes: Vec<u32>,
}

impl Places {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.upcoming.is_empty() && self.changes.is_empty()
    }
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

/// Splits a run by department, and what each lists from what is above the reader or, where it is wanted, apart.
pub fn split<'a>(input: &'a ReportInput<'a>, customers: &Customers, sorting: Sorting) -> Shares<'a> {
    let recipients = Recipients::all(input);
    let cards = Scorecards::new(input);
    let mut departments: Vec<(Vec<u32>, Vec<u32>, u64)> = vec![Default::default(); recipients.names.len()];
    for (place, finding) in (0u32..).zip(input.findings) {
        departments[recipients.of(finding.department)].0.push(place);
    }
    for (place, record) in (0u32..).zip(&input.changes.records) {
        let now = recipients.of(&record.department);
        departments[now].1.push(place);
        // Who gives a record away is told so too.
        if !record.department_before.is_empty() {
            let before = recipients.of(&record.department_before);
            if before != now {
                departments[before].1.push(place);
            }
        }
    }
    for (department, rows) in input.rows {
        departments[recipients.of(department)].2 += rows;
    }
    let everything: Vec<u32> = (0u32..).take(input.findings.len()).collect();
    let sorter = Sorter { input, lens: Lens::new(input.access, input.reader, input.language), sorting };
    let whole = sorter.sorted(Share {
        department: None,
        stands_in: true,
        figures: figures::count(input, &everything, customers, |_| true, &Whose::Company),
        scores: cards.of(&Whose::Company),
        findings: everything,
        upcoming: (0u32..).take(input.upcoming.len()).collect(),
        changes: (0u32..).take(input.changes.records.len()).collect(),
        withheld: Places::default(),
        apart: Places::default(),
        rows: input.rows.iter().map(|(_, rows)| rows).sum(),
    });
    let departments = departments
        .into_iter()
        .enumerate()
        .map(|(number, (findings, changes, rows))| {
            let whose = Whose::Department(recipients.names[number].to_owned());
            let is_ours = |place: &u32| recipients.of(input.upcoming[*place as usize].department) == number;
            sorter.sorted(Share {
                department: Some(recipients.names[number]),
                stands_in: number == recipients.fallback,
                figures: figures::count(input, &findings, customers, |name| recipients.of(name) == number, &whose),
                scores: cards.of(&whose),
                findings,
                upcoming: (0u32..).take(input.upcoming.len()).filter(is_ours).collect(),
                changes,
                withheld: Places::default(),
                apart: Places::default(),
                rows,
            })
        })
        .collect();
    Shares { whole, departments, cards, recipients }
}

/// Whether important customers are listed in a workbook of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorting {
    /// All in one.
    Together,
    /// They are.
    ImportantApart,
}

struct Sorter<'a> {
    input: &'a ReportInput<'a>,
    lens: Lens<'a>,
    sorting: Sorting,
}

impl Sorter<'_> {
    /// The share with only those places among the listed ones that are.
    fn sorted<'s>(&self, mut share: Share<'s>) -> Share<'s> {
        let apart = self.sorting == Sorting::ImportantApart;
        for place in std::mem::take(&mut share.findings) {
            let finding = &self.input.findings[place as usize];
            let list = match self.lens.sees(finding.secrecy) {
                false => &mut share.withheld.findings,
                true if apart && self.lens.is_important(finding) => &mut share.apart.findings,
                true => &mut share.findings,
            };
            list.push(place);
        }
        for place in std::mem::take(&mut share.upcoming) {
            let coming = &self.input.upcoming[place as usize];
            let list = match self.lens.sees(coming.secrecy) {
                false => &mut share.withheld.upcoming,
                true if apart && self.lens.is_important(coming) => &mut share.apart.upcoming,
                true => &mut share.upcoming,
            };
            list.push(place);
        }
        for place in std::mem::take(&mut share.changes) {
            let record = &self.input.changes.records[place as usize];
            let list = match self.lens.sees(record.secrecy) {
                false => &mut share.withheld.changes,
                true if apart && self.lens.is_important_customer(&record.customer_key, &record.customer) => {
                    &mut share.apart.changes
                }
                true => &mut share.changes,
            };
            list.push(place);
        }
        share
    }
}

impl<'a> Share<'a> {
    /// The share whose lists are what this one keeps apart.
    #[must_use]
    pub fn of_the_apart(&self) -> Share<'a> {
        let Places { findings, upcoming, changes } = self.apart.clone();
        Share { findings, upcoming, changes, withheld: Places::default(), apart: Places::default(), ..self.clone() }
    }

    /// How much falls due, listed here or not.
    pub fn all_upcoming(&self) -> usize {
        self.upcoming.len() + self.withheld.upcoming.len() + self.apart.upcoming.len()
    }

    /// The highest level of what is listed; the counts of a company are 内部.
    pub fn level(&self, input: &ReportInput<'_>) -> Secrecy {
        let findings = self.findings.iter().map(|place| input.findings[*place as usize].secrecy);
        let changes = self.changes.iter().map(|place| input.changes.records[*place as usize].secrecy);
        let upcoming = self.upcoming.iter().map(|place| input.upcoming[*place as usize].secrecy);
        findings.chain(upcoming).chain(changes).max().unwrap_or_default().max(Secrecy::Internal)
    }

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

/// The departments that get a report, in the order of the configuration, and the one that stands in.
pub fn recipients<'a>(input: &ReportInput<'a>) -> Vec<&'a str> {
    Recipients::all(input).names
}

/// The departments that get a report, and which of them a name of the data means.
struct Recipients<'a> {
    names: Vec<&'a str>,
    places: BTreeMap<&'a str, usize>,
    fallback: usize,
}

impl<'a> Recipients<'a> {
    fn all(input: &ReportInput<'a>) -> Self {
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
