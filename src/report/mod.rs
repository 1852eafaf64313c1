//! RENDER: the results of a run as workbooks and mails.
//!
//! Apart because what people see changes more often than what is checked. A report is drafted in blocks
//! (`department`, `digest`, `sheets`) from counts made once (`figures`), and a format turns blocks into bytes. Nothing
//! here reads a clock, a file of data or an address: the same run gives the same bytes.

pub mod access;
pub mod input;

mod blocks;
mod customers;
mod definition;
mod department;
mod digest;
mod document;
mod figures;
mod format;
mod handling;
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
pub(crate) mod tests;

pub use definition::Audience;
pub use document::{Attachment, Document};
pub use figures::{Counts, Coverage};
pub use format::encrypted::{EncryptError, encrypt};
pub use input::ReportInput;
pub use problem::TemplateProblem;
pub use strings::Strings;
pub use templates::Templates;

use access::seen::Seen;
use access::{Lens, Reader};
use blocks::Block;
use customers::Customers;
use definition::Definition;
use document::Draft;
use format::{file_names, json, workbook};
use share::{Share, Shares};
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

/// Makes a report of a run: one document a department, or one for all; each of what its readers may see.
///
/// # Errors
/// Where there is no such report, a template breaks or a workbook cannot be written.
pub fn render(report: &str, input: &ReportInput<'_>, templates: &Templates) -> Result<Vec<Document>, RenderError> {
    let definition = templates.definition(report).ok_or_else(|| RenderError::UnknownReport(report.to_owned()))?;
    if !templates.speaks(report, input.language) {
        return Err(RenderError::NotInLanguage { report: report.to_owned(), language: input.language });
    }
    let making = Making { report, definition, templates, strings: templates.strings(input.language) };
    let wanted: Vec<Option<&str>> = match definition.audience {
        Audience::Departments => share::recipients(input).into_iter().map(Some).collect(),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => vec![None],
    };
    let names = making.names(input, &wanted);
    let readers: Vec<Reader> =
        wanted.iter().map(|department| input.access.reader(definition.audience, *department)).collect();
    let mut different = readers.clone();
    different.sort_unstable();
    different.dedup();
    let customers = Customers::of_all(input);
    let mut documents: Vec<(usize, Document)> = Vec::with_capacity(wanted.len());
    // Readers who may see the same share what is made of the run for them; one at a time is held.
    for reader in different {
        let seen = Seen::of(input, &Lens::new(input.access, reader, input.language));
        let findings = seen.findings(input);
        let input = ReportInput { reader, ..seen.input(input, &findings) };
        let shares = share::split(&input, &customers, definition.sorting);
        for (place, department) in wanted.iter().enumerate().filter(|(place, _)| readers[*place] == reader) {
            let share = match department {
                Some(_) => &shares.departments[place],
                None => &shares.whole,
            };
            debug_assert_eq!(share.department, *department);
            documents.push((place, making.document(&input, share, &shares, &names[place])?));
        }
    }
    documents.sort_by_key(|(place, _)| *place);
    Ok(documents.into_iter().map(|(_, document)| document).collect())
}

/// The names of a document's workbooks: that of all, and that of important customers.
struct Names {
    all: String,
    apart: String,
}

/// A report in the making.
struct Making<'m> {
    report: &'m str,
    definition: &'m Definition,
    templates: &'m Templates,
    strings: &'m Strings,
}

impl Making<'_> {
    /// The workbooks' names, each different from all others.
    fn names(&self, input: &ReportInput<'_>, wanted: &[Option<&str>]) -> Vec<Names> {
        let named = |department: &Option<&str>| view::attachment(input, self.definition, self.strings, *department);
        let mut all: Vec<String> = wanted.iter().map(named).collect();
        let apart: Vec<String> =
            all.iter().map(|name| self.strings.fill("file.important", &[("name", name)])).collect();
        all.extend(apart);
        let mut legal = file_names::legal(all.iter().map(String::as_str), "xlsx");
        let apart = legal.split_off(wanted.len());
        legal.into_iter().zip(apart).map(|(all, apart)| Names { all, apart }).collect()
    }

    fn document<'a>(
        &'a self,
        input: &'a ReportInput<'a>,
        share: &'a Share<'a>,
        shares: &'a Shares<'a>,
        names: &Names,
    ) -> Result<Document, RenderError> {
        let apart = (!share.apart.is_empty()).then_some(names.apart.as_str());
        let view = View::new(input, share, shares, self.strings, self.definition).beside(apart);
        let mut drafted = draft(self.definition.audience, &view);
        access::gate::shut(&mut drafted, view.lens);
        let mail =
            mail::write(self.report, &view, &drafted, &names.all, self.templates).map_err(RenderError::Template)?;
        let json = json::write(&about(self.report, &view, &drafted), &drafted);
        let mut attachments = vec![self.workbook(drafted, &view, &names.all)?];
        if let Some(name) = apart {
            let definition = self.definition.of_lists();
            let share = share.of_the_apart();
            let view = View::new(input, &share, shares, self.strings, &definition);
            let title = self.strings.fill("file.important", &[("name", &view.title())]);
            let mut drafted = Draft { title, sheets: sheets::make(&view), mail: std::collections::BTreeMap::new() };
            access::gate::shut(&mut drafted, view.lens);
            attachments.push(self.workbook(drafted, &view, name)?);
        }
        Ok(Document {
            report: self.report.to_owned(),
            department: share.department.map(str::to_owned),
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            attachments,
            held_because: None,
            json,
        })
    }

    /// A workbook, with what its readers must keep to at the foot of its first sheet.
    fn workbook(&self, mut drafted: Draft<'_>, view: &View<'_>, name: &str) -> Result<Attachment, RenderError> {
        if let Some(first) = drafted.sheets.first_mut() {
            // Nothing stands below a list: its filter would take it for a row.
            let is_list = |block: &Block<'_>| matches!(block, Block::Table(table) if table.is_list);
            let place = if first.blocks.iter().any(is_list) { 1 } else { first.blocks.len() };
            first.blocks.insert(place, Block::Note(handling::all(view)));
        }
        let level = view.strings.level(view.level());
        let bytes =
            workbook::write(&drafted, view.input.company, level, view.input.as_of, self.strings, &self.definition.look)
                .map_err(|error| RenderError::Workbook { name: name.to_owned(), error })?;
        Ok(Attachment::new(name.to_owned(), bytes))
    }
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
