//! Which rows below a header are records: blank rows, totals, notes and repeated headers are skipped, with a reason.
//!
//! Apart because "nothing is dropped silently" is decided here: rows read = rows checked + rows skipped. It looks at
//! the cells of one sheet and knows no rule.

use polars::prelude::{BooleanChunked, NewChunkedArray, StringChunked};

use crate::folding::{fold, needs_folding};
use crate::model::SkippedRow;

const TOTALS: [&str; 9] = ["合计", "小计", "总计", "本页合计", "本页小计", "累计", "总合计", "以下空白", "Total"];
const NOTES: [&str; 9] = ["制表人", "填表人", "审核人", "填报人", "复核人", "制表", "填报单位", "备注", "注"];
/// A row of totals or signatures has at most so many filled cells; a record has more.
const NOTE_CELLS: usize = 6;

/// All cells of the rows below a header.
pub struct Body<'c> {
    /// The cells by column, also of columns that feed no field.
    pub columns: Vec<&'c StringChunked>,
    /// The header above each column.
    pub headers: Vec<&'c str>,
    /// The column of the key, or of what stands first in a table without one.
    pub key: Option<usize>,
}

/// The rows to skip, by index from 0, each with its reason.
pub fn skipped(body: &Body) -> Vec<(usize, &'static str)> {
    let height = body.columns.first().map_or(0, |column| column.len());
    let key = body.key.and_then(|key| Some((*body.columns.get(key)?, *body.headers.get(key)?)));
    match key {
        None => (0..height).filter_map(|row| Some((row, reason(body, row)?))).collect(),
        Some((values, header)) => values
            .iter()
            .enumerate()
            .filter(|(_, value)| {
                value.is_none_or(|value| {
                    value == header || TOTALS.contains(&value) || (needs_folding(value) && fold(value).is_empty())
                })
            })
            .filter_map(|(row, _)| Some((row, reason(body, row)?)))
            .collect(),
    }
}

/// Why a row whose key is empty or repeats the header is no record; nothing where it is one.
fn reason(body: &Body, row: usize) -> Option<&'static str> {
    let filled: Vec<(usize, std::borrow::Cow<'_, str>)> = body
        .columns
        .iter()
        .enumerate()
        .filter_map(|(index, column)| column.get(row).map(|value| (index, fold(value))))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let Some((_, first)) = filled.first() else { return Some("blank") };
    let repeated = filled.iter().filter(|(index, value)| body.headers.get(*index) == Some(&value.as_ref())).count();
    if repeated >= 2 && repeated * 2 > filled.len() {
        return Some("repeated_header");
    }
    let first: String = first.chars().filter(|character| !character.is_whitespace()).collect();
    let numeric =
        |value: &str| value.chars().all(|character| character.is_ascii_digit() || ".,-+%".contains(character));
    if body.key.is_some_and(|key| filled.iter().any(|(index, _)| *index == key)) {
        let total = TOTALS.contains(&first.as_str()) && filled[1..].iter().all(|(_, value)| numeric(value));
        return total.then_some("total");
    }
    if TOTALS.contains(&first.as_str())
        && (filled.len() <= NOTE_CELLS || filled[1..].iter().all(|(_, value)| numeric(value)))
    {
        return Some("total");
    }
    let noted = NOTES.iter().any(|note| {
        first.strip_prefix(note).is_some_and(|rest| rest.is_empty() && filled.len() <= 2 || rest.starts_with(':'))
    });
    (noted && filled.len() <= NOTE_CELLS).then_some("note")
}

/// Adds hidden rows, counted from 0 in the sheet, to the rows to skip below a header.
pub fn skip_hidden(skipped: &mut Vec<(usize, &'static str)>, hidden: &[u32], header: usize, height: usize) {
    let below = hidden.iter().filter_map(|row| (*row as usize).checked_sub(header + 1)).filter(|row| *row < height);
    let known = skipped.len();
    for row in below {
        if skipped[..known].binary_search_by_key(&row, |(row, _)| *row).is_err() {
            skipped.push((row, "hidden"));
        }
    }
    skipped.sort_unstable_by_key(|(row, _)| *row);
}

/// The mask of rows to keep, and the skipped rows as they are reported.
pub fn keep(
    height: usize,
    skipped: &[(usize, &'static str)],
    row_number: impl Fn(usize) -> u32,
) -> (BooleanChunked, Vec<SkippedRow>) {
    let mut mask = vec![true; height];
    let mut rows = Vec::with_capacity(skipped.len());
    for (row, reason) in skipped {
        if let Some(keep) = mask.get_mut(*row) {
            *keep = false;
        }
        rows.push(SkippedRow { row: row_number(*row), reason: (*reason).to_owned() });
    }
    (BooleanChunked::from_slice("keep".into(), &mask), rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(rows: &[[&str; 4]]) -> Vec<(usize, &'static str)> {
        let headers = vec!["档案编号", "客户名称", "联系人", "联系电话"];
        let columns: Vec<StringChunked> = (0..4)
            .map(|index| {
                let cells: Vec<Option<&str>> =
                    rows.iter().map(|row| (!row[index].is_empty()).then_some(row[index])).collect();
                StringChunked::from_slice_options("c".into(), &cells)
            })
            .collect();
        skipped(&Body { columns: columns.iter().collect(), headers, key: Some(0) })
    }

    #[test]
    fn only_what_is_no_record_is_skipped() {
        let rows = [
            ["经销商2023-001", "甲", "张三", "1"],
            ["", "合计商贸", "李四", "2"],
            ["", "", "", ""],
            ["", "合计", "", "12"],
            ["档案编号", "客户名称", "联系人", "联系电话"],
            ["", "制表人：王五", "", ""],
            ["", "乙", "备注", ""],
            ["合计", "丙", "", ""],
            ["\u{3000}", "", " ", ""],
            ["合计", "", "12", "3,400"],
        ];
        assert_eq!(
            reasons(&rows),
            [(2, "blank"), (3, "total"), (4, "repeated_header"), (5, "note"), (8, "blank"), (9, "total")]
        );
    }
}
