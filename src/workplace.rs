//! A workplace, loaded: configuration, rules, working days, templates and waivers, checked against one another.
//!
//! Apart because every command starts with it: a mistake in any of these files is found here, before any data is
//! read. It reads no data and knows no run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::calendar::Calendar;
use crate::check;
use crate::check::condition;
use crate::check::scope::Parameters;
use crate::config::{self, Config, ConfigError};
use crate::dictionary::{Dictionary, FieldType, Table};
use crate::matching::Decisions;
use crate::model::SourceFile;
use crate::page;
use crate::params::{Placed, Problems};
use crate::problem::{Document, Problem};
use crate::report::{Named, TemplateProblem, Templates};
use crate::rule::{self, Choice, Pack, Waivers};
use crate::text;
use crate::text::{Language, Text};

/// Everything that the files of a workplace say.
pub struct Workplace {
    /// The configuration.
    pub config: Config,
    /// The dictionary and the rules.
    pub pack: Pack,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// The reports.
    pub templates: Templates,
    /// The lists of the reports.
    pub lists: Vec<rule::List>,
    /// The waivers.
    pub waivers: Waivers,
    /// What people decided about pairs of customers.
    pub decisions: Arc<Decisions>,
}

/// Numbers that stand in for those of rule files: by rule, by name.
pub type Instead = BTreeMap<String, BTreeMap<String, Decimal>>;

/// Why a workplace cannot be loaded.
#[derive(Debug)]
pub enum WorkplaceError {
    /// There is no configuration.
    NotFound(Text, Language),
    /// Files have mistakes.
    Problems(Vec<Problem>, Language),
}

impl Workplace {
    /// Loads the workplace whose configuration was named, or is found in this folder or above it.
    ///
    /// # Errors
    /// Every mistake in its files.
    pub fn load(named: Option<&Path>, here: &Path) -> Result<Self, WorkplaceError> {
        Self::load_with(named, here, &Instead::new())
    }

    /// The same with numbers that stand in for those of the rule files.
    ///
    /// # Errors
    /// Every mistake in its files.
    pub fn load_with(named: Option<&Path>, here: &Path, instead: &Instead) -> Result<Self, WorkplaceError> {
        let default = default_language();
        let path = config::find(named, here).map_err(|error| match error {
            ConfigError::NotFound(text) => WorkplaceError::NotFound(text, default),
            ConfigError::Problems(problems) => WorkplaceError::Problems(problems, default),
        })?;
        let language = config::peek_language(&path).unwrap_or(default);
        let mut problems = Vec::new();
        let config = match config::read(&path) {
            Ok(config) => Some(config),
            Err(ConfigError::NotFound(text)) => return Err(WorkplaceError::NotFound(text, language)),
            Err(ConfigError::Problems(found)) => {
                problems.extend(found);
                None
            }
        };
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let mut choice = config.as_ref().map(choice).unwrap_or_default();
        choice.instead.clone_from(instead);
        let pack = gather(Pack::load(sub_folder(&folder, "rules").as_deref(), &choice), &mut problems);
        let calendar = gather(Calendar::load(sub_folder(&folder, "calendar").as_deref()), &mut problems);
        let templates = Templates::load(sub_folder(&folder, "report_templates").as_deref())
            .and_then(|templates| {
                let mistakes = if templates.are_edited() { page::rehearse(&templates) } else { Vec::new() };
                if mistakes.is_empty() { Ok(templates) } else { Err(mistakes) }
            })
            .map_err(|found| found.into_iter().map(|problem| template_problem(&folder, problem)).collect());
        let templates = gather(templates, &mut problems);
        let waivers = pack.as_ref().and_then(|pack| gather(Waivers::load(&folder, pack), &mut problems));
        let decisions = gather(rule::decided::load(&folder), &mut problems).unwrap_or_default();
        if let (Some(config), Some(pack)) = (&config, &pack) {
            check_sources(config, &pack.dictionary, &mut problems);
            check_choice(config, pack, &mut problems);
        }
        if let (Some(config), Some(templates)) = (&config, &templates) {
            check_reports(config, templates, &mut problems);
            check_reviewed(config, templates, &mut problems);
        }
        if let (Some(pack), Some(templates)) = (&pack, &templates) {
            check_cited(&folder, pack, templates, &mut problems);
            check_analysed(&folder, pack, templates, &mut problems);
            check_lists(&folder, pack, templates, &mut problems);
            check_filtered(&folder, pack, templates, &mut problems);
        }
        let lists = match (&pack, &templates) {
            (Some(pack), Some(templates)) => lists(&folder, pack, templates, &mut problems),
            _ => Vec::new(),
        };
        match (config, pack, calendar, templates, waivers) {
            (Some(config), Some(pack), Some(calendar), Some(templates), Some(waivers)) if problems.is_empty() => {
                Ok(Self {
                    config,
                    pack,
                    calendar: Arc::new(calendar),
                    templates,
                    lists,
                    waivers,
                    decisions: Arc::new(decisions),
                })
            }
            _ => Err(WorkplaceError::Problems(problems, language)),
        }
    }
}

