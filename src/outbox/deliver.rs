//! DELIVER: tries each mail that is due once, each recipient on its own, and writes down what came of it.
//!
//! Apart because the order of two commits and one transfer is what keeps mails from being lost or doubled. It knows
//! neither SMTP nor SQL.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use sqlx::SqliteConnection;
use tokio::time::{Instant, sleep};

use super::address;
use super::delivery::{Delivery, Settled};
use super::door::Door;
use super::message::sender;
use super::reply::Failure;
use super::state::{Event, Standing, State};
use super::store::{self, StoreError};
use super::transport::smtp::Session;
use super::transport::{Transport, file};
use crate::text;
use crate::text::{Language, Text};

/// Which of the waiting mails to try; by default all that are due.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// Only these; empty means any.
    pub ids: Vec<i64>,
    /// Whether to try what was deferred to a later moment, too.
    pub early: bool,
    /// At most so many.
    pub limit: Option<usize>,
    /// How long a server is left in peace between two mails.
    pub pause: Duration,
    /// After so many tries a mail is not tried again by itself; nothing: for ever.
    pub tries: Option<NonZeroU32>,
    /// The language of the words that the ledger keeps beside the server's.
    pub language: Language,
}

impl Round {
    fn takes(&self, delivery: &Delivery) -> bool {
        self.ids.is_empty() || self.ids.contains(&delivery.id)
    }
}

/// One mail of a round, or one that was kept out of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Its number in the ledger.
    pub id: i64,
    /// The report.
    pub report: String,
    /// The department.
    pub department: String,
    /// The recipient.
    pub recipient: String,
    /// The state that it is in now.
    pub state: State,
    /// The server's words, and ours.
    pub words: String,
}

/// What came of a round.
#[derive(Clone, Debug, Default)]
pub struct DeliveryReport {
    /// How many an earlier, killed process left in doubt.
    pub recovered: usize,
    /// The mails, in the order of the ledger.
    pub tried: Vec<Tried>,
    /// Mails that were not tried, each for a reason of its own.
    pub stopped: Vec<Tried>,
    /// What else there is to say of mails that wait.
    pub notices: Vec<Text>,
    /// How many of them are in which state now.
    pub counts: BTreeMap<State, usize>,
    /// How many mails of the whole ledger should have arrived and did not, as far as is known.
    pub undelivered: usize,
}

/// Why a round could not go on. What was tried until then is settled; what was on its way comes back as unknown.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The ledger.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tries each due mail once. The connection must not be within a transaction, and the caller holds the lock. Needs a
/// tokio runtime with time and network.
pub async fn deliver(
    connection: &mut SqliteConnection,
    transport: &Transport,
    workplace: &Path,
    now: DateTime<FixedOffset>,
    round: &Round,
) -> Result<DeliveryReport, DeliverError> {
    store::make_durable(connection).await?;
    let killed = text!(
        "程序在发送途中被中断,是否送达不明",
        "the program was stopped while sending: nobody knows whether it arrived"
    );
    let recovered = store::recover(connection, killed.get(round.language), now).await?;
    let mut due = store::due(connection, now, round.early).await?;
    due.retain(|delivery| round.takes(delivery));
    due.truncate(round.limit.unwrap_or(usize::MAX));

    let mut report = DeliveryReport { recovered, ..DeliveryReport::default() };
    let mut way = match transport {
        Transport::File => Way::Files(workplace),
        Transport::Smtp(settings) => Way::Server(Box::new(Session::new(settings))),
    };
    let started = Instant::now();
    let mut door = Door::default();
    for delivery in due {
        let Attempt { before, ended } = match door.closed() {
            Some(failure) => Attempt { before: delivery.standing(), ended: Err(failure) },
            None => {
                if let (Way::Server(_), true) = (&way, door.was_knocked_at) {
                    sleep(round.pause).await;
                }
                door.was_knocked_at = true;
                try_one(connection, &mut way, &delivery, since(now, started)).await?
            }
        };
        let (event, words) = door.judge(ended, before, round.tries);
        let words = words.get(round.language);
        let settled = Settled { before, event, words };
        let after = store::settle(connection, delivery.id, &settled, since(now, started)).await?;
        tracing::info!(id = delivery.id, state = after.state.as_str(), attempts = after.attempts, "deliver");
        *report.counts.entry(after.state).or_default() += 1;
        let Delivery { id, report: of, department, recipient, .. } = delivery;
        report.tried.push(Tried { id, report: of, department, recipient, state: after.state, words: words.to_owned() });
    }
    if let Way::Server(session) = way {
        session.close().await;
    }
    report.undelivered = store::undelivered(connection, None).await?;
    Ok(report)
}

/// The moment at which something happens in a round that may last: the next try is counted from there.
fn since(now: DateTime<FixedOffset>, started: Instant) -> DateTime<FixedOffset> {
    let passed = TimeDelta::from_std(started.elapsed()).unwrap_or_default();
    now.checked_add_signed(passed).unwrap_or(now)
}

enum Way<'a> {
    Files(&'a Path),
    Server(Box<Session<'a>>),
}

/// One try: where the mail stood when it was over, and how it ended.
struct Attempt {
    before: Standing,
    ended: Result<(Event, Text), Failure>,
}

/// Tries one mail. An error is the ledger's alone.
async fn try_one(
    connection: &mut SqliteConnection,
    way: &mut Way<'_>,
    delivery: &Delivery,
    now: DateTime<FixedOffset>,
) -> Result<Attempt, StoreError> {
    let before = delivery.standing();
    let message = store::message(connection, delivery.id).await?.unwrap_or_default();
    let (Some(from), Ok(to)) = (sender(&message), address::bare(&delivery.recipient)) else {
        let words = text!(
            "存下的邮件内容缺失或无法识别,请重新生成该期报告",
            "the stored mail is missing or unreadable: run its period again"
        );
        return Ok(Attempt { before, ended: Ok((Event::Refuse, words)) });
    };
    let session = match way {
        Way::Files(workplace) => {
            let written = file::write(workplace, &delivery.file, &message);
            return Ok(Attempt { before, ended: written.map(|words| (Event::Written, words)) });
        }
        Way::Server(session) => session,
    };
    if let Err(failure) = session.offer(&from, &to).await {
        return Ok(Attempt { before, ended: Err(failure) });
    }
    let sending = match store::mark_sending(connection, delivery.id, before, now).await {
        Ok(sending) => sending,
        Err(error) => {
            // without a final dot the server throws away what it was promised
            session.hang_up();
            return Err(error);
        }
    };
    let sent = session.transfer(&message).await;
    Ok(Attempt { before: sending, ended: sent.map(|words| (Event::Accept, Text::same(words))) })
}
