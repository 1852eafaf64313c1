//! MySQL and MariaDB, by the text protocol: the text that the server itself writes of a value.
//!
//! Apart because of what only they have: zero dates, bits, a time zone that follows the session. Times of the type
//! TIMESTAMP are moments: they are shown in the company's time zone, whatever zones the server has tables of.

use std::borrow::Cow;
use std::str::FromStr;
use std::time::Duration;

use chrono::{NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use futures_util::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection, MySqlRow, MySqlSslMode};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, Statement, TypeInfo};

use super::Address;
use super::columns::Columns;
use super::failure::Failure;
use super::session::Session;
use super::values::{self, Float, float, moment};
use crate::config::database::{DatabaseKind, parameter};
use crate::source::narrow::dialect::{self, Dialect};
use crate::source::narrow::{self, Class};
use crate::source::sheet::Sheet;

/// A FLOAT is written with six digits.
const FLOAT_DIGITS: f64 = 1e6;

/// A transaction that sees one moment of all tables that keep versions (InnoDB; MyISAM keeps none).
pub struct Snapshot {
    connection: MySqlConnection,
    maria: bool,
    zone: Zone,
}

/// The session's zone is the company's offset as it is now; moments of another season are moved.
#[derive(Clone, Copy)]
struct Zone {
    company: Tz,
    session: i32,
}

/// What is done to the values of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Padded,
    Bytes,
    Bits,
    Day,
    Moment,
    Instant,
    Single,
    Double,
}

impl Session for Snapshot {
    const KIND: DatabaseKind = DatabaseKind::MySql;
    const DIALECT: Option<&'static Dialect> = Some(&dialect::MYSQL);

    fn quoted(name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    async fn open(address: &Address) -> Result<Self, Failure> {
        let mut connection = options(address)?.connect().await.map_err(Failure::connecting)?;
        let (version, utc) = server(&mut connection).await?;
        let now = NaiveDateTime::parse_from_str(&utc, "%Y-%m-%d %H:%M:%S").map_err(Failure::of)?;
        let session = address.timezone.offset_from_utc_datetime(&now).fix().local_minus_utc();
        let offset = format!(
            "{}{:02}:{:02}",
            if session < 0 { '-' } else { '+' },
            session.abs() / 3600,
            session.abs() / 60 % 60
        );
        for statement in [
            format!("set time_zone = '{offset}'"),
            "set session transaction isolation level repeatable read".to_owned(),
            "start transaction with consistent snapshot, read only".to_owned(),
        ] {
            run(&mut connection, statement).await.map_err(Failure::connecting)?;
        }
        let zone = Zone { company: address.timezone, session };
        Ok(Self { connection, maria: version.contains("MariaDB"), zone })
    }

    async fn rows(&mut self, statement: &str, limit: Duration) -> Result<Sheet, Failure> {
        let reading = |error: sqlx::Error| Failure::reading(error, limit, false);
        let limiting = match self.maria {
            true => format!("set max_statement_time = {}", limit.as_secs()),
            false => format!("set max_execution_time = {}", limit.as_millis()),
        };
        // a server that knows neither is held to the limit from here
        let _ = run(&mut self.connection, limiting).await;
        let (names, kinds) = {
            let sql = AssertSqlSafe(statement.to_owned()).into_sql_str();
            let prepared = (&mut self.connection).prepare(sql).await.map_err(reading)?;
            let columns = prepared.columns();
            let names: Vec<String> = columns.iter().map(|column| column.name().to_owned()).collect();
            let kinds: Vec<Kind> = columns.iter().map(|column| kind_of(column.type_info().name())).collect();
            (names, kinds)
        };
        let mut columns = Columns::new(names);
        let mut any = false;
        let mut rows = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).fetch(&mut self.connection);
        loop {
            let row = rows.try_next().await.map_err(|error| Failure::reading(error, limit, any))?;
            let Some(row) = row else { break };
            any = true;
            for (column, kind) in kinds.iter().enumerate() {
                value(&mut columns, &row, column, *kind, self.zone)
                    .map_err(|error| Failure::reading(error, limit, true))?;
            }
            columns.end_row()?;
        }
        Ok(columns.finish())
    }

    async fn columns(&mut self, statement: &str) -> Result<Option<Vec<narrow::Column>>, Failure> {
        let sql = AssertSqlSafe(statement.to_owned()).into_sql_str();
        // what is wrong with it is said where its rows are read
        let Ok(prepared) = (&mut self.connection).prepare(sql).await else { return Ok(None) };
        let column = |column: &sqlx::mysql::MySqlColumn| narrow::Column {
            name: column.name().to_owned(),
            class: class_of(column.type_info().name()),
        };
        Ok(Some(prepared.columns().iter().map(column).collect()))
    }

    async fn close(self) {
        // all rows are here: how the server takes its leave changes nothing
        let _ = self.connection.close().await;
    }
}

