//! What a report is, from its `report.toml`: for whom, with which sheets and columns, under which name.
//!
//! Apart because a company changes these without touching the program, and every mistake in them must be found before
//! anything runs. It knows sheets and columns by name only.

use serde::Deserialize;
use toml::Spanned;

use super::analysis;
use super::analysis::settings::{Analysed, RawSettings};
use super::filter::Filter;
use super::look::{self, Look};
use super::problem::TemplateProblem;
use super::share::Sorting;
use super::sheets::{self, work_list};
use super::verification::Settings;
use crate::text;
use crate::text::{Language, Text};

/// The most working days after which a manager gets a copy.
pub const LONGEST_WAIT: u32 = 60;

/// Who a report is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Each department its own.
    Departments,
    /// The department that runs the customer data.
    Service,
    /// The leader in charge.
    Leader,
    /// Management.
    Management,
    /// Each person what is on him.
    Persons,
    /// Who runs the program.
    Administrator,
}

impl Audience {
    const WORDS: [(&str, Audience); 6] = [
        ("departments", Audience::Departments),
        ("service", Audience::Service),
        ("leader", Audience::Leader),
        ("management", Audience::Management),
        ("persons", Audience::Persons),
        ("administrator", Audience::Administrator),
    ];
}

/// The word for customers that are listed apart.
const APART: &str = "important";

/// A report as its `report.toml` defines it, checked.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Who it is for.
    pub audience: Audience,
    /// Its title, with places to fill.
    pub title: Wording,
    /// The name of its workbook without ending, with places to fill.
    pub attachment: Wording,
    /// The sheets of its workbook, in order.
    pub sheets: Vec<String>,
    /// The columns of its work list, in order.
    pub work_list: Vec<ListColumn>,
    /// What it cuts where.
    pub limits: Limits,
    /// Whether important customers are listed in a workbook of their own.
    pub sorting: Sorting,
    /// The ids of the clauses that it shows.
    pub clauses: Vec<Spanned<String>>,
    /// Its name: that of its folder.
    pub name: String,
    /// What it is for, in the mail and on its first sheet; nothing where its templates say so themselves.
    pub purpose: Option<Wording>,
    /// The names of its own lists.
    pub lists: Vec<String>,
    /// Whether it is not made where all of its lists are empty (`only_if = "rows"`).
    pub only_with_rows: bool,
    /// The definitions of its figures, where it is an analysis.
    pub analysis: Option<Analysed>,
    /// What it changes of the look that all reports share.
    pub own_look: look::Written,
    /// The look that comes of it.
    pub look: Look,
    /// What its verification list shows and asks; nothing where it attaches none.
    pub verification: Option<Settings>,
    /// Which findings it is about.
    pub findings: Filter,
    /// How and when it is sent.
    pub sending: Sending,
}

impl Definition {
    /// Whether it reminds of verification lists: where it is due daily, it goes out on some days only.
    pub fn is_reminder(&self) -> bool {
        self.sheets.iter().any(|sheet| sheets::is_progress(sheet))
    }
}

/// How and when a report is sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sending {
    /// Whether the leader approves it first (`review = "leader"`).
    pub is_reviewed: bool,
    /// Whether it is made only where there is something to do (`only_if = "to_do"`).
    pub only_to_do: bool,
    /// After how many working days a person's manager gets a copy.
    pub copy_manager_after: Option<u32>,
}

/// A wording in every language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    zh: String,
    en: String,
}

impl Wording {
    /// The wording of one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A column of the work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListColumn {
    /// Which one: a name of `work_list::FIELDS`.
    pub field: String,
    /// Its width in digits of the standard font.
    pub width: u16,
    /// Whether only a report that takes other departments' findings in has it.
    pub only_taken_in: bool,
}

