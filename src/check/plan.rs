//! The plan of a dataset while it is being made: its columns in use, and what is joined to them from other tables.
//!
//! Apart because every check writes into it and only the engine executes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{Column, DataFrame, DataType, Expr, IdxCa, IntoLazy, LazyFrame, PolarsError, PolarsResult};
use rayon::prelude::*;

use super::condition::Columns;
use crate::calendar::Calendar;
use crate::dataset::Dataset;
use crate::dataset::places::Places;
use crate::matching::Decisions;
use crate::model::{ChangedRecords, Measures};

/// What a plan is given beside the data.
#[derive(Clone)]
pub struct Given {
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// The as-of date.
    pub as_of: NaiveDate,
    /// What people decided about pairs of customers.
    pub decisions: Arc<Decisions>,
    /// What earlier runs of the job measured.
    pub history: Arc<Measures>,
    /// What changed since the run compared with.
    pub changed: Arc<ChangedRecords>,
}

/// The plan of one dataset.
pub struct Plan<'d> {
    /// The dataset's own columns.
    pub columns: Columns<'d>,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// The as-of date.
    pub as_of: NaiveDate,
    /// What is given beside the data.
    pub given: Given,
    datasets: &'d BTreeMap<String, Dataset>,
    joins: Vec<Join>,
    names: usize,
}

struct Join {
    frame: LazyFrame,
    left: Expr,
}

/// The name of the key column of a frame that is joined.
pub const JOIN_KEY: &str = "\u{1f}key";

impl<'d> Plan<'d> {
    /// An empty plan.
    pub fn new(dataset: &'d Dataset, datasets: &'d BTreeMap<String, Dataset>, given: Given) -> Self {
        let (calendar, as_of) = (given.calendar.clone(), given.as_of);
        let columns = Columns::new(dataset, as_of, calendar.clone());
        Self { columns, calendar, as_of, given, datasets, joins: Vec::new(), names: 0 }
    }

    /// The columns of another table.
    ///
    /// # Errors
    /// Where there is no such dataset: a rule that reads it is not planned.
    pub fn related(&self, table: &str) -> PolarsResult<Columns<'d>> {
        self.datasets
            .get(table)
            .map(|dataset| Columns::new(dataset, self.as_of, self.calendar.clone()))
            .ok_or_else(|| PolarsError::ComputeError(format!("no dataset {table}").into()))
    }

    /// Whether a table was read.
    pub fn has(&self, table: &str) -> bool {
        self.datasets.contains_key(table)
    }

    /// A name for a column that no field has.
    pub fn name(&mut self) -> String {
        self.names += 1;
        format!("\u{1f}{}", self.names)
    }

    /// Joins a frame to every row: its column [`JOIN_KEY`], unique, to an expression over the own columns. Its other
    /// columns, named by [`Plan::name`], may then be used; they are null where nothing matches.
    pub fn attach(&mut self, frame: LazyFrame, left: Expr) {
        self.joins.push(Join { frame, left });
    }

    /// The frame that all expressions of the plan are over.
    ///
    /// # Errors
    /// Where the columns have different lengths, which is a bug, or what is joined cannot be reckoned.
    pub fn frame(&self) -> PolarsResult<LazyFrame> {
        let own = self.columns.frame()?;
        let joined: Vec<Vec<Column>> =
            self.joins.par_iter().map(|join| looked_up(&own, join)).collect::<PolarsResult<_>>()?;
        own.hstack(&joined.concat()).map(DataFrame::lazy)
    }
}

/// The columns of a join, a row for each of the own ones.
fn looked_up(own: &DataFrame, join: &Join) -> PolarsResult<Vec<Column>> {
    let left = own.clone().lazy().select([join.left.clone().cast(DataType::String).alias(JOIN_KEY)]).collect()?;
    let mut right = join.frame.clone().collect()?;
    let known = Places::of(right.drop_in_place(JOIN_KEY)?.str()?);
    let left = left.column(JOIN_KEY)?.str()?;
    let rows: IdxCa = match (left.len(), own.height()) {
        (1, height) if height != 1 => vec![left.get(0).and_then(|key| known.first(key)); height].into_iter().collect(),
        _ => left.iter().map(|key| known.first(key?)).collect(),
    };
    Ok(right.take(&rows)?.into_columns())
}
