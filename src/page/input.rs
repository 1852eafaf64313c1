//! What the page is made of: runs, scores, findings and notes, as plain data.
//!
//! Apart because it is the seam between the pipeline, which gathers it from the store and the run, and the page, which
//! knows neither. Nothing in it is masked yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Finding, RuleOutcome, Scores, Secrecy, SourceNote};
use crate::report::Counts;
use crate::report::access::Access;
use crate::report::input::{Labels, RuleFacts};
use crate::text::Language;

/// Everything that the page may show.
pub struct PageInput<'a> {
    /// The company's name.
    pub company: &'a str,
    /// The company's language.
    pub language: Language,
    /// The highest 密级 of the records that the page shows.
    pub clearance: Secrecy,
    /// Whether single findings are on the page at all.
    pub with_findings: bool,
    /// All committed runs, the latest first.
    pub runs: &'a [RunLine],
    /// The jobs that have run, that of the latest run first.
    pub jobs: &'a [JobState<'a>],
    /// The outcomes of the latest run, in the order of the rule files.
    pub outcomes: &'a [RuleOutcome],
    /// Its load notes.
    pub notes: &'a [SourceNote],
    /// What its reader must know before the figures.
    pub notices: &'a [String],
    /// Titles and advice of the rules.
    pub rules: &'a [RuleFacts],
    /// The labels of tables and fields.
    pub labels: &'a Labels,
    /// Who may see what.
    pub access: &'a Access,
    /// Whose findings are in encrypted workbooks only.
    pub sealed: &'a Sealed,
    /// The fields, by table and name, that say whose record it is.
    pub person_fields: &'a BTreeSet<(&'a str, &'a str)>,
}

/// The departments whose workbooks open with a password only: what is in those lies nowhere in the clear.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    /// The departments with an entry, and whether theirs do.
    pub departments: BTreeMap<String, bool>,
    /// Whether those do of the department that stands in for all others.
    pub stand_in: bool,
}

impl Sealed {
    /// Whether what belongs to a department is in encrypted workbooks only.
    pub fn covers(&self, department: &str) -> bool {
        self.departments.get(department.trim()).copied().unwrap_or(self.stand_in)
    }
}

/// One committed run.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// The job.
    pub job: String,
    /// The period as written.
    pub period: String,
    /// 1, then 2 and more for corrected issues.
    pub revision: u32,
    /// The as-of date.
    pub as_of: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// How long it took until it was committed.
    pub seconds: f64,
    /// done, partial, failed or interrupted.
    pub status: String,
    /// Its findings.
    pub counts: Counts,
    /// What it left in out/.
    pub files: Vec<FileLink>,
}

/// A file of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLink {
    /// Its name.
    pub name: String,
    /// Its path relative to the page, with slashes.
    pub path: String,
    /// Whether it opens with a password only.
    pub encrypted: bool,
}

/// What is known of a job.
pub struct JobState<'a> {
    /// The job.
    pub job: &'a str,
    /// The period of its latest run.
    pub period: &'a str,
    /// That run's as-of date.
    pub as_of: &'a str,
    /// Its last periods, the oldest first, the latest run's last.
    pub points: &'a [Point],
    /// The findings of that run; nothing where they cannot be read.
    pub findings: Option<Vec<Finding<'a>>>,
}

/// One period of a job.
pub struct Point {
    /// The period as written.
    pub period: String,
    /// Its findings.
    pub counts: Counts,
    /// Its scores, without people.
    pub scores: Scores,
}
