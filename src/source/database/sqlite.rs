//! SQLite, a file opened read-only.
//!
//! Apart because SQLite types each value, not each column: every value is written by its own type.

use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{
    AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, Statement, TypeInfo, ValueRef,
};

use super::Address;
use super::columns::Columns;
use super::failure::Failure;
use super::session::Session;
use super::values;
use crate::config::database::DatabaseKind;
use crate::source::sheet::Sheet;
use crate::text;

/// After so many of its steps SQLite looks at the clock.
const STEPS: i32 = 100_000;
/// A writer is waited for as long.
const BUSY: Duration = Duration::from_secs(10);

/// A transaction that sees one moment.
pub struct Snapshot {
    connection: SqliteConnection,
    deadline: Arc<Mutex<Option<Instant>>>,
}

impl Session for Snapshot {
    const KIND: DatabaseKind = DatabaseKind::Sqlite;

    fn quoted(name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    async fn open(address: &Address) -> Result<Self, Failure> {
        let file = address.url.strip_prefix("sqlite:").unwrap_or(&address.url);
        let file = file.strip_prefix("//").unwrap_or(file);
        let (file, parameters) = file.split_once('?').unwrap_or((file, ""));
        if !matches!(parameters, "" | "mode=ro") {
            return Err(Failure::Refused(text!(
                "sqlite: 地址不带参数，请去掉问号和其后的部分；文件总是只读打开",
                "an address of sqlite: takes no parameters; leave out the question mark and what follows, the file is \
                 always opened read-only"
            )));
        }
        let path = address.folder.join(file);
        let options = SqliteConnectOptions::from_str("sqlite:")
            .map_err(Failure::of)?
            .filename(path)
            .read_only(true)
            .create_if_missing(false)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(Failure::of)?;
        let deadline: Arc<Mutex<Option<Instant>>> = Arc::default();
        let watched = deadline.clone();
        let in_time = move || {
            let deadline = watched.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            deadline.is_none_or(|deadline| Instant::now() < deadline)
        };
        connection.lock_handle().await.map_err(Failure::of)?.set_progress_handler(STEPS, in_time);
        sqlx::raw_sql("begin").execute(&mut connection).await.map_err(Failure::of)?;
        Ok(Self { connection, deadline })
    }

    async fn rows(&mut self, statement: &str, limit: Duration) -> Result<Sheet, Failure> {
        let reading = |error: sqlx::Error| Failure::reading(error, limit, true);
        *self.deadline.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Instant::now() + limit);
        let sql = AssertSqlSafe(statement.to_owned()).into_sql_str();
        let prepared = (&mut self.connection).prepare(sql).await.map_err(reading)?;
        let names: Vec<String> = prepared.columns().iter().map(|column| column.name().to_owned()).collect();
        let mut columns = Columns::new(names);
        let mut rows = prepared.query().fetch(&mut self.connection);
        while let Some(row) = rows.try_next().await.map_err(reading)? {
            for column in 0..columns.width() {
                value(&mut columns, &row, column).map_err(reading)?;
            }
            columns.end_row()?;
        }
        Ok(columns.finish())
    }

    async fn close(self) {
        // nothing was written that a failure to close could lose
        let _ = self.connection.close().await;
    }
}

fn value(columns: &mut Columns, row: &SqliteRow, column: usize) -> Result<(), sqlx::Error> {
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        columns.push_null(column);
        return Ok(());
    }
    match value.type_info().name() {
        "INTEGER" => columns.push(column, &row.try_get_unchecked::<i64, _>(column)?.to_string()),
        "REAL" => {
            let number: f64 = row.try_get_unchecked(column)?;
            columns.push_number(column, &number.to_string(), number.fract() == 0.0 && number.abs() >= 1e15);
        }
        "BLOB" => columns.push(column, &values::bytes(row.try_get_unchecked::<&[u8], _>(column)?)),
        // Days are texts here: those of zeros came out of another database, and are as little a day as there.
        _ => match row.try_get_unchecked::<&str, _>(column)? {
            text if values::is_no_day(text) => columns.push_null(column),
            text => columns.push(column, text),
        },
    }
    Ok(())
}
