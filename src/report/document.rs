//! A report: as it is drafted, in blocks, and as it leaves this stage, in bytes.
//!
//! Apart because drafts are made by reports and turned into bytes by formats, and neither knows the other. It knows no
//! recipient and no transport.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::blocks::Block;
use crate::model::Secrecy;
use crate::text::Text;

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: no blanks, no brackets, nothing that a file system refuses.
    pub name: String,
    /// What leaves the house: an .xlsx workbook, encrypted where its readers have a password.
    pub bytes: Vec<u8>,
    /// Tells the content of the workbook as it was made: encrypted, the same one has other bytes every time.
    pub digest: String,
}

impl Attachment {
    /// A workbook as it was made.
    pub fn new(name: String, bytes: Vec<u8>) -> Self {
        let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { name, bytes, digest }
    }
}

/// A report as it is mailed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The report's name: its folder of templates.
    pub report: String,
    /// The department that it is for; nothing where it is about all of them.
    pub department: Option<String>,
    /// The mail's subject.
    pub subject: String,
    /// The mail's plain text.
    pub text: String,
    /// The mail's HTML.
    pub html: String,
    /// The workbook, and that of important customers where they have one of their own.
    pub attachments: Vec<Attachment>,
    /// Why it must not be sent: its workbooks cannot be encrypted. It has no attachments then.
    pub held_because: Option<Text>,
    /// What the workbook shows, as JSON for scripts: never mailed.
    pub json: Vec<u8>,
    /// Whom it is for beside the department, and in which issue.
    pub addressed: Addressed,
    /// The highest level of confidentiality of what it was made of.
    pub secrecy: Secrecy,
    /// What the register of what was sent says of it.
    pub disclosed: Disclosed,
}

/// What of customers' records a document shows, to whom, and what for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosed {
    /// How many rows its lists have.
    pub rows: u64,
    /// The highest level that its reader may see.
    pub clearance: Secrecy,
    /// What it is for.
    pub purpose: String,
}

/// Whom a document is for beside its department, and in which issue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addressed {
    /// The name of the one person whose it is, and his department in the register.
    pub person: Option<(String, String)>,
    /// Whether the person's manager gets a copy.
    pub copies_manager: bool,
    /// Whether it is shown for approval.
    pub is_draft: bool,
}

impl Document {
    /// The name of its JSON file without ending: the report, and whom it is for where it is not for all.
    pub fn json_name(&self) -> String {
        let person = self.addressed.person.as_ref().map(|(name, _)| name.as_str());
        let draft = self.addressed.is_draft.then_some("draft");
        let parts = [Some(self.report.as_str()), self.department.as_deref(), person, draft];
        parts.into_iter().flatten().collect::<Vec<_>>().join("_")
    }

    /// The same with lines before everything else in both bodies.
    #[must_use]
    pub fn led_by(mut self, lines: &[String]) -> Self {
        if lines.is_empty() {
            return self;
        }
        self.text = format!("{}\n\n{}", lines.join("\n"), self.text);
        let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
        let led = format!("{LEAD_OPENS}{}{LEAD_ENDS}", lines.join("<br>"));
        let body = self.html.find("<body").and_then(|at| self.html[at..].find('>').map(|end| at + end + 1));
        self.html.insert_str(body.unwrap_or_default(), &led);
        self
    }
}

/// What opens the lines that lead a body: a table with inline styles, as all of it.
const LEAD_OPENS: &str = "\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td \
    align=\"left\" bgcolor=\"#fff3cd\" style=\"padding:8px 12px;font-family:'Microsoft YaHei','PingFang SC','WenQuanYi Micro \
    Hei',Arial,sans-serif;font-size:14px;line-height:1.6;color:#1f2933;\">";
const LEAD_ENDS: &str = "</td></tr></table>";

/// A text as it stands in HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A sheet of a workbook in blocks.
pub struct Sheet<'a> {
    /// Its name; the workbook makes it legal and different from the others.
    pub name: String,
    /// What is on it, from the top.
    pub blocks: Vec<Block<'a>>,
    /// Whether paper should take it on one page, if it is still readable then.
    pub one_page: bool,
}

/// A report in blocks.
pub struct Draft<'a> {
    /// Its title.
    pub title: String,
    /// The workbook's sheets.
    pub sheets: Vec<Sheet<'a>>,
    /// What the mail's templates may place, by the name they know it under.
    pub mail: BTreeMap<&'static str, Vec<Block<'a>>>,
}

impl Draft<'_> {
    /// How many rows the lists of its sheets have, those of some names left out.
    pub fn rows_listed(&self, except: &[&str]) -> u64 {
        let sheets = self.sheets.iter().filter(|sheet| !except.contains(&sheet.name.as_str()));
        let blocks = sheets.flat_map(|sheet| &sheet.blocks);
        let lists = blocks.filter_map(|block| match block {
            Block::Table(table) if table.is_list => Some(table.rows.len() as u64),
            _ => None,
        });
        lists.sum()
    }
}
