//! `hedui outbox`: the delivery ledger, listed, shown, sent, retried, given up, released.
//!
//! Apart because it is what a person has in hand when a mail did not arrive. What is shown, `shown` says.

mod shown;

use std::path::Path;

use sqlx::SqliteConnection;

use super::talk::{Talk, lock_failed, say_delivery};
use crate::cli::{Options, OutboxAction, SendArguments};
use crate::clock;
use crate::config::secrets::environment;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::outbox::release::{self, Held};
use crate::outbox::{self, Delivery, DeliveryReport, Filter, State, StoreError};
use crate::pipeline::alive::{self, Beat};
use crate::pipeline::mails::{self, Which};
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, action: Option<&OutboxAction>, talk: &Talk) -> ExitCode {
    let workplace = match talk.configured(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let all = OutboxAction::List { states: Vec::new(), job: None, period: None };
    let result = super::block_on(act(&workplace, action.unwrap_or(&all), talk));
    let sends = matches!(action, Some(OutboxAction::Send(SendArguments { dry_run: false, .. })));
    if sends && !matches!(result, Ok(Ok(ExitCode::Locked))) {
        let status = if matches!(result, Ok(Ok(_))) { "done" } else { "failed" };
        alive::beat(&workplace, &Beat::of_command("outbox send", status, clock::now(workplace.config.timezone)));
    }
    match result {
        Ok(Ok(code)) => code,
        Ok(Err(RunError::Outbox(error))) if !matches!(error, StoreError::Database(_)) => {
            talk.error(&error.text(), language);
            ExitCode::Usage
        }
        Ok(Err(error)) => {
            let Text { zh, en } = error.text();
            talk.error(&text!("发件箱无法使用：{zh}", "the outbox cannot be used: {en}"), language);
            if error.is_bug() { ExitCode::Bug } else { ExitCode::Usage }
        }
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            ExitCode::Bug
        }
    }
}

async fn act(workplace: &Workplace, action: &OutboxAction, talk: &Talk) -> Result<ExitCode, RunError> {
    let folder = &workplace.config.folder;
    let looks_only = matches!(
        action,
        OutboxAction::List { .. } | OutboxAction::Show { .. } | OutboxAction::Send(SendArguments { dry_run: true, .. })
    );
    let _lock = match (!looks_only).then(|| Lock::take(&store::folder(folder))).transpose() {
        Ok(lock) => lock,
        Err(error) => return Ok(lock_failed(&error, talk, workplace.config.language)),
    };
    let mut connection = if looks_only { store::look(folder).await? } else { store::open(folder).await? };
    let mut ledger = Ledger { workplace, connection: &mut connection, talk };
    match action {
        OutboxAction::List { states, job, period } => {
            let states = states.iter().filter_map(|word| State::from_word(word)).collect();
            let filter = Filter { states, job: job.clone(), period: period.clone(), ..Filter::default() };
            ledger.list(&filter).await
        }
        OutboxAction::Show { id } => ledger.show(*id, folder).await,
        OutboxAction::Drop { ids, job, period, report, why } => {
            let which = job.as_ref().zip(period.as_ref());
            let which = which.map(|(job, period)| Held { job, period, report: report.as_deref() });
            ledger.drop(ids, which, why.as_deref()).await
        }
        OutboxAction::Release { job, period, report, by } => {
            ledger.release(Held { job, period, report: report.as_deref() }, by.as_deref()).await
        }
        OutboxAction::Send(arguments) => ledger.send(arguments).await,
        OutboxAction::Retry { ids } => ledger.retry(ids).await,
    }
}

/// The ledger in the hands of a person.
struct Ledger<'l> {
    workplace: &'l Workplace,
    connection: &'l mut SqliteConnection,
    talk: &'l Talk,
}

