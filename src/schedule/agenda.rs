//! What of a job has fallen due and was not run, and what comes next.
//!
//! Apart because it must hold whatever the machine went through: it is decided anew each time, of the periods alone that
//! have been run, so that nothing has to be remembered that could be wrong. It knows no store and no clock.
//!
//! The rule. Of the periods that have fallen due, those that are still in time, however many days off put off to one
//! morning, and before them as many late ones as `catch_up` says are looked at, and none before the first that was ever
//! run; those of them that have no run are to be run, the oldest first. A job that never ran starts with the latest. So a
//! clock that went back finds everything run already, one that went ahead runs at most these few, and what is left behind
//! after a long outage stays behind.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, FixedOffset, NaiveDate};

use super::rhythm::{Rhythm, Where};
use crate::model::Period;

/// A schedule that has named no time in so many days names none: a leap day lies at most eight years off.
const LONGEST_WAIT: u64 = 9 * 366;
/// Days off and working days to be counted put a due time off by less than this.
const LONGEST_DELAY: u64 = 150;

/// A run that was committed: what its job remembers of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The period.
    pub period: Period,
    /// Its as-of date.
    pub as_of: NaiveDate,
}

/// How a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has been run.
    Done,
    /// It has fallen due and was not run, and the period in which it was due is over.
    Late,
    /// It has fallen due and was not run.
    Due,
    /// It falls due later.
    Planned,
}

impl Standing {
    /// The word for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Done => "done",
            Standing::Late => "late",
            Standing::Due => "due",
            Standing::Planned => "planned",
        }
    }
}

/// A period of a job, and when it falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The period.
    pub period: Period,
    /// When it falls due.
    pub due_at: DateTime<FixedOffset>,
    /// How it stands.
    pub standing: Standing,
}

/// What of a job has fallen due and was not run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// What is to be run, the oldest first.
    pub entries: Vec<Entry>,
    /// Missed periods right before them, which are not made up for.
    pub given_up: u64,
    /// The first and the last of those.
    pub left_behind: Option<(Period, Period)>,
    /// The last that was run.
    pub last: Option<Entry>,
}

/// What of a job has fallen due by a moment and was not run; its runs are given in the order in which they were made.
pub fn waiting(rhythm: &Rhythm, place: &Where, runs: &[Run], now: DateTime<FixedOffset>) -> Waiting {
    let today = place.day(now);
    let done = done(rhythm, runs);
    // An old period that somebody runs later on begins nothing, for nobody waits for those after it; and one that was run
    // ahead of its time is no reason to leave out those before it.
    let first = runs.iter().find(|run| run.period.kind() == rhythm.period);
    let first = first.map(|run| run.period.start().min(rhythm.period_on(run.as_of).start()));
    let earliest = first.unwrap_or_else(|| today.checked_sub_days(Days::new(LONGEST_WAIT)).unwrap_or_default());
    let mut waiting = Waiting::default();
    let (mut left, mut is_last_missing) = (rhythm.catch_up, false);
    let mut period = rhythm.period_on(today);
    while period.start() >= earliest {
        if let Some(due_at) = rhythm.due_at(period, place).filter(|due_at| *due_at <= now) {
            let is_late = rhythm.is_late(place.day(due_at), today);
            let is_done = done.contains(&period.start());
            // A job that never ran starts with its latest due period, however long ago that was.
            if is_late && left == 0 && first.is_some() {
                // What was left behind earlier has been told when its neighbours were made up for.
                if is_done || !is_last_missing {
                    break;
                }
                waiting.given_up += 1;
                let latest = waiting.left_behind.map_or(period, |(_, latest)| latest);
                waiting.left_behind = Some((period, latest));
            } else if is_done {
                let entry = Entry { period, due_at, standing: Standing::Done };
                waiting.last.get_or_insert(entry);
            } else {
                let standing = if is_late { Standing::Late } else { Standing::Due };
                waiting.entries.push(Entry { period, due_at, standing });
            }
            if first.is_none() {
                break;
            }
            if waiting.given_up == 0 {
                (left, is_last_missing) = (left - u64::from(is_late), !is_done);
            }
        }
        period = period.previous();
    }
    waiting.entries.reverse();
    waiting
}

/// The next so many times of a job after a moment; and among them those that were run ahead of their time.
pub fn coming(rhythm: &Rhythm, place: &Where, runs: &[Run], now: DateTime<FixedOffset>, count: usize) -> Vec<Entry> {
    let today = place.day(now);
    let done = done(rhythm, runs);
    let shifted =
        |days: u64| (today.checked_sub_days(Days::new(LONGEST_DELAY)), today.checked_add_days(Days::new(days)));
    let (Some(from), Some(to)) = shifted(LONGEST_WAIT) else { return Vec::new() };
    let (mut entries, mut left) = (Vec::new(), count);
    let mut period = rhythm.period_on(from);
    while left > 0 && period.start() <= to {
        if let Some(due_at) = rhythm.due_at(period, place).filter(|due_at| *due_at > now) {
            let standing = if done.contains(&period.start()) { Standing::Done } else { Standing::Planned };
            left -= usize::from(standing == Standing::Planned);
            entries.push(Entry { period, due_at, standing });
        }
        period = period.next();
    }
    entries
}

