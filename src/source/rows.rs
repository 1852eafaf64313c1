//! Which rows below a header are records: blank rows, totals, notes and repeated headers are skipped, with a reason.
//!
//! Apart because "nothing is dropped silently" is decided here: rows read = rows checked + rows skipped. It looks at
//! the cells of one sheet and knows no rule.

mod wording;

use polars::prelude::{BooleanChunked, NewChunkedArray, StringChunked};
use rayon::prelude::*;

use crate::folding::{fold, needs_folding};
use crate::model::SkippedRow;
use wording::{BEGINNINGS, SIGNATURES, is_note, is_numeric, is_signature, is_total, may_be_total, words};

/// A row of totals or signatures has at most so many filled cells; a record has more.
const NOTE_CELLS: usize = 6;
/// A total announces itself in one of so many columns from the left, or in that of the key.
const ANNOUNCING: usize = 3;

/// All cells of the rows below a header.
pub struct Body<'c> {
    /// The cells by column, also of columns that feed no field.
    pub columns: Vec<&'c StringChunked>,
    /// What the header says above each column, in each of its rows.
    pub headers: Vec<Vec<String>>,
    /// The column of the key, or of what stands first in a table without one.
    pub key: Option<usize>,
}

impl Body<'_> {
    fn repeats_header(&self, column: usize, value: &str) -> bool {
        self.headers.get(column).is_some_and(|said| said.iter().any(|said| said == value))
    }
}

/// The rows to skip, by index from 0, each with its reason.
pub fn skipped(body: &Body) -> Vec<(usize, &'static str)> {
    let height = body.columns.first().map_or(0, |column| column.len());
    let key = body.key.and_then(|key| Some((key, *body.columns.get(key)?)));
    match key {
        None => (0..height).filter_map(|row| Some((row, reason(body, row)?))).collect(),
        Some((key, values)) => {
            let by_key = || -> Vec<usize> {
                let values = values.iter().enumerate();
                values
                    .filter(|(_, value)| value.is_none_or(|value| may_be_none(body, key, value)))
                    .map(|(row, _)| row)
                    .collect()
            };
            let announces = |value: &str| may_be_total(value) && is_total(&words(&fold(value)));
            let announcing = |column: &&StringChunked| -> Vec<usize> {
                let rows = column.iter().enumerate();
                rows.filter(|(_, value)| value.is_some_and(announces)).map(|(row, _)| row).collect()
            };
            let first = body.columns.get(..ANNOUNCING.min(body.columns.len())).unwrap_or_default();
            let (mut suspected, others) =
                rayon::join(by_key, || first.par_iter().map(announcing).collect::<Vec<_>>().concat());
            suspected.extend(others);
            suspected.sort_unstable();
            suspected.dedup();
            suspected.into_iter().filter_map(|row| Some((row, reason(body, row)?))).collect()
        }
    }
}

/// Whether a row with this key may be no record: hardly any key gets past the first look.
fn may_be_none(body: &Body, key: usize, value: &str) -> bool {
    let begins_so = |first: char| if first.is_ascii_digit() { false } else { BEGINNINGS.contains(first) };
    if !needs_folding(value) && !value.starts_with(begins_so) {
        return body.repeats_header(key, value);
    }
    let folded = fold(value);
    let said = words(&folded);
    said.is_empty() || body.repeats_header(key, &folded) || is_total(&said) || is_note(&said)
}

