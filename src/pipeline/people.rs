//! The register of employees as reports to persons need it: who is reached by which address, who manages whom, who may
//! see what.
//!
//! Apart because an address decides who reads what: one that is not certain is none. It knows no report.

use chrono::NaiveDate;

use super::Checked;
use crate::calendar::Calendar;
use crate::config::{Config, is_inside};
use crate::dataset::{Dataset, typing};
use crate::dictionary::PeopleRoles;
use crate::model::Secrecy;
use crate::outbox::address;
use crate::report::LONGEST_WAIT;
use crate::report::input::Person;
use crate::workplace::Workplace;

/// The employees of a run.
#[derive(Debug, Default)]
pub struct People {
    /// As reports read them.
    pub all: Vec<Person>,
    /// Their addresses, in the same order; empty where there is none that can be used.
    addresses: Vec<String>,
    /// (department with an entry, what it may see)
    pub clearances: Vec<(String, Secrecy)>,
    /// By number of working days: the last day that lies so many of them before the as-of date.
    pub days_back: Vec<NaiveDate>,
}

impl People {
    /// Reads the register of a run as of a day; nobody where there is none, or its sources were not read whole.
    pub fn of(workplace: &Workplace, checked: &Checked, as_of: NaiveDate) -> Self {
        let config = &workplace.config;
        let roles = &workplace.pack.dictionary.people;
        let employees = checked.datasets.get(&roles.table);
        let (mut all, addresses): (Vec<Person>, Vec<String>) = employees
            .iter()
            .flat_map(|dataset| (0..dataset.height).map(|record| person(config, dataset, roles, record, as_of)))
            .unzip();
        let own: Vec<Secrecy> = all.iter().map(|person| person.clearance).collect();
        for number in 0..all.len() {
            let manager = manager(&all, &all[number]);
            let reached = manager.filter(|manager| all[*manager].is_reached);
            all[number].managers_clearance =
                reached.map_or_else(|| clearance(config, &all[number].department), |manager| own[manager]);
        }
        let clearances =
            config.departments.iter().map(|department| (department.name.clone(), department.clearance)).collect();
        Self { all, addresses, clearances, days_back: days_back(&workplace.calendar, as_of) }
    }

    /// The address of a person by name and department; nothing where no mail reaches him.
    pub fn address(&self, name: &str, department: &str) -> Option<&str> {
        let is_it = |person: &Person| person.name == name && person.department == department && person.is_reached;
        self.all.iter().position(is_it).map(|at| self.addresses[at].as_str())
    }

    /// The address of the person's manager; nothing where there is no manager whom a mail reaches.
    pub fn managers_address(&self, name: &str, department: &str) -> Option<&str> {
        let person = self.all.iter().find(|person| person.name == name && person.department == department)?;
        let manager = &self.all[manager(&self.all, person)?];
        self.address(&manager.name, &manager.department)
    }
}

fn person(
    config: &Config,
    dataset: &Dataset,
    roles: &PeopleRoles,
    record: usize,
    as_of: NaiveDate,
) -> (Person, String) {
    let cell = |field: &Option<String>| field.as_deref().map_or("", |field| dataset.folded_at(field, record));
    let department = dataset.folded_at(&roles.department, record);
    let written = cell(&roles.email);
    let address = address::mailbox(written).map(|mailbox| mailbox.email.to_string()).unwrap_or_default();
    // an address outside of the domains that may be mailed to is none, wherever it was written down
    let address = if is_inside(&address, &config.mail.domains) { address } else { String::new() };
    // a day that cannot be read is no sign that somebody is still there
    let left = cell(&roles.left);
    let has_left = !left.is_empty() && typing::date(left).is_none_or(|day| day <= since_1970(as_of));
    let mays = clearance(config, department);
    let person = Person {
        name: dataset.folded_at(&roles.name, record).to_owned(),
        department: department.to_owned(),
        manager: cell(&roles.manager).to_owned(),
        is_reached: !address.is_empty() && !has_left,
        clearance: match cell(&roles.clearance) {
            "" => mays,
            word => Secrecy::from_word(word).unwrap_or(Secrecy::Public).min(mays),
        },
        managers_clearance: mays,
    };
    (person, address)
}

/// What a department may see; one without an entry sees what the one does that stands in for it.
fn clearance(config: &Config, department: &str) -> Secrecy {
    let entry = config.department(department).or_else(|| config.department(&config.fallback_department));
    entry.map(|department| department.clearance).unwrap_or_default()
}

/// The one manager of that name, or of those who share it the one of the person's department.
fn manager(all: &[Person], person: &Person) -> Option<usize> {
    let called: Vec<usize> = (0..all.len()).filter(|at| all[*at].name == person.manager).collect();
    let here: Vec<usize> = called.iter().copied().filter(|at| all[*at].department == person.department).collect();
    match (called.as_slice(), here.as_slice()) {
        _ if person.manager.is_empty() => None,
        ([one], _) | (_, [one]) => Some(*one),
        _ => None,
    }
}

/// Days from 1970-01-01.
fn since_1970(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or_default()
}

fn days_back(calendar: &Calendar, as_of: NaiveDate) -> Vec<NaiveDate> {
    let passed = |day: NaiveDate| calendar.working_days_between(since_1970(day), since_1970(as_of));
    let mut back = vec![as_of];
    for day in std::iter::successors(as_of.pred_opt(), NaiveDate::pred_opt).take(366) {
        if back.len() > LONGEST_WAIT as usize {
            break;
        }
        if usize::try_from(passed(day)).is_ok_and(|passed| passed == back.len()) {
            back.push(day);
        }
    }
    back
}
