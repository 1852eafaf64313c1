//! The copies of mails in out/: what each file is called, and writing it.
//!
//! Apart because a copy is for people who look, and nothing that sends reads it. It knows no ledger but what it is handed.

use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;

use super::Outgoing;
use crate::outbox::{self, Delivery, Mail};
use crate::pipeline::output::write;
use crate::pipeline::request::RunError;
use crate::pipeline::stopped;
use crate::text;
use crate::text::Language;
use crate::workplace::Workplace;

/// File systems take 255 bytes of a name, and a Chinese letter is three: so many of whose mail it is, and of where it goes.
const LONGEST_NAME: usize = 48;

/// The names that the copy of a mail may have, the plainest first: the first that no other mail of the run has is taken.
pub(super) fn places(mail: &Mail, language: Language) -> impl Iterator<Item = String> {
    let whose = if mail.report == stopped::REPORT { &mail.report } else { &mail.department };
    let whose = [&mail.person, whose, &mail.report].into_iter().find(|name| !name.is_empty());
    let short = |name: &str| name.chars().take(LONGEST_NAME).collect::<String>();
    let mut name = format!("{}_{}", short(whose.map_or("", String::as_str)), short(&mail.recipient));
    if mail.is_draft {
        name.push_str(text!("_送审稿", "_draft").get(language));
    }
    if mail.part.1 > 1 {
        name.push_str(&format!("_{}-{}", mail.part.0, mail.part.1));
    }
    let of_report = format!("{}_{name}", mail.report);
    let numbered = of_report.clone();
    let numbered = (2..).map(move |number| format!("{numbered}_{number}"));
    [name, of_report].into_iter().chain(numbered).map(|name| format!("{}.eml", file_name(&name)))
}

/// A name without what a file name cannot hold.
pub fn file_name(name: &str) -> String {
    let kept = |character: char| !character.is_control() && !"/\\:*?\"<>|".contains(character);
    let name: String = name.chars().map(|character| if kept(character) { character } else { '_' }).collect();
    name.trim_start_matches('.').to_owned()
}

/// Writes the copy of a mail beside the workbooks.
pub fn write_copy(folder: &Path, outgoing: &Outgoing) -> Result<PathBuf, RunError> {
    let path = folder.join(&outgoing.file);
    write(&path, &outgoing.bytes)?;
    Ok(path)
}

/// Writes the copies of mails that were released, as they are stored.
pub async fn write_copies(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    released: &[Delivery],
) -> Result<(), RunError> {
    for delivery in released {
        if let Some(bytes) = outbox::store::message(connection, delivery.id).await? {
            write(&workplace.config.folder.join(&delivery.file), &bytes)?;
        }
    }
    Ok(())
}
