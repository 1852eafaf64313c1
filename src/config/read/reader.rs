//! `[people]` and `[departments]`: who reads what, and where it is sent.
//!
//! Apart because addresses and levels of confidentiality are theirs alone. Whether an address exists, a mail server says.

use std::path::Path;

use super::{addresses, secret};
use crate::config::{DepartmentConfig, People, PeopleClearance};
use crate::model::Secrecy;
use crate::params::Params;
use crate::text;

pub(super) fn people_table(table: &Params, domains: &[String]) -> People {
    let people = People {
        service: addresses(table, "service", domains),
        leader: addresses(table, "leader", domains),
        management: addresses(table, "management", domains),
        administrator: addresses(table, "administrator", domains),
        clearance: table.optional_table("clearance").map(|table| people_clearance(&table)).unwrap_or_default(),
    };
    table.finish();
    people
}

fn people_clearance(table: &Params) -> PeopleClearance {
    let level = |key| table.optional_word(key, &Secrecy::WORDS).unwrap_or_default();
    let clearance = PeopleClearance { leader: level("leader"), management: level("management") };
    table.finish();
    clearance
}

/// The departments. While mails become files, one may still be without an address: its workbook is written all the same.
pub(super) fn departments_table(
    table: &Params,
    folder: &Path,
    domains: &[String],
    is_sent: bool,
) -> Vec<DepartmentConfig> {
    let mut departments = Vec::new();
    for key in table.keys() {
        let Some(entry) = table.table_under(&key.value) else { continue };
        let to = addresses(&entry, "to", domains);
        if is_sent && !entry.has("to") {
            let name = &key.value;
            let message = text!("{name} 没有收件人（to）", "{name} has no recipient (to)");
            let hint = text!(
                "写上 to = [\"…@…\"]；不发给该部门的，删去整段，其问题归备用部门",
                "write to = [\"…@…\"], or take the entry out: what is found then goes to the fallback department"
            );
            let problem = entry.problems().document().problem(key.span.clone(), message).with_hint(hint);
            entry.problems().push(problem);
        }
        if entry.has("to") && to.is_empty() {
            entry.problems().add(entry.span_of("to"), text!("至少要有一个收件人", "at least one recipient is needed"));
        }
        let cc = addresses(&entry, "cc", domains);
        let clearance = entry.optional_word("clearance", &Secrecy::WORDS).unwrap_or_default();
        let unmasked = entry.optional_bool("unmasked").unwrap_or(false);
        let password = secret(&entry, "password", folder);
        entry.finish();
        departments.push(DepartmentConfig { name: key.value, to, cc, clearance, unmasked, password });
    }
    departments
}
