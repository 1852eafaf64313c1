//! One sheet of the suspect rows and of as many more as were counted: as high as the table is.
//!
//! Apart because it is what makes every count come out right: a row that stayed in the database is a row of the sheet all
//! the same, with nothing in it but what says which rules it is tested by, and without a number.

use polars::prelude::{ChunkFullNull, StringChunked, StringChunkedBuilder};

use crate::dataset::raw::RowNumbers;
use crate::source::sheet::{Cells, Sheet, SheetBody};
use crate::text;

/// The rows of both results, whose last columns are the number of a row and how many are alike.
pub fn joined(suspects: Sheet, rest: &Sheet) -> Result<Sheet, &'static str> {
    let (SheetBody::Grid(mut found), SheetBody::Grid(counted)) = (suspects.body, &rest.body) else {
        return Err("no grid");
    };
    let (Some(numbers), Some((counts, kinds))) = (found.pop(), counted.split_last()) else {
        return Err("no columns");
    };
    let numbers = whole_numbers(&numbers.values)?;
    let counts: Vec<u32> = whole_numbers(&counts.values)?;
    let stayed: u64 = counts.iter().copied().map(u64::from).sum();
    let rows: Vec<u32> = numbers.iter().map(|number| number.saturating_add(1)).collect();
    let came = rows.len();
    let mut order: Vec<usize> = (0..came).collect();
    // whatever order the database has them in
    let is_sorted = rows.is_sorted();
    order.sort_by_key(|at| rows[*at]);
    let height = usize::try_from(stayed).map_err(|_| "too many rows")?;
    let columns = found
        .into_iter()
        .zip(kinds)
        .map(|(cells, kinds)| {
            let mut values = if is_sorted { cells.values } else { reordered(&cells.values, &order) };
            let _ = values.append(&repeated(&kinds.values, &counts, height));
            let lost_digits =
                cells.lost_digits.into_iter().map(|row| if is_sorted { row } else { moved(row, &order) }).collect();
            Cells { values, errors: cells.errors, lost_digits }
        })
        .collect();
    let mut rows: Vec<u32> = order.iter().map(|at| rows[*at]).collect();
    rows.resize(came + height, RowNumbers::NOWHERE);
    let mut head = suspects.head;
    head.iter_mut().for_each(|names| {
        names.pop();
    });
    let all = came + height;
    let remark = text!(
        "由数据库筛选：共 {all} 行，取回可疑的 {came} 行，其余只取条数",
        "narrowed by the database: of {all} rows the {came} suspect ones came, of the others their number"
    );
    Ok(Sheet {
        head,
        rows: Some(RowNumbers::Listed(rows)),
        remarks: vec![remark],
        notes: suspects.notes,
        body: SheetBody::Grid(columns),
        ..Sheet::default()
    })
}

/// Where a row of the result comes to stand; the header is row 0.
fn moved(row: u32, order: &[usize]) -> u32 {
    let place = (row as usize).checked_sub(1).and_then(|row| order.iter().position(|at| *at == row));
    place.and_then(|place| u32::try_from(place + 1).ok()).unwrap_or(row)
}

/// The numbers below the header.
fn whole_numbers(values: &StringChunked) -> Result<Vec<u32>, &'static str> {
    let numbers = values.iter().skip(1).map(|value| value.and_then(|value| value.parse().ok()));
    numbers.map(|number| number.ok_or_else(|| "a number is none")).collect()
}

/// Rows below the header in another order.
fn reordered(values: &StringChunked, order: &[usize]) -> StringChunked {
    let mut all = StringChunkedBuilder::new(values.name().clone(), values.len());
    all.append_option(values.get(0));
    order.iter().for_each(|at| all.append_option(values.get(at + 1)));
    all.finish()
}

/// The values below the header, each as often as it was counted.
fn repeated(values: &StringChunked, counts: &[u32], height: usize) -> StringChunked {
    if values.iter().skip(1).all(|value| value.is_none()) {
        return StringChunked::full_null(values.name().clone(), height);
    }
    let mut all = StringChunkedBuilder::new(values.name().clone(), height);
    for (value, count) in values.iter().skip(1).zip(counts) {
        (0..*count).for_each(|_| all.append_option(value));
    }
    all.finish()
}
