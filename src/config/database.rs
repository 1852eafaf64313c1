//! The address of a database: which kind it is, what may be shown of it, and what does not belong in it.
//!
//! Apart because both the configuration and whoever connects must judge it: an address that is kept in the environment
//! is seen only once it is needed. It connects to nothing.

use std::path::PathBuf;
use std::time::Duration;

use super::{Feature, Secret};
use crate::text;
use crate::text::Text;

/// How long a statement may take where nothing else is said.
pub const USUAL_TIMEOUT: Duration = Duration::from_secs(600);

/// A database that rows come from, and how they are asked for.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// The address, or where it is kept.
    pub url: Secret,
    /// What is read.
    pub wanted: Wanted,
    /// A certificate authority of the company's own, PEM.
    pub ca_file: Option<PathBuf>,
    /// How long to wait for a statement, and at most for a connection.
    pub timeout: Duration,
}

/// What is read of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The rows of a statement that only reads.
    Query(String),
    /// All rows of a table or view, by the parts of its name.
    Table(Vec<String>),
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file.
    Sqlite,
    /// PostgreSQL, and what speaks its protocol.
    Postgres,
    /// MySQL, MariaDB, and what speaks their protocol.
    MySql,
}

/// How an address begins, and which parameters it may have after its question mark.
const SCHEMES: [(&str, DatabaseKind, &[&str]); 5] = [
    ("sqlite", DatabaseKind::Sqlite, &[]),
    ("postgres", DatabaseKind::Postgres, POSTGRES_PARAMETERS),
    ("postgresql", DatabaseKind::Postgres, POSTGRES_PARAMETERS),
    ("mysql", DatabaseKind::MySql, MYSQL_PARAMETERS),
    ("mariadb", DatabaseKind::MySql, MYSQL_PARAMETERS),
];

const POSTGRES_PARAMETERS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

const MYSQL_PARAMETERS: &[&str] =
    &["sslmode", "ssl-mode", "sslca", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key", "socket"];

impl DatabaseKind {
    /// The kind of an address.
    ///
    /// # Errors
    /// Where it begins as none does, or has a parameter that would have no effect: a misspelt `sslmode` leaves a
    /// connection in the open. The words name no part of the address but that parameter.
    pub fn of(url: &str) -> Result<Self, Text> {
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        let Some((_, kind, known)) = SCHEMES.iter().find(|(name, _, _)| *name == scheme) else {
            return Err(text!(
                "数据库地址应以 sqlite: postgres:// 或 mysql:// 开头",
                "the address of a database starts with sqlite: postgres:// or mysql://"
            ));
        };
        if let Some(message) = Feature::Databases.left_out().filter(|_| *kind != DatabaseKind::Sqlite) {
            return Err(message);
        }
        match parameters(url).find(|(name, _)| !known.contains(name)) {
            Some((name, _)) if *kind != DatabaseKind::Sqlite => {
                let list = known.join(", ");
                Err(text!(
                    "数据库地址的参数“{name}”不起作用；可用：{list}",
                    "the parameter `{name}` of the address has no effect; there are: {list}"
                ))
            }
            _ => Ok(*kind),
        }
    }
}

/// The parameters of an address after its question mark.
fn parameters(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let written = url.split_once('?').map_or("", |(_, rest)| rest);
    written
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
}

/// A parameter of an address, by any of its names.
pub fn parameter<'u>(url: &'u str, names: &[&str]) -> Option<&'u str> {
    parameters(url).find(|(name, _)| names.contains(name)).map(|(_, value)| value)
}

/// The password that stands in an address.
pub fn password(url: &str) -> Option<&str> {
    let (address, _) = url.split_once('?').unwrap_or((url, ""));
    let written = address
        .split_once("://")
        .and_then(|(_, rest)| rest.rsplit_once('@'))
        .and_then(|(account, _)| account.split_once(':'))
        .map(|(_, password)| password);
    written.or_else(|| parameter(url, &["password"])).filter(|password| !password.is_empty())
}

/// An address as it may be shown: without account, password and parameters.
pub fn shown(url: &str) -> String {
    let (address, _) = url.split_once('?').unwrap_or((url, ""));
    match address.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host)),
        None => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_place_is_shown() {
        for (url, wanted) in [
            ("postgres://u:p@ss/w:rd@db.example:5432/crm?sslmode=require", "postgres://db.example:5432/crm"),
            ("mysql://db.example/crm", "mysql://db.example/crm"),
            ("sqlite:data/crm.db", "sqlite:data/crm.db"),
            ("postgres:///crm?host=/run/postgresql&password=x", "postgres:///crm"),
        ] {
            assert_eq!(shown(url), wanted);
        }
    }

    #[test]
    fn a_password_is_found_wherever_it_stands() {
        assert_eq!(password("postgres://u:p@ss@h/d"), Some("p@ss"));
        assert_eq!(password("postgres:///d?user=u&password=x"), Some("x"));
        assert_eq!(password("postgres://u@h/d?sslmode=require"), None);
        assert_eq!(password("mysql://h:3306/d"), None);
        assert_eq!(password("sqlite:data/crm.db"), None);
    }

    #[test]
    fn a_parameter_without_effect_is_refused() {
        assert_eq!(DatabaseKind::of("mariadb://h/d?ssl-mode=VERIFY_CA").ok(), Some(DatabaseKind::MySql));
        for url in ["postgres://h/d?sslmod=require", "mysql://h/d?charset=gbk", "oracle://h/d", "crm"] {
            assert!(DatabaseKind::of(url).is_err(), "{url}");
        }
    }
}
