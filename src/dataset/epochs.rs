//! Days that lie 1462 apart in several records: what is pasted from a workbook of the 1904 date system into one of the 1900
//! system, or the other way round, is four years and a day off.
//!
//! Apart because one date tells nothing: it takes another day of the same record that it is measured by, and several
//! records of one file. It is a hint for the load notes; no day is changed, and no rule knows of it.

use polars::prelude::{DataType, PolarsResult};

use super::{Column, Dataset, Part};
use crate::text;
use crate::text::{Language, Text};

/// The days between the beginnings of the two systems.
pub const APART: i32 = 1462;
/// In fewer records it is chance.
pub const ENOUGH: u64 = 3;

/// So many days on both sides are chance as well, by which the one day between them is measured.
const AROUND: i32 = 10;
/// So many rows are named.
const NAMED: usize = 3;

/// A column of days by record; nothing where there is none.
struct Days<'d> {
    label: &'d str,
    by_record: Vec<Option<i32>>,
}

/// What is to be said of each part.
pub(super) fn remarks(dataset: &Dataset, language: Language) -> Vec<Vec<String>> {
    let mut columns: Vec<Days<'_>> = Vec::new();
    for field in &dataset.table.fields {
        if let Some(by_record) = dataset.columns.get(&field.name).and_then(|column| days(column).ok().flatten()) {
            columns.push(Days { label: field.label(language), by_record });
        }
    }
    let of_part = |part: &Part| {
        let mut remarks = Vec::new();
        for (at, left) in columns.iter().enumerate() {
            for right in columns.iter().skip(at + 1) {
                remarks.extend(apart(part, left, right).map(|remark| remark.get(language).to_owned()));
            }
        }
        remarks
    };
    dataset.parts.iter().map(of_part).collect()
}

/// The days of a column of dates; nothing for one of other values.
fn days(column: &Column) -> PolarsResult<Option<Vec<Option<i32>>>> {
    let Some(value) = column.value.as_ref().filter(|value| value.dtype().is_temporal()) else { return Ok(None) };
    let days = value.cast(&DataType::Date)?.cast(&DataType::Int32)?;
    Ok(Some(days.i32()?.iter().collect()))
}

/// The hint, where the days of two columns lie so far apart more often than by chance.
fn apart(part: &Part, left: &Days<'_>, right: &Days<'_>) -> Option<Text> {
    let range = part.first..part.first + part.height;
    let pairs = left.by_record.get(range.clone())?.iter().zip(right.by_record.get(range)?);
    let (mut exactly, mut around, mut rows) = (0_u64, 0_u64, Vec::new());
    for (record, (left, right)) in pairs.enumerate() {
        let (Some(left), Some(right)) = (left, right) else { continue };
        match (left.abs_diff(*right)).abs_diff(APART.unsigned_abs()) {
            0 => {
                exactly += 1;
                if rows.len() < NAMED {
                    rows.push(part.rows.get(record).to_string());
                }
            }
            off if off <= AROUND.unsigned_abs() => around += 1,
            _ => {}
        }
    }
    if exactly < ENOUGH || exactly <= around {
        return None;
    }
    let (left, right) = (left.label, right.label);
    let (rows_zh, rows_en) = (rows.join("、"), rows.join(", "));
    Some(text!(
        "“{left}”与“{right}”有 {exactly} 行正好相差 {APART} 天（第 {rows_zh} 行等），疑似在 1900 与 1904 日期系统的工作簿之间粘贴过，\
         请对照原件",
        "{left} and {right} are exactly {APART} days apart in {exactly} rows ({rows_en} …): pasted between workbooks of the 1900 \
         and 1904 date systems? compare with the originals"
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::dataset::raw::RowNumbers;

    fn said(differences: &[i32]) -> Option<Text> {
        let part = Part {
            first: 0,
            height: differences.len(),
            source: String::new(),
            file: String::new(),
            sheet: String::new(),
            rows: RowNumbers::From(2),
            letters: BTreeMap::new(),
        };
        let of = |label, by_record| Days { label, by_record };
        let left = of("签约日期", differences.iter().map(|_| Some(19_000)).collect());
        let right = of("录入日期", differences.iter().map(|days| Some(19_000 + days)).collect());
        apart(&part, &left, &right)
    }

    #[test]
    fn three_records_exactly_so_far_apart_are_a_hint_in_either_direction() {
        let hint = said(&[0, -1462, 3, -1462, 1462, 700]).expect("a hint");
        assert!(hint.zh.contains("3 行") && hint.zh.contains("3、5、6"), "{}", hint.zh);
        assert_eq!(said(&[0, 1462, 3, 1462]), None, "two are chance");
    }

    #[test]
    fn terms_of_four_years_are_none() {
        assert_eq!(said(&[1460, 1461, 1461, 1462, 1460, 1462, 1462]), None);
        assert_eq!(said(&[1461; 20]), None);
    }
}
