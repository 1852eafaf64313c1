//! What of a run is committed together: its history, its lists, its mails; all of it or nothing.
//!
//! Apart because this is the moment before which a run has not happened, and after which it has. The files that the
//! commit names are written before it; what it orders to be sent is sent after it.

use std::collections::BTreeMap;
use std::time::Instant;

use sqlx::{Connection, SqliteConnection};

use super::before::Before;
use super::statuses::Found;
use crate::analysis::Analysis;
use crate::history::bulk::{self, KnownFindings};
use crate::history::store::{self, Run};
use crate::history::{delivered, figures, rows, snapshots};
use crate::model::{Measure, Scores};
use crate::pipeline::guard::Guarded;
use crate::pipeline::mails::{self, Outgoing};
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::verification::{self, Made};
use crate::pipeline::{Checked, analysis, guard, kept};
use crate::text::Text;
use crate::workplace::Workplace;

/// What is committed.
pub struct Committing<'c> {
    /// The workplace.
    pub workplace: &'c Workplace,
    /// What was asked for.
    pub request: &'c RunRequest<'c>,
    /// What was read and evaluated.
    pub checked: &'c Checked,
    /// The run compared with.
    pub before: &'c Before,
    /// The findings.
    pub found: &'c Found<'c>,
    /// All findings that any run saw, this one too.
    pub known: &'c KnownFindings,
    /// The scores.
    pub scores: &'c Scores,
    /// What the tables measured.
    pub measures: &'c [Measure],
    /// The figures for managers, by report.
    pub analyses: &'c BTreeMap<String, Analysis>,
    /// The lists that are issued.
    pub lists: &'c [Made],
    /// The mails.
    pub outgoing: &'c [Outgoing],
    /// When the run began.
    pub started: Instant,
}

impl Committing<'_> {
    /// Writes the files that the commit will name.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn write(&self) -> Result<kept::KeptRun, RunError> {
        let folder = &self.workplace.config.folder;
        let kept::KeptRun { run, tables } = kept::write(&kept::Leaving {
            folder,
            request: self.request,
            compared_with: self.before.run.as_ref(),
            revision: self.before.revision,
            findings: &self.found.findings,
            customers: &self.workplace.pack.dictionary.customers.table,
            checked: self.checked,
            earlier: &self.before.earlier,
        })?;
        bulk::write_known(&store::folder(folder).join(&run.known_file), self.known)?;
        let status = if self.checked.is_partial() { "partial" } else { "done" }.to_owned();
        Ok(kept::KeptRun { run: Run { seconds: self.started.elapsed().as_secs_f64(), status, ..run }, tables })
    }

    /// Commits; returns the mails that were not queued again, and why.
    ///
    /// # Errors
    /// Where the history cannot be written; then nothing of the run is in it.
    pub async fn commit(&self, connection: &mut SqliteConnection, kept: &kept::KeptRun) -> Result<Vec<Text>, RunError> {
        let kept::KeptRun { run, tables } = kept;
        let (checked, found) = (self.checked, self.found);
        let rows_now = rows_to_remember(self.workplace, checked, &self.before.earlier.rows);
        let departments = departments_to_remember(self.workplace, checked, &self.before.earlier.departments);
        let mut transaction = connection.begin().await?;
        let outcomes = &checked.evaluation.outcomes;
        store::insert(&mut transaction, run, outcomes, &rows_now, &found.counts, self.scores, self.measures).await?;
        snapshots::insert(&mut transaction, &run.run_id, tables).await?;
        snapshots::forget(&mut transaction, self.workplace.config.state.keep_snapshots).await?;
        delivered::insert(&mut transaction, &run.run_id, &checked.files).await?;
        rows::insert(&mut transaction, run, &departments).await?;
        figures::insert(&mut transaction, run, &analysis::kept(self.analyses)).await?;
        verification::remember(&mut transaction, self.lists).await?;
        let not_queued = mails::enqueue(&mut transaction, self.workplace, run, self.outgoing, self.request).await?;
        transaction.commit().await?;
        Ok(not_queued)
    }
}

/// The rows of each table that the next run is compared with: of one that is empty and may not be, those that it had.
fn rows_to_remember(workplace: &Workplace, checked: &Checked, before: &BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let now = checked.datasets.iter().map(|(name, dataset)| (name.clone(), dataset.height as u64)).collect();
    let is_guarded = |name: &str| {
        checked.row_changes.iter().any(|change| matches!(&change.of, Guarded::Table(table, _) if table == name))
    };
    let may_be_empty = |name: &str| workplace.config.guard.allow_empty.iter().any(|table| table.value == name);
    let is_empty = |name: &str| checked.datasets.get(name).is_some_and(|dataset| dataset.height == 0);
    guard::remembered(now, before, |name| {
        is_guarded(name)
            || is_empty(name) && !may_be_empty(name)
            || !checked.datasets.contains_key(name)
            || checked.reading.unread_of(name).next().is_some()
    })
}

/// The rows of each department's customers that the next run is compared with.
fn departments_to_remember(
    workplace: &Workplace,
    checked: &Checked,
    before: &BTreeMap<String, u64>,
) -> Vec<(String, u64)> {
    let roles = &workplace.pack.dictionary.customers;
    let now = guard::rows_by_department(&checked.datasets, roles);
    let customers = checked.datasets.get(&roles.table);
    let is_whole = customers.is_some_and(|customers| customers.not_concluded.is_none())
        && checked.reading.unread_of(&roles.table).next().is_none();
    let is_guarded = |name: &str| {
        checked.row_changes.iter().any(|change| matches!(&change.of, Guarded::Department(guarded) if guarded == name))
    };
    guard::remembered(now, before, |name| !is_whole || is_guarded(name))
}
