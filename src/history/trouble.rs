//! Why the store cannot be used, in words that tell an administrator what to do.
//!
//! Apart because a full disk, a share that is gone and a damaged database are nobody's bug: they are told as what they
//! are, wherever they are met. It opens nothing.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateError;

use crate::text;
use crate::text::Text;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The database.
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    /// Its tables are not those of this version.
    #[error("{0}")]
    Migration(#[from] MigrateError),
    /// It does not hold together.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// It is not there, and what earlier runs wrote is.
    #[error("{0} is there, and the history of that run is not")]
    Gone(PathBuf),
    /// A folder or file.
    #[error("{0}")]
    File(#[from] io::Error),
    /// A bulk file.
    #[error("{0}")]
    Bulk(#[from] polars::error::PolarsError),
}

/// What SQLite's primary result codes come down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Full,
    Damaged,
    NotWritable,
    Busy,
    Disk,
    Other,
}

impl Cause {
    fn of(error: &sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()?.parse::<i32>().ok());
        // The higher bits tell the circumstances: 4874 is no room for what is shared between connections.
        match code.map(|code| if code == 4874 { 13 } else { code & 0xff }) {
            Some(13) => Cause::Full,
            Some(11 | 26) => Cause::Damaged,
            Some(3 | 8 | 14) => Cause::NotWritable,
            Some(5 | 6) => Cause::Busy,
            Some(10) => Cause::Disk,
            _ => Cause::Other,
        }
    }
}

impl HistoryError {
    /// The error for people.
    pub fn text(&self) -> Text {
        match self {
            Self::Database(error) => database(error),
            Self::Migration(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => database(error),
            Self::Migration(MigrateError::VersionMissing(version)) => text!(
                "state/history.db 是更新版本的 hedui 写的（结构版本 {version}），本版本不动它；请安装新版本",
                "state/history.db was written by a newer hedui (version {version} of its tables) and is left alone: install \
                 that version"
            ),
            Self::Migration(error) => text!(
                "state/history.db 的结构与本版本不符（{error}）；请从备份恢复整个 state 文件夹",
                "the tables of state/history.db are not those of this version ({error}): restore the whole state folder \
                 from a backup"
            ),
            Self::Damaged(words) => damaged(words),
            Self::Gone(path) => {
                let path = path.display();
                text!(
                    "以前的运行还在（{path}），历史数据库 state/history.db 却没有了：请检查 state 所在的磁盘或共享是否已挂载，或从\
                     备份恢复整个 state 文件夹；确实要从头开始，请先把 out 文件夹移走",
                    "earlier runs are there ({path}), but state/history.db is gone: see whether the disk or share of state/ \
                     is mounted, or restore the whole state folder from a backup; to begin anew, move out/ away first"
                )
            }
            Self::File(error) => file(Path::new("state"), error),
            Self::Bulk(error) if error.to_string().contains("os error 28") => {
                text!("磁盘已满，{error}；请腾出空间后重新运行", "the disk is full, {error}: make room and run again")
            }
            Self::Bulk(error) => text!(
                "state 中的一个数据文件读写不成：{error}；若文件缺失或损坏，请从备份恢复整个 state 文件夹",
                "a file in state/ cannot be read or written: {error}; if it is gone or damaged, restore the whole state \
                 folder from a backup"
            ),
        }
    }

    /// Whether only its makers can mend it.
    pub fn is_bug(&self) -> bool {
        match self {
            Self::Database(error)
            | Self::Migration(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => is_bug(error),
            _ => false,
        }
    }
}

/// Whether an error of the database is nobody's but ours.
pub fn is_bug(error: &sqlx::Error) -> bool {
    Cause::of(error) == Cause::Other
}

/// An error of the database for people.
pub fn database(error: &sqlx::Error) -> Text {
    match Cause::of(error) {
        Cause::Full => text!(
            "磁盘已满，历史数据库没有写成；请腾出空间后重新运行",
            "the disk is full and the history was not written: make room and run again"
        ),
        Cause::Damaged => damaged(&error.to_string()),
        Cause::NotWritable => text!(
            "state/history.db 打不开或不可写（{error}）；请检查磁盘是否已满或只读，以及 state 文件夹的属主和权限",
            "state/history.db cannot be opened for writing ({error}): see whether the disk is full or read-only, and whose \
             state/ is"
        ),
        Cause::Busy => text!(
            "state/history.db 被别的程序占用（{error}）；请稍后重新运行",
            "state/history.db is in use by another program ({error}): run again later"
        ),
        Cause::Disk => text!(
            "读写 state/history.db 出错（{error}）；请检查磁盘或共享",
            "state/history.db cannot be read or written ({error}): look at the disk or share"
        ),
        Cause::Other => text!("历史数据库出错：{error}", "the history database: {error}"),
    }
}

/// A file that cannot be read or written, for people.
pub fn file(path: &Path, error: &io::Error) -> Text {
    let path = path.display();
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => text!(
            "磁盘已满，{path} 没有写成；请腾出空间后重新运行",
            "the disk is full and {path} was not written: make room and run again"
        ),
        ErrorKind::PermissionDenied => text!(
            "{path} 无权读写（{error}）；请检查属主和权限：hedui 应一直以同一个普通用户运行",
            "{path} is not ours to read or write ({error}): look at owner and rights; hedui always runs as the same \
             ordinary user"
        ),
        ErrorKind::ReadOnlyFilesystem => {
            text!("{path} 所在的磁盘是只读的（{error}）", "{path} lies on a read-only disk ({error})")
        }
        _ => text!("{path} 读写不成：{error}", "{path} cannot be read or written: {error}"),
    }
}

fn damaged(words: &str) -> Text {
    text!(
        "历史数据库 state/history.db 已损坏（{words}）；没有动它。请先另存一份，再从备份恢复整个 state 文件夹",
        "state/history.db is damaged ({words}) and was left alone: put it aside, then restore the whole state folder from a \
         backup"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_administrator_can_mend_is_told_as_such() {
        let full = file(Path::new("out/x.xlsx"), &io::Error::from(ErrorKind::StorageFull));
        assert!(full.zh.contains("磁盘已满") && full.en.contains("out/x.xlsx"), "{full:?}");
        assert!(!HistoryError::Gone(PathBuf::from("out/weekly")).is_bug());
        assert!(HistoryError::Migration(MigrateError::VersionMissing(99)).text().en.contains("99"));
        assert!(HistoryError::Database(sqlx::Error::RowNotFound).is_bug());
    }
}
