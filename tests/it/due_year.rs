//! A year of `hedui due` at random moments: a machine that is off for days and weeks, a clock that jumps, against a plain
//! table of due times made here from the State Council's days.
//!
//! Apart because it plays with chance: the seed is printed, HEDUI_SEED repeats it, HEDUI_STEPS asks for more than the
//! usual few tens.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};

use crate::due::{job, ran, workplace};
use crate::faked_clock::{hedui_at, in_china};
use crate::python::root;
use crate::workplace::Workplace;

const CATCH_UP: usize = 4;

/// Marsaglia's xorshift: enough to choose moments.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % limit).expect("small")
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Days off and weekend days worked, as the calendar's files have them.
struct Days {
    off: BTreeSet<String>,
    work: BTreeSet<String>,
}

impl Days {
    fn read() -> Self {
        let mut days = Self { off: BTreeSet::new(), work: BTreeSet::new() };
        for year in ["2025", "2026"] {
            let text = std::fs::read_to_string(root().join(format!("calendar/cn-{year}.toml"))).expect("a calendar");
            let table: toml::Table = text.parse().expect("TOML");
            let day = |value: &toml::Value| value.as_str().expect("a day").to_owned();
            let list = |key: &str| table[key].as_array().expect("dates").iter().map(day).collect::<Vec<_>>();
            days.off.extend(list("off"));
            days.work.extend(list("work"));
        }
        days
    }

    fn is_worked(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.work.contains(&day.to_string()) || !weekend && !self.off.contains(&day.to_string())
    }
}

/// A period in the table: its name, its first day, when it is due, and the last day on which that is in time.
struct Row {
    name: String,
    start: NaiveDate,
    due: DateTime<Utc>,
    in_time_until: NaiveDate,
}

fn at(day: NaiveDate, time: &str) -> DateTime<Utc> {
    in_china(&format!("{day} {time}"))
}

/// Weeks, due on Monday at eight or on the next day that is worked.
fn weeks(days: &Days) -> Vec<Row> {
    let monday: NaiveDate = "2025-12-01".parse().expect("a day");
    monday
        .iter_weeks()
        .take(70)
        .map(|monday| {
            let day = monday.iter_days().find(|day| days.is_worked(*day)).expect("a working day");
            let week = monday.iso_week();
            let name = format!("weekly {}-W{:02}", week.year(), week.week());
            let sunday = day.week(Weekday::Mon).last_day();
            Row { name, start: monday, due: at(day, "08:00"), in_time_until: sunday }
        })
        .collect()
}

/// Months, due at nine on the third working day of the next.
fn months(days: &Days) -> Vec<Row> {
    let first: NaiveDate = "2025-10-01".parse().expect("a day");
    let firsts: Vec<NaiveDate> =
        (0..18).filter_map(|months| first.checked_add_months(chrono::Months::new(months))).collect();
    firsts
        .windows(3)
        .map(|firsts| {
            let day = firsts[1].iter_days().filter(|day| days.is_worked(*day)).nth(2).expect("a third working day");
            let name = format!("monthly {}", firsts[0].format("%Y-%m"));
            let last = firsts[2].pred_opt().expect("a day before");
            Row { name, start: firsts[0], due: at(day, "09:00"), in_time_until: last }
        })
        .collect()
}

/// What is run of a table at a moment, the oldest first: what is due in time always, of what is late the last few.
fn expected<'t>(table: &'t [Row], done: &[String], now: DateTime<Utc>) -> Vec<&'t Row> {
    let is_done = |row: &Row| done.contains(&row.name);
    let first = table.iter().find(|row| is_done(row));
    let due: Vec<&Row> =
        table.iter().filter(|row| row.due <= now && first.is_none_or(|first| row.start >= first.start)).collect();
    let Some(newest) = due.last() else { return Vec::new() };
    if first.is_none() {
        return vec![newest];
    }
    let today = (now + TimeDelta::hours(8)).date_naive();
    let (late, in_time): (Vec<&Row>, Vec<&Row>) = due.iter().partition(|row| today > row.in_time_until);
    let looked_at = late.iter().skip(late.len().saturating_sub(CATCH_UP)).chain(&in_time);
    looked_at.filter(|row| !is_done(row)).copied().collect()
}

fn step(workplace: &Workplace, tables: &[Vec<Row>], done: &mut Vec<String>, now: DateTime<Utc>, seed: u64) {
    let mut wanted: Vec<&Row> = tables.iter().flat_map(|table| expected(table, done, now)).collect();
    wanted.sort_by_key(|row| row.due);
    hedui_at(workplace, now, &["due", "--quiet"]).exits(0);
    done.extend(wanted.into_iter().map(|row| row.name.clone()));
    assert_eq!(&ran(workplace), done, "HEDUI_SEED={seed}, at {now}");
}

#[test]
fn a_year_of_outages_and_clocks_that_jump() {
    let from_clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = number("HEDUI_SEED").unwrap_or_else(from_clock);
    let steps = number("HEDUI_STEPS").unwrap_or(40);
    println!("HEDUI_SEED={seed} HEDUI_STEPS={steps}");
    let mut chance = Chance(seed | 1);
    let workplace = workplace(
        &[
            job("weekly", &format!("schedule = \"0 8 * * 1\"\non_holiday = \"next_workday\"\ncatch_up = {CATCH_UP}")),
            job("monthly", "schedule = \"month-end + 3 workdays at 9:00\"\nperiod = \"month\"\ncovers = \"previous\""),
        ]
        .concat(),
    );
    let days = Days::read();
    let tables = [weeks(&days), months(&days)];
    let mut done = Vec::new();
    let mut now = in_china("2026-01-01 06:00");
    let end = in_china("2026-12-24 00:00");
    step(&workplace, &tables, &mut done, now, seed);
    let pace = (end - now).num_minutes() / i64::try_from(steps).expect("small");
    while now < end {
        // mostly hours or days, now and then weeks
        let minutes = match chance.below(8) {
            0 => chance.below(5 * 7 * 24 * 60),
            _ => 10 + chance.below(u64::try_from(pace * 3 / 2).expect("positive")),
        };
        now += TimeDelta::minutes(minutes);
        if chance.below(8) == 0 {
            let off = [-365 * 24 * 60 * 8, -chance.below(30 * 24 * 60), chance.below(20 * 24 * 60)];
            let shown = now + TimeDelta::minutes(off[usize::try_from(chance.below(3)).expect("small")]);
            if shown < end {
                step(&workplace, &tables, &mut done, shown, seed);
            }
        }
        if now < end {
            step(&workplace, &tables, &mut done, now, seed);
        }
    }
    // a cron that comes every ten minutes around a due time
    let monday = in_china("2026-12-28 07:50");
    for minutes in [0, 9, 10, 11, 20] {
        step(&workplace, &tables, &mut done, monday + TimeDelta::minutes(minutes), seed);
    }
    assert!(done.contains(&"weekly 2026-W53".to_owned()), "{done:?}");
    assert!(done.len() > 20, "{done:?}");
}
