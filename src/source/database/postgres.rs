//! PostgreSQL, by COPY in its text format: whatever the type, the text that PostgreSQL itself writes of it.
//!
//! Apart because of its protocol: rows come in on this thread and become columns on another. Types are looked at only
//! where PostgreSQL's text is not what a person would type: padding, truth, zones, exponents.

use std::str::FromStr;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode, PgTypeInfo, PgTypeKind};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, SqlSafeStr, Statement};

use super::Address;
use super::copy_text::{CopyText, Kind};
use super::failure::Failure;
use super::session::Session;
use super::values::Float;
use crate::config::database::{DatabaseKind, parameter};
use crate::source::narrow::dialect::{self, Dialect};
use crate::source::narrow::{self, Class};
use crate::source::sheet::Sheet;

/// Rows are handed on in pieces of about this many bytes.
const PIECE: usize = 512 << 10;
/// So many pieces may wait to become columns.
const WAITING: usize = 4;
/// Types by their number, which never changes.
const BOOL: u32 = 16;
const INT8: u32 = 20;
const INT2: u32 = 21;
const INT4: u32 = 23;
const TEXT: u32 = 25;
const FLOAT4: u32 = 700;
const FLOAT8: u32 = 701;
const BPCHAR: u32 = 1042;
const VARCHAR: u32 = 1043;
const DATE: u32 = 1082;
const TIMESTAMP: u32 = 1114;
const TIMESTAMPTZ: u32 = 1184;
const NUMERIC: u32 = 1700;

/// A transaction that sees one moment.
pub struct Snapshot {
    connection: PgConnection,
}

impl Session for Snapshot {
    const KIND: DatabaseKind = DatabaseKind::Postgres;
    const DIALECT: Option<&'static Dialect> = Some(&dialect::POSTGRES);

    fn quoted(name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    async fn open(address: &Address) -> Result<Self, Failure> {
        let mut connection = options(address)?.connect().await.map_err(Failure::connecting)?;
        let zone = address.timezone.name();
        let begin = format!(
            "begin isolation level repeatable read read only; \
             set local time zone '{zone}'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; \
             set local bytea_output = 'hex'; set local synchronize_seqscans = off"
        );
        run(&mut connection, begin).await.map_err(Failure::connecting)?;
        Ok(Self { connection })
    }

    async fn rows(&mut self, statement: &str, limit: Duration) -> Result<Sheet, Failure> {
        let reading = |error: sqlx::Error| Failure::reading(error, limit, false);
        let milliseconds = limit.as_millis();
        // a mistake in one statement must not end the transaction, for the moment would be lost to the others
        let prelude = format!("savepoint hedui; set local statement_timeout = {milliseconds}");
        run(&mut self.connection, prelude).await.map_err(reading)?;
        match self.copy(statement, limit).await {
            Ok(sheet) => {
                run(&mut self.connection, "release savepoint hedui".to_owned()).await.map_err(reading)?;
                Ok(sheet)
            }
            Err(failure) if failure.ends_connection() => Err(failure),
            Err(failure) => {
                run(&mut self.connection, "rollback to savepoint hedui".to_owned()).await.map_err(reading)?;
                Err(failure)
            }
        }
    }

    async fn columns(&mut self, statement: &str) -> Result<Option<Vec<narrow::Column>>, Failure> {
        let reading = |error: sqlx::Error| Failure::reading(error, Duration::ZERO, false);
        run(&mut self.connection, "savepoint hedui".to_owned()).await.map_err(reading)?;
        match self.columns_in_order(statement).await {
            Ok(columns) => Ok(columns),
            // what is wrong with it is said where its rows are read
            Err(_) => {
                run(&mut self.connection, "rollback to savepoint hedui".to_owned()).await.map_err(reading)?;
                Ok(None)
            }
        }
    }

    async fn close(self) {
        // all rows are here: how the server takes its leave changes nothing
        let _ = self.connection.close().await;
    }
}

impl Snapshot {
    /// The columns of a statement; from now on the rows of all statements come in one order.
    async fn columns_in_order(&mut self, statement: &str) -> Result<Option<Vec<narrow::Column>>, sqlx::Error> {
        let encoding = "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()";
        let encoding: Option<String> = sqlx::query_scalar(encoding).fetch_optional(&mut self.connection).await?;
        // ranges of characters are ranges of Unicode there only
        if encoding.as_deref() != Some("UTF8") {
            return Ok(None);
        }
        // rows that several processes fetch come in any order
        run(&mut self.connection, "set local max_parallel_workers_per_gather = 0".to_owned()).await?;
        let sql = AssertSqlSafe(statement.to_owned()).into_sql_str();
        let prepared = (&mut self.connection).prepare(sql).await?;
        let column = |column: &sqlx::postgres::PgColumn| narrow::Column {
            name: column.name().to_owned(),
            class: class_of(column.type_info()),
        };
        Ok(Some(prepared.columns().iter().map(column).collect()))
    }

