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
use crate::model::Period;
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
