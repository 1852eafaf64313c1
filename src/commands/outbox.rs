//! `hedui outbox`: the delivery ledger, listed, shown, sent, retried.

use serde_json::Value;

use super::talk::{Talk, lock_failed, say_delivery};
use crate::cli::{Common, OutboxAction};
use crate::clock;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::outbox::{self, Delivery, Filter};
use crate::pipeline::mails;
use crate::pipeline::request::RunError;
use crate::text;
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(common: &Common, action: Option<&OutboxAction>, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(common) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let result = super::block_on(act(&workplace, action.unwrap_or(&OutboxAction::List), talk));
    match result {
        Ok(Ok(code)) => code,
        Ok(Err(RunError::Outbox(error))) => {
            talk.error(&error.text(), language);
            ExitCode::Usage
        }
        Ok(Err(error)) => {
            talk.error(&text!("发件箱无法使用：{error}", "the outbox cannot be used: {error}"), language);
            ExitCode::Bug
        }
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            ExitCode::Bug
        }
    }
}

async fn act(workplace: &Workplace, action: &OutboxAction, talk: &Talk) -> Result<ExitCode, RunError> {
    let folder = &workplace.config.folder;
    let language = workplace.config.language;
    let mut connection = store::open(folder).await?;
    match action {
        OutboxAction::List => {
            let all = outbox::store::list(&mut connection, &Filter::default()).await?;
            list(&all, talk);
            Ok(ExitCode::Done)
        }
        OutboxAction::Show { id } => {
            let delivery = outbox::store::show(&mut connection, *id).await?;
            let stored = outbox::store::message(&mut connection, *id).await?;
            let message = stored.or_else(|| std::fs::read(folder.join(&delivery.file)).ok());
            show(&delivery, message.as_deref(), talk);
            Ok(ExitCode::Done)
        }
        OutboxAction::Send | OutboxAction::Retry { .. } => {
            let _lock = match Lock::take(&store::folder(folder)) {
                Ok(lock) => lock,
                Err(error) => return Ok(lock_failed(&error, talk, language)),
            };
            let now = clock::now(workplace.config.timezone);
            if let OutboxAction::Retry { ids } = action {
                for id in ids {
                    outbox::store::retry(&mut connection, *id, now).await?;
                }
            }
            let report = mails::deliver(&mut connection, workplace, now).await?;
            say_delivery(&report, talk, language);
            Ok(if report.undelivered > 0 { ExitCode::NotDelivered } else { ExitCode::Done })
        }
    }
}

fn list(all: &[Delivery], talk: &Talk) {
    if talk.is_json() {
        out!("{:#}", serde_json::to_value(all).unwrap_or(Value::Null));
        return;
    }
    for delivery in all {
        out!(
            "{}  {}  {}  {}  {}  {}  {}",
            delivery.id,
            delivery.state.as_str(),
            delivery.period,
            delivery.report,
            delivery.recipient,
            delivery.attempts,
            delivery.last_reply
        );
    }
}

fn show(delivery: &Delivery, message: Option<&[u8]>, talk: &Talk) {
    let message = message.map(String::from_utf8_lossy);
    let mut json = serde_json::to_value(delivery).unwrap_or(Value::Null);
    if talk.is_json() {
        json["message"] = message.map_or(Value::Null, |message| message.into_owned().into());
        out!("{json:#}");
        return;
    }
    if let Value::Object(fields) = &json {
        for (name, value) in fields {
            out!("{name}: {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    if let Some(message) = message {
        out!("\n{message}");
    }
}
