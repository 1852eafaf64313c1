//! A sheet's profile for a person at a terminal: what was found, a line a column, and what is odd below it.

use super::columns::{aligned, cut};
use crate::profile::matching::Sureness;
use crate::profile::suggest::grouped;
use crate::profile::{ColumnProfile, Count, SheetProfile};
use crate::text;
use crate::text::{Language, Text};

/// The widest that headers and examples may be.
const HEADER: usize = 20;
const EXAMPLE: usize = 28;
/// More different values are not listed.
const FEW: u64 = 12;

/// The lines of a sheet.
pub fn sheet(sheet: &SheetProfile, language: Language) -> Vec<String> {
    let name = [sheet.file.as_str(), sheet.sheet.as_str()].join(" ");
    let mut holder = vec![sheet.holder.as_str(), sheet.encoding.as_str()];
    holder.retain(|word| !word.is_empty());
    let mut lines = vec![format!("== {}（{}）", name.trim(), holder.join(", "))];
    if language == Language::En {
        lines = vec![format!("== {} ({})", name.trim(), holder.join(", "))];
    }
    if let Some(error) = &sheet.error {
        lines.push(format!("  {error}"));
        return lines;
    }
    lines.extend(opening(sheet).iter().map(|line| format!("  {}", line.get(language))));
    lines.push(String::new());
    let rows: Vec<Vec<String>> =
        std::iter::once(head(language)).chain(sheet.columns.iter().map(|column| row(column, language))).collect();
    let table = aligned(&rows, 2);
    let mut table = table.into_iter();
    lines.extend(table.next());
    for (line, column) in table.zip(&sheet.columns) {
        lines.push(line);
        lines.extend(odd(column).iter().map(|line| format!("       {}", line.get(language))));
    }
    lines
}

/// Table, header, rows.
fn opening(sheet: &SheetProfile) -> Vec<Text> {
    let (label, row, reason) = (&sheet.table_label, sheet.header_row, &sheet.header_reason);
    let table = match &sheet.table {
        Some(table) => text!("表：{label}（{table}）", "table: {table} ({label})"),
        None => text!(
            "没有相符的表；最接近“{label}”（可用 --table 指定）",
            "no table fits; the nearest is {label} (--table takes it for one)"
        ),
    };
    let header = text!("表头：第 {row} 行，{reason}", "header: row {row}, {reason}");
    let (read, checked) = (grouped(sheet.rows_read), grouped(sheet.rows_checked));
    let skipped: Vec<String> = sheet
        .skipped
        .iter()
        .map(|(reason, skipped)| {
            let rows: Vec<String> = skipped.rows.iter().map(u32::to_string).collect();
            let more = if skipped.count > skipped.rows.len() as u64 { "…" } else { "" };
            format!("{reason} {} ({}{more})", skipped.count, rows.join(", "))
        })
        .collect();
    let counts = if skipped.is_empty() {
        text!("行数：读取 {read}，全部检查", "rows: {read} read, all of them checked")
    } else {
        let skipped = skipped.join("; ");
        text!(
            "行数：读取 {read}，检查 {checked}，跳过：{skipped}",
            "rows: {read} read, {checked} checked, skipped: {skipped}"
        )
    };
    let mut lines = vec![table, header, counts];
    if !sheet.missing_fields.is_empty() {
        let missing = sheet.missing_fields.join(", ");
        lines.push(text!("没有列的字段：{missing}", "fields without a column: {missing}"));
    }
    lines.extend(sheet.remarks.iter().map(|remark| Text::same(remark.clone())));
    lines
}

fn head(language: Language) -> Vec<String> {
    let words = match language {
        Language::Zh => ["列", "表头", "对应字段", "依据", "填写", "不同值", "内容", "示例"],
        Language::En => ["", "header", "field", "by", "filled", "distinct", "content", "examples"],
    };
    words.map(str::to_owned).to_vec()
}

