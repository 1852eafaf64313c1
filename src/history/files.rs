//! Files that are whole or not there: written beside their place, synced, renamed, readable by their owner only.
//!
//! Apart because state, reports and mails are all written so, and a crash at any moment must leave none of them half.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

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
    let mut file = NamedTempFile::new_in(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(File::open(folder)?.sync_all()?)
}

/// Makes a folder and those above it, mode 0700 each that is new.
///
/// # Errors
/// Where it cannot be made.
pub fn private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
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
