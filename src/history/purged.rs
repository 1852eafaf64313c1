//! The log of what was given up of our own copies: when, by whom, what and why.
//!
//! Apart because it outlives what it is about. It deletes nothing.

use chrono::{DateTime, NaiveDate};
use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::store::HistoryError;

/// A line of the log, under the names of its JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, FromRow)]
pub struct Purged {
    /// When, RFC 3339.
    pub at: String,
    /// Who asked for it.
    pub by: String,
    /// Of which kind it was.
    pub kind: String,
    /// The run, file or record.
    pub what: String,
    /// How many files or rows.
    pub count: i64,
    /// Their length.
    pub bytes: i64,
    /// Why.
    pub reason: String,
}

impl Purged {
    /// The day on which it was given up.
    pub fn day(&self) -> Option<NaiveDate> {
        DateTime::parse_from_rfc3339(&self.at).ok().map(|moment| moment.date_naive())
    }
}

/// Adds a line; its number.
///
/// # Errors
/// Where the database cannot be written.
pub async fn note(connection: &mut SqliteConnection, line: &Purged) -> Result<i64, HistoryError> {
    let noted =
        sqlx::query("insert into purged (at, by, kind, what, count, bytes, reason) values (?, ?, ?, ?, ?, ?, ?)")
            .bind(&line.at)
            .bind(&line.by)
            .bind(&line.kind)
            .bind(&line.what)
            .bind(line.count)
            .bind(line.bytes)
            .bind(&line.reason)
            .execute(connection)
            .await?;
    Ok(noted.last_insert_rowid())
}

/// Takes a line back whose file could not be deleted.
///
/// # Errors
/// Where the database cannot be written.
pub async fn take_back(connection: &mut SqliteConnection, number: i64) -> Result<(), HistoryError> {
    sqlx::query("delete from purged where id = ?").bind(number).execute(connection).await?;
    Ok(())
}

/// The log, the oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read(connection: &mut SqliteConnection) -> Result<Vec<Purged>, HistoryError> {
    let query = sqlx::query_as("select at, by, kind, what, count, bytes, reason from purged order by id");
    Ok(query.fetch_all(connection).await?)
}
