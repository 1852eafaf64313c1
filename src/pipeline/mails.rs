//! ENQUEUE and DELIVER of a run: documents become one mail a recipient, queued with the run and tried once each.
//!
//! Apart because here, and only here, it is decided who gets what.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use super::output::write;
use super::request::{RunError, RunRequest};
use crate::config::{Config, MailTransport};
use crate::history::store::Run;
use crate::outbox::{
    self, Decision, DeliveryReport, Identity, Key, Mail, NewDelivery, Round, Secret, SmtpSettings, Transport,
};
use crate::report::{Audience, Document};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// How long each step of a conversation with a mail server may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A mail that is ready, and where its copy lies.
pub struct Outgoing {
    mail: Mail,
    content_hash: String,
    file: String,
    bytes: Vec<u8>,
}

/// Who gets the documents of an audience: header addresses To and Cc.
fn recipients<'c>(config: &'c Config, audience: Audience, department: Option<&str>) -> (&'c [String], &'c [String]) {
    let people = &config.people;
    match audience {
        Audience::Departments => department
            .and_then(|name| config.department(name))
            .map_or((&[], &[]), |department| (&department.to, &department.cc)),
        Audience::Service => (&people.service, &[]),
        Audience::Leader => (&people.leader, &[]),
        Audience::Management => (&people.management, &[]),
        Audience::Administrator => (&people.administrator, &[]),
    }
}

/// All addresses that a job may mail to.
pub fn addresses(workplace: &Workplace, reports: &[&str]) -> Vec<String> {
    let config = &workplace.config;
    let mut all = Vec::new();
    for audience in reports.iter().filter_map(|report| workplace.templates.audience(report)) {
        if matches!(audience, Audience::Departments) {
            all.extend(config.departments.iter().flat_map(|department| department.to.iter().chain(&department.cc)));
        } else {
            all.extend(recipients(config, audience, None).0);
        }
    }
    all.into_iter().map(|address| bare(address)).collect()
}

/// The address of `Name <a@b>`.
pub fn bare(written: &str) -> String {
    outbox::address::mailbox(written).map_or_else(|_| written.to_owned(), |mailbox| mailbox.email.to_string())
}

/// One mail a recipient. `unmarked` are the documents without the mark of a corrected issue: what counts as content.
pub fn compose(
    workplace: &Workplace,
    request: &RunRequest,
    revision: u32,
    documents: &[Document],
    unmarked: Option<&[Document]>,
    out: &Path,
) -> Result<Vec<Outgoing>, RunError> {
    let config = &workplace.config;
    let period = request.period.to_string();
    let mut outgoing = Vec::new();
    for (position, document) in documents.iter().enumerate() {
        // What cannot be encrypted is not sent.
        if document.held_because.is_some() {
            continue;
        }
        let Some(audience) = workplace.templates.audience(&document.report) else { continue };
        let (to, cc) = recipients(config, audience, document.department.as_deref());
        let content = unmarked.and_then(|unmarked| unmarked.get(position)).unwrap_or(document);
        let content_hash = outbox::content_hash(&content.subject, &content.text, &content.html, &contents(content));
        let department = document.department.clone().unwrap_or_default();
        let mut seen: Vec<String> = Vec::new();
        for address in to.iter().chain(cc) {
            let recipient = bare(address);
            let wanted = request.only_to.is_none_or(|only| bare(only).eq_ignore_ascii_case(&recipient));
            if !wanted || seen.contains(&recipient.to_ascii_lowercase()) {
                continue;
            }
            seen.push(recipient.to_ascii_lowercase());
            let identity = Identity {
                company: &config.company,
                job: &request.job.name,
                report: &document.report,
                department: &department,
                period: &period,
                recipient: &recipient,
                revision,
            };
            let mail = Mail {
                report: document.report.clone(),
                department: department.clone(),
                period: period.clone(),
                revision,
                to: to.to_vec(),
                cc: cc.to_vec(),
                from: config.mail.from.clone(),
                subject: document.subject.clone(),
                text: document.text.clone(),
                html: document.html.clone(),
                attachments: attachments(document),
                message_id: outbox::message_id(&identity, &config.mail.from),
                date: request.now,
                recipient: recipient.clone(),
            };
            let who = if department.is_empty() { &document.report } else { &department };
            let path = out.join(format!("{}.eml", file_name(&format!("{who}_{recipient}"))));
            let file = path.strip_prefix(&config.folder).unwrap_or(&path).display().to_string();
            let bytes = outbox::render(&mail)?;
            outgoing.push(Outgoing { mail, content_hash: content_hash.clone(), file, bytes });
        }
    }
    Ok(outgoing)
}

