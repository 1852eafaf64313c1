//! The keys of a `[[source]]` that speak of its cells: values filled in, blanks filled down, serial days, rows of one
//! record, the separator.
//!
//! Apart because they are about what cells say, in whatever file they stand. Whether a field exists is not known here.

use regex::Regex;

use crate::config::{CellsConfig, Fill, FillFrom};
use crate::params::{Params, Placed};
use crate::text;

pub(super) fn cells_keys(table: &Params) -> CellsConfig {
    let list = |key| table.optional_strings(key).unwrap_or_default();
    let cells = CellsConfig {
        fill: table.optional_table("fill").map(|fill| fill_table(&fill)).unwrap_or_default(),
        fill_down: list("fill_down"),
        serials: list("serials"),
        further_rows: list("further_rows"),
        separator: table.optional_string("separator").and_then(|written| separator(table, &written)),
    };
    if table.has("url") {
        no_file(table, &cells);
    }
    cells
}

/// A database has no file, sheet or title.
fn no_file(table: &Params, cells: &CellsConfig) {
    for (field, _) in cells.fill.iter().filter(|(_, fill)| !matches!(fill.from, FillFrom::Fixed(_))) {
        let message = text!(
            "数据库没有文件名、工作表名和标题行，只能写 \"=固定值\"",
            "a database has no file, sheet or title: only \"=a fixed value\" can be written"
        );
        table.problems().add(field.span.clone(), message);
    }
}

/// One character between cells, written as it is.
fn separator(table: &Params, written: &Placed<String>) -> Option<char> {
    let mut characters = written.value.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if one.is_ascii() && !matches!(one, '"' | '\r' | '\n') || one == '，' => Some(one),
        _ => {
            let message = text!(
                "separator 是一个字符：, ; | 制表符（\"\\t\"）或全角逗号",
                "a separator is one character: , ; | a tab (\"\\t\") or a full-width comma"
            );
            table.problems().add(written.span.clone(), message);
            None
        }
    }
}

fn fill_table(table: &Params) -> Vec<(Placed<String>, Fill)> {
    table.keys().into_iter().filter_map(|field| fill(table, &field).map(|fill| (field, fill))).collect()
}

/// `"sheet"`, `"file"`, `"=固定值"`, or `{ from = …, pattern = … }`.
fn fill(table: &Params, field: &Placed<String>) -> Option<Fill> {
    if !table.is_table(&field.value) {
        let written = table.string_under(&field.value)?;
        let from = from(table, &written)?;
        if from == FillFrom::Title {
            table.problems().add(
                written.span,
                text!(
                    "标题行要用 pattern 取出一部分，如 {{ from = \"title\", pattern = \"填报单位：(\\\\S+)\" }}",
                    "of the title lines a pattern takes a part, such as {{ from = \"title\", pattern = \"填报单位：(\\\\S+)\" }}"
                ),
            );
            return None;
        }
        return Some(Fill { from, pattern: None });
    }
    let entry = table.table_under(&field.value)?;
    let written = entry.string("from");
    let cut = entry.string("pattern");
    entry.finish();
    let (written, cut) = (written?, cut?);
    let (from, pattern) = (from(table, &written), pattern(table, &cut));
    Some(Fill { from: from?, pattern: Some(pattern?) })
}

fn from(table: &Params, written: &Placed<String>) -> Option<FillFrom> {
    Some(match written.value.as_str() {
        "sheet" => FillFrom::Sheet,
        "file" => FillFrom::File,
        "title" => FillFrom::Title,
        other => match other.strip_prefix('=').map(str::trim) {
            Some(fixed) if !fixed.is_empty() => FillFrom::Fixed(fixed.to_owned()),
            _ => {
                let message = text!(
                    "应为 sheet（工作表名）、file（文件名）、title（标题行）或 \"=固定值\"",
                    "sheet, file, title or \"=a fixed value\" is wanted"
                );
                table.problems().unknown(written.span.clone(), message, other, &["sheet", "file", "title"]);
                return None;
            }
        },
    })
}

/// A regular expression with one group.
fn pattern(table: &Params, written: &Placed<String>) -> Option<Regex> {
    match Regex::new(&written.value) {
        Ok(pattern) if pattern.captures_len() == 2 => Some(pattern),
        Ok(_) => {
            let message =
                text!("pattern 里要有一个括号，括住要取的部分", "a pattern has one group around what is taken");
            table.problems().add(written.span.clone(), message);
            None
        }
        Err(error) => {
            let said = error.to_string().lines().last().unwrap_or_default().to_owned();
            let message = text!("正则表达式有误：{said}", "not a regular expression: {said}");
            table.problems().add(written.span.clone(), message);
            None
        }
    }
}
