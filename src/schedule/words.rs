//! Schedules in words: `first workday of week at 8:00`, `quarter-end + 5 workdays`.
//!
//! Apart because no crontab line can say them: they hang on the company's working days. They tell days by the calendar
//! that they are given, and know no time zone, no clock and no job.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use crate::calendar::Calendar;
use crate::model::{Period, PeriodKind};
use crate::text;
use crate::text::Text;

const UNITS: [(&str, PeriodKind); 4] = [
    ("week", PeriodKind::Week),
    ("month", PeriodKind::Month),
    ("quarter", PeriodKind::Quarter),
    ("year", PeriodKind::Year),
];
const ORDINALS: [(&str, Place); 4] =
    [("first", Place::Nth(1)), ("second", Place::Nth(2)), ("third", Place::Nth(3)), ("last", Place::Last)];
/// Further away from the end of a unit nobody means it, and a search for it would have to look far.
const FURTHEST: u64 = 60;
/// The time of day where none is written.
const USUAL_HOUR: u32 = 8;

/// A schedule in words.
#[derive(Clone, Debug)]
pub struct Words {
    written: String,
    days: WorkDays,
    time: NaiveTime,
}

/// Which days are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WorkDays {
    /// `every workday`
    Every,
    /// `first workday of month`, `3rd workday of quarter`, `last workday of week`
    Of(PeriodKind, Place),
    /// `quarter-end`, `quarter-end - 3 days`: counted back from the last day, within the unit
    Before(PeriodKind, Step),
    /// `quarter-end + 5 workdays`: counted from the last day, which does not count
    After(PeriodKind, Step),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Nth(u64),
    Last,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    count: u64,
    of_workdays: bool,
}

impl Words {
    /// Whether words are meant, and no crontab line: that begins with a number, a star or an @.
    pub fn is_meant(written: &str) -> bool {
        written.trim().starts_with(char::is_alphabetic) || written.contains("workday") || written.contains("-end")
    }

    /// Reads the words.
    ///
    /// # Errors
    /// With the forms that there are.
    pub fn parse(written: &str) -> Result<Self, Text> {
        let wrong = || {
            text!(
                "无法理解“{written}”；可以写：every workday at 8:00，first（second、3rd、last）workday of \
                 week（month、quarter、year）at 8:00，quarter-end + 5 workdays at 8:00，month-end - 1 day at 17:00，\
                 或五个字段的 crontab（如 0 8 * * 1）",
                "cannot understand `{written}`; there are: every workday at 8:00, first (second, 3rd, last) workday of \
                 week (month, quarter, year) at 8:00, quarter-end + 5 workdays at 8:00, month-end - 1 day at 17:00, \
                 or a crontab line of five fields such as 0 8 * * 1"
            )
        };
        let lower = written.to_lowercase().replace(" +", " + ").replace(" -", " - ");
        let mut words: Vec<&str> = lower.split_whitespace().collect();
        let time = match words.iter().position(|word| *word == "at") {
            Some(at) => {
                let time = words.get(at + 1).and_then(|word| NaiveTime::parse_from_str(word, "%H:%M").ok());
                let time = time.filter(|_| words.len() == at + 2).ok_or_else(wrong)?;
                words.truncate(at);
                time
            }
            None => NaiveTime::from_hms_opt(USUAL_HOUR, 0, 0).unwrap_or_default(),
        };
        let days = days(&words).ok_or_else(wrong)?;
        Ok(Self { written: written.to_owned(), days, time })
    }

    /// As they were written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether they name several days of one period.
    pub fn name_several_days_of(&self, kind: PeriodKind) -> bool {
        match self.days {
            WorkDays::Every => kind != PeriodKind::Day,
            WorkDays::Of(unit, _) | WorkDays::Before(unit, _) | WorkDays::After(unit, _) => {
                fewest_days(unit) < fewest_days(kind)
            }
        }
    }

