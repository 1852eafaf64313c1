//! `deadline`: one date must follow another within working days, calendar days or hours.
//!
//! By itself it judges where both dates are there. `open` also judges what is not done yet, against the start of the
//! as-of day, and `report = "due"` says what is not done yet and soon must be.

use std::sync::Arc;

use polars::prelude::{DataType, Expr, Field as PolarsField, Int32Chunked, IntoColumn, NULL, PolarsResult, lit, when};

use super::condition::Condition;
use super::moment::{Moment, SPANS, Span, dated, days, whole_days};
use super::suspicion::{About, Suspicion, filled_and};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::calendar::Calendar;
use crate::model::Test;
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `deadline`.
pub struct Kind;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Report {
    /// Too late.
    Late,
    /// Not done yet, not late, and at most so many days left.
    Due(i32),
}

#[derive(Debug)]
struct Deadline {
    table: String,
    from: String,
    field: String,
    span: Span,
    limit: i32,
    /// What is not done yet and too late is late.
    open: bool,
    report: Report,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "deadline"
    }

    fn describe(&self) -> Text {
        text!(
            "一个日期必须在另一个日期之后若干工作日、自然日或小时之内",
            "one date follows another within so many working days, calendar days or hours"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let span = rule.optional_word("unit", &SPANS).unwrap_or(Span::WorkingDay);
        let moment = |key: &'static str| rule.string(key).and_then(|written| dated(rule, scope, scope.table, &written));
        let (from, field) = (moment("from"), moment("field"));
        let number = |name: &str| scope.parameters.whole(name).and_then(|limit| i32::try_from(limit).ok()).unwrap_or(0);
        let limit = number("limit");
        let open = rule.optional_bool("open").unwrap_or(false);
        let is_due = rule.optional_word("report", &[("late", false), ("due", true)]).unwrap_or(false);
        let report = if is_due { Report::Due(number("notice")) } else { Report::Late };
        let table = scope.table.name.clone();
        Some(Box::new(Deadline { table, from: from?, field: field?, span, limit, open, report }))
    }
}

impl Deadline {
    /// Whether it is not done yet. What is there and unreadable is neither done nor not.
    fn missing(&self, plan: &Plan) -> Expr {
        plan.columns.folded(&self.field).is_null()
    }

    /// The days of both dates; of what is not done yet, where that counts, the as-of date.
    fn days(&self, plan: &Plan) -> (Expr, Expr) {
        let done = day(plan, &self.field);
        let to = if self.open { when(self.missing(plan)).then(lit(days(plan.as_of))).otherwise(done) } else { done };
        (day(plan, &self.from), to)
    }

    /// Whole hours count to the minute. A date without a time is no time: then it is late only where its day is.
    fn hours_late(&self, plan: &Plan) -> Expr {
        let (mut to, mut to_timed) = (minutes(plan, &self.field), plan.columns.timed(&self.field));
        if self.open {
            let missing = || self.missing(plan);
            to = when(missing()).then(lit(start_of_day(plan))).otherwise(to);
            to_timed = when(missing()).then(lit(true)).otherwise(to_timed);
        }
        // A field of the type date has no time; one without a value has no day either and never is late.
        let timed = plan.columns.timed(&self.from).and(to_timed).fill_null(lit(false));
        let late = (to - minutes(plan, &self.from)).gt(lit(i64::from(self.limit) * 60));
        let (from, to) = self.days(plan);
        let day_late = to.gt(from + lit(whole_days(self.limit)));
        timed.clone().and(late).or(timed.not().and(day_late))
    }

