//! The files that a run was read from, in SQLite: what the next period's run compares deliveries with.
//!
//! Apart from snapshots because these are dozens of rows, kept for good: who delivered what, and when.

use chrono::{DateTime, NaiveDate};
use sqlx::FromRow;
use sqlx::sqlite::SqliteConnection;

use super::store::HistoryError;
use crate::model::{FileState, SourceFile};

#[derive(FromRow)]
struct Row {
    file: String,
    source: String,
    feeds: String,
    department: String,
    state: String,
    modified_at: String,
    received_on: String,
    sha256: String,
    unchanged_since: String,
    records: i64,
}

/// The files of a run, by name.
///
/// # Errors
/// Where the database cannot be read.
pub async fn of_run(connection: &mut SqliteConnection, run_id: &str) -> Result<Vec<SourceFile>, HistoryError> {
    let query = sqlx::query_as::<_, Row>("select * from source_file where run_id = ? order by file");
    Ok(query.bind(run_id).fetch_all(connection).await?.into_iter().map(file).collect())
}

fn file(row: Row) -> SourceFile {
    let day = |written: &str| NaiveDate::parse_from_str(written, "%Y-%m-%d").ok();
    SourceFile {
        feeds: row.feeds.split_whitespace().map(str::to_owned).collect(),
        state: FileState::from_word(&row.state).unwrap_or_default(),
        modified_at: DateTime::parse_from_rfc3339(&row.modified_at).ok(),
        received_on: day(&row.received_on),
        unchanged_since: day(&row.unchanged_since),
        records: u64::try_from(row.records).unwrap_or(0),
        file: row.file,
        source: row.source,
        department: row.department,
        sha256: row.sha256,
    }
}

/// Writes the files of a run, into the transaction that commits it.
///
/// # Errors
/// Where the database cannot be written.
pub async fn insert(
    transaction: &mut SqliteConnection,
    run_id: &str,
    files: &[SourceFile],
) -> Result<(), HistoryError> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    for file in files {
        sqlx::query("insert into source_file values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(run_id)
            .bind(&file.file)
            .bind(&file.source)
            .bind(file.feeds.join(" "))
            .bind(&file.department)
            .bind(file.state.as_str())
            .bind(file.modified_at.map(|moment| moment.to_rfc3339()).unwrap_or_default())
            .bind(day(file.received_on))
            .bind(&file.sha256)
            .bind(day(file.unchanged_since))
            .bind(i64::try_from(file.records).unwrap_or(i64::MAX))
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}
