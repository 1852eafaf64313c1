//! ENQUEUE, for those who look after it: a mail of plain sentences to administrator and service manager.
//!
//! Apart from the mails of a run because no report is in it and no reader of reports gets it: a run that failed, periods
//! that are given up. It is queued once, however often the same is told. It decides nothing about what is told.

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use super::compose::{Cover, Outgoing, content_hash, mail, note};
use super::copies;
use super::enqueue::{Queued, earlier, queue};
use crate::history::store::Run;
use crate::outbox;
use crate::pipeline::recipients::{bare, caretakers};
use crate::pipeline::request::RunError;
use crate::report::Document;
use crate::text::Text;
use crate::workplace::Workplace;

/// What they are told.
pub struct Told<'t> {
    /// The sentences; what says the same again is not queued again.
    pub document: &'t Document,
    /// When.
    pub date: DateTime<FixedOffset>,
    /// Only this one of them hears of it.
    pub only_to: Option<&'t str>,
    /// Why an earlier mail of this kind that still waits is given up.
    pub instead: Text,
}

/// Queues it in the name of a run, of which job and period are told: the numbers of the mails.
pub async fn tell_caretakers(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    run: &Run,
    told: &Told<'_>,
) -> Result<Vec<i64>, RunError> {
    let Told { document, date, only_to, instead } = told;
    let mut meant = caretakers(&workplace.config);
    if let Some(only) = only_to {
        meant.to.retain(|address| bare(address).eq_ignore_ascii_case(&bare(only)));
    }
    let hash = content_hash(document);
    let mut ids = Vec::new();
    for recipient in meant.each() {
        let cover = Cover { job: &run.job, period: &run.period, revision: run.revision, meant: &meant, date: *date };
        let first = mail(workplace, document, &cover, &recipient, (1, 1), "");
        // The same may come back after something else; without the ledger there is no number to tell the two apart.
        let number = earlier(transaction, &run.job, &first).await?.len();
        let sent = mail(workplace, document, &cover, &recipient, (1, 1), &format!("{number}/{hash}"));
        let name = copies::places(&sent, workplace.config.language).next().unwrap_or_default();
        let outgoing = Outgoing {
            file: format!("out/{}/{}/{name}", run.job, run.period),
            bytes: outbox::render(&sent)?,
            content_hash: hash.clone(),
            files: Vec::new(),
            secrecy: document.secrecy.as_str(),
            note: note(document),
            is_held: false,
            mail: sent,
        };
        if let Queued::Now(queued) = queue(transaction, workplace, run, &[&outgoing], true, instead).await? {
            ids.extend(queued);
        }
    }
    Ok(ids)
}
