//! Rules: what a rule file says, checked against the dictionary, ready to be planned.
//!
//! Apart because a rule file is a program that analysts write: it is read whole before any data, and every mistake in
//! it is shown at its line.

mod between;
pub mod clause;
pub mod decided;
mod dormant;
pub mod example;
pub mod listing;
pub mod message;
mod pack;
mod read;
pub mod schema;
mod waiver;

use std::ops::Range;
use std::path::Path;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::check::condition::Condition;
use crate::check::{Check, Parameter};
use crate::model::{Dimension, Outcome, Severity, StandardDimension};
use crate::params::Placed;
use crate::problem::{Document, Problem};
use crate::text;
use crate::text::Text;

pub use clause::Clauses;
pub use example::{Example, Expectation};
pub use listing::List;
pub use message::Message;
pub use pack::{Choice, DICTIONARY, Pack, built_in_files};
pub use waiver::{Waiver, Waivers};

/// A file that may stand beside the configuration; nothing where there is none.
fn beside(folder: &Path, name: &str) -> Result<Option<Document>, Vec<Problem>> {
    match std::fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(Document::new(name, &text))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(vec![Document::new(name, "").problem(
            0..0,
            text!("读不到（应为 UTF-8 文本）：{error}", "cannot be read (UTF-8 text is wanted): {error}"),
        )]),
    }
}

/// One rule on one table.
#[derive(Debug)]
pub struct Rule {
    /// Its id: stable, for it is part of what tells a finding over time.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// What goes wrong where it is not kept; empty where the file says nothing.
    pub why: Text,
    /// The table that it applies to.
    pub table: String,
    /// The rows that it applies to; nothing: all.
    pub where_: Option<Condition>,
    /// The kind of its check.
    pub kind: &'static str,
    /// How a row fails.
    pub check: Box<dyn Check>,
    /// How much a failing unit matters.
    pub severity: Severity,
    /// The dimension that it counts towards.
    pub dimension: Dimension,
    /// The dimension of GB/T 36344-2018 that it counts towards.
    pub standard_dimension: StandardDimension,
    /// Clause ids joined by a blank.
    pub clause: String,
    /// Ids of further clauses that it helps to keep; findings do not cite them.
    pub serves: Vec<String>,
    /// The rule that it stands in for once it is enabled.
    pub replaces: Option<Placed<String>>,
    /// The contradiction between policies that it takes a side in.
    pub conflict: Option<Placed<String>>,
    /// The policy pack that it belongs to; nothing: the default pack, or a company's own.
    pub pack: Option<String>,
    /// Whether it was written for every table.
    pub everywhere: bool,
    /// Whom its findings go to.
    pub route: Route,
    /// What is wrong, for people.
    pub message: Message,
    /// What to do about it.
    pub advice: Message,
    /// When it warns and when it fails.
    pub thresholds: Thresholds,
    /// Its named numbers.
    pub parameters: Vec<Parameter>,
    /// The names of the numbers that it asks for.
    pub asked: Vec<String>,
    /// Numbers that are blank: the rule is not enabled.
    pub unset: Vec<String>,
    /// Why it is not enabled whatever its numbers: policies that contradict each other, and nothing is chosen.
    pub blocked: Option<Text>,
    /// Whether it is a draft.
    pub draft: bool,
    /// The days between which it is in force.
    pub effective: (Option<NaiveDate>, Option<NaiveDate>),
    /// Rows that it must judge so.
    pub examples: Vec<Example>,
    /// The file that it stands in.
    pub document: Document,
    /// Where in it.
    pub span: Range<usize>,
}

/// Whom the findings of a rule go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The record's department.
    Record,
    /// The department of the record's customer.
    Customer,
    /// The department of the owner's manager; the record's where there is none.
    Manager,
    /// The customer-service department: the fallback of the configuration.
    Service,
    /// A department by name.
    Department(String),
}

/// One bound, inclusive: so many failing units, or so many percent of those tested.
#[derive(Clone, Copy, Debug, Default)]
pub struct Threshold {
    /// Failing units.
    pub count: Option<u64>,
    /// Percent of the units tested.
    pub percent: Option<Decimal>,
}

