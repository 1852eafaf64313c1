//! `[[job]]`: what runs when, which period it reports, and which reports it writes.
//!
//! Apart because a job is read by itself; what its schedule means is known where schedules are read.

use crate::config::{Covers, JobConfig};
use crate::model::PeriodKind;
use crate::params::Params;
use crate::schedule::{OnHoliday, Schedule};
use crate::text;

/// The period of a job that names none.
const USUAL_PERIOD: PeriodKind = PeriodKind::Week;

/// The jobs; two of one name would share their history, their files and their mails.
pub(super) fn jobs(root: &Params) -> Vec<JobConfig> {
    let mut jobs: Vec<JobConfig> = Vec::new();
    for table in root.tables("job") {
        let Some(job) = job_table(&table) else { continue };
        if jobs.iter().any(|known| known.name == job.name) {
            let name = &job.name;
            let message = text!(
                "已有名为“{name}”的任务，任务名不能重复",
                "there is a job `{name}` already; each has a name of its own"
            );
            table.problems().add(table.span_of("name"), message);
        }
        jobs.push(job);
    }
    jobs
}

/// A period is due once: that a job of every day is run once a week is not what its schedule looks like.
fn say_the_period(table: &Params, schedule: &Schedule) {
    if !schedule.names_several_days_of(USUAL_PERIOD) {
        return;
    }
    let written = schedule.written();
    let message = text!(
        "“{written}”一周里有几天到点，而没有写 period 的任务每周只运行一次",
        "`{written}` names several days of a week, but a job without `period` is run once a week"
    );
    let hint = text!(
        "每天各一期就写 period = \"day\"；确实每周一次就写 period = \"week\"",
        "write period = \"day\" where each day is a period of its own, period = \"week\" where once a week is meant"
    );
    let problems = table.problems();
    problems.push(problems.document().problem(table.span_of("schedule"), message).with_hint(hint));
}

fn job_table(table: &Params) -> Option<JobConfig> {
    let name = table.string("name");
    if let Some(name) = &name
        && (name.value.is_empty() || name.value.contains(['/', '\\', ':']) || name.value.starts_with('.'))
    {
        let word = &name.value;
        table.problems().add(
            name.span.clone(),
            text!("任务名“{word}”要作文件夹名，不能含 / \\ :", "the job name `{word}` is also a folder: no / \\ :"),
        );
    }
    let written = table.string("schedule");
    let schedule = written.and_then(|written| match Schedule::parse(&written.value) {
        Ok(schedule) => Some(schedule),
        Err(message) => {
            table.problems().add(written.span, message);
            None
        }
    });
    let period = table.optional_word("period", &PeriodKind::WORDS);
    if let (Some(schedule), false) = (&schedule, table.has("period")) {
        say_the_period(table, schedule);
    }
    let period = period.unwrap_or(USUAL_PERIOD);
    let covers = table
        .optional_word("covers", &[("current", Covers::Current), ("previous", Covers::Previous)])
        .unwrap_or(Covers::Current);
    let on_holiday = table.optional_word("on_holiday", &OnHoliday::WORDS).unwrap_or_default();
    let catch_up = table.optional_count("catch_up").map_or(4, |count| count.value);
    let reports = table.strings("reports").unwrap_or_default();
    table.finish();
    Some(JobConfig { name: name?.value, schedule: schedule?, on_holiday, period, covers, catch_up, reports })
}
