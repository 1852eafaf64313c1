//! The plan of a dataset while it is being made: its columns in use, and what is joined to them from other tables.
//!
//! Apart because every check writes into it and only the engine executes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, Expr, IDX_DTYPE, IdxCa, IdxSize, IntoColumn, IntoLazy, LazyFrame,
    NULL, PolarsError, PolarsResult, StringChunked, col, lit,
};
use rayon::prelude::*;

use super::condition::Columns;
use crate::calendar::Calendar;
use crate::dataset::places::Places;
use crate::dataset::{Column, Dataset};
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
    joins: Vec<Join<'d>>,
    names: usize,
}

/// A frame whose rows are joined to every own row, one at most.
enum Join<'d> {
    /// By a text that its key is equal to.
    ByText { frame: Box<LazyFrame>, text: Expr },
    /// Figures of another table's rows under a condition, by the first own record whose text their key is.
    ByRecord { own: &'d Column, key: &'d Column, related: DataFrame, holds: Expr, figures: Vec<Expr> },
    /// The number of the first record of another table.
    Number { own: &'d Column, other: &'d Column, name: String },
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
        self.joins.push(Join::ByText { frame: Box::new(frame), text: left });
    }

    /// Joins figures of another table's rows to every own row: of those where a condition is true and whose key is the text
    /// of an own field. The figures are named by [`Plan::name`]; they are null where no row belongs.
    ///
    /// # Errors
    /// Where the columns of the other table have different lengths, which is a bug.
    pub fn attach_figures(
        &mut self,
        (related, related_key): (&Columns<'d>, &str),
        field: &str,
        holds: Expr,
        figures: Vec<Expr>,
    ) -> PolarsResult<()> {
        let own = self.columns.dataset();
        // Looking up the rows of a large table and grouping them by number is quicker than grouping them by text.
        let is_large = related.dataset().height * 2 >= own.height;
        let pair = own.columns.get(field).zip(related.dataset().columns.get(related_key)).filter(|_| is_large);
        let join = match pair {
            Some((own, key)) => Join::ByRecord { own, key, related: related.frame()?, holds, figures },
            None => {
                let key = related.folded(related_key).alias(JOIN_KEY);
                let texts = related.frame()?.lazy().filter(holds).with_column(key);
                Join::ByText { frame: Box::new(grouped(texts, figures)), text: self.columns.folded(field) }
            }
        };
        self.joins.push(join);
        Ok(())
    }

    /// The number of the first record of another table that holds the text of an own field; null where none does.
    pub fn first_record(&mut self, field: &str, related: &Columns<'d>, related_field: &str) -> Expr {
        let pair = self.columns.dataset().columns.get(field).zip(related.dataset().columns.get(related_field));
        let Some((own, other)) = pair else { return lit(NULL).cast(IDX_DTYPE) };
        let name = self.name();
        self.joins.push(Join::Number { own, other, name: name.clone() });
        col(name.as_str())
    }

    /// The frame that all expressions of the plan are over.
    ///
    /// # Errors
    /// Where the columns have different lengths, which is a bug, or what is joined cannot be reckoned.
    pub fn frame(&self) -> PolarsResult<LazyFrame> {
        let own = self.columns.frame()?;
        let joined: Vec<Vec<PolarsColumn>> =
            self.joins.par_iter().map(|join| looked_up(&own, join)).collect::<PolarsResult<_>>()?;
        own.hstack(&joined.concat()).map(DataFrame::lazy)
    }
}

/// A row of figures for each key.
fn grouped(keyed: LazyFrame, figures: Vec<Expr>) -> LazyFrame {
    keyed.filter(col(JOIN_KEY).is_not_null()).group_by_stable([col(JOIN_KEY)]).agg(figures)
}

/// The columns of a join, a row for each of the own ones.
fn looked_up(own: &DataFrame, join: &Join) -> PolarsResult<Vec<PolarsColumn>> {
    let without_keys = |frame: LazyFrame| -> PolarsResult<(DataFrame, PolarsColumn)> {
        let mut right = frame.collect()?;
        let keys = right.drop_in_place(JOIN_KEY)?;
        Ok((right, keys))
    };
    match join {
        Join::ByText { frame, text } => {
            let (right, keys) = without_keys(frame.as_ref().clone())?;
            Ok(right.take(&rows_by_text(own, text, keys.str()?)?)?.into_columns())
        }
        Join::ByRecord { own: field, key, related, holds, figures } => {
            let numbers = key.first_in(field).with_name(JOIN_KEY.into()).into_column();
            let counted = related.hstack(&[numbers])?.lazy().filter(holds.clone());
            let (right, keys) = without_keys(grouped(counted, figures.clone()))?;
            Ok(right.take(&rows_by_record(own.height(), field.places(), keys.idx()?))?.into_columns())
        }
        Join::Number { own, other, name } => {
            Ok(vec![own.first_in(other).with_name(name.as_str().into()).into_column()])
        }
    }
}

/// The joined row of every own row, by its text.
fn rows_by_text(own: &DataFrame, text: &Expr, keys: &StringChunked) -> PolarsResult<IdxCa> {
    let left = own.clone().lazy().select([text.clone().cast(DataType::String).alias(JOIN_KEY)]).collect()?;
    let left = left.column(JOIN_KEY)?.str()?;
    let known = Places::of(keys);
    Ok(match (left.len(), own.height()) {
        // A field without a column is null, once for all rows.
        (1, height) if height != 1 => vec![left.get(0).and_then(|key| known.first(key)); height].into_iter().collect(),
        _ => left.iter().map(|key| known.first(key?)).collect(),
    })
}

/// The joined row of every own row, by the first record with the same text.
fn rows_by_record(height: usize, places: &Places, keys: &IdxCa) -> IdxCa {
    let mut rows: Vec<Option<IdxSize>> = vec![None; height];
    for (row, first) in (0..).zip(keys.iter()) {
        if let Some(place) = first.and_then(|first| rows.get_mut(first as usize)) {
            *place = Some(row);
        }
    }
    for record in places.repeated() {
        let first = places.first_like(*record).and_then(|first| rows.get(first as usize).copied()).flatten();
        if let Some(place) = rows.get_mut(*record as usize) {
            *place = first;
        }
    }
    rows.into_iter().collect()
}