/// The server's version, and its clock in UTC.
async fn server(connection: &mut MySqlConnection) -> Result<(String, String), Failure> {
    let statement = "select version(), cast(utc_timestamp() as char)";
    let row = sqlx::raw_sql(statement).fetch_one(connection).await.map_err(Failure::connecting)?;
    let text = |column: usize| -> Result<String, Failure> {
        let bytes: &[u8] = row.try_get_unchecked(column).map_err(Failure::connecting)?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    };
    Ok((text(0)?, text(1)?))
}

fn value(columns: &mut Columns, row: &MySqlRow, column: usize, kind: Kind, zone: Zone) -> Result<(), sqlx::Error> {
    let Some(bytes) = row.try_get_unchecked::<Option<&[u8]>, _>(column)? else {
        columns.push_null(column);
        return Ok(());
    };
    let text = match kind {
        Kind::Bytes => values::bytes(bytes),
        Kind::Bits => bits(bytes),
        _ => Cow::Borrowed(std::str::from_utf8(bytes).map_err(|error| sqlx::Error::Decode(error.into()))?),
    };
    match kind {
        Kind::Day | Kind::Moment | Kind::Instant if text.starts_with("0000-00-00") => columns.push_null(column),
        Kind::Moment => columns.push(column, moment(&text)),
        Kind::Instant => columns.push(column, moment(&zone.shown(&text))),
        Kind::Padded => columns.push(column, text.trim_end_matches(' ')),
        Kind::Single => {
            let number: f64 = text.parse().unwrap_or(0.0);
            let lost_digits = number.fract() == 0.0 && number.abs() >= FLOAT_DIGITS;
            columns.push_number(column, &float(&text, Float::Single).0, lost_digits);
        }
        Kind::Double => {
            let (number, lost_digits) = float(&text, Float::Double);
            columns.push_number(column, &number, lost_digits);
        }
        Kind::Text | Kind::Bytes | Kind::Bits | Kind::Day => columns.push(column, &text),
    }
    Ok(())
}

impl Zone {
    /// A moment of the session's offset as the company's clocks showed it.
    fn shown(self, text: &str) -> Cow<'_, str> {
        let Ok(local) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f") else { return Cow::Borrowed(text) };
        let utc = local - chrono::TimeDelta::seconds(i64::from(self.session));
        let offset = self.company.offset_from_utc_datetime(&utc).fix().local_minus_utc();
        if offset == self.session {
            return Cow::Borrowed(text);
        }
        let moved = utc + chrono::TimeDelta::seconds(i64::from(offset));
        Cow::Owned(moved.format("%Y-%m-%d %H:%M:%S").to_string())
    }
}

/// A BIT column's bytes as a number.
fn bits(bytes: &[u8]) -> Cow<'_, str> {
    let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Cow::Owned(number.to_string())
}

/// The types that are read as the server writes them as text; moments in its own time zone are not.
fn class_of(name: &str) -> Class {
    match name {
        "CHAR" | "VARCHAR" | "TINYTEXT" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" => Class::Text,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" | "DECIMAL" => Class::Number,
        "DATE" => Class::Day,
        "DATETIME" => Class::Moment,
        _ => Class::Other,
    }
}

fn kind_of(name: &str) -> Kind {
    match name {
        "CHAR" => Kind::Padded,
        "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" | "GEOMETRY" => Kind::Bytes,
        "BIT" => Kind::Bits,
        "DATE" => Kind::Day,
        "DATETIME" => Kind::Moment,
        "TIMESTAMP" => Kind::Instant,
        "FLOAT" => Kind::Single,
        "DOUBLE" => Kind::Double,
        _ => Kind::Text,
    }
}

async fn run(connection: &mut MySqlConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await.map(drop)
}

fn options(address: &Address) -> Result<MySqlConnectOptions, Failure> {
    let url = address.url.as_str();
    let mut options = MySqlConnectOptions::from_str(url)
        .map_err(Failure::connecting)?
        .charset("utf8mb4")
        // the statement means what it means in the database's own client
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .disable_statement_logging();
    if let Some(file) = address.authority()? {
        options = options.ssl_ca(file);
    }
    // whoever names a certificate wants it to be looked at
    let named = address.ca_file.is_some() || parameter(url, &["sslca", "ssl-ca"]).is_some();
    if named && !matches!(options.get_ssl_mode(), MySqlSslMode::VerifyCa | MySqlSslMode::VerifyIdentity) {
        options = options.ssl_mode(MySqlSslMode::VerifyIdentity);
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_a_number() {
        assert_eq!(bits(&[1]), "1");
        assert_eq!(bits(&[0xff; 8]), u64::MAX.to_string());
    }

    #[test]
    fn a_moment_is_shown_as_the_clocks_were_then() {
        let zone = Zone { company: chrono_tz::Asia::Shanghai, session: 8 * 3600 };
        assert_eq!(zone.shown("2026-11-22 10:00:00"), "2026-11-22 10:00:00");
        // China had summer time
        assert_eq!(zone.shown("1988-07-01 10:00:00.5"), "1988-07-01 11:00:00");
        assert_eq!(zone.shown("0000-00-00 00:00:00"), "0000-00-00 00:00:00");
    }
}
