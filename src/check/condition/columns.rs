//! The columns of a dataset in a plan: what each form of a field is called there, and which of them are used.
//!
//! Apart because it is the one place that names the columns of a plan and remembers which a plan uses. It knows no
//! condition.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, Expr, IntoColumn, IntoSeries, NULL, PolarsResult, col, lit,
};

use super::literal::day;
use crate::calendar::Calendar;
use crate::dataset::Dataset;
use crate::dictionary::FieldType;

/// The forms of a field that a plan may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
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
    pub(super) calendar: Arc<Calendar>,
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