/// The language before a configuration is read: Chinese, unless the environment speaks another one.
pub fn default_language() -> Language {
    let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| config::secrets::environment(name).filter(|value| !value.is_empty()));
    match spoken.as_deref() {
        Some(tag) if !tag.starts_with("zh") && tag != "C" && !tag.starts_with("C.") && tag != "POSIX" => Language::En,
        _ => Language::Zh,
    }
}

fn sub_folder(folder: &Path, name: &str) -> Option<PathBuf> {
    Some(folder.join(name)).filter(|path| path.is_dir())
}

fn gather<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

fn template_problem(folder: &Path, problem: TemplateProblem) -> Problem {
    let name = format!("report_templates/{}", problem.file);
    let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
    let end = problem.offset + problem.length;
    let made = Document::new(&name, &text).problem(problem.offset..end, problem.message);
    match problem.hint {
        Some(hint) => made.with_hint(hint),
        None => made,
    }
}

fn check_sources(config: &Config, dictionary: &Dictionary, problems: &mut Vec<Problem>) {
    let document = &config.document;
    let unknown_table = |written: &Placed<String>| {
        let name = &written.value;
        let message = text!("没有表“{name}”", "there is no table `{name}`");
        document.problem(written.span.clone(), message).with_suggestion(name, dictionary.words())
    };
    for table in config.guard.allow_empty.iter().chain(config.guard.tables.iter().map(|(table, _)| table)) {
        if dictionary.table(&table.value).is_none() {
            problems.push(unknown_table(table));
        }
    }
    for source in &config.sources {
        let Some(table) = dictionary.table(&source.table.value) else {
            problems.push(unknown_table(&source.table));
            continue;
        };
        if table.name == SourceFile::TABLE {
            let name = &table.name;
            let message = text!(
                "表“{name}”由程序填写，不能配数据源",
                "the table `{name}` is filled by the program and takes no source"
            );
            problems.push(document.problem(source.table.span.clone(), message));
        }
        let cells = &source.cells;
        let filled = cells.fill.iter().map(|(field, _)| field);
        let named = source.columns.iter().map(|(field, _)| field).chain(filled).chain(&cells.fill_down);
        let marked = source.workbook.marks.iter().map(|marks| &marks.field);
        for field in named.chain(&cells.serials).chain(&cells.further_rows).chain(marked) {
            let (word, name) = (&field.value, &table.name);
            if table.field(word).is_none() {
                let message = text!("表 {name} 没有字段“{word}”", "table {name} has no field `{word}`");
                problems.push(document.problem(field.span.clone(), message).with_suggestion(word, table.words()));
            }
        }
        problems.extend(cells.serials.iter().filter_map(|field| no_day(document, table, field)));
        problems.extend(cells.further_rows.first().filter(|_| table.key.is_none()).map(|field| {
            let name = &table.name;
            let message = text!(
                "表 {name} 没有主键，看不出哪些行属于同一条记录",
                "table {name} has no key to tell whose row one is"
            );
            document.problem(field.span.clone(), message)
        }));
    }
}