impl Threshold {
    fn is_reached(&self, failing: u64, tested: u64) -> bool {
        let by_percent =
            |percent: Decimal| Decimal::from(failing) * Decimal::ONE_HUNDRED >= percent * Decimal::from(tested);
        self.count.is_some_and(|count| failing >= count) || self.percent.is_some_and(by_percent)
    }
}

/// When a rule warns and when it fails; without any, one failing unit decides by the severity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Thresholds {
    /// The bound of warned.
    pub warning: Option<Threshold>,
    /// The bound of failed.
    pub failure: Option<Threshold>,
}

impl Rule {
    /// Why the rule is not enabled on a day; nothing where it is.
    pub fn not_enabled(&self, as_of: NaiveDate) -> Option<Text> {
        if !self.unset.is_empty() {
            let names = self.unset.join(", ");
            return Some(text!("未启用：制度参数未填写（{names}）", "not enabled: parameter not set ({names})"));
        }
        if let Some(blocked) = &self.blocked {
            return Some(blocked.clone());
        }
        if self.draft {
            return Some(text!("未启用：草稿", "not enabled: a draft"));
        }
        let (from, to) = self.effective;
        if from.is_some_and(|from| as_of < from) || to.is_some_and(|to| as_of > to) {
            return Some(text!("未启用：不在生效期内", "not enabled: not in force on this day"));
        }
        None
    }

    /// The outcome of so many failing units.
    pub fn outcome(&self, failing: u64, tested: u64) -> Outcome {
        if tested == 0 {
            return Outcome::NotApplicable;
        }
        let Thresholds { warning, failure } = self.thresholds;
        if warning.is_none() && failure.is_none() {
            return match (failing, self.severity) {
                (0, _) => Outcome::Passed,
                (_, Severity::Error) => Outcome::Failed,
                _ => Outcome::Warned,
            };
        }
        let reached = |threshold: Option<Threshold>| {
            threshold.is_some_and(|threshold| failing > 0 && threshold.is_reached(failing, tested))
        };
        if reached(failure) {
            Outcome::Failed
        } else if reached(warning) {
            Outcome::Warned
        } else {
            Outcome::Passed
        }
    }

    /// The fields that it reads, (table, field), its condition included.
    pub fn reads(&self) -> Vec<(String, String)> {
        let mut reads = self.check.reads();
        let needed = self.where_.iter().flat_map(Condition::needed);
        reads.extend(needed.map(|field| (self.table.clone(), field.to_owned())));
        reads.sort();
        reads.dedup();
        reads
    }

    /// Whether what it finds is about a table of so many rows, and not about a record.
    pub fn is_about_the_table(&self, rows: usize) -> bool {
        rows == 0 || self.check.measured().is_some()
    }

    /// Whether it may fail a record on one day that it passes on another, of the same data.
    pub fn follows_the_day(&self) -> bool {
        self.check.follows_the_day() || self.where_.as_ref().is_some_and(Condition::follows_the_day)
    }

    /// Whether it cites a clause, or helps to keep it.
    pub fn is_about(&self, clause: &str) -> bool {
        self.clauses().any(|cited| cited == clause) || self.serves.iter().any(|served| served == clause)
    }

    /// The ids of the clauses that it cites.
    pub fn clauses(&self) -> impl Iterator<Item = &str> {
        self.clause.split(' ').filter(|clause| !clause.is_empty())
    }

    /// File and line where it is written.
    pub fn place(&self) -> String {
        let (line, _) = self.document.problem(self.span.clone(), Text::default()).place();
        format!("{}:{line}", self.document.name)
    }

    /// The numbers that the company set itself, for reports.
    pub fn company_note(&self) -> Text {
        let set: Vec<String> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.basis == crate::check::Basis::Company)
            .filter_map(|parameter| parameter.value.map(|value| format!("{} = {value}", parameter.name)))
            .collect();
        if set.is_empty() {
            return Text::default();
        }
        let set = set.join(", ");
        text!("制度未填写，按本公司设定：{set}", "left blank by the policy, set by the company: {set}")
    }
}
