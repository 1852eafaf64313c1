//! The word of the one who approves: held mails become mails that go out, or are withdrawn, all of a period at once.
//!
//! Apart because nobody may get what the one who approves has not seen: a held mail is let go only where a draft of the
//! very same content arrived. It renders nothing and sends nothing.

use chrono::{DateTime, FixedOffset};
use sqlx::{Connection as _, SqliteConnection};

use super::delivery::{Delivery, Filter};
use super::state::State;
use super::store::{self, StoreError};

/// Whose held mails are meant.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The job.
    pub job: &'a str,
    /// The period, as written.
    pub period: &'a str,
    /// The report; nothing: all of them.
    pub report: Option<&'a str>,
}

/// The mails of a job and period that wait for approval.
pub async fn held(connection: &mut SqliteConnection, which: Held<'_>) -> Result<Vec<Delivery>, StoreError> {
    let mut mails = all(connection, which).await?;
    if mails.is_empty() {
        return Err(StoreError::NoneOf { job: which.job.to_owned(), period: which.period.to_owned() });
    }
    mails.retain(|mail| mail.state == State::Held);
    Ok(mails)
}

/// Approves them, all or none: the mails as they stood before. Nothing where all were approved before.
pub async fn release(
    connection: &mut SqliteConnection,
    which: Held<'_>,
    by: &str,
    now: DateTime<FixedOffset>,
) -> Result<Vec<Delivery>, StoreError> {
    let mut tx = connection.begin().await?;
    let waiting = held(&mut tx, which).await?;
    let drafts: Vec<Delivery> = all(&mut tx, which).await?.into_iter().filter(|mail| mail.draft).collect();
    for mail in &waiting {
        seen(mail, &drafts)?;
        store::release(&mut tx, mail.id, by, now).await?;
    }
    tx.commit().await?;
    Ok(waiting)
}

/// Withdraws them, all or none: the mails as they stood before.
pub async fn withdraw(
    connection: &mut SqliteConnection,
    which: Held<'_>,
    why: &str,
    now: DateTime<FixedOffset>,
) -> Result<Vec<Delivery>, StoreError> {
    let mut tx = connection.begin().await?;
    let waiting = held(&mut tx, which).await?;
    for mail in &waiting {
        store::drop(&mut tx, mail.id, why, now).await?;
    }
    tx.commit().await?;
    Ok(waiting)
}

async fn all(connection: &mut SqliteConnection, which: Held<'_>) -> Result<Vec<Delivery>, StoreError> {
    let filter = Filter {
        job: Some(which.job.to_owned()),
        period: Some(which.period.to_owned()),
        report: which.report.map(str::to_owned),
        ..Filter::default()
    };
    store::list(connection, &filter).await
}

/// Whether every draft of a held mail's content arrived. One that a person dropped was shown in another way.
fn seen(mail: &Delivery, drafts: &[Delivery]) -> Result<(), StoreError> {
    let same = |draft: &&Delivery| {
        (&draft.report, &draft.department, &draft.person, &draft.content_hash)
            == (&mail.report, &mail.department, &mail.person, &mail.content_hash)
    };
    let mut shown = false;
    for draft in drafts.iter().filter(same) {
        if draft.state.is_undelivered() {
            return Err(StoreError::NotSeen { id: mail.id, draft: Some((draft.id, draft.state)) });
        }
        shown = true;
    }
    if shown { Ok(()) } else { Err(StoreError::NotSeen { id: mail.id, draft: None }) }
}
