//! Days and times of a record, and what has passed between two of them in working days, calendar days or hours.
//!
//! Apart because deadlines and chains of approval reckon alike. A day without a time is no time: where one of two has
//! none, hours are reckoned in whole days.

use chrono::NaiveDate;
use polars::prelude::{DataType, Expr, NULL, lit};

use super::rows::Rows;
use super::{Plan, Scope};
use crate::calendar::Calendar;
use crate::dictionary::{FieldType, Table};
use crate::params::{Params, Placed};
use crate::text;

/// What a time limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Chinese working days; the first day is not counted.
    WorkingDay,
    /// Calendar days.
    CalendarDay,
    /// Hours, to the minute.
    Hour,
}

/// The words of rule files.
pub const SPANS: [(&str, Span); 3] =
    [("working_day", Span::WorkingDay), ("calendar_day", Span::CalendarDay), ("hour", Span::Hour)];

/// A day, and the minute where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Minutes since 1970-01-01 00:00.
    pub minute: Option<i64>,
}

/// How many inputs of a row make a moment.
pub const INPUTS: usize = 3;

impl Moment {
    /// The inputs of a field's moment.
    pub fn inputs(plan: &Plan, field: &str) -> [Expr; INPUTS] {
        let value = plan.columns.value(field);
        let is_time = plan.columns.dataset().table.field(field).map(|field| field.field_type);
        let milliseconds = match is_time {
            Some(FieldType::DateTime) => value.clone().cast(DataType::Int64),
            _ => lit(NULL).cast(DataType::Int64),
        };
        [value.cast(DataType::Date).cast(DataType::Int32), milliseconds, plan.columns.timed(field)]
    }

    /// The moment whose inputs begin at a position.
    pub fn read(rows: &Rows, first: usize, row: usize) -> Option<Self> {
        let day = i32::try_from(rows.number(first, row)?).ok()?;
        let minute = rows.holds(first + 2, row).then(|| rows.number(first + 1, row)).flatten();
        Some(Self { day, minute: minute.map(|milliseconds| milliseconds.div_euclid(60_000)) })
    }

    /// The start of a day: by when what is not done yet was not done. A run of the morning accuses nobody of the hours
    /// that are to come.
    pub fn start_of(day: NaiveDate) -> Self {
        let day = days(day);
        Self { day, minute: Some(i64::from(day) * 1440) }
    }

    /// Whether it lies before another one; a day is not before a time on it.
    pub fn is_before(self, other: Self) -> bool {
        match (self.minute, other.minute) {
            (Some(own), Some(other)) => own < other,
            _ => self.day < other.day,
        }
    }

    /// Whether more than so much has passed from this moment to a later one.
    pub fn is_exceeded(self, to: Self, span: Span, limit: i32, calendar: &Calendar) -> bool {
        match (span, self.minute, to.minute) {
            (Span::WorkingDay, ..) => calendar.working_days_between(self.day, to.day) > limit,
            (Span::CalendarDay, ..) => to.day.saturating_sub(self.day) > limit,
            (Span::Hour, Some(from), Some(to)) => to - from > i64::from(limit) * 60,
            (Span::Hour, ..) => to.day.saturating_sub(self.day) > whole_days(limit),
        }
    }
}

/// The days that so many hours reach into.
pub fn whole_days(hours: i32) -> i32 {
    hours.saturating_add(23).div_euclid(24)
}

/// Days since 1970-01-01.
pub fn days(day: NaiveDate) -> i32 {
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(0)
}

/// A field of a table that must be a day or a time.
pub fn dated(rule: &Params, scope: &Scope, table: &Table, written: &Placed<String>) -> Option<String> {
    let name = scope.named(rule, table, written)?;
    let field_type = table.field(&name).map(|field| field.field_type);
    if !matches!(field_type, Some(FieldType::Date | FieldType::DateTime)) {
        let word = &written.value;
        rule.problems().add(written.span.clone(), text!("字段“{word}”不是日期", "field `{word}` is no date"));
        return None;
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Moment = Moment { day: 10, minute: Some(10 * 1440 + 720) };
    const DAY: Moment = Moment { day: 10, minute: None };

    #[test]
    fn hours_count_to_the_minute_and_days_where_there_is_no_time() {
        let calendar = Calendar::load(None).expect("the built-in calendar");
        let exceeded = |from: Moment, to: Moment, limit| from.is_exceeded(to, Span::Hour, limit, &calendar);
        let later = |minutes: i64| Moment { day: 11, minute: Some(10 * 1440 + 720 + minutes) };
        assert!(!exceeded(NOON, later(1440), 24) && exceeded(NOON, later(1441), 24));
        let next = |days: i32| Moment { day: 10 + days, minute: None };
        assert!(!exceeded(DAY, next(1), 24) && exceeded(DAY, next(2), 24));
        assert!(!exceeded(NOON, next(2), 25) && exceeded(NOON, next(3), 25));
    }

    #[test]
    fn a_day_is_not_before_a_time_on_it() {
        assert!(!DAY.is_before(NOON) && !NOON.is_before(DAY));
        assert!(DAY.is_before(Moment { day: 11, minute: Some(11 * 1440) }));
        assert!(Moment { day: 10, minute: Some(14_400) }.is_before(NOON));
    }
}
