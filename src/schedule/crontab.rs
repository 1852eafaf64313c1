//! Crontab lines as cron means them.
//!
//! Apart because the `cron` crate counts weekdays from 1 = Sunday and joins the two day fields by "and", where
//! crontab(5) counts from 0 or 7 = Sunday and joins them by "or". It tells times by the clock on the wall and knows no
//! time zone, no clock and no job.

use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use cron::Schedule;

use crate::model::{Period, PeriodKind};
use crate::text;
use crate::text::Text;

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
/// A line that names no day in so many years names none: a leap day falls on each weekday once in 28 years.
const YEARS_LOOKED_AT: u64 = 40;
/// Within so many years each day of a month, but the leap day, has fallen on each weekday.
const YEARS_BEFORE_DAYS_REPEAT: u64 = 8;
const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// A five-field crontab line.
#[derive(Clone, Debug)]
pub struct Crontab {
    written: String,
    /// Two where both day fields are restricted: either of them fires (crontab(5)).
    schedules: Vec<Schedule>,
}

impl Crontab {
    /// Reads a line: minute, hour, day of month, month, day of week, or @hourly, @daily, @weekly, @monthly, @yearly.
    ///
    /// # Errors
    /// In terms of what was typed.
    pub fn parse(written: &str) -> Result<Self, Text> {
        let expanded = match written.trim() {
            "@hourly" => "0 * * * *",
            "@daily" | "@midnight" => "0 0 * * *",
            "@weekly" => "0 0 * * 0",
            "@monthly" => "0 0 1 * *",
            "@yearly" | "@annually" => "0 0 1 1 *",
            line => line,
        };
        let fields: Vec<&str> = expanded.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            let count = fields.len();
            return Err(text!(
                "crontab 应有五个字段（分 时 日 月 周），这里有 {count} 个；也可以写 first workday of week at 8:00 一类的词",
                "a crontab line has five fields (minute hour day month weekday), this one has {count}; there are also words \
                 such as `first workday of week at 8:00`"
            ));
        };
        let minute = field(minute, 0, 59, &[], &text!("分钟", "minute"))?;
        let hour = field(hour, 0, 23, &[], &text!("小时", "hour"))?;
        let restricted_day = !day.starts_with('*');
        let restricted_weekday = !weekday.starts_with('*');
        let day = field(day, 1, 31, &[], &text!("日", "day of month"))?;
        let month = field(month, 1, 12, &MONTHS, &text!("月", "month"))?;
        let weekday = field(weekday, 0, 7, &WEEKDAYS, &text!("星期", "day of week"))?;
        let mut names: Vec<&str> =
            weekday.iter().filter_map(|number| WEEKDAYS.get(*number as usize % 7).copied()).collect();
        names.dedup();
        let (minute, hour, day, month) = (list(&minute), list(&hour), list(&day), list(&month));
        let weekday = names.join(",");
        let lines = if restricted_day && restricted_weekday {
            vec![format!("0 {minute} {hour} {day} {month} * *"), format!("0 {minute} {hour} * {month} {weekday} *")]
        } else {
            vec![format!("0 {minute} {hour} {day} {month} {weekday} *")]
        };
        let schedules = lines
            .iter()
            .map(|line| Schedule::from_str(line))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| text!("无法理解“{written}”", "cannot understand `{written}`"))?;
        let crontab = Self { written: written.to_owned(), schedules };
        let from = NaiveDate::default();
        let never = crontab.first_from(from, from + Days::new(366 * YEARS_LOOKED_AT)).is_none();
        if never {
            return Err(text!("没有“{written}”这样的日期", "there is no day such as `{written}`"));
        }
        Ok(crontab)
    }

    /// The line as it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether it names several days of one period, in some year.
    pub fn names_several_days_of(&self, kind: PeriodKind) -> bool {
        let from = NaiveDate::default();
        let mut span = Period::containing(kind, from);
        while span.start() < from + Days::new(366 * YEARS_BEFORE_DAYS_REPEAT) {
            let first = self.first_in(span, &|_| true);
            if first.is_some_and(|first| self.first_in(span, &|day| day > first.date()).is_some()) {
                return true;
            }
            span = span.next();
        }
        false
    }

    /// The first time of a span of days that lies on a day that is taken.
    pub fn first_in(&self, span: Period, takes: &dyn Fn(NaiveDate) -> bool) -> Option<NaiveDateTime> {
        let mut from = span.start();
        loop {
            let at = self.first_from(from, span.end())?;
            if takes(at.date()) {
                return Some(at);
            }
            from = at.date().succ_opt()?;
        }
    }

    /// The first time from one day up to the end of another.
    fn first_from(&self, from: NaiveDate, to: NaiveDate) -> Option<NaiveDateTime> {
        let before = from.and_hms_opt(0, 0, 0)?.checked_sub_signed(TimeDelta::seconds(1))?.and_utc();
        self.schedules
            .iter()
            .filter_map(|schedule| schedule.after(&before).next())
            .map(|at| at.naive_utc())
            .filter(|at| at.date() <= to)
            .min()
    }
}

