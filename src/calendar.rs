//! Chinese working days: Monday to Friday, less the days off, plus the weekend days worked, year by year.
//!
//! Apart because deadlines, schedules and reports reckon by it, and because next year's arrangement is a file that a
//! user drops in. It never guesses: a year without a file counts Monday to Friday, and says so.
//! Source of each year: the State Council's notice named in the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate, Weekday};
use include_dir::{Dir, include_dir};

use crate::overlay;
use crate::params::{self, Params};
use crate::problem::{Document, Problem};
use crate::text;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/calendar");

const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2200;

/// The working days that are known.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Working days from the first day of `FIRST_YEAR` up to and with each day, counted when first asked for.
    counted: OnceLock<Vec<i32>>,
    loaded: BTreeSet<i32>,
    exceptions: BTreeMap<NaiveDate, bool>,
}

/// The files that ship inside the program: name and bytes.
pub fn built_in_files() -> Vec<(String, &'static [u8])> {
    overlay::built_in_files(&BUILT_IN)
}

impl Calendar {
    /// The built-in years, overlaid by the files of a workplace: the same name replaces, company.toml comes on top.
    ///
    /// # Errors
    /// Every mistake in the files of the workplace.
    pub fn load(folder: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let (mut texts, mut problems) = overlay::texts(&BUILT_IN, folder);
        let company = texts.remove("company.toml").map(|text| ("company.toml".to_owned(), text));
        let mut calendar = Self { counted: OnceLock::new(), loaded: BTreeSet::new(), exceptions: BTreeMap::new() };
        for (name, text) in texts.into_iter().chain(company) {
            let document = Document::new(&format!("calendar/{name}"), &text);
            let is_company = name == "company.toml";
            let (_, found) = params::read(&document, |root| calendar.year(root, is_company));
            problems.extend(found);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(calendar)
    }

    fn year(&mut self, root: &Params, is_company: bool) {
        let year = root.optional_count("year").and_then(|year| i32::try_from(year.value).ok());
        if year.is_none() && !is_company {
            root.missing("year");
        }
        root.optional_written("source");
        root.optional_written("published");
        for (key, works) in [("off", false), ("work", true)] {
            for day in root.optional_dates(key).unwrap_or_default() {
                let weekend = matches!(day.value.weekday(), Weekday::Sat | Weekday::Sun);
                // A notice of one year may begin in the December before.
                let ends_december = |year: i32| day.value.year() == year - 1 && day.value.month() == 12;
                if year.is_some_and(|year| year != day.value.year() && !ends_december(year)) {
                    let (day, year) = (day.value, year.unwrap_or_default());
                    root.problems()
                        .add(root.span_of(key), text!("{day} 不在 {year} 年", "{day} does not lie in {year}"));
                } else if weekend == works || is_company {
                    self.exceptions.insert(day.value, works);
                }
            }
        }
        if let (Some(year), false) = (year, is_company) {
            self.loaded.insert(year);
        }
    }

    fn counted(&self) -> &[i32] {
        self.counted.get_or_init(|| {
            let mut total = 0;
            let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
            first
                .iter_days()
                .take_while(|day| day.year() <= LAST_YEAR)
                .map(|day| {
                    total += i32::from(self.is_working_day(day));
                    total
                })
                .collect()
        })
    }

    /// Whether people work on a day.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.exceptions.get(&day).copied().unwrap_or_else(|| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// The working days in (from, to], both given as days since 1970-01-01; negative where `to` is earlier.
    /// The day of the event is not counted (Civil Code of the PRC, article 201).
    pub fn working_days_between(&self, from: i32, to: i32) -> i32 {
        self.up_to(to) - self.up_to(from)
    }

    /// The working days up to and with a day, from an origin of our own; Monday to Friday beyond what is counted.
    fn up_to(&self, day: i32) -> i32 {
        const FIRST: i32 = -25_567; // 1900-01-01 in days from 1970-01-01
        let Ok(index) = usize::try_from(i64::from(day) - i64::from(FIRST)) else {
            return weekdays_up_to(day) - weekdays_up_to(FIRST - 1);
        };
        let counted = self.counted();
        let beyond = || {
            let last = FIRST + i32::try_from(counted.len()).unwrap_or(0) - 1;
            counted.last().copied().unwrap_or(0) + weekdays_up_to(day) - weekdays_up_to(last)
        };
        counted.get(index).copied().unwrap_or_else(beyond)
    }

    /// Whether a year's arrangement is loaded.
    pub fn has_year(&self, year: i32) -> bool {
        self.loaded.contains(&year)
    }

    /// The years whose arrangement is loaded.
    pub fn years(&self) -> &BTreeSet<i32> {
        &self.loaded
    }
}

/// The days from Monday to Friday up to and with a day, counted from Monday 1969-12-29 on.
fn weekdays_up_to(day: i32) -> i32 {
    let days = i64::from(day) + 4; // Monday 1969-12-29 is day -3 and the first of them
    let weekdays = days.div_euclid(7) * 5 + days.rem_euclid(7).min(5);
    i32::try_from(weekdays).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day")
    }

    fn since_epoch(text: &str) -> i32 {
        day(text).signed_duration_since(NaiveDate::default()).num_days() as i32
    }

    #[test]
    fn deadlines_fall_on_the_last_working_day() {
        let calendar = Calendar::load(None).expect("the built-in calendar");
        for (from, days, to) in [
            ("2026-09-18", 3, "2026-09-22"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-02-13", 3, "2026-02-25"),
            ("2026-01-01", 3, "2026-01-06"),
            ("2026-05-08", 1, "2026-05-09"),
            ("2025-09-26", 3, "2025-09-30"),
            ("2025-01-24", 5, "2025-02-07"),
            ("2024-04-30", 3, "2024-05-08"),
            ("2024-09-13", 3, "2024-09-19"),
            ("2024-02-09", 3, "2024-02-20"),
        ] {
            let counted = |to: &str| calendar.working_days_between(since_epoch(from), since_epoch(to));
            assert_eq!(counted(to), days, "{from} to {to}");
            let before = day(to).pred_opt().expect("a day before").to_string();
            assert_eq!(counted(&before), days - 1, "{from} to {before}");
        }
    }

    #[test]
    fn days_beyond_the_table_count_monday_to_friday() {
        let calendar = Calendar::load(None).expect("the built-in calendar");
        for (from, to, days) in [
            ("1850-03-01", "1850-03-08", 5),
            ("1899-12-29", "1900-01-02", 2),
            ("2200-12-31", "2201-01-07", 5),
            ("2300-01-01", "2300-01-01", 0),
        ] {
            assert_eq!(calendar.working_days_between(since_epoch(from), since_epoch(to)), days, "{from} to {to}");
        }
    }

    #[test]
    fn the_years_have_the_known_number_of_working_days() {
        let calendar = Calendar::load(None).expect("the built-in calendar");
        for (year, days) in [(2024, 251), (2025, 248), (2026, 248)] {
            let from = since_epoch(&format!("{}-12-31", year - 1));
            assert_eq!(calendar.working_days_between(from, since_epoch(&format!("{year}-12-31"))), days, "{year}");
        }
        assert!(calendar.has_year(2005) && calendar.has_year(2026) && !calendar.has_year(2027));
    }
}
