//! How far rounds have come, for reports and for `verify status`.
//!
//! Apart because both show the same counts. Corrections that were accepted wait until the data have them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use sqlx::SqliteConnection;

use super::feed::waiting;
use super::groups::recipient;
use super::issue::make;
use super::made::{By, IssueRequest, Made};
use super::rounds::{self, periods};
use super::terms::settings;
use crate::dataset::Dataset;
use crate::model::{Period, PeriodKind};
use crate::pipeline::Checked;
use crate::pipeline::request::{RunError, RunRequest};
use crate::report::verification::{IssuedList, OpenCorrection, OpenCustomer, ProgressLine, VerificationFacts};
use crate::text::Text;
use crate::verify::{self, Line, Returns, Round};
use crate::workplace::Workplace;

/// What a run knows of verification: for its reports, and to be remembered with it.
pub struct OfRun {
    /// For the reports.
    pub facts: VerificationFacts,
    /// The lists that it issues.
    pub made: Vec<Made>,
    /// Why it issues none, although it should.
    pub trouble: Option<Text>,
}

/// The lists that a run issues and the progress that it reports; nothing where none of its reports is about either.
///
/// # Errors
/// Where the store cannot be read.
pub async fn of_run(
    workplace: &Workplace,
    request: &RunRequest<'_>,
    checked: &Checked,
    returns: &Returns,
    connection: &mut SqliteConnection,
) -> Result<Option<OfRun>, RunError> {
    let templates = &workplace.templates;
    let reports = || request.job.reports.iter().map(|report| report.value.as_str());
    let issues = reports().any(|report| templates.verification(report).is_some());
    if !issues && !reports().any(|report| templates.is_reminder(report)) {
        return Ok(None);
    }
    let mut of_run = OfRun { facts: VerificationFacts::default(), made: Vec::new(), trouble: None };
    if issues {
        let before = verify::store::batches(connection, &request.period.to_string()).await?;
        let issue = IssueRequest {
            period: request.period,
            by: By::Department,
            all: false,
            only: None,
            as_of: request.as_of,
            deadline: None,
        };
        match make(workplace, &checked.datasets, &before, &issue) {
            Ok(made) => of_run.made = made,
            Err(error) => of_run.trouble = Some(error.text()),
        }
    }
    of_run.facts = facts(workplace, request, checked, returns, connection).await?;
    if issues {
        of_run.facts.deadline = of_run.made.first().map(|list| list.batch.deadline).or(of_run.facts.deadline);
        of_run.facts.lists = of_run
            .made
            .iter()
            .map(|list| IssuedList {
                recipient: list.recipient.clone(),
                rows: list.rows.len() as u64,
                withheld: list.batch.withheld,
                secrecy: list.secrecy,
                attachment: list.attachment.clone(),
            })
            .collect();
    }
    Ok(Some(of_run))
}

async fn facts(
    workplace: &Workplace,
    request: &RunRequest<'_>,
    checked: &Checked,
    returns: &Returns,
    connection: &mut SqliteConnection,
) -> Result<VerificationFacts, RunError> {
    let mut facts = VerificationFacts::default();
    let mut owners: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut deadlines = Vec::new();
    for period in periods(request.as_of) {
        let round = verify::store::round(connection, &period.to_string()).await?;
        deadlines.extend(round.lists.iter().map(|(batch, _)| batch.deadline));
        add(&mut facts, &round, workplace, &mut owners);
    }
    // The next of them, or the last that has passed.
    let next = deadlines.iter().filter(|day| **day >= request.as_of).min();
    facts.deadline = next.or(deadlines.iter().max()).copied();
    let language = workplace.config.language;
    let table = workplace.pack.dictionary.table(&workplace.pack.dictionary.customers.table);
    for (customer, field, _, day) in waiting(returns, &checked.datasets, workplace) {
        let (department, owner) = owners.get(customer).cloned().unwrap_or_default();
        let label = table.and_then(|table| table.field(field)).map_or(field, |field| field.label(language));
        facts.waiting.push(OpenCorrection {
            recipient: recipient(workplace, &department).to_owned(),
            customer: customer.to_owned(),
            field: label.to_owned(),
            day,
            owner,
        });
    }
    if let Some(deadline) = facts.deadline {
        facts.days_left = working_days(workplace, request.as_of, deadline);
    }
    facts.is_due = is_due(workplace, request, &facts);
    Ok(facts)
}

