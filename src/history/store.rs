//! The store: runs, outcomes and counts in SQLite, and the names of the bulk files that a run committed.
//!
//! Apart because it alone speaks SQL about runs. A file that no committed run names is litter of a crash; a run that
//! is not committed never was.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use sqlx::FromRow;
use sqlx::sqlite::SqliteConnection;

pub use super::database::{check, folder, gone, in_memory, is_backup, is_blank, look, open};
use super::files;
use super::scores;
pub use super::trouble::HistoryError;
use crate::model::{Measure, Period, RuleOutcome, Scores, Status};
use crate::report::input::TrendPoint;

/// A run: one that was committed, or one that did not come to its end.
#[derive(Clone, Debug, FromRow)]
pub struct Run {
    /// JOB/PERIOD/rREVISION.
    pub run_id: String,
    /// The job.
    pub job: String,
    /// The period as written.
    pub period: String,
    /// The rhythm.
    pub period_kind: String,
    /// The first day of the period, YYYY-MM-DD.
    pub period_start: String,
    /// 1, then 2 and more for corrected issues; 0 where nothing was issued.
    pub revision: u32,
    /// The as-of date, YYYY-MM-DD.
    pub as_of: String,
    /// When it began, RFC 3339.
    pub started_at: String,
    /// How long it took until it was committed.
    pub seconds: f64,
    /// done, partial, failed or interrupted.
    pub status: String,
    /// The run that it was compared with.
    pub compared_with: Option<String>,
    /// Its findings, below state/.
    pub findings_file: String,
    /// Every finding ever seen when it ended, below state/.
    pub known_file: String,
    /// The customers as it saw them, below state/; empty where it saw none.
    pub snapshot_file: String,
    /// The one address that it was mailed to; empty where it was mailed to all.
    pub only_to: String,
}

impl Run {
    /// The as-of date.
    pub fn as_of_day(&self) -> NaiveDate {
        NaiveDate::parse_from_str(&self.as_of, "%Y-%m-%d").unwrap_or_default()
    }
}

/// All committed runs, the oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn runs(connection: &mut SqliteConnection) -> Result<Vec<Run>, HistoryError> {
    let query = "select * from run where status in ('done', 'partial') order by rowid";
    Ok(sqlx::query_as(query).fetch_all(connection).await?)
}

/// These and the runs that failed or were interrupted, the oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn all_runs(connection: &mut SqliteConnection) -> Result<Vec<Run>, HistoryError> {
    Ok(sqlx::query_as("select * from run order by started_at, rowid").fetch_all(connection).await?)
}

/// The last committed run of an earlier period of a job: what a run of the period is compared with.
///
/// # Errors
/// Where the database cannot be read.
pub async fn run_before(
    connection: &mut SqliteConnection,
    job: &str,
    period: Period,
) -> Result<Option<Run>, HistoryError> {
    let query = sqlx::query_as(
        "select * from run where job = ? and period_start < ? and status in ('done', 'partial') \
         order by period_start desc, revision desc limit 1",
    );
    Ok(query.bind(job).bind(period.start().to_string()).fetch_optional(connection).await?)
}

/// The last committed run of a period of a job.
///
/// # Errors
/// Where the database cannot be read.
pub async fn run_of(connection: &mut SqliteConnection, job: &str, period: Period) -> Result<Option<Run>, HistoryError> {
    let query = sqlx::query_as(
        "select * from run where job = ? and period = ? and status in ('done', 'partial') order by revision desc limit 1",
    );
    Ok(query.bind(job).bind(period.to_string()).fetch_optional(connection).await?)
}

/// The last committed run of any job: it names the file of every finding ever seen.
///
/// # Errors
/// Where the database cannot be read.
pub async fn last_run(connection: &mut SqliteConnection) -> Result<Option<Run>, HistoryError> {
    let query = "select * from run where status in ('done', 'partial') order by rowid desc limit 1";
    Ok(sqlx::query_as(query).fetch_optional(connection).await?)
}

/// The revision that a run of a period gets: one more than the last.
///
/// # Errors
/// Where the database cannot be read.
pub async fn next_revision(connection: &mut SqliteConnection, job: &str, period: Period) -> Result<u32, HistoryError> {
    let query = sqlx::query_scalar("select coalesce(max(revision), 0) + 1 from run where job = ? and period = ?");
    Ok(query.bind(job).bind(period.to_string()).fetch_one(connection).await?)
}

