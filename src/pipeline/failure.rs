//! A run that failed: remembered in the history, and mailed to administrator and service manager through the outbox.
//!
//! Apart because the manager otherwise learns of a dead job months later. The same failure of the same period is mailed
//! once, however often it is tried. Where the ledger itself cannot be used, the mail goes out without it, once a day.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::NaiveDate;
use sqlx::{Connection, SqliteConnection};

use super::mails::{self, Told};
use super::notice;
use super::request::{RunError, RunRequest};
use crate::clock;
use crate::history::files;
use crate::history::store::{self, Run};
use crate::model::Period;
use crate::outbox;
use crate::report::Document;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// The name under which the ledger has these mails.
pub const REPORT: &str = "run-failed";
/// Below state/, or out/ where that cannot be written: an empty file whose time says when a mail last went out without the ledger. A full disk has room for it.
const TOLD: &str = "told";
/// So long nothing more goes out without the ledger.
const SILENCE: Duration = Duration::from_secs(20 * 3600);
/// So long where no server took it over: a host that asks everybody to come again later has let them in by then.
const AGAIN: Duration = Duration::from_secs(3600);

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
        only_to: String::new(),
    })
}

async fn through_ledger(workplace: &Workplace, unfinished: &Unfinished<'_>) -> Result<(), RunError> {
    let mut connection = store::open(&workplace.config.folder).await?;
    store::check(&mut connection).await?;
    let ids = remember(&mut connection, workplace, unfinished, None).await?;
    if let Err(error) = send(&mut connection, workplace, unfinished, ids).await {
        tracing::warn!(error = error.text().en, "the mail about the failure waits");
    }
    Ok(())
}

/// With a ledger that lives as long as this: nothing remembers these mails but the time of a file.
async fn without_ledger(workplace: &Workplace, unfinished: &Unfinished<'_>) -> Result<(), RunError> {
    let folder = &workplace.config.folder;
    // state/ may be the very thing that cannot be written
    let (path, beside) = (store::folder(folder).join(TOLD), folder.join("out").join(TOLD));
    let now: SystemTime = unfinished.request.now.into();
    if was_told(&path, now) || was_told(&beside, now) {
        return Ok(());
    }
    // Marked first: where nothing can be remembered, nothing goes out every ten minutes.
    let path = match mark_told(&path, now) {
        Ok(()) => path,
        Err(_) => files::private_folder(&folder.join("out"))
            .and_then(|()| mark_told(&beside, now))
            .map(|()| beside.clone())
            .map_err(|error| RunError::File(beside, error))?,
    };
    let sent = send_once(workplace, unfinished).await;
    if !matches!(sent, Ok(true)) {
        mark_untold(&path, now).map_err(|error| RunError::File(path, error))?;
    }
    sent.map(|_| ())
}

/// Queues and tries the mails in a ledger that is forgotten; whether somebody has been told.
async fn send_once(workplace: &Workplace, unfinished: &Unfinished<'_>) -> Result<bool, RunError> {
    let mut connection = store::in_memory().await?;
    let ids = remember(&mut connection, workplace, unfinished, Some(Left::NobodyKnows)).await?;
    send(&mut connection, workplace, unfinished, ids).await
}

/// Writes the failure and its mails, all or nothing; the numbers of the mails. What the run has left is looked up where it
/// is not known.
async fn remember(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    unfinished: &Unfinished<'_>,
    known: Option<Left>,
) -> Result<Vec<i64>, RunError> {
    let request = unfinished.request;
    let period = request.period.to_string();
    let (as_of, started_at) = (request.as_of.to_string(), request.now.to_rfc3339());
    let run = unfinished_run(&request.job.name, &period, &as_of, &started_at, unfinished.status);
    let Some(run) = run.map(|run| Run { seconds: unfinished.seconds, ..run }) else { return Ok(Vec::new()) };
    let mut transaction = connection.begin().await?;
    let what = match known {
        Some(known) => known,
        None => left(&mut transaction, &run, request.period).await?,
    };
    store::insert_unfinished(&mut transaction, &run).await?;
    let ids = enqueue(&mut transaction, workplace, unfinished, &run, what).await?;
    transaction.commit().await?;
    Ok(ids)
}

/// Queues the mails about a failure in the transaction that remembers it.
async fn enqueue(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    unfinished: &Unfinished<'_>,
    run: &Run,
    what: Left,
) -> Result<Vec<i64>, RunError> {
    let told = Told {
        document: &document(workplace, unfinished, what),
        date: unfinished.request.now,
        only_to: unfinished.request.only_to,
        instead: text!("由后来的失败通知代替", "replaced by what is told of a later failure"),
    };
    mails::tell_caretakers(transaction, workplace, run, &told).await
}

/// What a run that failed has left, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Nothing: the history is as it was.
    Nothing,
    /// The history cannot be used, and nobody knows what is in it.
    NobodyKnows,
    /// All: it was committed with its mails, and broke off afterwards.
    All,
}

/// Whether the run itself is in the history, committed before it broke off.
async fn left(connection: &mut SqliteConnection, run: &Run, period: Period) -> Result<Left, RunError> {
    let committed = store::run_of(connection, &run.job, period).await?;
    let is_it = committed.is_some_and(|committed| committed.started_at == run.started_at);
    Ok(if is_it { Left::All } else { Left::Nothing })
}

