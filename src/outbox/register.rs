//! The register of what was sent to whom: of each mail that its recipient has, or may have, what was in it by count and
//! hash, what its reader is allowed to see, and what it was for.
//!
//! Apart from the ledger because it is kept for those who ask years later, while the ledger is about mails on their way.
//! It has no value of a customer: who wants to know what was said looks at the copy, as long as that is kept.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;
use sqlx::{FromRow, SqliteConnection};

use super::delivery::Files;
use super::store::StoreError;

/// What the ledger does not say of a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// How many rows the lists in its files have.
    pub rows: u64,
    /// The highest level that its reader may see, in the word of the data.
    pub clearance: String,
    /// What it is for.
    pub purpose: String,
}

/// A line of the register, under the names of its JSON.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Entry {
    /// When the server took it over, RFC 3339; where nobody knows whether it did, when it was tried.
    pub sent_at: String,
    /// The number of its delivery.
    pub delivery: i64,
    /// accepted; unknown where it may have arrived; dropped where a person settled such a doubt.
    pub state: String,
    /// The job.
    pub job: String,
    /// The report.
    pub report: String,
    /// The period.
    pub period: String,
    /// The revision.
    pub revision: u32,
    /// Whether it was shown for approval.
    pub draft: bool,
    /// The department; empty where it is nobody's in particular.
    pub department: String,
    /// The person; empty where it is not one person's.
    pub person: String,
    /// The bare address.
    pub recipient: String,
    /// What its reader may see; empty where that was not kept.
    pub clearance: String,
    /// The highest level of what it was made of.
    pub secrecy: String,
    /// How many rows its lists had; nothing where that was not kept.
    pub rows: Option<i64>,
    /// What it was for.
    pub purpose: String,
    /// Its files: name, length, SHA-256.
    #[sqlx(try_from = "String")]
    pub files: Files,
    /// The SHA-256 of what the reader saw.
    pub content_hash: String,
    /// The Message-ID.
    pub message_id: String,
    /// Who approved it; empty where nobody had to.
    pub released_by: String,
    /// When, RFC 3339.
    pub released_at: String,
}

impl Entry {
    /// The day on which it was sent.
    pub fn day(&self) -> Option<NaiveDate> {
        DateTime::parse_from_rfc3339(&self.sent_at).ok().map(|moment: DateTime<FixedOffset>| moment.date_naive())
    }
}

/// Keeps what the ledger does not say, in the transaction that queues the mail.
///
/// # Errors
/// Where the database cannot be written.
pub async fn keep(transaction: &mut SqliteConnection, delivery: i64, note: &Note) -> Result<(), StoreError> {
    sqlx::query("insert into register_note values (?, ?, ?, ?)")
        .bind(delivery)
        .bind(i64::try_from(note.rows).unwrap_or(i64::MAX))
        .bind(&note.clearance)
        .bind(&note.purpose)
        .execute(transaction)
        .await?;
    Ok(())
}

/// The register, the oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub async fn read(connection: &mut SqliteConnection) -> Result<Vec<Entry>, StoreError> {
    let query = sqlx::query_as(
        "select case state when 'dropped' then in_doubt_since else delivery.changed_at end as sent_at, \
         delivery.id as delivery, state, job, report, period, revision, draft, \
         department, person, recipient, coalesce(clearance, '') as clearance, secrecy, rows_listed as rows, \
         coalesce(purpose, '') as purpose, files, content_hash, message_id, released_by, released_at \
         from delivery left join register_note on register_note.delivery_id = delivery.id \
         where state in ('accepted', 'unknown') or state = 'dropped' and in_doubt_since <> '' order by 1, delivery.id",
    );
    Ok(query.fetch_all(connection).await?)
}
