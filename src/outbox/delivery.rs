//! The rows of the delivery ledger and what is asked of it, as plain data.
//!
//! Apart because commands list and print them. It knows no database but the names of its columns.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use sqlx::FromRow;

use super::message::{Mail, MessageError, render};
use super::state::{Event, Standing, State};

/// A mail on its way into the ledger.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// The run that made it.
    pub run_id: String,
    /// The job of the run.
    pub job: String,
    /// The report.
    pub report: String,
    /// The period.
    pub period: String,
    /// The revision.
    pub revision: u32,
    /// The department; empty where it is nobody's in particular.
    pub department: String,
    /// The bare address.
    pub recipient: String,
    /// Whether a person has to approve it first.
    pub held: bool,
    /// The Message-ID.
    pub message_id: String,
    /// As [`super::content_hash`] makes it.
    pub content_hash: String,
    /// The .eml, relative to the workplace.
    pub file: String,
    /// The bytes.
    pub message: Vec<u8>,
    /// When it was queued.
    pub created_at: DateTime<FixedOffset>,
}

impl NewDelivery {
    /// The entry of a mail, rendered here; it is queued at the mail's own date.
    pub fn of(mail: &Mail, run_id: &str, job: &str, content_hash: &str, file: &str) -> Result<Self, MessageError> {
        Ok(Self {
            run_id: run_id.to_owned(),
            job: job.to_owned(),
            report: mail.report.clone(),
            period: mail.period.clone(),
            revision: mail.revision,
            department: mail.department.clone(),
            recipient: mail.recipient.trim().to_owned(),
            held: false,
            message_id: mail.message_id.clone(),
            content_hash: content_hash.to_owned(),
            file: file.to_owned(),
            message: render(mail)?,
            created_at: mail.date,
        })
    }
}

/// A row of the ledger, under the names of `outbox list --format json`.
#[derive(Clone, Debug, Serialize, FromRow)]
pub struct Delivery {
    /// Its number.
    pub id: i64,
    /// The run that made it.
    pub run_id: String,
    /// The job.
    pub job: String,
    /// The report.
    pub report: String,
    /// The period.
    pub period: String,
    /// The revision.
    pub revision: u32,
    /// The department.
    pub department: String,
    /// The bare address.
    pub recipient: String,
    /// The state.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// How many tries were made.
    pub attempts: u32,
    /// The Message-ID.
    pub message_id: String,
    /// The hash of what the reader sees.
    pub content_hash: String,
    /// The .eml, relative to the workplace.
    pub file: String,
    /// What the server, or the way to it, said last.
    pub last_reply: String,
    /// RFC 3339; empty where no try is planned.
    pub next_try_at: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub changed_at: String,
}

impl Delivery {
    /// What decides about its next step. A moment that cannot be read is none: the mail is due.
    pub fn standing(&self) -> Standing {
        let next_try_at = DateTime::parse_from_rfc3339(&self.next_try_at).ok();
        Standing { state: self.state, attempts: self.attempts, next_try_at }
    }
}

impl TryFrom<String> for State {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        State::from_word(&word).ok_or_else(|| format!("unknown delivery state {word:?}"))
    }
}

/// Which rows of the ledger; by default all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these states; empty means any.
    pub states: Vec<State>,
    /// Only those of this job.
    pub job: Option<String>,
    /// Only those of this run.
    pub run_id: Option<String>,
}

/// What a second run of a period compares by.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    /// The job.
    pub job: &'a str,
    /// The report.
    pub report: &'a str,
    /// The period.
    pub period: &'a str,
    /// The department.
    pub department: &'a str,
    /// The bare address, in any case.
    pub recipient: &'a str,
}

/// What happened to a delivery that was tried.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'a> {
    /// The standing before.
    pub before: Standing,
    /// What happened.
    pub event: Event,
    /// What the server, or the way to it, said.
    pub words: &'a str,
}
