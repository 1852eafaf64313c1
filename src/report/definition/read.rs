//! Reads a `report.toml`; every mistake is found, not only the first.
//!
//! Apart from the definition because it changes with every key. It knows sheets and columns by name only.

use serde::Deserialize;
use toml::Spanned;

use super::mistakes::Mistakes;
use super::{Audience, Definition, LONGEST_WAIT, Limits, ListColumn, Sending, Wording};
use crate::report::analysis;
use crate::report::analysis::settings::{Analysed, RawSettings};
use crate::report::filter::Filter;
use crate::report::look::{self, Look};
use crate::report::problem::TemplateProblem;
use crate::report::share::Sorting;
use crate::report::sheets::{self, work_list};
use crate::report::verification::Settings;
use crate::text;

/// The word for customers that are listed apart.
const APART: &str = "important";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDefinition {
    audience: Spanned<String>,
    title: Spanned<Wording>,
    attachment: Spanned<Wording>,
    sheets: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
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
        let mut raw: RawDefinition =
            toml::from_str(source).map_err(|error| vec![TemplateProblem::of_toml(file, source, &error)])?;
        let mut mistakes = Mistakes { file, source, problems: Vec::new() };
        let audience = Audience::WORDS.iter().find(|(word, _)| word == raw.audience.get_ref()).map(|(_, known)| *known);
        if audience.is_none() {
            mistakes.unknown(&raw.audience, &Audience::WORDS.map(|(word, _)| word));
        }
        names(&raw, audience, &mut mistakes);
        let sending = sending(&raw, audience, &mut mistakes);
        let lists = own_lists(&raw, &mut mistakes);
        known_sheets(&raw, &lists, &mut mistakes);
        let analysis = raw.analysis.take();
        let analysis = analysis.map(|settings| analysed(settings.into_inner(), &raw, audience, &mut mistakes));
        columns_are_there(&raw, &mut mistakes);
        if let Some(apart) = &raw.apart {
            mistakes.unknown(apart, &[APART]);
        }
        let work_list = raw.work_list.iter().map(|entry| column(entry, &mut mistakes)).collect();
        let audience = audience.filter(|_| mistakes.problems.is_empty()).ok_or(mistakes.problems)?;
        Ok(Self {
            audience,
            title: raw.title.into_inner(),
            attachment: raw.attachment.into_inner(),
            sheets: raw.sheets.into_inner().into_iter().map(Spanned::into_inner).collect(),
            work_list,
            limits: raw.limits,
            sorting: if raw.apart.is_some() { Sorting::ImportantApart } else { Sorting::Together },
            clauses: raw.clauses,
            name: file.split('/').next().unwrap_or_default().to_owned(),
            purpose: raw.purpose,
            lists,
            only_with_rows: raw.only_if.as_ref().is_some_and(|only_if| only_if.get_ref() == "rows"),
            analysis,
            verification: raw.verification,
            own_look: raw.look,
            look: Look::default(),
            findings: raw.findings,
            sending,
        })
    }
}

/// The title and the workbook's name, whose places must be filled.
fn names(raw: &RawDefinition, audience: Option<Audience>, mistakes: &mut Mistakes<'_>) {
    mistakes.places(&raw.title, &["kind"]);
    let person = (audience == Some(Audience::Persons)).then_some("person");
    let places: Vec<&str> = ["kind", "department", "period"].into_iter().chain(person).collect();
    mistakes.places(&raw.attachment, &places);
}

/// The names of the report's own lists, none of which may be another sheet's.
fn own_lists(raw: &RawDefinition, mistakes: &mut Mistakes<'_>) -> Vec<String> {
    if raw.sheets.get_ref().is_empty() && raw.verification.is_none() {
        mistakes.add(raw.sheets.span(), text!("至少要有一张工作表", "a workbook needs a sheet"));
    }
    let built_in = sheets::names();
    let mut own: Vec<String> = Vec::new();
    for name in raw.list.iter().filter_map(|list| list.name.as_ref()) {
        let word = name.get_ref();
        if built_in.contains(&word.as_str()) || own.contains(word) {
            mistakes.add(name.span(), text!("已有名为 {word} 的工作表", "a sheet is called {word} already"));
        }
        own.push(word.clone());
    }
    own
}

