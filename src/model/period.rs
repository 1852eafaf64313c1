//! The span of time that a run belongs to: a day, ISO week, month, quarter or year.
//!
//! Apart because runs, deliveries and file names are keyed by it. It knows no schedule.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// The rhythm of a job (`[[job]] period`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// A calendar day.
    Day,
    /// An ISO week, Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
}

impl PeriodKind {
    /// All of them with the word of the configuration.
    pub const WORDS: [(&'static str, PeriodKind); 5] = [
        ("day", PeriodKind::Day),
        ("week", PeriodKind::Week),
        ("month", PeriodKind::Month),
        ("quarter", PeriodKind::Quarter),
        ("year", PeriodKind::Year),
    ];

    /// The word of the configuration.
    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

/// One period: its rhythm and its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    kind: PeriodKind,
    start: NaiveDate,
}

impl Period {
    /// The period that a day lies in.
    pub fn containing(kind: PeriodKind, day: NaiveDate) -> Self {
        let back = |days: u64| day.checked_sub_days(Days::new(days)).unwrap_or(day);
        let start = match kind {
            PeriodKind::Day => day,
            PeriodKind::Week => back(u64::from(day.weekday().num_days_from_monday())),
            PeriodKind::Month => back(u64::from(day.day0())),
            PeriodKind::Quarter => first_of(day.year(), day.month0() / 3 * 3 + 1).unwrap_or(day),
            PeriodKind::Year => first_of(day.year(), 1).unwrap_or(day),
        };
        Self { kind, start }
    }

    /// The rhythm.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// The first day.
    pub fn start(self) -> NaiveDate {
        self.start
    }

    /// The last day.
    pub fn end(self) -> NaiveDate {
        self.next().start.pred_opt().unwrap_or(self.start)
    }

    /// The period after this one.
    pub fn next(self) -> Self {
        let start = match self.kind {
            PeriodKind::Day => self.start.checked_add_days(Days::new(1)),
            PeriodKind::Week => self.start.checked_add_days(Days::new(7)),
            PeriodKind::Month => self.start.checked_add_months(Months::new(1)),
            PeriodKind::Quarter => self.start.checked_add_months(Months::new(3)),
            PeriodKind::Year => self.start.checked_add_months(Months::new(12)),
        };
        Self { kind: self.kind, start: start.unwrap_or(self.start) }
    }

    /// The period before this one.
    pub fn previous(self) -> Self {
        Self::containing(self.kind, self.start.pred_opt().unwrap_or(self.start))
    }

    /// Reads a period as it is written: 2026-W47, 2026-11, 2026Q4, 2026, 2026-11-22.
    pub fn parse(text: &str) -> Option<Self> {
        let year = |part: &str| (part.len() == 4).then(|| part.parse::<i32>().ok()).flatten();
        if let Some((left, right)) = text.split_once("-W") {
            let week = two_digits(right)?;
            let start = NaiveDate::from_isoywd_opt(year(left)?, week, Weekday::Mon)?;
            return Some(Self { kind: PeriodKind::Week, start });
        }
        if let Some((left, right)) = text.split_once('Q') {
            let quarter: u32 = right.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
            return Some(Self { kind: PeriodKind::Quarter, start: first_of(year(left)?, quarter * 3 - 2)? });
        }
        let parts: Vec<&str> = text.split('-').collect();
        let (kind, start) = match parts[..] {
            [left] => (PeriodKind::Year, first_of(year(left)?, 1)?),
            [left, month] => (PeriodKind::Month, first_of(year(left)?, two_digits(month)?)?),
            [left, month, day] => {
                (PeriodKind::Day, NaiveDate::from_ymd_opt(year(left)?, two_digits(month)?, two_digits(day)?)?)
            }
            _ => return None,
        };
        Some(Self { kind, start })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            PeriodKind::Day => write!(formatter, "{}", self.start),
            PeriodKind::Week => {
                let week = self.start.iso_week();
                write!(formatter, "{}-W{:02}", week.year(), week.week())
            }
            PeriodKind::Month => write!(formatter, "{}", self.start.format("%Y-%m")),
            PeriodKind::Quarter => write!(formatter, "{}Q{}", self.start.year(), self.start.month0() / 3 + 1),
            PeriodKind::Year => write!(formatter, "{}", self.start.year()),
        }
    }
}

fn first_of(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, 1)
}

fn two_digits(text: &str) -> Option<u32> {
    (text.len() == 2).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_as_it_is_read() {
        for text in ["2026-W47", "2020-W53", "2026-11", "2026Q4", "2026", "2026-11-22"] {
            assert_eq!(Period::parse(text).map(|period| period.to_string()).as_deref(), Some(text));
        }
        for text in ["2026-W54", "2026Q5", "2026-13", "2026-02-30", "26", "", "2026-W7"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_iso_week_may_belong_to_another_year() {
        let day = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a day");
        let week = Period::containing(PeriodKind::Week, day);
        assert_eq!(week.to_string(), "2026-W53");
        assert_eq!(week.next().to_string(), "2027-W01");
        assert_eq!(week.end().to_string(), "2027-01-03");
    }
}
