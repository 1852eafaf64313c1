//! `deadline`: one date must follow another within working days, calendar days or hours; only where both are there.

use polars::prelude::{DataType, Expr, Field as PolarsField, Int32Chunked, IntoColumn, PolarsResult, lit};

use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `deadline`.
pub struct Kind;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Span {
    WorkingDay,
    CalendarDay,
    Hour,
}

#[derive(Debug)]
struct Deadline {
    table: String,
    from: String,
    field: String,
    span: Span,
    limit: i32,
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
        let from = scope.field(rule, "from");
        let field = scope.field(rule, "field");
        let words = [("working_day", Span::WorkingDay), ("calendar_day", Span::CalendarDay), ("hour", Span::Hour)];
        let span = rule.optional_word("unit", &words).unwrap_or(Span::WorkingDay);
        let limit = scope.parameters.number("limit").and_then(|limit| i32::try_from(limit).ok()).unwrap_or(0);
        Some(Box::new(Deadline { table: scope.table.name.clone(), from: from?, field: field?, span, limit }))
    }
}

impl Deadline {
    fn days(&self, plan: &Plan) -> (Expr, Expr) {
        let day = |field: &str| plan.columns.value(field).cast(DataType::Date).cast(DataType::Int32);
        (day(&self.from), day(&self.field))
    }

    fn working_days(&self, plan: &Plan) -> Expr {
        let calendar = plan.calendar.clone();
        let (from, to) = self.days(plan);
        from.map_many(
            move |columns| {
                let [from, to] = columns else { return Ok(columns[0].clone()) };
                let (from, to) = (from.i32()?, to.i32()?);
                let counted: Int32Chunked = from
                    .iter()
                    .zip(to.iter())
                    .map(|(from, to)| Some(calendar.working_days_between(from?, to?)))
                    .collect();
                Ok(counted.into_column())
            },
            &[to],
            |_, fields| Ok(PolarsField::new(fields[0].name().clone(), DataType::Int32)),
        )
    }

    /// Whole hours count to the minute. A date without a time is no time: then it is late only where its day is.
    fn hours_late(&self, plan: &Plan) -> Expr {
        let minutes = |field: &str| plan.columns.value(field).cast(DataType::Int64) / lit(60_000_i64);
        let timed = plan.columns.timed(&self.from).and(plan.columns.timed(&self.field));
        let late = (minutes(&self.field) - minutes(&self.from)).gt(lit(i64::from(self.limit) * 60));
        let (from, to) = self.days(plan);
        let day_late = to.gt(from + lit((self.limit + 23) / 24));
        timed.clone().and(late).or(timed.not().and(day_late))
    }
}

impl Check for Deadline {
    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.from.clone()), (self.table.clone(), self.field.clone())]
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let unit = match self.span {
            Span::Hour => Unit::on(&self.field, self.hours_late(plan)),
            Span::CalendarDay => {
                let (from, to) = self.days(plan);
                let taken = to - from;
                Unit::on(&self.field, taken.clone().gt(lit(self.limit))).with_detail(taken.cast(DataType::String))
            }
            Span::WorkingDay => {
                let taken = self.working_days(plan);
                Unit::on(&self.field, taken.clone().gt(lit(self.limit))).with_detail(taken.cast(DataType::String))
            }
        };
        Ok(vec![unit])
    }

    fn counts_working_days(&self) -> Option<(&str, &str)> {
        (self.span == Span::WorkingDay).then_some((&self.from, &self.field))
    }
}
