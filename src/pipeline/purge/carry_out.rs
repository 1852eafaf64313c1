//! Carries a plan out, step by step, each with its line in the log.
//!
//! Apart because here alone something is deleted. What takes the place of a file is written first, and its line is in the
//! log before a file is gone: a kill at any moment leaves the rest of the plan for the next time, and nothing unlogged.

use std::io;
use std::path::Path;

use chrono::{DateTime, FixedOffset, SecondsFormat};
use sqlx::{Connection, SqliteConnection};

use super::destroyed::stays;
use super::{Act, Plan, Step};
use crate::history::bulk;
use crate::history::purged::{self, Purged};
use crate::history::snapshot;
use crate::history::{snapshots, store};
use crate::pipeline::request::RunError;
use crate::verify;
use crate::workplace::Workplace;

/// Who asked for it, and when.
pub struct Word<'w> {
    /// His name.
    pub by: &'w str,
    /// The moment.
    pub now: DateTime<FixedOffset>,
}

/// Gives up what a plan has; the caller holds the lock.
///
/// # Errors
/// Where a file cannot be deleted or the history not written; what was given up until then is in the log.
pub async fn carry_out(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    plan: &Plan,
    word: &Word<'_>,
) -> Result<(), RunError> {
    for step in &plan.steps {
        let mut transaction = connection.begin().await?;
        act(&mut transaction, workplace, plan, step).await?;
        let number = purged::note(&mut transaction, &line(step, workplace, word)).await?;
        transaction.commit().await?;
        if let Act::File(path) = &step.act
            && let Err(error) = delete(path)
        {
            purged::take_back(connection, number).await?;
            return Err(RunError::File(path.clone(), error));
        }
    }
    // what no run names any more is deleted here; and what the log of the database still holds of it
    store::sweep(connection, &workplace.config.folder).await?;
    sqlx::query("pragma wal_checkpoint(truncate)").execute(connection).await?;
    Ok(())
}

async fn act(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    plan: &Plan,
    step: &Step,
) -> Result<(), RunError> {
    let state = store::folder(&workplace.config.folder);
    match &step.act {
        Act::File(_) => {}
        Act::ForgetSnapshots(run_id) => snapshots::forget_run(transaction, run_id).await?,
        Act::ForgetFindings(run_id) => store::forget_findings(transaction, run_id).await?,
        Act::Records { file, field } => {
            let all = snapshots::all(transaction).await?;
            let Some((_, _, parts)) = all.into_iter().find(|(known, _, _)| known == file) else { return Ok(()) };
            let other = beside(file);
            let stays = stays(&state.join(file), &parts, field, &plan.destroyed)?;
            let parts = snapshot::write_without(&state.join(file), &state.join(&other), &parts, &stays)?;
            snapshots::replace(transaction, file, &other, &parts).await?;
        }
        Act::Findings { run_id, file } => {
            let other = beside(file);
            let customers = &workplace.pack.dictionary.customers.table;
            bulk::write_without(&state.join(file), &state.join(&other), &|finding| {
                plan.destroyed.are_in(finding, customers)
            })?;
            store::replace_findings(transaction, run_id, &other).await?;
        }
        Act::Verification(customer) => verify::store::forget(transaction, customer).await.map_err(RunError::from)?,
    }
    Ok(())
}

fn line(step: &Step, workplace: &Workplace, word: &Word<'_>) -> Purged {
    Purged {
        at: word.now.to_rfc3339_opts(SecondsFormat::Secs, false),
        by: word.by.to_owned(),
        kind: step.kind.as_str().to_owned(),
        what: step.what.clone(),
        count: i64::try_from(step.count).unwrap_or(i64::MAX),
        bytes: i64::try_from(step.bytes).unwrap_or(i64::MAX),
        reason: step.reason.get(workplace.config.language).to_owned(),
    }
}

/// A name for what takes the place of a file: the file itself stays until no run names it.
fn beside(file: &str) -> String {
    let (stem, number) = divided(file);
    format!("{stem}~{}.parquet", number.unwrap_or(1) + 1)
}

/// Whether a file took the place of another one that told of somebody.
pub fn was_cut(file: &str) -> bool {
    divided(file).1.is_some()
}

/// The name of a file, and which of those it is that took its place.
fn divided(file: &str) -> (&str, Option<u32>) {
    let stem = file.strip_suffix(".parquet").unwrap_or(file);
    let parts = stem.rsplit_once('~').and_then(|(before, number)| Some((before, number.parse().ok()?)));
    parts.map_or((stem, None), |(before, number)| (before, Some(number)))
}

/// Deletes a file, and the folder that it leaves empty.
fn delete(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    if let Some(folder) = path.parent() {
        let _ = std::fs::remove_dir(folder); // it refuses where something is left
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{beside, was_cut};

    #[test]
    fn what_takes_the_place_of_a_file_has_another_name() {
        assert_eq!(beside("findings/weekly-2026-W47-r1.parquet"), "findings/weekly-2026-W47-r1~2.parquet");
        assert_eq!(beside("findings/weekly-2026-W47-r1~2.parquet"), "findings/weekly-2026-W47-r1~3.parquet");
        assert!(was_cut("findings/weekly-2026-W47-r1~2.parquet") && !was_cut("findings/week~ly-2026-W47-r1.parquet"));
        assert_eq!(beside("findings/week~ly-r1.parquet"), "findings/week~ly-r1~2.parquet");
    }
}
