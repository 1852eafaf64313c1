//! Opening the history database: made where there is none, moved forward with a backup, refused where it is a newer
//! version's, damaged or gone.
//!
//! Apart from what is asked of it, because these questions come first and decide whether anything is done at all. It knows
//! the tables by the names of their migrations only.

use std::path::{Path, PathBuf};

use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};

use super::files;
pub use super::trouble::HistoryError;

/// Below state/.
pub const DATABASE: &str = "history.db";
/// What the copies of it begin with that are made before its tables change.
const BACKUP: &str = "history-v";

static MIGRATIONS: Migrator = sqlx::migrate!("src/history/migrations");

/// The state folder of a workplace.
pub fn folder(workplace: &Path) -> PathBuf {
    workplace.join("state")
}

/// Opens the database, making it and its folder where they are not there yet.
///
/// # Errors
/// Where it cannot be made, is damaged, belongs to a newer version, or is gone.
pub async fn open(workplace: &Path) -> Result<SqliteConnection, HistoryError> {
    if let Some(witness) = gone(workplace) {
        return Err(HistoryError::Gone(witness)); // before an empty one is made in its place
    }
    let folder = folder(workplace);
    files::owners_folder(&folder)?;
    let path = folder.join(DATABASE);
    private_file(&path)?;
    let mut connection = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    move_forward(&mut connection, &folder).await?;
    // What a mail said does not stay in pages that are free again.
    sqlx::query("pragma secure_delete = on").execute(&mut connection).await?;
    Ok(connection)
}

/// Opens the database for looking only: nothing is made where there is none.
///
/// # Errors
/// Where it is damaged, belongs to a newer version, or is gone.
pub async fn look(workplace: &Path) -> Result<SqliteConnection, HistoryError> {
    if folder(workplace).join(DATABASE).is_file() {
        return open(workplace).await;
    }
    match gone(workplace) {
        Some(witness) => Err(HistoryError::Gone(witness)),
        None => in_memory().await,
    }
}

/// A database of this version that nothing is kept of.
///
/// # Errors
/// Where there is no memory for it.
pub async fn in_memory() -> Result<SqliteConnection, HistoryError> {
    let mut connection = SqliteConnectOptions::new().in_memory(true).disable_statement_logging().connect().await?;
    MIGRATIONS.run(&mut connection).await?;
    Ok(connection)
}

/// Whether the database holds together, page by page.
///
/// # Errors
/// Where it does not.
pub async fn check(connection: &mut SqliteConnection) -> Result<(), HistoryError> {
    let words: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(connection).await?;
    if words == "ok" { Ok(()) } else { Err(HistoryError::Damaged(words)) }
}

/// Whether nothing has ever been written into the database: it is not there, or has no byte.
pub fn is_blank(workplace: &Path) -> bool {
    let has_bytes = |name: &str| std::fs::metadata(folder(workplace).join(name)).is_ok_and(|data| data.len() > 0);
    // What was committed last may lie in the log beside it.
    !has_bytes(DATABASE) && !has_bytes("history.db-wal")
}

/// What an earlier run left, where the database that tells of it is not there; nothing where it is, or no run ever was.
/// A first run that was killed leaves its database behind.
pub fn gone(workplace: &Path) -> Option<PathBuf> {
    if !is_blank(workplace) {
        return None;
    }
    let folders = |path: PathBuf| std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let issued = folders(workplace.join("out"))
        .filter(|path| path.is_dir())
        .flat_map(folders)
        .map(|period| period.join("run.json"))
        .filter(|path| path.is_file());
    let bulk = ["findings", "snapshots"]
        .into_iter()
        .flat_map(|kind| folders(folder(workplace).join(kind)))
        .filter(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    issued.chain(bulk).min()
}

/// Brings the tables to this version. What was there before is kept beside, in `history-vN.db`, N being its version.
async fn move_forward(connection: &mut SqliteConnection, folder: &Path) -> Result<(), HistoryError> {
    if let Some(version) = version(connection).await?.filter(|version| *version < newest_version()) {
        back_up(connection, folder, version).await?;
    }
    Ok(MIGRATIONS.run(connection).await?)
}

/// The version of the tables that this program knows.
pub(super) fn newest_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The version of the tables; nothing where there are none.
async fn version(connection: &mut SqliteConnection) -> Result<Option<i64>, HistoryError> {
    let query = "select count(*) from sqlite_schema where name = '_sqlx_migrations'";
    let tables: i64 = sqlx::query_scalar(query).fetch_one(&mut *connection).await?;
    if tables == 0 {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(connection).await?)
}

/// Copies the database as it is; the copies of earlier versions go once this one is there.
async fn back_up(connection: &mut SqliteConnection, folder: &Path, version: i64) -> Result<(), HistoryError> {
    let name = format!("{BACKUP}{version}.db");
    let copy = files::beside(folder)?;
    let path = copy.path().to_string_lossy().into_owned();
    sqlx::query("vacuum into ?").bind(path).execute(connection).await?;
    copy.as_file().sync_all()?;
    copy.persist(folder.join(&name)).map_err(|error| error.error)?;
    files::sync_folder(folder)?;
    for entry in std::fs::read_dir(folder)?.filter_map(Result::ok) {
        let other = entry.file_name().to_string_lossy().into_owned();
        if other != name && is_backup(&other) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Whether a file of state/ is the database as it was before its tables changed; what people put there is not.
pub fn is_backup(name: &str) -> bool {
    let version = name.strip_prefix(BACKUP).and_then(|rest| rest.strip_suffix(".db"));
    version.is_some_and(|version| !version.is_empty() && version.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Makes an empty file that only its owner may read, where there is none.
fn private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::is_backup;

    #[test]
    fn only_copies_of_our_own_are_taken_for_such() {
        assert!(is_backup("history-v5.db") && is_backup("history-v12.db"));
        for other in ["history-vor-update.db", "history-v.db", "history-v5.db.old", "my-history-v5.db", "history.db"] {
            assert!(!is_backup(other), "{other}");
        }
    }
}
