//! Where the files lie that runs made for people: in out/, and on the share as far as mails left them there.
//!
//! Apart because a copy is to be found wherever it went, and because a mail that waits still needs its files. It decides
//! nothing about age or contents.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;

use super::contents;
use crate::outbox::{self, Delivery, Filter};
use crate::pipeline::request::RunError;
use crate::pipeline::size::on_share;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// A file that a run made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copy {
    /// Where it is.
    pub path: PathBuf,
    /// Where it was written first, below the workplace.
    pub below: PathBuf,
    /// What a person knows it by: below the workplace, or where it is on the share.
    pub shown: String,
}

/// All of them.
pub struct Ours {
    /// The files.
    pub copies: Vec<Copy>,
    /// What could not be looked at.
    pub remarks: Vec<Text>,
    needed: BTreeSet<PathBuf>,
}

impl Ours {
    /// Whether a mail that waits still needs a file: its copy, and what it left to be put on the share.
    pub fn is_needed(&self, path: &Path) -> bool {
        self.needed.contains(path)
    }
}

/// Finds them.
///
/// # Errors
/// Where the ledger cannot be read.
pub async fn find(connection: &mut SqliteConnection, workplace: &Workplace) -> Result<Ours, RunError> {
    let folder = &workplace.config.folder;
    let deliveries = outbox::store::list(connection, &Filter::default()).await?;
    let in_out = contents::files(&folder.join("out")).into_iter().map(|path| {
        let below = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        Copy { shown: below.display().to_string(), path, below }
    });
    let mut ours = Ours { copies: in_out.collect(), remarks: Vec::new(), needed: BTreeSet::new() };
    let share = workplace.config.mail.share_folder.as_deref();
    for delivery in deliveries.iter().filter(|delivery| !delivery.state.is_final()) {
        let left = delivery.files.0.iter().map(|file| &file.left).filter(|left| !left.is_empty());
        let on_share = left.clone().filter_map(|left| Some(share?.join(on_share(Path::new(left)))));
        let own = left.chain([&delivery.file]).filter(|file| !file.is_empty()).map(|file| folder.join(file));
        ours.needed.extend(own.chain(on_share));
    }
    let left: BTreeSet<PathBuf> = deliveries.iter().flat_map(left_on_share).collect();
    if !left.is_empty() {
        add_share(&mut ours, workplace, left);
    }
    Ok(ours)
}

/// What a mail left to be put on the share, below the workplace.
fn left_on_share(delivery: &Delivery) -> impl Iterator<Item = PathBuf> + '_ {
    let files = delivery.files.0.iter().filter(|file| !delivery.draft && !file.left.is_empty());
    files.map(|file| PathBuf::from(&file.left))
}

fn add_share(ours: &mut Ours, workplace: &Workplace, left: BTreeSet<PathBuf>) {
    let mail = &workplace.config.mail;
    let count = left.len();
    let Some(share) = &mail.share_folder else {
        if let Some(share) = &mail.share {
            ours.remarks.push(text!(
                "{share} 上由人工放过去的副本（最多 {count} 个文件）这里看不到：请自行清理",
                "copies that somebody put on {share} (up to {count} files) are out of reach: see to them yourself"
            ));
        }
        return;
    };
    let shown = share.display();
    let real = match std::fs::canonicalize(share) {
        Ok(real) => real,
        Err(error) => {
            ours.remarks.push(text!(
                "共享文件夹 {shown} 打不开（{error}）：其中的副本（最多 {count} 个文件）没有看，挂载后再运行一次",
                "the share {shown} cannot be opened ({error}): up to {count} copies on it were not looked at; mount it and \
                 run this again"
            ));
            return;
        }
    };
    // Others may write there: what a link of theirs leads to is not ours.
    let is_there = |path: &PathBuf| {
        std::fs::symlink_metadata(path).is_ok_and(|data| data.is_file())
            && std::fs::canonicalize(path).is_ok_and(|path| path.starts_with(&real))
    };
    let copies = left.into_iter().map(|below| {
        let path = share.join(on_share(&below));
        Copy { shown: path.display().to_string(), path, below }
    });
    ours.copies.extend(copies.filter(|copy| is_there(&copy.path)));
}
