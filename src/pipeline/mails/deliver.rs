//! DELIVER: the mails that wait are tried, each once, by the transport that the configuration names.
//!
//! Apart because sending has nothing to do with the run that made the mails: a later command does it as well. It makes no
//! mail.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use crate::config::MailTransport;
use crate::outbox::{self, DeliveryReport, Round, Secret, SmtpSettings, State, Transport, Tried};
use crate::pipeline::request::RunError;
use crate::pipeline::shared;
use crate::text::Text;
use crate::workplace::Workplace;

/// How long each step of a conversation with a mail server may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Tries every mail that waits, of this run and of earlier ones, once.
pub async fn deliver(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
) -> Result<DeliveryReport, RunError> {
    deliver_some(connection, workplace, now, Vec::new()).await
}

/// Tries the mails of these numbers once; of all where there is none.
pub async fn deliver_some(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
    ids: Vec<i64>,
) -> Result<DeliveryReport, RunError> {
    let language = workplace.config.language;
    let transport = match transport(workplace) {
        Ok(transport) => transport,
        Err(reason) => {
            // The mails wait; the next run, or `outbox send`, tries them once the secret is there.
            let reason = reason.get(language);
            tracing::error!(reason, "deliver");
            let undelivered = outbox::store::undelivered(connection, None).await?;
            return Ok(DeliveryReport { undelivered, ..DeliveryReport::default() });
        }
    };
    let mut round = Round { ids, early: true, language, ..Round::default() };
    let mut left_behind = Vec::new();
    for delivery in outbox::store::due(connection, now, true).await? {
        if let Err(words) = shared::copy(&workplace.config, &delivery) {
            round.except.push(delivery.id);
            let (id, recipient, state) = (delivery.id, delivery.recipient, State::Planned);
            let words = words.get(language).to_owned();
            let (report, department) = (delivery.report, delivery.department);
            left_behind.push(Tried { id, report, department, recipient, state, words });
        }
    }
    let mut report = outbox::deliver(connection, &transport, &workplace.config.folder, now, &round).await?;
    report.tried.extend(left_behind);
    Ok(report)
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
            ca_file: smtp.ca_file.clone(),
            timeout: PATIENCE,
        }),
    })
}
