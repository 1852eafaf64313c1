//! What is asked for when lists are issued, and what is made of it.
//!
//! Apart because whoever issues lists, seals them or writes letters to them speaks of these. They are plain data.

use chrono::NaiveDate;

use crate::model::{Period, Secrecy};
use crate::problem::Problem;
use crate::report::Attachment;
use crate::text;
use crate::text::{Language, Text};
use crate::verify::{Batch, Issued, WriteError};

/// Whose a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A department's.
    Department,
    /// An owner's.
    Owner,
}

/// What is to be issued.
pub struct IssueRequest<'r> {
    /// The period of the round.
    pub period: Period,
    /// Whose lists.
    pub by: By,
    /// Also customers who were verified in the period.
    pub all: bool,
    /// Only customers for whom this holds.
    pub only: Option<&'r str>,
    /// The day of issue.
    pub as_of: NaiveDate,
    /// The last day for the return; nothing: as the settings say.
    pub deadline: Option<NaiveDate>,
}

/// A list that is made.
pub struct Made {
    /// What it is.
    pub batch: Batch,
    /// Its rows.
    pub rows: Vec<Issued>,
    /// What is on it.
    pub content_hash: String,
    /// Whether it was not issued before.
    pub is_new: bool,
    /// The department that gets it.
    pub recipient: String,
    /// The highest 密级 of its customers.
    pub secrecy: Secrecy,
    /// The workbook.
    pub attachment: Attachment,
}

/// Why no list can be made.
#[derive(Debug)]
pub enum IssueError {
    /// The condition has a mistake.
    Condition(Vec<Problem>),
    /// There is nothing to make it of.
    Nothing(Text),
    /// The workbook.
    Write(WriteError),
}

impl IssueError {
    /// The error for people.
    pub fn text(&self) -> Text {
        match self {
            IssueError::Nothing(text) => text.clone(),
            IssueError::Condition(problems) => match problems.first() {
                Some(problem) => Text { zh: problem.line(Language::Zh), en: problem.line(Language::En) },
                None => text!("条件有误", "the condition has a mistake"),
            },
            IssueError::Write(error) => {
                text!("无法写出核对表：{error}", "the list cannot be written: {error}")
            }
        }
    }
}
