//! DIFF: what became of each finding since the run that this one is compared with. A pure function.
//!
//! Apart because it is the promise to the clerk: nothing is called mended that was not looked at, nothing new that was
//! there before. It knows fingerprints and dates, no rule and no store.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use super::bulk::{Known, KnownFindings};
use crate::model::{Fingerprint, Status};

/// A finding of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current {
    /// What tells it.
    pub fingerprint: Fingerprint,
    /// Whether a person has accepted it.
    pub waived: bool,
}

/// A finding that stood after the run compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What tells it.
    pub fingerprint: Fingerprint,
    /// Whether its rule was concluded on its table and its source was read this time.
    pub looked_at: bool,
}

/// The run that the findings belong to.
#[derive(Clone, Copy, Debug)]
pub struct Now<'n> {
    /// The job.
    pub job: &'n str,
    /// The first day of its period.
    pub period_start: NaiveDate,
    /// The as-of date.
    pub as_of: NaiveDate,
}

/// What became of the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deltas {
    /// Status and first-seen date of each current finding, in their order.
    pub current: Vec<(Status, NaiveDate)>,
    /// The standing findings that are not among the current ones: position and status.
    pub gone: Vec<(usize, Status)>,
}

/// Compares the findings of a run with those that stood before it.
pub fn diff(standing: &[Standing], current: &[Current], known: &KnownIndex, now: &Now) -> Deltas {
    let stood: HashSet<Fingerprint> = standing.iter().map(|finding| finding.fingerprint).collect();
    let seen: HashSet<Fingerprint> = current.iter().map(|finding| finding.fingerprint).collect();
    let status = |finding: &Current| {
        if finding.waived {
            Status::Waived
        } else if stood.contains(&finding.fingerprint) {
            Status::Open
        } else if known.was_seen_before(now, finding.fingerprint) {
            Status::Reopened
        } else {
            Status::New
        }
    };
    let first_seen =
        |finding: &Current| known.first_seen(finding.fingerprint).map_or(now.as_of, |day| day.min(now.as_of));
    let gone = |finding: &Standing| if finding.looked_at { Status::Resolved } else { Status::NotChecked };
    Deltas {
        current: current.iter().map(|finding| (status(finding), first_seen(finding))).collect(),
        gone: standing
            .iter()
            .enumerate()
            .filter(|(_, finding)| !seen.contains(&finding.fingerprint))
            .map(|(position, finding)| (position, gone(finding)))
            .collect(),
    }
}

/// Every finding ever seen, for look-up.
#[derive(Debug, Default)]
pub struct KnownIndex {
    first_seen: HashMap<Fingerprint, NaiveDate>,
    by_job: HashMap<(String, Fingerprint), Known>,
}

impl KnownIndex {
    /// Indexes what the store keeps.
    pub fn new(known: &KnownFindings) -> Self {
        let mut index = Self::default();
        for (job, known) in known {
            let first = index.first_seen.entry(known.fingerprint).or_insert(known.first_seen);
            *first = (*first).min(known.first_seen);
            index.by_job.insert((job.clone(), known.fingerprint), *known);
        }
        index
    }

    /// The as-of date of the first run of any job that saw a finding.
    pub fn first_seen(&self, fingerprint: Fingerprint) -> Option<NaiveDate> {
        self.first_seen.get(&fingerprint).copied()
    }

    /// Whether the job saw the finding in an earlier period: if it did not stand any more, it is back.
    fn was_seen_before(&self, now: &Now, fingerprint: Fingerprint) -> bool {
        let key = (now.job.to_owned(), fingerprint);
        self.by_job.get(&key).is_some_and(|known| known.first_period < now.period_start)
    }
}

