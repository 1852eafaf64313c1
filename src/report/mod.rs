//! RENDER: the results of a run as workbooks and mails.
//!
//! Apart because what people see changes more often than what is checked. A report is drafted in blocks
//! (`department`, `digest`, `sheets`) from counts made once (`figures`), and a format turns blocks into bytes. Nothing
//! here reads a clock, a file of data or an address: the same run gives the same bytes.

pub mod access;
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
pub mod verification;
mod view;
mod warnings;
mod wording;

#[cfg(test)]
pub(crate) mod tests;

pub use definition::Audience;
pub use definition::LONGEST_WAIT;
pub use document::{Addressed, Attachment, Document};
pub use figures::{Counts, Coverage};
pub use filter::Named;
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
use input::Issue;
use persons::Personal;
use share::{Share, Shares, Sorting};
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
    if definition.is_reminder() && input.verification.is_none_or(|facts| !facts.is_due) {
        return Ok(Vec::new());
    }
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
    let making = Making { report, definition, templates, strings: templates.strings(input.language) };
    let customers = Customers::of_all(input);
    let wanted = making.wanted(input, &customers);
    let names = making.names(input, &wanted);
    let mut readers: Vec<Reader> = wanted.iter().map(|(_, reader)| *reader).collect();
    readers.sort_unstable();
    readers.dedup();
    let mut documents: Vec<(usize, Document)> = Vec::with_capacity(wanted.len());
    // Readers who may see the same share what is made of the run for them; one at a time is held.
    for reader in readers {
        let seen = Seen::of(input, &Lens::new(input.access, reader, input.language));
        let findings = seen.findings(input);
        let input = ReportInput { reader, ..seen.input(input, &findings) };
        let mut shares = share::split(&input, &customers, definition.sorting);
        let mut personal = making.personal(&input, &shares, &customers);
        divide(&input, shares.departments.iter_mut().chain([&mut shares.whole]));
        divide(&input, personal.iter_mut().map(|personal| &mut personal.share));
        for (place, (whose, _)) in wanted.iter().enumerate().filter(|(_, (_, own))| *own == reader) {
            let personal = match whose {
                Whom::Personal(key) => match personal.iter().find(|personal| personal.key() == *key) {
                    Some(personal) => Some(personal),
                    None => continue,
                },
                _ => None,
            };
            let share = match (whose, personal) {
                (_, Some(personal)) => &personal.share,
                (Whom::Department(number), _) => &shares.departments[*number],
                _ => &shares.whole,
            };
            if let Some(document) = making.document(&input, share, personal, &shares, &names[place], is_wanted)? {
                documents.push((place, document));
            }
        }
    }
    documents.sort_by_key(|(place, _)| *place);
    Ok(documents.into_iter().map(|(_, document)| document).collect())
}

