//! What the expressions of polars do not reckon, reckoned cell by cell: working days, months, look-ups, texts for people.
//!
//! Apart because here alone a condition runs our own code on every row. It knows neither conditions nor columns by name.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{Months, NaiveDate, TimeDelta};
use memchr::memmem;
use polars::prelude::{DataType, Expr, Field as PolarsField, Int32Chunked, IntoColumn, StringChunked};

use super::Part;
use crate::calendar::Calendar;
use crate::check::flags;

/// Working days after the first day, up to the second; null where one of them is.
pub(super) fn working_days(from: Expr, to: Expr, calendar: &Arc<Calendar>) -> Expr {
    let calendar = calendar.clone();
    from.cast(DataType::Int32).map_many(
        move |columns| {
            let [from, to] = columns else { return Ok(columns[0].clone()) };
            let count = |from: Option<i32>, to: Option<i32>| Some(calendar.working_days_between(from?, to?).max(0));
            let (from, to) = (from.i32()?, to.i32()?);
            let counted: Int32Chunked = match (from.len(), to.len()) {
                // A literal, such as the as-of date, is one long.
                (_, 1) => from.iter().map(|from| count(from, to.get(0))).collect(),
                (1, _) => to.iter().map(|to| count(from.get(0), to)).collect(),
                _ => from.iter().zip(to.iter()).map(|(from, to)| count(from, to)).collect(),
            };
            Ok(counted.into_column())
        },
        &[to.cast(DataType::Int32)],
        |_, fields| Ok(PolarsField::new(fields[0].name().clone(), DataType::Int32)),
    )
}

/// The same day so many months later, or the last one of a shorter month.
pub(super) fn months_later(day: Expr, months: i32) -> Expr {
    let moved = move |day: i32| -> Option<i32> {
        let date = NaiveDate::default().checked_add_signed(TimeDelta::days(i64::from(day)))?;
        let by = Months::new(months.unsigned_abs());
        let moved = if months < 0 { date.checked_sub_months(by) } else { date.checked_add_months(by) }?;
        i32::try_from(moved.signed_duration_since(NaiveDate::default()).num_days()).ok()
    };
    day.cast(DataType::Int32)
        .map(
            move |column| {
                let moved: Int32Chunked = column.i32()?.iter().map(|day| moved(day?)).collect();
                Ok(moved.with_name(column.name().clone()).into_column())
            },
            |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Int32)),
        )
        .cast(DataType::Date)
}

/// Whether a text is one of many: a look-up, however long the list is.
pub(crate) fn one_of_texts(text: Expr, words: BTreeSet<String>) -> Expr {
    let longest = words.iter().map(String::len).max().unwrap_or(0);
    let words: HashSet<String> = words.into_iter().collect();
    text.map(
        move |column| {
            let is_listed = |text: &str| text.len() <= longest && words.contains(text);
            Ok(flags::by_text(column.str()?, is_listed).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Boolean)),
    )
}

/// Whether a text holds another at a place.
pub(super) fn holds(text: Expr, place: Part, part: &str) -> Expr {
    let part = part.to_owned();
    text.map(
        move |column| {
            let within = memmem::Finder::new(&part);
            let holds = |text: &str| match place {
                Part::Anywhere => within.find(text.as_bytes()).is_some(),
                Part::Start => text.starts_with(&part),
                Part::End => text.ends_with(&part),
            };
            Ok(flags::by_text(column.str()?, holds).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Boolean)),
    )
}

/// An exact number without needless zeros: 40.00 as 40.
pub(super) fn without_idle_zeros(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// Hours to a tenth: 48.333333 as 48.3.
pub(super) fn to_a_tenth(text: &str) -> String {
    let number = text.parse().map_or_else(|_| text.to_owned(), |number: f64| format!("{number:.1}"));
    without_idle_zeros(&number)
}

/// 2026-11-01 09:00:00.000 as 2026-11-01 09:00.
pub(super) fn to_the_minute(text: &str) -> String {
    text.get(..16).unwrap_or(text).to_owned()
}

/// Texts written another way.
pub(super) fn rewritten(text: Expr, rewrite: fn(&str) -> String) -> Expr {
    text.map(
        move |column| {
            let texts: StringChunked = column.str()?.iter().map(|text| text.map(rewrite)).collect();
            Ok(texts.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
    )
}
