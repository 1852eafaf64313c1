//! The keys of `[[source]]` that only mean something for files of workbooks: hidden rows, passwords, copies, colours.
//!
//! Apart because a database or a query has none of them. What the files hold, reading says.

use std::path::Path;

use super::secret;
use crate::config::{Hidden, Marks, WorkbookConfig};
use crate::params::Params;
use crate::text;

const HIDDEN: [(&str, Hidden); 2] = [("read", Hidden::Read), ("skip", Hidden::Skip)];

pub(super) fn workbook_keys(table: &Params, folder: &Path) -> WorkbookConfig {
    WorkbookConfig {
        hidden: table.optional_word("hidden", &HIDDEN).unwrap_or_default(),
        password: secret(table, "password", folder),
        newest: table.optional_bool("newest").unwrap_or(false),
        marks: table.optional_table("marks").and_then(|marks| marks_table(&marks)),
    }
}

fn marks_table(table: &Params) -> Option<Marks> {
    let field = table.string("field");
    let mut fill = Vec::new();
    if let Some(colours) = table.optional_table("fill") {
        for colour in colours.keys() {
            let Some(value) = colours.string_under(&colour.value) else { continue };
            match rgb(&colour.value) {
                Some(rgb) => fill.push((rgb, value.value)),
                None => {
                    let word = &colour.value;
                    table.problems().add(
                        colour.span,
                        text!(
                            "“{word}”不是颜色；请写六位十六进制数，如 FFFF00（黄）、FF0000（红）",
                            "`{word}` is no colour; write six hexadecimal digits, such as FFFF00 (yellow) or FF0000 (red)"
                        ),
                    );
                }
            }
        }
        colours.finish();
    }
    let strike = table.optional_string("strike").map(|value| value.value);
    if fill.is_empty() && strike.is_none() {
        table.missing("fill");
    }
    table.finish();
    Some(Marks { field: field?, fill, strike })
}

fn rgb(written: &str) -> Option<u32> {
    let digits = written.strip_prefix('#').unwrap_or(written);
    if digits.len() != 6 {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}
