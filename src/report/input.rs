//! What a report is made of: the results of one run, as plain data.
//!
//! Apart because it is the seam between the pipeline, which fills it, and the templates, which read it. It knows no
//! columns, no format and no recipient.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::access::{Access, Reader};
use super::verification::VerificationFacts;
use crate::analysis::Analysis;
use crate::model::{Finding, Listing, Period, Ratio, RuleOutcome, Scores, Secrecy, SourceNote, Whose};
use crate::text::Language;

/// Everything that a report may show of one run.
#[derive(Clone)]
pub struct ReportInput<'a> {
    /// The company's name.
    pub company: &'a str,
    /// The language of the report.
    pub language: Language,
    /// The job that runs.
    pub job: &'a str,
    /// The period that it reports.
    pub period: Period,
    /// 1, then 2 and more for corrected issues of the same period.
    pub revision: u32,
    /// The date that ages and deadlines are reckoned from.
    pub as_of: NaiveDate,
    /// Whether the run comes after its period's end.
    pub late: bool,
    /// The as-of date and period of the run that this one is compared with; nothing for a first run.
    pub previous: Option<(NaiveDate, String)>,
    /// All findings, those of every status, in the order of rules and rows.
    pub findings: &'a [Finding<'a>],
    /// What will fail within the coming days if nobody does anything: `first_seen` is the first day on which it does.
    pub upcoming: &'a [Finding<'a>],
    /// How many days that looks ahead.
    pub upcoming_days: u64,
    /// A line a rule and table, in the order of the rule files.
    pub outcomes: &'a [RuleOutcome],
    /// The scores of this run.
    pub scores: &'a Scores,
    /// Those of the run compared with, without people; nothing where it has none.
    pub scores_before: Option<&'a Scores>,
    /// A note a sheet, file or query.
    pub notes: &'a [SourceNote],
    /// The canonical name of the customers table: whose keys are customers.
    pub customers: &'a str,
    /// (department under the name that the data gives, rows of the customers table that were checked); a department
    /// that is not in it has no data.
    pub rows: &'a [(String, u64)],
    /// What changed in the customers table, and in what belongs to customers, since the run compared with.
    pub changes: &'a Changes,
    /// Earlier runs, oldest first, this one last; at most twelve.
    pub trend: &'a [TrendPoint],
    /// The departments with an entry, in the order of the configuration.
    pub departments: &'a [String],
    /// The department that stands in for those without an entry.
    pub fallback: &'a str,
    /// The rules, for titles and advice.
    pub rules: &'a [RuleFacts],
    /// The labels of tables and fields.
    pub labels: &'a Labels,
    /// The lists that definitions ask for, and what recipients may see of them.
    pub listings: &'a Listings,
    /// The analyses, each under the name of its report.
    pub analyses: &'a BTreeMap<String, Analysis>,
    /// What the reader must know before the figures: calendar years not loaded, tables not concluded from, lapsed
    /// waivers, mails of earlier runs in doubt.
    pub notices: &'a [String],
    /// How far the round of verification has come; nothing where no report of the job is about it.
    pub verification: Option<&'a VerificationFacts>,
    /// Who works here, for reports to a person.
    pub persons: Persons<'a>,
    /// Mails of earlier runs that their recipients have, since the run compared with.
    pub deliveries: &'a [DeliveryLine],
    /// Which issue of the report this is.
    pub issue: Issue,
    /// Who may see what.
    pub access: &'a Access,
    /// Who reads it: what is above him stands in it no more, and what is masked for him is. Before a reader is known,
    /// everything is as it was found.
    pub reader: Reader,
}

/// Which issue of a report is made: the one for approval or the final one, and which part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Whether it is shown for approval and marked as such.
    pub is_draft: bool,
    /// Which of how many parts.
    pub part: (u32, u32),
}

impl Default for Issue {
    fn default() -> Self {
        Self { is_draft: false, part: (1, 1) }
    }
}

/// Who works here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Persons<'a> {
    /// The register of employees, in its order.
    pub all: &'a [Person],
    /// By number of working days: the last day that lies so many of them before the as-of date.
    pub days_back: &'a [NaiveDate],
    /// (department with an entry, the highest level that it may see)
    pub clearances: &'a [(String, Secrecy)],
}

impl Persons<'_> {
    /// What a department may see; 内部 where it has no entry.
    pub fn clearance_of(&self, department: &str) -> Secrecy {
        self.clearances.iter().find(|(name, _)| name == department).map_or(Secrecy::default(), |(_, level)| *level)
    }
}

/// One employee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name, as records name their owners.
    pub name: String,
    /// The department.
    pub department: String,
    /// The name of the manager; empty where there is none.
    pub manager: String,
    /// Whether there is an address and the person has not left.
    pub is_reached: bool,
    /// The highest level that the person may see.
    pub clearance: Secrecy,
    /// The highest level that those may see who get a copy for the manager.
    pub managers_clearance: Secrecy,
}

