//! The files of a workplace held against one another: sources against the dictionary, choices against the rules, reports
//! against both.
//!
//! Apart from loading because each of these files is well-formed by itself. What one of them alone can say wrong, its own
//! reader tells.

use std::path::Path;

use super::gather;
use crate::check;
use crate::check::condition;
use crate::check::scope::Parameters;
use crate::config::Config;
use crate::dictionary::{Dictionary, FieldType, Table};
use crate::model::SourceFile;
use crate::params::{Placed, Problems};
use crate::problem::{Document, Problem};
use crate::report::{Named, Templates};
use crate::rule::{self, Pack};
use crate::text;
use crate::text::{Language, Text};

/// Sources name tables and fields that the dictionary has.
pub fn check_sources(config: &Config, dictionary: &Dictionary, problems: &mut Vec<Problem>) {
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

/// Packs, conflicts and their sides are ones that the rules have.
pub fn check_choice(config: &Config, pack: &Pack, problems: &mut Vec<Problem>) {
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

/// The file of a report's definition.
fn file(report: &str) -> String {
    format!("report_templates/{report}/report.toml")
}

/// The definition of a report as it stands on disk, for a mistake to be shown in it.
fn definition(folder: &Path, report: &str) -> Document {
    let name = file(report);
    let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
    Document::new(&name, &text)
}

/// Reports, too, cite only clauses that there are.
pub fn check_cited(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    for (report, clause, span) in templates.cited() {
        if pack.clauses.clause(clause).is_none() {
            let message = text!("clauses.toml 里没有条款“{clause}”", "clauses.toml has no clause `{clause}`");
            problems
                .push(definition(folder, report).problem(span, message).with_suggestion(clause, pack.clauses.ids()));
        }
    }
}

/// The lists of all reports: read here, where dictionary, rules and templates are known.
pub fn lists(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) -> Vec<rule::List> {
    let mut lists = Vec::new();
    for (report, source) in templates.definitions() {
        // As it stands on disk, if it does: places are counted in bytes.
        let written = Some(definition(folder, report)).filter(|document| !document.text.is_empty());
        let document = written.unwrap_or_else(|| Document::new(&file(report), source));
        lists.extend(gather(rule::listing::read(report, &document, pack), problems).unwrap_or_default());
    }
    lists
}

/// The tables and fields that analyses read must be in the dictionary.
pub fn check_analysed(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    for (report, name, field, span) in templates.analysed() {
        match pack.dictionary.table(name) {
            None if field.is_empty() => problems.push(
                definition(folder, report)
                    .problem(span, text!("没有表“{name}”", "there is no table `{name}`"))
                    .with_suggestion(name, pack.dictionary.words()),
            ),
            Some(table) if !field.is_empty() && table.field(field).is_none() => problems.push(
                definition(folder, report)
                    .problem(span, text!("表 {name} 没有字段“{field}”", "table {name} has no field `{field}`"))
                    .with_suggestion(field, table.words()),
            ),
            _ => {}
        }
    }
}

/// Verification lists name only fields that customers have, and a condition that can be read.
pub fn check_lists(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    let dictionary = &pack.dictionary;
    let Some(table) = dictionary.table(&dictionary.customers.table) else { return };
    for report in templates.names() {
        let Some(settings) = templates.verification(report) else { continue };
        let document = definition(folder, report);
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
pub fn check_filtered(folder: &Path, pack: &Pack, templates: &Templates, problems: &mut Vec<Problem>) {
    for (report, what, word, span) in templates.filtered() {
        let (known, message): (Vec<&str>, Text) = match what {
            Named::Rule => (pack.all_rule_ids(), text!("没有规则“{word}”", "there is no rule `{word}`")),
            Named::Kind => (check::names(), text!("没有“{word}”这种检核", "there is no kind of check `{word}`")),
            Named::Clause => {
                (pack.clauses.ids(), text!("clauses.toml 里没有条款“{word}”", "clauses.toml has no clause `{word}`"))
            }
        };
        if !known.contains(&word) {
            problems.push(definition(folder, report).problem(span, message).with_suggestion(word, known));
        }
    }
}

/// A report that is shown to the leader first needs one.
pub fn check_reviewed(config: &Config, templates: &Templates, problems: &mut Vec<Problem>) {
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

/// Jobs name reports that there are.
pub fn check_reports(config: &Config, templates: &Templates, problems: &mut Vec<Problem>) {
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