/// How much a report shows before it says that there is more.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Rows of a table in the mail.
    pub mail_rows: usize,
    /// Rows of a table on the first sheet.
    pub overview_rows: usize,
    /// Skipped rows among the load notes.
    pub skipped_rows: usize,
    /// Days that the list of what falls due looks ahead.
    #[serde(default)]
    pub upcoming_days: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDefinition {
    audience: Spanned<String>,
    title: Spanned<Wording>,
    attachment: Spanned<Wording>,
    sheets: Spanned<Vec<Spanned<String>>>,
    limits: Limits,
    apart: Option<Spanned<String>>,
    #[serde(default)]
    work_list: Vec<RawColumn>,
    #[serde(default)]
    clauses: Vec<Spanned<String>>,
    purpose: Option<Wording>,
    #[serde(default)]
    list: Vec<RawList>,
    analysis: Option<Spanned<RawSettings>>,
    verification: Option<Settings>,
    #[serde(default)]
    look: look::Written,
    #[serde(default)]
    findings: Filter,
    review: Option<Spanned<String>>,
    only_if: Option<Spanned<String>>,
    copy_manager_after: Option<Spanned<u32>>,
}

/// What is read here of a `[[list]]`: its name. The rest is read against the dictionary and the rules.
#[derive(Deserialize)]
struct RawList {
    name: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    field: Spanned<String>,
    width: Spanned<u16>,
    only: Option<Spanned<String>>,
}

impl Definition {
    /// Reads a `report.toml`; every mistake is found, not only the first.
    pub fn read(file: &str, source: &str) -> Result<Self, Vec<TemplateProblem>> {
        let raw: RawDefinition =
            toml::from_str(source).map_err(|error| vec![TemplateProblem::of_toml(file, source, &error)])?;
        let mut check = Check { file, source, problems: Vec::new() };
        let audience = Audience::WORDS.iter().find(|(word, _)| word == raw.audience.get_ref()).map(|(_, known)| *known);
        if audience.is_none() {
            check.unknown(&raw.audience, &Audience::WORDS.map(|(word, _)| word));
        }
        check.places(&raw.title, &["kind"]);
        let person = (audience == Some(Audience::Persons)).then_some("person");
        let places: Vec<&str> = ["kind", "department", "period"].into_iter().chain(person).collect();
        check.places(&raw.attachment, &places);
        let sending = check.sending(&raw, audience);
        let only_with_rows = raw.only_if.as_ref().is_some_and(|only_if| only_if.get_ref() == "rows");
        if raw.sheets.get_ref().is_empty() && raw.verification.is_none() {
            check.add(raw.sheets.span(), text!("至少要有一张工作表", "a workbook needs a sheet"));
        }
        let built_in = sheets::names();
        let mut own: Vec<&str> = Vec::new();
        for name in raw.list.iter().filter_map(|list| list.name.as_ref()) {
            if built_in.contains(&name.get_ref().as_str()) || own.contains(&name.get_ref().as_str()) {
                let word = name.get_ref();
                check.add(name.span(), text!("已有名为 {word} 的工作表", "a sheet is called {word} already"));
            }
            own.push(name.get_ref());
        }
        let known: Vec<&str> = built_in.into_iter().chain(own.iter().copied()).collect();
        for sheet in raw.sheets.get_ref() {
            check.unknown(sheet, &known);
            let word = sheet.get_ref();
            if raw.analysis.is_none() && analysis::is_sheet(word) {
                let message = text!("工作表 {word} 需要 [analysis]", "the sheet {word} needs an [analysis]");
                check.add(sheet.span(), message);
            }
        }
        let analysed = raw.analysis.map(|settings| {
            if matches!(audience, Some(Audience::Departments | Audience::Persons | Audience::Administrator)) {
                let message = text!(
                    "分析报告的读者只能是 leader、management 或 service",
                    "an analysis is for leader, management or service"
                );
                check.add(raw.audience.span(), message);
            }
            let (analysed, mistakes) = settings.into_inner().checked(&raw.clauses);
            for (span, message) in mistakes {
                check.add(span, message);
            }
            analysed
        });
        let own = own.into_iter().map(str::to_owned).collect();
        let lists = raw.sheets.get_ref().iter().any(|sheet| sheets::is_work_list(sheet.get_ref()));
        if lists && raw.work_list.is_empty() {
            check.add(
                raw.sheets.span(),
                text!("清单没有列：缺少 [[work_list]]", "a list without columns: no [[work_list]]"),
            );
        }
        if let Some(apart) = &raw.apart {
            check.unknown(apart, &[APART]);
        }
        let sorting = if raw.apart.is_some() { Sorting::ImportantApart } else { Sorting::Together };
        let work_list = raw.work_list.iter().map(|column| check.column(column)).collect();
        let sheets = raw.sheets.into_inner().into_iter().map(Spanned::into_inner).collect();
        match (audience, check.problems.is_empty()) {
            (Some(audience), true) => Ok(Self {
                audience,
                title: raw.title.into_inner(),
                attachment: raw.attachment.into_inner(),
                sheets,
                work_list,
                limits: raw.limits,
                sorting,
                clauses: raw.clauses,
                name: file.split('/').next().unwrap_or_default().to_owned(),
                purpose: raw.purpose,
                lists: own,
                only_with_rows,
                analysis: analysed,
                verification: raw.verification,
                own_look: raw.look,
                look: Look::default(),
                findings: raw.findings,
                sending,
            }),
            _ => Err(check.problems),
        }
    }
}