/// Whose a document is.
enum Whom<'a> {
    /// Everybody's.
    All,
    /// A department's, by its place among those that get reports.
    Department(usize),
    /// A person's, or what of a department's people no mail reaches.
    Personal(persons::Key<'a>),
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
    /// Every document that there may be, with who reads it. What is shown for approval, the leader reads first.
    fn wanted<'a>(&self, input: &'a ReportInput<'a>, customers: &Customers) -> Vec<(Whom<'a>, Reader)> {
        let audience = self.definition.audience;
        let seen = |reader: Reader| match input.issue.is_draft {
            true => reader.no_more_than(input.access.leader),
            false => reader,
        };
        match audience {
            Audience::Departments => {
                let departments = share::recipients(input).into_iter().enumerate();
                departments
                    .map(|(number, name)| (Whom::Department(number), seen(input.access.reader(audience, Some(name)))))
                    .collect()
            }
            Audience::Persons => {
                let shares = share::split(input, customers, Sorting::Together);
                let personal = self.personal(input, &shares, customers);
                let reader = |clearance| seen(Reader { clearance, unmasked: false });
                personal.iter().map(|one| (Whom::Personal(one.key()), reader(one.clearance))).collect()
            }
            Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => {
                vec![(Whom::All, seen(input.access.reader(audience, None)))]
            }
        }
    }

    /// What each person has to see to, where the report is for persons.
    fn personal<'a>(
        &self,
        input: &'a ReportInput<'a>,
        shares: &Shares<'a>,
        customers: &Customers,
    ) -> Vec<Personal<'a>> {
        match self.definition.audience {
            Audience::Persons => persons::split(input, shares, customers, self.definition.sending.copy_manager_after),
            _ => Vec::new(),
        }
    }

    /// The workbooks' names, each different from all others.
    fn names(&self, input: &ReportInput<'_>, wanted: &[(Whom<'_>, Reader)]) -> Vec<Names> {
        let departments = share::recipients(input);
        let named = |(whose, _): &(Whom<'_>, Reader)| {
            let (department, person) = match whose {
                Whom::All => (None, None),
                Whom::Department(number) => (Some(departments[*number]), None),
                Whom::Personal(key) => (Some(key.department), key.person.map(|(name, _)| name)),
            };
            view::attachment(input, self.definition, self.strings, department, person)
        };
        let mut all: Vec<String> = wanted.iter().map(named).collect();
        let apart: Vec<String> =
            all.iter().map(|name| self.strings.fill("file.important", &[("name", name)])).collect();
        all.extend(apart);
        let mut legal = file_names::legal(all.iter().map(String::as_str), "xlsx");
        let apart = legal.split_off(wanted.len());
        legal.into_iter().zip(apart).map(|(all, apart)| Names { all, apart }).collect()
    }

    /// One document; nothing where it is not wanted, or holds nothing to do and need not be sent then.
    fn document<'a>(
        &'a self,
        input: &'a ReportInput<'a>,
        share: &'a Share<'a>,
        personal: Option<&Personal<'a>>,
        shares: &'a Shares<'a>,
        names: &'a Names,
        is_wanted: &dyn Fn(&Document) -> bool,
    ) -> Result<Option<Document>, RenderError> {
        // who may not see what he has to do hears at least that there is something
        let has_work = share.figures.total.counts.to_do() > 0 || personal.is_some_and(|personal| personal.left_out > 0);
        let apart = (!share.apart.is_empty()).then_some(names.apart.as_str());
        let mut view = View::new(input, share, shares, self.strings, self.definition).beside(apart);
        view.person = personal.and_then(|personal| personal.person).map(|person| person.name.as_str());
        let outline = outline(self.report, &view, personal);
        if (self.definition.sending.only_to_do && !has_work) || !is_wanted(&outline) {
            return Ok(None);
        }
        let lead = lead(&view, personal);
        let mut drafted = draft(&view);
        access::gate::shut(&mut drafted, view.lens);
        let mail =
            mail::write(self.report, &view, &drafted, &names.all, self.templates).map_err(RenderError::Template)?;
        let json = json::write(&about(self.report, &view, &drafted), &drafted);
        let mut attachments = match input.verification.filter(|_| self.definition.verification.is_some()) {
            Some(facts) => facts.lists_of(&view).map(|list| list.attachment.clone()).collect(),
            None => vec![self.workbook(drafted, &view, &names.all)?],
        };
        if let Some(name) = apart {
            attachments.push(self.important(input, share, shares, name)?);
        }
        let document =
            Document { subject: mail.subject, text: mail.text, html: mail.html, attachments, json, ..outline };
        Ok(Some(document.led_by(&lead)))
    }

    /// The workbook of important customers: the lists alone.
    fn important<'a>(
        &'a self,
        input: &'a ReportInput<'a>,
        share: &'a Share<'a>,
        shares: &'a Shares<'a>,
        name: &str,
    ) -> Result<Attachment, RenderError> {
        let definition = self.definition.of_lists();
        let share = share.of_the_apart();
        let view = View::new(input, &share, shares, self.strings, &definition);
        let title = self.strings.fill("file.important", &[("name", &view.title())]);
        let mut drafted = Draft { title, sheets: sheets::make(&view), mail: std::collections::BTreeMap::new() };
        access::gate::shut(&mut drafted, view.lens);
        self.workbook(drafted, &view, name)
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

/// Leaves of the findings of each share those of this part; important customers apart are in the first.
fn divide<'s, 'a: 's>(input: &ReportInput<'_>, shares: impl Iterator<Item = &'s mut Share<'a>>) {
    let (number, parts) = input.issue.part;
    if parts <= 1 {
        return;
    }
    for share in shares {
        share.findings = part_of(&share.findings, input);
        if number > 1 {
            share.apart = share::Places::default();
        }
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
    let lists = view.input.verification.filter(|_| view.definition.verification.is_some());
    let lists = lists.into_iter().flat_map(|facts| facts.lists_of(view)).map(|list| list.secrecy);
    let person = personal.and_then(|personal| personal.person);
    Document {
        report: report.to_owned(),
        department: view.share.department.map(str::to_owned),
        addressed: Addressed {
            person: person.map(|person| (person.name.clone(), person.department.clone())),
            copies_manager: personal.is_some_and(|personal| personal.overdue > 0),
            is_draft: view.input.issue.is_draft,
        },
        secrecy: lists.chain([view.level()]).max().unwrap_or_default(),
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
        _ if view.definition.verification.is_some() => verification::draft(view),
        Audience::Departments | Audience::Persons => department::draft(view),
        Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => digest::draft(view),
    }
}
