//! The day of a verification as people write it: any date, a number that a spreadsheet made of one, or a day without
//! a year.
//!
//! Apart because a day decides which answer counts: one that cannot be read or is still to come counts for nothing.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::bench::Bench;
use crate::dataset::typing;
use crate::folding::fold;
use crate::text;
use crate::text::Text;

/// The day of the verification, with a note where it is worth one.
pub(super) fn day(written: &str, bench: &Bench<'_>) -> Result<(NaiveDate, Option<Text>), Text> {
    let folded = fold(written);
    if folded.is_empty() {
        return Err(text!("没有核对日期：请补日期", "no day of verification: add it"));
    }
    let (_, first, last) = bench.period;
    let full = typing::date(&folded)
        .and_then(|days| NaiveDate::default().checked_add_signed(TimeDelta::days(i64::from(days))))
        .or_else(|| of_serial(&folded));
    let (day, note) = match full {
        Some(day) => (day, None),
        None => {
            let day = without_year(&folded, first).ok_or_else(|| {
                text!("核对日期读不出：请写成 2026-11-22", "the day of verification cannot be read: write 2026-11-22")
            })?;
            (day, Some(text!("核对日期没有年份，按 {day}", "the day has no year: taken for {day}")))
        }
    };
    if day > bench.as_of {
        return Err(text!("核对日期 {day} 还没有到", "the day of verification, {day}, is still to come"));
    }
    let outside =
        (day < first || day > last).then(|| text!("核对日期 {day} 不在本期内", "{day} is outside of the period"));
    Ok((day, outside.or(note)))
}

/// The day of the number by which spreadsheets count days, from 2000 to 2099.
fn of_serial(text: &str) -> Option<NaiveDate> {
    let days: i64 = text.parse().ok().filter(|days| (36_526..73_050).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(TimeDelta::days(days))
}

/// 11月22日, 11/22, 11-22: in the year of the period.
fn without_year(text: &str, first: NaiveDate) -> Option<NaiveDate> {
    let text = text.strip_suffix('日').or_else(|| text.strip_suffix('号')).unwrap_or(text);
    let (month, day) = ['月', '/', '-'].into_iter().find_map(|mark| text.split_once(mark))?;
    NaiveDate::from_ymd_opt(first.year(), month.trim().parse().ok()?, day.trim().parse().ok()?)
}
