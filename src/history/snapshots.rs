//! Which files hold what a run read of each table, in SQLite.
//!
//! Apart from the files themselves because a file counts only where a committed run names it here, and is deleted once
//! none does.

use std::path::Path;

use sqlx::FromRow;
use sqlx::sqlite::SqliteConnection;

use super::retention;
use super::snapshot::{PartLine, Snapshot};
use super::store::{self, HistoryError, Run};

/// A table as a run read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The table.
    pub table: String,
    /// The file, below state/.
    pub file: String,
    /// The run that read it: an earlier one where this run did not read the table whole.
    pub of_run: String,
    /// How many records it had.
    pub records: u64,
    /// Where they came from.
    pub parts: Vec<PartLine>,
}

impl Kept {
    /// The period that the data are of, where another run names them than the one that read them.
    pub fn carried_from(&self, run_id: &str) -> Option<&str> {
        // A run is called job/period/revision, and a job may hold a stroke.
        if self.of_run == run_id { None } else { self.of_run.rsplit('/').nth(1) }
    }

    /// Opens the file.
    ///
    /// # Errors
    /// Where it is gone or damaged.
    pub fn open(&self, workplace: &Path) -> Result<Snapshot, HistoryError> {
        Ok(Snapshot::open(&store::folder(workplace).join(&self.file), &self.parts)?)
    }
}

#[derive(FromRow)]
struct Row {
    table_name: String,
    file: String,
    of_run: String,
    records: i64,
    parts: String,
}

/// What a run kept, in the order of the tables' names. Of a run of before every table was kept, that is the customers.
///
/// # Errors
/// Where the database cannot be read.
pub async fn of_run(connection: &mut SqliteConnection, run: &Run, customers: &str) -> Result<Vec<Kept>, HistoryError> {
    let query = sqlx::query_as::<_, Row>("select * from snapshot where run_id = ? order by table_name");
    let rows = query.bind(&run.run_id).fetch_all(connection).await?;
    if rows.is_empty() && !run.snapshot_file.is_empty() {
        let (table, file, of_run) = (customers.to_owned(), run.snapshot_file.clone(), run.run_id.clone());
        return Ok(vec![Kept { table, file, of_run, records: 0, parts: Vec::new() }]);
    }
    let kept = |row: Row| Kept {
        table: row.table_name,
        file: row.file,
        of_run: row.of_run,
        records: u64::try_from(row.records).unwrap_or(0),
        parts: serde_json::from_str(&row.parts).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(kept).collect())
}

/// Writes down what a run kept, into the transaction that commits it.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert(transaction: &mut SqliteConnection, run_id: &str, kept: &[Kept]) -> Result<(), HistoryError> {
    for Kept { table, file, of_run, records, parts } in kept {
        let parts = serde_json::to_string(parts).unwrap_or_default();
        sqlx::query("insert into snapshot values (?, ?, ?, ?, ?, ?)")
            .bind(run_id)
            .bind(table)
            .bind(file)
            .bind(of_run)
            .bind(i64::try_from(*records).unwrap_or(i64::MAX))
            .bind(parts)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// (run, file): which run names which file of what it, or an earlier one, read.
///
/// # Errors
/// Where the database cannot be read.
pub async fn named(connection: &mut SqliteConnection) -> Result<Vec<(String, String)>, HistoryError> {
    let query =
        "select run_id, file from snapshot union select run_id, snapshot_file from run where snapshot_file <> ''";
    Ok(sqlx::query_as(query).fetch_all(connection).await?)
}

/// Every file that some run names, with its table and where its records come from.
///
/// # Errors
/// Where the database cannot be read.
pub async fn all(connection: &mut SqliteConnection) -> Result<Vec<(String, String, Vec<PartLine>)>, HistoryError> {
    let query = "select file, min(table_name), min(parts) from snapshot group by file order by file";
    let rows: Vec<(String, String, String)> = sqlx::query_as(query).fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|(file, table, parts)| (file, table, serde_json::from_str(&parts).unwrap_or_default()))
        .collect())
}

/// Lets every run that names a file name another one, which has fewer records.
///
/// # Errors
/// Where the database cannot be written.
pub async fn replace(
    connection: &mut SqliteConnection,
    file: &str,
    by: &str,
    parts: &[PartLine],
) -> Result<(), HistoryError> {
    let records: usize = parts.iter().map(|part| part.height).sum();
    sqlx::query("update snapshot set file = ?, records = ?, parts = ? where file = ?")
        .bind(by)
        .bind(i64::try_from(records).unwrap_or(i64::MAX))
        .bind(serde_json::to_string(parts).unwrap_or_default())
        .bind(file)
        .execute(&mut *connection)
        .await?;
    sqlx::query("update run set snapshot_file = ? where snapshot_file = ?")
        .bind(by)
        .bind(file)
        .execute(connection)
        .await?;
    Ok(())
}

/// Forgets what a run read; the files are litter then, where no other run names them.
///
/// # Errors
/// Where the database cannot be written.
pub async fn forget_run(connection: &mut SqliteConnection, run_id: &str) -> Result<(), HistoryError> {
    sqlx::query("delete from snapshot where run_id = ?").bind(run_id).execute(&mut *connection).await?;
    let query = sqlx::query("update run set snapshot_file = '' where run_id = ?");
    query.bind(run_id).execute(connection).await?;
    Ok(())
}

/// All files that some run names.
///
/// # Errors
/// Where the database cannot be read.
pub async fn files(connection: &mut SqliteConnection) -> Result<Vec<String>, HistoryError> {
    Ok(sqlx::query_scalar("select distinct file from snapshot").fetch_all(connection).await?)
}

/// Forgets the snapshots that are no longer kept, in the transaction that commits a run; their files are litter then.
///
/// # Errors
/// Where the database cannot be written.
pub async fn forget(transaction: &mut SqliteConnection, periods: u64) -> Result<(), HistoryError> {
    let runs = store::runs(&mut *transaction).await?;
    let with: Vec<String> =
        sqlx::query_scalar("select distinct run_id from snapshot").fetch_all(&mut *transaction).await?;
    let has_one = |run: &&Run| !run.snapshot_file.is_empty() || with.contains(&run.run_id);
    let runs: Vec<&Run> = runs.iter().filter(has_one).collect();
    for run_id in retention::forgotten(&runs, periods) {
        forget_run(transaction, run_id).await?;
    }
    Ok(())
}
