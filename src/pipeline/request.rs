//! What is asked of a run, and why it may fail.
//!
//! Apart because every step of a run takes the one and may give the other.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::config::{Covers, JobConfig};
use crate::history::store::HistoryError;
use crate::history::trouble;
use crate::model::Period;
use crate::text;
use crate::text::Text;
use crate::{outbox, report};

/// What was asked for.
pub struct RunRequest<'r> {
    /// The job.
    pub job: &'r JobConfig,
    /// The period.
    pub period: Period,
    /// The as-of date.
    pub as_of: NaiveDate,
    /// The day on which its schedule had it due; nothing where somebody runs it by hand.
    pub due_on: Option<NaiveDate>,
    /// When it began.
    pub now: DateTime<FixedOffset>,
    /// Write reports only.
    pub dry_run: bool,
    /// Mail only to this address.
    pub only_to: Option<&'r str>,
    /// Mail again what has changed.
    pub resend: bool,
    /// Believe the numbers of rows, however far they are from last time's.
    pub accept_rows: bool,
}

impl<'r> RunRequest<'r> {
    /// A run of a period as it is usual: written, queued and mailed to all.
    pub fn of(job: &'r JobConfig, period: Period, as_of: NaiveDate, now: DateTime<FixedOffset>) -> Self {
        Self { job, period, as_of, due_on: None, now, dry_run: false, only_to: None, resend: false, accept_rows: false }
    }
}

/// Why a run could not be carried out; what was committed before stays.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store.
    #[error("history: {0}")]
    History(#[from] HistoryError),
    /// The ledger.
    #[error("outbox: {0}")]
    Outbox(#[from] outbox::StoreError),
    /// Delivery.
    #[error("outbox: {0}")]
    Deliver(#[from] outbox::DeliverError),
    /// A mail.
    #[error("mail: {0}")]
    Message(#[from] outbox::MessageError),
    /// A report.
    #[error("report: {0}")]
    Render(#[from] report::RenderError),
    /// A file.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// The program broke off.
    #[error("internal error")]
    Broken,
}

impl RunError {
    /// The error for people: what happened, where, and what to do.
    pub fn text(&self) -> Text {
        match self {
            Self::History(error) => error.text(),
            Self::Outbox(outbox::StoreError::Database(error))
            | Self::Deliver(outbox::DeliverError::Store(outbox::StoreError::Database(error))) => {
                trouble::database(error)
            }
            Self::Outbox(error) | Self::Deliver(outbox::DeliverError::Store(error)) => error.text(),
            Self::File(path, error) => trouble::file(path, error),
            Self::Broken => text!(
                "程序内部错误；请把命令的输出告知 hedui 的维护者",
                "an internal error: tell the maintainers of hedui what the command said"
            ),
            Self::Render(error) => error.text(),
            Self::Message(error) => error.text(),
        }
    }

    /// Whether only its makers can mend it: a full disk or a folder that is not ours is for the administrator.
    pub fn is_bug(&self) -> bool {
        match self {
            Self::History(error) => error.is_bug(),
            Self::Outbox(outbox::StoreError::Database(error))
            | Self::Deliver(outbox::DeliverError::Store(outbox::StoreError::Database(error))) => trouble::is_bug(error),
            Self::Render(report::RenderError::Workbook { .. }) | Self::File(..) => false,
            Self::Outbox(_) | Self::Deliver(_) | Self::Message(_) | Self::Render(_) | Self::Broken => true,
        }
    }
}

impl From<sqlx::Error> for RunError {
    fn from(error: sqlx::Error) -> Self {
        RunError::History(error.into())
    }
}

impl From<polars::error::PolarsError> for RunError {
    fn from(error: polars::error::PolarsError) -> Self {
        RunError::History(error.into())
    }
}

/// Whether a run comes after the period in which it was due.
pub fn is_late(request: &RunRequest) -> bool {
    let in_its_time = || match request.job.covers {
        Covers::Current => request.period,
        Covers::Previous => request.period.next(),
    };
    let due_on = request.due_on.unwrap_or_else(|| in_its_time().start());
    request.job.rhythm().is_late(due_on, request.as_of)
}
