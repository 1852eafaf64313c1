//! Waivers: findings that a person has accepted for a time, with reason and approver (`waivers.toml`).
//!
//! Apart because they are decisions about findings, not rules. An expiry that cannot be read counts as lapsed; a
//! waiver that matched nothing is said.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;

use super::Pack;
use crate::folding::fold;
use crate::params::{self, Params, Placed};
use crate::problem::Problem;
use crate::text;
use crate::text::Text;

/// The file's name.
pub const FILE_NAME: &str = "waivers.toml";

/// So many days ahead a waiver's end is announced: two issues of a weekly report.
const LAPSES_SOON: i64 = 14;

/// One accepted finding.
#[derive(Debug)]
pub struct Waiver {
    /// The rule.
    pub rule: String,
    /// The record's key.
    pub record_key: String,
    /// The field; nothing: any.
    pub field: Option<String>,
    /// The last day on which it holds; nothing where it cannot be read.
    pub expires: Option<NaiveDate>,
    matched: AtomicBool,
}

/// All waivers of a workplace.
#[derive(Debug, Default)]
pub struct Waivers {
    entries: Vec<Waiver>,
    /// The positions of those of a rule and a record.
    by_record: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

impl Waivers {
    /// Reads the file of a workplace; none is no mistake.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn load(folder: &Path, pack: &Pack) -> Result<Self, Vec<Problem>> {
        let Some(document) = super::beside(folder, FILE_NAME)? else { return Ok(Self::default()) };
        let (entries, problems) = params::read(&document, |root| {
            root.tables("waiver").iter().filter_map(|entry| waiver(entry, pack)).collect::<Vec<_>>()
        });
        if problems.is_empty() { Ok(Self::new(entries.unwrap_or_default())) } else { Err(problems) }
    }

