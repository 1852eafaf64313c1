//! A document that no mail server would take as it is: mailed in several mails, or its files left where people find them.
//!
//! Apart because nothing may be cut off for being large. It writes no file and knows no recipient; how large a mail
//! becomes is measured by whoever makes it.
//!
//! The plan, in this order: one mail, if it is small enough; the files on the share, where the configuration names one;
//! a mail an attachment; the list of findings divided among several mails; the files left in out/ on the server.

use std::path::{Path, PathBuf};

use super::request::RunError;
use crate::config::MailConfig;
use crate::outbox::FileNote;
use crate::report::{self, Attachment, Document, ReportInput, Templates};
use crate::text;
use crate::text::{Language, Text};

/// More mails than this for one report help nobody.
const MOST_PARTS: u32 = 32;

/// One mail of a document.
pub struct Letter {
    /// What is in it.
    pub document: Document,
    /// Which of how many.
    pub part: (u32, u32),
    /// Its files, attached or left.
    pub files: Vec<FileNote>,
}

/// What the plan is made with.
pub struct Sizes<'s> {
    /// The limit, and where files may be left.
    pub mail: &'s MailConfig,
    /// The workplace.
    pub folder: &'s Path,
    /// The language of what is said about it.
    pub language: Language,
    /// What the document was made of, to be made again in parts.
    pub input: &'s ReportInput<'s>,
    /// The templates that it was made with.
    pub templates: &'s Templates,
    /// Closes the workbooks of documents whose readers have a password.
    pub seal: &'s dyn Fn(&mut [Document]),
}

impl Sizes<'_> {
    /// The mails of a document whose attachments were written to these places.
    pub fn letters(
        &self,
        document: &Document,
        places: &[PathBuf],
        measure: &dyn Fn(&Document) -> Result<usize, RunError>,
    ) -> Result<Vec<Letter>, RunError> {
        let fits = |document: &Document| Ok::<_, RunError>(measure(document)? <= self.mail.largest);
        if fits(document)? {
            return Ok(vec![letter(document.clone(), (1, 1))]);
        }
        if self.mail.share.is_some() && !document.addressed.is_draft {
            return Ok(vec![self.left(document, places)]);
        }
        if let Some(letters) = self.one_an_attachment(document, &fits)? {
            return Ok(letters);
        }
        let size = measure(document)?;
        let mut parts = u32::try_from(size.div_ceil(self.mail.largest)).unwrap_or(u32::MAX).max(2);
        while parts <= MOST_PARTS {
            let mut documents = report::render_in_parts(document, self.input, self.templates, parts)?;
            (self.seal)(&mut documents);
            if documents.is_empty() || documents.iter().any(|part| part.held_because.is_some()) {
                break;
            }
            let letters = self.numbered(documents);
            let mut all_fit = true;
            for letter in &letters {
                all_fit &= fits(&letter.document)?;
            }
            if all_fit {
                return Ok(letters);
            }
            parts *= 2;
        }
        Ok(vec![self.left(document, places)])
    }

    /// Every attachment in a mail of its own, if there are several and each fits.
    fn one_an_attachment(
        &self,
        document: &Document,
        fits: &dyn Fn(&Document) -> Result<bool, RunError>,
    ) -> Result<Option<Vec<Letter>>, RunError> {
        if document.attachments.len() < 2 {
            return Ok(None);
        }
        let with = |attachment: &Attachment| Document { attachments: vec![attachment.clone()], ..document.clone() };
        let letters = self.numbered(document.attachments.iter().map(with).collect());
        for letter in &letters {
            if !fits(&letter.document)? {
                return Ok(None);
            }
        }
        Ok(Some(letters))
    }

    /// The same documents, each saying which it is.
    fn numbered(&self, documents: Vec<Document>) -> Vec<Letter> {
        let parts = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        let numbered = (1..).zip(documents).map(|(number, document)| {
            let said = text!(
                "附件较大，本报告分 {parts} 封邮件发送，这是第 {number} 封；各封附件合起来才是全部。",
                "The attachments are large: this report comes in {parts} mails, of which this is number {number}. Only \
                 together are they complete."
            );
            let subject = format!("{} ({number}/{parts})", document.subject);
            let document = Document { subject, ..document }.led_by(&[said.get(self.language).to_owned()]);
            letter(document, (number, parts))
        });
        numbered.collect()
    }

    /// The document without its files, saying where each of them lies.
    fn left(&self, document: &Document, places: &[PathBuf]) -> Letter {
        let largest = self.mail.largest;
        let opening = text!(
            "附件超过单封邮件的限制（{largest} 字节），没有附在邮件里，请到下列位置取用：",
            "The attachments are larger than a mail may be ({largest} bytes) and are not in it. They lie here:"
        );
        let mut lines = vec![opening.get(self.language).to_owned()];
        let mut files = Vec::new();
        for (attachment, place) in document.attachments.iter().zip(places) {
            let below = place.strip_prefix(self.folder).unwrap_or(place);
            let bytes = attachment.bytes.len();
            let at = self.said(document, below);
            let line = Text { zh: format!("{at}（{bytes} 字节）"), en: format!("{at} ({bytes} bytes)") };
            lines.push(line.get(self.language).to_owned());
            files.push(FileNote::of(&attachment.name, &attachment.bytes, &below.display().to_string()));
        }
        let document = Document { attachments: Vec::new(), ..document.clone() }.led_by(&lines);
        Letter { document, part: (1, 1), files }
    }

    /// A place in the words that people can follow.
    fn said(&self, document: &Document, below: &Path) -> String {
        let Some(share) = self.mail.share.as_deref().filter(|_| !document.addressed.is_draft) else {
            let path = self.folder.join(below);
            let path = path.display();
            return text!("服务器上的 {path}", "{path} on the server").get(self.language).to_owned();
        };
        let separator = if share.contains('\\') { "\\" } else { "/" };
        let steps: Vec<String> =
            on_share(below).components().map(|step| step.as_os_str().to_string_lossy().into_owned()).collect();
        format!("{}{separator}{}", share.trim_end_matches(['/', '\\']), steps.join(separator))
    }
}

/// Where a file of out/ lies on the share: out/ itself is left out.
pub fn on_share(below: &Path) -> &Path {
    below.strip_prefix("out").unwrap_or(below)
}

fn letter(document: Document, part: (u32, u32)) -> Letter {
    let files = document.attachments.iter().map(|file| FileNote::of(&file.name, &file.bytes, "")).collect();
    Letter { document, part, files }
}