/// Says that a field whose numbers are to be days holds none.
fn no_day(document: &Document, table: &Table, written: &Placed<String>) -> Option<Problem> {
    let field = table.field(&written.value)?;
    let is_day = matches!(field.field_type, FieldType::Date | FieldType::DateTime);
    let name = &field.name;
    (!is_day).then(|| {
        document.problem(written.span.clone(), text!("字段 {name} 不是日期", "the field {name} holds no dates"))
    })
}

fn choice(config: &Config) -> Choice {
    Choice {
        packs: config.packs.iter().map(|pack| pack.value.clone()).collect(),
        conflicts: config.conflicts.iter().map(|(name, clause)| (name.value.clone(), clause.value.clone())).collect(),
        ..Choice::default()
    }
}

fn check_choice(config: &Config, pack: &Pack, problems: &mut Vec<Problem>) {
    let document = &config.document;
    let mut unknown = |written: &Placed<String>, message: Text, known: Vec<&str>| {
        let list = known.join(", ");
        let problem = document.problem(written.span.clone(), message);
        let near = crate::problem::nearest(&written.value, known.iter().copied()).is_some();
        problems.push(match near {
            true => problem.with_suggestion(&written.value, known),
            false => problem.with_hint(text!("可用：{list}", "known here: {list}")),
        });
    };
    for written in &config.packs {
        let known: Vec<&str> = pack.packs.iter().map(|pack| pack.id.as_str()).collect();
        if !known.contains(&written.value.as_str()) {
            let word = &written.value;
            unknown(written, text!("没有制度包“{word}”", "there is no policy pack `{word}`"), known);
        }
    }
    for (name, clause) in &config.conflicts {
        match pack.clauses.conflict(&name.value) {
            None => {
                let known = pack.clauses.conflicts.iter().map(|conflict| conflict.id.as_str()).collect();
                let word = &name.value;
                unknown(name, text!("没有“{word}”这处不一致", "the policies know no conflict `{word}`"), known);
            }
            Some(conflict) if !conflict.clauses.contains(&clause.value) => {
                let known = conflict.clauses.iter().map(String::as_str).collect();
                let word = &clause.value;
                unknown(clause, text!("“{word}”不是其中一条", "`{word}` is no side of it"), known);
            }
            Some(_) => {}
        }
    }
}

/// Reports, too, cite only clauses that there are.
fn check_cited(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    for (report, clause, span) in templates.cited() {
        if pack.clauses.clause(clause).is_none() {
            let name = format!("report_templates/{report}/report.toml");
            let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
            let message = text!("clauses.toml 里没有条款“{clause}”", "clauses.toml has no clause `{clause}`");
            problems
                .push(Document::new(&name, &text).problem(span, message).with_suggestion(clause, pack.clauses.ids()));
        }
    }
}

/// The lists of all reports: read here, where dictionary, rules and templates are known.
fn lists(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) -> Vec<rule::List> {
    let mut lists = Vec::new();
    for (report, source) in templates.definitions() {
        let name = format!("report_templates/{report}/report.toml");
        // As it stands on disk, if it does: places are counted in bytes.
        let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_else(|_| source.to_owned());
        lists.extend(
            gather(rule::listing::read(report, &Document::new(&name, &text), pack), problems).unwrap_or_default(),
        );
    }
    lists
}

/// The tables and fields that analyses read must be in the dictionary.
fn check_analysed(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    for (report, name, field, span) in templates.analysed() {
        let file = format!("report_templates/{report}/report.toml");
        let text = std::fs::read_to_string(folder.join(&file)).unwrap_or_default();
        let document = Document::new(&file, &text);
        match pack.dictionary.table(name) {
            None if field.is_empty() => problems.push(
                document
                    .problem(span, text!("没有表“{name}”", "there is no table `{name}`"))
                    .with_suggestion(name, pack.dictionary.words()),
            ),
            Some(table) if !field.is_empty() && table.field(field).is_none() => problems.push(
                document
                    .problem(span, text!("表 {name} 没有字段“{field}”", "table {name} has no field `{field}`"))
                    .with_suggestion(field, table.words()),
            ),
            _ => {}
        }
    }
}

