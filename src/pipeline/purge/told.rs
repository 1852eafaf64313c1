//! Files of ours that tell of customers whose records were destroyed, or may: workbooks, mails, pages, what lies on the
//! share, and copies of the history.
//!
//! Apart from records and findings because such a file goes as a whole. Whether a mail still needs it is asked later.

use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;

use super::contents::{self, Tells};
use super::destroyed::Destroyed;
use super::ours::{Copy, Ours};
use super::runs::Runs;
use super::{Act, Kind, Step, aged, backup};
use crate::history::store;
use crate::outbox::{self, Filter};
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// The files to be given up.
pub async fn steps(workplace: &Workplace, ours: &Ours, destroyed: &Destroyed, runs: &Runs) -> Vec<Step> {
    let needles = contents::needles(destroyed.words().cloned());
    let mut steps = Vec::new();
    for copy in &ours.copies {
        let (Ok(bytes), Some((day, length))) = (std::fs::read(&copy.path), aged::written(&copy.path, workplace)) else {
            continue;
        };
        let told = match contents::tells(&bytes, aged::kind_of(&copy.path) == Kind::Mails, &needles) {
            Tells::Closed if !runs.may_tell_in(copy, day) => Tells::Nothing,
            told => told,
        };
        steps.extend(step(copy, told, length));
    }
    // the history as it was before its tables changed lies beside the one that is cleaned
    for copy in backups(&workplace.config.folder) {
        let Some((day, length)) = aged::written(&copy.path, workplace) else { continue };
        let told = match backup::tells(&copy.path, &needles).await {
            Tells::Closed if !runs.is_before(day) => Tells::Nothing,
            told => told,
        };
        steps.extend(step(&copy, told, length));
    }
    steps
}

fn backups(folder: &Path) -> Vec<Copy> {
    let is_backup = |path: &PathBuf| path.file_name().is_some_and(|name| store::is_backup(&name.to_string_lossy()));
    let files = contents::files_in(&store::folder(folder)).into_iter().filter(is_backup);
    let copy = |path: PathBuf| {
        let below = path.strip_prefix(folder).unwrap_or(&path).to_owned();
        Copy { shown: below.display().to_string(), path, below }
    };
    files.map(copy).collect()
}

fn step(copy: &Copy, told: Tells, bytes: u64) -> Option<Step> {
    let reason = match told {
        Tells::Nothing => return None,
        Tells::Something => text!("提到已销毁的客户", "tells of a customer whose records were destroyed"),
        Tells::Closed => text!(
            "加了密或打不开，看不到是否提到已销毁的客户；它是销毁前后写出的",
            "is encrypted or cannot be opened, and was made when such a customer was still known: whether it tells of one \
             cannot be seen"
        ),
    };
    let act = Act::File(copy.path.clone());
    Some(Step { kind: Kind::Destroyed, what: copy.shown.clone(), count: 1, bytes, reason, act })
}

/// Says which mails that may still go out tell of them: only a person gives up a mail.
///
/// # Errors
/// Where the ledger cannot be read.
pub async fn waiting(
    connection: &mut SqliteConnection,
    destroyed: &Destroyed,
    runs: &Runs,
) -> Result<Option<Text>, RunError> {
    let needles = contents::needles(destroyed.words().cloned());
    let mut ids: Vec<String> = Vec::new();
    for delivery in outbox::store::list(connection, &Filter::default()).await? {
        let message = outbox::store::message(connection, delivery.id).await?.unwrap_or_default();
        match contents::tells(&message, true, &needles) {
            Tells::Something => ids.push(delivery.id.to_string()),
            Tells::Closed if runs.may_tell(&delivery.run_id) => ids.push(delivery.id.to_string()),
            _ => {}
        }
    }
    let list = ids.join(" ");
    Ok((!ids.is_empty()).then(|| {
        text!(
            "还没有送达的邮件提到（或加了密，可能提到）已销毁的客户：{list}；不再发的用 hedui outbox drop",
            "mails that have not arrived tell of customers whose records were destroyed, or are encrypted and may: {list}; \
             give them up with hedui outbox drop"
        )
    }))
}
