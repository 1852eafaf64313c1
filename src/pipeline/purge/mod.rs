//! What is given up of our own copies: what is older than `[state]` keeps it, and whatever tells of customers whose
//! destruction the register has.
//!
//! Apart from runs because a person asks for it and sees the plan first. Sources are never touched: only what runs made.
//! What was sent to whom stays in the register, and what was given up is written into a log.

mod aged;
mod backup;
mod carry_out;
mod contents;
mod destroyed;
mod ours;
mod readings;
mod runs;
mod told;

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use self::runs::Runs;
use super::request::RunError;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

pub use carry_out::{Word, carry_out};

/// Of which kind a copy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// What runs read.
    Snapshots,
    /// What it found.
    Findings,
    /// A workbook, its JSON, the page.
    Reports,
    /// The copy of a mail.
    Mails,
    /// Whatever tells of a customer whose records were destroyed.
    Destroyed,
}

impl Kind {
    /// The word of JSON and of the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Snapshots => "snapshots",
            Kind::Findings => "findings",
            Kind::Reports => "reports",
            Kind::Mails => "mails",
            Kind::Destroyed => "destroyed",
        }
    }
}

/// One thing to give up.
#[derive(Clone, Debug)]
pub struct Step {
    /// Of which kind it is.
    pub kind: Kind,
    /// The run, the file below the workplace, or the table of a file.
    pub what: String,
    /// How many files or rows.
    pub count: u64,
    /// Their length; 0 for rows.
    pub bytes: u64,
    /// Why.
    pub reason: Text,
    act: Act,
}

/// What giving it up means.
#[derive(Clone, Debug)]
enum Act {
    /// Delete a file in out/, on the share, a copy of the history, or what is kept of a source file.
    File(PathBuf),
    /// Forget which files hold what a run read; they are swept then.
    ForgetSnapshots(String),
    /// The same for what it found.
    ForgetFindings(String),
    /// Take records out of a file of what was read.
    Records { file: String, field: String },
    /// Take findings out of a run's file.
    Findings { run_id: String, file: String },
    /// Take a customer out of verification.
    Verification(String),
}

/// Everything that is to be given up, and what a person should know.
pub struct Plan {
    /// In order.
    pub steps: Vec<Step>,
    /// What is not given up, and why.
    pub remarks: Vec<Text>,
    /// Whose records were destroyed.
    destroyed: destroyed::Destroyed,
}

/// What is to be given up on a day. Nothing is deleted.
///
/// # Errors
/// Where the history cannot be read.
pub async fn plan(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    as_of: NaiveDate,
) -> Result<Plan, RunError> {
    let ours = ours::find(connection, workplace).await?;
    let mut aged = aged::runs(connection, workplace, as_of).await?;
    aged.extend(aged::files(workplace, as_of, &ours));
    aged.extend(readings::aged(workplace, as_of));
    let (destroyed, mut remarks) = destroyed::of_data(workplace, as_of);
    let destroyed = destroyed::with_names(connection, workplace, destroyed).await?;
    remarks.extend(ours.remarks.iter().cloned());
    let mut steps = destroyed::steps(connection, workplace, &destroyed).await?;
    if let Some(last) = destroyed.last() {
        steps.extend(readings::telling(workplace, &destroyed));
        let cut: BTreeSet<String> = steps.iter().filter_map(Step::bulk_file).collect();
        let runs = Runs::read(connection, last, &cut).await?;
        steps.extend(told::steps(workplace, &ours, &destroyed, &runs).await);
        remarks.extend(destroyed.unsought());
        remarks.extend(told::waiting(connection, &destroyed, &runs).await?);
    }
    // what goes for its age goes once, and last: what was cut out of a file would name it again
    let doomed: BTreeSet<PathBuf> = aged.iter().filter_map(Step::file).collect();
    steps.retain(|step| step.file().is_none_or(|file| !doomed.contains(&file)));
    steps.extend(aged);
    let (held, steps): (Vec<Step>, Vec<Step>) =
        steps.into_iter().partition(|step| step.file().is_some_and(|file| ours.is_needed(&file)));
    remarks.extend(held_back(&held));
    Ok(Plan { steps, remarks, destroyed })
}

/// Says what stays for the sake of mails that wait.
fn held_back(held: &[Step]) -> Option<Text> {
    let list = held.iter().map(|step| step.what.as_str()).collect::<Vec<_>>().join(" ");
    (!held.is_empty()).then(|| {
        text!(
            "还没有送达的邮件要用，这次不清除：{list}；发出（hedui outbox send）或放弃（hedui outbox drop）后再清理",
            "mails that have not arrived still need, and this purge leaves: {list}; send them (hedui outbox send) or give \
                 them up (hedui outbox drop), then purge again"
        )
    })
}

impl Step {
    fn file(&self) -> Option<PathBuf> {
        match &self.act {
            Act::File(path) => Some(path.clone()),
            _ => None,
        }
    }

    /// The file of state/ that something is cut out of.
    fn bulk_file(&self) -> Option<String> {
        match &self.act {
            Act::Records { file, .. } | Act::Findings { file, .. } => Some(file.clone()),
            _ => None,
        }
    }
}
