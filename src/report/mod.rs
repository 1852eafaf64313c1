//! RENDER: the results of a run as workbooks and mails.
//!
//! Apart because what people see changes more often than what is checked. A report is drafted in blocks
//! (`department`, `digest`, `sheets`) from counts made once (`figures`), and a format turns blocks into bytes. Nothing
//! here reads a clock, a file of data or an address: the same run gives the same bytes.

pub mod input;

mod analysis;
mod blocks;
mod customers;
mod definition;
mod department;
mod digest;
mod document;
mod figures;
mod filter;
mod format;
mod listing;
mod look;
mod mail;
mod order;
mod persons;
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
pub use definition::LONGEST_WAIT;
pub use document::{Addressed, Attachment, Document};
pub use figures::{Counts, Coverage};
pub use filter::Named;
pub use input::ReportInput;
pub use problem::TemplateProblem;
pub use strings::Strings;
pub use templates::Templates;

use definition::Definition;
use document::Draft;
use format::{file_names, json, workbook};
use input::Issue;
use persons::Personal;
use share::Share;
use view::View;

use crate::model::Secrecy;
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

/// Makes a report of a run: one document a department or person, or one for all.
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
    let lists: Vec<String> = definition.sheets.iter().filter(|sheet| sheets::is_work_list(sheet)).cloned().collect();
    if lists.is_empty() {
        return Ok(Vec::new());
    }
    let further = Definition { sheets: lists, ..definition.clone() };
    let is_it = |made: &Document| made.department == document.department && made.addressed == document.addressed;
    let mut all = Vec::new();
    for number in 1..=parts {
        let definition = if number == 1 { definition } else { &further };
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
    let strings = templates.strings(input.language);
    // earlier runs were counted whole and by department: their figures are no measure for some of the findings
    let is_everything = definition.findings.is_everything();
    let taken = if is_everything { Vec::new() } else { definition.findings.of(input) };
    let findings = if is_everything { input.findings } else { &taken };
    let of_some = ReportInput {
        findings,
        upcoming: if is_everything { input.upcoming } else { &[] },
        trend: &[],
        ..input.clone()
    };
    let input = if is_everything && definition.audience != Audience::Persons { input } else { &of_some };
    let mut shares = share::split(input);
    let mut personal = match definition.audience {
        Audience::Persons => persons::split(input, &shares, definition.sending.copy_manager_after),
        _ => Vec::new(),
    };
    if input.issue.part.1 > 1 {
        let all = shares.departments.iter_mut().chain([&mut shares.whole]);
        for share in all.chain(personal.iter_mut().map(|personal| &mut personal.share)) {
            share.findings = part_of(&share.findings, input);
        }
    }
    let wanted: Vec<(&Share<'_>, Option<&Personal<'_>>)> = match definition.audience {
        Audience::Departments => shares.departments.iter().map(|share| (share, None)).collect(),
        Audience::Persons => personal.iter().map(|personal| (&personal.share, Some(personal))).collect(),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => {
            vec![(&shares.whole, None)]
        }
    };
    // who may not see what he has to do hears at least that there is something
    let has_work = |share: &Share<'_>, personal: Option<&Personal<'_>>| {
        share.figures.total.counts.to_do() > 0 || personal.is_some_and(|personal| personal.left_out > 0)
    };
    let wanted =
        wanted.into_iter().filter(|(share, personal)| !definition.sending.only_to_do || has_work(share, *personal));
    let (views, outlines): (Vec<View<'_>>, Vec<(Document, Vec<String>)>) = wanted
        .map(|(share, personal)| {
            let mut view = View::new(input, share, &shares, strings, definition);
            view.person = personal.and_then(|personal| personal.person).map(|person| person.name.as_str());
            let outline = outline(report, &view, personal);
            let lead = lead(&view, personal);
            (view, (outline, lead))
        })
        .filter(|(view, (outline, _))| is_wanted(outline) && listing::is_wanted(view))
        .unzip();
    let wanted_names: Vec<String> = views.iter().map(View::attachment).collect();
    let names = file_names::legal(wanted_names.iter().map(String::as_str), "xlsx");
    let documents = views.iter().zip(outlines).zip(names).map(|((view, (outline, lead)), name)| {
        let drafted = draft(view);
        let mail = mail::write(report, view, &drafted, &name, templates).map_err(RenderError::Template)?;
        // A chart says the day up to which its numbers go.
        let day = analysis::last_day(view).unwrap_or(input.as_of);
        let bytes = workbook::write(&drafted, input.company, day, strings, &definition.look)
            .map_err(|error| RenderError::Workbook { name: name.clone(), error })?;
        let document = Document {
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            attachments: vec![Attachment { name, bytes }],
            json: json::write(&about(report, view, &drafted), &drafted),
            ..outline
        };
        Ok(document.led_by(&lead))
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

/// The findings of this part: the gravest first, as lists have them, then in the order of rules and rows.
fn part_of(findings: &[u32], input: &ReportInput<'_>) -> Vec<u32> {
    let (number, parts) = input.issue.part;
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|place| std::cmp::Reverse(input.findings[*place as usize].severity));
    let bound = |part: u32| sorted.len() * part as usize / parts as usize;
    sorted[bound(number - 1)..bound(number)].to_vec()
}

/// A document without its contents: whose it is, and how confidential.
fn outline(report: &str, view: &View<'_>, personal: Option<&Personal<'_>>) -> Document {
    let findings = view.share.findings.iter().map(|place| view.finding(*place).secrecy);
    let changes = view.share.changes.iter().map(|place| view.change(*place).secrecy);
    let person = personal.and_then(|personal| personal.person);
    Document {
        report: report.to_owned(),
        department: view.share.department.map(str::to_owned),
        addressed: Addressed {
            person: person.map(|person| (person.name.clone(), person.department.clone())),
            copies_manager: personal.is_some_and(|personal| personal.overdue > 0),
            is_draft: view.input.issue.is_draft,
        },
        secrecy: findings.chain(changes).max().unwrap_or_default().max(Secrecy::Internal),
        ..Document::default()
    }
}

/// What comes before everything else in a body: counts only, as in all of it.
fn lead(view: &View<'_>, personal: Option<&Personal<'_>>) -> Vec<String> {
    let strings = view.strings;
    let mut lines = Vec::new();
    if view.input.issue.is_draft {
        let places: [(&str, &dyn std::fmt::Display); 2] = [("job", &view.input.job), ("period", &view.input.period)];
        lines.push(strings.fill("issue.draft_note", &places));
    }
    let Some(personal) = personal else { return lines };
    let (people, count) = personal.unreached;
    if people > 0 {
        lines.push(strings.fill("issue.unreached", &[("people", &people), ("count", &count)]));
    }
    if personal.overdue > 0 {
        let days = view.definition.sending.copy_manager_after.unwrap_or_default();
        lines.push(strings.fill("issue.overdue", &[("count", &personal.overdue), ("days", &days)]));
    }
    if personal.left_out > 0 {
        lines.push(strings.fill("issue.left_out", &[("count", &personal.left_out)]));
    }
    lines
}

/// Drafts a view's report.
fn draft<'a>(view: &'a View<'a>) -> Draft<'a> {
    match view.definition.audience {
        _ if view.definition.analysis.is_some() => analysis::draft(view),
        Audience::Departments | Audience::Persons => department::draft(view),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => digest::draft(view),
    }
}
