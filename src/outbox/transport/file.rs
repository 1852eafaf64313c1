//! Mails as .eml files: readable by the owner only, complete or not there.
//!
//! Apart because a file can be written twice without harm, which a mail cannot. It knows no ledger.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};

use crate::outbox::reply::Failure;
use crate::text;
use crate::text::Text;

/// Writes a mail at a path below the workplace: the words of its acceptance, or why not.
pub fn write(workplace: &Path, file: &str, message: &[u8]) -> Result<Text, Failure> {
    let path = below(workplace, file).ok_or_else(|| {
        Failure::mail(text!("路径不在工作目录之内:{file:?}", "the path leads out of the workplace: {file:?}"))
    })?;
    write_whole(&path, message)
        .map_err(|error| Failure::mail(text!("{file} 写不成:{error}", "{file} cannot be written: {error}")))?;
    Ok(text!("已写入 {file}", "written to {file}"))
}

fn below(workplace: &Path, file: &str) -> Option<PathBuf> {
    let relative = Path::new(file);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && relative.file_name().is_some()).then(|| workplace.join(relative))
}

/// Temporary file, sync, rename, sync of the folder.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let temporary = folder.join(name);
    // what a killed run left behind under this name is nobody's
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)?;
        File::open(folder)?.sync_all()
    })();
    if written.is_err() {
        // half a mail helps nobody; the first error is the one that counts
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn only_paths_below_the_workplace_are_written() {
        let workplace = Path::new("/nowhere");
        for file in ["/etc/x", "../x", "out/../../x", "", ".", "out/./.."] {
            assert_eq!(below(workplace, file), None, "{file}");
        }
        assert_eq!(below(workplace, "out/周报/a.eml"), Some(PathBuf::from("/nowhere/out/周报/a.eml")));
    }

    #[test]
    fn a_mail_is_whole_and_the_owners_alone() {
        let workplace = std::env::temp_dir().join(format!("hedui-outbox-file-{}", std::process::id()));
        let file = "out/weekly/2026-W47/mails/华东销售部.eml";
        let path = workplace.join(file);
        for bytes in [b"first".as_slice(), b"second"] {
            let words = write(&workplace, file, bytes).expect("written");
            assert_eq!(words.en, format!("written to {file}"));
            assert_eq!(fs::read(&path).expect("there"), bytes);
        }
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        let folder = path.parent().expect("a folder");
        assert_eq!(fs::metadata(folder).expect("there").permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(folder).expect("there").count(), 1);
        let failure = write(&workplace, "out/weekly/2026-W47/mails/华东销售部.eml/x.eml", b"x")
            .expect_err("a file is in the way");
        assert_eq!(failure.event, crate::outbox::state::Event::Defer);
        fs::remove_dir_all(&workplace).expect("removed");
    }
}
