//! ENQUEUE, the commit: mails become entries of the ledger in the transaction of their run.
//!
//! Apart because a period that is run again must mail nobody twice: what is queued anew, what is replaced and what stays
//! as it is, is decided here. It sends nothing.

use sqlx::SqliteConnection;

use super::Outgoing;
use crate::history::store::Run;
use crate::outbox::{self, Decision, Files, Filter, Key, Mail, NewDelivery, State};
use crate::pipeline::request::{RunError, RunRequest};
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
        match decide(transaction, run, first, resend).await? {
            Decision::Enqueue { instead_of } => {
                let why = text!("由更正版代替", "replaced by a corrected issue");
                for id in instead_of {
                    outbox::store::drop(transaction, id, why.get(workplace.config.language), mail.date).await?;
                }
                for part in parts {
                    let id = outbox::store::enqueue(transaction, &entry(workplace, run, part)).await?;
                    outbox::register::keep(transaction, id, &part.note).await?;
                }
                renewed.push(whose);
            }
            decision => not_queued.extend(why_not(&mail.recipient, &decision, first.is_held, resend)),
        }
    }
    if request.only_to.is_none() {
        drop_outdated(transaction, workplace, run, outgoing).await?;
    }
    Ok(not_queued)
}

/// Gives up what an earlier run of the period left for approval and this one has no mail for.
async fn drop_outdated(
    transaction: &mut SqliteConnection,
    workplace: &Workplace,
    run: &Run,
    outgoing: &[Outgoing],
) -> Result<(), RunError> {
    let Some(now) = outgoing.first().map(|sent| sent.mail.date) else { return Ok(()) };
    let filter = Filter {
        states: vec![State::Held],
        job: Some(run.job.clone()),
        period: Some(run.period.clone()),
        ..Filter::default()
    };
    let why = text!("重新运行后已没有这封邮件", "the run of this period that followed has no such mail");
    for held in outbox::store::list(transaction, &filter).await? {
        let is_it = |mail: &Mail| {
            (&mail.report, &mail.department, &mail.person) == (&held.report, &held.department, &held.person)
                && mail.recipient.eq_ignore_ascii_case(&held.recipient)
        };
        if !outgoing.iter().any(|sent| !sent.mail.is_draft && is_it(&sent.mail)) {
            outbox::store::drop(transaction, held.id, why.get(workplace.config.language), now).await?;
        }
    }
    Ok(())
}

async fn decide(
    transaction: &mut SqliteConnection,
    run: &Run,
    Outgoing { mail, content_hash, .. }: &Outgoing,
    resend: bool,
) -> Result<Decision, RunError> {
    let key = Key {
        job: &run.job,
        report: &mail.report,
        period: &run.period,
        department: &mail.department,
        person: &mail.person,
        is_draft: mail.is_draft,
        recipient: &mail.recipient,
    };
    let earlier = outbox::store::earlier(transaction, &key).await?;
    Ok(outbox::decide(&earlier, content_hash, resend))
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
