//! Which runs' snapshots are given up: a plan, and nothing that deletes.
//!
//! Apart because what is deleted is decided before anything is, and can be tried on any list of runs. Of each job the
//! last revision of each of its last periods is kept, so that ten years of runs need the room of a few.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::store::Run;

/// The period that is reported, and the one that it is compared with.
const COMPARED: u64 = 2;

/// The runs (of those that have snapshots) whose snapshots are not kept, where so many periods of each job are.
pub fn forgotten<'r>(runs: &[&'r Run], periods: u64) -> Vec<&'r str> {
    let mut last: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let mut starts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for run in runs {
        let revision = last.entry((&run.job, &run.period)).or_insert(run.revision);
        *revision = run.revision.max(*revision);
        starts.entry(&run.job).or_default().insert(&run.period_start);
    }
    let most = usize::try_from(periods).unwrap_or(usize::MAX);
    let oldest: BTreeMap<&str, &str> =
        starts.iter().filter_map(|(job, starts)| Some((*job, *starts.iter().rev().take(most).next_back()?))).collect();
    let is_kept = |run: &Run| {
        last.get(&(run.job.as_str(), run.period.as_str())) == Some(&run.revision)
            && oldest.get(run.job.as_str()).is_some_and(|oldest| run.period_start.as_str() >= *oldest)
    };
    runs.iter().filter(|run| !is_kept(run)).map(|run| run.run_id.as_str()).collect()
}

/// The runs of before a day whose files are of no more use: neither the last of all, which knows every finding ever
/// seen, nor of the last periods of their jobs, which the next runs are compared with.
pub fn aged(runs: &[Run], before: NaiveDate) -> Vec<&Run> {
    let all: Vec<&Run> = runs.iter().collect();
    let given_up = forgotten(&all, COMPARED);
    let last = runs.last().map(|run| &run.run_id);
    let is_old = |run: &&Run| run.as_of_day() < before && Some(&run.run_id) != last;
    runs.iter().filter(is_old).filter(|run| given_up.contains(&run.run_id.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_compared_with_has_no_age() {
        let day = |day: &str| NaiveDate::parse_from_str(day, "%Y-%m-%d").expect("a day");
        let ids = |runs: Vec<&Run>| runs.into_iter().map(|run| run.run_id.clone()).collect::<Vec<_>>();
        let runs = [
            run("weekly", "2026-10-05", 1),
            run("weekly", "2026-10-12", 1),
            run("weekly", "2026-10-19", 1),
            run("weekly", "2026-10-26", 1),
            run("weekly", "2026-10-05", 2), // an old period again: the last run of all
        ];
        assert_eq!(ids(aged(&runs, day("2027-01-01"))), ["weekly/2026-10-05/r1", "weekly/2026-10-12/r1"]);
        assert_eq!(ids(aged(&runs, day("2026-10-12"))), ["weekly/2026-10-05/r1"]);
        assert!(aged(&runs[..2], day("2027-01-01")).is_empty());
    }

    fn run(job: &str, start: &str, revision: u32) -> Run {
        Run {
            run_id: format!("{job}/{start}/r{revision}"),
            job: job.to_owned(),
            period: start.to_owned(),
            period_kind: "week".to_owned(),
            period_start: start.to_owned(),
            revision,
            as_of: start.to_owned(),
            started_at: String::new(),
            seconds: 0.0,
            status: "done".to_owned(),
            compared_with: None,
            findings_file: String::new(),
            known_file: String::new(),
            snapshot_file: "x".to_owned(),
            only_to: String::new(),
        }
    }

    #[test]
    fn of_each_job_the_last_revisions_of_its_last_periods_are_kept() {
        let runs = [
            run("weekly", "2026-11-02", 1),
            run("weekly", "2026-11-09", 1),
            run("monthly", "2026-10-01", 1),
            run("weekly", "2026-11-16", 1),
            run("weekly", "2026-11-16", 2),
            run("weekly", "2026-11-09", 2), // an older period again, after the newer one
        ];
        let runs: Vec<&Run> = runs.iter().collect();
        assert_eq!(forgotten(&runs, 2), ["weekly/2026-11-02/r1", "weekly/2026-11-09/r1", "weekly/2026-11-16/r1"]);
        let one = ["weekly/2026-11-02/r1", "weekly/2026-11-09/r1", "weekly/2026-11-16/r1", "weekly/2026-11-09/r2"];
        assert_eq!(forgotten(&runs, 1), one);
        assert_eq!(forgotten(&runs, 9), ["weekly/2026-11-09/r1", "weekly/2026-11-16/r1"]);
        assert!(forgotten(&[], 1).is_empty());
    }
}