/// Tries the mails; whether one was accepted, or there is none to be sent.
async fn send(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    unfinished: &Unfinished<'_>,
    ids: Vec<i64>,
) -> Result<bool, RunError> {
    if ids.is_empty() {
        return Ok(true); // told before, or nobody is there to be told
    }
    let passed = Duration::try_from_secs_f64(unfinished.seconds).unwrap_or_default();
    let moment = clock::after(unfinished.request.now, passed);
    let report = mails::deliver_some(connection, workplace, moment, ids).await?;
    let accepted = report.counts.get(&outbox::State::Accepted).copied().unwrap_or(0);
    if accepted > 0 {
        tracing::warn!(mails = report.tried.len(), accepted, "the failure was mailed");
    } else {
        tracing::warn!(mails = report.tried.len(), "the mail about the failure was not sent: it is tried again");
    }
    Ok(accepted > 0)
}

/// What is told. It says the same however often the run is tried: that is how the ledger knows it again.
fn document(workplace: &Workplace, unfinished: &Unfinished<'_>, left: Left) -> Document {
    let Unfinished { request, reason, .. } = unfinished;
    let (company, job, period) = (&workplace.config.company, &request.job.name, request.period.to_string());
    let subject =
        text!("【客户数据】任务没有完成：{job} {period}", "[Customer data] job not completed: {job} {period}");
    let lines = lines(company, job, &period, reason, left);
    notice::document(REPORT, &subject, &lines, workplace.config.language)
}

/// The paragraphs, of which none may say more than is known.
fn lines(company: &str, job: &str, period: &str, Text { zh, en }: &Text, left: Left) -> Vec<Text> {
    let sent = match left {
        Left::All => text!(
            "{company}：核对任务 {job}（{period}）的报告已生成，邮件已进入发件箱，但程序随后中断。",
            "{company}: the reports of the job {job} ({period}) were made and their mails queued, then it broke off."
        ),
        Left::Nothing | Left::NobodyKnows => text!(
            "{company}：核对任务 {job}（{period}）没有完成，本期报告没有发出。",
            "{company}: the job {job} ({period}) was not completed, and its reports were not sent."
        ),
    };
    let mut lines = vec![sent, text!("原因：{zh}", "Why: {en}")];
    if left == Left::Nothing {
        lines.push(text!("以前各期的历史没有改动。", "The history of earlier periods is as it was."));
    }
    lines.push(match left {
        Left::All => text!(
            "处理：在服务器上用 hedui outbox list 查看哪些邮件已发出；还在等待的，由下一次 hedui due 或 hedui outbox send 发出。",
            "What to do: hedui outbox list on the server tells what went out; what waits goes out with the next hedui due or \
             hedui outbox send."
        ),
        Left::Nothing | Left::NobodyKnows => text!(
            "处理：排除原因后，由管理员在服务器上运行 hedui run {job} --period {period}。",
            "What to do: once the cause is removed, the administrator runs hedui run {job} --period {period} on the server."
        ),
    });
    lines
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

/// Nobody heard of it: it is told again once it is time.
fn mark_untold(path: &Path, now: SystemTime) -> std::io::Result<()> {
    mark_told(path, now.checked_sub(SILENCE.saturating_sub(AGAIN)).unwrap_or(SystemTime::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

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
    fn what_nobody_took_over_is_told_again_in_an_hour() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(TOLD);
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        mark_told(&path, now).expect("marked");
        mark_untold(&path, now).expect("marked");
        assert!(was_told(&path, now) && was_told(&path, now + AGAIN - Duration::from_secs(1)));
        assert!(!was_told(&path, now + AGAIN));
    }

    #[test]
    fn nothing_is_said_that_is_not_known() {
        let said = |left| {
            let lines = lines("华联", "weekly", "2026-W47", &text!("停电", "no power"), left);
            let of = |language| lines.iter().map(|line| line.get(language)).collect::<Vec<_>>().join("\n");
            (of(Language::Zh), of(Language::En))
        };
        let (zh, en) = said(Left::Nothing);
        assert!(zh.contains("没有发出") && zh.contains("历史没有改动") && en.contains("is as it was"));
        let (zh, en) = said(Left::NobodyKnows);
        assert!(zh.contains("没有发出") && !zh.contains("没有改动") && !en.contains("as it was"));
        assert!(en.contains("hedui run weekly --period 2026-W47"));
        // committed, and then it broke off: its mails are in the ledger, and a second run would be a corrected issue
        let (zh, en) = said(Left::All);
        assert!(!zh.contains("没有发出") && !en.contains("not sent") && !en.contains("hedui run"));
        assert!(zh.contains("hedui outbox list") && en.contains("hedui outbox list"));
    }

    #[test]
    fn a_run_that_was_committed_before_it_broke_off_left_all() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut connection = store::in_memory().await.expect("a history");
            let period = Period::parse("2026-W47").expect("a period");
            let mut run = unfinished_run("weekly", "2026-W47", "2026-11-22", "2026-11-22T08:00:00+08:00", "failed")
                .expect("a run");
            assert_eq!(left(&mut connection, &run, period).await.expect("known"), Left::Nothing);
            let (run_id, status) = ("weekly/2026-W47/r1".to_owned(), "done".to_owned());
            let committed = Run { run_id, status, revision: 1, ..run.clone() };
            let (scores, nothing) = (crate::model::Scores::default(), []);
            store::insert(&mut connection, &committed, &[], &[], &[], &scores, &nothing).await.expect("committed");
            assert_eq!(left(&mut connection, &run, period).await.expect("known"), Left::All);
            // an earlier run of the period is not this one
            run.started_at = "2026-11-22T09:00:00+08:00".to_owned();
            assert_eq!(left(&mut connection, &run, period).await.expect("known"), Left::Nothing);
        });
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
