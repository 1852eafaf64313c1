//! The rows of a query on an SQLite file, opened read-only.
//!
//! Apart because SQLite types each value, not each column: every value is written by its own type. The first row
//! counts as row 2, as if the names of the columns stood on row 1.

use std::path::Path;
use std::str::FromStr;

use polars::prelude::StringChunkedBuilder;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, Statement, TypeInfo, ValueRef,
};

use super::sheet::{Cells, Sheet, named_grid};
use crate::text;
use crate::text::Text;

/// Reads all rows of a query.
///
/// # Errors
/// Where the file cannot be opened or the query fails; with the database's words.
pub fn read(url: &str, folder: &Path, query: &str) -> Result<Sheet, Text> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| text!("无法启动：{error}", "cannot start: {error}"))?;
    runtime.block_on(read_rows(url, folder, query)).map_err(|error| {
        let said = error.to_string();
        text!("数据库读取失败：{said}", "the database cannot be read: {said}")
    })
}

async fn read_rows(url: &str, folder: &Path, query: &str) -> Result<Sheet, sqlx::Error> {
    let file = url.strip_prefix("sqlite:").unwrap_or(url);
    let file = file.strip_prefix("//").unwrap_or(file);
    let path = folder.join(file.split('?').next().unwrap_or(file));
    let options = SqliteConnectOptions::from_str("sqlite:")?
        .filename(path)
        .read_only(true)
        .create_if_missing(false)
        .disable_statement_logging();
    let mut connection: SqliteConnection = options.connect().await?;
    let statement = (&mut connection).prepare(AssertSqlSafe(query.to_owned()).into_sql_str()).await?;
    let names: Vec<String> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let rows: Vec<SqliteRow> = statement.query().fetch_all(&mut connection).await?;
    let mut builders: Vec<StringChunkedBuilder> =
        names.iter().map(|_| StringChunkedBuilder::new("c".into(), rows.len())).collect();
    let mut lost: Vec<Vec<u32>> = vec![Vec::new(); names.len()];
    for (index, row) in (1_u32..).zip(&rows) {
        for (column, builder) in builders.iter_mut().enumerate() {
            let (text, lost_digits) = value_text(row, column)?;
            match text {
                Some(text) => builder.append_value(text),
                None => builder.append_null(),
            }
            if lost_digits && let Some(lost) = lost.get_mut(column) {
                lost.push(index - 1);
            }
        }
    }
    connection.close().await?;
    let columns = builders
        .into_iter()
        .zip(lost)
        .map(|(builder, lost_digits)| Cells { values: builder.finish(), errors: Vec::new(), lost_digits })
        .collect();
    Ok(named_grid(&names, columns))
}

/// One value as text, and whether it is a number that has lost digits.
fn value_text(row: &SqliteRow, column: usize) -> Result<(Option<String>, bool), sqlx::Error> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok((None, false));
    }
    let kind = value.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "INTEGER" => (Some(row.try_get_unchecked::<i64, _>(column)?.to_string()), false),
        "REAL" => {
            let number: f64 = row.try_get_unchecked(column)?;
            let whole = number.fract() == 0.0;
            (Some(number.to_string()), whole && number.abs() >= 1e15)
        }
        "BLOB" => {
            let bytes: Vec<u8> = row.try_get_unchecked(column)?;
            (Some(String::from_utf8_lossy(&bytes).into_owned()), false)
        }
        _ => (Some(row.try_get_unchecked::<String, _>(column)?), false),
    })
}