/// Verification lists name only fields that customers have, and a condition that can be read.
fn check_lists(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    let dictionary = &pack.dictionary;
    let Some(table) = dictionary.table(&dictionary.customers.table) else { return };
    for report in templates.names() {
        let Some(settings) = templates.verification(report) else { continue };
        let name = format!("report_templates/{report}/report.toml");
        let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        let document = Document::new(&name, &text);
        for field in settings.named().filter(|field| table.field(field.get_ref()).is_none()) {
            let (word, table_name) = (field.get_ref(), &table.name);
            let message = text!("表 {table_name} 没有字段“{word}”", "table {table_name} has no field `{word}`");
            problems.push(document.problem(field.span(), message).with_suggestion(word, table.words()));
        }
        for key in settings.synonyms.keys() {
            if crate::verify::Answered::of_key(key.get_ref()).is_none() {
                let word = key.get_ref();
                let known = crate::verify::Answered::ALL.map(|(_, key)| key);
                let message = text!("没有核对结果“{word}”", "there is no result `{word}`");
                problems.push(document.problem(key.span(), message).with_suggestion(word, known));
            }
        }
        let found = Problems::new(document.clone());
        let positive = &settings.positive;
        let placed = Placed { value: positive.get_ref().clone(), span: positive.span() };
        if condition::parse(&placed, table, &Parameters::default(), &found).is_none() {
            let told = found.take();
            let line = told.first().map(|problem| problem.line(Language::En)).unwrap_or_default();
            let message = text!("条件读不懂：{line}", "the condition cannot be read: {line}");
            problems.push(document.problem(positive.span(), message));
        }
    }
}

/// What a report takes findings by, too.
fn check_filtered(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    for (report, what, word, span) in templates.filtered() {
        let (known, message): (Vec<&str>, Text) = match what {
            Named::Rule => (pack.all_rule_ids(), text!("没有规则“{word}”", "there is no rule `{word}`")),
            Named::Kind => (check::names(), text!("没有“{word}”这种检核", "there is no kind of check `{word}`")),
            Named::Clause => {
                (pack.clauses.ids(), text!("clauses.toml 里没有条款“{word}”", "clauses.toml has no clause `{word}`"))
            }
        };
        if !known.contains(&word) {
            let name = format!("report_templates/{report}/report.toml");
            let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
            problems.push(Document::new(&name, &text).problem(span, message).with_suggestion(word, known));
        }
    }
}

/// A report that is shown to the leader first needs one.
fn check_reviewed(config: &Config, templates: &Templates, problems: &mut Vec<Problem>) {
    if !config.people.leader.is_empty() {
        return;
    }
    for report in config.jobs.iter().flat_map(|job| &job.reports) {
        if templates.is_reviewed(&report.value) {
            let word = &report.value;
            let message = text!(
                "报告“{word}”要先送主管领导审阅，而没有写主管领导的邮箱",
                "the report `{word}` is for the leader's approval first, and no leader has an address"
            );
            problems.push(
                config
                    .document
                    .problem(report.span.clone(), message)
                    .with_hint(text!("请写上 [people] leader = [\"…@…\"]", "write [people] with leader = [\"…@…\"]")),
            );
        }
    }
}

fn check_reports(config: &Config, templates: &Templates, problems: &mut Vec<Problem>) {
    let known = templates.names();
    for report in config.jobs.iter().flat_map(|job| &job.reports) {
        if !known.contains(&report.value.as_str()) {
            let word = &report.value;
            let message = text!("没有报告“{word}”", "there is no report `{word}`");
            problems.push(
                config.document.problem(report.span.clone(), message).with_suggestion(word, known.iter().copied()),
            );
        }
    }
}
