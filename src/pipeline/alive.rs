//! Gathers what the signs of life tell, and writes their files where the configuration wants them.
//!
//! Apart because every command that cron starts ends with it, whatever came of it. A file that cannot be written is a line
//! of the log: it stops changing, and whoever watches it sees that.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use sqlx::SqliteConnection;

use super::request::{RunError, RunRequest};
use crate::heartbeat::{Heartbeat, JobLine, Metrics};
use crate::history::files;
use crate::history::store::{self, Run};
use crate::model::Status;
use crate::outbox::{self, Filter};
use crate::workplace::Workplace;

/// What the program has just done.
pub struct Beat<'b> {
    /// The command.
    pub command: &'b str,
    /// The job and its period, where the command is a job's.
    pub of: Option<(&'b str, String)>,
    /// done, partial or failed.
    pub status: &'b str,
    /// When it ended.
    pub at: DateTime<FixedOffset>,
}

impl<'b> Beat<'b> {
    /// That of a command that is no job's.
    pub fn of_command(command: &'b str, status: &'b str, at: DateTime<FixedOffset>) -> Self {
        Self { command, of: None, status, at }
    }

    /// That of a run which took so long.
    pub fn of_run(request: &'b RunRequest<'_>, status: &'b str, took: Duration) -> Self {
        let took = TimeDelta::from_std(took).unwrap_or_default();
        let at = request.now.checked_add_signed(took).unwrap_or(request.now);
        Self { command: "run", of: Some((&request.job.name, request.period.to_string())), status, at }
    }
}

/// What the ledger and the history say.
struct Told {
    jobs: Vec<JobLine>,
    mails: BTreeMap<String, u64>,
    undelivered: usize,
}

/// Writes the files of `[operations]`; nothing where none is wanted.
pub fn beat(workplace: &Workplace, beat: &Beat<'_>) {
    let operations = &workplace.config.operations;
    if operations.heartbeat.is_none() && operations.metrics.is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let told = runtime.ok().and_then(|runtime| runtime.block_on(gather(workplace)).ok());
    if let Some(path) = &operations.heartbeat {
        let (job, period) = beat.of.clone().unwrap_or_default();
        let heartbeat = Heartbeat {
            at: beat.at.to_rfc3339(),
            command: beat.command.to_owned(),
            job: job.to_owned(),
            period,
            status: beat.status.to_owned(),
            undelivered: told.as_ref().map(|told| told.undelivered),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        write(path, &heartbeat.json());
    }
    if let Some(path) = &operations.metrics {
        let at = beat.at.timestamp();
        let metrics = match told {
            Some(Told { jobs, mails, undelivered }) => {
                Metrics { at, has_history: true, jobs, mails, undelivered: undelivered as u64 }
            }
            None => Metrics { at, ..Metrics::default() },
        };
        write(path, &metrics.text());
    }
}

fn write(path: &Path, text: &str) {
    if let Err(error) = files::write_for_all(path, text.as_bytes()) {
        tracing::warn!(path = %path.display(), %error, "a sign of life cannot be written");
    }
}

async fn gather(workplace: &Workplace) -> Result<Told, RunError> {
    let mut connection = store::look(&workplace.config.folder).await?;
    let runs = store::all_runs(&mut connection).await?;
    let counts = store::status_counts(&mut connection).await?;
    let jobs = workplace.config.jobs.iter().map(|job| line(&job.name, &runs, &counts)).collect();
    let undelivered = outbox::store::undelivered(&mut connection, None).await?;
    Ok(Told { jobs, mails: mails(&mut connection).await?, undelivered })
}

fn line(job: &str, runs: &[Run], counts: &[(String, Status, u64)]) -> JobLine {
    let Some(last) = runs.iter().rfind(|run| run.job == job) else {
        return JobLine { job: job.to_owned(), ..JobLine::default() };
    };
    let success = runs.iter().rfind(|run| run.job == job && run.revision > 0);
    let mut findings = BTreeMap::new();
    if let Some(run) = success {
        findings.extend(Status::ALL.map(|status| (status.as_str().to_owned(), 0)));
        let of_run = counts.iter().filter(|(run_id, ..)| run.run_id == *run_id);
        findings.extend(of_run.map(|(_, status, count)| (status.as_str().to_owned(), *count)));
    }
    JobLine {
        job: job.to_owned(),
        last_run: seconds(last),
        status: last.status.clone(),
        seconds: last.seconds,
        last_success: success.and_then(seconds),
        findings,
    }
}

fn seconds(run: &Run) -> Option<i64> {
    DateTime::parse_from_rfc3339(&run.started_at).ok().map(|at| at.timestamp())
}

async fn mails(connection: &mut SqliteConnection) -> Result<BTreeMap<String, u64>, RunError> {
    let mut mails: BTreeMap<String, u64> =
        outbox::State::ALL.into_iter().map(|state| (state.as_str().to_owned(), 0)).collect();
    for delivery in outbox::store::list(connection, &Filter::default()).await? {
        *mails.entry(delivery.state.as_str().to_owned()).or_default() += 1;
    }
    Ok(mails)
}
