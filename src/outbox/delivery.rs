//! The rows of the delivery ledger and what is asked of it, as plain data.
//!
//! Apart because commands list and print them. It knows no database but the names of its columns.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::identity::file_hash;
use super::message::Mail;
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
    /// The person whose report it is; empty where it is not one person's.
    pub person: String,
    /// The bare address.
    pub recipient: String,
    /// Whether it shows a report for approval.
    pub is_draft: bool,
    /// Which of how many mails that carry one report together.
    pub part: (u32, u32),
    /// Who has to approve it first, for people; nothing: it goes out at once.
    pub held: Option<String>,
    /// The highest level of confidentiality of what it was made of, in the word of the data.
    pub secrecy: String,
    /// Its files: attached, or left at a place that it names.
    pub files: Files,
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

/// A file of a report, as the register of what was sent remembers it: never what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// Where it was left instead of being attached, below out/ of the workplace; empty where it is attached.
    pub left: String,
}

/// The files of a mail, as the ledger keeps them: a JSON array.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Files(pub Vec<FileNote>);

impl TryFrom<String> for Files {
    type Error = serde_json::Error;

    fn try_from(written: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&written)
    }
}

impl FileNote {
    /// A note of a file that is attached, or left at a place below the workplace.
    pub fn of(name: &str, bytes: &[u8], left: &str) -> Self {
        Self { name: name.to_owned(), bytes: bytes.len() as u64, sha256: file_hash(bytes), left: left.to_owned() }
    }
}

impl NewDelivery {
    /// The entry of a mail that was rendered to these bytes; it is queued at the mail's own date.
    pub fn of(mail: &Mail, message: Vec<u8>, run_id: &str, job: &str, content_hash: &str, file: &str) -> Self {
        Self {
            run_id: run_id.to_owned(),
            job: job.to_owned(),
            report: mail.report.clone(),
            period: mail.period.clone(),
            revision: mail.revision,
            department: mail.department.clone(),
            person: mail.person.clone(),
            recipient: mail.recipient.trim().to_owned(),
            is_draft: mail.is_draft,
            part: mail.part,
            held: None,
            secrecy: String::new(),
            files: Files::default(),
            message_id: mail.message_id.clone(),
            content_hash: content_hash.to_owned(),
            file: file.to_owned(),
            message,
            created_at: mail.date,
        }
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
    /// The person whose report it is; empty where it is not one person's.
    pub person: String,
    /// The bare address.
    pub recipient: String,
    /// Whether it shows a report for approval.
    pub draft: bool,
    /// Which of the mails that carry one report together.
    pub part: u32,
    /// How many these are.
    pub parts: u32,
    /// The highest level of confidentiality of what it was made of.
    pub secrecy: String,
    /// Its files.
    #[sqlx(try_from = "String")]
    pub files: Files,
    /// When a person approved it, RFC 3339; empty where nobody did.
    pub released_at: String,
    /// Who.
    pub released_by: String,
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
    /// Only those of this period.
    pub period: Option<String>,
    /// Only those of this report.
    pub report: Option<String>,
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
    /// The person.
    pub person: &'a str,
    /// Whether the mails that show a report for approval are meant.
    pub is_draft: bool,
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