/// Whether a row is a total by one of its filled cells that is a word of totals: no key of its own stands in it, and beside
/// the word only numbers, or the one name of what was totalled. A customer may be called 合计商贸, and one with a key is one.
fn is_total_row(body: &Body, filled: &[(usize, std::borrow::Cow<'_, str>)]) -> bool {
    let announces = |(position, (column, value)): &(usize, &(usize, std::borrow::Cow<'_, str>))| {
        (*column < ANNOUNCING || *position == 0 || body.key == Some(*column)) && is_total(&words(value))
    };
    let Some((position, (column, _))) = filled.iter().enumerate().find(announces) else { return false };
    let key = filled.iter().find(|(index, _)| body.key == Some(*index));
    let others = || filled.iter().filter(move |(index, _)| index != column);
    let texts = others().filter(|(_, value)| !is_numeric(value)).count();
    let few = filled.len() <= NOTE_CELLS;
    match key {
        None => texts == 0 || few && (position == 0 || texts == 1 && others().count() > 1),
        Some((index, _)) if index == column => texts == 0 || few && texts == 1 && others().count() > 1,
        // Before a key a total may say how many it totals; behind one, a plain number is the key of a record.
        Some((index, value)) => {
            let is_count = is_numeric(value) && (column < index || !value.chars().all(|c| c.is_ascii_alphanumeric()));
            is_count && texts == 0
        }
    }
}

/// Why a row whose key is empty, repeats the header or is a word of totals and notes is no record; nothing where it is
/// one.
fn reason(body: &Body, row: usize) -> Option<&'static str> {
    let filled: Vec<(usize, std::borrow::Cow<'_, str>)> = body
        .columns
        .iter()
        .enumerate()
        .filter_map(|(index, column)| column.get(row).map(|value| (index, fold(value))))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let Some((_, first)) = filled.first() else { return Some("blank") };
    let repeated = filled.iter().filter(|(index, value)| body.repeats_header(*index, value)).count();
    if repeated >= 2 && repeated * 2 > filled.len() {
        return Some("repeated_header");
    }
    let first = words(first);
    let few = filled.len() <= NOTE_CELLS;
    let has_key = body.key.is_some_and(|key| filled.iter().any(|(index, _)| *index == key));
    if is_total_row(body, &filled) {
        return Some("total");
    }
    let signatures = filled.iter().filter(|(_, value)| is_signature(&words(value))).count();
    let noted = is_note(&first) || SIGNATURES.contains(&first.as_str()) && filled.len() <= 2 && !has_key;
    (noted && (few || signatures >= 2)).then_some("note")
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
        let headers = ["档案编号", "客户名称", "联系人", "联系电话"].map(|header| vec![header.to_owned()]).to_vec();
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

    #[test]
    fn a_customer_named_like_a_total_is_a_record_with_and_without_a_key() {
        let rows = [
            ["K1", "合计商贸", "", ""],
            ["", "合计商贸", "", ""],
            ["合计商贸-1", "小计贸易", "李四", "2"],
            ["合计", "合计商贸", "李四", "2"],
            ["", "合计（上海）商贸", "", ""],
            ["总计机电", "", "", "5"],
            ["", "", "主管", "13900000000"],
        ];
        assert_eq!(reasons(&rows), []);
    }

    #[test]
    fn totals_are_told_whatever_stands_beside_their_word() {
        let rows = [
            ["合计", "12户", "", "500"],
            ["合计", "人民币伍佰万元整", "", "500"],
            ["合计：500万元", "", "", ""],
            ["合计人民币伍佰万元整", "", "", ""],
            ["总计", "—", "", "500"],
            ["小计", "华东", "", "3"],
            ["", "华东", "小计", "3"],
            ["3户", "合计", "", "1,200"],
        ];
        let told: Vec<&str> = reasons(&rows).into_iter().map(|(_, reason)| reason).collect();
        assert_eq!(told, ["total"; 8]);
        let records = [
            ["1001", "合计", "张三", "13900000000"],
            ["1001", "合计", "", "5"],
            ["K7", "Total", "", "3"],
            ["K8", "甲", "小计", "3"],
            ["", "累计投资", "李四", "3"],
        ];
        assert_eq!(reasons(&records), []);
    }

    #[test]
    fn totals_signatures_and_ends_are_told_in_whatever_column() {
        let rows = [
            ["本页合计：", "", "", "1,200"],
            ["合 计", "3", "", "￥500万元"],
            ["填表人：张三  审核人：李四  日期：2023.1.5", "", "", ""],
            ["填表人：", "张三", "审核人：", "李四"],
            ["—— 以下空白 ——", "", "", ""],
            ["（以下空白）", "", "", ""],
            ["", "注1：本表每月填报", "", ""],
            ["第 1 页 共 5 页", "", "", ""],
            ["", "共12条记录", "", ""],
            ["小计(华东)", "", "", "12"],
        ];
        let told: Vec<&str> = reasons(&rows).into_iter().map(|(_, reason)| reason).collect();
        assert_eq!(told, ["total", "total", "note", "note", "note", "note", "note", "note", "note", "total"]);
    }
}
