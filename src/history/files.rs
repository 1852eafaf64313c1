//! Files that are whole or not there: written beside their place, synced, renamed, readable by their owner only.
//!
//! Apart because state, reports and mails are all written so, and a crash at any moment must leave none of them half.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// What the names of files begin with that are not whole yet: a kill leaves them behind.
const UNFINISHED: &str = ".hedui-";

/// Writes a file whole, mode 0600, and makes its name last.
///
/// # Errors
/// Where the disk is full, or the folder is not to be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same for a file that is too large to be made in memory.
///
/// # Errors
/// Where the disk is full, the folder is not to be written, or what is to stand there cannot be made.
pub fn write_with<E: From<io::Error>>(path: &Path, write: impl FnOnce(&mut File) -> Result<(), E>) -> Result<(), E> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder(folder)?;
    let mut file = beside(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(sync_folder(folder)?)
}

/// Writes a file whole for all to read: those who watch the server run as users of their own. Its folder is not made.
///
/// # Errors
/// Where the disk is full, or the folder is not there or not to be written.
pub fn write_for_all(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = beside(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Makes the names in a folder last.
///
/// # Errors
/// Where the disk does not do so; a share that knows no such thing is no error.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// A new file in a folder, mode 0600, to be renamed once it is whole; it is deleted where it is not.
///
/// # Errors
/// Where the disk is full, or the folder is not to be written.
pub fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(UNFINISHED).suffix(".tmp").tempfile_in(folder)
}

/// Whether a file of this name is one that a killed run left unfinished.
pub fn is_unfinished(name: &str) -> bool {
    name.starts_with(UNFINISHED) && name.ends_with(".tmp")
}

/// Deletes what a killed run left unfinished in a folder and, below it, in those that are wanted. Only for whoever holds
/// the lock.
///
/// # Errors
/// Where a file cannot be deleted.
pub fn sweep(folder: &Path, is_wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if kind.is_dir() && is_wanted(&name) {
            sweep(&entry.path(), is_wanted)?;
        } else if kind.is_file() && is_unfinished(&name) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Makes a folder and those above it, mode 0700 each that is new, and makes their names last.
///
/// # Errors
/// Where it cannot be made.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        private_folder(above)?;
    }
    match make_folder(folder) {
        // somebody else was faster, a dry run beside this one
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => match folder.parent().filter(|above| !above.as_os_str().is_empty()) {
            Some(above) => sync_folder(above),
            None => Ok(()),
        },
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Makes a folder that only its owner may enter, also where it was there before with other rights.
///
/// # Errors
/// Where it cannot be made, or is not ours.
pub fn owners_folder(folder: &Path) -> io::Result<()> {
    private_folder(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let rights = fs::metadata(folder)?.permissions();
        if rights.mode() & 0o777 != 0o700 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}
