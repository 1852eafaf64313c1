//! From a condition's tree to an expression over the columns of a dataset.
//!
//! Apart from the tree so that the tree knows no columns. It also is the one place that names the columns of a plan,
//! and that remembers which of them a plan uses.

use std::cell::RefCell;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use polars::prelude::{
    AnyValue, Column as PolarsColumn, DataFrame, DataType, Expr, IntoColumn, IntoSeries, LiteralValue, NULL,
    PolarsResult, Scalar, col, lit,
};
use rust_decimal::Decimal;

use super::{Comparison, Condition, Operand};
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

/// The columns of a dataset that expressions use.
pub struct Columns<'d> {
    dataset: &'d Dataset,
    as_of: NaiveDate,
    used: RefCell<BTreeSet<(String, Form)>>,
}

impl<'d> Columns<'d> {
    /// No columns yet.
    pub fn new(dataset: &'d Dataset, as_of: NaiveDate) -> Self {
        Self { dataset, as_of, used: RefCell::default() }
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
        match condition {
            Condition::All(parts) => {
                parts.iter().map(|part| self.condition(part)).reduce(Expr::and).unwrap_or_else(|| lit(true))
            }
            Condition::Any(parts) => {
                parts.iter().map(|part| self.condition(part)).reduce(Expr::or).unwrap_or_else(|| lit(false))
            }
            Condition::Not(part) => self.condition(part).not(),
            Condition::Compare(left, comparison, right) => {
                compare(self.operand(left), *comparison, self.operand(right))
            }
            Condition::OneOf(operand, values) => values
                .iter()
                .map(|value| self.operand(operand).eq(self.operand(value)))
                .reduce(Expr::or)
                .unwrap_or_else(|| lit(false)),
            Condition::NoValue(field) => self.value(field).is_null(),
            Condition::Missing(field) => self.folded(field).is_null(),
            Condition::HasColumn(field) => lit(self.dataset.columns.contains_key(field)),
            Condition::Constant(value) => lit(*value),
        }
    }

    fn operand(&self, operand: &Operand) -> Expr {
        match operand {
            Operand::Field(field, _) => self.value(field),
            Operand::Text(text) => lit(text.clone()),
            Operand::Number(number) => decimal(*number),
            Operand::Day(date) => day(*date),
            Operand::AsOf => self.as_of(),
            Operand::Shifted(operand, days) => {
                (self.operand(operand).cast(DataType::Int32) + lit(*days)).cast(DataType::Date)
            }
            Operand::Length(field) => self.folded(field).str().len_chars().cast(DataType::Decimal(38, 0)),
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