    /// The days from the as-of date to the last one on which it is in time; negative where it is late.
    fn days_left(&self, plan: &Plan) -> Expr {
        let as_of = days(plan.as_of);
        let from = day(plan, &self.from);
        match self.span {
            Span::CalendarDay => from + lit(self.limit) - lit(as_of),
            Span::WorkingDay => {
                let today = when(from.clone().is_not_null()).then(lit(as_of)).otherwise(lit(NULL));
                lit(self.limit) - working_days(&plan.calendar, from, today.cast(DataType::Int32))
            }
            Span::Hour => {
                let left = minutes(plan, &self.from) + lit(i64::from(self.limit) * 60 - start_of_day(plan));
                let in_days = left.clone() / lit(1440_i64);
                let in_days = when(left.lt(lit(0_i64))).then(lit(-1_i64)).otherwise(in_days).cast(DataType::Int32);
                let by_day = from + lit(whole_days(self.limit)) - lit(as_of);
                when(plan.columns.timed(&self.from).fill_null(lit(false))).then(in_days).otherwise(by_day)
            }
        }
    }

    fn late(&self, plan: &Plan) -> Unit {
        let (from, to) = self.days(plan);
        let taken = match self.span {
            Span::Hour => return Unit::on(&self.field, self.hours_late(plan)),
            Span::CalendarDay => to - from,
            Span::WorkingDay => working_days(&plan.calendar, from, to),
        };
        Unit::on(&self.field, taken.clone().gt(lit(self.limit))).with_detail(taken.cast(DataType::String))
    }
}

fn day(plan: &Plan, field: &str) -> Expr {
    plan.columns.value(field).cast(DataType::Date).cast(DataType::Int32)
}

fn minutes(plan: &Plan, field: &str) -> Expr {
    plan.columns.value(field).cast(DataType::Int64) / lit(60_000_i64)
}

fn start_of_day(plan: &Plan) -> i64 {
    Moment::start_of(plan.as_of).minute.unwrap_or(0)
}

fn working_days(calendar: &Arc<Calendar>, from: Expr, to: Expr) -> Expr {
    let calendar = calendar.clone();
    from.map_many(
        move |columns| {
            let [from, to] = columns else { return Ok(columns[0].clone()) };
            let (from, to) = (from.i32()?, to.i32()?);
            let counted: Int32Chunked =
                from.iter().zip(to.iter()).map(|(from, to)| Some(calendar.working_days_between(from?, to?))).collect();
            Ok(counted.into_column())
        },
        &[to],
        |_, fields| Ok(PolarsField::new(fields[0].name().clone(), DataType::Int32)),
    )
}

impl Check for Deadline {
    fn follows_the_day(&self) -> bool {
        true
    }

    fn gives_detail(&self) -> bool {
        self.span != Span::Hour || self.report != Report::Late
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.from.clone()), (self.table.clone(), self.field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let mut unit = match self.report {
            Report::Late => self.late(plan),
            Report::Due(notice) => {
                let left = self.days_left(plan);
                let soon = left.clone().gt_eq(lit(0)).and(left.clone().lt_eq(lit(notice)));
                Unit::on(&self.field, self.missing(plan).and(soon)).with_detail(left.cast(DataType::String))
            }
        };
        if self.open {
            unit.tested = Some(self.missing(plan).or(plan.columns.value(&self.field).is_not_null()));
        }
        Ok(vec![unit])
    }

    /// So many days apart, both dates are in time, whatever the hours and however few of the days are working days.
    fn suspects(&self, _: &About) -> Option<Suspicion> {
        if self.open || self.report != Report::Late {
            return None;
        }
        let days = match self.span {
            Span::CalendarDay | Span::WorkingDay => self.limit,
            Span::Hour => self.limit / 24 - 1,
        };
        let late = Test::any([
            Test::opposite(Test::Reads(self.from.clone())),
            Test::opposite(Test::Reads(self.field.clone())),
            Test::FarApart(self.from.clone(), self.field.clone(), i64::from(days)),
        ]);
        let mut suspicion = Suspicion::of(filled_and(&self.from, filled_and(&self.field, late)));
        if self.span == Span::WorkingDay {
            // which years it counts in is asked of all rows
            suspicion.valued = vec![self.from.clone(), self.field.clone()];
        }
        Some(suspicion)
    }

    fn counts_working_days(&self) -> Vec<(&str, &str)> {
        if self.span == Span::WorkingDay { vec![(&self.from, &self.field)] } else { Vec::new() }
    }
}
