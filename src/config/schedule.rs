//! Crontab lines as cron means them.
//!
//! Apart because the `cron` crate counts weekdays from 1 = Sunday and joins the two day fields by "and", where
//! crontab(5) counts from 0 or 7 = Sunday and joins them by "or". It knows no clock and no job.

use std::str::FromStr;

use chrono::DateTime;
use chrono_tz::Tz;
use cron::Schedule;

use crate::text;
use crate::text::Text;

const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
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
                "crontab 应有五个字段（分 时 日 月 周），这里有 {count} 个",
                "a crontab line has five fields (minute hour day month weekday), this one has {count}"
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
        Ok(Self { written: written.to_owned(), schedules })
    }

    /// The line as it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The last time it was due, at or before a moment.
    pub fn last_due(&self, now: DateTime<Tz>) -> Option<DateTime<Tz>> {
        self.schedules
            .iter()
            .filter_map(|schedule| if schedule.includes(now) { Some(now) } else { schedule.after(&now).next_back() })
            .max()
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
    use super::*;
    use chrono::TimeZone;

    fn last(line: &str, at: (i32, u32, u32, u32, u32)) -> String {
        let now =
            chrono_tz::Asia::Shanghai.with_ymd_and_hms(at.0, at.1, at.2, at.3, at.4, 30).single().expect("a time");
        let crontab = Crontab::parse(line).unwrap_or_else(|error| panic!("{line}: {}", error.en));
        crontab.last_due(now).expect("a last time").format("%a %F %H:%M").to_string()
    }

    #[test]
    fn one_is_monday_and_seven_is_sunday() {
        assert_eq!(last("0 8 * * 1", (2026, 11, 22, 9, 0)), "Mon 2026-11-16 08:00");
        assert_eq!(last("0 8 * * 7", (2026, 11, 22, 9, 0)), "Sun 2026-11-22 08:00");
        assert_eq!(last("0 8 * * 0", (2026, 11, 22, 9, 0)), "Sun 2026-11-22 08:00");
        assert_eq!(last("30 7 * * mon-fri", (2026, 11, 22, 9, 0)), "Fri 2026-11-20 07:30");
        assert_eq!(last("0 8 * * 5-7", (2026, 11, 21, 7, 0)), "Fri 2026-11-20 08:00");
    }

    #[test]
    fn either_day_field_fires_when_both_are_restricted() {
        assert_eq!(last("0 8 13 * 5", (2026, 11, 14, 9, 0)), "Fri 2026-11-13 08:00");
        assert_eq!(last("0 8 18 * 5", (2026, 11, 19, 9, 0)), "Wed 2026-11-18 08:00");
    }

    #[test]
    fn what_is_no_crontab_line_is_said_in_its_own_terms() {
        for line in ["0 8 * *", "0 0 8 * * 1", "60 8 * * 1", "0 8 * * 8", "0 8 L * *", "x 8 * * 1", "0 8 * * 5-1"] {
            assert!(Crontab::parse(line).is_err(), "{line}");
        }
    }
}
