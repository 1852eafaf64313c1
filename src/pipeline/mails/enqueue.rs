//! ENQUEUE, the commit: mails become entries of the ledger in the transaction of their run.
//!
//! Apart because a period that is run again must mail nobody twice: what is queued anew, what is replaced and what stays
//! as it is, is decided here. It sends nothing.

use sqlx::SqliteConnection;

use super::Outgoing;
use crate::history::store::Run;
use crate::outbox::{self, Decision, Delivery, Earlier, Files, Filter, Key, Mail, NewDelivery, State};
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::{failure, given_up};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Queues the mails in the transaction of their run; says which were not queued again, and why.
pub async fn enqueue(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    run: &Run,
    outgoing: &[Outgoing],
    request: &RunRequest<'_>,
) -> Result<Vec<Text>, RunError> {
    let mut not_queued = Vec::new();
    // reports whose final mails are new: the one who approves has to see those, whatever he saw before
    let mut renewed: Vec<(&str, &str, &str)> = Vec::new();
    let (drafts, finals): (Vec<&Outgoing>, Vec<&Outgoing>) = outgoing.iter().partition(|sent| sent.mail.is_draft);
    let mut rest = finals.into_iter().chain(drafts).peekable();
    while let Some(first) = rest.next() {
        let mail = &first.mail;
        let mut parts = vec![first];
        while let Some(next) = rest.next_if(|next| next.mail.part.0 > 1) {
            parts.push(next);
        }
        let whose = (mail.report.as_str(), mail.department.as_str(), mail.person.as_str());
        let resend = request.resend || (mail.is_draft && renewed.contains(&whose));
        let why = text!("由更正版代替", "replaced by a corrected issue");
        match queue(transaction, workplace, run, &parts, resend, &why).await? {
            Queued::Now(_) => renewed.push(whose),
            Queued::Not(decision) => not_queued.extend(why_not(&mail.recipient, &decision, first.is_held, resend)),
        }
    }
    if request.only_to.is_none() {
        not_queued.extend(drop_outdated(transaction, workplace, run, outgoing, request).await?);
    }
    Ok(not_queued)
}

/// What became of a mail that was to be queued.
pub(super) enum Queued {
    /// It has these numbers, one a part.
    Now(Vec<i64>),
    /// The ledger has it, or decides against it.
    Not(Decision),
}

/// Queues the parts of one mail, unless the ledger knows better; what it replaces is given up for the reason that is said.
pub(super) async fn queue(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    run: &Run,
    parts: &[&Outgoing],
    resend: bool,
    why: &Text,
) -> Result<Queued, RunError> {
    let Some(Outgoing { mail, content_hash, .. }) = parts.first() else { return Ok(Queued::Now(Vec::new())) };
    let known = earlier(transaction, &run.job, mail).await?;
    let instead_of = match outbox::decide(&known, content_hash, resend) {
        Decision::Enqueue { instead_of } => instead_of,
        decision => return Ok(Queued::Not(decision)),
    };
    for id in instead_of {
        outbox::store::drop(transaction, id, why.get(workplace.config.language), mail.date).await?;
    }
    let mut ids = Vec::new();
    for part in parts {
        let id = outbox::store::enqueue(transaction, &entry(workplace, run, part)).await?;
        outbox::register::keep(transaction, id, &part.note).await?;
        ids.push(id);
    }
    Ok(Queued::Now(ids))
}

/// What the ledger has of a mail from before.
pub(super) async fn earlier(
    transaction: &mut SqliteConnection,
    job: &str,
    mail: &Mail,
) -> Result<Vec<Earlier>, RunError> {
    let key = Key {
        job,
        report: &mail.report,
        period: &mail.period,
        department: &mail.department,
        person: &mail.person,
        is_draft: mail.is_draft,
        recipient: &mail.recipient,
    };
    Ok(outbox::store::earlier(transaction, &key).await?)
}

/// Gives up what an earlier run of the period left waiting and this one has no mail for: its reader, or his address, is
/// none any more. What tells of runs that failed is no mail of a run.
async fn drop_outdated(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    run: &Run,
    outgoing: &[Outgoing],
    request: &RunRequest<'_>,
) -> Result<Vec<Text>, RunError> {
    let filter = Filter {
        states: vec![State::Held, State::Planned, State::Deferred, State::Refused],
        job: Some(run.job.clone()),
        period: Some(run.period.clone()),
        ..Filter::default()
    };
    let why = text!("重新运行后已没有这封邮件", "the run of this period that followed has no such mail");
    let mut dropped = Vec::new();
    for waiting in outbox::store::list(transaction, &filter).await? {
        let to_caretakers = [failure::REPORT, given_up::REPORT].contains(&waiting.report.as_str());
        if to_caretakers || outgoing.iter().any(|sent| is_same(&sent.mail, &waiting)) {
            continue;
        }
        outbox::store::drop(transaction, waiting.id, why.get(workplace.config.language), request.now).await?;
        let Delivery { id, recipient, .. } = waiting;
        dropped.push(text!(
            "{recipient}：重新运行后已没有这封邮件，原来等待的（第 {id} 封）不再发送",
            "{recipient}: this run has no such mail, and the one that waited (delivery {id}) is given up"
        ));
    }
    Ok(dropped)
}

/// Whether a mail of this run is what an earlier one left, its parts aside.
fn is_same(mail: &Mail, waiting: &Delivery) -> bool {
    (&mail.report, &mail.department, &mail.person, mail.is_draft)
        == (&waiting.report, &waiting.department, &waiting.person, waiting.draft)
        && mail.recipient.eq_ignore_ascii_case(&waiting.recipient)
}

fn entry(workplace: &Workplace, run: &Run, outgoing: &Outgoing) -> NewDelivery {
    let Outgoing { mail, content_hash, file, bytes, files, secrecy, is_held, note: _ } = outgoing;
    let config = &workplace.config;
    let leader = config.people.leader.join(", ");
    let (job, period) = (&run.job, &run.period);
    let held = text!(
        "等待 {leader} 批准；批准后运行 hedui outbox release {job} {period}",
        "held for the approval of {leader}; then: hedui outbox release {job} {period}"
    );
    NewDelivery {
        held: is_held.then(|| held.get(config.language).to_owned()),
        secrecy: (*secrecy).to_owned(),
        files: Files(files.clone()),
        ..NewDelivery::of(mail, bytes.clone(), &run.run_id, &run.job, content_hash, file)
    }
}

/// Why a mail is not queued again.
fn why_not(recipient: &str, decision: &Decision, is_held: bool, resend: bool) -> Option<Text> {
    Some(match decision {
        Decision::Enqueue { .. } => return None,
        Decision::AlreadyAccepted if resend => text!(
            "{recipient}：本期已发过，内容没有变化，不再发送",
            "{recipient}: sent before for this period and unchanged, so not sent again"
        ),
        Decision::AlreadyAccepted => text!(
            "{recipient}：本期已发过，不再发送（内容有变时可加 --resend）",
            "{recipient}: sent before for this period, not sent again (--resend sends what has changed)"
        ),
        Decision::InDoubt => text!(
            "{recipient}：上一封发送结果未知，请先用 hedui outbox 决定",
            "{recipient}: an earlier mail may have arrived; decide about that one first (hedui outbox)"
        ),
        Decision::AlreadyWaiting if is_held => {
            text!("{recipient}：同样内容的邮件已在等待批准", "{recipient}: the same mail is held for approval already")
        }
        Decision::AlreadyWaiting => {
            text!("{recipient}：同样内容的邮件已在等待发送", "{recipient}: the same mail waits already")
        }
    })
}
