//! One sheet of the suspect rows and of as many more as were counted: as high as the table is.
//!
//! Apart because it is what makes every count come out right: a row that stayed in the database is a row of the sheet all
//! the same, with nothing in it but what says which rules it is tested by, and without a number.

use polars::prelude::{ChunkFullNull, StringChunked, StringChunkedBuilder};

use super::statement::SAMPLE;
use crate::dataset::raw::RowNumbers;
use crate::source::sheet::{Cells, Sheet, SheetBody};
use crate::text;
use crate::text::Text;

/// The rows of both results, whose last columns are the number of a row and how many are alike, the suspect ones among
/// them or not.
pub fn joined(suspects: Sheet, rest: &Sheet, counts_all: bool) -> Result<Sheet, &'static str> {
    let (SheetBody::Grid(mut found), SheetBody::Grid(counted)) = (suspects.body, &rest.body) else {
        return Err("no grid");
    };
    let (Some(numbers), Some((counts, kinds))) = (found.pop(), counted.split_last()) else {
        return Err("no columns");
    };
    let numbers = whole_numbers(&numbers.values)?;
    let mut counts: Vec<u32> = whole_numbers(&counts.values)?;
    if let (true, [all]) = (counts_all, counts.as_mut_slice()) {
        let came = u32::try_from(numbers.len()).map_err(|_| "too many rows")?;
        *all = all.checked_sub(came).ok_or("more rows than there are")?;
    }
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
    let remark = remark(came + height, came);
    let rows = Some(RowNumbers::Listed(rows));
    Ok(Sheet {
        head,
        rows,
        remarks: vec![remark],
        notes: suspects.notes,
        body: SheetBody::Grid(columns),
        ..Sheet::default()
    })
}

fn remark(all: usize, came: usize) -> Text {
    text!(
        "由数据库筛选：共 {all} 行，取回可疑的 {came} 行，其余只取条数",
        "narrowed by the database: of {all} rows the {came} suspect ones came, of the others their number"
    )
}

/// The suspect rows at their places among all, of which it is told whether they are suspect, and a few columns where not.
pub fn flagged(suspects: Sheet, told: &Sheet, key: usize) -> Result<Sheet, &'static str> {
    let (SheetBody::Grid(found), SheetBody::Grid(told_columns)) = (suspects.body, &told.body) else {
        return Err("no grid");
    };
    let (Some(names), Some(told_names), Some(flags)) = (suspects.head.first(), told.head.first(), told_columns.last())
    else {
        return Err("no columns");
    };
    let is_suspect: Vec<bool> = flags.values.iter().skip(1).map(|flag| flag == Some("1")).collect();
    let came = is_suspect.iter().filter(|suspect| **suspect).count();
    if found.first().map_or(0, |cells| cells.values.len().saturating_sub(1)) != came {
        return Err("other rows are suspect than came");
    }
    // where each suspect row comes to stand; the header is row 0
    let places: Vec<u32> = (1_u32..).zip(&is_suspect).filter(|(_, suspect)| **suspect).map(|(at, _)| at).collect();
    let columns = found
        .into_iter()
        .zip(names)
        .enumerate()
        .map(|(index, (cells, name))| {
            let told = told_names.iter().position(|told| told == name).and_then(|at| told_columns.get(at));
            let mut values = StringChunkedBuilder::new("c".into(), is_suspect.len() + 1);
            let mut came = cells.values.iter();
            values.append_option(came.next().flatten());
            for (row, suspect) in is_suspect.iter().enumerate() {
                match (suspect, told) {
                    (true, _) => values.append_option(came.next().flatten()),
                    (false, Some(told)) => values.append_option(told.values.get(row + 1)),
                    // without a key it would be taken for a blank row
                    (false, None) => values.append_option((index == key).then_some(SAMPLE)),
                }
            }
            let place = |row: &u32| places.get((*row as usize).checked_sub(1)?).copied();
            let lost_digits = cells.lost_digits.iter().filter_map(place).collect();
            Cells { values: values.finish(), errors: cells.errors, lost_digits }
        })
        .collect();
    let rows = (2_u32..).zip(&is_suspect).map(|(row, suspect)| if *suspect { row } else { RowNumbers::NOWHERE });
    let (rows, remark) = (Some(RowNumbers::Listed(rows.collect())), remark(is_suspect.len(), came));
    Ok(Sheet {
        head: suspects.head,
        rows,
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
    numbers.map(|number| number.ok_or("a number is none")).collect()
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
