//! When each period of a job falls due: its schedule, moved off days on which nobody works, as a moment of its time zone.
//!
//! Apart because a period is due once, however often its schedule names a time in it. It knows no clock and not what has
//! been run.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

use super::Schedule;
use crate::calendar::Calendar;
use crate::model::{Period, PeriodKind};

/// Which period a run reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    /// The one that the day of the run lies in.
    Current,
    /// The one before it.
    Previous,
}

/// What becomes of a job that is due on a day on which nobody works: a holiday or a weekend that is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnHoliday {
    /// It runs.
    #[default]
    Run,
    /// It does not run on such a day; the period is due at its first time on a working day, or not at all.
    Skip,
    /// It runs at the same hour of the next working day.
    NextWorkday,
}

impl OnHoliday {
    /// All of them with the word of the configuration.
    pub const WORDS: [(&'static str, OnHoliday); 3] =
        [("run", OnHoliday::Run), ("skip", OnHoliday::Skip), ("next_workday", OnHoliday::NextWorkday)];
}

/// What a job says about when it runs.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm<'j> {
    /// The times.
    pub schedule: &'j Schedule,
    /// The rhythm of its periods.
    pub period: PeriodKind,
    /// The current period or the one before.
    pub covers: Covers,
    /// What becomes of it on days off.
    pub on_holiday: OnHoliday,
    /// At most so many missed periods are made up for.
    pub catch_up: u64,
}

/// Where days begin, and which of them are worked.
#[derive(Clone, Copy, Debug)]
pub struct Where<'w> {
    /// The company's time zone.
    pub timezone: Tz,
    /// Its working days.
    pub calendar: &'w Calendar,
}

impl Where<'_> {
    /// The day of a moment.
    pub fn day(&self, moment: DateTime<FixedOffset>) -> NaiveDate {
        moment.with_timezone(&self.timezone).date_naive()
    }

    /// The moment of a time by the clock on the wall. One that the clock leaves out is as soon as it goes on; of one
    /// that it shows twice, the first counts (crontab(5) keeps it so for jobs at a fixed hour).
    pub fn moment(&self, at: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
        /// A whole day has been left out where a country changed sides of the date line.
        const LONGEST_GAP: i64 = 26 * 60;
        (0..=LONGEST_GAP).find_map(|minutes| {
            let at = at.checked_add_signed(TimeDelta::minutes(minutes))?;
            Some(self.timezone.from_local_datetime(&at).earliest()?.fixed_offset())
        })
    }
}

