//! Expressions that are reckoned in Rust: a kind hands over its inputs and a function of a row, or of all rows.
//!
//! Apart because what stands in a plan's columns (one literal for all rows, several chunks) is dealt with here once; the
//! kinds see plain values. The result is a text, null where there is nothing to say.

use std::sync::Arc;

use polars::prelude::{
    BooleanChunked, Column, DataType, Expr, Field as PolarsField, Int64Chunked, IntoColumn, PolarsResult, Schema,
    StringChunked, lit,
};

/// The inputs of all rows.
pub struct Rows {
    inputs: Vec<Input>,
    /// How many rows there are.
    pub height: usize,
}

enum Input {
    Number(Int64Chunked),
    Text(StringChunked),
    Flag(BooleanChunked),
}

impl Rows {
    fn read(columns: &[Column]) -> PolarsResult<Self> {
        // A literal alone is one row long, in a table without rows too.
        let lengths = || columns.iter().map(Column::len);
        let height = if lengths().any(|length| length == 0) { 0 } else { lengths().max().unwrap_or(0) };
        let inputs = columns
            .iter()
            .map(|column| {
                let series = column.as_materialized_series().rechunk();
                Ok(match series.dtype() {
                    DataType::String => Input::Text(series.str()?.clone()),
                    DataType::Boolean => Input::Flag(series.bool()?.clone()),
                    _ => Input::Number(series.cast(&DataType::Int64)?.i64()?.clone()),
                })
            })
            .collect::<PolarsResult<Vec<_>>>()?;
        Ok(Self { inputs, height })
    }

    /// A whole number: a count, a day since 1970-01-01, a time in milliseconds.
    pub fn number(&self, input: usize, row: usize) -> Option<i64> {
        match self.inputs.get(input)? {
            Input::Number(numbers) => numbers.get(at(numbers.len(), row)),
            _ => None,
        }
    }

    /// A text.
    pub fn text(&self, input: usize, row: usize) -> Option<&str> {
        match self.inputs.get(input)? {
            Input::Text(texts) => texts.get(at(texts.len(), row)),
            _ => None,
        }
    }

    /// Whether a condition is true.
    pub fn holds(&self, input: usize, row: usize) -> bool {
        match self.inputs.get(input) {
            Some(Input::Flag(flags)) => flags.get(at(flags.len(), row)).unwrap_or(false),
            _ => false,
        }
    }
}

/// One value stands for all rows.
fn at(length: usize, row: usize) -> usize {
    if length == 1 { 0 } else { row }
}

fn output(_: &Schema, fields: &[PolarsField]) -> PolarsResult<PolarsField> {
    Ok(PolarsField::new(fields[0].name().clone(), DataType::String))
}

/// A text for each row from its own inputs.
pub fn by_row(inputs: Vec<Expr>, said: impl Fn(&Rows, usize) -> Option<String> + Send + Sync + 'static) -> Expr {
    let mut inputs = inputs.into_iter();
    let first = inputs.next().unwrap_or_else(|| lit(true));
    first.map_many(
        move |columns| {
            let rows = Rows::read(columns)?;
            let said: StringChunked = (0..rows.height).map(|row| said(&rows, row)).collect();
            Ok(said.with_name(columns[0].name().clone()).into_column())
        },
        &inputs.collect::<Vec<_>>(),
        output,
    )
}

/// A text for each row from the inputs of all.
pub fn by_table(inputs: Vec<Expr>, said: impl Fn(&Rows) -> Vec<Option<String>> + Send + Sync + 'static) -> Expr {
    let mut inputs = inputs.into_iter();
    let first = inputs.next().unwrap_or_else(|| lit(true));
    let said = Arc::new(said);
    first.apply_many(
        move |columns| {
            let rows = Rows::read(columns)?;
            let said: StringChunked = said(&rows).into_iter().collect();
            Ok(said.with_name(columns[0].name().clone()).into_column())
        },
        &inputs.collect::<Vec<_>>(),
        output,
    )
}