/// Which issue of its period a run is for its readers: one that went to a single address is none to be corrected.
///
/// # Errors
/// Where the database cannot be read.
pub async fn next_issue(connection: &mut SqliteConnection, job: &str, period: Period) -> Result<u32, HistoryError> {
    let query = "select count(*) + 1 from run where job = ? and period = ? and revision > 0 and only_to = ''";
    Ok(sqlx::query_scalar(query).bind(job).bind(period.to_string()).fetch_one(connection).await?)
}

/// The rows of each table that a run read.
///
/// # Errors
/// Where the database cannot be read.
pub async fn row_counts(connection: &mut SqliteConnection, run_id: &str) -> Result<Vec<(String, u64)>, HistoryError> {
    let query = sqlx::query_as::<_, (String, i64)>("select table_name, rows from row_count where run_id = ?");
    let counts = query.bind(run_id).fetch_all(connection).await?;
    Ok(counts.into_iter().map(|(table, rows)| (table, u64::try_from(rows).unwrap_or(0))).collect())
}

/// The last runs of a job before a period, (run, period), the last revision of each period, oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn earlier_runs(
    connection: &mut SqliteConnection,
    job: &str,
    period: Period,
    runs: u32,
) -> Result<Vec<(String, String)>, HistoryError> {
    let mut earlier: Vec<(String, String)> = sqlx::query_as(
        "select run_id, period from run outer_run where job = ? and period_start < ? and revision > 0 and revision = \
         (select max(revision) from run where job = outer_run.job and period = outer_run.period) \
         order by period_start desc limit ?",
    )
    .bind(job)
    .bind(period.start().to_string())
    .bind(runs)
    .fetch_all(connection)
    .await?;
    earlier.reverse();
    Ok(earlier)
}

/// The counts and scores of some runs, in their order.
///
/// # Errors
/// Where the database cannot be read.
pub async fn trend(
    connection: &mut SqliteConnection,
    earlier: &[(String, String)],
) -> Result<Vec<TrendPoint>, HistoryError> {
    let mut points = Vec::new();
    for (run_id, period) in earlier {
        let scores = scores::read(connection, run_id).await?.overall();
        let counts = sqlx::query_as::<_, (String, String, i64)>(
            "select department, status, findings from department_count where run_id = ? order by department, status",
        )
        .bind(run_id)
        .fetch_all(&mut *connection)
        .await?;
        let counts = counts
            .into_iter()
            .filter_map(|(department, status, findings)| {
                Some((department, Status::from_word(&status)?, u64::try_from(findings).ok()?))
            })
            .collect();
        points.push(TrendPoint { period: period.clone(), counts, scores });
    }
    Ok(points)
}

/// (run, status, findings) of all runs, over all departments.
///
/// # Errors
/// Where the database cannot be read.
pub async fn status_counts(connection: &mut SqliteConnection) -> Result<Vec<(String, Status, u64)>, HistoryError> {
    let query = "select run_id, status, sum(findings) from department_count group by run_id, status";
    let counts: Vec<(String, String, i64)> = sqlx::query_as(query).fetch_all(connection).await?;
    let known = |(run_id, status, findings): (String, String, i64)| {
        Some((run_id, Status::from_word(&status)?, u64::try_from(findings).ok()?))
    };
    Ok(counts.into_iter().filter_map(known).collect())
}

/// The last run of each job: of its latest period, the last revision.
pub fn last_of_each_job(runs: &[Run]) -> Vec<&Run> {
    let mut last: Vec<&Run> = Vec::new();
    for run in runs {
        match last.iter_mut().find(|other| other.job == run.job) {
            Some(other) => {
                if (&run.period_start, run.revision) > (&other.period_start, other.revision) {
                    *other = run;
                }
            }
            None => last.push(run),
        }
    }
    last
}

