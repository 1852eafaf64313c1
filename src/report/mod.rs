//! RENDER: the results of a run as workbooks and mails.
//!
//! Apart because what people see changes more often than what is checked. A report is drafted in blocks
//! (`department`, `digest`, `sheets`) from counts made once (`figures`), and a format turns blocks into bytes. Nothing
//! here reads a clock, a file of data or an address: the same run gives the same bytes.

pub mod access;
pub mod input;

mod analysis;
mod asked;
mod blocks;
mod customers;
mod definition;
mod department;
mod digest;
mod document;
mod figures;
mod filter;
mod format;
mod handling;
mod listing;
mod look;
mod mail;
mod making;
mod order;
mod persons;
mod problem;
mod rehearsal;
mod scorecard;
mod share;
mod sheets;
mod strings;
mod templates;
pub mod variables;
pub mod verification;
mod view;
mod warnings;
mod wording;

#[cfg(test)]
pub(crate) mod tests;

pub use definition::Audience;
pub use definition::LONGEST_WAIT;
pub use document::{Addressed, Attachment, Disclosed, Document};
pub use figures::{Counts, Coverage};
pub use filter::Named;
pub use format::encrypted::{EncryptError, encrypt};
pub use input::ReportInput;
pub use problem::TemplateProblem;
pub use rehearsal::variables as mail_variables;
pub use strings::Strings;
pub use templates::Templates;

use definition::Definition;
use document::Draft;
use format::file_names;
use input::Issue;
use making::Making;
use view::View;

use crate::text;
use crate::text::{Language, Text};

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// No folder of templates has that name.
    #[error("no report is called {0}")]
    UnknownReport(String),
    /// The report has no templates in the language that is asked for.
    #[error("report {report} has no templates in {language:?}")]
    NotInLanguage {
        /// The report.
        report: String,
        /// The language.
        language: Language,
    },
    /// A template broke on this run's data.
    #[error("{}:{}:{}: {}", .0.file, .0.line, .0.column, .0.message.en)]
    Template(Box<TemplateProblem>),
    /// The workbook could not be written: a full disk, as a rule.
    #[error("workbook {name}: {error}")]
    Workbook {
        /// The attachment's name.
        name: String,
        /// What the writer said.
        error: rust_xlsxwriter::XlsxError,
    },
}

impl RenderError {
    /// The error in every language.
    pub fn text(&self) -> Text {
        match self {
            RenderError::UnknownReport(report) => text!("没有名为 {report} 的报告", "no report is called {report}"),
            RenderError::NotInLanguage { report, language } => {
                text!("报告 {report} 没有 {language:?} 语言的模板", "report {report} has no templates in {language:?}")
            }
            RenderError::Template(problem) => {
                let TemplateProblem { file, line, column, message, .. } = problem.as_ref();
                let (zh, en) = (&message.zh, &message.en);
                text!("{file}:{line}:{column}:{zh}", "{file}:{line}:{column}: {en}")
            }
            RenderError::Workbook { name, error: rust_xlsxwriter::XlsxError::IoError(error) } => text!(
                "磁盘已满或不可写，工作簿 {name} 没有写成（{error}）；请腾出空间，临时文件夹（/tmp）也要有",
                "the disk is full or cannot be written, and the workbook {name} was not written ({error}): make room, in the \
                 folder for temporary files (/tmp), too"
            ),
            RenderError::Workbook { name, error } => {
                text!("无法写出工作簿 {name}:{error}", "workbook {name} cannot be written: {error}")
            }
        }
    }
}

/// Makes a report of a run: one document a department or person, or one for all; each of what its readers may see.
///
/// # Errors
/// Where there is no such report, a template breaks or a workbook cannot be written.
pub fn render(report: &str, input: &ReportInput<'_>, templates: &Templates) -> Result<Vec<Document>, RenderError> {
    let definition = templates.definition(report).ok_or_else(|| RenderError::UnknownReport(report.to_owned()))?;
    made(report, definition, input, templates, &|_| true)
}

/// Makes one document anew in so many parts, its findings divided among them; nothing where its workbook has no list of
/// findings that could be divided. Figures and every other sheet are in the first part, and are those of the whole.
pub fn render_in_parts(
    document: &Document,
    input: &ReportInput<'_>,
    templates: &Templates,
    parts: u32,
) -> Result<Vec<Document>, RenderError> {
    let report = &document.report;
    let definition = templates.definition(report).ok_or_else(|| RenderError::UnknownReport(report.clone()))?;
    let of = |is_kept: &dyn Fn(&str) -> bool| Definition {
        sheets: definition.sheets.iter().filter(|sheet| is_kept(sheet)).cloned().collect(),
        ..definition.clone()
    };
    let (first, further) = (of(&|sheet| !sheets::is_by_owner(sheet)), of(&sheets::is_divided));
    if further.sheets.is_empty() {
        return Ok(Vec::new());
    }
    let is_it = |made: &Document| made.department == document.department && made.addressed == document.addressed;
    let mut all = Vec::new();
    for number in 1..=parts {
        let definition = if number == 1 { &first } else { &further };
        let issue = Issue { is_draft: document.addressed.is_draft, part: (number, parts) };
        all.extend(made(report, definition, &ReportInput { issue, ..input.clone() }, templates, &is_it)?);
    }
    Ok(all)
}

/// The documents of a report that are wanted; which these are is asked of a document without its contents.
fn made(
    report: &str,
    definition: &Definition,
    input: &ReportInput<'_>,
    templates: &Templates,
    is_wanted: &dyn Fn(&Document) -> bool,
) -> Result<Vec<Document>, RenderError> {
    if !templates.speaks(report, input.language) {
        return Err(RenderError::NotInLanguage { report: report.to_owned(), language: input.language });
    }
    if definition.is_reminder() && input.verification.is_none_or(|facts| !facts.is_due) {
        return Ok(Vec::new());
    }
    let making = Making { report, definition, templates, strings: templates.strings(input.language) };
    let is_everything = definition.findings.is_everything();
    if is_everything && definition.audience != Audience::Persons {
        return making.documents(input, is_wanted);
    }
    // earlier runs were counted whole and by department: their figures are no measure for some of the findings
    let taken = if is_everything { [Vec::new(), Vec::new()] } else { definition.findings.of(input) };
    let (findings, upcoming) =
        if is_everything { (input.findings, input.upcoming) } else { (taken[0].as_slice(), taken[1].as_slice()) };
    making.documents(&ReportInput { findings, upcoming, trend: &[], ..input.clone() }, is_wanted)
}

/// Names of files that every file system takes, each different from the others.
pub fn legal_names(wanted: &[String], ending: &str) -> Vec<String> {
    file_names::legal(wanted.iter().map(String::as_str), ending)
}

/// Drafts a view's report.
fn draft<'a>(view: &'a View<'a>) -> Draft<'a> {
    match view.definition.audience {
        _ if view.definition.analysis.is_some() => analysis::draft(view),
        _ if view.definition.verification.is_some() => verification::draft(view),
        Audience::Departments | Audience::Persons => department::draft(view),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => digest::draft(view),
    }
}
