//! `hedui run JOB`: the whole sentence for one job and one period.

use super::talk::{Talk, here, lock_failed, say_delivery};
use crate::cli::{Options, RunArguments};
use crate::clock;
use crate::config::JobConfig;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::model::{Period, Status};
use crate::pipeline::attempt;
use crate::pipeline::recipients::{addresses, bare, is_for_persons};
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::run::{RunReport, run as run_job};
use crate::problem::{Problem, nearest};
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, arguments: &RunArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let now = clock::now(workplace.config.timezone);
    let as_of = options.as_of.unwrap_or_else(|| clock::day(now));
    let asked = job(&workplace, &arguments.job).and_then(|job| Ok((job, period(arguments, job, as_of)?)));
    let (job, period) = match asked {
        Ok(asked) => asked,
        Err(error) => {
            talk.error(&error, language);
            return ExitCode::Usage;
        }
    };
    if let Some(only) = &arguments.only_to
        && let Err(error) = check_address(&workplace, job, only)
    {
        talk.error(&error, language);
        return ExitCode::Usage;
    }
    // A dry run changes nothing that another run could trip over.
    let _lock = match (!arguments.dry_run).then(|| Lock::take(&store::folder(&workplace.config.folder))).transpose() {
        Ok(lock) => lock,
        Err(error) => return lock_failed(&error, talk, language),
    };
    let request = RunRequest {
        dry_run: arguments.dry_run,
        only_to: arguments.only_to.as_deref(),
        resend: arguments.resend,
        accept_rows: arguments.accept_rows,
        ..RunRequest::of(job, period, as_of, now)
    };
    let bar = talk.progress();
    let advance = |what: &str| bar.set_message(what.to_owned());
    let result = run_job(&workplace, &request, &advance);
    bar.finish_and_clear();
    match result {
        Ok(report) => {
            say(&report, talk, language);
            if talk.is_json() {
                out!("{:#}", json(&report));
            }
            exit_code(&report)
        }
        Err(error) => failed(&error, talk, language),
    }
}

/// Says why a run was not completed: what an administrator can mend is no bug.
pub(super) fn failed(error: &RunError, talk: &Talk, language: Language) -> ExitCode {
    let Text { zh, en } = error.text();
    talk.error(&text!("本次运行没有完成：{zh}", "the run was not completed: {en}"), language);
    if error.is_bug() { ExitCode::Bug } else { ExitCode::Usage }
}

/// Where a mistake in rules or templates keeps all jobs from beginning, those who look after them hear of it by mail; the
/// first of the configuration stands for all. Only for what falls due by itself: who types `run` reads it, and nothing is
/// done.
pub(super) fn tell_of_mistakes(options: &Options, problems: &[Problem]) {
    let Ok(workplace) = Workplace::of_configuration(options.config.as_deref(), &here()) else { return };
    let now = clock::now(workplace.config.timezone);
    let as_of = options.as_of.unwrap_or_else(|| clock::day(now));
    let asked = workplace.config.jobs.first().map(|job| (job, job.rhythm().period_on(as_of)));
    if let Some((job, period)) = asked
        && let Ok(_lock) = Lock::take(&store::folder(&workplace.config.folder))
    {
        attempt::not_begun(&workplace, &RunRequest::of(job, period, as_of, now), problems);
    }
}

fn job<'w>(workplace: &'w Workplace, name: &str) -> Result<&'w JobConfig, Text> {
    workplace.config.job(name).ok_or_else(|| {
        let known: Vec<&str> = workplace.config.jobs.iter().map(|job| job.name.as_str()).collect();
        let near = nearest(name, known.iter().copied());
        let near = near.map(|near| text!("，是否想写“{near}”？", ", did you mean `{near}`?")).unwrap_or_default();
        let (zh, en) = (near.zh, near.en);
        let list = known.join(", ");
        text!("没有任务“{name}”{zh}（已有：{list}）", "there is no job `{name}`{en} (there are: {list})")
    })
}

fn period(arguments: &RunArguments, job: &JobConfig, as_of: chrono::NaiveDate) -> Result<Period, Text> {
    let Some(written) = &arguments.period else { return Ok(job.rhythm().period_on(as_of)) };
    let kind = job.period.as_str();
    Period::parse(written).filter(|period| period.kind() == job.period).ok_or_else(|| {
        text!(
            "“{written}”不是此任务的周期（{kind}），如 2026-W47、2026-11、2026Q4、2026、2026-11-22",
            "`{written}` is no period of this job ({kind}): 2026-W47, 2026-11, 2026Q4, 2026 or 2026-11-22"
        )
    })
}

fn check_address(workplace: &Workplace, job: &JobConfig, only: &str) -> Result<(), Text> {
    let reports: Vec<&str> = job.reports.iter().map(|report| report.value.as_str()).collect();
    let known = addresses(workplace, &reports);
    let wanted = bare(only);
    if is_for_persons(workplace, &reports) || known.iter().any(|address| address.eq_ignore_ascii_case(&wanted)) {
        return Ok(());
    }
    let known = known.join(", ");
    Err(text!("此任务没有收件人“{only}”（有：{known}）", "`{only}` is no recipient of this job (there are: {known})"))
}

/// Says what a run did: data to stdout where that is for people, talk to stderr.
pub(super) fn say(report: &RunReport, talk: &Talk, language: Language) {
    for notice in &report.notices {
        talk.remark(notice, language);
    }
    talk.unread(&report.notes, language);
    for not_queued in &report.not_queued {
        talk.remark(not_queued, language);
    }
    for held in report.held.iter().chain(&report.stopped) {
        talk.error(held, language);
    }
    if !talk.is_json() {
        let count = |status: Status| count(report, status);
        let (new, open) = (count(Status::New) + count(Status::Reopened), count(Status::Open));
        let (resolved, unchecked) = (count(Status::Resolved), count(Status::NotChecked));
        out!(
            "{}",
            text!(
                "新增 {new}，仍未解决 {open}，已解决 {resolved}，本期未检核 {unchecked}",
                "{new} new, {open} still open, {resolved} resolved, {unchecked} not checked"
            )
            .get(language)
        );
        for file in &report.files {
            out!("{}", file.display());
        }
    }
    if let Some(delivery) = &report.delivery {
        say_delivery(delivery, talk, language);
    }
    if report.partial {
        let partial = text!(
            "部分数据源没有读到或部分规则没有检核，详见报告",
            "some sources were not read or rules not evaluated: the reports say which"
        );
        talk.error(&partial, language);
    }
}

fn count(report: &RunReport, status: Status) -> u64 {
    report.counts.iter().find(|(counted, _)| *counted == status).map_or(0, |(_, count)| *count)
}

/// What a run did, for scripts.
pub(super) fn json(report: &RunReport) -> serde_json::Value {
    let files: Vec<String> = report.files.iter().map(|file| file.display().to_string()).collect();
    let mut json = serde_json::json!({
        "folder": report.folder.display().to_string(),
        "revision": report.revision,
        "status": if report.partial { "partial" } else { "done" },
        "files": files,
    });
    for status in Status::ALL {
        json[status.as_str()] = count(report, status).into();
    }
    json
}

/// How a run ended.
pub(super) fn exit_code(report: &RunReport) -> ExitCode {
    let mut code = if report.partial { ExitCode::Partial } else { ExitCode::Done };
    if !report.held.is_empty() || report.delivery.as_ref().is_some_and(|delivery| delivery.undelivered > 0) {
        code = code.and(ExitCode::NotDelivered);
    }
    code
}
