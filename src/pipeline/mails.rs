//! ENQUEUE and DELIVER of a run: documents become one mail a recipient, queued with the run and tried once each.
//!
//! Apart because what is committed with a run and what is sent of it is decided here. Who gets what is asked of
//! `recipients`, what is too large of `size`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use sqlx::SqliteConnection;

use super::access;
use super::guard::RowChange;
use super::output::{self, write};
use super::people::People;
use super::recipients::{Recipients, bare, recipients};
use super::request::{RunError, RunRequest};
use super::shared;
use super::size::{Letter, Sizes};
use super::stopped;
use crate::config::MailTransport;
use crate::history::store::Run;
use crate::outbox::register::Note;
use crate::outbox::{
    self, Decision, Delivery, DeliveryReport, FileNote, Files, Filter, Identity, Key, Mail, NewDelivery, Round, Secret,
    SmtpSettings, State, Transport, Tried,
};
use crate::report::{Audience, Disclosed, Document, ReportInput};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// How long each step of a conversation with a mail server may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// The same where somebody waits for an answer.
const GREETING: Duration = Duration::from_secs(20);

/// File systems take 255 bytes of a name, and a Chinese letter is three: so many of whose mail it is, and of where it goes.
const LONGEST_NAME: usize = 48;

/// A mail that is ready, and where its copy lies.
pub struct Outgoing {
    mail: Mail,
    content_hash: String,
    file: String,
    bytes: Vec<u8>,
    files: Vec<FileNote>,
    secrecy: &'static str,
    note: Note,
    is_held: bool,
}

impl Outgoing {
    /// Whether it waits for an approval: until then nothing of it lies where mails lie.
    pub fn is_held(&self) -> bool {
        self.is_held
    }
}

/// What mails are made of.
pub struct Composing<'c> {
    /// The workplace.
    pub workplace: &'c Workplace,
    /// What was asked for.
    pub request: &'c RunRequest<'c>,
    /// What the documents were made of.
    pub input: &'c ReportInput<'c>,
    /// The employees, for reports to persons.
    pub people: &'c People,
    /// The folder of the run.
    pub out: &'c Path,
    /// Numbers of rows that are not believed: the mails that rest on them wait.
    pub not_believed: &'c [RowChange],
}

