//! A run that failed: remembered in the history, and mailed to administrator and service manager through the outbox.
//!
//! Apart because the manager otherwise learns of a dead job months later. The same failure of the same period is mailed
//! once, however often it is tried. Where the ledger itself cannot be used, the mail goes out without it, once a day.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;
use sqlx::{Connection, SqliteConnection};

use super::recipients::bare;
use super::request::{RunError, RunRequest};
use super::{mails, notice};
use crate::history::store::{self, Run};
use crate::model::Period;
use crate::outbox::{self, Decision, Identity, Key, Mail, NewDelivery};
use crate::report::Document;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// The name under which the ledger has these mails.
const REPORT: &str = "run-failed";
/// Below state/: an empty file whose time says when a mail last went out without the ledger. A full disk has room for it.
const TOLD: &str = "told";
/// So long nothing more goes out without the ledger.
const SILENCE: Duration = Duration::from_secs(20 * 3600);

/// A run that did not come to its end.
pub struct Unfinished<'u> {
    /// What was asked for.
    pub request: &'u RunRequest<'u>,
    /// Why it did not.
    pub reason: Text,
    /// failed or interrupted.
    pub status: &'static str,
    /// How long it took.
    pub seconds: f64,
}

/// Remembers and mails a failure; whether it is in the history now. Nothing here may fail in turn: what cannot be done is
/// a line of the log.
pub fn tell(workplace: &Workplace, unfinished: &Unfinished<'_>, history_is_left_alone: bool) -> bool {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return false };
    if !history_is_left_alone {
        match runtime.block_on(through_ledger(workplace, unfinished)) {
            Ok(()) => return true,
            Err(error) => tracing::warn!(error = error.text().en, "the failure is not in the history"),
        }
    }
    if let Err(error) = runtime.block_on(without_ledger(workplace, unfinished)) {
        tracing::warn!(error = error.text().en, "the failure could not be mailed");
    }
    false
}

/// The row of a run that did not come to its end; nothing where its period cannot be read.
pub fn unfinished_run(job: &str, period: &str, as_of: &str, started_at: &str, status: &str) -> Option<Run> {
    let of = Period::parse(period)?;
    NaiveDate::parse_from_str(as_of, "%Y-%m-%d").ok()?;
    Some(Run {
        run_id: format!("{job}/{period}/r0"),
        job: job.to_owned(),
        period: period.to_owned(),
        period_kind: of.kind().as_str().to_owned(),
        period_start: of.start().to_string(),
        revision: 0,
        as_of: as_of.to_owned(),
        started_at: started_at.to_owned(),
        seconds: 0.0,
        status: status.to_owned(),
        compared_with: None,
        findings_file: String::new(),
        known_file: String::new(),
        snapshot_file: String::new(),
    })
}

async fn through_ledger(workplace: &Workplace, unfinished: &Unfinished<'_>) -> Result<(), RunError> {
    let mut connection = store::open(&workplace.config.folder).await?;
    store::check(&mut connection).await?;
    let ids = remember(&mut connection, workplace, unfinished).await?;
    if let Err(error) = send(&mut connection, workplace, unfinished, ids).await {
        tracing::warn!(error = error.text().en, "the mail about the failure waits");
    }
    Ok(())
}

/// With a ledger that lives as long as this: nothing remembers these mails but the time of a file.
async fn without_ledger(workplace: &Workplace, unfinished: &Unfinished<'_>) -> Result<(), RunError> {
    let path = store::folder(&workplace.config.folder).join(TOLD);
    let now: SystemTime = unfinished.request.now.into();
    if was_told(&path, now) {
        return Ok(());
    }
    // Marked first: where nothing can be remembered, nothing goes out every ten minutes.
    mark_told(&path, now).map_err(|error| RunError::File(path, error))?;
    let mut connection = store::in_memory().await?;
    let ids = remember(&mut connection, workplace, unfinished).await?;
    send(&mut connection, workplace, unfinished, ids).await
}

/// Writes the failure and its mails, all or nothing; the numbers of the mails.
async fn remember(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    unfinished: &Unfinished<'_>,
) -> Result<Vec<i64>, RunError> {
    let request = unfinished.request;
    let period = request.period.to_string();
    let (as_of, started_at) = (request.as_of.to_string(), request.now.to_rfc3339());
    let run = unfinished_run(&request.job.name, &period, &as_of, &started_at, unfinished.status);
    let Some(run) = run.map(|run| Run { seconds: unfinished.seconds, ..run }) else { return Ok(Vec::new()) };
    let mut transaction = connection.begin().await?;
    store::insert_unfinished(&mut transaction, &run).await?;
    let ids = enqueue(&mut transaction, workplace, unfinished, &run).await?;
    transaction.commit().await?;
    Ok(ids)
}

