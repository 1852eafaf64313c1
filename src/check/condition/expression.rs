//! From a condition's tree to an expression over the columns of a dataset.
//!
//! Apart from the tree so that the tree knows no columns. What a null in a cell comes to follows from the expressions:
//! it is neither true nor false.

use std::collections::BTreeMap;

use polars::prelude::{DataType, Expr, NULL, TimeUnit, lit, when};
use rust_decimal::Decimal;

use super::cell_by_cell::{
    holds, months_later, one_of_texts, rewritten, to_a_tenth, to_the_minute, without_idle_zeros, working_days,
};
use super::columns::Columns;
use super::literal::{day, decimal};
use super::{Comparison, Condition, Operand, Span, ValueType};

/// Values that a condition may name beside the fields: what was counted or summed in other tables.
pub type Figures = BTreeMap<String, Expr>;

impl Columns<'_> {
    /// A condition as a boolean expression, null where it is neither true nor false.
    pub fn condition(&self, condition: &Condition) -> Expr {
        self.condition_with(condition, &Figures::new())
    }

    /// A condition that also names figures.
    pub fn condition_with(&self, condition: &Condition, figures: &Figures) -> Expr {
        let part = |part: &Condition| self.condition_with(part, figures);
        match condition {
            Condition::All(parts) => halved(parts.iter().map(part).collect(), Expr::and).unwrap_or_else(|| lit(true)),
            Condition::Any(parts) => halved(parts.iter().map(part).collect(), Expr::or).unwrap_or_else(|| lit(false)),
            Condition::Not(inner) => part(inner).not(),
            Condition::Compare(left, comparison, right) => {
                let (left, right) = self.alike(left, right, figures);
                compare(left, *comparison, right)
            }
            Condition::OneOf(of, values) if values.iter().all(|value| matches!(value, Operand::Text(_))) => {
                one_of_texts(self.operand(of, figures), values.iter().filter_map(Operand::as_text).collect())
            }
            Condition::OneOf(of, values) => {
                let alike = values.iter().map(|value| self.alike(of, value, figures));
                let same = alike.map(|(left, right)| left.eq(right)).collect();
                halved(same, Expr::or).unwrap_or_else(|| lit(false))
            }
            Condition::NoValue(field) => self.figure(field, figures).is_null(),
            Condition::Missing(field) => match figures.get(field) {
                Some(figure) => figure.clone().is_null(),
                None => self.folded(field).is_null(),
            },
            Condition::HasColumn(field) => lit(self.dataset().columns.contains_key(field)),
            Condition::Holds(field, place, part) => holds(self.text(field, figures), *place, part),
            Condition::Constant(value) => lit(*value),
        }
    }

    /// An operand's value, which may be a figure.
    pub fn operand(&self, operand: &Operand, figures: &Figures) -> Expr {
        let part = |part: &Operand| self.operand(part, figures);
        let as_day = |operand: &Operand| part(operand).cast(DataType::Date);
        match operand {
            Operand::Field(field, _) => self.figure(field, figures),
            Operand::Text(text) => lit(text.clone()),
            Operand::Number(number) => decimal(*number),
            Operand::Blank(..) => decimal(Decimal::ZERO),
            Operand::Day(date) => day(*date),
            Operand::AsOf => self.as_of(),
            Operand::Shifted(operand, days) => {
                (as_day(operand).cast(DataType::Int32) + lit(days.number)).cast(DataType::Date)
            }
            Operand::Length(field) => self.text(field, figures).str().len_chars().cast(DataType::Decimal(38, 0)),
            Operand::Between(Span::Days, from, to) => {
                let number = |day: &Operand| as_day(day).cast(DataType::Int32);
                (number(to) - number(from)).cast(DataType::Decimal(38, 0))
            }
            Operand::Between(Span::WorkingDays, from, to) => {
                working_days(as_day(from), as_day(to), &self.calendar).cast(DataType::Decimal(38, 0))
            }
            Operand::Between(Span::Hours, from, to) => {
                (self.minutes(to, figures) - self.minutes(from, figures)).cast(DataType::Float64) / lit(60.0)
            }
            Operand::MonthsLater(day, months) => months_later(as_day(day), months.number),
            Operand::Year(day) => as_day(day).dt().year().cast(DataType::Decimal(38, 0)),
            Operand::Month(day) => as_day(day).dt().month().cast(DataType::Decimal(38, 0)),
            Operand::WeekStart(day) => {
                let weekday = as_day(day).dt().weekday().cast(DataType::Int32);
                (as_day(day).cast(DataType::Int32) - weekday + lit(1)).cast(DataType::Date)
            }
            Operand::Later(left, right) => one_of_two(as_day(left), as_day(right), Expr::gt_eq),
            Operand::Earlier(left, right) => one_of_two(as_day(left), as_day(right), Expr::lt_eq),
        }
    }

    /// An operand's value as a text for people: a day in ISO form, a number without needless zeros.
    pub fn shown(&self, operand: &Operand, figures: &Figures) -> Expr {
        let value = self.operand(operand, figures);
        match operand.value_type() {
            ValueType::Number if matches!(operand, Operand::Between(Span::Hours, ..)) => {
                rewritten(value.cast(DataType::String), to_a_tenth)
            }
            ValueType::Number => rewritten(value.cast(DataType::String), without_idle_zeros),
            ValueType::Day => value.cast(DataType::Date).cast(DataType::String),
            ValueType::Time => rewritten(value.cast(DataType::String), to_the_minute),
            ValueType::Text => value.cast(DataType::String),
        }
    }

    /// Two values that may be compared: a time beside a day counts as its day.
    fn alike(&self, left: &Operand, right: &Operand, figures: &Figures) -> (Expr, Expr) {
        let of = |operand: &Operand, other: &Operand| {
            let value = self.operand(operand, figures);
            match (operand.value_type(), other.value_type()) {
                (ValueType::Time, ValueType::Day) => value.cast(DataType::Date),
                _ => value,
            }
        };
        (of(left, right), of(right, left))
    }

    fn text(&self, field: &str, figures: &Figures) -> Expr {
        figures.get(field).map_or_else(|| self.folded(field), |figure| figure.clone().cast(DataType::String))
    }

    fn figure(&self, field: &str, figures: &Figures) -> Expr {
        figures.get(field).cloned().unwrap_or_else(|| self.value(field))
    }

    /// Minutes since 1970; null where there is a date without a time. The as-of date counts from its start.
    fn minutes(&self, operand: &Operand, figures: &Figures) -> Expr {
        let value = self.operand(operand, figures);
        match operand {
            Operand::Field(field, ValueType::Time) if !figures.contains_key(field) => {
                let minutes = value.cast(DataType::Int64) / lit(60_000_i64);
                when(self.timed(field)).then(minutes).otherwise(lit(NULL).cast(DataType::Int64))
            }
            Operand::Field(_, ValueType::Time) => {
                value.cast(DataType::Datetime(TimeUnit::Milliseconds, None)).cast(DataType::Int64) / lit(60_000_i64)
            }
            _ => value.cast(DataType::Date).cast(DataType::Int64) * lit(1440_i64),
        }
    }
}

/// Many expressions as one, joined half by half: as a chain thousands of them would be thousands of levels deep.
fn halved(mut parts: Vec<Expr>, join: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let right = halved(parts.split_off(parts.len().div_ceil(2)), join);
    halved(parts, join).zip(right).map(|(left, right)| join(left, right))
}

/// The first of two days where it stands so to the second, and the one that is there where the other is missing.
fn one_of_two(left: Expr, right: Expr, stands: impl Fn(Expr, Expr) -> Expr) -> Expr {
    when(right.clone().is_null().or(stands(left.clone(), right.clone()).fill_null(lit(false))))
        .then(left)
        .otherwise(right)
}

fn compare(left: Expr, comparison: Comparison, right: Expr) -> Expr {
    match comparison {
        Comparison::Equal => left.eq(right),
        Comparison::NotEqual => left.neq(right),
        Comparison::Less => left.lt(right),
        Comparison::LessOrEqual => left.lt_eq(right),
        Comparison::Greater => left.gt(right),
        Comparison::GreaterOrEqual => left.gt_eq(right),
    }
}
