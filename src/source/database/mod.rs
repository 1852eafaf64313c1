//! Databases: the rows of queries and tables, all of one database by one connection in one read-only transaction, so
//! that they are of the same moment.
//!
//! Apart because here alone reading is asynchronous, and because a kind of database is a file here and a line of
//! [`KINDS`]. What is read are columns of text with names; it knows neither tables of the dictionary nor fields.

mod columns;
#[cfg(feature = "databases")]
mod copy_text;
mod failure;
#[cfg(feature = "databases")]
mod mysql;
mod narrowed;
#[cfg(feature = "databases")]
mod postgres;
mod session;
mod sqlite;
mod values;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;

use super::narrow::Narrower;
use super::sheet::Sheet;
use crate::config::DatabaseConfig;
use crate::config::database::{DatabaseKind, Wanted};
use crate::text;
use crate::text::Text;
use failure::Failure;
use session::read_by;

/// The readers of each kind.
const KINDS: &[(DatabaseKind, Reader)] = &[
    (DatabaseKind::Sqlite, read_by::<sqlite::Snapshot>),
    #[cfg(feature = "databases")]
    (DatabaseKind::Postgres, read_by::<postgres::Snapshot>),
    #[cfg(feature = "databases")]
    (DatabaseKind::MySql, read_by::<mysql::Snapshot>),
];

type Reader = fn(&Address, &[Request]) -> Result<Vec<Result<Sheet, Failure>>, Failure>;

/// Where a database is; sources with the same address share a connection.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: String,
    ca_file: Option<PathBuf>,
    folder: PathBuf,
    timezone: Tz,
}

/// What one source wants of a database.
pub struct Request<'c> {
    wanted: &'c Wanted,
    /// How long the statement may take.
    limit: Duration,
    /// What of its rows is wanted; nothing: all.
    narrower: Option<Narrower<'c>>,
}

impl Address {
    /// The address of a source, its secret revealed.
    ///
    /// # Errors
    /// Where the secret cannot be had.
    pub fn of(database: &DatabaseConfig, folder: &Path, timezone: Tz) -> Result<Self, Text> {
        let url = database.url.reveal()?;
        Ok(Self { url, ca_file: database.ca_file.clone(), folder: folder.to_owned(), timezone })
    }

    /// The file of the authority that the server's certificate must be of.
    fn authority(&self) -> Result<Option<&Path>, Failure> {
        let Some(path) = &self.ca_file else { return Ok(None) };
        let file = path.display();
        let unusable = |reason: &str| {
            Failure::Refused(text!("ca_file {file} 不可用：{reason}", "ca_file {file} is of no use: {reason}"))
        };
        let pem = std::fs::read(path).map_err(|error| unusable(&error.to_string()))?;
        match memchr::memmem::find(&pem, b"-----BEGIN CERTIFICATE-----") {
            Some(_) => Ok(Some(path)),
            None => Err(unusable("PEM?")),
        }
    }
}

impl<'c> Request<'c> {
    /// What a source wants.
    pub fn of(database: &'c DatabaseConfig, narrower: Option<Narrower<'c>>) -> Self {
        Self { wanted: &database.wanted, limit: database.timeout, narrower }
    }

    /// The table that it names; nothing for a query.
    fn table(&self) -> String {
        match self.wanted {
            Wanted::Table(parts) => parts.join("."),
            Wanted::Query(_) => String::new(),
        }
    }
}

/// Reads what is wanted of one database, in order; each failure in words for whoever looks after it.
pub fn read(address: &Address, requests: &[Request]) -> Vec<Result<Sheet, Text>> {
    let fail_all = |message: &Text| requests.iter().map(|_| Err(message.clone())).collect();
    let kind = match DatabaseKind::of(&address.url) {
        Ok(kind) => kind,
        Err(message) => return fail_all(&message),
    };
    let Some((_, read)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return fail_all(&text!("此类数据库不能读", "this kind of database cannot be read"));
    };
    let words = |failure: &Failure| failure.words(&address.url);
    match read(address, requests) {
        Ok(sheets) => sheets.into_iter().map(|sheet| sheet.map_err(|failure| words(&failure))).collect(),
        Err(failure) => fail_all(&words(&failure)),
    }
}
