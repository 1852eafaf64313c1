//! `hedui outbox`: the delivery ledger, listed, shown, sent, retried, given up, released.

use serde_json::Value;

use super::talk::{Talk, lock_failed, say_delivery};
use crate::cli::{Common, OutboxAction};
use crate::clock;
use crate::config::secrets::environment;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::outbox::release::{self, Held};
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
        OutboxAction::Drop { ids, job, period, report, why } => {
            let _lock = match Lock::take(&store::folder(folder)) {
                Ok(lock) => lock,
                Err(error) => return Ok(lock_failed(&error, talk, language)),
            };
            let now = clock::now(workplace.config.timezone);
            let by = by(None);
            let why = why.clone().unwrap_or_else(|| text!("由 {by} 放弃", "given up by {by}").get(language).to_owned());
            let count = match (job, period) {
                (Some(job), Some(period)) => {
                    let which = Held { job, period, report: report.as_deref() };
                    release::withdraw(&mut connection, which, &why, now).await?.len()
                }
                _ => {
                    for id in ids {
                        outbox::store::drop(&mut connection, *id, &why, now).await?;
                    }
                    ids.len()
                }
            };
            talk.remark(&text!("放弃 {count} 封邮件", "{count} mails given up"), language);
            Ok(ExitCode::Done)
        }
        OutboxAction::Release { job, period, report, by: name } => {
            let _lock = match Lock::take(&store::folder(folder)) {
                Ok(lock) => lock,
                Err(error) => return Ok(lock_failed(&error, talk, language)),
            };
            let now = clock::now(workplace.config.timezone);
            let by = by(name.as_deref());
            let which = Held { job, period, report: report.as_deref() };
            let released = release::release(&mut connection, which, &by, now).await?;
            let count = released.len();
            if count == 0 {
                talk.remark(
                    &text!("{job} {period} 没有等待批准的邮件", "no mails of {job} {period} are held for approval"),
                    language,
                );
                return Ok(ExitCode::Done);
            }
            talk.remark(&text!("{by} 批准放行 {count} 封邮件", "{by} releases {count} mails"), language);
            let ids: Vec<i64> = released.iter().map(|mail| mail.id).collect();
            mails::write_copies(&mut connection, workplace, &released).await?;
            let report = mails::deliver_some(&mut connection, workplace, now, ids).await?;
            say_delivery(&report, talk, language);
            Ok(if report.undelivered > 0 { ExitCode::NotDelivered } else { ExitCode::Done })
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

/// Who gives the word: as he says, else who is logged in.
pub(super) fn by(name: Option<&str>) -> String {
    let login = || ["LOGNAME", "USER"].into_iter().find_map(environment).filter(|name| !name.is_empty());
    name.map(str::to_owned).or_else(login).unwrap_or_else(|| "?".to_owned())
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
    let Some(message) = message else { return };
    let read = outbox::reading::read(message.as_bytes());
    out!("");
    for (name, value) in &read.headers {
        out!("{name}: {value}");
    }
    for file in &read.files {
        out!("[{file}]");
    }
    out!("\n{}", read.text);
}
