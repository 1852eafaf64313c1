//! What each person has to see to: findings by the owner of the record, and for those whom no mail reaches, by department.
//!
//! Apart from the shares of departments because a person stands in a register that may lack him, name him twice, or know
//! that he has left. Nothing is dropped for that: his department gets it, and reads why. It knows no address.

use std::collections::{BTreeMap, BTreeSet};

use super::access::Reader;
use super::customers::Customers;
use super::definition::Audience;
use super::figures::{self, is_to_do};
use super::input::{Addressee, Person, ReportInput};
use super::share::{Places, Share, Shares};
use crate::model::{Finding, Severity, Whose};

/// The share of one person, or what of a department's people no mail reaches.
pub struct Personal<'a> {
    /// The department as reports have it.
    pub department: Option<&'a str>,
    /// The findings and their counts.
    pub share: Share<'a>,
    /// The person; nothing where the department gets it.
    pub person: Option<&'a Person>,
    /// How many findings are so long overdue that the manager gets a copy; 0: he gets none.
    pub overdue: u64,
    /// How many people of the department no mail reaches, and how many findings to do are theirs.
    pub unreached: (u64, u64),
    /// How many findings are too confidential to be shown.
    pub left_out: u64,
}

/// Whom a finding goes to: a place in the register, or a department.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum To<'a> {
    Person(usize),
    Department(&'a str),
}

impl Personal<'_> {
    /// What those may see who get it: the person, and the manager where he gets a copy.
    pub fn reader(&self, input: &ReportInput<'_>) -> Reader {
        let department = input.access.reader(Audience::Departments, self.department);
        let Some(person) = self.person else { return department };
        let copied = if self.overdue > 0 { person.managers_clearance } else { person.clearance };
        Reader { clearance: person.clearance.min(copied), ..department }
    }
}

/// Splits the findings of a run by person; after so many working days a manager gets a copy. `whole` is the run as it
/// is, by which it is decided what is whose; `input` is what of it is seen.
pub fn split<'a>(
    whole: &ReportInput<'_>,
    input: &'a ReportInput<'a>,
    shares: &Shares<'a>,
    copy_after: Option<u32>,
) -> Vec<Personal<'a>> {
    let customers = Customers::of_all(input);
    let register = Register::of(input);
    let mut places: BTreeMap<To<'a>, Vec<u32>> = BTreeMap::new();
    for (place, finding) in (0u32..).zip(whole.findings) {
        let to = match register.person(finding) {
            Some(person) => To::Person(person),
            None => To::Department(shares.recipient(finding.department)),
        };
        places.entry(to).or_default().push(place);
    }
    let cutoff = copy_after.and_then(|days| input.persons.days_back.get(days as usize)).copied();
    // what is only nearly due is not overdue, however long it has been announced
    let is_late = |finding: &Finding<'_>| {
        let counts = is_to_do(finding.status) && finding.severity != Severity::Info;
        counts && cutoff.is_some_and(|cutoff| finding.first_seen <= cutoff)
    };
    let personal = places.into_iter().map(|(to, mut findings)| {
        let finding = |place: &u32| &input.findings[*place as usize];
        let (person, department) = match to {
            To::Person(number) => {
                let person = &input.persons.all[number];
                (Some(person), shares.recipient(&person.department))
            }
            To::Department(name) => (None, name),
        };
        let all = findings.clone();
        let clearance = person.map_or_else(|| input.persons.clearance_of(department), |person| person.clearance);
        findings.retain(|place| finding(place).secrecy <= clearance);
        let overdue = |findings: &[u32]| findings.iter().filter(|place| is_late(finding(place))).count() as u64;
        let mut late = person.map_or(0, |_| overdue(&findings));
        if let (Some(person), true) = (person, late > 0) {
            // a copy shows its second reader no more than he may see
            findings.retain(|place| finding(place).secrecy <= person.managers_clearance);
            late = overdue(&findings);
        }
        let whose = Whose::Department(department.to_owned());
        let is_ours = |place: &u32| {
            let coming = &input.upcoming[*place as usize];
            person.is_some_and(|person| coming.owner == person.name && coming.secrecy <= person.managers_clearance)
                && coming.secrecy <= clearance
        };
        let upcoming = (0u32..).take(input.upcoming.len()).filter(is_ours).collect();
        let shown: BTreeSet<u32> = findings.iter().copied().collect();
        let withheld = Places {
            findings: all.iter().copied().filter(|place| !shown.contains(place)).collect(),
            ..Places::default()
        };
        Personal {
            department: Some(department),
            person,
            overdue: late,
            unreached: if person.is_none() { register.unreached(input, &findings) } else { (0, 0) },
            left_out: (all.len() - findings.len()) as u64,
            share: Share {
                department: Some(department),
                stands_in: false,
                figures: figures::count(input, &findings, &customers, |_| false, &whose),
                scores: shares.cards.of(&whose),
                findings,
                upcoming,
                changes: Vec::new(),
                withheld,
                apart: Places::default(),
                rows: 0,
            },
        }
    });
    personal.collect()
}

/// The people of the run by name, and whom each rule's findings go to.
struct Register<'a> {
    all: &'a [Person],
    by_name: BTreeMap<&'a str, Vec<usize>>,
    addressees: BTreeMap<&'a str, Addressee>,
}

impl<'a> Register<'a> {
    fn of(input: &'a ReportInput<'a>) -> Self {
        let all = input.persons.all;
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, person) in all.iter().enumerate().filter(|(_, person)| !person.name.is_empty()) {
            by_name.entry(&person.name).or_default().push(number);
        }
        let addressees = input.rules.iter().map(|rule| (rule.id.as_str(), rule.addressee)).collect();
        Self { all, by_name, addressees }
    }

    /// The person whom a finding goes to by its rule's route, if a mail reaches him.
    fn person(&self, finding: &Finding<'_>) -> Option<usize> {
        let owner = self.called(finding.owner, finding.department);
        let person = match self.addressee(finding) {
            Addressee::Owner => owner,
            Addressee::Manager => {
                owner.and_then(|owner| self.called(&self.all[owner].manager, &self.all[owner].department))
            }
            Addressee::Department => None,
        };
        person.filter(|person| self.all[*person].is_reached)
    }

    fn addressee(&self, finding: &Finding<'_>) -> Addressee {
        self.addressees.get(finding.rule_id).copied().unwrap_or_default()
    }

    /// The one person of a name, or of those who share it the one of the department; else nobody can be sure.
    fn called(&self, name: &str, department: &str) -> Option<usize> {
        let called = self.by_name.get(name)?;
        let mut here = called.iter().filter(|person| self.all[**person].department == department.trim());
        match (called.as_slice(), here.next(), here.next()) {
            ([one], _, _) | (_, Some(one), None) => Some(*one),
            _ => None,
        }
    }

    /// How many owners of these findings no mail reaches, and how many of the findings to do are theirs.
    fn unreached(&self, input: &ReportInput<'_>, findings: &[u32]) -> (u64, u64) {
        let findings = findings.iter().map(|place| &input.findings[*place as usize]);
        let theirs = findings.filter(|finding| {
            self.addressee(finding) == Addressee::Owner && is_to_do(finding.status) && !finding.owner.is_empty()
        });
        let (mut owners, mut count) = (BTreeSet::new(), 0);
        for finding in theirs {
            owners.insert(finding.owner);
            count += 1;
        }
        (owners.len() as u64, count)
    }
}
