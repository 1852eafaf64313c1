//! Files that were too large for their mail, copied to where the mail says that they lie: right before it is sent, and
//! not before it may be.
//!
//! Apart because a mail that names a place must find the file there, and a report that waits for approval must not lie
//! where everybody reads. It sends nothing.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::size::on_share;
use crate::config::Config;
use crate::outbox::{Delivery, FileNote};
use crate::text;
use crate::text::Text;

/// Copies what a mail has left to the folder of the share, where there is one; why not, if that cannot be done.
pub fn copy(config: &Config, delivery: &Delivery) -> Result<(), Text> {
    let Some(share) = config.mail.share_folder.as_deref().filter(|_| !delivery.draft) else { return Ok(()) };
    delivery.files.0.iter().filter(|file| !file.left.is_empty()).try_for_each(|file| copy_one(config, share, file))
}

fn copy_one(config: &Config, share: &Path, file: &FileNote) -> Result<(), Text> {
    let name = &file.left;
    let bytes = std::fs::read(config.folder.join(name))
        .map_err(|error| text!("读不到 {name}：{error}", "{name} cannot be read: {error}"))?;
    if FileNote::of(&file.name, &bytes, name) != *file {
        return Err(text!(
            "{name} 已不是当时生成的内容，不放到共享文件夹；请重新运行该期",
            "{name} is not what was rendered, and is not put on the share; run its period again"
        ));
    }
    let place = share.join(on_share(Path::new(name)));
    let shown = place.display();
    if std::fs::read(&place).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    // the share itself must be there: a folder made where none is mounted would swallow the file
    let written = std::fs::metadata(share)
        .and_then(|_| std::fs::create_dir_all(place.parent().unwrap_or(share)))
        .and_then(|()| whole(&place, &bytes));
    written
        .map_err(|error| text!("放不到共享文件夹 {shown}：{error}", "cannot be put on the share as {shown}: {error}"))
}

/// Beside its place, then renamed. The folder's rights decide who may read it: that is what the share is for. Others may
/// write there: the file beside has a name that nobody can lay a link under.
fn whole(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let readable = std::fs::Permissions::from_mode(0o666); // less what the umask takes away
    let folder = place.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().permissions(readable).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(place)?;
    Ok(())
}
