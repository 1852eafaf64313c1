//! From a condition's tree to an expression over the columns of a dataset.
//!
//! Apart from the tree so that the tree knows no columns. It also is the one place that names the columns of a plan,
//! and that remembers which of them a plan uses.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Months, NaiveDate, TimeDelta};
use polars::prelude::{
    AnyValue, BooleanChunked, Column as PolarsColumn, DataFrame, DataType, Expr, Field as PolarsField, Int32Chunked,
    IntoColumn, IntoSeries, LiteralValue, NULL, PolarsResult, Scalar, StringChunked, TimeUnit, col, lit, when,
};
use rust_decimal::Decimal;

use super::{Comparison, Condition, Operand, Part, Span, ValueType};
use crate::calendar::Calendar;
use crate::dataset::Dataset;
use crate::dictionary::FieldType;

/// The forms of a field that a plan may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Folded text; null where missing.
    Folded,
    /// The value of the field's type; null where missing or unreadable.
    Value,
    /// Whether a date and time has a time.
    Timed,
}

/// Values that a condition may name beside the fields: what was counted or summed in other tables.
pub type Figures = BTreeMap<String, Expr>;

/// The columns of a dataset that expressions use.
pub struct Columns<'d> {
    dataset: &'d Dataset,
    as_of: NaiveDate,
    calendar: Arc<Calendar>,
    used: RefCell<BTreeSet<(String, Form)>>,
}

impl<'d> Columns<'d> {
    /// No columns yet.
    pub fn new(dataset: &'d Dataset, as_of: NaiveDate, calendar: Arc<Calendar>) -> Self {
        Self { dataset, as_of, calendar, used: RefCell::default() }
    }

    /// The dataset.
    pub fn dataset(&self) -> &'d Dataset {
        self.dataset
    }

    /// The as-of date as a value.
    pub fn as_of(&self) -> Expr {
        day(self.as_of)
    }

    /// The folded text of a field; null for all where there is no such column.
    pub fn folded(&self, field: &str) -> Expr {
        if self.dataset.columns.contains_key(field) {
            self.used.borrow_mut().insert((field.to_owned(), Form::Folded));
            col(name(field, Form::Folded))
        } else {
            lit(NULL).cast(DataType::String)
        }
    }

    /// The value of a field by its type: a day, a time, a decimal; for text the folded text.
    pub fn value(&self, field: &str) -> Expr {
        let column = self.dataset.columns.get(field);
        match column.map(|column| column.value.is_some()) {
            Some(true) => {
                self.used.borrow_mut().insert((field.to_owned(), Form::Value));
                col(name(field, Form::Value))
            }
            Some(false) => self.folded(field),
            None => match self.dataset.table.field(field).map(|field| field.field_type) {
                Some(FieldType::Date | FieldType::DateTime) => lit(NULL).cast(DataType::Date),
                Some(FieldType::Decimal) => lit(NULL).cast(DataType::Decimal(38, 0)),
                _ => self.folded(field),
            },
        }
    }

    /// Whether a date and time has a time; null where there is no value.
    pub fn timed(&self, field: &str) -> Expr {
        if self.dataset.columns.get(field).is_some_and(|column| column.timed.is_some()) {
            self.used.borrow_mut().insert((field.to_owned(), Form::Timed));
            col(name(field, Form::Timed))
        } else {
            lit(NULL).cast(DataType::Boolean)
        }
    }

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
            Condition::HasColumn(field) => lit(self.dataset.columns.contains_key(field)),
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

    /// The columns in use, as a frame.
    ///
    /// # Errors
    /// Where their lengths differ, which is a bug.
    pub fn frame(&self) -> PolarsResult<DataFrame> {
        let mut columns: Vec<PolarsColumn> = Vec::new();
        for (field, form) in self.used.borrow().iter() {
            let Some(column) = self.dataset.columns.get(field) else { continue };
            let series = match form {
                Form::Folded => Some(column.folded.clone().into_series()),
                Form::Value => column.value.clone(),
                Form::Timed => column.timed.clone().map(IntoSeries::into_series),
            };
            columns.extend(series.map(|series| series.with_name(name(field, *form).into()).into_column()));
        }
        DataFrame::new(self.dataset.height, columns)
    }
}

/// The name of a field's column in a plan.
fn name(field: &str, form: Form) -> String {
    match form {
        Form::Folded => field.to_owned(),
        Form::Value => format!("{field}\u{1f}value"),
        Form::Timed => format!("{field}\u{1f}timed"),
    }
}

/// A day as a value.
pub(crate) fn day(date: NaiveDate) -> Expr {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    lit(i32::try_from(days).unwrap_or(0)).cast(DataType::Date)
}

/// An exact decimal as a value.
pub(crate) fn decimal(number: Decimal) -> Expr {
    let scale = number.scale() as usize;
    let value = AnyValue::Decimal(number.mantissa(), 38, scale);
    Expr::Literal(LiteralValue::Scalar(Scalar::new(DataType::Decimal(38, scale), value.into_static())))
}

/// Working days after the first day, up to the second; null where one of them is.
pub(crate) fn working_days(from: Expr, to: Expr, calendar: &Arc<Calendar>) -> Expr {
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

fn months_later(day: Expr, months: i32) -> Expr {
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

/// Whether a text is one of many: a look-up, however long the list is.
pub(crate) fn one_of_texts(text: Expr, words: BTreeSet<String>) -> Expr {
    text.map(
        move |column| {
            let found: BooleanChunked =
                column.str()?.iter().map(|text| text.map(|text| words.contains(text))).collect();
            Ok(found.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Boolean)),
    )
}

fn holds(text: Expr, place: Part, part: &str) -> Expr {
    let part = part.to_owned();
    text.map(
        move |column| {
            let found: BooleanChunked = column
                .str()?
                .iter()
                .map(|text| {
                    text.map(|text| match place {
                        Part::Anywhere => text.contains(&part),
                        Part::Start => text.starts_with(&part),
                        Part::End => text.ends_with(&part),
                    })
                })
                .collect();
            Ok(found.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Boolean)),
    )
}

/// An exact number without needless zeros: 40.00 as 40.
fn without_idle_zeros(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// Hours to a tenth: 48.333333 as 48.3.
fn to_a_tenth(text: &str) -> String {
    let number = text.parse().map_or_else(|_| text.to_owned(), |number: f64| format!("{number:.1}"));
    without_idle_zeros(&number)
}

/// 2026-11-01 09:00:00.000 as 2026-11-01 09:00.
fn to_the_minute(text: &str) -> String {
    text.get(..16).unwrap_or(text).to_owned()
}

fn rewritten(text: Expr, rewrite: fn(&str) -> String) -> Expr {
    text.map(
        move |column| {
            let texts: StringChunked = column.str()?.iter().map(|text| text.map(rewrite)).collect();
            Ok(texts.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
    )
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