impl Composing<'_> {
    /// One mail a recipient, or several where one would be too large. `unmarked` are the documents without the mark of
    /// a corrected issue: what counts as content.
    pub fn compose(&self, documents: &[Document], unmarked: Option<&[Document]>) -> Result<Vec<Outgoing>, RunError> {
        let Self { workplace, request, .. } = *self;
        let config = &workplace.config;
        let sizes = Sizes {
            mail: &config.mail,
            folder: &config.folder,
            language: config.language,
            input: self.input,
            templates: &workplace.templates,
            seal: &|documents| access::seal(workplace, documents),
        };
        let hashes: Vec<String> = unmarked.unwrap_or(documents).iter().map(content_hash).collect();
        let places = output::places(self.out, documents);
        let mut outgoing: Vec<Outgoing> = Vec::new();
        for (number, document) in documents.iter().enumerate() {
            // What cannot be encrypted is not sent, nor what rests on rows that are not believed.
            if document.held_because.is_some() || stopped::reason(document, workplace, self.not_believed).is_some() {
                continue;
            }
            let Some(audience) = workplace.templates.audience(&document.report) else { continue };
            let meant = recipients(config, self.people, audience, document);
            let each = meant.each();
            let wanted =
                |address: &&String| request.only_to.is_none_or(|only| bare(only).eq_ignore_ascii_case(address));
            let each: Vec<&String> = each.iter().filter(wanted).collect();
            let Some(first) = each.first() else { continue };
            // To and Cc are the same for everybody, and so is the length
            let measure = |document: &Document| Ok(outbox::render(&self.mail(document, &meant, first, (1, 1)))?.len());
            let letters = sizes.letters(document, &places[number], &measure)?;
            // what the one who approves has seen is told by the hash of what the others get
            let hash = hashes.get(final_of(documents, number)).cloned().unwrap_or_default();
            for recipient in each {
                for Letter { document, part, files } in &letters {
                    let mail = self.mail(document, &meant, recipient, *part);
                    let bytes = outbox::render(&mail)?;
                    let file = self.file(&mail, &outgoing);
                    let is_held = workplace.templates.is_reviewed(&document.report) && !document.addressed.is_draft;
                    let (content_hash, files, secrecy) = (hash.clone(), files.clone(), document.secrecy.as_str());
                    let note = note(document);
                    outgoing.push(Outgoing { mail, content_hash, file, bytes, files, secrecy, note, is_held });
                }
            }
        }
        if !self.not_believed.is_empty() {
            self.add_notice(documents, &mut outgoing)?;
        }
        Ok(outgoing)
    }

    /// The mail that tells the fallback department which rows are not believed, and whose mails wait for that.
    fn add_notice(&self, documents: &[Document], outgoing: &mut Vec<Outgoing>) -> Result<(), RunError> {
        let Self { workplace, request, not_believed, .. } = *self;
        let document = stopped::notice(workplace, request, not_believed, documents);
        let meant = recipients(&workplace.config, self.people, Audience::Departments, &document);
        let wanted = |address: &&String| request.only_to.is_none_or(|only| bare(only).eq_ignore_ascii_case(address));
        for recipient in meant.each().iter().filter(wanted) {
            let mail = self.mail(&document, &meant, recipient, (1, 1));
            let (bytes, file) = (outbox::render(&mail)?, self.file(&mail, outgoing));
            let (content_hash, secrecy) = (content_hash(&document), document.secrecy.as_str());
            let (files, note) = (Vec::new(), note(&document));
            outgoing.push(Outgoing { mail, content_hash, file, bytes, files, secrecy, note, is_held: false });
        }
        Ok(())
    }

    fn mail(&self, document: &Document, meant: &Recipients, recipient: &str, part: (u32, u32)) -> Mail {
        let config = &self.workplace.config;
        let period = self.request.period.to_string();
        let department = document.department.clone().unwrap_or_default();
        let person = document.addressed.person.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
        let is_draft = document.addressed.is_draft;
        let identity = Identity {
            company: &config.company,
            job: &self.request.job.name,
            report: &document.report,
            department: &department,
            period: &period,
            recipient,
            revision: self.input.revision,
            variant: &variant(&person, is_draft, part),
        };
        Mail {
            message_id: outbox::message_id(&identity, &config.mail.from),
            report: document.report.clone(),
            revision: self.input.revision,
            to: meant.to.clone(),
            cc: meant.cc.clone(),
            from: config.mail.from.clone(),
            reply_to: config.mail.reply_to.clone(),
            subject: document.subject.clone(),
            text: document.text.clone(),
            html: document.html.clone(),
            attachments: attachments(document),
            date: self.request.now,
            recipient: recipient.to_owned(),
            department,
            person,
            period,
            is_draft,
            part,
        }
    }

    /// Where the copy of a mail lies: a name that no other mail of the run has.
    fn file(&self, mail: &Mail, others: &[Outgoing]) -> String {
        let language = self.workplace.config.language;
        let whose = if mail.report == stopped::REPORT { &mail.report } else { &mail.department };
        let whose = [&mail.person, whose, &mail.report].into_iter().find(|name| !name.is_empty());
        let short = |name: &str| name.chars().take(LONGEST_NAME).collect::<String>();
        let mut name = format!("{}_{}", short(whose.map_or("", String::as_str)), short(&mail.recipient));
        if mail.is_draft {
            name.push_str(text!("_送审稿", "_draft").get(language));
        }
        if mail.part.1 > 1 {
            name.push_str(&format!("_{}-{}", mail.part.0, mail.part.1));
        }
        let below = |name: &str| {
            let path = self.out.join(format!("{}.eml", file_name(name)));
            path.strip_prefix(&self.workplace.config.folder).unwrap_or(&path).display().to_string()
        };
        let names = [name.clone(), format!("{}_{name}", mail.report)];
        let numbered = (2..).map(|number| format!("{}_{name}_{number}", mail.report));
        let mut files = names.into_iter().chain(numbered).map(|name| below(&name));
        files.find(|file| !others.iter().any(|other| other.file == *file)).unwrap_or_default()
    }
}

