//! Whether the history is whole: looked into as it lies there, without bringing it up to date.
//!
//! Apart from the store, which makes and migrates the database on opening: whoever only looks must leave it as it is.

use std::path::Path;

use chrono::{DateTime, FixedOffset};
use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::bulk::StoredFindings;
use super::database;
use super::store::{self, HistoryError, Run};

/// Words of the integrity check beyond which nobody reads on.
const MOST_FAULTS: usize = 5;

/// What was found.
#[derive(Debug, Default)]
pub struct Health {
    /// The last migration that was applied, and the last that this version knows.
    pub versions: (i64, i64),
    /// What the database says of itself; nothing where it is whole.
    pub faults: Vec<String>,
    /// Files below state/ that a committed run names and that are not there, or cannot be read.
    pub lost: Vec<String>,
    /// The last run of each job: the job, and when it began.
    pub last_runs: Vec<(String, DateTime<FixedOffset>)>,
    /// The runs that reported their period.
    pub committed: Vec<Run>,
    /// Deliveries by state.
    pub deliveries: Vec<(String, u64)>,
    /// How many runs there are.
    pub runs: usize,
}

/// Looks into the history of a workplace; nothing where there is none yet, or nothing in it.
///
/// # Errors
/// Where the database cannot be opened or read: it is no database, or not ours to read.
pub async fn look_into(workplace: &Path) -> Result<Option<Health>, HistoryError> {
    let path = store::folder(workplace).join(database::DATABASE);
    if !path.try_exists()? || database::is_blank(workplace) {
        return Ok(None);
    }
    let log = std::fs::metadata(path.with_extension("db-wal")).is_ok_and(|log| log.len() > 0);
    // Without a log of what was written last, nothing is to be made beside the file, either.
    let options = SqliteConnectOptions::new().filename(&path).read_only(true).immutable(!log);
    let options = options.disable_statement_logging();
    let mut connection = options.connect().await?;
    let mut health = Health { versions: versions(&mut connection).await?, ..Health::default() };
    let said: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut connection).await?;
    health.faults = said.into_iter().filter(|line| line != "ok").take(MOST_FAULTS).collect();
    let orphans: Vec<String> =
        sqlx::query_scalar("select \"table\" from pragma_foreign_key_check").fetch_all(&mut connection).await?;
    if !orphans.is_empty() {
        health.faults.push(format!("foreign keys: {} rows", orphans.len()));
    }
    if health.versions.0 > health.versions.1 {
        return Ok(Some(health)); // its tables may be others than those asked for below
    }
    let runs: Vec<Run> = store::runs(&mut connection).await?;
    health.runs = runs.len();
    health.lost = lost(&mut connection, workplace, &runs).await?;
    for run in &runs {
        let Ok(started) = DateTime::parse_from_rfc3339(&run.started_at) else { continue };
        match health.last_runs.iter_mut().find(|(job, _)| *job == run.job) {
            Some((_, last)) => *last = started.max(*last),
            None => health.last_runs.push((run.job.clone(), started)),
        }
    }
    health.committed = runs.into_iter().filter(|run| ["done", "partial"].contains(&run.status.as_str())).collect();
    let counts: Vec<(String, i64)> =
        sqlx::query_as("select state, count(*) from delivery group by state").fetch_all(&mut connection).await?;
    health.deliveries = counts.into_iter().map(|(state, count)| (state, u64::try_from(count).unwrap_or(0))).collect();
    Ok(Some(health))
}

async fn versions(connection: &mut SqliteConnection) -> Result<(i64, i64), HistoryError> {
    let applied: i64 = sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
        .fetch_one(connection)
        .await?;
    Ok((applied, database::newest_version()))
}

/// What committed runs name and is not there; of the last run, also what cannot be read.
async fn lost(connection: &mut SqliteConnection, workplace: &Path, runs: &[Run]) -> Result<Vec<String>, HistoryError> {
    let state = store::folder(workplace);
    let has_snapshots: i64 = sqlx::query_scalar("select count(*) from sqlite_master where name = 'snapshot'")
        .fetch_one(&mut *connection)
        .await?;
    let mut named: Vec<String> = runs
        .iter()
        .flat_map(|run| [run.findings_file.clone(), run.known_file.clone(), run.snapshot_file.clone()])
        .collect();
    if has_snapshots > 0 {
        named.extend(super::snapshots::files(connection).await?);
    }
    named.retain(|name| !name.is_empty());
    named.sort();
    named.dedup();
    let mut lost: Vec<String> = named.into_iter().filter(|name| !state.join(name).is_file()).collect();
    if let Some(last) = runs.last().filter(|run| !lost.contains(&run.findings_file))
        && StoredFindings::read(&state.join(&last.findings_file)).is_err()
    {
        lost.push(last.findings_file.clone());
    }
    Ok(lost)
}