    /// The first time that belongs to a span of days and lies on a day that is taken. What follows the end of a unit
    /// belongs to the day after that end, however many days off lie between.
    pub fn first_in(
        &self,
        span: Period,
        calendar: &Calendar,
        takes: &dyn Fn(NaiveDate) -> bool,
    ) -> Option<NaiveDateTime> {
        let unit = match self.days {
            WorkDays::Every => {
                let day = until(span.start(), span.end()).find(|day| calendar.is_working_day(*day) && takes(*day))?;
                return Some(day.and_time(self.time));
            }
            WorkDays::Of(unit, _) | WorkDays::Before(unit, _) | WorkDays::After(unit, _) => unit,
        };
        let mut of = Period::containing(unit, span.start()).previous();
        while of.start() <= span.end() {
            let found = self.day_of(of, calendar);
            if let Some((belongs, day)) = found
                && (span.start()..=span.end()).contains(&belongs)
                && takes(day)
            {
                return Some(day.and_time(self.time));
            }
            of = of.next();
        }
        None
    }

    /// The day of one unit, after the day that it belongs to.
    fn day_of(&self, unit: Period, calendar: &Calendar) -> Option<(NaiveDate, NaiveDate)> {
        let is_working = |day: &NaiveDate| calendar.is_working_day(*day);
        let day = match self.days {
            WorkDays::Every => None,
            WorkDays::Of(_, Place::Nth(nth)) => {
                until(unit.start(), unit.end()).filter(is_working).nth(usize::try_from(nth).ok()?.checked_sub(1)?)
            }
            WorkDays::Of(_, Place::Last) => back(unit.end(), unit.start()).find(is_working),
            WorkDays::Before(_, Step { count: 0, .. }) => Some(unit.end()),
            WorkDays::Before(_, step) => {
                let mut days =
                    back(unit.end().pred_opt()?, unit.start()).filter(|day| !step.of_workdays || is_working(day));
                days.nth(usize::try_from(step.count).ok()?.checked_sub(1)?)
            }
            WorkDays::After(_, step) => {
                let from = unit.end().succ_opt()?;
                let mut days = from.iter_days().filter(|day| !step.of_workdays || is_working(day));
                return Some((from, days.nth(usize::try_from(step.count).ok()?.checked_sub(1)?)?));
            }
        }?;
        Some((day, day))
    }
}

/// The days that the words before `at` name.
fn days(words: &[&str]) -> Option<WorkDays> {
    let unit = |word: &str| UNITS.iter().find(|(name, _)| *name == word).map(|(_, unit)| *unit);
    match *words {
        ["every", "workday"] => Some(WorkDays::Every),
        [place, "workday", "of", of] => Some(WorkDays::Of(unit(of)?, ordinal(place)?)),
        [end] => Some(WorkDays::Before(unit(end.strip_suffix("-end")?)?, Step { count: 0, of_workdays: false })),
        [end, sign, count, days] => {
            let unit = unit(end.strip_suffix("-end")?)?;
            let count = count.parse().ok().filter(|count| (1..=FURTHEST).contains(count))?;
            let of_workdays = match days {
                "day" | "days" => false,
                "workday" | "workdays" => true,
                _ => return None,
            };
            let step = Step { count, of_workdays };
            match sign {
                "+" => Some(WorkDays::After(unit, step)),
                // A week has no sixty days before its end.
                "-" => (count < fewest_days(unit)).then_some(WorkDays::Before(unit, step)),
                _ => None,
            }
        }
        _ => None,
    }
}

fn ordinal(word: &str) -> Option<Place> {
    let named = ORDINALS.iter().find(|(name, _)| *name == word).map(|(_, place)| *place);
    let numbered = || {
        let number = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending))?;
        number.parse().ok().filter(|number| (1..=FURTHEST).contains(number)).map(Place::Nth)
    };
    named.or_else(numbered)
}

