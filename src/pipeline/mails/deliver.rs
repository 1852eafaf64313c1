//! DELIVER: the mails that wait are tried, each once, by the transport that the configuration names.
//!
//! Apart because sending has nothing to do with the run that made the mails: a later command does it as well. It makes no
//! mail.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use super::waiting::{Divided, divide};
use crate::config::{self, MailTransport};
use crate::outbox::{self, Delivery, DeliveryReport, Round, Secret, SmtpSettings, Token, Transport, Tried, hosts};
use crate::pipeline::recipients::bare;
use crate::pipeline::request::RunError;
use crate::text::Text;
use crate::workplace::Workplace;

/// How long a step of a greeting may take: somebody waits for the answer.
const GREETING: Duration = Duration::from_secs(20);

/// Which of the mails that wait are meant; by default all.
#[derive(Clone, Debug, Default)]
pub struct Which<'w> {
    /// Only these; empty means any.
    pub ids: Vec<i64>,
    /// Only those to this address.
    pub only_to: Option<&'w str>,
    /// Only those whose next try is due: for whoever comes every ten minutes.
    pub when_due: bool,
}

/// Tries every mail once whose next try is due.
pub async fn deliver_in_time(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
) -> Result<DeliveryReport, RunError> {
    deliver_which(connection, workplace, now, &Which { when_due: true, ..Which::default() }).await
}

/// Tries the mails of these numbers once; of all where there is none.
pub async fn deliver_some(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
    ids: Vec<i64>,
) -> Result<DeliveryReport, RunError> {
    deliver_which(connection, workplace, now, &Which { ids, ..Which::default() }).await
}

/// The mails that a round would try, in its order, before it is asked which of them may go out.
pub async fn waiting(
    connection: &mut SqliteConnection,
    now: DateTime<FixedOffset>,
    which: &Which<'_>,
) -> Result<Vec<Delivery>, RunError> {
    let mut waiting = outbox::store::due(connection, now, !which.when_due).await?;
    let only = which.only_to.map(bare);
    waiting.retain(|delivery| {
        (which.ids.is_empty() || which.ids.contains(&delivery.id))
            && only.as_ref().is_none_or(|only| only.eq_ignore_ascii_case(&delivery.recipient))
    });
    Ok(waiting)
}

/// Tries certain mails once.
pub async fn deliver_which(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
    which: &Which<'_>,
) -> Result<DeliveryReport, RunError> {
    let config = &workplace.config;
    let language = config.language;
    let transport = match transport(workplace) {
        Ok(transport) => transport,
        Err(reason) => {
            // The mails wait; the next run, or `outbox send`, tries them once the secret is there.
            let undelivered = outbox::store::undelivered(connection, None).await?;
            tracing::error!(reason = reason.get(language), "deliver");
            return Ok(DeliveryReport { undelivered, ..DeliveryReport::default() });
        }
    };
    let waiting = waiting(connection, now, which).await?;
    let Divided { free, stopped, notices } = divide(connection, workplace, now, waiting).await?;
    let round = Round {
        ids: free.iter().map(|delivery| delivery.id).collect(),
        early: true,
        // an empty list of numbers would mean all
        limit: Some(free.len()),
        pause: pause(workplace),
        tries: Some(config.mail.pace.tries),
        language,
    };
    let mut report = outbox::deliver(connection, &transport, &config.folder, now, &round).await?;
    report.notices.extend(notices);
    report.stopped.extend(stopped.into_iter().map(|(delivery, words)| {
        let Delivery { id, report, department, recipient, state, .. } = delivery;
        Tried { id, report, department, recipient, state, words: words.get(language).to_owned() }
    }));
    Ok(report)
}

fn pause(workplace: &Workplace) -> std::time::Duration {
    let mail = &workplace.config.mail;
    let usual = match &mail.transport {
        MailTransport::File => None,
        MailTransport::Smtp(smtp) => Some(hosts::usual_pause(&smtp.host)),
    };
    mail.pace.pause.or(usual).unwrap_or_default()
}

/// Whether the mail server of a workplace lets us log in; nothing is sent.
///
/// # Errors
/// In words, what stands in the way.
pub async fn greet(workplace: &Workplace) -> Result<(), Text> {
    let transport = match transport(workplace)? {
        Transport::Smtp(settings) => {
            Transport::Smtp(SmtpSettings { timeout: settings.timeout.min(GREETING), ..settings })
        }
        file => file,
    };
    outbox::transport::greet(&transport).await
}

fn transport(workplace: &Workplace) -> Result<Transport, Text> {
    Ok(match &workplace.config.mail.transport {
        MailTransport::File => Transport::File,
        MailTransport::Smtp(smtp) => Transport::Smtp(SmtpSettings {
            host: smtp.host.clone(),
            port: smtp.port,
            security: smtp.security,
            username: smtp.username.clone(),
            password: smtp.password.as_ref().map(|password| password.reveal().map(Secret::new)).transpose()?,
            token: smtp.token.as_ref().map(token).transpose()?,
            ca_file: smtp.ca_file.clone(),
            timeout: smtp.timeout,
        }),
    })
}

fn token(token: &config::Token) -> Result<Token, Text> {
    Ok(match token {
        config::Token::Kept(secret) => Token::Kept(Secret::new(secret.reveal()?)),
        config::Token::Command(words) => Token::Command(words.clone()),
    })
}