async fn enqueue(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    unfinished: &Unfinished<'_>,
    run: &Run,
) -> Result<Vec<i64>, RunError> {
    let document = document(workplace, unfinished);
    let hash = outbox::content_hash(&document.subject, &document.text, &document.html, &[]);
    let to = recipients(workplace, unfinished.request);
    let mut ids = Vec::new();
    for recipient in to.iter().map(|address| bare(address)) {
        let key = Key {
            job: &run.job,
            report: REPORT,
            period: &run.period,
            department: "",
            person: "",
            is_draft: false,
            recipient: &recipient,
        };
        let earlier = outbox::store::earlier(transaction, &key).await?;
        let Decision::Enqueue { instead_of } = outbox::decide(&earlier, &hash, true) else { continue };
        let now = unfinished.request.now;
        for id in instead_of {
            let why = text!("由后来的失败通知代替", "replaced by what is told of a later failure");
            outbox::store::drop(transaction, id, why.get(workplace.config.language), now).await?;
        }
        // The same failure may come back after another; without the ledger there is no number to tell two failures apart.
        let variant = format!("{}/{hash}", earlier.len());
        let mail = mail(workplace, run, &document, &to, &recipient, &variant);
        let mail = Mail { date: now, ..mail };
        let name = recipient.replace(['/', '\\', ':'], "_"); // an address may hold what no file name does
        let file = format!("out/{}/{}/{REPORT}_{name}.eml", run.job, run.period);
        let bytes = outbox::render(&mail)?;
        let new = NewDelivery::of(&mail, bytes, &run.run_id, &run.job, &hash, &file);
        ids.push(outbox::store::enqueue(transaction, &new).await?);
    }
    Ok(ids)
}

async fn send(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    unfinished: &Unfinished<'_>,
    ids: Vec<i64>,
) -> Result<(), RunError> {
    if ids.is_empty() {
        return Ok(()); // told before, or nobody is there to be told
    }
    let report = mails::deliver_some(connection, workplace, unfinished.request.now, ids).await?;
    let accepted = report.counts.get(&outbox::State::Accepted).copied().unwrap_or(0);
    tracing::warn!(mails = report.tried.len(), accepted, "the failure was mailed");
    Ok(())
}

/// Who hears of it; where a run mails to one address only, nobody else does.
fn recipients(workplace: &Workplace, request: &RunRequest<'_>) -> Vec<String> {
    let people = &workplace.config.people;
    let mut all: Vec<String> = Vec::new();
    for address in people.administrator.iter().chain(&people.service) {
        let is_wanted = request.only_to.is_none_or(|only| bare(only).eq_ignore_ascii_case(&bare(address)));
        if is_wanted && !all.iter().any(|known| bare(known).eq_ignore_ascii_case(&bare(address))) {
            all.push(address.clone());
        }
    }
    all
}

fn mail(workplace: &Workplace, run: &Run, document: &Document, to: &[String], recipient: &str, variant: &str) -> Mail {
    let config = &workplace.config;
    let identity = Identity {
        company: &config.company,
        job: &run.job,
        report: REPORT,
        department: "",
        period: &run.period,
        recipient,
        revision: run.revision,
        variant,
    };
    Mail {
        message_id: outbox::message_id(&identity, &config.mail.from),
        report: REPORT.to_owned(),
        department: String::new(),
        period: run.period.clone(),
        revision: run.revision,
        person: String::new(),
        is_draft: false,
        part: (1, 1),
        recipient: recipient.to_owned(),
        to: to.to_vec(),
        cc: Vec::new(),
        from: config.mail.from.clone(),
        reply_to: config.mail.reply_to.clone(),
        subject: document.subject.clone(),
        text: document.text.clone(),
        html: document.html.clone(),
        attachments: Vec::new(),
        date: chrono::DateTime::UNIX_EPOCH.fixed_offset(),
    }
}

/// What is told. It says the same however often the run is tried: that is how the ledger knows it again.
fn document(workplace: &Workplace, unfinished: &Unfinished<'_>) -> Document {
    let Unfinished { request, reason, .. } = unfinished;
    let (company, job, period) = (&workplace.config.company, &request.job.name, request.period.to_string());
    let Text { zh, en } = reason;
    let subject =
        text!("【客户数据】任务没有完成：{job} {period}", "[Customer data] job not completed: {job} {period}");
    let lines = [
        text!(
            "{company}：核对任务 {job}（{period}）没有完成，本期报告没有发出。",
            "{company}: the job {job} ({period}) was not completed, and its reports were not sent."
        ),
        text!("原因：{zh}", "Why: {en}"),
        text!("以前各期的历史没有改动。", "The history of earlier periods is as it was."),
        text!(
            "处理：排除原因后，由管理员在服务器上运行 hedui run {job} --period {period}。",
            "What to do: once the cause is removed, the administrator runs hedui run {job} --period {period} on the server."
        ),
    ];
    notice::document(REPORT, &subject, &lines, workplace.config.language)
}

/// Whether a mail went out without the ledger not long ago; a time that lies ahead is a clock that was wrong.
fn was_told(path: &Path, now: SystemTime) -> bool {
    let told = std::fs::metadata(path).and_then(|data| data.modified());
    told.is_ok_and(|told| now.duration_since(told).is_ok_and(|since| since < SILENCE))
}

fn mark_told(path: &Path, now: SystemTime) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.set_modified(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_ledger_it_is_told_once_a_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(TOLD);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        assert!(!was_told(&path, now));
        mark_told(&path, now).expect("marked");
        assert!(was_told(&path, now) && was_told(&path, now + Duration::from_secs(600)));
        assert!(!was_told(&path, now + SILENCE));
        assert!(!was_told(&path, now - Duration::from_secs(600)), "the clock went back: better twice than never");
    }

    #[test]
    fn a_run_that_was_not_finished_is_revision_zero_of_its_period() {
        let run = unfinished_run("weekly", "2026-W47", "2026-11-22", "2026-11-22T08:00:00+08:00", "failed");
        let run = run.expect("a run");
        assert_eq!(
            (run.run_id.as_str(), run.period_start.as_str(), run.revision),
            ("weekly/2026-W47/r0", "2026-11-16", 0)
        );
        assert!(unfinished_run("weekly", "week 47", "2026-11-22", "", "failed").is_none());
    }
}