fn row(column: &ColumnProfile, language: Language) -> Vec<String> {
    let facts = &column.facts;
    let by = match column.sureness {
        Some(Sureness::Mapped) => text!("配置", "mapping"),
        Some(Sureness::Label) => text!("列名", "label"),
        Some(Sureness::Alias) => text!("别名", "alias"),
        Some(Sureness::Folded) => text!("近似列名", "near label"),
        Some(Sureness::Content) => text!("内容？", "cells?"),
        None => Text::same("-"),
    };
    let content = facts.likeness.map_or_else(
        || Text::same("-"),
        |likeness| {
            let (share, called) = (percent(likeness.share), likeness.content.called());
            let (zh, en) = (called.zh, called.en);
            text!("{share} {zh}", "{share} {en}")
        },
    );
    let filled = percent(facts.filled as f64 / facts.rows.max(1) as f64);
    vec![
        column.column.clone(),
        cut(&column.header.replace(['\n', '\r'], " "), HEADER),
        column.field.clone().unwrap_or_else(|| "-".to_owned()),
        by.get(language).to_owned(),
        filled,
        grouped(facts.distinct),
        content.get(language).to_owned(),
        cut(&facts.examples.join(" | "), EXAMPLE),
    ]
}

/// A share cut to a whole number of percent: 100 % is all.
fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0 + 1e-9).floor())
}

/// What is to be said of a column beside its line.
fn odd(column: &ColumnProfile) -> Vec<Text> {
    let facts = &column.facts;
    let mut lines = Vec::new();
    if facts.filled > 0 && facts.shapes.first().is_some_and(|shape| shape.value.contains('9')) {
        let (shapes, sampled) = (counts(&facts.shapes), grouped(facts.sampled));
        lines.push(match facts.sampled < facts.filled {
            true => {
                text!("格式（抽查 {sampled} 格）：{shapes}", "formats (of {sampled} cells, evenly spread): {shapes}")
            }
            false => text!("格式：{shapes}", "formats: {shapes}"),
        });
    } else if !facts.values.is_empty() && facts.distinct <= FEW && facts.filled > facts.distinct {
        let values = counts(&facts.values);
        lines.push(text!("取值：{values}", "values: {values}"));
    } else if let Some((least, most)) = facts.lengths {
        lines.push(text!("长度：{least} 到 {most} 字", "length: {least} to {most} letters"));
    }
    if let (Some(least), Some(most)) = (&facts.least, &facts.most) {
        lines.push(text!("范围：{least} 到 {most}", "range: {least} to {most}"));
    }
    if !facts.placeholders.is_empty() {
        let placeholders = counts(&facts.placeholders);
        lines.push(text!("视为空：{placeholders}", "taken for empty: {placeholders}"));
    }
    if column.is_key && facts.repeated > 0 {
        let repeated = grouped(facts.repeated);
        lines.push(text!("编号重复：{repeated} 行", "the key is used twice: {repeated} rows"));
    }
    if facts.unreadable > 0 {
        let (unreadable, shapes) = (grouped(facts.unreadable), counts(&facts.unreadable_shapes));
        lines.push(text!("读不成该类型：{unreadable}（{shapes}）", "no value of its type: {unreadable} ({shapes})"));
    }
    if facts.damaged > 0 {
        let damaged = grouped(facts.damaged);
        lines.push(text!("丢失位数：{damaged}", "digits lost: {damaged}"));
    }
    if !column.candidates.is_empty() {
        let candidates: Vec<String> = column
            .candidates
            .iter()
            .map(|candidate| {
                format!("{} {}{}", candidate.field, candidate.label, if candidate.looks { " ✓" } else { "" })
            })
            .collect();
        let list = candidates.join(", ");
        lines.push(match column.candidates.iter().any(|candidate| candidate.looks) {
            true => text!("可能是：{list}（✓ 内容相符）", "may be: {list} (✓ the cells look like it)"),
            false => text!("可能是：{list}", "may be: {list}"),
        });
    }
    lines
}

fn counts(counts: &[Count]) -> String {
    counts.iter().map(|count| format!("{} {}", count.value, grouped(count.count))).collect::<Vec<_>>().join(", ")
}
