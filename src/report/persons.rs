//! What each person has to see to: findings by the owner of the record, and for those whom no mail reaches, by department.
//!
//! Apart from the shares of departments because a person stands in a register that may lack him, name him twice, or know
//! that he has left. Nothing is dropped for that: his department gets it, and reads why. It knows no address.

use std::collections::{BTreeMap, BTreeSet};

use super::access::Reader;
use super::definition::Audience;
use super::figures::is_to_do;
use super::input::{Addressee, Person, ReportInput};
use super::share;
use crate::model::{Finding, Severity};

/// What goes to one person, or to a department for its people whom no mail reaches.
pub struct Personal<'a> {
    /// The person; nothing where the department gets it.
    pub person: Option<&'a Person>,
    /// The department that gets it, or the person's.
    pub department: &'a str,
    /// Places in `ReportInput::findings`.
    pub findings: Vec<u32>,
    /// Places in `ReportInput::upcoming`.
    pub upcoming: Vec<u32>,
    /// How many findings are so long overdue that the manager gets a copy; 0: he gets none.
    pub overdue: u64,
    /// How many people of the department no mail reaches, and how many findings to do are theirs.
    pub unreached: (u64, u64),
}

impl Personal<'_> {
    /// What all who get it may see.
    pub fn reader(&self, input: &ReportInput<'_>) -> Reader {
        let theirs = input.access.reader(Audience::Departments, Some(self.department));
        let Some(person) = self.person else { return theirs };
        // a copy shows its second reader no more than he may see
        let clearance = match self.overdue {
            0 => person.clearance,
            _ => person.clearance.min(person.managers_clearance),
        };
        Reader { clearance: clearance.min(theirs.clearance), ..theirs }
    }
}

/// Whom a finding goes to: a place in the register, or a department.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum To<'a> {
    Person(usize),
    Department(&'a str),
}

/// Splits the findings of a run by person; after so many working days a manager gets a copy.
pub fn split<'a>(input: &ReportInput<'a>, copy_after: Option<u32>) -> Vec<Personal<'a>> {
    let departments = share::Recipients::all(input);
    let register = Register::of(input);
    let to = |finding: &Finding<'_>| match register.person(finding) {
        Some(person) => To::Person(person),
        None => To::Department(departments.name(finding.department)),
    };
    let mut places: BTreeMap<To<'a>, [Vec<u32>; 2]> = BTreeMap::new();
    for (list, findings) in [input.findings, input.upcoming].into_iter().enumerate() {
        for (place, finding) in (0u32..).zip(findings) {
            places.entry(to(finding)).or_default()[list].push(place);
        }
    }
    let cutoff = copy_after.and_then(|days| input.persons.days_back.get(days as usize)).copied();
    // what is only nearly due is not overdue, however long it has been announced
    let is_late = |finding: &Finding<'_>| {
        let counts = is_to_do(finding.status) && finding.severity != Severity::Info;
        counts && cutoff.is_some_and(|cutoff| finding.first_seen <= cutoff)
    };
    let personal = places.into_iter().map(|(to, [findings, upcoming])| {
        let of = |place: &&u32| &input.findings[**place as usize];
        let (person, department) = match to {
            To::Person(number) => {
                let person = &input.persons.all[number];
                (Some(person), departments.name(&person.department))
            }
            To::Department(name) => (None, name),
        };
        let overdue = person.map_or(0, |_| findings.iter().filter(|place| is_late(of(place))).count() as u64);
        let unreached =
            if person.is_none() { register.unreached(findings.iter().map(|place| of(&place))) } else { (0, 0) };
        Personal { person, department, overdue, unreached, findings, upcoming }
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
    fn of(input: &ReportInput<'a>) -> Self {
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
    fn unreached<'f>(&self, findings: impl Iterator<Item = &'f Finding<'f>>) -> (u64, u64) {
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
