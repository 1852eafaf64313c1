//! The first findings as rows of the page: what is there without a script.
//!
//! Apart because a template fills them in, as it does everything else of the page.

use std::collections::BTreeMap;

use minijinja::Value;

use super::cells::{department, field, short, value, whole_place};
use super::shown::Shown;
use crate::page::input::PageInput;
use crate::report::Strings;

/// The titles of rules by their ids.
pub(super) type Titles<'r> = BTreeMap<&'r str, &'r str>;

/// The title of a rule; its id where it is not known any more.
pub(super) fn title<'r>(id: &'r str, rules: &BTreeMap<&str, &'r str>) -> &'r str {
    rules.get(id).copied().unwrap_or(id)
}

/// A finding as the template sees it.
pub(super) fn row(shown: &Shown<'_>, rules: &Titles<'_>, input: &PageInput<'_>, strings: &Strings) -> Value {
    let Shown { finding, seen, .. } = shown;
    object! {
        severity: finding.severity.as_str(),
        severity_word: strings.severity(finding.severity),
        status: finding.status.as_str(),
        status_word: strings.status(finding.status),
        rule: title(finding.rule_id, rules),
        rule_id: finding.rule_id,
        customer: short(&seen.customer, strings).as_ref(),
        record_key: short(finding.record_key, strings).as_ref(),
        field: field(finding, input),
        value: value(finding, seen, strings).as_ref(),
        message: short(&seen.message, strings).as_ref(),
        department: department(seen, strings),
        first_seen: finding.first_seen.to_string(),
        place: whole_place(finding, strings),
    }
}
