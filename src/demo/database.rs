//! Writes the company as a SQLite database: six tables of text, in one transaction.
//!
//! Apart from the text files because rows go in by the batch and through a runtime. It does not know what the columns
//! mean.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use tokio::runtime::{Builder, Runtime};

use super::DemoError;
use super::tables::{Cell, Sink, Table};

/// Rows that one statement inserts. The connection prepares each statement text once.
const BATCH: usize = 64;

/// A database being filled.
pub(super) struct Database {
    path: PathBuf,
    runtime: Runtime,
    connection: SqliteConnection,
    /// For each table the statement for a whole batch, and the values that wait for one.
    tables: Vec<(String, Vec<Option<String>>)>,
}

impl Database {
    /// Makes the database anew and begins the transaction.
    pub(super) fn create(data: &Path) -> Result<Self, DemoError> {
        let path = data.join("crm.db");
        for old in [path.clone(), data.join("crm.db-journal"), data.join("crm.db-wal"), data.join("crm.db-shm")] {
            if old.exists() {
                std::fs::remove_file(&old).map_err(|source| DemoError::File { path: old, source })?;
            }
        }
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| DemoError::File { path: path.clone(), source })?;
        // A file that is made anew needs no protection against a crash: it would be made anew again.
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off);
        let connection = runtime
            .block_on(async {
                let mut connection = options.connect().await?;
                sqlx::query("begin").execute(&mut connection).await?;
                for table in Table::ALL {
                    let columns: Vec<String> = table.columns().iter().map(|(name, _)| format!("{name} text")).collect();
                    let create = format!("create table {} ({})", table.name(), columns.join(", "));
                    sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await?;
                }
                Ok(connection)
            })
            .map_err(|source| DemoError::Database { path: path.clone(), source })?;
        let tables = Table::ALL.into_iter().map(|table| (insert(table, BATCH), Vec::new())).collect();
        Ok(Self { path, runtime, connection, tables })
    }

    /// Inserts the values that wait, with this statement.
    fn flush(&mut self, table: Table, statement: String) -> Result<(), DemoError> {
        let values = std::mem::take(&mut self.tables[table as usize].1);
        let mut query = sqlx::query(AssertSqlSafe(statement));
        for value in values {
            query = query.bind(value);
        }
        match self.runtime.block_on(query.execute(&mut self.connection)) {
            Ok(_) => Ok(()),
            Err(source) => Err(DemoError::Database { path: self.path.clone(), source }),
        }
    }
}

/// The statement that inserts so many rows.
fn insert(table: Table, rows: usize) -> String {
    let row = format!("({})", vec!["?"; table.columns().len()].join(","));
    format!("insert into {} values {}", table.name(), vec![row; rows].join(","))
}

impl Sink for Database {
    fn row(&mut self, table: Table, row: &[Cell]) -> Result<(), DemoError> {
        let (statement, values) = &mut self.tables[table as usize];
        values.extend(row.iter().map(|cell| {
            let mut text = String::new();
            cell.write_text(&mut text);
            (*cell != Cell::Empty).then_some(text)
        }));
        if values.len() < BATCH * row.len() {
            return Ok(());
        }
        let statement = statement.clone();
        self.flush(table, statement)
    }

    fn finish(mut self) -> Result<(), DemoError> {
        for table in Table::ALL {
            let rows = self.tables[table as usize].1.len() / table.columns().len();
            if rows > 0 {
                self.flush(table, insert(table, rows))?;
            }
        }
        let Self { path, runtime, mut connection, .. } = self;
        runtime
            .block_on(async {
                sqlx::query("commit").execute(&mut connection).await?;
                connection.close().await
            })
            .map_err(|source| DemoError::Database { path, source })
    }
}