/// What is known after a run, in the order of jobs and fingerprints.
pub fn learn(known: KnownFindings, current: &[Current], deltas: &Deltas, now: &Now) -> KnownFindings {
    let mut entries: std::collections::BTreeMap<(String, Fingerprint), Known> =
        known.into_iter().map(|(job, known)| ((job, known.fingerprint), known)).collect();
    for (finding, (_, first_seen)) in current.iter().zip(&deltas.current) {
        let fingerprint = finding.fingerprint;
        let new = Known { fingerprint, first_seen: *first_seen, first_period: now.period_start };
        let entry = entries.entry((now.job.to_owned(), fingerprint)).or_insert(new);
        entry.first_seen = entry.first_seen.min(*first_seen);
        entry.first_period = entry.first_period.min(now.period_start);
    }
    entries.into_iter().map(|((job, _), known)| (job, known)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::default() + chrono::TimeDelta::days(20_000 + number * 7)
    }

    /// A life of some findings over weeks: (there, looked at, waived) for each finding and week.
    fn lives() -> impl Strategy<Value = Vec<Vec<(bool, bool, bool)>>> {
        let moment = (any::<bool>(), prop::bool::weighted(0.8), prop::bool::weighted(0.1));
        prop::collection::vec(prop::collection::vec(moment, 6), 1..8)
    }

    proptest! {
        /// Against a plain account of each finding's life, kept apart from the sets of the function.
        #[test]
        fn every_finding_is_told_what_became_of_it(lives in lives()) {
            let mut known = KnownFindings::new();
            let mut standing: Vec<Fingerprint> = Vec::new();
            let mut first: HashMap<usize, NaiveDate> = HashMap::new();
            let mut believed: HashMap<usize, bool> = HashMap::new();
            for week in 0..6 {
                let now = Now { job: "weekly", period_start: day(week), as_of: day(week) };
                let moment = |finding: usize| lives[finding][week as usize];
                // What is not looked at is not found either.
                let found: Vec<usize> = (0..lives.len()).filter(|f| moment(*f).0 && moment(*f).1).collect();
                let current: Vec<Current> = found.iter()
                    .map(|f| Current { fingerprint: Fingerprint(*f as u128 + 1), waived: moment(*f).2 }).collect();
                let before: Vec<Standing> = standing.iter()
                    .map(|print| Standing { fingerprint: *print, looked_at: moment(print.0 as usize - 1).1 }).collect();
                let deltas = diff(&before, &current, &KnownIndex::new(&known), &now);
                let mut told: HashMap<usize, Status> = HashMap::new();
                for (finding, (status, first_seen)) in found.iter().zip(&deltas.current) {
                    let expected_first = *first.entry(*finding).or_insert(now.as_of);
                    prop_assert_eq!(*first_seen, expected_first);
                    told.insert(*finding, *status);
                }
                for (position, status) in &deltas.gone {
                    told.insert(standing[*position].0 as usize - 1, *status);
                }
                for finding in 0..lives.len() {
                    let (there, looked_at, waived) = moment(finding);
                    let was = believed.get(&finding).copied();
                    let expected = match (looked_at, there, was) {
                        (true, true, _) if waived => Some(Status::Waived),
                        (true, true, Some(true)) => Some(Status::Open),
                        (true, true, Some(false)) => Some(Status::Reopened),
                        (true, true, None) => Some(Status::New),
                        (true, false, Some(true)) => Some(Status::Resolved),
                        (false, _, Some(true)) => Some(Status::NotChecked),
                        _ => None,
                    };
                    prop_assert_eq!(told.get(&finding).copied(), expected, "finding {} in week {}", finding, week);
                    if let Some(status) = expected {
                        believed.insert(finding, status.is_standing());
                    }
                }
                standing = (0..lives.len()).filter(|f| believed.get(f) == Some(&true))
                    .map(|f| Fingerprint(f as u128 + 1)).collect();
                known = learn(known, &current, &deltas, &now);
            }
        }

        /// The same findings in the next period: nothing new, nothing resolved.
        #[test]
        fn the_same_again_is_open(prints in prop::collection::hash_set(1_u128..1000, 0..50)) {
            let current: Vec<Current> =
                prints.iter().map(|print| Current { fingerprint: Fingerprint(*print), waived: false }).collect();
            let now = |week| Now { job: "weekly", period_start: day(week), as_of: day(week) };
            let first = diff(&[], &current, &KnownIndex::default(), &now(0));
            prop_assert!(first.current.iter().all(|(status, _)| *status == Status::New));
            let known = learn(KnownFindings::new(), &current, &first, &now(0));
            let standing: Vec<Standing> = current.iter()
                .map(|finding| Standing { fingerprint: finding.fingerprint, looked_at: true }).collect();
            let second = diff(&standing, &current, &KnownIndex::new(&known), &now(1));
            prop_assert!(second.current.iter().all(|delta| *delta == (Status::Open, day(0))));
            prop_assert!(second.gone.is_empty());
        }
    }
}
