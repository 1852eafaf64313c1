//! What the configuration would say of a sheet: a `[[source]]` to paste.
//!
//! Apart because it is text for a file, not for a reader. It names what finding out by itself would miss: columns that
//! only their cells speak for, and a sheet among several.

use super::matching::Sureness;
use super::{ColumnProfile, SheetProfile};
use crate::text;
use crate::text::Language;

/// What the columns of a source stand below.
const COLUMNS: &str = "[source.columns]";

/// Where a sheet was found.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A file or a pattern, relative to the workplace.
    Path(String),
    /// An address, as it may be shown, and a query.
    Query(String, String),
    /// An address, as it may be shown, and a table.
    Table(String, String),
}

/// The `[[source]]` of a sheet; nothing where no table is known. `of_many`: the file has other sheets too.
pub fn mapping(sheet: &SheetProfile, origin: &Origin, of_many: bool, language: Language) -> String {
    let Some(table) = &sheet.table else { return String::new() };
    let mut lines = vec!["[[source]]".to_owned(), format!("table = {}", quoted(table))];
    match origin {
        Origin::Path(path) => lines.push(format!("path = {}", quoted(path))),
        Origin::Query(url, query) => {
            lines.push(format!("url = {}", quoted(url)));
            lines.push(format!("query = {}", quoted(query)));
        }
        Origin::Table(url, table) => {
            lines.push(format!("url = {}", quoted(url)));
            lines.push(format!("from = {}", quoted(table)));
        }
    }
    if of_many && !sheet.sheet.is_empty() {
        lines.push(format!("sheet = {}", quoted(&sheet.sheet)));
    }
    let unsure = |column: &&ColumnProfile| matches!(column.sureness, Some(Sureness::Folded | Sureness::Content));
    let columns: Vec<&ColumnProfile> = sheet.columns.iter().filter(unsure).collect();
    if !columns.is_empty() {
        lines.extend([String::new(), COLUMNS.to_owned()]);
    }
    for column in columns {
        let field = column.field.as_deref().unwrap_or_default();
        let why = match (column.sureness, column.facts.likeness) {
            (Some(Sureness::Content), Some(likeness)) => {
                let (percent, called) = (percent(likeness.share), likeness.content.called());
                let (zh, en) = (called.zh, called.en);
                text!("按内容判断：{percent} 像{zh}，请核对", "by its cells: {percent} look like {en}, please check")
            }
            _ => text!("表头近似", "the header, blanks and signs left out"),
        };
        lines.push(format!("{field} = {}   # {}", quoted(&column.header), why.get(language)));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A mapping as far as it says where a sheet is: two that are alike in it read the same cells.
pub fn without_columns(mapping: &str) -> &str {
    mapping.split(COLUMNS).next().unwrap_or_default().trim_end()
}

/// A text as TOML writes it.
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A share as people read it, cut and never rounded up: 100 % is all.
pub fn percent(share: f64) -> String {
    let tenths = (share * 1000.0 + 1e-9).floor() / 10.0;
    format!("{tenths} %")
}
