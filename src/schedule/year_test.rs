//! A year of a machine that is off for days, whose clock jumps and whose runs fail, against a plain table of due times.
//!
//! Apart because the oracle is written a second time, as simply as can be: every day is asked whether the job fires on
//! it, by another program's reading of crontab lines; a moment is the first minute at which the clock on the wall shows
//! that time or a later one. Chance comes from the seed that a failure prints.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use croner::Cron;
use proptest::prelude::*;

use super::agenda::{Run, coming, waiting};
use super::{Covers, OnHoliday, Rhythm, Schedule, Where};
use crate::calendar::Calendar;
use crate::model::{Period, PeriodKind};

/// Marsaglia's xorshift: enough to choose moments.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// Whether words fire on a day: the day whose period they belong to.
type Fires = fn(NaiveDate, &Calendar) -> Option<NaiveDate>;

fn monthly_last(day: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    let later = day.iter_days().skip(1).take_while(|later| later.month() == day.month());
    (calendar.is_working_day(day) && !later.into_iter().any(|later| calendar.is_working_day(later))).then_some(day)
}

fn weekly_first(day: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    let earlier = (1..=u64::from(day.weekday().num_days_from_monday())).map(|back| day - Days::new(back));
    (calendar.is_working_day(day) && !earlier.into_iter().any(|earlier| calendar.is_working_day(earlier)))
        .then_some(day)
}

fn every_workday(day: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    calendar.is_working_day(day).then_some(day)
}

/// The fifth working day since a quarter began belongs to the day on which it began.
fn fifth_of_quarter(day: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    let start = NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?;
    let worked =
        start.iter_days().take_while(|other| *other <= day).filter(|day| calendar.is_working_day(*day)).count();
    (worked == 5 && calendar.is_working_day(day)).then_some(start)
}

