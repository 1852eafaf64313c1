//! Why a database gave no rows, and whether another try may help.
//!
//! Apart because each kind of database says it in its own way, while whoever reads it wants to know three things: what
//! was wrong, where to look, and no password and no customer's value in it.

use std::time::Duration;

use sqlx::error::DatabaseError;

use crate::config::database::password;
use crate::text;
use crate::text::Text;

/// PostgreSQL's word for bytes that are no text.
const NOT_IN_ENCODING: &str = "22021";

/// One failure.
#[derive(Clone, Debug)]
pub enum Failure {
    /// There is no connection, or it broke; rows had come, or not.
    Broken(String, bool),
    /// The server turned us away, in its words; `true` where it may not do so a moment later.
    Closed(String, bool),
    /// Nothing came for so long.
    Silent(Duration),
    /// A statement took longer than it may.
    Late(Duration),
    /// The database's words on a statement.
    Said(String),
    /// More than fits: so many bytes.
    TooMuch(usize),
    /// A statement that is not sent.
    Refused(Text),
    /// Text that is not what the database says that it is.
    NotUtf8,
}

impl Failure {
    /// Any other error, in its words.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Failure::Said(error.to_string())
    }

    /// A failure to connect.
    pub fn connecting(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(said) => {
                let passes = passes(said.as_ref());
                Failure::Closed(words_of(said.as_ref()), passes)
            }
            sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                // a certificate that is not trusted
                Failure::Closed(error.to_string(), false)
            }
            sqlx::Error::Io(error) => Failure::Broken(error.to_string(), false),
            other => Failure::Closed(other.to_string(), false),
        }
    }

    /// A failure of a statement that may take so long, after rows or before.
    pub fn reading(error: sqlx::Error, limit: Duration, had_rows: bool) -> Self {
        match error {
            sqlx::Error::Database(said) if is_late(said.as_ref()) => Failure::Late(limit),
            sqlx::Error::Database(said) if said.code().as_deref() == Some(NOT_IN_ENCODING) => Failure::NotUtf8,
            sqlx::Error::Database(said) if passes(said.as_ref()) => Failure::Broken(words_of(said.as_ref()), had_rows),
            sqlx::Error::Database(said) => Failure::Said(words_of(said.as_ref())),
            sqlx::Error::Io(error) => Failure::Broken(error.to_string(), had_rows),
            // what comes after an answer that was not understood would not be either
            sqlx::Error::Protocol(words) => Failure::Broken(words, true),
            sqlx::Error::WorkerCrashed => Failure::Broken("worker crashed".to_owned(), true),
            other => Failure::Said(other.to_string()),
        }
    }

    /// What it is for the statements that were to follow on the same connection.
    pub fn after(&self) -> Self {
        let Text { zh, en } = self.message();
        Failure::Refused(text!(
            "同一数据库前一条语句使连接中断，未读：{zh}",
            "not read, for the statement before it on the same database ended the connection: {en}"
        ))
    }

    /// Whether another try may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Failure::Broken(..) | Failure::Closed(_, true) | Failure::Silent(_))
    }

    /// Whether the connection is of no more use.
    pub fn ends_connection(&self) -> bool {
        matches!(self, Failure::Broken(..) | Failure::Closed(..) | Failure::Silent(_) | Failure::TooMuch(_))
    }

    /// Whether rows may have come before it.
    pub fn had_rows(&self) -> bool {
        matches!(self, Failure::Broken(_, true) | Failure::Silent(_))
    }

    /// What is said of it; the password of the address is in no message, should a server repeat it.
    pub fn words(&self, url: &str) -> Text {
        let message = self.message();
        match password(url) {
            Some(password) => Text { zh: message.zh.replace(password, "***"), en: message.en.replace(password, "***") },
            None => message,
        }
    }

    fn message(&self) -> Text {
        match self {
            Failure::Broken(said, _) => text!(
                "连不上数据库，或连接中断（{said}）；请检查地址、网络，以及数据库是否在运行",
                "the database cannot be reached, or the connection broke ({said}); check the address, the network, and \
                 whether the server runs"
            ),
            Failure::Closed(said, _) => text!(
                "数据库拒绝连接（{said}）；请检查账号、密码、权限和加密设置",
                "the database turned the connection down ({said}); check account, password, permission and encryption"
            ),
            Failure::Silent(limit) => {
                let seconds = limit.as_secs();
                text!(
                    "数据库 {seconds} 秒没有应答；请检查网络，或加大 timeout",
                    "the database gave no answer for {seconds} seconds; check the network, or give it a longer timeout"
                )
            }
            Failure::Late(limit) => {
                let seconds = limit.as_secs();
                text!(
                    "语句超过 {seconds} 秒没有读完，已中止；请改进语句，或加大 timeout",
                    "the statement took longer than {seconds} seconds and was ended; make it lighter, or give it a longer timeout"
                )
            }
            Failure::Said(said) => text!("数据库读取失败：{said}", "the database cannot be read: {said}"),
            Failure::TooMuch(bytes) => {
                let gigabytes = bytes >> 30;
                text!(
                    "结果超过 {gigabytes} GB，未读；请在 query 中只选需要的列和行",
                    "the rows are more than {gigabytes} GB, so none was taken; select only the columns and rows that are needed"
                )
            }
            Failure::Refused(message) => message.clone(),
            Failure::NotUtf8 => text!(
                "数据库给出的文字不是 UTF-8（库的编码是 SQL_ASCII？）；请在 query 中转换：\
                 convert_from(convert(列::bytea, 'GB18030', 'UTF8'), 'UTF8')",
                "the database gives text that is not UTF-8 (is its encoding SQL_ASCII?); convert it in the query: \
                 convert_from(convert(column::bytea, 'GB18030', 'UTF8'), 'UTF8')"
            ),
        }
    }
}

