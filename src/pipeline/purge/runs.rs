//! Which runs may have told of customers whose records were destroyed: those of before the destruction, and those that
//! still met them. What a later run made cannot tell of them, and stays, although nobody can look into it.
//!
//! Apart because encrypted files are judged by their run alone. It opens no file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use super::carry_out::was_cut;
use super::ours::Copy;
use crate::history::snapshots;
use crate::history::store::{self, HistoryError};
use crate::pipeline::output;

/// The committed runs.
pub struct Runs {
    by_folder: BTreeMap<PathBuf, String>,
    as_of: BTreeMap<String, NaiveDate>,
    /// Those in whose records or findings they are, or were before a purge.
    met: BTreeSet<String>,
    /// The day of the last destruction.
    last: NaiveDate,
}

impl Runs {
    /// All of them, where these files of state/ are about to be cut.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub async fn read(
        connection: &mut SqliteConnection,
        last: NaiveDate,
        cut: &BTreeSet<String>,
    ) -> Result<Self, HistoryError> {
        let is_cut = |file: &String| cut.contains(file) || was_cut(file);
        let (mut by_folder, mut as_of) = (BTreeMap::new(), BTreeMap::new());
        let named = snapshots::named(connection).await?;
        let mut met: BTreeSet<String> = named.into_iter().filter(|(_, file)| is_cut(file)).map(|(id, _)| id).collect();
        for run in store::runs(connection).await? {
            as_of.insert(run.run_id.clone(), run.as_of_day());
            if is_cut(&run.findings_file) {
                met.insert(run.run_id.clone());
            }
            by_folder.insert(output::of_run(&run.job, &run.period, run.revision), run.run_id);
        }
        Ok(Self { by_folder, as_of, met, last })
    }

    /// Whether what a run made may tell of them; of a run that is not known nobody can say.
    pub fn may_tell(&self, run_id: &str) -> bool {
        self.as_of.get(run_id).is_none_or(|day| *day <= self.last) || self.met.contains(run_id)
    }

    /// The same of a file: by the run that it is of, or the day on which it was written.
    pub fn may_tell_in(&self, copy: &Copy, written: NaiveDate) -> bool {
        let run = copy.below.ancestors().find_map(|folder| Some((folder, self.by_folder.get(folder)?)));
        let own = run.filter(|(folder, _)| !copy.below.strip_prefix(folder).is_ok_and(output::is_of_dry_run));
        match own {
            Some((_, run_id)) => self.may_tell(run_id),
            None => self.is_before(written),
        }
    }

    /// Whether a day is not after the last destruction.
    pub fn is_before(&self, day: NaiveDate) -> bool {
        day <= self.last
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_was_made_after_the_destruction_by_a_run_that_met_nobody_stays() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
        let ids = ["weekly/2026-W46/r1", "weekly/2026-W47/r1", "weekly/2026-W47/r2"];
        let runs = Runs {
            by_folder: BTreeMap::from([
                (PathBuf::from("out/weekly/2026-W46"), ids[0].to_owned()),
                (PathBuf::from("out/weekly/2026-W47"), ids[1].to_owned()),
                (PathBuf::from("out/weekly/2026-W47/r2"), ids[2].to_owned()),
            ]),
            as_of: BTreeMap::from([
                (ids[0].to_owned(), day(15)),
                (ids[1].to_owned(), day(22)),
                (ids[2].to_owned(), day(24)),
            ]),
            met: BTreeSet::from([ids[1].to_owned()]),
            last: day(18),
        };
        let may_tell = |below: &str, written: u32| {
            let copy = Copy { path: PathBuf::new(), below: Path::new("out").join(below), shown: String::new() };
            runs.may_tell_in(&copy, day(written))
        };
        assert!(may_tell("weekly/2026-W46/甲.xlsx", 25), "its run was before, whenever the file was copied back");
        assert!(may_tell("weekly/2026-W47/other/甲.xlsx", 22), "after it, and they were in its findings");
        assert!(!may_tell("weekly/2026-W47/r2/甲.xlsx", 17), "a corrected issue is a run of its own");
        assert!(!may_tell("weekly/2026-W47/dry-run/甲.xlsx", 22) && may_tell("weekly/2026-W47/dry-run/甲.xlsx", 18));
        assert!(may_tell("verify/甲.xlsx", 18) && !may_tell("verify/甲.xlsx", 19));
        assert!(runs.may_tell("monthly/2026-11/r1"), "of a run that nobody knows");
    }
}