fn add(
    facts: &mut VerificationFacts,
    round: &Round,
    workplace: &Workplace,
    owners: &mut BTreeMap<String, (String, String)>,
) {
    for line in verify::lines(round) {
        facts.lines.push(ProgressLine {
            recipient: recipient(workplace, &line.department).to_owned(),
            counts: [
                line.issued,
                line.returned,
                line.confirmed,
                line.corrected,
                line.unreachable,
                line.closed,
                line.ended,
                line.conflicting,
                line.missing,
                line.in_time,
            ],
            batch: line.batch,
            department: line.department,
            owner: line.owner,
        });
    }
    for (batch, rows) in &round.lists {
        for row in rows {
            owners.insert(row.customer.clone(), (batch.department.clone(), row.owner.clone()));
            let is_last = round.row_of(&row.customer).is_some_and(|(last, _)| last.name == batch.name);
            if is_last && !round.settled(&row.customer).is_returned() {
                facts.missing.push(OpenCustomer {
                    recipient: recipient(workplace, &batch.department).to_owned(),
                    customer: row.customer.clone(),
                    name: row.name.clone(),
                    owner: row.owner.clone(),
                    batch: batch.name.clone(),
                });
            }
        }
    }
}

/// Working days after a day up to another, negative where that has passed.
fn working_days(workplace: &Workplace, from: NaiveDate, to: NaiveDate) -> i32 {
    let days =
        |day: NaiveDate| i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or_default();
    let between = workplace.calendar.working_days_between(days(from), days(to));
    // A day off right after the deadline is past it, though no working day lies between.
    if to < from { between.min(-1) } else { between }
}

/// Whether progress is reported today: always, but of daily jobs on the first working day of a week and on the days of
/// reminders.
fn is_due(workplace: &Workplace, request: &RunRequest<'_>, facts: &VerificationFacts) -> bool {
    if request.job.period != PeriodKind::Day {
        return true;
    }
    let today = request.as_of;
    let is_working = |day: NaiveDate| workplace.calendar.is_working_day(day);
    if facts.deadline.is_none() || !is_working(today) {
        return false;
    }
    let week = Period::containing(PeriodKind::Week, today);
    let is_first = week.start().iter_days().take_while(|day| *day < today).all(|day| !is_working(day));
    let reminders = settings(workplace).map(|(_, settings)| settings.reminders.clone()).unwrap_or_default();
    (is_first && today.weekday() != Weekday::Sun) || reminders.contains(&facts.days_left)
}

/// What `verify status` tells.
pub struct Status {
    /// The lines of the round.
    pub lines: Vec<Line>,
    /// Accepted corrections that the data do not have yet: (customer, field, value, day).
    pub waiting: Vec<(String, String, String, NaiveDate)>,
    /// Customers who were not reached twice running or more often.
    pub unreachable: Vec<(String, u32)>,
}

/// How far the rounds of some periods have come.
///
/// # Errors
/// Where the store cannot be read.
pub async fn status(
    workplace: &Workplace,
    periods: &[Period],
    datasets: &BTreeMap<String, Dataset>,
    as_of: NaiveDate,
    connection: &mut SqliteConnection,
) -> Result<Status, RunError> {
    let returns = rounds::returns(connection, as_of).await?;
    let mut lines = Vec::new();
    for period in periods {
        lines.extend(verify::lines(&verify::store::round(connection, &period.to_string()).await?));
    }
    let waiting = waiting(&returns, datasets, workplace)
        .into_iter()
        .map(|(customer, field, value, day)| (customer.to_owned(), field.to_owned(), value.to_owned(), day))
        .collect();
    let unreachable =
        returns.unreachable.iter().filter(|(_, (times, _))| *times >= 2).map(|(who, (times, _))| (who.clone(), *times));
    Ok(Status { lines, waiting, unreachable: unreachable.collect() })
}