impl Definition {
    /// The same report with its lists only: what a workbook of a part of the customers has.
    pub fn of_lists(&self) -> Self {
        let is_list =
            |name: &String| (sheets::is_work_list(name) && !sheets::is_of_owners(name)) || name == sheets::CHANGES;
        Self { sheets: self.sheets.iter().filter(|name| is_list(name)).cloned().collect(), ..self.clone() }
    }
}

/// The mistakes of one file in the making.
struct Check<'f> {
    file: &'f str,
    source: &'f str,
    problems: Vec<TemplateProblem>,
}

impl Check<'_> {
    fn add(&mut self, span: std::ops::Range<usize>, message: Text) {
        self.problems.push(TemplateProblem::at(self.file, self.source, span, message));
    }

    fn unknown(&mut self, word: &Spanned<String>, known: &[&str]) {
        let typed = word.get_ref();
        if !known.contains(&typed.as_str()) {
            let message = text!("这里不能写 {typed}", "{typed} means nothing here");
            let problem = TemplateProblem::at(self.file, self.source, word.span(), message);
            self.problems.push(problem.with_known(typed, known));
        }
    }

    fn sending(&mut self, raw: &RawDefinition, audience: Option<Audience>) -> Sending {
        for (word, known) in raw.findings.fixed_words() {
            self.unknown(word, &known);
        }
        if let Some(review) = &raw.review {
            self.unknown(review, &["leader"]);
        }
        if let Some(only_if) = &raw.only_if {
            self.unknown(only_if, &["to_do", "rows"]);
        }
        if let Some(days) = &raw.copy_manager_after {
            if !(1..=LONGEST_WAIT).contains(days.get_ref()) {
                self.add(days.span(), text!("应为 1 到 {LONGEST_WAIT} 个工作日", "1 to {LONGEST_WAIT} working days"));
            } else if audience.is_some_and(|audience| audience != Audience::Persons) {
                let message = text!(
                    "只有发给个人的报告（audience = \"persons\"）才抄送上级",
                    "only reports to persons (audience = \"persons\") are copied to a manager"
                );
                self.add(days.span(), message);
            }
        }
        Sending {
            is_reviewed: raw.review.is_some(),
            only_to_do: raw.only_if.as_ref().is_some_and(|only_if| only_if.get_ref() == "to_do"),
            copy_manager_after: raw.copy_manager_after.as_ref().map(|days| *days.get_ref()),
        }
    }

    fn column(&mut self, column: &RawColumn) -> ListColumn {
        self.unknown(&column.field, &work_list::FIELDS);
        if !(1..=255).contains(column.width.get_ref()) {
            self.add(column.width.span(), text!("列宽应为 1 到 255", "a width is 1 to 255"));
        }
        if let Some(only) = &column.only {
            self.unknown(only, &["taken_in"]);
        }
        ListColumn {
            field: column.field.get_ref().clone(),
            width: *column.width.get_ref(),
            only_taken_in: column.only.is_some(),
        }
    }

    /// Every `{place}` of a wording must be one that is filled.
    fn places(&mut self, wording: &Spanned<Wording>, known: &[&str]) {
        for language in [Language::Zh, Language::En] {
            let text = wording.get_ref().get(language);
            for place in text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(place, _)| place) {
                if !known.contains(&place) {
                    let list = known.join("}, {");
                    let message = text!("{{{place}}} 没有内容可填", "nothing fills {{{place}}}");
                    self.problems.push(
                        TemplateProblem::at(self.file, self.source, wording.span(), message)
                            .with_hint(text!("这里可用：{{{list}}}", "known here: {{{list}}}")),
                    );
                }
            }
        }
    }
}