impl Ledger<'_> {
    fn now(&self) -> chrono::DateTime<chrono::FixedOffset> {
        clock::now(self.workplace.config.timezone)
    }

    fn say(&self, text: &Text) {
        self.talk.remark(text, self.workplace.config.language);
    }

    async fn list(&mut self, filter: &Filter) -> Result<ExitCode, RunError> {
        shown::list(&outbox::store::list(self.connection, filter).await?, self.talk);
        Ok(ExitCode::Done)
    }

    async fn show(&mut self, id: i64, folder: &Path) -> Result<ExitCode, RunError> {
        let delivery = outbox::store::show(self.connection, id).await?;
        let stored = outbox::store::message(self.connection, id).await?;
        let message = stored.or_else(|| std::fs::read(folder.join(&delivery.file)).ok());
        shown::show(&delivery, message.as_deref(), self.talk);
        Ok(ExitCode::Done)
    }

    async fn drop(&mut self, ids: &[i64], held: Option<Held<'_>>, why: Option<&str>) -> Result<ExitCode, RunError> {
        let (now, by) = (self.now(), by(None));
        let given_up = text!("由 {by} 放弃", "given up by {by}");
        let why = why.unwrap_or_else(|| given_up.get(self.workplace.config.language));
        let ids = match held {
            Some(which) => {
                let withdrawn = release::withdraw(self.connection, which, why, now).await?;
                withdrawn.into_iter().map(|mail| mail.id).collect()
            }
            None => {
                for id in ids {
                    outbox::store::drop(self.connection, *id, why, now).await?;
                }
                ids.to_vec()
            }
        };
        let count = ids.len();
        self.say(&text!("放弃 {count} 封邮件", "{count} mails given up"));
        self.touched(&ids).await?;
        Ok(ExitCode::Done)
    }

    async fn release(&mut self, which: Held<'_>, name: Option<&str>) -> Result<ExitCode, RunError> {
        let (now, by) = (self.now(), by(name));
        let released = release::release(self.connection, which, &by, now).await?;
        let (count, job, period) = (released.len(), which.job, which.period);
        if count == 0 {
            self.say(&text!("{job} {period} 没有等待批准的邮件", "no mails of {job} {period} are held for approval"));
            self.touched(&[]).await?;
            return Ok(ExitCode::Done);
        }
        self.say(&text!("{by} 批准放行 {count} 封邮件", "{by} releases {count} mails"));
        mails::write_copies(self.connection, self.workplace, &released).await?;
        let ids = released.iter().map(|mail| mail.id).collect();
        self.deliver(Which { ids, ..Which::default() }).await
    }

    async fn send(&mut self, arguments: &SendArguments) -> Result<ExitCode, RunError> {
        let SendArguments { due, only_to, dry_run } = arguments;
        let which = Which { ids: Vec::new(), only_to: only_to.as_deref(), when_due: *due };
        if *dry_run {
            let waiting = mails::waiting(self.connection, self.now(), &which).await?;
            let count = waiting.len();
            self.say(&text!("将尝试 {count} 封邮件，没有发送", "{count} mails would be tried, none was"));
            shown::list(&waiting, self.talk);
            return Ok(ExitCode::Done);
        }
        self.deliver(which).await
    }

    async fn retry(&mut self, ids: &[i64]) -> Result<ExitCode, RunError> {
        let now = self.now();
        for id in ids {
            outbox::store::retry(self.connection, *id, now).await?;
        }
        self.deliver(Which { ids: ids.to_vec(), ..Which::default() }).await
    }

    async fn deliver(&mut self, which: Which<'_>) -> Result<ExitCode, RunError> {
        let now = self.now();
        let report: DeliveryReport = mails::deliver_which(self.connection, self.workplace, now, &which).await?;
        say_delivery(&report, self.talk, self.workplace.config.language);
        let tried: Vec<i64> = report.tried.iter().map(|mail| mail.id).collect();
        self.touched(&tried).await?;
        Ok(if report.undelivered > 0 { ExitCode::NotDelivered } else { ExitCode::Done })
    }

    /// What became of deliveries, for scripts.
    async fn touched(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let mut deliveries: Vec<Delivery> = Vec::new();
        for id in ids.iter().filter(|_| self.talk.is_json()) {
            deliveries.push(outbox::store::show(self.connection, *id).await?);
        }
        shown::touched(&deliveries, self.talk);
        Ok(())
    }
}

/// Who gives the word: as he says, else who is logged in.
pub(super) fn by(name: Option<&str>) -> String {
    let login = || ["LOGNAME", "USER"].into_iter().find_map(environment).filter(|name| !name.is_empty());
    name.map(str::to_owned).or_else(login).unwrap_or_else(|| "?".to_owned())
}
