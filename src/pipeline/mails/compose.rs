//! ENQUEUE, the making: documents become one mail a recipient, or several where one would be too large.
//!
//! Apart because here a report meets its readers: who gets it is asked of `recipients`, what is too large of `size`, what
//! waits for a person of `stopped`. It writes no file and queues nothing.

use std::path::Path;

use chrono::{DateTime, FixedOffset};

use super::copies;
use crate::config::Config;
use crate::outbox::register::Note;
use crate::outbox::{self, FileNote, Identity, Mail};
use crate::pipeline::guard::RowChange;
use crate::pipeline::people::People;
use crate::pipeline::recipients::{Recipients, bare, recipients};
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::size::{Letter, Sizes};
use crate::pipeline::{access, output, stopped};
use crate::report::{Audience, Disclosed, Document, ReportInput};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// A mail that is ready, and where its copy lies.
pub struct Outgoing {
    pub(super) mail: Mail,
    pub(super) content_hash: String,
    pub(super) file: String,
    pub(super) bytes: Vec<u8>,
    pub(super) files: Vec<FileNote>,
    pub(super) secrecy: &'static str,
    pub(super) note: Note,
    pub(super) is_held: bool,
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
    /// The revision of the run: what tells its mails from those of earlier ones.
    pub revision: u32,
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
        let Self { workplace, request, revision, .. } = *self;
        let period = request.period.to_string();
        let cover = Cover { job: &request.job.name, period: &period, revision, meant, date: request.now };
        mail(workplace, document, &cover, recipient, part, &variant(document, part))
    }

    fn file(&self, mail: &Mail, others: &[Outgoing]) -> String {
        let config = &self.workplace.config;
        let below = |path: &Path| path.strip_prefix(&config.folder).unwrap_or(path).display().to_string();
        let mut places = copies::places(mail, config.language).map(|name| below(&self.out.join(name)));
        places.find(|file| !others.iter().any(|other| other.file == *file)).unwrap_or_default()
    }
}

/// What a mail says beside its document, the same for each of its recipients.
pub(super) struct Cover<'c> {
    pub(super) job: &'c str,
    pub(super) period: &'c str,
    pub(super) revision: u32,
    pub(super) meant: &'c Recipients,
    pub(super) date: DateTime<FixedOffset>,
}

/// The mail of a document to one recipient.
pub(super) fn mail(
    workplace: &Workplace,
    document: &Document,
    cover: &Cover<'_>,
    recipient: &str,
    part: (u32, u32),
    variant: &str,
) -> Mail {
    let config = &workplace.config;
    let Cover { job, period, revision, meant, date } = *cover;
    let department = document.department.clone().unwrap_or_default();
    let report = &document.report;
    let identity = Identity {
        company: &config.company,
        job,
        report,
        department: &department,
        period,
        recipient,
        revision,
        variant,
    };
    Mail {
        message_id: outbox::message_id(&identity, &config.mail.from),
        report: report.clone(),
        revision,
        to: meant.to.clone(),
        cc: meant.cc.clone(),
        from: config.mail.from.clone(),
        reply_to: config.mail.reply_to.clone(),
        subject: document.subject.clone(),
        text: document.text.clone(),
        html: document.html.clone(),
        attachments: attachments(document),
        date,
        recipient: recipient.to_owned(),
        department,
        person: document.addressed.person.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
        period: period.to_owned(),
        is_draft: document.addressed.is_draft,
        part,
    }
}

/// Departments whose workbook is written and that have no address yet: mails of others go on.
pub fn unaddressed(config: &Config, documents: &[Document]) -> Option<Text> {
    let has_document = |name: &str| documents.iter().any(|document| document.department.as_deref() == Some(name));
    let without = config.departments.iter().filter(|entry| entry.to.is_empty() && has_document(&entry.name));
    let names: Vec<&str> = without.map(|entry| entry.name.as_str()).collect();
    let list = names.join(", ");
    (!names.is_empty()).then(|| {
        text!(
            "没有收件人，只写了工作簿、没有邮件：{list}（在 [departments] 填上 to）",
            "no recipient, a workbook and no mail: {list} (fill in `to` in [departments])"
        )
    })
}

/// What else than a department's one mail it is: see [`Identity::variant`].
fn variant(document: &Document, (number, parts): (u32, u32)) -> String {
    let person = document.addressed.person.as_ref().map_or("", |(name, _)| name.as_str());
    let is_draft = document.addressed.is_draft;
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
pub(super) fn note(document: &Document) -> Note {
    let Disclosed { rows, clearance, purpose } = &document.disclosed;
    Note { rows: *rows, clearance: clearance.as_str().to_owned(), purpose: purpose.clone() }
}

/// The hash of what a reader of a document sees.
pub(super) fn content_hash(document: &Document) -> String {
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