    async fn copy(&mut self, statement: &str, limit: Duration) -> Result<Sheet, Failure> {
        let reading = |error: sqlx::Error| Failure::reading(error, limit, false);
        let connection = &mut self.connection;
        let (names, kinds) = {
            let sql = AssertSqlSafe(statement.to_owned()).into_sql_str();
            let prepared = (&mut *connection).prepare(sql).await.map_err(reading)?;
            let columns = prepared.columns();
            let names: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
            let kinds: Vec<Kind> = columns.iter().map(|column| kind_of(column.type_info())).collect();
            (names, kinds)
        };
        // Permissions are looked at now: an answer to COPY other than rows would leave the connection out of step.
        run(connection, format!("explain {statement}")).await.map_err(reading)?;
        let copy = format!("copy (\n{statement}\n) to stdout (format text)");
        let mut rows =
            connection.copy_out_raw(&copy).await.map_err(|error| Failure::Broken(error.to_string(), true))?;
        let decoder = Decoder::start(names, kinds);
        let mut piece = Vec::with_capacity(PIECE);
        let mut any = false;
        loop {
            let row = rows.try_next().await.map_err(|error| Failure::reading(error, limit, any))?;
            let Some(row) = row else { break };
            any = true;
            piece.extend_from_slice(&row);
            if piece.len() >= PIECE && piece.last() == Some(&b'\n') {
                let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE + PIECE / 8));
                if !decoder.take(full) {
                    let result = decoder.finish();
                    if !result.as_ref().is_err_and(Failure::ends_connection) {
                        // the rows that are still to come stand before the answer to the next statement
                        while rows.try_next().await.map_err(|error| Failure::reading(error, limit, true))?.is_some() {}
                    }
                    return result;
                }
            }
        }
        decoder.take(piece);
        decoder.finish()
    }
}

/// A thread that makes columns of rows.
struct Decoder {
    pieces: Option<SyncSender<Vec<u8>>>,
    thread: JoinHandle<Result<Sheet, Failure>>,
}

impl Decoder {
    fn start(names: Vec<String>, kinds: Vec<Kind>) -> Self {
        let (pieces, waiting) = sync_channel::<Vec<u8>>(WAITING);
        let thread = std::thread::spawn(move || {
            let mut reader = CopyText::new(names, kinds);
            for piece in waiting {
                reader.take(&piece)?;
            }
            Ok(reader.finish())
        });
        Self { pieces: Some(pieces), thread }
    }

    /// Hands rows on; `false` where they are not taken any more.
    fn take(&self, piece: Vec<u8>) -> bool {
        self.pieces.as_ref().is_some_and(|pieces| pieces.send(piece).is_ok())
    }

    fn finish(mut self) -> Result<Sheet, Failure> {
        drop(self.pieces.take());
        self.thread.join().unwrap_or_else(|_| Err(Failure::of("the reader of rows broke off")))
    }
}

async fn run(connection: &mut PgConnection, statements: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(connection).await.map(drop)
}

fn options(address: &Address) -> Result<PgConnectOptions, Failure> {
    let url = address.url.as_str();
    let mut options = PgConnectOptions::from_str(url)
        .map_err(Failure::connecting)?
        .application_name("hedui")
        .disable_statement_logging();
    if let Some(file) = address.authority()? {
        options = options.ssl_root_cert(file);
    }
    // whoever names a certificate wants it to be looked at
    let named = address.ca_file.is_some() || parameter(url, &["sslrootcert", "ssl-root-cert", "ssl-ca"]).is_some();
    if named && !matches!(options.get_ssl_mode(), PgSslMode::VerifyCa | PgSslMode::VerifyFull) {
        options = options.ssl_mode(PgSslMode::VerifyFull);
    }
    Ok(options)
}

/// The types that are read as PostgreSQL writes them as text.
fn class_of(kind: &PgTypeInfo) -> Class {
    match kind.oid().map(|oid| oid.0) {
        Some(TEXT | VARCHAR) => Class::Text,
        Some(INT2 | INT4 | INT8 | NUMERIC) => Class::Number,
        Some(DATE) => Class::Day,
        Some(TIMESTAMP) => Class::Moment,
        _ => Class::Other,
    }
}

fn kind_of(kind: &PgTypeInfo) -> Kind {
    if let PgTypeKind::Domain(base) = kind.kind() {
        return kind_of(base);
    }
    match kind.oid().map(|oid| oid.0) {
        Some(BOOL) => Kind::Truth,
        Some(FLOAT4) => Kind::Float(Float::Single),
        Some(FLOAT8) => Kind::Float(Float::Double),
        Some(BPCHAR) => Kind::Padded,
        Some(TIMESTAMP | TIMESTAMPTZ) => Kind::Moment,
        _ => Kind::Text,
    }
}
