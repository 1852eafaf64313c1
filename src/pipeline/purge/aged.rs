//! What is older than it is kept for: runs' files in state/, and files in out/ and on the share.
//!
//! Apart because age alone decides here. What is still compared with has no age.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Days, NaiveDate};
use sqlx::SqliteConnection;

use super::ours::Ours;
use super::{Act, Kind, Step};
use crate::history::store::{self, Run};
use crate::history::{retention, snapshots};
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
        let named = match kind {
            Kind::Snapshots => snapshots::named(connection).await?,
            _ => findings_named(&runs),
        };
        let doomed: Vec<&str> = retention::aged(&runs, before).iter().map(|run| run.run_id.as_str()).collect();
        for run_id in &doomed {
            if !named.iter().any(|(other, _)| other == run_id) {
                continue;
            }
            let files = freed(&named, &doomed, run_id);
            let bytes =
                files.iter().filter_map(|file| std::fs::metadata(state.join(file)).ok()).map(|data| data.len()).sum();
            let day = runs.iter().find(|run| run.run_id == *run_id).map_or("", |run| run.as_of.as_str());
            let reason = text!("{day} 的运行，超过 {days} 天", "a run of {day}, older than {days} days");
            let act = match kind {
                Kind::Snapshots => Act::ForgetSnapshots((*run_id).to_owned()),
                _ => Act::ForgetFindings((*run_id).to_owned()),
            };
            steps.push(Step { kind, what: (*run_id).to_owned(), count: files.len() as u64, bytes, reason, act });
        }
    }
    Ok(steps)
}

/// (run, file)
fn findings_named(runs: &[Run]) -> Vec<(String, String)> {
    let files = |run: &Run| [run.findings_file.clone(), run.known_file.clone()].map(|file| (run.run_id.clone(), file));
    runs.iter().flat_map(files).filter(|(_, file)| !file.is_empty()).collect()
}

/// The files that nobody names once a run is forgotten, where these are in this order: a file that a run took over from
/// an earlier one goes with the last that names it.
fn freed<'n>(named: &'n [(String, String)], doomed: &[&str], run_id: &str) -> BTreeSet<&'n str> {
    let place = |run_id: &str| doomed.iter().position(|other| *other == run_id);
    let own = named.iter().filter(|(other, _)| other == run_id).map(|(_, file)| file.as_str());
    let is_last = |file: &&str| {
        let others = named.iter().filter(|(_, other)| other == file);
        others.map(|(other, _)| place(other)).all(|other| other.is_some_and(|other| Some(other) <= place(run_id)))
    };
    own.filter(is_last).collect()
}

/// Files that runs made for people, and that are too old.
pub fn files(workplace: &Workplace, as_of: NaiveDate, ours: &Ours) -> Vec<Step> {
    let keep = workplace.config.state.keep;
    let mut steps = Vec::new();
    for copy in &ours.copies {
        let kind = kind_of(&copy.path);
        let days = if kind == Kind::Mails { keep.mails } else { keep.reports };
        let (Some(days), Some((day, bytes))) = (days, written(&copy.path, workplace)) else { continue };
        let is_kept = copy.path.file_name().is_some_and(|name| KEPT.iter().any(|kept| name == *kept));
        if !is_kept && (as_of - day).num_days() > i64::try_from(days).unwrap_or(i64::MAX) {
            let reason = text!("{day} 写出，超过 {days} 天", "written on {day}, older than {days} days");
            let act = Act::File(copy.path.clone());
            steps.push(Step { kind, what: copy.shown.clone(), count: 1, bytes, reason, act });
        }
    }
    steps
}

/// Of which kind a file for people is.
pub fn kind_of(path: &Path) -> Kind {
    if path.extension().is_some_and(|ending| ending == "eml") { Kind::Mails } else { Kind::Reports }
}

/// When a file was last written, in the company's time, and its length.
pub fn written(path: &Path, workplace: &Workplace) -> Option<(NaiveDate, u64)> {
    let data = std::fs::symlink_metadata(path).ok()?;
    let seconds = data.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let moment = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    Some((moment.with_timezone(&workplace.config.timezone).date_naive(), data.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_with_the_last_run_that_names_it() {
        let named = [("1", "a"), ("1", "b"), ("2", "b"), ("2", "c"), ("3", "c"), ("3", "d")];
        let named: Vec<(String, String)> = named.map(|(run, file)| (run.to_owned(), file.to_owned())).into();
        let freed = |doomed: &[&str], run_id| freed(&named, doomed, run_id).into_iter().collect::<String>();
        assert_eq!((freed(&["1", "2"], "1"), freed(&["1", "2"], "2")), ("a".to_owned(), "b".to_owned()));
        assert_eq!((freed(&["2", "1"], "1"), freed(&["2"], "2")), ("ab".to_owned(), String::new()));
        assert_eq!(["1", "2", "3"].map(|run| freed(&["1", "2", "3"], run)), ["a", "b", "cd"]);
    }
}