fn list(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// The numbers that one field stands for, in order.
fn field(written: &str, low: u32, high: u32, names: &[&str], what: &Text) -> Result<Vec<u32>, Text> {
    let wrong = || {
        let (zh, en) = (&what.zh, &what.en);
        text!(
            "crontab 的{zh}字段“{written}”无效，应在 {low} 到 {high} 之间",
            "`{written}` is no {en} of a crontab line, which goes from {low} to {high}"
        )
    };
    let number = |part: &str| -> Option<u32> {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(part));
        let offset = if low == 1 { 1 } else { 0 };
        match named {
            Some(index) => u32::try_from(index).ok().map(|index| index + offset),
            // Nothing but digits: `+5` is no number of cron's.
            None if !part.bytes().all(|byte| byte.is_ascii_digit()) => None,
            None => part.parse().ok().filter(|number| (low..=high).contains(number)),
        }
    };
    let mut numbers = Vec::new();
    for part in written.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok().filter(|step| *step > 0).ok_or_else(wrong)?),
            None => (part, 1),
        };
        let (from, to) = if range == "*" {
            (low, high)
        } else if let Some((from, to)) = range.split_once('-') {
            (number(from).ok_or_else(wrong)?, number(to).ok_or_else(wrong)?)
        } else {
            let from = number(range).ok_or_else(wrong)?;
            (from, if part.contains('/') { high } else { from })
        };
        if from > to {
            return Err(wrong());
        }
        numbers.extend((from..=to).step_by(step as usize));
    }
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use chrono::{DateTime, Utc};
    use croner::Cron;
    use proptest::prelude::*;

    use super::*;

    fn crontab(line: &str) -> Crontab {
        Crontab::parse(line).unwrap_or_else(|error| panic!("{line}: {}", error.en))
    }

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day")
    }

    /// The times of a line from a day on.
    fn times(line: &str, from: &str, count: usize) -> Vec<String> {
        let crontab = crontab(line);
        let (mut from, mut times) = (day(from), Vec::new());
        while times.len() < count {
            let at = crontab.first_from(from, day("2036-12-31")).expect("another time");
            times.push(at.format("%a %F %H:%M").to_string());
            from = at.date().succ_opt().expect("a day after");
        }
        times
    }

    #[test]
    fn one_is_monday_and_seven_is_sunday() {
        assert_eq!(times("0 8 * * 1", "2026-11-17", 1), ["Mon 2026-11-23 08:00"]);
        assert_eq!(times("0 8 * * 7", "2026-11-16", 1), ["Sun 2026-11-22 08:00"]);
        assert_eq!(times("0 8 * * 0", "2026-11-16", 1), ["Sun 2026-11-22 08:00"]);
        assert_eq!(times("30 7 * * mon-fri", "2026-11-21", 1), ["Mon 2026-11-23 07:30"]);
        assert_eq!(
            times("0 8 * * 5-7", "2026-11-16", 3),
            ["Fri 2026-11-20 08:00", "Sat 2026-11-21 08:00", "Sun 2026-11-22 08:00"]
        );
    }

    #[test]
    fn what_the_manual_of_crontab_shows() {
        // "30 4 1,15 * 5": 4:30 on the 1st and 15th of each month, plus every Friday
        assert_eq!(
            times("30 4 1,15 * 5", "2026-11-01", 6),
            [
                "Sun 2026-11-01 04:30",
                "Fri 2026-11-06 04:30",
                "Fri 2026-11-13 04:30",
                "Sun 2026-11-15 04:30",
                "Fri 2026-11-20 04:30",
                "Fri 2026-11-27 04:30"
            ]
        );
        // a field that begins with a star restricts, and yet is joined by "and"
        assert_eq!(times("0 8 */10 * 1", "2026-01-01", 2), ["Mon 2026-05-11 08:00", "Mon 2026-06-01 08:00"]);
        assert_eq!(times("5 4 * * sun", "2026-11-16", 1), ["Sun 2026-11-22 04:05"]);
        assert_eq!(times("0 22 * * 1-5", "2026-11-20", 2), ["Fri 2026-11-20 22:00", "Mon 2026-11-23 22:00"]);
        assert_eq!(times("23 0-23/2 * * *", "2026-11-20", 1), ["Fri 2026-11-20 00:23"]);
        assert_eq!(times("0 8 29 2 *", "2026-11-20", 1), ["Tue 2028-02-29 08:00"]);
        assert_eq!(times("@weekly", "2026-11-20", 1), ["Sun 2026-11-22 00:00"]);
        assert_eq!(times("@monthly", "2026-11-20", 1), ["Tue 2026-12-01 00:00"]);
    }

    #[test]
    fn what_is_no_crontab_line_is_said_in_its_own_terms() {
        for line in [
            "0 8 * *",
            "0 0 8 * * 1",
            "60 8 * * 1",
            "0 8 * * 8",
            "0 8 L * *",
            "x 8 * * 1",
            "0 8 * * 5-1",
            "+5 8 * * 1",
            "0 8 30 2 *",
            "0 8 31 4,6 *",
            "0 8 * * 1,",
            "0 */0 * * *",
            "0 8 0 * *",
            "",
        ] {
            assert!(Crontab::parse(line).is_err(), "{line}");
        }
    }

    fn field(low: u32, high: u32) -> impl Strategy<Value = String> {
        let range = (low..=high, low..=high).prop_map(|(one, other)| (one.min(other), one.max(other)));
        let part = prop_oneof![
            (low..=high).prop_map(|number| number.to_string()),
            range.clone().prop_map(|(from, to)| format!("{from}-{to}")),
            (range, 1u32..=20).prop_map(|((from, to), step)| format!("{from}-{to}/{step}")),
        ];
        prop_oneof![2 => Just("*".to_owned()), 3 => proptest::collection::vec(part, 1..4).prop_map(|parts| parts.join(","))]
    }

    fn written() -> impl Strategy<Value = String> {
        let minute = prop_oneof![field(0, 59), (1u32..=30).prop_map(|step| format!("*/{step}"))];
        let hour = prop_oneof![field(0, 23), (1u32..=12).prop_map(|step| format!("*/{step}"))];
        // Days that every month has: others are tried above.
        (minute, hour, field(1, 28), field(1, 12), field(0, 7))
            .prop_map(|(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month} {weekday}"))
    }

    proptest! {
        /// Another program's reading of the same line, from any day of some years on.
        #[test]
        fn a_line_means_what_others_take_it_for(line in written(), start in 0u64..2000) {
            let from = day("2024-01-01") + Days::new(start);
            let to = from + Days::new(800);
            let ours = crontab(&line).first_from(from, to);
            let theirs = Cron::from_str(&line).expect("a line for croner too");
            let moment: DateTime<Utc> = from.and_hms_opt(0, 0, 0).expect("midnight").and_utc();
            let theirs = theirs.find_next_occurrence(&moment, true).ok().map(|at| at.naive_utc()).filter(|at| at.date() <= to);
            prop_assert_eq!(ours, theirs, "{} from {}", line, from);
        }

        /// The first time of a span is none of a day that is not taken, and there is none before it.
        #[test]
        fn a_span_gives_its_first_day_that_is_taken(line in written(), start in 0u64..2000, odd: bool) {
            use chrono::Datelike;
            let span = Period::containing(PeriodKind::Month, day("2024-01-01") + Days::new(start));
            let crontab = crontab(&line);
            let takes = |day: NaiveDate| (day.day() % 2 == 1) == odd;
            let found = crontab.first_in(span, &takes);
            let by_days = span
                .start()
                .iter_days()
                .take_while(|day| *day <= span.end())
                .filter(|day| takes(*day))
                .find_map(|day| crontab.first_from(day, day));
            prop_assert_eq!(found, by_days);
        }
    }
}
