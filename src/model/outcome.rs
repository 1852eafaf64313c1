//! What became of a rule in one run, and on how much it rests.
//!
//! Apart because scores, reports and exit codes read it. Not evaluated is neither passed nor resolved.

use serde::{Deserialize, Serialize};

use super::{Dimension, Severity};

/// The six outcomes of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Tested, nothing at or over a threshold.
    Passed,
    /// At or over the warning threshold.
    Warned,
    /// At or over the failure threshold.
    Failed,
    /// The condition held for no row, a table has no source, or an optional field has no column.
    NotApplicable,
    /// A table was not read whole, a core column is missing, or the rule broke.
    NotEvaluated,
    /// A parameter is unset, or the rule is a draft or not in force.
    NotEnabled,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 6] = [
        Outcome::Failed,
        Outcome::Warned,
        Outcome::NotEvaluated,
        Outcome::NotEnabled,
        Outcome::NotApplicable,
        Outcome::Passed,
    ];

    /// The word of exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Warned => "warned",
            Outcome::Failed => "failed",
            Outcome::NotApplicable => "not_applicable",
            Outcome::NotEvaluated => "not_evaluated",
            Outcome::NotEnabled => "not_enabled",
        }
    }

    /// The outcome of a word, if it is one.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Whether the rule was applied to data: what resolves findings and enters scores.
    pub fn is_concluded(self) -> bool {
        matches!(self, Outcome::Passed | Outcome::Warned | Outcome::Failed)
    }
}

/// One rule on one table in one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleOutcome {
    /// The rule's id.
    pub rule_id: String,
    /// The rule's title in the language of the reports.
    pub title: String,
    /// The table that it was applied to.
    pub table: String,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's dimension.
    pub dimension: Dimension,
    /// Clause ids joined by a blank.
    pub clause: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Units (rows, or row and field) to which the rule applied.
    pub tested: u64,
    /// Units that failed.
    pub failing: u64,
    /// Why it was not applied, or what its result does not cover; empty otherwise.
    pub reason: String,
    /// Remarks that every report prints beside it, such as numbers that the company set itself.
    pub note: String,
}