/// The first days of the periods that have been run in the rhythm that the job has now.
fn done(rhythm: &Rhythm, runs: &[Run]) -> BTreeSet<NaiveDate> {
    runs.iter().filter(|run| run.period.kind() == rhythm.period).map(|run| run.period.start()).collect()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::super::{Covers, OnHoliday, Schedule};
    use super::*;
    use crate::calendar::Calendar;
    use crate::model::PeriodKind;

    /// A job of Mondays at eight, asked by the clock of Shanghai.
    struct Mondays {
        schedule: Schedule,
        calendar: Calendar,
        on_holiday: OnHoliday,
        catch_up: u64,
    }

    impl Mondays {
        fn new(catch_up: u64) -> Self {
            Self {
                schedule: Schedule::parse("0 8 * * 1").expect("a schedule"),
                calendar: Calendar::load(None).expect("the built-in calendar"),
                on_holiday: OnHoliday::Run,
                catch_up,
            }
        }

        fn rhythm(&self) -> Rhythm<'_> {
            Rhythm {
                schedule: &self.schedule,
                period: PeriodKind::Week,
                covers: Covers::Current,
                on_holiday: self.on_holiday,
                catch_up: self.catch_up,
            }
        }

        fn waiting(&self, done: &[&str], now: &str) -> Waiting {
            let place = Where { timezone: Shanghai, calendar: &self.calendar };
            waiting(&self.rhythm(), &place, &runs(done), moment(now))
        }

        /// What is to be run, and how many are given up.
        fn told(&self, done: &[&str], now: &str) -> (Vec<String>, u64) {
            let waiting = self.waiting(done, now);
            (
                waiting.entries.iter().map(|entry| format!("{} {}", entry.period, entry.standing.as_str())).collect(),
                waiting.given_up,
            )
        }
    }

    fn moment(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).expect("a moment")
    }

    fn runs(periods: &[&str]) -> Vec<Run> {
        let run = |text: &&str| {
            let period = Period::parse(text).expect("a period");
            Run { period, as_of: period.start() }
        };
        periods.iter().map(run).collect()
    }

    fn list(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    #[test]
    fn a_job_that_never_ran_starts_with_its_latest_due_period() {
        let job = Mondays::new(4);
        assert_eq!(job.told(&[], "2026-11-16T07:59"), (list(&["2026-W46 late"]), 0));
        assert_eq!(job.told(&[], "2026-11-16T08:00"), (list(&["2026-W47 due"]), 0));
        assert_eq!(job.told(&[], "2026-11-22T23:59"), (list(&["2026-W47 due"]), 0));
        // also where nothing is made up for
        assert_eq!(Mondays::new(0).told(&[], "2026-11-16T07:59"), (list(&["2026-W46 late"]), 0));
        // another rhythm of the same name is another job
        assert_eq!(job.told(&["2026-10", "2026-11"], "2026-11-16T08:00"), (list(&["2026-W47 due"]), 0));
    }

    #[test]
    fn what_was_missed_comes_the_oldest_first_and_no_more_than_asked_for() {
        let job = Mondays::new(4);
        assert_eq!(
            job.told(&["2026-W44"], "2026-11-16T08:10"),
            (list(&["2026-W45 late", "2026-W46 late", "2026-W47 due"]), 0)
        );
        let late = list(&["2026-W43 late", "2026-W44 late", "2026-W45 late", "2026-W46 late", "2026-W47 due"]);
        assert_eq!(job.told(&["2026-W40"], "2026-11-16T08:10"), (late.clone(), 2));
        // the week's own time has not come yet: four missed ones, the first of those above is given up already
        assert_eq!(
            job.told(&["2026-W40"], "2026-11-16T07:50"),
            (list(&["2026-W43 late", "2026-W44 late", "2026-W45 late", "2026-W46 late"]), 2)
        );
        // what is left behind stays behind
        let done = ["2026-W40", "2026-W43", "2026-W44", "2026-W45", "2026-W46"];
        assert_eq!(job.told(&done, "2026-11-16T08:10"), (list(&["2026-W47 due"]), 0));
        assert_eq!(job.told(&[&done[..], &["2026-W47"]].concat(), "2026-11-23T07:59"), (list(&[]), 0));
        assert_eq!(Mondays::new(0).told(&["2026-W40"], "2026-11-16T08:10"), (list(&["2026-W47 due"]), 6));
        assert_eq!(Mondays::new(0).told(&["2026-W40"], "2026-11-16T07:50"), (list(&[]), 0));
    }

    #[test]
    fn a_run_by_hand_leaves_no_hole() {
        let job = Mondays::new(4);
        assert_eq!(
            job.told(&["2026-W44", "2026-W47"], "2026-11-16T08:10"),
            (list(&["2026-W45 late", "2026-W46 late"]), 0)
        );
        // made ahead of its time: the weeks before it are due as ever
        let ahead =
            Run { period: Period::parse("2026-W52").expect("a period"), as_of: "2026-11-10".parse().expect("a day") };
        let place = Where { timezone: Shanghai, calendar: &job.calendar };
        let waiting = waiting(&job.rhythm(), &place, &[ahead], moment("2026-11-16T08:10"));
        let periods: Vec<String> = waiting.entries.iter().map(|entry| entry.period.to_string()).collect();
        assert_eq!(periods, ["2026-W46", "2026-W47"]);
    }

    #[test]
    fn a_clock_that_went_back_finds_nothing_to_do() {
        let job = Mondays::new(4);
        let done = ["2026-W45", "2026-W46", "2026-W47"];
        for now in ["2026-11-16T07:00", "2026-10-01T00:00", "2000-01-01T00:00", "1970-01-01T08:00"] {
            assert_eq!(job.told(&done, now), (list(&[]), 0), "{now}");
        }
    }

    #[test]
    fn two_weeks_put_off_to_one_morning_are_both_in_time() {
        let job = Mondays { on_holiday: OnHoliday::NextWorkday, ..Mondays::new(4) };
        assert_eq!(job.told(&["2026-W07"], "2026-02-24T07:59"), (list(&[]), 0));
        assert_eq!(job.told(&["2026-W07"], "2026-02-24T08:00"), (list(&["2026-W08 due", "2026-W09 due"]), 0));
        assert_eq!(job.told(&["2026-W07"], "2026-03-02T07:59"), (list(&["2026-W08 late", "2026-W09 late"]), 0));
        let skipping = Mondays { on_holiday: OnHoliday::Skip, ..Mondays::new(4) };
        assert_eq!(skipping.told(&["2026-W07"], "2026-02-28T08:00"), (list(&[]), 0));
    }

    #[test]
    fn what_was_put_off_to_one_morning_is_not_missed() {
        // nothing is made up for, and nothing has to be: both weeks are due on the first morning after Spring Festival
        let job = Mondays { on_holiday: OnHoliday::NextWorkday, ..Mondays::new(0) };
        assert_eq!(job.told(&["2026-W07"], "2026-02-24T08:00"), (list(&["2026-W08 due", "2026-W09 due"]), 0));
        assert_eq!(job.told(&["2026-W06"], "2026-02-24T08:00"), (list(&["2026-W08 due", "2026-W09 due"]), 1));
        // a week of National Day, day by day
        let daily = Schedule::parse("0 8 * * *").expect("a schedule");
        let rhythm = Rhythm {
            schedule: &daily,
            period: PeriodKind::Day,
            covers: Covers::Current,
            on_holiday: OnHoliday::NextWorkday,
            catch_up: 4,
        };
        let place = Where { timezone: Shanghai, calendar: &job.calendar };
        let waiting = waiting(&rhythm, &place, &runs(&["2026-09-30"]), moment("2026-10-08T08:00"));
        let told: Vec<String> =
            waiting.entries.iter().map(|entry| format!("{} {}", entry.period, entry.standing.as_str())).collect();
        assert_eq!(told, (1..=8).map(|day| format!("2026-10-{day:02} due")).collect::<Vec<_>>());
        assert_eq!(waiting.given_up, 0);
    }

    #[test]
    fn an_old_week_run_by_hand_begins_nothing() {
        let job = Mondays::new(4);
        let place = Where { timezone: Shanghai, calendar: &job.calendar };
        let run = |period: &str| Run {
            period: Period::parse(period).expect("a period"),
            as_of: "2026-11-25".parse().expect("a day"),
        };
        let told = |runs: &[Run]| waiting(&job.rhythm(), &place, runs, moment("2026-11-30T08:00")).entries;
        let entries = told(&[run("2026-W48"), run("2026-W01")]);
        assert_eq!(entries.iter().map(|entry| entry.period.to_string()).collect::<Vec<_>>(), ["2026-W49"]);
    }

    #[test]
    fn what_is_left_behind_is_named_from_the_first_to_the_last() {
        let waiting = Mondays::new(4).waiting(&["2026-W40"], "2026-11-16T08:10");
        let behind = waiting.left_behind.map(|(first, last)| format!("{first} {last}"));
        assert_eq!(behind.as_deref(), Some("2026-W41 2026-W42"));
    }

    #[test]
    fn the_next_times_begin_with_what_is_put_off() {
        let job = Mondays { on_holiday: OnHoliday::NextWorkday, ..Mondays::new(4) };
        let place = Where { timezone: Shanghai, calendar: &job.calendar };
        let coming = coming(&job.rhythm(), &place, &runs(&["2026-W07", "2026-W10"]), moment("2026-02-23T09:00"), 3);
        let told: Vec<String> = coming
            .iter()
            .map(|entry| format!("{} {} {}", entry.period, entry.due_at.format("%F %H:%M"), entry.standing.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                "2026-W08 2026-02-24 08:00 planned",
                "2026-W09 2026-02-24 08:00 planned",
                "2026-W10 2026-03-02 08:00 done",
                "2026-W11 2026-03-09 08:00 planned"
            ]
        );
        let last = job.waiting(&["2026-W06", "2026-W07"], "2026-02-12T00:00").last.expect("the last run");
        assert_eq!(last.period.to_string(), "2026-W07");
    }
}
