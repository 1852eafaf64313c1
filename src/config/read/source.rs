//! `[[source]]`: where rows come from, and how its columns are told.
//!
//! Apart because it is what changes with every kind of source. It opens nothing: whether a file is there, reading says.

use std::path::Path;

use super::cells::cells_keys;
use crate::config::{Location, Secret, SourceConfig};
use crate::params::{Params, Placed};
use crate::text;

pub(super) fn source_table(table: &Params, folder: &Path) -> Option<SourceConfig> {
    let feeds = table.string("table");
    let path = table.optional_string("path");
    let url = table.optional_string("url");
    let query = table.optional_string("query");
    let sheet = table.optional_string("sheet").map(|sheet| sheet.value);
    let encoding = table.optional_string("encoding").and_then(|written| {
        let encoding = encoding_rs::Encoding::for_label(written.value.as_bytes());
        if encoding.is_none() {
            let word = &written.value;
            let message = text!("没有“{word}”这种编码", "there is no encoding `{word}`");
            table.problems().unknown(written.span, message, word, &["utf-8", "gb18030", "gbk", "big5", "utf-16le"]);
        }
        encoding
    });
    let header_row = table.optional_count("header_row").and_then(|row| u32::try_from(row.value).ok());
    let columns = table.optional_table("columns").map(|columns| columns_table(&columns)).unwrap_or_default();
    let cells = cells_keys(table);
    table.not_built("evaluate");
    table.finish();
    if let (Some(_), Some(query)) = (&path, &query) {
        table.problems().add(query.span.clone(), text!("文件没有 query", "a file has no query"));
    }
    let (location, label) = match (path, url) {
        (Some(path), None) => (Location::Files(path.value.clone()), path.value),
        (None, Some(url)) => {
            let Some(query) = query else {
                table.missing("query");
                return None;
            };
            database(table, &url, query, folder)?
        }
        (Some(_), Some(url)) => {
            table.problems().add(url.span, text!("path 与 url 只能写一个", "write path or url, not both"));
            return None;
        }
        (None, None) => {
            table.missing("path");
            return None;
        }
    };
    Some(SourceConfig { table: feeds?, location, sheet, columns, encoding, header_row, cells, label })
}

fn columns_table(columns: &Params) -> Vec<(Placed<String>, String)> {
    columns
        .keys()
        .into_iter()
        .filter_map(|field| columns.string_under(&field.value).map(|header| (field, header.value)))
        .collect()
}

fn database(table: &Params, url: &Placed<String>, query: Placed<String>, folder: &Path) -> Option<(Location, String)> {
    let secret = Secret::from_written(&url.value, folder);
    let label = match &secret {
        Secret::Written(written) => match written.split_once(':') {
            Some(("sqlite", file)) => format!("sqlite:{file}"),
            Some((scheme @ ("postgres" | "postgresql" | "mysql" | "mariadb"), _)) => {
                table.problems().add(
                    url.span.clone(),
                    text!(
                        "{scheme} 数据库尚未支持，因此拒绝",
                        "{scheme} databases are not built yet, so this is refused"
                    ),
                );
                return None;
            }
            _ => {
                table
                    .problems()
                    .add(url.span.clone(), text!("url 应以 sqlite: 或 env: 开头", "a url starts with sqlite: or env:"));
                return None;
            }
        },
        kept => format!("{kept:?}"),
    };
    let opening = query.value.trim_start().get(..6).unwrap_or_default().to_ascii_lowercase();
    if opening != "select" && !opening.starts_with("with") {
        table.problems().add(query.span, text!("query 只能是 SELECT", "a query can only be a SELECT"));
        return None;
    }
    Some((Location::Database { url: secret, query: query.value }, label))
}
