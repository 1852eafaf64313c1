//! Periods that were missed and are not made up for: told to administrator and service manager, once.
//!
//! Apart because they are no run: nothing failed, and yet somebody waits for reports that never come. It decides nothing
//! about what is given up.

use chrono::{DateTime, FixedOffset};
use sqlx::{Connection, SqliteConnection};

use super::due::GivenUp;
use super::mails::{Told, tell_caretakers};
use super::notice;
use super::request::RunError;
use crate::history::store::{self, Run};
use crate::report::Document;
use crate::text;
use crate::workplace::Workplace;

/// The name under which the ledger has these mails.
pub const REPORT: &str = "periods-given-up";

/// Queues a mail about the periods of each job that are given up, unless that has been told: they go out with the next
/// round.
///
/// # Errors
/// Where the ledger cannot be written.
pub async fn tell(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    all: &[GivenUp<'_>],
    now: DateTime<FixedOffset>,
) -> Result<(), RunError> {
    let runs = if all.is_empty() { Vec::new() } else { store::runs(connection).await? };
    for given_up in all {
        // In the name of the run after which nothing came; a job that never ran gives nothing up.
        let Some(last) = runs.iter().rfind(|run| run.job == given_up.job.name) else { continue };
        let run = Run { period: given_up.last.to_string(), revision: 0, ..last.clone() };
        let document = document(workplace, given_up);
        let instead = text!("由后来的通知代替", "replaced by what is told later");
        let mut transaction = connection.begin().await?;
        let told = Told { document: &document, date: now, only_to: None, instead };
        tell_caretakers(&mut transaction, workplace, &run, &told).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// What is told: the same as long as it is the same periods.
fn document(workplace: &Workplace, given_up: &GivenUp<'_>) -> Document {
    let GivenUp { job, count, first, last } = given_up;
    let (company, job, most) = (&workplace.config.company, &job.name, job.catch_up);
    let subject = text!(
        "【客户数据】有周期不再补发：{job} {first}—{last}",
        "[Customer data] periods that are not made up for: {job} {first} to {last}"
    );
    let lines = [
        text!(
            "{company}：核对任务 {job} 有 {count} 个错过的周期不再补发：{first}—{last}。这些周期没有报告。",
            "{company}: periods of the job {job} that were missed and are not made up for: {count}, {first} to {last}. \
             There are no reports of them."
        ),
        text!(
            "原因：任务当时没有运行（服务器停机、定时启动被停用等），而最多补发 {most} 个周期（catch_up = {most}）。",
            "Why: the job was not run then (the server was off, or nothing started it), and at most {most} periods are made \
             up for (catch_up = {most})."
        ),
        text!(
            "处理：需要哪一期，由管理员在服务器上运行 hedui run {job} --period {last}（换成那一期）；都不需要则不用处理。",
            "What to do: where one of them is wanted, the administrator runs hedui run {job} --period {last} on the server, \
             with that period; otherwise nothing."
        ),
    ];
    notice::document(REPORT, &subject, &lines, workplace.config.language)
}
