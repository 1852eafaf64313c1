//! `[[source]]`: where rows come from, and how its columns are told.
//!
//! Apart because it is what changes with every kind of source. It opens nothing: whether a file is there, reading says.

use std::path::Path;
use std::time::Duration;

use super::super::database::{self, DatabaseConfig, DatabaseKind, USUAL_TIMEOUT, Wanted};
use super::super::statement;
use super::cells::cells_keys;
use super::duration::duration;
use super::workbook::workbook_keys;
use crate::config::{Evaluate, Feature, Location, Secret, SourceConfig};
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

/// What only a file has, and what only a database has.
const FILE_KEYS: [&str; 8] = ["sheet", "encoding", "header_row", "separator", "hidden", "newest", "marks", "password"];
/// Headers are looked for in so many rows from the top.
const HEADER_ROWS: u32 = 30;
const DATABASE_KEYS: [&str; 4] = ["query", "from", "ca_file", "timeout"];
/// The files that Spark narrows.
const SPARK_READS: [&str; 4] = [".parquet", ".csv", ".tsv", ".txt"];
/// The words of `evaluate`.
const EVALUATE: [(&str, Evaluate); 4] =
    [("auto", Evaluate::Auto), ("here", Evaluate::Here), ("database", Evaluate::Database), ("spark", Evaluate::Spark)];