/// One mail that somebody has: a line of the register of what was sent to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryLine {
    /// The day on which the server took it over, in the company's time; the ledger has the moment.
    pub day: NaiveDate,
    /// The report.
    pub report: String,
    /// The period that it is about.
    pub period: String,
    /// The department; empty where it is nobody's in particular.
    pub department: String,
    /// The person; empty where it is not one person's.
    pub person: String,
    /// The address.
    pub recipient: String,
    /// The highest level of what it was made of, in the word of the data; empty where that was not kept.
    pub secrecy: String,
    /// The highest level that its reader may see; empty where that was not kept.
    pub clearance: String,
    /// How many rows its lists had; nothing where that was not kept.
    pub rows: Option<u64>,
    /// What it was for.
    pub purpose: String,
    /// The names of its files.
    pub files: Vec<String>,
    /// The SHA-256 of what the reader saw.
    pub content_hash: String,
    /// The Message-ID.
    pub message_id: String,
    /// Who approved it; empty where nobody had to.
    pub released_by: String,
    /// Whether it was shown for approval.
    pub is_draft: bool,
}

/// Whom the findings of a rule go to where a report goes to persons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Addressee {
    /// The record's owner.
    #[default]
    Owner,
    /// The owner's manager.
    Manager,
    /// The department that the rule names: they are none of the owner's business, or not his to mend.
    Department,
}

/// The lists of all reports.
#[derive(Clone, Debug, Default)]
pub struct Listings {
    /// The lists, each under the name of its report.
    pub lists: Vec<Listing>,
}

impl Listings {
    /// A list of a report, if it was made.
    pub fn find(&self, report: &str, name: &str) -> Option<&Listing> {
        self.lists.iter().find(|listing| listing.report == report && listing.name == name)
    }
}

/// What a reader wants to know of a rule.
#[derive(Clone, Debug)]
pub struct RuleFacts {
    /// The rule's id.
    pub id: String,
    /// The kind of its check.
    pub kind: &'static str,
    /// Whom its findings go to.
    pub addressee: Addressee,
    /// Its title in the report's language.
    pub title: String,
    /// What to do about a finding, one sentence; empty where the rule says nothing.
    pub advice: String,
}

/// The labels of tables and fields in the report's language.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// (table, label)
    pub tables: Vec<(String, String)>,
    /// (table, field, label)
    pub fields: Vec<(String, String, String)>,
}

impl Labels {
    /// The label of a field, or its name where it has none.
    pub fn field<'s>(&'s self, table: &str, field: &'s str) -> &'s str {
        self.fields.iter().find(|entry| entry.0 == table && entry.1 == field).map_or(field, |entry| &entry.2)
    }

    /// The label of a table, or its name where it has none.
    pub fn table<'s>(&'s self, table: &'s str) -> &'s str {
        self.tables.iter().find(|entry| entry.0 == table).map_or(table, |entry| &entry.1)
    }
}

/// What happened to a record since the run compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// The key is new.
    Added,
    /// The key is gone.
    Removed,
    /// Cells differ.
    Changed,
}

/// Where a record stands, or stood where it is gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangePlace {
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The spreadsheet row; 0 where it is not known.
    pub row: u32,
}

/// One record of a customer, or of what belongs to one, that is not as it was.
#[derive(Clone, Debug)]
pub struct RecordChange {
    /// What happened.
    pub kind: ChangeKind,
    /// The table.
    pub table: String,
    /// The record's key; empty in a table without one.
    pub record_key: String,
    /// The key of its customer; empty where it names none.
    pub customer_key: String,
    /// The customer's name now, or last where it is gone.
    pub customer: String,
    /// The record's department now, or last where it is gone.
    pub department: String,
    /// The department that it was before; empty where it is the same.
    pub department_before: String,
    /// The record's owner now, or last where it is gone.
    pub owner: String,
    /// How confidential the record is, or was if that is more.
    pub secrecy: Secrecy,
    /// Where it stands.
    pub place: ChangePlace,
    /// (field, old, new), as typed; of added and removed records what tells them in a table without key.
    pub cells: Vec<(String, String, String)>,
}

/// The changes of the customers and of what belongs to them, or why there are none to show.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// One entry a record, the customers first, then the other tables in the order of the dictionary, each by key.
    pub records: Vec<RecordChange>,
    /// How many changed cells, added and removed records are not among them, for there are too many.
    pub left_out: u64,
    /// How many customers there are among all of these, those that are left out too.
    pub customers: u64,
    /// What could not be compared: records without key, columns that came or went, tables that were not read whole.
    pub remarks: Vec<String>,
    /// Why changes cannot be told (a first run, a table not concluded from); nothing where they can.
    pub unavailable: Option<String>,
}

/// The counts of one run, for one department or for all.
#[derive(Clone, Debug)]
pub struct TrendPoint {
    /// The run's period, as written.
    pub period: String,
    /// (department under the name that the data gives, status, findings)
    pub counts: Vec<(String, crate::model::Status, u64)>,
    /// The overall scores of whom something was tested.
    pub scores: Vec<(Whose, Ratio)>,
}
