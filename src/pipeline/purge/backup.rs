//! Whether a copy of the history database tells of certain customers: every cell of every table is looked at, and mails
//! that waited when it was made are unpacked.
//!
//! Apart because what stands in a database lies divided among its pages, and mails stand in it encoded. The copy is
//! opened as it lies there and never changed.

use std::path::Path;

use futures_util::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions};

use super::contents::{self, Tells};

/// The table whose cells are mails.
const MAILS: &str = "delivery_message";

/// What a copy tells; one that cannot be opened is closed.
pub async fn tells(path: &Path, needles: &[Vec<u8>]) -> Tells {
    match look(path, needles).await {
        Ok(tells) => tells,
        Err(_) => Tells::Closed, // whatever is wrong with it, nobody can say what it holds
    }
}

async fn look(path: &Path, needles: &[Vec<u8>]) -> Result<Tells, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    let mut connection = options.disable_statement_logging().connect().await?;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select tables.name, columns.name from sqlite_schema as tables, pragma_table_info(tables.name) as columns \
         where tables.type = 'table'",
    )
    .fetch_all(&mut connection)
    .await?;
    let mut told = Tells::Nothing;
    for (table, column) in columns {
        told = told.or(look_at(&mut connection, &table, &column, needles).await?);
    }
    Ok(told)
}

async fn look_at(
    connection: &mut SqliteConnection,
    table: &str,
    column: &str,
    needles: &[Vec<u8>],
) -> Result<Tells, sqlx::Error> {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (cell, rows) = (quoted(column), quoted(table));
    let statement = format!("select cast({cell} as blob) from {rows} where typeof({cell}) in ('text', 'blob')");
    let mut cells = sqlx::query_scalar::<_, Vec<u8>>(AssertSqlSafe(statement)).fetch(connection);
    let mut told = Tells::Nothing;
    while let Some(cell) = cells.try_next().await? {
        told = told.or(contents::tells(&cell, table == MAILS, needles));
    }
    Ok(told)
}
