//! What reports show beside the findings: labels, titles, notices, rows by department.
//!
//! Apart from the run because none of it decides anything; it only says what is known.

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use super::request::{RunError, RunRequest};
use super::{Checked, guard};
use crate::engine::listing::ListSource;
use crate::engine::{self, Context};
use crate::history::store::Run;
use crate::model::Finding;
use crate::outbox::register::Entry;
use crate::outbox::{self, State};
use crate::report::input::{Addressee, DeliveryLine, Labels, Listings, RuleFacts};
use crate::rule::message::Filling;
use crate::rule::{List, Route};
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::Workplace;

/// What the reader must know before the figures.
pub fn notices(workplace: &Workplace, request: &RunRequest, checked: &Checked, in_doubt: usize) -> Vec<Text> {
    let mut notices = checked.notices.clone();
    notices.extend(workplace.waivers.notices(request.as_of));
    if in_doubt > 0 {
        notices.push(text!(
            "有 {in_doubt} 封以前的邮件发送结果未知，请管理员用 hedui outbox list 查看并决定",
            "{in_doubt} earlier mails may or may not have arrived: the administrator decides (hedui outbox list)"
        ));
    }
    notices
}

/// (department, rows of the customers table), in order.
pub fn rows_by_department(workplace: &Workplace, checked: &Checked) -> Vec<(String, u64)> {
    guard::rows_by_department(&checked.datasets, &workplace.pack.dictionary.customers).into_iter().collect()
}

/// Titles and advice of the rules, each once.
pub fn rule_facts(workplace: &Workplace, language: Language) -> Vec<RuleFacts> {
    let mut facts: Vec<RuleFacts> = Vec::new();
    for rule in &workplace.pack.rules {
        if !facts.iter().any(|fact| fact.id == rule.id) {
            facts.push(RuleFacts {
                id: rule.id.clone(),
                kind: rule.kind,
                addressee: match &rule.route {
                    Route::Record | Route::Customer => Addressee::Owner,
                    Route::Manager => Addressee::Manager,
                    Route::Service | Route::Department(_) => Addressee::Department,
                },
                title: rule.title.get(language).to_owned(),
                advice: rule.advice.fill(language, &Filling::default()),
            });
        }
    }
    facts
}

/// The lists that the job's reports ask for.
pub fn listings(
    workplace: &Workplace,
    request: &RunRequest,
    checked: &Checked,
    context: &Context,
    findings: &[Finding],
) -> Listings {
    let wanted = |list: &&List| request.job.reports.iter().any(|report| report.value == list.report);
    let lists: Vec<&List> = workplace.lists.iter().filter(wanted).collect();
    let source = ListSource {
        datasets: &checked.datasets,
        context,
        reading: &checked.reading,
        evaluation: &checked.evaluation,
        findings,
    };
    Listings { lists: engine::listing::list(&lists, &source) }
}

/// The mails that arrived since the run compared with, in the order of their arrival. Those of the period that is run
/// are not among them: a second run of it would differ from the first by nothing but them.
pub async fn deliveries(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    request: &RunRequest<'_>,
    before: Option<&Run>,
) -> Result<Vec<DeliveryLine>, RunError> {
    let Some(before) = before else { return Ok(Vec::new()) };
    let Ok(since) = DateTime::parse_from_rfc3339(&before.started_at) else { return Ok(Vec::new()) };
    // The ledger tells seconds, a run the moment within one that it began at: an earlier run may have ended in the same.
    let is_since = |moment: &DateTime<FixedOffset>, mail: &Entry| match moment.timestamp() - since.timestamp() {
        0 => mail.job != before.job || mail.period == before.period,
        later => later > 0,
    };
    let period = request.period.to_string();
    let mut sent: Vec<(DateTime<FixedOffset>, Entry)> = outbox::register::read(connection)
        .await?
        .into_iter()
        .filter(|mail| mail.state == State::Accepted.as_str())
        .filter(|mail| !(mail.job == request.job.name && mail.period == period))
        .filter_map(|mail| Some((DateTime::parse_from_rfc3339(&mail.sent_at).ok()?, mail)))
        .filter(|(moment, mail)| is_since(moment, mail))
        .collect();
    sent.sort_by_key(|(moment, mail)| (*moment, mail.delivery));
    let zone = workplace.config.timezone;
    Ok(sent
        .into_iter()
        .map(|(moment, mail)| DeliveryLine {
            day: moment.with_timezone(&zone).date_naive(),
            report: mail.report,
            period: mail.period,
            department: mail.department,
            person: mail.person,
            recipient: mail.recipient,
            secrecy: mail.secrecy,
            clearance: mail.clearance,
            rows: mail.rows.and_then(|rows| u64::try_from(rows).ok()),
            purpose: mail.purpose,
            files: mail.files.0.into_iter().map(|file| file.name).collect(),
            content_hash: mail.content_hash,
            message_id: mail.message_id,
            released_by: mail.released_by,
            is_draft: mail.draft,
        })
        .collect())
}

/// The labels of tables and fields.
pub fn labels(workplace: &Workplace, language: Language) -> Labels {
    let tables = &workplace.pack.dictionary.tables;
    Labels {
        tables: tables.iter().map(|table| (table.name.clone(), table.label(language).to_owned())).collect(),
        fields: tables
            .iter()
            .flat_map(|table| {
                table
                    .fields
                    .iter()
                    .map(|field| (table.name.clone(), field.name.clone(), field.label(language).to_owned()))
            })
            .collect(),
    }
}
