//! Which of the mails that wait may go out now, and why the others may not yet: addresses that nobody has confirmed, too
//! many recipients, limits of the host, files that are not on the share.
//!
//! Apart because a wrong list of recipients is the worst accident: it is looked at once more right before anything is
//! sent, against the configuration as it is now. What may not go out stays *planned*, is said, and counts as not
//! delivered. It sends nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, TimeDelta};
use sqlx::SqliteConnection;

use crate::config::{MailConfig, MailTransport, Pace, is_inside};
use crate::outbox::{self, Delivery, Filter, State, StoreError};
use crate::pipeline::shared;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;

/// The waiting mails, divided.
#[derive(Default)]
pub(super) struct Divided {
    /// May go out.
    pub(super) free: Vec<Delivery>,
    /// May not, each for a reason of its own.
    pub(super) stopped: Vec<(Delivery, Text)>,
    /// What stops many at once, said once.
    pub(super) notices: Vec<Text>,
}

/// Divides the mails that wait. Why one is stopped is noted in the ledger too.
pub(super) async fn divide(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
    waiting: Vec<Delivery>,
) -> Result<Divided, StoreError> {
    let config = &workplace.config;
    let language = config.language;
    let mut divided = Divided { free: waiting, ..Divided::default() };
    divided.stop(connection, language, |delivery| unconfirmed(&config.mail, &delivery.recipient)).await?;
    stop_crowds(connection, &mut divided, &config.mail.pace, language).await?;
    if let MailTransport::Smtp(_) = &config.mail.transport {
        keep_to_limits(connection, &mut divided, &config.mail.pace, now, language).await?;
    }
    // last, for nothing may lie on the share whose mail does not go out
    divided.stop(connection, language, |delivery| shared::copy(config, delivery).err()).await?;
    Ok(divided)
}

impl Divided {
    /// Stops the mails that there is a reason to stop, each for its own.
    async fn stop(
        &mut self,
        connection: &mut SqliteConnection,
        language: Language,
        reason: impl Fn(&Delivery) -> Option<Text>,
    ) -> Result<(), StoreError> {
        for delivery in std::mem::take(&mut self.free) {
            let Some(words) = reason(&delivery) else {
                self.free.push(delivery);
                continue;
            };
            outbox::store::remark(connection, delivery.id, words.get(language)).await?;
            self.stopped.push((delivery, words));
        }
        Ok(())
    }
}

/// Why an address is not mailed to, as the configuration stands.
fn unconfirmed(mail: &MailConfig, address: &str) -> Option<Text> {
    if !is_inside(address, &mail.domains) {
        let list = mail.domains.join(", ");
        return Some(text!(
            "不在允许的邮箱域名之内（[mail] domains：{list}），没有发出",
            "outside of the domains that may be mailed to ([mail] domains: {list}), not sent"
        ));
    }
    let confirmed = mail.confirmed.as_ref()?;
    let is_it = |known: &String| known.eq_ignore_ascii_case(address);
    (!confirmed.iter().any(is_it)).then(|| {
        text!(
            "新地址，没有发出：核对无误后写进 [mail] confirmed，下次发送时发出；不对的请改正，并 hedui outbox drop",
            "a new address, not sent: where it is right, write it into [mail] confirmed, and it goes out with the next \
             round; where it is wrong, mend it and hedui outbox drop"
        )
    })
}

/// Stops the mails of a run that go to more people than the company mails to.
async fn stop_crowds(
    connection: &mut SqliteConnection,
    divided: &mut Divided,
    pace: &Pace,
    language: Language,
) -> Result<(), StoreError> {
    let runs: BTreeSet<String> = divided.free.iter().map(|delivery| delivery.run_id.clone()).collect();
    let mut crowds: BTreeMap<String, usize> = BTreeMap::new();
    for run_id in runs {
        let filter = Filter { run_id: Some(run_id.clone()), ..Filter::default() };
        let count = different_recipients(&outbox::store::list(connection, &filter).await?);
        if count > pace.most_recipients {
            crowds.insert(run_id, count);
        }
    }
    let most = pace.most_recipients;
    for (run_id, count) in crowds {
        let notice = text!(
            "{run_id} 的邮件要发给 {count} 个不同的地址，超过 [mail] most_recipients = {most}，一封也没有发出：请核对收件人，确实如此再调大",
            "the mails of {run_id} go to {count} different addresses, [mail] most_recipients = {most}: none of them was \
             sent. Look at the recipients; where they are right, raise it"
        );
        let free = std::mem::take(&mut divided.free);
        let (stopped, free): (Vec<_>, Vec<_>) = free.into_iter().partition(|delivery| delivery.run_id == run_id);
        for delivery in stopped {
            outbox::store::remark(connection, delivery.id, notice.get(language)).await?;
        }
        divided.free = free;
        divided.notices.push(notice);
    }
    Ok(())
}

/// How many different addresses mails go to; what was given up goes to nobody.
fn different_recipients(mails: &[Delivery]) -> usize {
    let sent = mails.iter().filter(|mail| mail.state != State::Dropped);
    sent.map(|mail| mail.recipient.to_ascii_lowercase()).collect::<BTreeSet<_>>().len()
}

/// Leaves for later what is more than the host, or the company, wants at once.
async fn keep_to_limits(
    connection: &mut SqliteConnection,
    divided: &mut Divided,
    pace: &Pace,
    now: DateTime<FixedOffset>,
    language: Language,
) -> Result<(), StoreError> {
    let mut room = pace.per_run.map(|most| (most, "per_run", most));
    for (most, key, span) in
        [(pace.per_hour, "per_hour", TimeDelta::hours(1)), (pace.per_day, "per_day", TimeDelta::days(1))]
    {
        let Some(most) = most else { continue };
        let sent = outbox::store::handed_over_since(connection, now - span).await?;
        let left = most.saturating_sub(sent);
        if room.is_none_or(|(room, ..)| left < room) {
            room = Some((left, key, most));
        }
    }
    let Some((room, key, most)) = room.filter(|(room, ..)| *room < divided.free.len()) else { return Ok(()) };
    let later = divided.free.split_off(room);
    let count = later.len();
    let words = text!("按 [mail] {key} = {most}，留待下次发送", "left for a later round by [mail] {key} = {most}");
    for delivery in &later {
        outbox::store::remark(connection, delivery.id, words.get(language)).await?;
    }
    divided.notices.push(text!(
        "{count} 封邮件按 [mail] {key} = {most} 留待下次发送",
        "{count} mails are left for a later round by [mail] {key} = {most}"
    ));
    Ok(())
}
