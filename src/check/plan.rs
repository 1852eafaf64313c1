//! The plan of a dataset while it is being made: its columns in use, and what is joined to them from other tables.
//!
//! Apart because every check writes into it and only the engine executes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::{
    Column, DataFrame, DataType, Expr, Field as PolarsField, IDX_DTYPE, IdxCa, IdxSize, IntoColumn, IntoLazy,
    LazyFrame, PolarsError, PolarsResult, StringChunked, col,
};
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
    by: By,
}

/// What a joined frame is found by.
enum By {
    /// A text that its key is equal to.
    Text(Expr),
    /// The number of the first own record with the same text, which its key is; where these texts stand.
    Record(Arc<Places>),
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
        self.joins.push(Join { frame, by: By::Text(left) });
    }

    /// Joins figures of another table's rows to every own row: of those where a condition is true and whose key is the text
    /// of an own field. The figures are named by [`Plan::name`]; they are null where no row belongs.
    ///
    /// # Errors
    /// Where the columns of the other table have different lengths, which is a bug.
    pub fn attach_figures(
        &mut self,
        (related, related_key): (&Columns<'_>, &str),
        field: &str,
        holds: Expr,
        figures: Vec<Expr>,
    ) -> PolarsResult<()> {
        let key = related.folded(related_key);
        let own = self.columns.dataset();
        // Looking up the rows of a large table and grouping them by number is quicker than grouping them by text.
        let is_large = related.dataset().height * 2 >= own.height;
        let column = own.columns.get(field).filter(|_| is_large);
        let (group, by) = match column.map(|column| column.places().clone()) {
            Some(places) => (first_record(key.clone(), places.clone()), By::Record(places)),
            None => (key.clone(), By::Text(self.columns.folded(field))),
        };
        let counted = related.frame()?.lazy().filter(holds.and(key.is_not_null()));
        let grouped = counted.with_column(group.alias(JOIN_KEY)).filter(col(JOIN_KEY).is_not_null());
        self.joins.push(Join { frame: grouped.group_by_stable([col(JOIN_KEY)]).agg(figures), by });
        Ok(())
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

/// The number of the first own record that holds a text; null where none does.
fn first_record(text: Expr, places: Arc<Places>) -> Expr {
    text.map(
        move |column| {
            let found: IdxCa = column.str()?.iter().map(|text| places.first(text?)).collect();
            Ok(found.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), IDX_DTYPE)),
    )
}

/// The columns of a join, a row for each of the own ones.
fn looked_up(own: &DataFrame, join: &Join) -> PolarsResult<Vec<Column>> {
    let mut right = join.frame.clone().collect()?;
    let keys = right.drop_in_place(JOIN_KEY)?;
    let rows = match &join.by {
        By::Text(text) => rows_by_text(own, text, keys.str()?)?,
        By::Record(places) => rows_by_record(own.height(), places, keys.idx()?),
    };
    Ok(right.take(&rows)?.into_columns())
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
