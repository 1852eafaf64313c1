//! The plan of a dataset while it is being made: its columns in use, and what is joined to them from other tables.
//!
//! Apart because every check writes into it and only the engine executes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{
    Expr, IntoLazy, JoinArgs, JoinType, LazyFrame, MaintainOrderJoin, PolarsError, PolarsResult, col,
};

use super::condition::Columns;
use crate::calendar::Calendar;
use crate::dataset::Dataset;
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
    /// Where the columns have different lengths, which is a bug.
    pub fn frame(&self) -> PolarsResult<LazyFrame> {
        let mut frame = self.columns.frame()?.lazy();
        for (index, join) in self.joins.iter().enumerate() {
            let key = format!("\u{1f}key{index}");
            let mut how = JoinArgs::new(JoinType::Left);
            how.maintain_order = MaintainOrderJoin::Left;
            frame = frame.with_column(join.left.clone().alias(key.as_str())).join(
                join.frame.clone(),
                [col(key.as_str())],
                [col(JOIN_KEY)],
                how,
            );
        }
        Ok(frame)
    }
}