fn attachments(document: &Document) -> Vec<(String, Vec<u8>)> {
    document.attachments.iter().map(|attachment| (attachment.name.clone(), attachment.bytes.clone())).collect()
}

/// What tells the content of the attachments, encrypted or not.
fn contents(document: &Document) -> Vec<(String, Vec<u8>)> {
    let attachments = document.attachments.iter();
    attachments.map(|attachment| (attachment.name.clone(), attachment.digest.clone().into_bytes())).collect()
}

/// A name without what a file name cannot hold.
fn file_name(name: &str) -> String {
    let kept = |character: char| !character.is_control() && !"/\\:*?\"<>|".contains(character);
    let name: String = name.chars().map(|character| if kept(character) { character } else { '_' }).collect();
    name.trim_start_matches('.').to_owned()
}

/// Writes the copy of a mail beside the workbooks.
pub fn write_copy(folder: &Path, outgoing: &Outgoing) -> Result<PathBuf, RunError> {
    let path = folder.join(&outgoing.file);
    write(&path, &outgoing.bytes)?;
    Ok(path)
}

/// Queues the mails in the transaction of their run; says which were not queued again, and why.
pub async fn enqueue(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    run: &Run,
    outgoing: &[Outgoing],
    resend: bool,
) -> Result<Vec<Text>, RunError> {
    let mut not_queued = Vec::new();
    for Outgoing { mail, content_hash, file, .. } in outgoing {
        let key = Key {
            job: &run.job,
            report: &mail.report,
            period: &run.period,
            department: &mail.department,
            recipient: &mail.recipient,
        };
        let earlier = outbox::store::earlier(transaction, &key).await?;
        let recipient = &mail.recipient;
        match outbox::decide(&earlier, content_hash, resend) {
            Decision::Enqueue { instead_of } => {
                let why = text!("由更正版代替", "replaced by a corrected issue");
                for id in instead_of {
                    let why = why.get(workplace.config.language);
                    outbox::store::drop(transaction, id, why, mail.date).await?;
                }
                let new = NewDelivery::of(mail, &run.run_id, &run.job, content_hash, file)?;
                outbox::store::enqueue(transaction, &new).await?;
            }
            Decision::AlreadyAccepted if resend => not_queued.push(text!(
                "{recipient}：本期已发过，内容没有变化，不再发送",
                "{recipient}: sent before for this period and unchanged, so not sent again"
            )),
            Decision::AlreadyAccepted => not_queued.push(text!(
                "{recipient}：本期已发过，不再发送（内容有变时可加 --resend）",
                "{recipient}: sent before for this period, not sent again (--resend sends what has changed)"
            )),
            Decision::InDoubt => not_queued.push(text!(
                "{recipient}：上一封发送结果未知，请先用 hedui outbox 决定",
                "{recipient}: an earlier mail may have arrived; decide about that one first (hedui outbox)"
            )),
            Decision::AlreadyWaiting => {
                not_queued
                    .push(text!("{recipient}：同样内容的邮件已在等待发送", "{recipient}: the same mail waits already"));
            }
        }
    }
    Ok(not_queued)
}

/// Tries every mail that waits, of this run and of earlier ones, once.
pub async fn deliver(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
) -> Result<DeliveryReport, RunError> {
    let transport = match transport(workplace) {
        Ok(transport) => transport,
        Err(reason) => {
            // The mails wait; the next run, or `outbox send`, tries them once the secret is there.
            let reason = reason.get(workplace.config.language);
            tracing::error!(reason, "deliver");
            let undelivered = outbox::store::undelivered(connection, None).await?;
            return Ok(DeliveryReport { undelivered, ..DeliveryReport::default() });
        }
    };
    let round = Round { early: true, language: workplace.config.language, ..Round::default() };
    Ok(outbox::deliver(connection, &transport, &workplace.config.folder, now, &round).await?)
}

fn transport(workplace: &Workplace) -> Result<Transport, Text> {
    Ok(match &workplace.config.mail.transport {
        MailTransport::File => Transport::File,
        MailTransport::Smtp(smtp) => Transport::Smtp(SmtpSettings {
            host: smtp.host.clone(),
            port: smtp.port,
            security: smtp.security,
            username: smtp.username.clone(),
            password: smtp.password.as_ref().map(|password| password.reveal().map(Secret::new)).transpose()?,
            ca_file: smtp.ca_file.clone(),
            timeout: PATIENCE,
        }),
    })
}
