//! What has fallen due over all jobs, and what comes next.
//!
//! Apart because it brings together what a configuration says, what the store has and what the calendar knows. It runs
//! nothing.

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use super::request::RunError;
use crate::config::JobConfig;
use crate::history::store;
use crate::model::Period;
use crate::schedule::agenda::{coming, waiting};
use crate::schedule::{Entry, Run, Standing, Where};
use crate::workplace::Workplace;

/// A period of a job.
pub struct Item<'w> {
    /// The job.
    pub job: &'w JobConfig,
    /// The period, when it falls due and how it stands.
    pub entry: Entry,
}

/// Missed periods of a job that are not made up for.
pub struct GivenUp<'w> {
    /// The job.
    pub job: &'w JobConfig,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Period,
    /// The last of them.
    pub last: Period,
}

/// What has fallen due and what comes, the oldest first; what is due at the same moment in the order of the file.
pub struct Agenda<'w> {
    /// What is to be run.
    pub waiting: Vec<Item<'w>>,
    /// Jobs of which missed periods are not made up for.
    pub given_up: Vec<GivenUp<'w>>,
    /// The last period of each job that was run.
    pub last: Vec<Item<'w>>,
    /// The next times of all jobs, and among them those that were run ahead of their time.
    pub coming: Vec<Item<'w>>,
    /// When the latest run began by the clock of that time.
    pub latest_start: Option<DateTime<FixedOffset>>,
}

/// What is due by a moment, and so many times after it.
///
/// # Errors
/// Where the store cannot be read.
pub async fn agenda<'w>(
    connection: &mut SqliteConnection,
    workplace: &'w Workplace,
    moment: DateTime<FixedOffset>,
    times: usize,
) -> Result<Agenda<'w>, RunError> {
    let stored = store::runs(connection).await?;
    let starts = stored.iter().filter_map(|run| DateTime::parse_from_rfc3339(&run.started_at).ok());
    let mut agenda = Agenda {
        waiting: Vec::new(),
        given_up: Vec::new(),
        last: Vec::new(),
        coming: Vec::new(),
        latest_start: starts.max(),
    };
    let place = Where { timezone: workplace.config.timezone, calendar: &workplace.calendar };
    for job in &workplace.config.jobs {
        let (rhythm, runs) = (job.rhythm(), runs_of(&stored, job));
        let item = |entry: Entry| Item { job, entry };
        let found = waiting(&rhythm, &place, &runs, moment);
        if let Some((first, last)) = found.left_behind {
            agenda.given_up.push(GivenUp { job, count: found.given_up, first, last });
        }
        agenda.waiting.extend(found.entries.into_iter().map(item));
        agenda.last.extend(found.last.map(item));
        agenda.coming.extend(coming(&rhythm, &place, &runs, moment, times).into_iter().map(item));
    }
    for items in [&mut agenda.waiting, &mut agenda.last, &mut agenda.coming] {
        items.sort_by_key(|item| item.entry.due_at);
    }
    let mut left = times;
    agenda.coming.retain(|item| {
        let is_shown = left > 0;
        left = left.saturating_sub(usize::from(item.entry.standing == Standing::Planned));
        is_shown
    });
    Ok(agenda)
}

/// The runs of a job that count, in the order in which they were made: those that reported their period to all, and not
/// to one address alone.
fn runs_of(stored: &[store::Run], job: &JobConfig) -> Vec<Run> {
    stored
        .iter()
        .filter(|run| {
            run.job == job.name && matches!(run.status.as_str(), "done" | "partial") && run.only_to.is_empty()
        })
        .filter_map(|run| Some(Run { period: Period::parse(&run.period)?, as_of: run.as_of_day() }))
        .collect()
}