fn fewest_days(unit: PeriodKind) -> u64 {
    match unit {
        PeriodKind::Day => 1,
        PeriodKind::Week => 7,
        PeriodKind::Month => 28,
        PeriodKind::Quarter => 90,
        PeriodKind::Year => 365,
    }
}

/// The days from one up to and with another.
fn until(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |day| *day <= to)
}

/// The days from one back to and with another.
fn back(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..).map_while(move |days| from.checked_sub_days(Days::new(days))).take_while(move |day| *day >= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The time of a schedule in a period of 2026, by the State Council's calendar.
    fn in_period(words: &str, period: &str) -> Option<String> {
        let calendar = Calendar::load(None).expect("the built-in calendar");
        let words = Words::parse(words).unwrap_or_else(|error| panic!("{}", error.en));
        let at = words.first_in(Period::parse(period).expect("a period"), &calendar, &|_| true);
        at.map(|at| at.format("%F %H:%M").to_string())
    }

    #[test]
    fn workdays_are_those_of_the_calendar() {
        for (words, period, at) in [
            ("first workday of week at 8:00", "2026-W47", "2026-11-16 08:00"),
            // National Day from Thursday to Wednesday; the Saturday after is worked
            ("first workday of week", "2026-W41", "2026-10-08 08:00"),
            ("last workday of week at 17:30", "2026-W41", "2026-10-10 17:30"),
            ("first workday of month at 9:00", "2026-10", "2026-10-08 09:00"),
            // a Sunday that is worked
            ("first workday of year at 9:00", "2026", "2026-01-04 09:00"),
            ("3rd workday of quarter", "2026Q4", "2026-10-10 08:00"),
            ("last workday of quarter at 18:00", "2026Q3", "2026-09-30 18:00"),
            ("every workday at 7:30", "2026-02-28", "2026-02-28 07:30"),
            ("every workday", "2026-W08", "none"),
            ("first workday of week", "2026-W08", "none"),
            // 1 to 7 October are off, 10 October is worked
            ("quarter-end + 5 workdays at 8:00", "2026Q4", "2026-10-13 08:00"),
            ("quarter-end +1 workday", "2026Q4", "2026-10-08 08:00"),
            ("week-end + 1 workday", "2026-W08", "2026-02-24 08:00"),
            ("quarter-end + 8 days", "2026Q4", "2026-10-08 08:00"),
            ("month-end at 20:00", "2026-02", "2026-02-28 20:00"),
            ("month-end - 1 day", "2026-02", "2026-02-27 08:00"),
            ("year-end - 2 workdays", "2026", "2026-12-29 08:00"),
            ("month-end - 20 workdays", "2026-02", "none"),
            // of a unit that is longer than the period: only in the period in which its day lies
            ("first workday of month", "2026-W46", "none"),
            ("first workday of month", "2026-W45", "2026-11-02 08:00"),
            ("First Workday of Month at 08:05", "2026Q4", "2026-10-08 08:05"),
        ] {
            assert_eq!(in_period(words, period).as_deref().unwrap_or("none"), at, "{words} in {period}");
        }
    }

    #[test]
    fn words_that_are_none_are_told_the_forms_that_there_are() {
        for words in [
            "first wrokday of week",
            "first workday of day",
            "fifth workday of",
            "0th workday of month",
            "quarter-end + workdays",
            "quarter-end + 61 workdays",
            "week-end - 7 days",
            "every workday at 25:00",
            "every workday at",
            "every workday at 8:00 daily",
            "quarter-end * 2 days",
            "holidays",
            "month-end + 0 days",
        ] {
            let error = Words::parse(words).expect_err(words);
            assert!(error.en.contains("first (second, 3rd, last) workday of week"), "{words}");
        }
        assert!(Words::is_meant("quarter-end + 5 workdays") && Words::is_meant("3rd workday of month"));
        assert!(!Words::is_meant("0 8 * * mon-fri") && !Words::is_meant("@weekly") && !Words::is_meant("*/10 * * * *"));
    }
}
