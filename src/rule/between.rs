//! Mistakes that show only between rules: ids that stand twice, and names of rules that there are not.
//!
//! Apart because no single rule can know them. It knows neither the configuration nor which packs are in force.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Rule;
use super::pack::{PolicyPack, distinct};
use crate::params::Placed;
use crate::problem::Problem;
use crate::text;

/// Two rules of one id: told at both places, for either may be the mistake.
pub fn defined_twice(rules: &[Rule]) -> Vec<Problem> {
    let mut places: BTreeMap<&str, Vec<(&Rule, Range<usize>)>> = BTreeMap::new();
    for rule in rules {
        let known = places.entry(&rule.id).or_default();
        if !known.iter().any(|(other, span)| other.document.name == rule.document.name && *span == rule.span) {
            known.push((rule, rule.span.clone()));
        }
    }
    let mut problems = Vec::new();
    for (id, places) in places.iter().filter(|(_, places)| places.len() > 1) {
        for (rule, span) in places {
            let others: Vec<String> = places
                .iter()
                .filter(|(other, _)| other.place() != rule.place())
                .map(|(other, _)| other.place())
                .collect();
            let others = others.join(", ");
            let message = text!("规则“{id}”在 {others} 也有定义", "rule `{id}` is defined at {others} too");
            problems.push(rule.document.problem(span.clone(), message));
        }
    }
    problems
}

/// Two packs of one id: told at both places, too.
pub fn packs_twice(packs: &[PolicyPack]) -> Vec<Problem> {
    let is_double = |pack: &&PolicyPack| packs.iter().filter(|other| other.id == pack.id).count() > 1;
    packs
        .iter()
        .filter(is_double)
        .map(|pack| {
            let (word, (document, span)) = (&pack.id, &pack.place);
            document.problem(span.clone(), text!("制度包“{word}”出现两次", "pack `{word}` stands twice"))
        })
        .collect()
}

/// Rules that name rules which there are not, or not on their table.
///
/// `all` are the ids of all rules, those with mistakes too. A rule of a pack may name one that `ships` with the
/// program and that the company has removed; any other name that is not there is a slip.
pub fn references(rules: &[Rule], all: &[String], ships: impl Fn(&str) -> bool) -> Vec<Problem> {
    let removed = |rule: &Rule, named: &str| rule.pack.is_some() && !all.iter().any(|id| id == named) && ships(named);
    let mut problems = Vec::new();
    for rule in rules {
        problems.extend(replaced(rule, rules, all, &removed));
        problems.extend(combined(rule, rules, all, &removed));
    }
    problems
}

/// What a rule stands in for: must be there, and must not lead back to the rule, however many stand between.
fn replaced(rule: &Rule, rules: &[Rule], all: &[String], removed: &impl Fn(&Rule, &str) -> bool) -> Vec<Problem> {
    let Some(Placed { value: named, span }) = &rule.replaces else { return Vec::new() };
    let mut problems = Vec::new();
    if !all.contains(named) && !removed(rule, named) {
        let message = text!("没有规则“{named}”", "there is no rule `{named}`");
        let problem = rule.document.problem(span.clone(), message);
        problems.push(problem.with_suggestion(named, distinct(rules.iter())));
    }
    if leads_back(rule, rules) {
        let message = text!("规则不能互相代替", "rules cannot stand in for each other");
        problems.push(rule.document.problem(span.clone(), message));
    }
    problems
}

/// Whether the rules that a rule stands in for, one through the other, come back to it.
fn leads_back(rule: &Rule, rules: &[Rule]) -> bool {
    let (mut at, mut seen) = (replaced_by(rule), BTreeSet::new());
    while let Some(id) = at.filter(|id| *id != rule.id && seen.insert(*id)) {
        at = rules.iter().filter(|other| other.id == id).find_map(replaced_by);
    }
    at == Some(rule.id.as_str())
}

/// The rule that a rule stands in for.
fn replaced_by(rule: &Rule) -> Option<&str> {
    rule.replaces.as_ref().map(|named| named.value.as_str())
}

/// The rules that a rule combines: must be there, on its table, and not combine others themselves.
fn combined(rule: &Rule, rules: &[Rule], all: &[String], removed: &impl Fn(&Rule, &str) -> bool) -> Vec<Problem> {
    let Some(combined) = rule.check.combines() else { return Vec::new() };
    let known: Vec<&str> = rules
        .iter()
        .filter(|other| other.table == rule.table && other.id != rule.id && other.check.combines().is_none())
        .map(|other| other.id.as_str())
        .collect();
    // A rule that has a mistake of its own is there all the same.
    let broken = |id: &str| all.iter().any(|other| other == id) && !rules.iter().any(|rule| rule.id == id);
    let is_missing = |named: &str| !known.contains(&named) && !broken(named) && !removed(rule, named);
    let table = &rule.table;
    let problem = |named: &Placed<String>| {
        let word = &named.value;
        let message = text!("表 {table} 没有规则“{word}”", "there is no rule `{word}` on {table}");
        rule.document.problem(named.span.clone(), message).with_suggestion(word, known.iter().copied())
    };
    combined.rules.iter().filter(|named| is_missing(&named.value)).map(problem).collect()
}
