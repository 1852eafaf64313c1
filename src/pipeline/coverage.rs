//! What enforces or reports each clause of the policies, and where nothing does, why.
//!
//! Apart because it looks at rules, reports and sources together. It reads no data: whether a rule *can* be applied is
//! told from the configuration.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::rule::Rule;
use crate::rule::clause::Clause;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;

/// How a clause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A rule in force looks at it.
    Enforced,
    /// A report shows it.
    Reported,
    /// Its rules are not in force: the pack is not named, or a number is blank.
    NotEnabled,
    /// Its rules read tables that the company has no source for.
    NotApplicable,
    /// Data cannot show it.
    OutOfReach,
    /// Nothing serves it yet.
    Pending,
}

impl Standing {
    /// The word of scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Enforced => "enforced",
            Standing::Reported => "reported",
            Standing::NotEnabled => "not_enabled",
            Standing::NotApplicable => "not_applicable",
            Standing::OutOfReach => "out_of_reach",
            Standing::Pending => "pending",
        }
    }

    /// The word for people.
    pub fn words(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Standing::Enforced => ("已落实", "enforced"),
            Standing::Reported => ("有报告", "reported"),
            Standing::NotEnabled => ("未启用", "not enabled"),
            Standing::NotApplicable => ("不适用", "not applicable"),
            Standing::OutOfReach => ("数据不可见", "out of reach"),
            Standing::Pending => ("待实现", "pending"),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// One clause and what serves it.
pub struct ClauseCoverage<'w> {
    /// The clause.
    pub clause: &'w Clause,
    /// How it stands.
    pub status: Standing,
    /// The rules that cite it, in force or not.
    pub rules: Vec<String>,
    /// The reports that show it.
    pub reports: Vec<String>,
    /// Why it is not enforced; empty where it is.
    pub reason: Text,
}

impl ClauseCoverage<'_> {
    /// How many stand how.
    pub fn counts(lines: &[ClauseCoverage]) -> BTreeMap<Standing, usize> {
        let mut counts = BTreeMap::new();
        for line in lines {
            *counts.entry(line.status).or_insert(0) += 1;
        }
        counts
    }
}

/// All clauses, in the order of their file.
pub fn coverage(workplace: &Workplace, as_of: NaiveDate) -> Vec<ClauseCoverage<'_>> {
    workplace.pack.clauses.clauses.iter().map(|clause| of(clause, workplace, as_of)).collect()
}

fn of<'w>(clause: &'w Clause, workplace: &'w Workplace, as_of: NaiveDate) -> ClauseCoverage<'w> {
    let cites = |rule: &&Rule| rule.is_about(&clause.id);
    let in_force: Vec<&Rule> = workplace.pack.rules.iter().filter(cites).collect();
    let dormant: Vec<&Rule> = workplace.pack.dormant().iter().filter(cites).collect();
    let mut rules: Vec<String> = in_force.iter().chain(&dormant).map(|rule| rule.id.clone()).collect();
    rules.dedup();
    let reports: Vec<String> = workplace.templates.serving(&clause.id).into_iter().map(str::to_owned).collect();
    let enabled: Vec<&&Rule> = in_force.iter().filter(|rule| rule.not_enabled(as_of).is_none()).collect();
    let (status, reason) = if enabled.iter().any(|rule| lacking(rule, workplace).is_none()) {
        (Standing::Enforced, Text::default())
    } else if !reports.is_empty() {
        (Standing::Reported, Text::default())
    } else if let Some(reason) = enabled.iter().find_map(|rule| lacking(rule, workplace)) {
        (Standing::NotApplicable, reason)
    } else if let Some(reason) = in_force.iter().find_map(|rule| rule.not_enabled(as_of)) {
        (Standing::NotEnabled, reason)
    } else if let Some(rule) = dormant.first() {
        let pack = rule.pack.as_deref().unwrap_or_default();
        let reason =
            text!("制度包 {pack} 没有启用（[company] packs）", "the policy pack {pack} is not in [company] packs");
        (Standing::NotEnabled, reason)
    } else if let Some(reason) = &clause.out_of_reach {
        (Standing::OutOfReach, reason.clone())
    } else {
        let unsaid = || text!("没有规则或报告引用它", "no rule and no report cites it");
        (Standing::Pending, clause.pending.clone().unwrap_or_else(unsaid))
    };
    ClauseCoverage { clause, status, rules, reports, reason }
}

/// The first table that a rule reads and the company has no source for.
fn lacking(rule: &Rule, workplace: &Workplace) -> Option<Text> {
    let mut tables: Vec<String> = vec![rule.table.clone()];
    tables.extend(rule.reads().into_iter().map(|(table, _)| table));
    // Tables that the program fills: by what comes back of verification lists, and with the files that were read.
    let has = |table: &String| {
        [super::verification::FED, super::delivered::TABLE].contains(&table.as_str())
            || workplace.config.sources.iter().any(|source| source.table.value == *table)
    };
    let table = tables.into_iter().find(|table| !has(table))?;
    let described = workplace.pack.dictionary.table(&table);
    let (zh, en) = described.map_or((table.as_str(), table.as_str()), |table| (&table.label, &table.label_en));
    Some(text!("没有“{zh}”的数据源", "there is no source for {en}"))
}
