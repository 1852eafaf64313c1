//! The room of readings: what workbooks gave when they were last parsed, so that one that has not changed is not parsed again.
//!
//! Apart because a reading is a copy that may be lost at any time: what is not there, not whole or of other inputs is
//! read from the source, and nobody is the worse for it. It looks into its folder and says what should be written there
//! and deleted from it; that is done, once a run is committed, by those who may write state. It knows no run.

mod form;
mod key;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::Reading;
use crate::dataset::raw::RawTable;
use form::Damage;
pub use key::{Inputs, Key};

/// The folder in state/.
pub const FOLDER: &str = "readings";
/// How the names of its files end.
const ENDING: &str = ".reading";
/// A smaller file is parsed before what was kept of it is found.
const SMALLEST: usize = 200_000;

/// The room, as far as this command may use it.
#[derive(Clone, Debug)]
pub struct Room {
    /// Nothing: it is closed.
    folder: Option<PathBuf>,
    keeps: bool,
}

/// What a file has to do with the room.
#[derive(Debug)]
pub enum Use {
    /// It was not parsed: what it gave before was there.
    Taken {
        /// The number of its reading.
        key: Key,
        /// What load notes call it.
        file: String,
    },
    /// It was parsed, and what it gave may be kept.
    Fresh(Box<Fresh>),
}

/// What a file gave, to be kept. Its cells are those that the run works with, not a copy.
#[derive(Debug)]
pub struct Fresh {
    /// The number of its reading.
    pub(super) key: Key,
    /// What load notes call it.
    pub(super) file: String,
    /// The configured sources that it feeds.
    pub(super) sources: Vec<String>,
    /// Its tables, each with which of these sources it feeds.
    pub(super) tables: Vec<(usize, RawTable)>,
}

impl Room {
    /// The room of a command that has nothing to do with it, or of a company that wants none.
    pub fn closed() -> Self {
        Self { folder: None, keeps: false }
    }

    /// A room that is looked into, and into which a run may put what it has read.
    pub fn at(folder: PathBuf, keeps: bool) -> Self {
        Self { folder: Some(folder), keeps }
    }

    /// Whether what is read may be kept.
    pub(super) fn keeps(&self) -> bool {
        self.keeps && self.folder.is_some()
    }

    /// Whether a file is worth being looked up.
    pub(super) fn is_worth(&self, bytes: &[u8]) -> bool {
        self.folder.is_some() && bytes.len() >= SMALLEST
    }

    /// What a file gave before, with which of its sources each table feeds.
    pub(super) fn look(&self, key: Key) -> Option<Vec<(usize, RawTable)>> {
        let path = self.folder.as_ref()?.join(name(key));
        let damage = match catch_unwind(AssertUnwindSafe(|| form::read(&path))) {
            Ok(Ok((head, tables))) if head.key == key.to_string() => return Some(tables),
            Ok(Ok(_)) | Err(_) => Damage::NotWhole,
            // who may not look into state/ reads the source, as everybody did before there was a room
            Ok(Err(Damage::File(error)))
                if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied) =>
            {
                return None;
            }
            Ok(Err(damage)) => damage,
        };
        tracing::warn!(
            file = %path.display(),
            error = %damage,
            "what was kept of a source file is of no use, so the file was read anew"
        );
        None
    }
}

impl Fresh {
    /// The name of its file in the room.
    pub fn name(&self) -> String {
        name(self.key)
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where the disk is full.
    pub fn write(&self, file: &mut File) -> io::Result<()> {
        form::write(self, file)
    }
}

fn name(key: Key) -> String {
    format!("{key}{ENDING}")
}

/// How many files were not parsed.
pub fn taken(reading: &Reading) -> usize {
    reading.of_room.iter().filter(|of_room| matches!(of_room, Use::Taken { .. })).count()
}

/// What is to be kept of a reading.
pub fn fresh(reading: &Reading) -> impl Iterator<Item = &Fresh> {
    reading.of_room.iter().filter_map(|of_room| match of_room {
        Use::Fresh(fresh) => Some(fresh.as_ref()),
        Use::Taken { .. } => None,
    })
}

/// The files of the room, in order; what others put there is none of them.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let own = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path());
    let mut files: Vec<PathBuf> = own.filter(|path| path.to_string_lossy().ends_with(ENDING)).collect();
    files.sort();
    files
}

/// The files of the room that are of no further use: the source file has another content now, or is gone, or is not read
/// any more. Where it cannot be reached, as on a share that is not mounted, they stay until it can.
pub fn left_over(folder: &Path, reading: &Reading) -> Vec<PathBuf> {
    let used: Vec<String> = reading
        .of_room
        .iter()
        .map(|of_room| match of_room {
            Use::Taken { key, .. } => name(*key),
            Use::Fresh(fresh) => fresh.name(),
        })
        .collect();
    let is_used = |path: &PathBuf| path.file_name().is_some_and(|name| used.iter().any(|used| name == used.as_str()));
    let mut files = files(folder);
    files.retain(|path| !is_used(path) && !form::head(path).is_ok_and(|head| waits(&head, reading)));
    files
}

/// Whether the source file of a reading could not be reached.
fn waits(head: &form::Head, reading: &Reading) -> bool {
    reading.unread.iter().any(|unread| {
        let is_its = || Path::new(&head.file).starts_with(&unread.file);
        head.sources.contains(&unread.source) && (unread.file == unread.source || is_its())
    })
}

/// All tables of a file of the room; nothing where it is not whole.
pub fn tables(path: &Path) -> Option<Vec<RawTable>> {
    let read = catch_unwind(AssertUnwindSafe(|| form::read(path))).ok()?;
    Some(read.ok()?.1.into_iter().map(|(_, table)| table).collect())
}