    fn new(entries: Vec<Waiver>) -> Self {
        let mut by_record: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (position, waiver) in entries.iter().enumerate() {
            let of_rule = by_record.entry(waiver.rule.clone()).or_default();
            of_rule.entry(waiver.record_key.clone()).or_default().push(position);
        }
        Self { entries, by_record }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a finding is waived on a day; remembers that the waiver matched.
    pub fn covers(&self, rule: &str, record_key: &str, field: &str, as_of: NaiveDate) -> bool {
        let mut covered = false;
        let of_record = self.by_record.get(rule).and_then(|records| records.get(record_key));
        let waivers = of_record.into_iter().flatten().filter_map(|position| self.entries.get(*position));
        for waiver in waivers.filter(|waiver| waiver.field.as_deref().is_none_or(|wanted| wanted == field)) {
            waiver.matched.store(true, Ordering::Relaxed);
            covered |= waiver.expires.is_some_and(|expires| as_of <= expires);
        }
        covered
    }

    /// The waivers that have lapsed: rule and record of each.
    pub fn lapsed(&self, as_of: NaiveDate) -> Vec<(&str, &str)> {
        let is_lapsed = |waiver: &&Waiver| waiver.expires.is_none_or(|expires| expires < as_of);
        let lapsed = self.entries.iter().filter(is_lapsed);
        lapsed.map(|waiver| (waiver.rule.as_str(), waiver.record_key.as_str())).collect()
    }

    /// What a reader must know: waivers that have lapsed, and those that matched nothing.
    pub fn notices(&self, as_of: NaiveDate) -> Vec<Text> {
        let mut notices = Vec::new();
        for waiver in &self.entries {
            let (rule, key) = (&waiver.rule, &waiver.record_key);
            if waiver.expires.is_none_or(|expires| expires < as_of) {
                notices.push(text!("豁免已到期：{rule} {key}", "a waiver has lapsed: {rule} {key}"));
            } else if !waiver.matched.load(Ordering::Relaxed) {
                notices.push(text!("豁免没有对应的问题：{rule} {key}", "a waiver matches no finding: {rule} {key}"));
            } else if let Some(expires) = waiver.expires.filter(|expires| (*expires - as_of).num_days() <= LAPSES_SOON)
            {
                notices.push(text!(
                    "豁免将于 {expires} 到期：{rule} {key}，到期后问题会重新列出",
                    "a waiver lapses on {expires}: {rule} {key}; the finding comes back then"
                ));
            }
        }
        notices
    }
}

fn waiver(entry: &Params, pack: &Pack) -> Option<Waiver> {
    let rule = entry.string("rule");
    if let Some(rule) = &rule
        && !pack.all_rule_ids().contains(&rule.value.as_str())
    {
        let word = &rule.value;
        let message = text!("没有规则“{word}”", "there is no rule `{word}`");
        entry.problems().push(
            entry.problems().document().problem(rule.span.clone(), message).with_suggestion(word, pack.all_rule_ids()),
        );
    }
    let record_key = entry.string("record_key");
    let field = entry.optional_string("field").map(|written| field(entry, &written, rule.as_ref(), pack));
    entry.string("reason");
    entry.string("approver");
    entry.must_have("expires");
    let expires = entry
        .optional_written("expires")
        .and_then(|written| NaiveDate::parse_from_str(&written.value, "%Y-%m-%d").ok());
    entry.finish();
    // Findings name records as folded.
    let record_key = fold(&record_key?.value).into_owned();
    Some(Waiver { rule: rule?.value, record_key, field, expires, matched: AtomicBool::new(false) })
}

/// The field of a waiver by its canonical name; it may be written by label, as in rules.
fn field(entry: &Params, written: &Placed<String>, rule: Option<&Placed<String>>, pack: &Pack) -> String {
    let word = &written.value;
    let rule = rule.and_then(|rule| pack.rule(&rule.value)).map(|(rule, _)| rule);
    let Some(rule) = rule.filter(|rule| !rule.everywhere) else { return word.clone() };
    let Some(table) = pack.dictionary.table(&rule.table) else { return word.clone() };
    match table.field_called(word) {
        Some(field) => field.name.clone(),
        None => {
            let name = &table.name;
            let message = text!("表 {name} 没有字段“{word}”", "table {name} has no field `{word}`");
            let problem = entry.problems().document().problem(written.span.clone(), message);
            entry.problems().push(problem.with_suggestion(word, table.words()));
            word.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waivers(expires: &str) -> Waivers {
        let waiver = |key: &str, field: Option<&str>| Waiver {
            rule: "phone-format".to_owned(),
            record_key: key.to_owned(),
            field: field.map(str::to_owned),
            expires: expires.parse().ok(),
            matched: AtomicBool::new(false),
        };
        Waivers::new(vec![waiver("A1", None), waiver("A1", Some("phone")), waiver("nobody", None)])
    }

    #[test]
    fn what_matched_nothing_is_said_on_its_last_days_too() {
        let today: NaiveDate = "2026-11-22".parse().expect("a day");
        for (expires, of_those_that_matched) in [("2026-11-30", 2), ("2027-11-30", 0)] {
            let waivers = waivers(expires);
            assert!(waivers.covers("phone-format", "A1", "phone", today));
            let notices: Vec<String> = waivers.notices(today).into_iter().map(|notice| notice.en).collect();
            assert_eq!(notices.len(), of_those_that_matched + 1, "{notices:?}");
            assert_eq!(notices.last().map(String::as_str), Some("a waiver matches no finding: phone-format nobody"));
        }
    }

    #[test]
    fn a_waiver_covers_its_rule_record_and_field_until_its_last_day() {
        let day = |day: &str| day.parse().expect("a day");
        let all = waivers("2026-11-30");
        assert!(all.covers("phone-format", "A1", "fax", day("2026-11-30")));
        assert!(!all.covers("phone-format", "A1", "fax", day("2026-12-01")));
        assert!(!all.covers("phone-format", "A2", "phone", day("2026-11-22")));
        assert!(!all.covers("email-format", "A1", "phone", day("2026-11-22")));
    }
}
