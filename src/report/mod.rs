//! RENDER: the results of a run as workbooks and mails.
//!
//! Apart because what people see changes more often than what is checked. A report is drafted in blocks
//! (`department`, `digest`, `sheets`) from counts made once (`figures`), and a format turns blocks into bytes. Nothing
//! here reads a clock, a file of data or an address: the same run gives the same bytes.

pub mod input;

mod blocks;
mod customers;
mod definition;
mod department;
mod digest;
mod document;
mod figures;
mod format;
mod listing;
mod look;
mod mail;
mod order;
mod problem;
mod rehearsal;
mod scorecard;
mod share;
mod sheets;
mod strings;
mod templates;
mod view;
mod warnings;
mod wording;

#[cfg(test)]
mod tests;

pub use definition::Audience;
pub use document::{Attachment, Document};
pub use input::ReportInput;
pub use problem::TemplateProblem;
pub use templates::Templates;

use document::Draft;
use format::{file_names, json, workbook};
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
            RenderError::Workbook { name, error } => {
                text!("无法写出工作簿 {name}:{error}", "workbook {name} cannot be written: {error}")
            }
        }
    }
}

/// Makes a report of a run: one document a department, or one for all.
pub fn render(report: &str, input: &ReportInput<'_>, templates: &Templates) -> Result<Vec<Document>, RenderError> {
    let definition = templates.definition(report).ok_or_else(|| RenderError::UnknownReport(report.to_owned()))?;
    if !templates.speaks(report, input.language) {
        return Err(RenderError::NotInLanguage { report: report.to_owned(), language: input.language });
    }
    let strings = templates.strings(input.language);
    let shares = share::split(input);
    let wanted = match definition.audience {
        Audience::Departments => shares.departments.iter().collect(),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => vec![&shares.whole],
    };
    let views: Vec<View<'_>> =
        wanted.into_iter().map(|share| View::new(input, share, &shares, strings, definition)).collect();
    let views: Vec<View<'_>> = views.into_iter().filter(listing::is_wanted).collect();
    let wanted_names: Vec<String> = views.iter().map(View::attachment).collect();
    let names = file_names::legal(wanted_names.iter().map(String::as_str), "xlsx");
    let documents = views.iter().zip(names).map(|(view, name)| {
        let drafted = draft(definition.audience, view);
        let mail = mail::write(report, view, &drafted, &name, templates).map_err(RenderError::Template)?;
        let bytes = workbook::write(&drafted, input.company, input.as_of, strings, &definition.look)
            .map_err(|error| RenderError::Workbook { name: name.clone(), error })?;
        Ok(Document {
            report: report.to_owned(),
            department: view.share.department.map(str::to_owned),
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            attachments: vec![Attachment { name, bytes }],
            json: json::write(&about(report, view, &drafted), &drafted),
        })
    });
    documents.collect()
}

/// Names of files that every file system takes, each different from the others.
pub fn legal_names(wanted: &[String], ending: &str) -> Vec<String> {
    file_names::legal(wanted.iter().map(String::as_str), ending)
}

/// What a report's JSON says of it.
fn about<'d>(report: &'d str, view: &'d View<'_>, drafted: &'d Draft<'_>) -> json::About<'d> {
    json::About {
        report,
        title: &drafted.title,
        department: view.share.department,
        company: view.input.company,
        period: view.input.period.to_string(),
        revision: view.input.revision,
        as_of: view.input.as_of.to_string(),
    }
}

/// Drafts a view's report for its audience.
fn draft<'a>(audience: Audience, view: &'a View<'a>) -> Draft<'a> {
    match audience {
        Audience::Departments => department::draft(view),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => digest::draft(view),
    }
}