/// The server stops, starts, or has no place left: by SQLSTATE, or by MySQL's number.
fn passes(error: &dyn DatabaseError) -> bool {
    let code = error.code().unwrap_or_default().into_owned();
    let number = mysql_number(error);
    code.starts_with("08")
        || matches!(code.as_str(), "57P01" | "57P02" | "57P03" | "53300" | "25P03")
        || matches!(number, Some(1040 | 1053 | 1077 | 1079 | 1080 | 1152..=1161 | 1203 | 1927))
}

/// The number of an error of MySQL or MariaDB; nothing of another database's.
#[cfg(feature = "databases")]
fn mysql_number(error: &dyn DatabaseError) -> Option<u16> {
    error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(|error| error.number())
}

/// Without MySQL, no error is its own.
#[cfg(not(feature = "databases"))]
fn mysql_number(_: &dyn DatabaseError) -> Option<u16> {
    None
}

/// A time limit: PostgreSQL's, MariaDB's, MySQL's, SQLite's.
fn is_late(error: &dyn DatabaseError) -> bool {
    if let Some(number) = mysql_number(error) {
        return matches!(number, 1969 | 3024);
    }
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        const INTERRUPTED: &str = "9";
        return error.code().as_deref() == Some(INTERRUPTED);
    }
    error.code().as_deref() == Some("57014")
}

/// What the database says; where it is about a value, without what it quotes.
fn words_of(error: &dyn DatabaseError) -> String {
    let code = error.code().unwrap_or_default();
    let said = error.message();
    let about_values = code.starts_with("22") || code.starts_with("P0") || code == "45000";
    let said = if about_values { unquoted(said) } else { said.to_owned() };
    if code.is_empty() { said } else { format!("{said}, {code}") }
}

/// A text without what stands between its first quote and its last: a value may hold quotes that no database escapes.
fn unquoted(said: &str) -> String {
    const QUOTES: [char; 3] = ['"', '\'', '`'];
    match (said.find(QUOTES), said.rfind(QUOTES)) {
        (Some(first), Some(last)) => {
            let (before, behind) = (said.get(..=first).unwrap_or_default(), said.get(last..).unwrap_or_default());
            // What a lone quote opens goes on to the end.
            if first == last { format!("{before}…") } else { format!("{before}…{behind}") }
        }
        _ => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_repeated() {
        assert_eq!(
            unquoted("invalid input syntax for type integer: \"张三\""),
            "invalid input syntax for type integer: \"…\""
        );
        assert_eq!(unquoted("Incorrect value: 'it' for column 'x' at row 1"), "Incorrect value: '…' at row 1");
        assert_eq!(unquoted("invalid input syntax: \"a\"b's\" there"), "invalid input syntax: \"…\" there");
        assert_eq!(unquoted("no such thing: \"张三"), "no such thing: \"…");
        assert_eq!(unquoted("division by zero"), "division by zero");
    }

    #[test]
    fn no_password_is_repeated() {
        let said = Failure::Said("bad geheim".to_owned()).words("postgres://u:geheim@h/d");
        assert!(!said.zh.contains("geheim") && !said.en.contains("geheim"));
    }
}
