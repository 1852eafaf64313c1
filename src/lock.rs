//! One run at a time in a workplace.
//!
//! Apart because two cron starts at once would mail twice. The lock is the system's: it goes with the process, however
//! that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::history::files;

/// The lock of a workplace, held as long as this lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why there is no lock.
#[derive(Debug)]
pub enum LockError {
    /// Another run holds it.
    Held,
    /// The lock file cannot be made.
    File(io::Error),
}

impl Lock {
    /// Takes the lock, without waiting.
    ///
    /// # Errors
    /// Where another run holds it, or the state folder cannot be written.
    pub fn take(state: &Path) -> Result<Self, LockError> {
        files::owners_folder(state).map_err(LockError::File)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let file = options.open(state.join("lock")).map_err(LockError::File)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held),
            Err(TryLockError::Error(error)) => Err(LockError::File(error)),
        }
    }
}
