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
mod filter;
mod format;
mod handling;
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
pub(crate) mod tests;

pub use definition::{Audience, LONGEST_WAIT};
pub use document::{Addressed, Attachment, Document};
pub use filter::Named;
pub use format::encrypted::{EncryptError, encrypt};
pub use input::ReportInput;
pub use problem::TemplateProblem;
pub use templates::Templates;

use access::seen::Seen;
use access::{Lens, Reader};
use blocks::Block;
use customers::Customers;
use definition::Definition;
use document::Draft;
use format::{file_names, json, workbook};
use input::Issue;
use persons::Personal;
use share::{Share, Shares};
use strings::Strings;
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
///
/// # Errors
/// As [`render`].
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

/// Whom one document is for.
#[derive(Clone, Copy)]
enum Whom<'a> {
    Department(&'a str),
    Personal(&'a Personal<'a>),
    All,
}

impl<'a> Whom<'a> {
    fn department(self) -> Option<&'a str> {
        match self {
            Whom::Department(name) => Some(name),
            Whom::Personal(personal) => Some(personal.department),
            Whom::All => None,
        }
    }

    fn personal(self) -> Option<&'a Personal<'a>> {
        match self {
            Whom::Personal(personal) => Some(personal),
            _ => None,
        }
    }

    /// What those who get it may see; a draft shows the one who approves no more than he may.
    fn reader(self, input: &ReportInput<'_>, audience: Audience) -> Reader {
        let reader = match self {
            Whom::Personal(personal) => personal.reader(input),
            _ => input.access.reader(audience, self.department()),
        };
        if !input.issue.is_draft {
            return reader;
        }
        let leader = input.access.leader;
        Reader { clearance: reader.clearance.min(leader.clearance), unmasked: reader.unmasked && leader.unmasked }
    }

    /// A document without its contents.
    fn outline(self, report: &str, input: &ReportInput<'_>) -> Document {
        let person = self.personal().and_then(|personal| personal.person);
        Document {
            report: report.to_owned(),
            department: self.department().map(str::to_owned),
            addressed: Addressed {
                person: person.map(|person| (person.name.clone(), person.department.clone())),
                copies_manager: self.personal().is_some_and(|personal| personal.overdue > 0),
                is_draft: input.issue.is_draft,
            },
            ..Document::default()
        }
    }
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
    // earlier runs were counted whole and by department: their figures are no measure for some of the findings
    let is_everything = definition.findings.is_everything();
    let taken = if is_everything { [Vec::new(), Vec::new()] } else { definition.findings.of(input) };
    let (findings, upcoming) =
        if is_everything { (input.findings, input.upcoming) } else { (taken[0].as_slice(), taken[1].as_slice()) };
    let of_some = ReportInput { findings, upcoming, trend: &[], ..input.clone() };
    let input = if is_everything && definition.audience != Audience::Persons { input } else { &of_some };
    let making = Making { report, definition, templates, strings: templates.strings(input.language) };
    let personal = match definition.audience {
        Audience::Persons => persons::split(input, definition.sending.copy_manager_after),
        _ => Vec::new(),
    };
    let mut wanted: Vec<Whom<'_>> = match definition.audience {
        Audience::Departments => share::recipients(input).into_iter().map(Whom::Department).collect(),
        Audience::Persons => personal.iter().map(Whom::Personal).collect(),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => vec![Whom::All],
    };
    let names = making.names(input, &wanted);
    let names: Vec<Names> = wanted
        .iter()
        .zip(names)
        .filter(|(whom, _)| is_wanted(&whom.outline(report, input)))
        .map(|(_, names)| names)
        .collect();
    wanted.retain(|whom| is_wanted(&whom.outline(report, input)));
    let readers: Vec<Reader> = wanted.iter().map(|whom| whom.reader(input, definition.audience)).collect();
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
        for (place, whom) in wanted.iter().enumerate().filter(|(place, _)| readers[*place] == reader) {
            let mut share = match whom {
                Whom::Department(name) => {
                    let own = shares.departments.iter().find(|share| share.department == Some(*name));
                    own.unwrap_or(&shares.whole).clone()
                }
                Whom::Personal(personal) => {
                    share::of_person(&input, &customers, definition.sorting, &shares.cards, personal)
                }
                Whom::All => shares.whole.clone(),
            };
            debug_assert_eq!(share.department, whom.department());
            if definition.sending.only_to_do && share.figures.total.counts.to_do() == 0 {
                continue;
            }
            if input.issue.part.1 > 1 {
                share = part_of(share, &input);
            }
            documents.push((place, making.document(&input, &share, &shares, &names[place], *whom)?));
        }
    }
    documents.sort_by_key(|(place, _)| *place);
    Ok(documents.into_iter().map(|(_, document)| document).collect())
}

/// The share whose lists are this part of it: the gravest findings first, as lists have them, then in the order of rules
/// and rows. What is apart comes with the first part.
fn part_of<'a>(mut share: Share<'a>, input: &ReportInput<'_>) -> Share<'a> {
    let (number, parts) = input.issue.part;
    share.findings.sort_by_key(|place| std::cmp::Reverse(input.findings[*place as usize].severity));
    let bound = |part: u32| share.findings.len() * part as usize / parts as usize;
    share.findings = share.findings[bound(number - 1)..bound(number)].to_vec();
    if number > 1 {
        share.apart = share::Places::default();
    }
    share
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
    lines
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
    fn names(&self, input: &ReportInput<'_>, wanted: &[Whom<'_>]) -> Vec<Names> {
        let named = |whom: &Whom<'_>| {
            let person = whom.personal().and_then(|personal| personal.person).map(|person| person.name.as_str());
            view::attachment(input, self.definition, self.strings, whom.department(), person)
        };
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
        whom: Whom<'_>,
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
        let document = Document {
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            attachments,
            secrecy: view.level().max(share.of_the_apart().level(input)),
            json,
            ..whom.outline(self.report, input)
        };
        Ok(document.led_by(&lead(&view, whom.personal())))
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
        Audience::Departments | Audience::Persons => department::draft(view),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => digest::draft(view),
    }
}