/// The schedules: written, the kind of period, what it covers; of words, when they fire and at which hour.
type Job = (&'static str, PeriodKind, Covers, Option<(Fires, u32)>);
const JOBS: [Job; 11] = [
    ("0 8 * * 1", PeriodKind::Week, Covers::Current, None),
    ("*/30 9-17 * * 1-5", PeriodKind::Day, Covers::Current, None),
    ("30 2 * * *", PeriodKind::Day, Covers::Previous, None),
    ("0 8 13 * 5", PeriodKind::Week, Covers::Previous, None),
    ("15 6 1,15 * *", PeriodKind::Month, Covers::Current, None),
    ("0 8 8 1,4,7,10 *", PeriodKind::Quarter, Covers::Previous, None),
    ("59 23 31 12 *", PeriodKind::Year, Covers::Current, None),
    ("first workday of week at 8:00", PeriodKind::Week, Covers::Current, Some((weekly_first, 8))),
    ("last workday of month at 17:00", PeriodKind::Month, Covers::Current, Some((monthly_last, 17))),
    ("every workday at 7:00", PeriodKind::Day, Covers::Current, Some((every_workday, 7))),
    ("quarter-end + 5 workdays", PeriodKind::Quarter, Covers::Previous, Some((fifth_of_quarter, 8))),
];
const ZONES: [Tz; 4] = [
    chrono_tz::Asia::Shanghai,
    chrono_tz::Europe::Berlin,
    chrono_tz::America::New_York,
    chrono_tz::Australia::Lord_Howe,
];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The first time of a day at which a job fires, and the day that it belongs to.
fn fires(job: &Job, on: NaiveDate, calendar: &Calendar) -> Option<(NaiveDate, NaiveTime)> {
    let (written, _, _, words) = job;
    if let Some((fires, hour)) = words {
        return Some((fires(on, calendar)?, NaiveTime::from_hms_opt(*hour, 0, 0)?));
    }
    let midnight: DateTime<Utc> = on.and_hms_opt(0, 0, 0)?.and_utc();
    let at = Cron::from_str(written).expect("a line").find_next_occurrence(&midnight, true).ok()?.naive_utc();
    (at.date() == on).then_some((on, at.time()))
}

/// The first minute at which the clock on the wall shows a time or a later one.
fn reached(on: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let wanted = on.and_time(time);
    let from = Utc.from_utc_datetime(&wanted) - TimeDelta::hours(16);
    let mut minutes = (0..).map(|minutes| from + TimeDelta::minutes(minutes));
    minutes.find(|moment| moment.with_timezone(&zone).naive_local() >= wanted).expect("a minute")
}

/// When each period is due, the oldest first.
fn table(job: &Job, on_holiday: OnHoliday, calendar: &Calendar, zone: Tz) -> Vec<(Period, DateTime<Utc>)> {
    let (_, kind, covers, _) = job;
    let mut first: BTreeMap<NaiveDate, (Period, NaiveDate, NaiveTime)> = BTreeMap::new();
    for on in day("2024-06-01").iter_days().take_while(|on| *on < day("2028-06-01")) {
        let Some((belongs, time)) = fires(job, on, calendar) else { continue };
        let mut run_on = on;
        if !calendar.is_working_day(on) {
            match on_holiday {
                OnHoliday::Run => {}
                OnHoliday::Skip => continue,
                OnHoliday::NextWorkday => {
                    while !calendar.is_working_day(run_on) {
                        run_on = run_on.succ_opt().expect("a day");
                    }
                }
            }
        }
        let current = Period::containing(*kind, belongs);
        let period = if *covers == Covers::Previous { current.previous() } else { current };
        first.entry(period.start()).or_insert((period, run_on, time));
    }
    first.into_values().map(|(period, on, time)| (period, reached(on, time, zone))).collect()
}

/// What is to be run by the table, of what has fallen due since the first run and is not done: what is in time always, of
/// what is late the last few.
fn expected(
    table: &[(Period, DateTime<Utc>)],
    done: &BTreeSet<NaiveDate>,
    first: Option<NaiveDate>,
    catch_up: usize,
    (now, zone): (DateTime<Utc>, Tz),
) -> Vec<(Period, DateTime<Utc>)> {
    let due: Vec<_> = table
        .iter()
        .filter(|(period, at)| *at <= now && first.is_none_or(|first| period.start() >= first))
        .copied()
        .collect();
    let Some((newest, newest_at)) = due.last() else { return Vec::new() };
    if first.is_none() {
        return vec![(*newest, *newest_at)];
    }
    let today = now.with_timezone(&zone).date_naive();
    let in_time_until =
        |at: &DateTime<Utc>| Period::containing(newest.kind(), at.with_timezone(&zone).date_naive()).end();
    let (late, in_time): (Vec<_>, Vec<_>) = due.iter().copied().partition(|(_, at)| today > in_time_until(at));
    let looked_at = late.iter().skip(late.len().saturating_sub(catch_up)).chain(&in_time);
    looked_at.filter(|(period, _)| !done.contains(&period.start())).copied().collect()
}

/// How the machine fares.
struct Fate {
    /// The longest time that it is off, in days.
    longest_outage: u64,
    catch_up: u64,
}

/// One year of a job; how many steps it took and how many periods were run.
fn year(job: &Job, on_holiday: OnHoliday, zone: Tz, fate: &Fate, seed: u64) -> (usize, usize) {
    let calendar = Calendar::load(None).expect("the built-in calendar");
    let schedule = Schedule::parse(job.0).unwrap_or_else(|error| panic!("{}", error.en));
    let (_, period, covers, _) = *job;
    let rhythm = Rhythm { schedule: &schedule, period, covers, on_holiday, catch_up: fate.catch_up };
    let place = Where { timezone: zone, calendar: &calendar };
    let table = table(job, on_holiday, &calendar, zone);
    let mut chance = Chance(seed | 1);
    let mut moment: DateTime<Utc> = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).single().expect("a moment");
    let end = Utc.with_ymd_and_hms(2027, 1, 5, 0, 0, 0).single().expect("a moment");
    let mut runs: Vec<Run> = Vec::new();
    let mut done = BTreeSet::new();
    let (mut steps, mut caught_up) = (0, moment);
    while moment < end {
        steps += 1;
        // Once in a while the clock is minutes, days or years off for as long as it takes to run.
        let off = match chance.below(40) {
            0 if !runs.is_empty() => TimeDelta::minutes(chance.below(60 * 24 * 40) as i64),
            1 if !runs.is_empty() => -TimeDelta::minutes(chance.below(60 * 24 * 40) as i64),
            2 if !runs.is_empty() => -TimeDelta::days(365 * 20),
            _ => TimeDelta::zero(),
        };
        let shown = moment + off;
        let now: DateTime<FixedOffset> = shown.with_timezone(&zone).fixed_offset();
        let first = runs.first().map(|run| run.period.start().min(rhythm.period_on(run.as_of).start()));
        let wanted = expected(&table, &done, first, fate.catch_up as usize, (shown, zone));
        let found = waiting(&rhythm, &place, &runs, now);
        let told: Vec<_> = found.entries.iter().map(|entry| (entry.period, entry.due_at.to_utc())).collect();
        assert_eq!(told, wanted, "{} {on_holiday:?} {zone} seed {seed} at {now}", job.0);
        // Not every run is committed, and the machine may go down between two.
        let mut breaks_off = false;
        for entry in found.entries {
            breaks_off = chance.once_in(10);
            if breaks_off {
                break;
            }
            assert!(done.insert(entry.period.start()), "{} twice, seed {seed}", entry.period);
            runs.push(Run { period: entry.period, as_of: place.day(now) });
        }
        if off.is_zero() && !breaks_off {
            caught_up = moment;
        }
        if steps % 50 == 0 {
            // The table ends in 2028.
            let in_table = |at: &DateTime<Utc>| at.year() < 2028;
            let next = coming(&rhythm, &place, &runs, now, 3);
            let next: Vec<_> = next.iter().take(3).map(|entry| entry.due_at.to_utc()).filter(in_table).collect();
            let by_table = table.iter().map(|(_, at)| *at).filter(|at| *at > shown).take(3);
            let by_table: Vec<_> = by_table.filter(in_table).collect();
            if shown.year() > 2024 {
                assert_eq!(next, by_table, "{} {on_holiday:?} {zone} seed {seed} at {now}", job.0);
            }
        }
        let minutes =
            if chance.once_in(100) { chance.below(fate.longest_outage * 24 * 60) } else { 10 + chance.below(300) };
        moment += TimeDelta::minutes(minutes as i64);
    }
    let first = runs.iter().map(|run| run.period.start()).min().expect("a run");
    if fate.catch_up >= 100 {
        for (period, _) in table.iter().filter(|(period, at)| period.start() >= first && *at <= caught_up) {
            assert!(done.contains(&period.start()), "{} {on_holiday:?} {zone} seed {seed}: {period} is lost", job.0);
        }
    }
    (steps, runs.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    /// Whatever happens, what is run is what the table says, and nothing twice.
    #[test]
    fn a_year_of_outages_runs_what_the_table_says(
        job in 0..JOBS.len(), holiday in 0..3usize, zone in 0..ZONES.len(), catch_up in 0u64..9, seed: u64,
    ) {
        let (_, on_holiday) = OnHoliday::WORDS[holiday];
        // How many steps a year takes is chance: many outages make few steps, and none is wrong for it.
        year(&JOBS[job], on_holiday, ZONES[zone], &Fate { longest_outage: 40, catch_up }, seed);
    }
}

/// With all made up for, every period of the year has one run, whatever the job and the days off.
#[test]
fn each_period_of_a_year_is_run_exactly_once() {
    let (mut all_steps, mut all_runs) = (0, 0);
    for (number, job) in JOBS.iter().enumerate() {
        for (place, (_, on_holiday)) in OnHoliday::WORDS.into_iter().enumerate() {
            let zone = ZONES[(number + place) % ZONES.len()];
            let fate = Fate { longest_outage: 30, catch_up: 100 };
            let (steps, runs) = year(job, on_holiday, zone, &fate, 0x5eed + number as u64 * 3 + place as u64);
            (all_steps, all_runs) = (all_steps + steps, all_runs + runs);
        }
    }
    assert!(all_steps > 20_000 && all_runs > 2_000, "{all_steps} steps, {all_runs} runs");
}
