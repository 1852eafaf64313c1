//! Which findings a report is about: `[findings]` in a `report.toml`.
//!
//! Apart because every report may be about some findings only, whoever it is for. It knows rules, kinds and clauses by
//! name only: whether there are such is asked of those who know them.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::input::ReportInput;
use crate::model::{Dimension, Finding, Severity, Status};

/// The findings that a report takes. `rules`, `kinds` and `clauses` say which rules: one of them is enough.
/// `severities`, `statuses` and `dimensions` narrow that down: all of them hold. A key that is not there narrows nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// Ids of rules.
    pub rules: Vec<Spanned<String>>,
    /// Kinds of check.
    pub kinds: Vec<Spanned<String>>,
    /// Ids of clauses that a rule enforces.
    pub clauses: Vec<Spanned<String>>,
    /// Severities.
    pub severities: Vec<Spanned<String>>,
    /// Where findings stand in their life.
    pub statuses: Vec<Spanned<String>>,
    /// Dimensions.
    pub dimensions: Vec<Spanned<String>>,
}

/// What a word of a filter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A rule.
    Rule,
    /// A kind of check.
    Kind,
    /// A clause.
    Clause,
}

impl Filter {
    /// Whether every finding is taken.
    pub fn is_everything(&self) -> bool {
        let Self { rules, kinds, clauses, severities, statuses, dimensions } = self;
        [rules, kinds, clauses, severities, statuses, dimensions].into_iter().all(Vec::is_empty)
    }

    /// The words whose lists are fixed, each with what it could be.
    pub fn fixed_words(&self) -> impl Iterator<Item = (&Spanned<String>, Vec<&'static str>)> {
        let severities = Severity::ALL.map(Severity::as_str).to_vec();
        let statuses = Status::ALL.map(Status::as_str).to_vec();
        let dimensions = Dimension::ALL.map(Dimension::as_str).to_vec();
        let lists = [(&self.severities, severities), (&self.statuses, statuses), (&self.dimensions, dimensions)];
        lists.into_iter().flat_map(|(words, known)| words.iter().map(move |word| (word, known.clone())))
    }

    /// The words that name rules, kinds and clauses.
    pub fn named(&self) -> impl Iterator<Item = (Named, &Spanned<String>)> {
        let lists = [(Named::Rule, &self.rules), (Named::Kind, &self.kinds), (Named::Clause, &self.clauses)];
        lists.into_iter().flat_map(|(what, words)| words.iter().map(move |word| (what, word)))
    }

    /// The findings of a run that are taken, in their order: those that are, and those to come, which have no status yet.
    pub fn of<'a>(&self, input: &ReportInput<'a>) -> [Vec<Finding<'a>>; 2] {
        let kinds: BTreeMap<&str, &str> = input.rules.iter().map(|rule| (rule.id.as_str(), rule.kind)).collect();
        let kind_of = |finding: &Finding<'_>| kinds.get(finding.rule_id).copied().unwrap_or_default();
        let of = |findings: &[Finding<'a>], statuses: &[Spanned<String>]| {
            let is_taken = |finding: &&Finding<'a>| {
                let status = finding.status.as_str();
                let stands = statuses.is_empty() || statuses.iter().any(|known| known.get_ref() == status);
                stands && self.takes(finding, kind_of(finding))
            };
            findings.iter().filter(is_taken).cloned().collect()
        };
        [of(input.findings, &self.statuses), of(input.upcoming, &[])]
    }

    fn takes(&self, finding: &Finding<'_>, kind: &str) -> bool {
        let has = |words: &[Spanned<String>], word: &str| words.iter().any(|known| known.get_ref() == word);
        let narrowed = |words: &[Spanned<String>], word: &str| words.is_empty() || has(words, word);
        let any_rule = self.rules.is_empty() && self.kinds.is_empty() && self.clauses.is_empty();
        let rule = has(&self.rules, finding.rule_id)
            || has(&self.kinds, kind)
            || finding.clause.split_whitespace().any(|clause| has(&self.clauses, clause));
        (any_rule || rule)
            && narrowed(&self.severities, finding.severity.as_str())
            && narrowed(&self.dimensions, finding.dimension.as_str())
    }
}
