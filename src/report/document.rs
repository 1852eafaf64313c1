//! A report: as it is drafted, in blocks, and as it leaves this stage, in bytes.
//!
//! Apart because drafts are made by reports and turned into bytes by formats, and neither knows the other. It knows no
//! recipient and no transport.

use std::collections::BTreeMap;

use super::blocks::Block;

/// A file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name: no blanks, no brackets, nothing that a file system refuses.
    pub name: String,
    /// What is in it: an .xlsx workbook.
    pub bytes: Vec<u8>,
}

/// A report as it is mailed.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The workbook.
    pub attachments: Vec<Attachment>,
    /// What the workbook shows, as JSON for scripts: never mailed.
    pub json: Vec<u8>,
}

impl Document {
    /// The name of its JSON file without ending: the report, and the department where it is for one.
    pub fn json_name(&self) -> String {
        match &self.department {
            Some(department) => format!("{}_{department}", self.report),
            None => self.report.clone(),
        }
    }
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
