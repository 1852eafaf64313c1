//! What the reports of a run show: gathered once, and handed on as one input.
//!
//! Apart because reports want much that decides nothing: labels, people, earlier mails, lists. It writes nothing.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;
use tokio::runtime::Runtime;

use super::before::Before;
use super::statuses::Found;
use crate::analysis::Analysis;
use crate::engine::Context;
use crate::model::{Finding, Scores};
use crate::pipeline::people::People;
use crate::pipeline::request::{RunError, RunRequest, is_late};
use crate::pipeline::verification::OfRun;
use crate::pipeline::{Checked, access, facts, verification};
use crate::report::access::{Access, Reader};
use crate::report::input::{
    Changes, DeliveryLine, Issue, Labels, Listings, Persons, ReportInput, RuleFacts, TrendPoint,
};
use crate::text::Text;
use crate::workplace::Workplace;

/// What a run found out.
#[derive(Clone, Copy)]
pub struct Evaluated<'r> {
    /// The workplace.
    pub workplace: &'r Workplace,
    /// What was asked for.
    pub request: &'r RunRequest<'r>,
    /// What was read and evaluated.
    pub checked: &'r Checked,
    /// What rules look things up in.
    pub context: &'r Context<'r>,
    /// The run compared with.
    pub before: &'r Before,
    /// The findings.
    pub found: &'r Found<'r>,
    /// What begins to fail in the coming days.
    pub upcoming: &'r [Finding<'r>],
    /// The scores.
    pub scores: &'r Scores,
    /// The figures for managers, by report.
    pub analyses: &'r BTreeMap<String, Analysis>,
}

/// All that reports show.
pub struct Shown<'r> {
    of: Evaluated<'r>,
    /// What the reader should know.
    pub notices: Vec<Text>,
    /// The same in the language of the company.
    pub said: Vec<String>,
    /// The lists that are issued, and the progress of those that were.
    pub verification: Option<OfRun>,
    /// The employees.
    pub people: People,
    /// Who may see what.
    pub access: Access,
    changes: Changes,
    rows: Vec<(String, u64)>,
    trend: Vec<TrendPoint>,
    rules: Vec<RuleFacts>,
    labels: Labels,
    deliveries: Vec<DeliveryLine>,
    departments: Vec<String>,
    listings: Listings,
}

impl<'r> Shown<'r> {
    /// Gathers it. The runtime is for what stands in the history; lists are reckoned outside of any.
    ///
    /// # Errors
    /// Where the history or the ledger cannot be read.
    pub fn gather(of: Evaluated<'r>, connection: &mut SqliteConnection, runtime: &Runtime) -> Result<Self, RunError> {
        let Evaluated { workplace, request, checked, before, found, .. } = of;
        let language = workplace.config.language;
        let returns = &before.earlier.returns;
        let verification = runtime.block_on(verification::of_run(workplace, request, checked, returns, connection))?;
        let deliveries = runtime.block_on(facts::deliveries(connection, workplace, request, before.run.as_ref()))?;
        let mut notices = facts::notices(workplace, request, checked, before.in_doubt);
        notices.extend(verification.iter().filter_map(|verification| verification.trouble.clone()));
        let mut trend = before.trend.clone();
        let (period, counts) = (request.period.to_string(), found.counts.clone());
        trend.push(TrendPoint { period, counts, scores: of.scores.overall() });
        let departments = workplace.config.departments.iter();
        Ok(Self {
            said: notices.iter().map(|notice| notice.get(language).to_owned()).collect(),
            notices,
            verification,
            people: People::of(workplace, checked, request.as_of),
            access: access::access(workplace, checked),
            changes: checked.compared.for_reports(workplace, &checked.datasets),
            rows: facts::rows_by_department(workplace, checked),
            trend,
            rules: facts::rule_facts(workplace, language),
            labels: facts::labels(workplace, language),
            deliveries,
            departments: departments.map(|department| department.name.clone()).collect(),
            listings: facts::listings(workplace, request, checked, of.context, &found.findings),
            of,
        })
    }

    /// What a report is made of, as a revision.
    pub fn input(&self, revision: u32) -> ReportInput<'_> {
        let Evaluated { workplace, request, checked, before, found, upcoming, scores, analyses, .. } = self.of;
        let people = &self.people;
        ReportInput {
            company: &workplace.config.company,
            language: workplace.config.language,
            job: &request.job.name,
            period: request.period,
            revision,
            as_of: request.as_of,
            late: is_late(request),
            previous: before.run.as_ref().map(|run| (run.as_of_day(), run.period.clone())),
            findings: &found.findings,
            upcoming,
            upcoming_days: upcoming_days(workplace, request),
            outcomes: &checked.evaluation.outcomes,
            scores,
            scores_before: before.scores.as_ref(),
            notes: &checked.reading.notes,
            customers: &workplace.pack.dictionary.customers.table,
            rows: &self.rows,
            changes: &self.changes,
            trend: &self.trend,
            departments: &self.departments,
            fallback: &workplace.config.fallback_department,
            rules: &self.rules,
            labels: &self.labels,
            listings: &self.listings,
            analyses,
            notices: &self.said,
            verification: self.verification.as_ref().map(|verification| &verification.facts),
            persons: Persons { all: &people.all, days_back: &people.days_back, clearances: &people.clearances },
            deliveries: &self.deliveries,
            issue: Issue::default(),
            access: &self.access,
            reader: Reader::WHOLE,
        }
    }
}

/// How many days ahead the reports of a job look.
pub fn upcoming_days(workplace: &Workplace, request: &RunRequest<'_>) -> u64 {
    let reports = request.job.reports.iter();
    reports.map(|report| workplace.templates.upcoming_days(&report.value)).max().unwrap_or_default()
}
