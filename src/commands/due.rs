//! `hedui due`: runs what has fallen due, each period once, and sends what waits.
//!
//! Apart from `run` because nobody says what is to be run: the jobs' schedules do, and the history says what of it has
//! been done. It goes on after a job that fails: the others are owed their reports all the same.

use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::run::{exit_code, failed, json as run_json, say, tell_of_mistakes};
use super::talk::{Talk, here, lock_failed, say_delivery};
use crate::cli::Common;
use crate::clock;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::pipeline::alive::{self, Beat};
use crate::pipeline::due::{Agenda, Item, agenda};
use crate::pipeline::mails;
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::run::run as run_job;
use crate::schedule::Standing;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::{Workplace, WorkplaceError};

/// So many of the next times are shown.
const TIMES: usize = 10;
/// A clock that is set by the network goes back by less.
const JITTER: TimeDelta = TimeDelta::minutes(10);

/// When the command was given, and what it goes by.
struct Moments {
    /// The clock.
    now: DateTime<FixedOffset>,
    /// What has fallen due by then: now, or the end of the day that was given.
    by: DateTime<FixedOffset>,
    /// The as-of date of the runs.
    as_of: NaiveDate,
}

impl Moments {
    fn of(common: &Common, workplace: &Workplace) -> Self {
        let timezone = workplace.config.timezone;
        let now = clock::now(timezone);
        let by = common.as_of.map_or(now, |day| clock::end_of(day, timezone));
        Self { now, by, as_of: common.as_of.unwrap_or_else(|| clock::day(now)) }
    }
}

/// Shows what waits and the next times.
pub fn list(common: &Common, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(common) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let moments = Moments::of(common, &workplace);
    let found = super::block_on(async {
        let mut connection = store::look(&workplace.config.folder).await?;
        agenda(&mut connection, &workplace, moments.by, TIMES).await
    });
    let agenda = match flat(found) {
        Ok(agenda) => agenda,
        Err(error) => return failed(&error, talk, language),
    };
    tell_clock(&agenda, &moments, talk, language);
    let items: Vec<&Item> = agenda.last.iter().chain(&agenda.waiting).chain(&agenda.coming).collect();
    if talk.is_json() {
        out!("{:#}", Value::from(items.into_iter().map(line).collect::<Vec<_>>()));
        return ExitCode::Done;
    }
    for item in items {
        let (job, period, at) = (&item.job.name, item.entry.period, at(item));
        out!("{at}  {}  {job}  {period}", word(item.entry.standing, language));
    }
    ExitCode::Done
}

/// Runs what has fallen due, the oldest first, and sends what waits.
pub fn run(common: &Common, talk: &Talk) -> ExitCode {
    let loaded = Workplace::load(common.config.as_deref(), &here());
    if let Err(WorkplaceError::Problems(problems, _)) = &loaded {
        tell_of_mistakes(common, None, problems);
    }
    let workplace = match talk.loaded(loaded) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let moments = Moments::of(common, &workplace);
    let _lock = match Lock::take(&store::folder(&workplace.config.folder)) {
        Ok(lock) => lock,
        Err(error) => return lock_failed(&error, talk, language),
    };
    let found = super::block_on(async {
        let mut connection = store::open(&workplace.config.folder).await?;
        agenda(&mut connection, &workplace, moments.by, 1).await
    });
    let agenda = match flat(found) {
        Ok(agenda) => agenda,
        Err(error) => return failed(&error, talk, language),
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
        && let Some(next) = agenda.coming.first()
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
    alive::beat(&workplace, &Beat::of_command("due", status, due.moments.now));
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
        let request = RunRequest {
            job: item.job,
            period,
            as_of: self.moments.as_of,
            due_on: Some(item.entry.due_at.date_naive()),
            now: self.moments.now,
            dry_run: false,
            only_to: None,
            resend: false,
            accept_rows: false,
        };
        let bar = talk.progress();
        let advance = |what: &str| bar.set_message(format!("{job} {period} {what}"));
        let result = catch_unwind(AssertUnwindSafe(|| run_job(self.workplace, &request, &advance)));
        bar.finish_and_clear();
        let (code, mut line_of_run) = match &result {
            Ok(Ok(report)) => {
                say(report, talk, language);
                self.delivered = true;
                (exit_code(report), run_json(report))
            }
            Ok(Err(error)) => (failed(error, talk, language), json!({ "status": "failed" })),
            Err(_) => (ExitCode::Bug, json!({ "status": "failed" })),
        };
        let is_completed = matches!(result, Ok(Ok(_)));
        if !is_completed {
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
        is_completed
    }

    /// Sends what waits, where no run has done so.
    fn send(&mut self) {
        let (workplace, talk, now) = (self.workplace, self.talk, self.moments.now);
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

/// Says that the clock is behind what it was: what was run by then stays run.
fn tell_clock(agenda: &Agenda, moments: &Moments, talk: &Talk, language: Language) {
    if let Some(latest) = agenda.latest_start.filter(|latest| *latest > moments.now + JITTER) {
        let (now, latest) = (moments.now.format("%F %H:%M"), latest.format("%F %H:%M"));
        talk.error(
            &text!(
                "现在是 {now}，而最近一次运行始于 {latest}：时钟被拨回，或当时走快了。请核对系统时间；已运行的周期不会再运行",
                "it is {now}, and the latest run began at {latest}: the clock was set back, or was ahead then. See to the \
                 system's time; no period is run again"
            ),
            language,
        );
    }
}

fn tell_given_up(agenda: &Agenda, talk: &Talk, language: Language) {
    for (job, count) in &agenda.given_up {
        let (job, most) = (&job.name, job.catch_up);
        talk.error(
            &text!(
                "{job}：更早的 {count} 个周期不补发（catch_up = {most}）；需要时请用 hedui run {job} --period 周期",
                "{job}: {count} earlier periods are not made up for (catch_up = {most}); where one is wanted: hedui run \
                 {job} --period PERIOD"
            ),
            language,
        );
    }
}

fn at(item: &Item) -> String {
    item.entry.due_at.format("%F %H:%M").to_string()
}

fn line(item: &Item) -> Value {
    json!({
        "job": item.job.name,
        "period": item.entry.period.to_string(),
        "due_at": item.entry.due_at.to_rfc3339(),
        "status": item.entry.standing.as_str(),
    })
}

/// The word of a standing for people, of even width.
fn word(standing: Standing, language: Language) -> &'static str {
    match (standing, language) {
        (Standing::Done, Language::Zh) => "已完成",
        (Standing::Late, Language::Zh) => "已逾期",
        (Standing::Due, Language::Zh) => "已到期",
        (Standing::Planned, Language::Zh) => "计划　",
        (Standing::Done, Language::En) => "done   ",
        (Standing::Late, Language::En) => "late   ",
        (Standing::Due, Language::En) => "due    ",
        (Standing::Planned, Language::En) => "planned",
    }
}