/// Writes a run into a transaction; nothing of it counts before the commit.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert(
    transaction: &mut SqliteConnection,
    run: &Run,
    outcomes: &[RuleOutcome],
    rows: &[(String, u64)],
    counts: &[(String, Status, u64)],
    scored: &Scores,
    measures: &[Measure],
) -> Result<(), HistoryError> {
    insert_run(transaction, run).await?;
    for outcome in outcomes {
        sqlx::query("insert into outcome values (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(&run.run_id)
            .bind(&outcome.rule_id)
            .bind(&outcome.table)
            .bind(outcome.dimension.as_str())
            .bind(outcome.outcome.as_str())
            .bind(i64::try_from(outcome.tested).unwrap_or(i64::MAX))
            .bind(i64::try_from(outcome.failing).unwrap_or(i64::MAX))
            .bind(&outcome.reason)
            .execute(&mut *transaction)
            .await?;
    }
    for (table, rows) in rows {
        sqlx::query("insert into row_count values (?, ?, ?)")
            .bind(&run.run_id)
            .bind(table)
            .bind(i64::try_from(*rows).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
    }
    for (department, status, findings) in counts {
        sqlx::query("insert into department_count values (?, ?, ?, ?)")
            .bind(&run.run_id)
            .bind(department)
            .bind(status.as_str())
            .bind(i64::try_from(*findings).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
    }
    scores::insert(transaction, &run.run_id, scored).await?;
    scores::insert_measures(transaction, &run.run_id, measures).await
}

/// Remembers a run that did not come to its end. It is revision 0 of its period, once however often that happens, and
/// nothing is ever compared with it.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert_unfinished(transaction: &mut SqliteConnection, run: &Run) -> Result<(), HistoryError> {
    let query = "update run set as_of = ?, started_at = ?, seconds = ?, status = ? where run_id = ?";
    let known = sqlx::query(query)
        .bind(&run.as_of)
        .bind(&run.started_at)
        .bind(run.seconds)
        .bind(&run.status)
        .bind(&run.run_id)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
    if known == 0 { insert_run(transaction, run).await } else { Ok(()) }
}

async fn insert_run(transaction: &mut SqliteConnection, run: &Run) -> Result<(), HistoryError> {
    sqlx::query("insert into run values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(&run.run_id)
        .bind(&run.job)
        .bind(&run.period)
        .bind(&run.period_kind)
        .bind(&run.period_start)
        .bind(run.revision)
        .bind(&run.as_of)
        .bind(&run.started_at)
        .bind(run.seconds)
        .bind(&run.status)
        .bind(&run.compared_with)
        .bind(&run.findings_file)
        .bind(&run.known_file)
        .bind(&run.snapshot_file)
        .bind(&run.only_to)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Forgets the findings of a run; the files are litter then.
///
/// # Errors
/// Where the database cannot be written.
pub async fn forget_findings(connection: &mut SqliteConnection, run_id: &str) -> Result<(), HistoryError> {
    let query = sqlx::query("update run set findings_file = '', known_file = '' where run_id = ?");
    query.bind(run_id).execute(connection).await?;
    Ok(())
}

/// Lets a run name another file of findings.
///
/// # Errors
/// Where the database cannot be written.
pub async fn replace_findings(connection: &mut SqliteConnection, run_id: &str, file: &str) -> Result<(), HistoryError> {
    let query = sqlx::query("update run set findings_file = ? where run_id = ?");
    query.bind(file).bind(run_id).execute(connection).await?;
    Ok(())
}

/// Whether a bulk file, or what a crash left of one, is called so; what others put there is left alone.
fn is_own(file: &str) -> bool {
    // earlier versions called their unfinished files .tmp…
    file.ends_with(".parquet") || files::is_unfinished(file) || file.starts_with(".tmp")
}

/// Deletes bulk files of our own that no committed run names: the litter of crashes, and snapshots that are no longer
/// kept. Only for whoever holds the lock.
///
/// # Errors
/// Where the database cannot be read.
pub async fn sweep(connection: &mut SqliteConnection, workplace: &Path) -> Result<(), HistoryError> {
    let runs = runs(connection).await?.into_iter();
    let mut named: BTreeSet<String> =
        runs.flat_map(|run| [run.findings_file, run.known_file, run.snapshot_file]).collect();
    named.extend(super::snapshots::files(connection).await?);
    for kind in ["findings", "snapshots"] {
        let Ok(entries) = std::fs::read_dir(folder(workplace).join(kind)) else { continue };
        for entry in entries.filter_map(Result::ok) {
            let file = entry.file_name().to_string_lossy().into_owned();
            let is_own = is_own(&file) && entry.file_type().is_ok_and(|file_type| file_type.is_file());
            if is_own && !named.contains(&format!("{kind}/{file}")) {
                std::fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}
