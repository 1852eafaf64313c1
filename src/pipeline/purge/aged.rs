//! What is older than it is kept for: runs' files in state/, and files in out/.
//!
//! Apart because age alone decides here. What waits to be sent, or is still compared with, has no age.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Days, NaiveDate};
use sqlx::SqliteConnection;

use super::{Act, Kind, Step};
use crate::history::retention;
use crate::history::store;
use crate::outbox::{self, Filter};
use crate::pipeline::request::RunError;
use crate::text;
use crate::workplace::Workplace;

/// What stays of a run in out/: counts for scripts, no customer's value.
const KEPT: [&str; 1] = ["run.json"];

/// Snapshots and findings of runs that are too old.
pub async fn runs(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    as_of: NaiveDate,
) -> Result<Vec<Step>, RunError> {
    let keep = workplace.config.state.keep;
    let state = store::folder(&workplace.config.folder);
    let runs = store::runs(connection).await?;
    let mut steps = Vec::new();
    for (kind, days) in [(Kind::Snapshots, keep.snapshots), (Kind::Findings, keep.findings)] {
        let Some(days) = days else { continue };
        let before = as_of.checked_sub_days(Days::new(days)).unwrap_or(as_of);
        for run in retention::aged(&runs, before) {
            let (mut files, act) = match kind {
                Kind::Snapshots => (
                    crate::history::snapshots::files_of(connection, run).await?,
                    Act::ForgetSnapshots(run.run_id.clone()),
                ),
                _ => (vec![run.findings_file.clone(), run.known_file.clone()], Act::ForgetFindings(run.run_id.clone())),
            };
            files.retain(|file| !file.is_empty());
            if files.is_empty() {
                continue;
            }
            let bytes =
                files.iter().filter_map(|file| std::fs::metadata(state.join(file)).ok()).map(|data| data.len()).sum();
            let day = &run.as_of;
            let reason = text!("{day} 的运行，超过 {days} 天", "a run of {day}, older than {days} days");
            steps.push(Step { kind, what: run.run_id.clone(), count: files.len() as u64, bytes, reason, act });
        }
    }
    Ok(steps)
}

/// Files in out/ that are too old.
pub async fn files(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    as_of: NaiveDate,
) -> Result<Vec<Step>, RunError> {
    let keep = workplace.config.state.keep;
    let folder = &workplace.config.folder;
    if keep.reports.is_none() && keep.mails.is_none() {
        return Ok(Vec::new());
    }
    let needed = needed(connection, folder).await?;
    let mut steps = Vec::new();
    for path in super::contents::files(&folder.join("out")) {
        let kind = kind_of(&path);
        let days = if kind == Kind::Mails { keep.mails } else { keep.reports };
        let (Some(days), Some((day, bytes))) = (days, written(&path, workplace)) else { continue };
        let is_kept = path.file_name().is_some_and(|name| KEPT.iter().any(|kept| name == *kept));
        if !is_kept && !needed.contains(&path) && (as_of - day).num_days() > i64::try_from(days).unwrap_or(i64::MAX) {
            let reason = text!("{day} 写出，超过 {days} 天", "written on {day}, older than {days} days");
            let what = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            steps.push(Step { kind, what, count: 1, bytes, reason, act: Act::File(path) });
        }
    }
    Ok(steps)
}

/// Of which kind a file in out/ is.
pub fn kind_of(path: &Path) -> Kind {
    if path.extension().is_some_and(|ending| ending == "eml") { Kind::Mails } else { Kind::Reports }
}

/// When a file was last written, in the company's time, and its length.
fn written(path: &Path, workplace: &Workplace) -> Option<(NaiveDate, u64)> {
    let data = std::fs::symlink_metadata(path).ok()?;
    let seconds = data.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let moment = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    Some((moment.with_timezone(&workplace.config.timezone).date_naive(), data.len()))
}

/// Files that a mail still needs: its copy, and what it left to be put on the share.
async fn needed(connection: &mut SqliteConnection, folder: &Path) -> Result<BTreeSet<PathBuf>, RunError> {
    let all = outbox::store::list(connection, &Filter::default()).await?;
    let waiting = all.into_iter().filter(|delivery| !delivery.state.is_final());
    let files = waiting.flat_map(|delivery| {
        delivery.files.0.into_iter().map(|file| file.left).chain([delivery.file]).filter(|file| !file.is_empty())
    });
    Ok(files.map(|file| folder.join(file)).collect())
}