pub(super) fn source_table(table: &Params, folder: &Path) -> Option<SourceConfig> {
    let feeds = table.string("table");
    let path = table.optional_string("path");
    let url = table.optional_string("url");
    let asked = Asked::of(table);
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
    let header_row = table.optional_count("header_row").and_then(|row| header_row(table, &row));
    let columns = table.optional_table("columns").map(|columns| columns_table(&columns)).unwrap_or_default();
    let cells = cells_keys(table);
    let workbook = workbook_keys(table, folder);
    let evaluate = table.optional_word("evaluate", &EVALUATE);
    table.finish();
    let (location, label) = match (path, url) {
        (Some(path), None) => {
            for key in DATABASE_KEYS.into_iter().filter(|key| table.has(key)) {
                table.problems().add(table.span_of(key), text!("文件没有 {key}", "a file has no {key}"));
            }
            (Location::Files(path.value.clone()), path.value)
        }
        (None, Some(url)) => {
            for key in FILE_KEYS.into_iter().filter(|key| table.has(key)) {
                table.problems().add(table.span_of(key), text!("数据库没有 {key}", "a database has no {key}"));
            }
            asked.database(table, &url, folder)?
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
    if let Some(message) = evaluate.and_then(|evaluate| nobody_narrows(evaluate, &location)) {
        table.problems().add(table.span_of("evaluate"), message);
    }
    let evaluate = evaluate.unwrap_or_default();
    Some(SourceConfig {
        table: feeds?,
        location,
        sheet,
        columns,
        encoding,
        header_row,
        cells,
        evaluate,
        label,
        workbook,
    })
}

/// Why a source cannot be narrowed as it asks to be; nothing where it can.
fn nobody_narrows(evaluate: Evaluate, location: &Location) -> Option<Text> {
    let ends_with = |pattern: &str, ending: &str| pattern.to_lowercase().ends_with(ending);
    let is_file = |url: &str| DatabaseKind::of(url).is_ok_and(|kind| kind == DatabaseKind::Sqlite);
    match (evaluate, location) {
        (Evaluate::Database | Evaluate::Spark, _) if !Feature::Pushdown.is_built_in() => Feature::Pushdown.left_out(),
        (Evaluate::Database, Location::Files(_)) => {
            Some(text!("文件没有可筛选的数据库", "no database could narrow a file"))
        }
        (Evaluate::Spark, Location::Database(_)) => {
            Some(text!("Spark 只读文件；数据库写 database", "Spark reads files; a database is asked with `database`"))
        }
        (Evaluate::Spark, Location::Files(pattern)) if !SPARK_READS.iter().any(|ending| ends_with(pattern, ending)) => {
            Some(text!(
                "Spark 只读 .parquet 和文本文件（.csv .tsv .txt）",
                "Spark reads .parquet and text files (.csv .tsv .txt) only"
            ))
        }
        (Evaluate::Database, Location::Database(DatabaseConfig { url: Secret::Written(url), .. })) if is_file(url) => {
            Some(text!(
                "SQLite 是文件，在本机读取，没有可筛选的服务器",
                "SQLite is a file and is read here: no server could narrow it"
            ))
        }
        _ => None,
    }
}

/// Sources that are alike would read the same cells twice, and every record of them would be a double.
pub(super) fn read_once(sources: &[SourceConfig], root: &Params) {
    let document = root.problems().document();
    for (place, source) in sources.iter().enumerate() {
        let Some(first) = sources[..place].iter().find(|other| is_alike(other, source)) else { continue };
        let (line, _) = document.place(first.table.span.start);
        let message = text!(
            "与第 {line} 行起的数据源读的是同样的内容：每条记录都会读两遍",
            "the source at line {line} reads the same: every record would be read twice"
        );
        let hint = text!(
            "请删去其中一个；读的是不同工作表的，写上各自的 sheet",
            "remove one of them; where they are for different sheets, write the sheet of each"
        );
        root.problems().push(document.problem(source.table.span.clone(), message).with_hint(hint));
    }
}

/// Whether two sources feed the same table from the same cells. Other columns may be other records: a sheet can have two
/// contacts in a row.
fn is_alike(one: &SourceConfig, other: &SourceConfig) -> bool {
    let columns = |source: &SourceConfig| -> Vec<(String, String)> {
        source.columns.iter().map(|(field, header)| (field.value.clone(), header.clone())).collect()
    };
    let asks_alike = match (&one.location, &other.location) {
        (Location::Files(one), Location::Files(other)) => one == other,
        (Location::Database(of_one), Location::Database(of_other)) => {
            one.label == other.label && of_one.wanted == of_other.wanted
        }
        _ => false,
    };
    asks_alike
        && one.table.value == other.table.value
        && (&one.sheet, one.header_row) == (&other.sheet, other.header_row)
        && columns(one) == columns(other)
}

/// The row of the header, where it is one that headers are looked for in.
fn header_row(table: &Params, row: &Placed<u64>) -> Option<u32> {
    let found = u32::try_from(row.value).ok().filter(|row| (1..=HEADER_ROWS).contains(row));
    if found.is_none() {
        let message =
            text!("表头只能在第 1 到 {HEADER_ROWS} 行", "a header can only be in rows 1 to {HEADER_ROWS} of a sheet");
        table.problems().add(row.span.clone(), message);
    }
    found
}

fn columns_table(columns: &Params) -> Vec<(Placed<String>, String)> {
    columns
        .keys()
        .into_iter()
        .filter_map(|field| columns.string_under(&field.value).map(|header| (field, header.value)))
        .collect()
}

/// What is asked of a database.
struct Asked {
    query: Option<Placed<String>>,
    from: Option<Placed<String>>,
    ca_file: Option<Placed<String>>,
    timeout: Option<Duration>,
}

impl Asked {
    fn of(table: &Params) -> Self {
        Self {
            query: table.optional_string("query"),
            from: table.optional_string("from"),
            ca_file: table.optional_string("ca_file"),
            timeout: duration(table, "timeout", 1),
        }
    }

    fn database(self, table: &Params, url: &Placed<String>, folder: &Path) -> Option<(Location, String)> {
        let secret = Secret::from_written(&url.value, folder);
        let (kind, label) = match &secret {
            Secret::Written(written) => (Some(written_kind(table, url, written)?), database::shown(written)),
            kept => (None, format!("{kept:?}")),
        };
        if let (Some(file), Some(DatabaseKind::Sqlite)) = (&self.ca_file, kind) {
            table.problems().add(file.span.clone(), text!("文件没有 ca_file", "a file has no ca_file"));
        }
        let wanted = match (self.query, self.from) {
            (Some(query), None) => query_of(table, query, kind)?,
            (None, Some(from)) => table_of(table, from)?,
            (Some(_), Some(from)) => {
                table.problems().add(from.span, text!("query 与 from 只能写一个", "write query or from, not both"));
                return None;
            }
            (None, None) => {
                table.missing("query");
                return None;
            }
        };
        let ca_file = self.ca_file.map(|file| folder.join(file.value));
        let timeout = self.timeout.unwrap_or(USUAL_TIMEOUT);
        Some((Location::Database(DatabaseConfig { url: secret, wanted, ca_file, timeout }), label))
    }
}

/// The kind of an address that stands in the open, where it holds no password.
fn written_kind(table: &Params, url: &Placed<String>, written: &str) -> Option<DatabaseKind> {
    if database::password(written).is_some() {
        table.problems().add(
            url.span.clone(),
            text!(
                "密码不能写在配置里；整个地址请写成 \"env:变量名\" 或 \"file:路径\"，PostgreSQL 也可把密码放在 ~/.pgpass",
                "a password does not belong in the configuration; write \"env:NAME\" or \"file:PATH\" for the whole \
                 address; PostgreSQL's may stand in ~/.pgpass"
            ),
        );
        return None;
    }
    DatabaseKind::of(written).map_err(|message| table.problems().add(url.span.clone(), message)).ok()
}

fn query_of(table: &Params, query: Placed<String>, kind: Option<DatabaseKind>) -> Option<Wanted> {
    match statement::select(&query.value, kind) {
        Ok(_) => Some(Wanted::Query(query.value)),
        Err(refusal) => {
            // a statement that is wrong from its first word is wrong as a whole
            let first = query.value.len() - query.value.trim_start().len();
            let place = if refusal.place.start <= first {
                query.span
            } else {
                table.problems().place_in(&query, refusal.place)
            };
            table.problems().add(place, refusal.message);
            None
        }
    }
}

/// `crm.contract`: the parts of a name, as the database writes them.
fn table_of(table: &Params, from: Placed<String>) -> Option<Wanted> {
    let parts: Vec<String> = from.value.split('.').map(|part| part.trim().to_owned()).collect();
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty() || part.contains(['"', '`', '\0'])) {
        table.problems().add(
            from.span,
            text!(
                "from 是表名或视图名，如 \"contract\" 或 \"crm.contract\"，不加引号；别的请用 query",
                "from names a table or view, such as \"contract\" or \"crm.contract\", without quotes; else use query"
            ),
        );
        return None;
    }
    Some(Wanted::Table(parts))
}
