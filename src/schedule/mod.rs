//! When jobs fall due: crontab lines and words for it, days off, periods, and what of all that has not been run yet.
//!
//! Apart because it is arithmetic on days and must hold over years of outages, holidays and clocks that jump. It knows
//! neither clock nor store: both are given to it, so that a year can be played through in a second.

pub mod agenda;
pub mod crontab;
pub mod rhythm;
pub mod words;
#[cfg(test)]
mod year_test;

use chrono::{NaiveDate, NaiveDateTime};

use crate::calendar::Calendar;
use crate::model::{Period, PeriodKind};
use crate::text::Text;

pub use agenda::{Entry, Run, Standing, Waiting};
pub use crontab::Crontab;
pub use rhythm::{Covers, OnHoliday, Rhythm, Where};
pub use words::Words;

/// `[[job]] schedule`: a crontab line, or what people call such days.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// `0 8 * * 1`
    Crontab(Crontab),
    /// `first workday of week at 8:00`
    Words(Words),
}

impl Schedule {
    /// Reads a crontab line or words.
    ///
    /// # Errors
    /// In terms of what was typed.
    pub fn parse(written: &str) -> Result<Self, Text> {
        if Words::is_meant(written) {
            return Words::parse(written).map(Self::Words);
        }
        Crontab::parse(written).map(Self::Crontab)
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        match self {
            Self::Crontab(crontab) => crontab.written(),
            Self::Words(words) => words.written(),
        }
    }

    /// Whether it names times on several days of one period: the period is due on the first of them only.
    pub fn names_several_days_of(&self, kind: PeriodKind) -> bool {
        match self {
            Self::Crontab(crontab) => crontab.names_several_days_of(kind),
            Self::Words(words) => words.name_several_days_of(kind),
        }
    }

    /// The first time by the clock on the wall that belongs to a span of days and lies on a day that is taken.
    pub fn first_in(
        &self,
        span: Period,
        calendar: &Calendar,
        takes: &dyn Fn(NaiveDate) -> bool,
    ) -> Option<NaiveDateTime> {
        match self {
            Self::Crontab(crontab) => crontab.first_in(span, takes),
            Self::Words(words) => words.first_in(span, calendar, takes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_days_of_a_week_or_month_are_told() {
        use PeriodKind::{Day, Month, Quarter, Week, Year};
        for (written, several, once) in [
            ("0 8 * * *", &[Week, Month, Year][..], &[Day][..]),
            ("*/30 9-17 * * 1-5", &[Week], &[Day]),
            ("@weekly", &[Month], &[Week, Day]),
            ("0 8,14 * * 1", &[Month], &[Week]),
            ("0 8 1,15 * *", &[Month], &[Week]),
            ("0 8 13 * 5", &[Week], &[Day]),
            ("0 8 8 1,4,7,10 *", &[Year], &[Quarter, Month, Week]),
            ("every workday at 8:00", &[Week, Month], &[Day]),
            ("first workday of week at 8:00", &[Month], &[Week]),
            ("quarter-end + 5 workdays", &[Year], &[Quarter, Month, Week]),
        ] {
            let schedule = Schedule::parse(written).unwrap_or_else(|error| panic!("{written}: {}", error.en));
            assert!(several.iter().all(|kind| schedule.names_several_days_of(*kind)), "{written}");
            assert!(!once.iter().any(|kind| schedule.names_several_days_of(*kind)), "{written}");
        }
    }
}