/// The sheets, each of which must be built in or one of the report's own lists.
fn known_sheets(raw: &RawDefinition, own: &[String], mistakes: &mut Mistakes<'_>) {
    let known: Vec<&str> = sheets::names().into_iter().chain(own.iter().map(String::as_str)).collect();
    for sheet in raw.sheets.get_ref() {
        mistakes.unknown(sheet, &known);
        let word = sheet.get_ref();
        if raw.analysis.is_none() && analysis::is_sheet(word) {
            let message = text!("工作表 {word} 需要 [analysis]", "the sheet {word} needs an [analysis]");
            mistakes.add(sheet.span(), message);
        }
    }
}

/// The definitions of an analysis, which not everybody may read.
fn analysed(
    settings: RawSettings,
    raw: &RawDefinition,
    audience: Option<Audience>,
    mistakes: &mut Mistakes<'_>,
) -> Analysed {
    if matches!(audience, Some(Audience::Departments | Audience::Persons | Audience::Administrator)) {
        let message = text!(
            "分析报告的读者只能是 leader、management 或 service",
            "an analysis is for leader, management or service"
        );
        mistakes.add(raw.audience.span(), message);
    }
    let (analysed, found) = settings.checked(&raw.clauses);
    for (span, message) in found {
        mistakes.add(span, message);
    }
    analysed
}

fn columns_are_there(raw: &RawDefinition, mistakes: &mut Mistakes<'_>) {
    let has_list = raw.sheets.get_ref().iter().any(|sheet| sheets::is_work_list(sheet.get_ref()));
    if has_list && raw.work_list.is_empty() {
        let message = text!("清单没有列：缺少 [[work_list]]", "a list without columns: no [[work_list]]");
        mistakes.add(raw.sheets.span(), message);
    }
}

fn sending(raw: &RawDefinition, audience: Option<Audience>, mistakes: &mut Mistakes<'_>) -> Sending {
    for (word, known) in raw.findings.fixed_words() {
        mistakes.unknown(word, &known);
    }
    if let Some(review) = &raw.review {
        mistakes.unknown(review, &["leader"]);
    }
    if let Some(only_if) = &raw.only_if {
        mistakes.unknown(only_if, &["to_do", "rows"]);
    }
    if let Some(days) = &raw.copy_manager_after {
        if !(1..=LONGEST_WAIT).contains(days.get_ref()) {
            mistakes.add(days.span(), text!("应为 1 到 {LONGEST_WAIT} 个工作日", "1 to {LONGEST_WAIT} working days"));
        } else if audience.is_some_and(|audience| audience != Audience::Persons) {
            let message = text!(
                "只有发给个人的报告（audience = \"persons\"）才抄送上级",
                "only reports to persons (audience = \"persons\") are copied to a manager"
            );
            mistakes.add(days.span(), message);
        }
    }
    Sending {
        is_reviewed: raw.review.is_some(),
        only_to_do: raw.only_if.as_ref().is_some_and(|only_if| only_if.get_ref() == "to_do"),
        copy_manager_after: raw.copy_manager_after.as_ref().map(|days| *days.get_ref()),
    }
}

fn column(column: &RawColumn, mistakes: &mut Mistakes<'_>) -> ListColumn {
    mistakes.unknown(&column.field, &work_list::FIELDS);
    if !(1..=255).contains(column.width.get_ref()) {
        mistakes.add(column.width.span(), text!("列宽应为 1 到 255", "a width is 1 to 255"));
    }
    if let Some(only) = &column.only {
        mistakes.unknown(only, &["taken_in"]);
    }
    ListColumn {
        field: column.field.get_ref().clone(),
        width: *column.width.get_ref(),
        only_taken_in: column.only.is_some(),
    }
}
