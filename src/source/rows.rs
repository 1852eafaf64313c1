//! Which rows below a header are records: blank rows, totals, notes and repeated headers are skipped, with a reason.
//!
//! Apart because "nothing is dropped silently" is decided here: rows read = rows checked + rows skipped. It looks at
//! the cells of one sheet and knows no rule.

use polars::prelude::{BooleanChunked, NewChunkedArray, StringChunked};

use crate::folding::{fold, needs_folding};
use crate::model::SkippedRow;

const TOTALS: [&str; 10] =
    ["合计", "小计", "总计", "本页合计", "本页小计", "累计", "本页累计", "总合计", "合计金额", "Total"];
/// Words that open a signature or a note, also without a colon: no person and no firm is called so.
const SIGNATURES: [&str; 9] = ["制表人", "填表人", "审核人", "填报人", "复核人", "制表", "填报单位", "备注", "注"];
/// Words that do so before a colon only: alone, 主管 is somebody's title.
const OPENINGS: [&str; 14] = [
    "填表",
    "说明",
    "填表说明",
    "附注",
    "主管",
    "部门主管",
    "部门负责人",
    "单位负责人",
    "制表日期",
    "填表日期",
    "填报日期",
    "日期",
    "打印时间",
    "导出时间",
];
const ENDS: [&str; 4] = ["以下空白", "以下无正文", "以下为空", "此行以下空白"];
/// A row of totals or signatures has at most so many filled cells; a record has more.
const NOTE_CELLS: usize = 6;

/// What such words begin with, and what may stand before them.
const BEGINNINGS: &str = "合小总本累制填审复备注说附主部单日打导以此第共T-—*=·【/(（";

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
        Some((key, values)) => values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_none_or(|value| may_be_none(body, key, value)))
            .filter_map(|(row, _)| Some((row, reason(body, row)?)))
            .collect(),
    }
}

/// Whether a row with this key may be no record: hardly any key gets past the first look.
fn may_be_none(body: &Body, key: usize, value: &str) -> bool {
    if !needs_folding(value) && !value.starts_with(|first| BEGINNINGS.contains(first)) {
        return body.repeats_header(key, value);
    }
    let folded = fold(value);
    let said = words(&folded);
    said.is_empty() || body.repeats_header(key, &folded) || is_total(&said) || is_note(&said)
}

/// A text without white space and the marks around it.
fn words(folded: &str) -> String {
    let joined: String = folded.chars().filter(|character| !character.is_whitespace()).collect();
    joined.trim_matches(['-', '—', '*', '=', '·', '【', '】', '/']).to_owned()
}

/// A word of totals, alone or before a colon, a bracket or a number.
fn is_total(said: &str) -> bool {
    TOTALS.iter().any(|total| {
        said.strip_prefix(total).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(|character: char| character == ':' || character.is_ascii_digit())
                || rest.starts_with('(') && rest.ends_with(')')
        })
    })
}

/// The end of a list, a page number, or a word of signatures and notes before a colon.
fn is_note(said: &str) -> bool {
    let digit = |rest: &str| rest.starts_with(|character: char| character.is_ascii_digit());
    let inner = said.trim_matches(['(', ')']);
    ENDS.contains(&inner)
        || said.strip_prefix('第').is_some_and(|rest| digit(rest) && rest.contains('页'))
        || said.strip_prefix('共').is_some_and(|rest| digit(rest) && rest.ends_with(['条', '页', '户', '家', '录']))
        || is_signature(said)
}

fn is_signature(said: &str) -> bool {
    SIGNATURES.iter().chain(&OPENINGS).any(|note| {
        said.strip_prefix(note)
            .is_some_and(|rest| rest.trim_start_matches(|character: char| character.is_ascii_digit()).starts_with(':'))
    })
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
    let numeric =
        |value: &str| value.chars().all(|character| character.is_ascii_digit() || ".,-+%¥￥万元亿".contains(character));
    let few = filled.len() <= NOTE_CELLS;
    let only_numbers = filled[1..].iter().all(|(_, value)| numeric(value));
    let has_key = body.key.is_some_and(|key| filled.iter().any(|(index, _)| *index == key));
    // A customer may be called 合计商贸: whoever has a key and more than numbers beside it is one.
    if is_total(&first) && (only_numbers || few && !has_key) {
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
