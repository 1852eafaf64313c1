//! Whether there is room for what runs write.
//!
//! Apart because a full disk is the one fault that every other part of the program meets too. It counts bytes and names
//! for files, and deletes nothing.

use std::path::{Path, PathBuf};

use super::{Patient, Remark};
use crate::config::StateConfig;
use crate::config::secrets::environment;
use crate::exit_code::ExitCode;
use crate::text;

/// Fewer names for new files than this are soon used up.
const FEWEST_FILES: u64 = 2_000;
/// File systems of a network: SQLite's locks cannot be relied on there.
const NETWORK: [(u64, &str); 4] = [(0x6969, "NFS"), (0xFF53_4D42, "CIFS"), (0xFE53_4D42, "SMB"), (0x0102_1997, "9P")];

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let least = patient.config.map_or(StateConfig::default().least_free, |config| config.state.least_free);
    let mut remarks = Vec::new();
    let mut seen: Vec<u64> = Vec::new();
    let mut free = u64::MAX;
    let temporary = environment("TMPDIR").unwrap_or_else(|| "/tmp".to_owned());
    for place in [patient.folder.join("state"), patient.folder.join("out"), PathBuf::from(temporary)] {
        let place = standing(&place);
        let shown = place.display();
        match rustix::fs::statvfs(&place) {
            Ok(room) => {
                let bytes = room.f_bavail.saturating_mul(room.f_frsize);
                free = free.min(bytes);
                if seen.contains(&room.f_fsid) {
                    continue;
                }
                seen.push(room.f_fsid);
                remarks.extend(too_little(&place, bytes, least));
                // a file system that counts no names has none to run out of
                if room.f_files > 0 && room.f_favail < FEWEST_FILES {
                    let left = room.f_favail;
                    remarks.push(Remark::ill(
                        ExitCode::Usage,
                        text!(
                            "{shown} 所在的磁盘只能再建 {left} 个文件",
                            "the disk of {shown} has room for only {left} more files"
                        ),
                        text!("清理该磁盘上的大量小文件", "clear that disk of its many small files"),
                    ));
                }
            }
            Err(error) => remarks.push(Remark::doubtful(
                text!(
                    "{shown} 所在的磁盘看不到剩余空间：{error}",
                    "how much is free on the disk of {shown} cannot be told: {error}"
                ),
                text!("看磁盘是否正常", "see whether the disk is well"),
            )),
        }
    }
    remarks.extend(network(&standing(&patient.folder.join("state"))));
    if remarks.is_empty() {
        let free = size(free);
        remarks.push(Remark::well(text!("至少有 {free} 可用", "{free} free at least")));
    }
    Some(remarks)
}

fn too_little(place: &Path, free: u64, least: u64) -> Option<Remark> {
    let (shown, left, wanted) = (place.display(), size(free), size(least));
    (free < least).then(|| {
        Remark::ill(
            ExitCode::Usage,
            text!(
                "{shown} 所在的磁盘只剩 {left}，应有 {wanted}（[state] least_free）",
                "only {left} are free on the disk of {shown}, {wanted} should be ([state] least_free)"
            ),
            text!(
                "清理磁盘；旧报告和快照可由 hedui purge 清理",
                "make room; hedui purge gives up old reports and snapshots"
            ),
        )
    })
}

fn network(state: &Path) -> Option<Remark> {
    let kind = u64::try_from(rustix::fs::statfs(state).ok()?.f_type).ok()?;
    let (_, name) = NETWORK.iter().find(|(known, _)| *known == kind)?;
    Some(Remark::doubtful(
        text!(
            "state 在网络盘上（{name}），锁和数据库可能不可靠",
            "state/ is on a network share ({name}): locks and database cannot be relied on"
        ),
        text!(
            "把工作区放到本机磁盘，数据和报告可以留在共享盘",
            "keep the workplace on a disk of this machine; data may stay on the share"
        ),
    ))
}

/// The path itself, or what there is above it.
fn standing(place: &Path) -> PathBuf {
    place.ancestors().find(|path| path.exists()).unwrap_or(place).to_owned()
}

/// Bytes for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}