impl Rhythm<'_> {
    /// The period that a run on a day reports.
    pub fn period_on(&self, day: NaiveDate) -> Period {
        let current = Period::containing(self.period, day);
        match self.covers {
            Covers::Current => current,
            Covers::Previous => current.previous(),
        }
    }

    /// The days on which a period may fall due, before days off are thought of.
    fn span(&self, period: Period) -> Period {
        match self.covers {
            Covers::Current => period,
            Covers::Previous => period.next(),
        }
    }

    /// When a period falls due; never, where its schedule names no time for it.
    pub fn due_at(&self, period: Period, place: &Where) -> Option<DateTime<FixedOffset>> {
        let span = self.span(period);
        let is_working = |day: NaiveDate| place.calendar.is_working_day(day);
        let at = match self.on_holiday {
            OnHoliday::Run => self.schedule.first_in(span, place.calendar, &|_| true)?,
            OnHoliday::Skip => self.schedule.first_in(span, place.calendar, &is_working)?,
            OnHoliday::NextWorkday => {
                let at = self.schedule.first_in(span, place.calendar, &|_| true)?;
                at.date().iter_days().find(|day| is_working(*day))?.and_time(at.time())
            }
        };
        place.moment(at)
    }

    /// Whether a day lies after the period in which something was due: whoever runs it then is late.
    pub fn is_late(&self, due_on: NaiveDate, day: NaiveDate) -> bool {
        day > Period::containing(self.period, due_on).end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(schedule: &str, covers: Covers, on_holiday: OnHoliday, period: &str, timezone: Tz) -> String {
        let schedule = Schedule::parse(schedule).unwrap_or_else(|error| panic!("{}", error.en));
        let calendar = Calendar::load(None).expect("the built-in calendar");
        let period = Period::parse(period).expect("a period");
        let rhythm = Rhythm { schedule: &schedule, period: period.kind(), covers, on_holiday, catch_up: 4 };
        let due = rhythm.due_at(period, &Where { timezone, calendar: &calendar });
        due.map_or_else(|| "never".to_owned(), |due| due.to_rfc3339())
    }

    #[test]
    fn a_day_off_is_run_on_skipped_or_put_off() {
        use OnHoliday::{NextWorkday, Run, Skip};
        for (schedule, on_holiday, period, at) in [
            // the Monday of the National Day week, off until Wednesday
            ("0 8 * * 1", Run, "2026-W41", "2026-10-05T08:00:00+08:00"),
            ("0 8 * * 1", Skip, "2026-W41", "never"),
            ("0 8 * * 1", NextWorkday, "2026-W41", "2026-10-08T08:00:00+08:00"),
            // several times in a period: the first that is worked
            ("0 8 * * 1-6", Skip, "2026-W41", "2026-10-08T08:00:00+08:00"),
            // two weeks put off to one morning
            ("0 8 * * 1", NextWorkday, "2026-W08", "2026-02-24T08:00:00+08:00"),
            ("0 8 * * 1", NextWorkday, "2026-W09", "2026-02-24T08:00:00+08:00"),
            // an ordinary Sunday is a day off, a Sunday that is worked is none
            ("0 8 * * *", Skip, "2026-11-22", "never"),
            ("0 8 * * *", Skip, "2026-01-04", "2026-01-04T08:00:00+08:00"),
            ("0 8 * * *", Run, "2026-11-22", "2026-11-22T08:00:00+08:00"),
        ] {
            let due = due(schedule, Covers::Current, on_holiday, period, chrono_tz::Asia::Shanghai);
            assert_eq!(due, at, "{schedule} {on_holiday:?} {period}");
        }
    }

    #[test]
    fn the_previous_period_is_due_in_the_next() {
        for (schedule, period, at) in [
            ("0 8 8 1,4,7,10 *", "2026Q3", "2026-10-08T08:00:00+08:00"),
            ("quarter-end + 5 workdays", "2026Q3", "2026-10-13T08:00:00+08:00"),
            ("0 8 1 * *", "2026-10", "2026-11-01T08:00:00+08:00"),
            ("week-end + 1 workday at 9:00", "2026-W07", "2026-02-24T09:00:00+08:00"),
            ("week-end + 1 workday at 9:00", "2026-W08", "2026-02-24T09:00:00+08:00"),
        ] {
            let due = due(schedule, Covers::Previous, OnHoliday::Run, period, chrono_tz::Asia::Shanghai);
            assert_eq!(due, at, "{schedule} {period}");
        }
    }

    #[test]
    fn the_clock_leaves_out_an_hour_and_shows_one_twice() {
        use chrono_tz::{America::New_York, Europe::Berlin, Pacific::Apia};
        for (schedule, period, timezone, at) in [
            ("30 2 * * *", "2026-03-28", Berlin, "2026-03-28T02:30:00+01:00"),
            // from two to three there is nothing: as soon as the clock goes on
            ("30 2 * * *", "2026-03-29", Berlin, "2026-03-29T03:00:00+02:00"),
            ("0 2 * * *", "2026-03-29", Berlin, "2026-03-29T03:00:00+02:00"),
            ("30 3 * * *", "2026-03-29", Berlin, "2026-03-29T03:30:00+02:00"),
            // from two to three twice: once, the first time
            ("30 2 * * *", "2026-10-25", Berlin, "2026-10-25T02:30:00+02:00"),
            ("30 1 * * *", "2026-11-01", New_York, "2026-11-01T01:30:00-04:00"),
            // the day that Samoa never had
            ("0 8 * * *", "2011-12-30", Apia, "2011-12-31T00:00:00+14:00"),
        ] {
            let due = due(schedule, Covers::Current, OnHoliday::Run, period, timezone);
            assert_eq!(due, at, "{schedule} {period} {timezone}");
        }
    }

    #[test]
    fn late_is_after_the_period_in_which_it_was_due() {
        let schedule = Schedule::parse("0 8 * * 1").expect("a schedule");
        let rhythm = Rhythm {
            schedule: &schedule,
            period: PeriodKind::Week,
            covers: Covers::Previous,
            on_holiday: OnHoliday::Run,
            catch_up: 0,
        };
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day");
        assert!(!rhythm.is_late(day("2026-11-16"), day("2026-11-22")));
        assert!(rhythm.is_late(day("2026-11-16"), day("2026-11-23")));
        assert_eq!(rhythm.period_on(day("2026-11-22")).to_string(), "2026-W46");
    }
}
