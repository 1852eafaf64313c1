//! Who gets what: the header addresses of a document, by its audience.
//!
//! Apart because a wrong list of recipients is the worst accident of all: it is decided in one place that can be read
//! at a glance. It knows no mail.

use super::people::People;
use crate::config::Config;
use crate::outbox;
use crate::report::{Audience, Document};
use crate::workplace::Workplace;

/// Header addresses: To and Cc.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// Who is meant.
    pub to: Vec<String>,
    /// Who gets it for information.
    pub cc: Vec<String>,
}

impl Recipients {
    fn all_of(to: &[String]) -> Self {
        Self { to: to.to_vec(), cc: Vec::new() }
    }

    /// The bare addresses, each once, in order.
    pub fn each(&self) -> Vec<String> {
        distinct(self.to.iter().chain(&self.cc)).iter().map(|address| bare(address)).collect()
    }
}

/// Those who look after hedui: administrator and service manager, each address once.
pub fn caretakers(config: &Config) -> Recipients {
    let people = &config.people;
    Recipients { to: distinct(people.administrator.iter().chain(&people.service)), cc: Vec::new() }
}

/// Addresses as they are written, each once, in order.
fn distinct<'a>(addresses: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for address in addresses {
        if !all.iter().any(|known| bare(known).eq_ignore_ascii_case(&bare(address))) {
            all.push(address.clone());
        }
    }
    all
}

/// Who gets a document. A draft is for the leader's eyes alone, whomever the report is for.
pub fn recipients(config: &Config, people: &People, audience: Audience, document: &Document) -> Recipients {
    let staff = &config.people;
    if document.addressed.is_draft {
        return Recipients::all_of(&staff.leader);
    }
    match audience {
        Audience::Departments => department(config, document),
        Audience::Persons => person(config, people, document),
        Audience::Service => Recipients::all_of(&staff.service),
        Audience::Leader => Recipients::all_of(&staff.leader),
        Audience::Management => Recipients::all_of(&staff.management),
        Audience::Administrator => Recipients::all_of(&staff.administrator),
    }
}

fn department(config: &Config, document: &Document) -> Recipients {
    let entry = document.department.as_deref().and_then(|name| config.department(name));
    entry.map(|entry| Recipients { to: entry.to.clone(), cc: entry.cc.clone() }).unwrap_or_default()
}

/// The person, and the manager where a copy is due; the department for whoever of the two is not reached.
fn person(config: &Config, people: &People, document: &Document) -> Recipients {
    let theirs = department(config, document);
    let addressed = &document.addressed;
    let Some((name, register)) = &addressed.person else { return Recipients { cc: Vec::new(), ..theirs } };
    let Some(own) = people.address(name, register) else { return Recipients { cc: Vec::new(), ..theirs } };
    let cc = match people.managers_address(name, register) {
        _ if !addressed.copies_manager => Vec::new(),
        Some(manager) => vec![manager.to_owned()],
        None => theirs.to,
    };
    Recipients { to: vec![own.to_owned()], cc }
}

/// All addresses of the configuration that a job may mail to; those of persons stand in the data.
pub fn addresses(workplace: &Workplace, reports: &[&str]) -> Vec<String> {
    let config = &workplace.config;
    let mut all: Vec<String> = Vec::new();
    for report in reports {
        let Some(audience) = workplace.templates.audience(report) else { continue };
        if matches!(audience, Audience::Departments | Audience::Persons) {
            let departments = config.departments.iter();
            all.extend(departments.flat_map(|department| department.to.iter().chain(&department.cc)).cloned());
        } else {
            all.extend(recipients(config, &People::default(), audience, &Document::default()).to);
        }
        if workplace.templates.is_reviewed(report) {
            all.extend(config.people.leader.iter().cloned());
        }
    }
    all.iter().map(|address| bare(address)).collect()
}

/// Whether a job mails to persons, whose addresses are known once the data is read.
pub fn is_for_persons(workplace: &Workplace, reports: &[&str]) -> bool {
    reports.iter().any(|report| workplace.templates.audience(report) == Some(Audience::Persons))
}

/// The address of `Name <a@b>`.
pub fn bare(written: &str) -> String {
    outbox::address::mailbox(written).map_or_else(|_| written.to_owned(), |mailbox| mailbox.email.to_string())
}
