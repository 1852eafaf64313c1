//! `hedui due`: runs what has fallen due, each period once, and sends what waits.
//!
//! Apart from `run` because nobody says what is to be run: the jobs' schedules do, and the history says what of it has
//! been done. It goes on after a job that fails: the others are owed their reports all the same.

mod list;
mod told;

use std::time::Instant;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde_json::{Value, json};

use super::run::{exit_code, failed, json as run_json, say, tell_of_mistakes};
use super::talk::{Talk, here, lock_failed, say_delivery};
use crate::cli::Options;
use crate::clock;
use crate::config::JobConfig;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::{Lock, LockError};
use crate::model::Period;
use crate::pipeline::alive::{self, Beat};
use crate::pipeline::attempt;
use crate::pipeline::due::{Item, agenda};
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::run::run as run_job;
use crate::pipeline::{given_up, mails};
use crate::schedule::Standing;
use crate::text;
use crate::text::Text;
use crate::workplace::{Workplace, WorkplaceError};
use told::{at, tell_clock, tell_given_up};

pub use list::list;

/// When the command was given, and what it goes by.
struct Moments {
    /// The clock.
    now: DateTime<FixedOffset>,
    /// What has fallen due by then: now, or the end of the day that was given.
    by: DateTime<FixedOffset>,
    /// The as-of date of the runs.
    as_of: NaiveDate,
    /// When the clock was read: it may take hours until the last run begins.
    began: Instant,
}

impl Moments {
    fn of(options: &Options, workplace: &Workplace) -> Self {
        let timezone = workplace.config.timezone;
        let now = clock::now(timezone);
        let by = options.as_of.map_or(now, |day| clock::end_of(day, timezone));
        let as_of = options.as_of.unwrap_or_else(|| clock::day(now));
        Self { now, by, as_of, began: Instant::now() }
    }

    /// The moment that it is by now.
    fn by_now(&self) -> DateTime<FixedOffset> {
        clock::after(self.now, self.began.elapsed())
    }

    /// A run of a period that begins now.
    fn request<'r>(&self, job: &'r JobConfig, period: Period, due_on: Option<NaiveDate>) -> RunRequest<'r> {
        RunRequest { due_on, ..RunRequest::of(job, period, self.as_of, self.by_now()) }
    }
}

/// Whoever looks after it hears of it as of a run that failed; the first job stands for all.
fn tell_not_looked_up(workplace: &Workplace, moments: &Moments, error: &RunError) {
    if let Some(job) = workplace.config.jobs.first() {
        let period = job.rhythm().period_on(moments.as_of);
        attempt::not_looked_up(workplace, &moments.request(job, period, None), error);
    }
}

/// Runs what has fallen due, the oldest first, and sends what waits.
pub fn run(options: &Options, talk: &Talk) -> ExitCode {
    let loaded = Workplace::load(options.config.as_deref(), &here());
    if let Err(WorkplaceError::Problems(problems, _)) = &loaded {
        tell_of_mistakes(options, problems);
    }
    let workplace = match talk.loaded(loaded) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let moments = Moments::of(options, &workplace);
    let _lock = match Lock::take(&store::folder(&workplace.config.folder)) {
        Ok(lock) => lock,
        Err(error) => {
            if let LockError::File(fault) = &error {
                let fault = std::io::Error::new(fault.kind(), fault.to_string());
                tell_not_looked_up(
                    &workplace,
                    &moments,
                    &RunError::File(store::folder(&workplace.config.folder), fault),
                );
            }
            return lock_failed(&error, talk, language);
        }
    };
    let found = super::block_on(async {
        let mut connection = store::open(&workplace.config.folder).await?;
        let agenda = agenda(&mut connection, &workplace, moments.by, 1).await?;
        if let Err(error) = given_up::tell(&mut connection, &workplace, &agenda.given_up, moments.now).await {
            tracing::warn!(error = error.text().en, "the mail about periods that are given up could not be queued");
        }
        Ok(agenda)
    });
    let agenda = match flat(found) {
        Ok(agenda) => agenda,
        Err(error) => {
            tell_not_looked_up(&workplace, &moments, &error);
            return failed(&error, talk, language);
        }
    };
    tell_clock(&agenda, &moments, talk, language);
    tell_given_up(&agenda, talk, language);
    let mut due =
        Due { workplace: &workplace, moments, talk, code: ExitCode::Done, lines: Vec::new(), delivered: false };
    let mut failing: Vec<&str> = Vec::new();
    for item in &agenda.waiting {
        let name = item.job.name.as_str();
        // A later period would be compared with the one before the missing one.
        if !failing.contains(&name) && !due.carry_out(item) {
            failing.push(name);
        }
    }
    if agenda.waiting.is_empty()
        && let Some(next) = agenda.coming.iter().find(|item| item.entry.standing == Standing::Planned)
    {
        let (job, period, at) = (&next.job.name, next.entry.period, at(next));
        talk.remark(
            &text!(
                "没有到期的任务；下一个：{job} {period}，{at}",
                "nothing has fallen due; next is {job} {period} at {at}"
            ),
            language,
        );
    }
    if !due.delivered {
        due.send();
    }
    let status = match due.code {
        ExitCode::Usage | ExitCode::Bug => "failed",
        ExitCode::Partial => "partial",
        _ => "done",
    };
    alive::beat(&workplace, &Beat::of_command("due", status, due.moments.by_now()));
    if talk.is_json() {
        out!("{:#}", Value::from(due.lines));
    }
    due.code
}