/// What else than a department's one mail it is: see [`Identity::variant`].
fn variant(person: &str, is_draft: bool, (number, parts): (u32, u32)) -> String {
    if person.is_empty() && !is_draft && parts <= 1 {
        return String::new();
    }
    format!("{person}/{}/{number}/{parts}", if is_draft { "draft" } else { "" })
}

/// The place of the document that a draft shows; its own where it is none.
fn final_of(documents: &[Document], number: usize) -> usize {
    let Document { report, department, addressed, .. } = &documents[number];
    if !addressed.is_draft {
        return number;
    }
    let is_it = |other: &Document| {
        !other.addressed.is_draft
            && (&other.report, &other.department, &other.addressed.person) == (report, department, &addressed.person)
    };
    documents.iter().position(is_it).unwrap_or(number)
}

/// What the register says of a document beside the ledger.
fn note(document: &Document) -> Note {
    let Disclosed { rows, clearance, purpose } = &document.disclosed;
    Note { rows: *rows, clearance: clearance.as_str().to_owned(), purpose: purpose.clone() }
}

fn content_hash(document: &Document) -> String {
    outbox::content_hash(&document.subject, &document.text, &document.html, &contents(document))
}

/// What tells the content of the attachments, encrypted or not.
fn contents(document: &Document) -> Vec<(String, Vec<u8>)> {
    let attachments = document.attachments.iter();
    attachments.map(|attachment| (attachment.name.clone(), attachment.digest.clone().into_bytes())).collect()
}

fn attachments(document: &Document) -> Vec<(String, Vec<u8>)> {
    document.attachments.iter().map(|attachment| (attachment.name.clone(), attachment.bytes.clone())).collect()
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

/// Writes the copies of mails that were released, as they are stored.
pub async fn write_copies(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    released: &[Delivery],
) -> Result<(), RunError> {
    for delivery in released {
        if let Some(bytes) = outbox::store::message(connection, delivery.id).await? {
            write(&workplace.config.folder.join(&delivery.file), &bytes)?;
        }
    }
    Ok(())
}

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

/// Tries every mail that waits, of this run and of earlier ones, once.
pub async fn deliver(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
) -> Result<DeliveryReport, RunError> {
    deliver_some(connection, workplace, now, Vec::new()).await
}

/// Tries the mails of these numbers once; of all where there is none.
pub async fn deliver_some(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    now: DateTime<FixedOffset>,
    ids: Vec<i64>,
) -> Result<DeliveryReport, RunError> {
    let language = workplace.config.language;
    let transport = match transport(workplace) {
        Ok(transport) => transport,
        Err(reason) => {
            // The mails wait; the next run, or `outbox send`, tries them once the secret is there.
            let reason = reason.get(language);
            tracing::error!(reason, "deliver");
            let undelivered = outbox::store::undelivered(connection, None).await?;
            return Ok(DeliveryReport { undelivered, ..DeliveryReport::default() });
        }
    };
    let mut round = Round { ids, early: true, language, ..Round::default() };
    let mut left_behind = Vec::new();
    for delivery in outbox::store::due(connection, now, true).await? {
        if let Err(words) = shared::copy(&workplace.config, &delivery) {
            round.except.push(delivery.id);
            let (id, recipient, state) = (delivery.id, delivery.recipient, State::Planned);
            let words = words.get(language).to_owned();
            let (report, department) = (delivery.report, delivery.department);
            left_behind.push(Tried { id, report, department, recipient, state, words });
        }
    }
    let mut report = outbox::deliver(connection, &transport, &workplace.config.folder, now, &round).await?;
    report.tried.extend(left_behind);
    Ok(report)
}

/// Whether the mail server of a workplace lets us log in; nothing is sent.
///
/// # Errors
/// In words, what stands in the way.
pub async fn greet(workplace: &Workplace) -> Result<(), Text> {
    let transport = match transport(workplace)? {
        Transport::Smtp(settings) => Transport::Smtp(SmtpSettings { timeout: GREETING, ..settings }),
        file => file,
    };
    outbox::transport::greet(&transport).await
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