/// The carrying out of what is due.
struct Due<'d> {
    workplace: &'d Workplace,
    moments: Moments,
    talk: &'d Talk,
    code: ExitCode,
    /// A line a run, for scripts.
    lines: Vec<Value>,
    /// Whether a run has tried the mails that wait.
    delivered: bool,
}

impl Due<'_> {
    /// Runs one period of a job; whether it was completed.
    fn carry_out(&mut self, item: &Item) -> bool {
        let (talk, language) = (self.talk, self.workplace.config.language);
        let (job, period, due_at) = (&item.job.name, item.entry.period, at(item));
        let is_late = item.entry.standing == Standing::Late;
        let late = if is_late { text!("，补发", ", late") } else { Text::default() };
        let (zh, en) = (&late.zh, &late.en);
        let heading = text!("{job} {period}（应于 {due_at}{zh}）", "{job} {period} (due {due_at}{en})");
        if !talk.is_json() {
            out!("{}", heading.get(language));
        }
        let request = self.moments.request(item.job, period, Some(item.entry.due_at.date_naive()));
        let bar = talk.progress();
        let advance = |what: &str| bar.set_message(format!("{job} {period} {what}"));
        let result = run_job(self.workplace, &request, &advance);
        bar.finish_and_clear();
        let (code, mut line_of_run) = match &result {
            Ok(report) => {
                say(report, talk, language);
                self.delivered = true;
                (exit_code(report), run_json(report))
            }
            Err(error) => (failed(error, talk, language), json!({ "status": "failed" })),
        };
        if result.is_err() {
            talk.error(
                &text!(
                    "{job} {period} 没有完成，下次 hedui due 再试；其他任务照常运行",
                    "{job} {period} was not completed and is tried again by the next hedui due; other jobs go on"
                ),
                language,
            );
        }
        line_of_run["job"] = job.as_str().into();
        line_of_run["period"] = period.to_string().into();
        line_of_run["due_at"] = item.entry.due_at.to_rfc3339().into();
        line_of_run["late"] = is_late.into();
        line_of_run["exit_code"] = code.number().into();
        self.lines.push(line_of_run);
        self.code = self.code.and(code);
        result.is_ok()
    }

    /// Sends what waits, where no run has done so.
    fn send(&mut self) {
        let (workplace, talk, now) = (self.workplace, self.talk, self.moments.by_now());
        let language = workplace.config.language;
        let sent = super::block_on(async {
            let mut connection = store::open(&workplace.config.folder).await?;
            mails::deliver_in_time(&mut connection, workplace, now).await
        });
        self.code = self.code.and(match flat(sent) {
            Ok(report) => {
                if !report.tried.is_empty() || report.undelivered > 0 {
                    say_delivery(&report, talk, language);
                }
                if report.undelivered > 0 { ExitCode::NotDelivered } else { ExitCode::Done }
            }
            Err(error) => failed(&error, talk, language),
        });
    }
}

fn flat<T>(result: std::io::Result<Result<T, RunError>>) -> Result<T, RunError> {
    result.unwrap_or_else(|error| Err(RunError::History(error.into())))
}
