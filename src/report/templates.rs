//! The reports that can be made: built in, and a workplace's own files in their place, all checked when loaded.
//!
//! Apart because `lint` must find every mistake without a run. It knows files and their names, not what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use include_dir::{Dir, include_dir};
use minijinja::{Environment, UndefinedBehavior};

use super::definition::Definition;
use super::look::{self, Look};
use super::problem::TemplateProblem;
use super::rehearsal;
use super::strings::{self, Strings};
use crate::model::Period;
use crate::text;
use crate::text::Language;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/report_templates");
const DEFINITION: &str = "report.toml";
/// The folder of the templates that stand in for those that a report has none of its own for.
const SHARED: &str = "shared";
/// The folder of the page, which is no mailed report.
const PAGE: &str = "page";

/// A part of a mail, one template each in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The subject line.
    Subject,
    /// The HTML body.
    Html,
    /// The plain body.
    Text,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 3] = [Part::Subject, Part::Html, Part::Text];

    /// The template's file in a report's folder.
    pub fn file(self, language: Language) -> &'static str {
        match (self, language) {
            (Part::Subject, Language::Zh) => "subject.zh.txt.j2",
            (Part::Subject, Language::En) => "subject.en.txt.j2",
            (Part::Html, Language::Zh) => "body.zh.html.j2",
            (Part::Html, Language::En) => "body.en.html.j2",
            (Part::Text, Language::Zh) => "body.zh.txt.j2",
            (Part::Text, Language::En) => "body.en.txt.j2",
        }
    }
}

/// Every language that reports are written in.
pub const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

/// All reports with their templates and words.
#[derive(Debug)]
pub struct Templates {
    engine: Environment<'static>,
    reports: BTreeMap<String, Definition>,
    strings: Vec<Strings>,
    sources: BTreeMap<String, String>,
    /// Files of the page that are no templates, by name.
    plain: BTreeMap<String, String>,
    /// Whether a workplace changed or added a file.
    edited: bool,
}

impl Templates {
    /// The built-in reports.
    pub fn built_in() -> Result<Self, Vec<TemplateProblem>> {
        Self::load(None)
    }

    /// The built-in reports, with a workplace's folder over them: its files win one by one, its folders are reports
    /// of its own.
    pub fn load(overlay: Option<&Path>) -> Result<Self, Vec<TemplateProblem>> {
        let mut problems = Vec::new();
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (name, bytes) in Self::built_in_files() {
            files.insert(name, String::from_utf8_lossy(bytes).into_owned());
        }
        let built_in = files.clone();
        if let Some(folder) = overlay {
            overlay::read(folder, &mut files, &mut problems);
        }
        let mut engine = Environment::new();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        engine.set_debug(true);
        let syntax = engine.syntax().to_builder().trim_blocks(true).lstrip_blocks(true).build();
        engine.set_syntax(syntax.unwrap_or_default());
        let mut reports = BTreeMap::new();
        let mut sources = BTreeMap::new();
        let mut plain = BTreeMap::new();
        for (name, source) in &files {
            if name.ends_with(".j2") {
                if let Err(error) = engine.add_template_owned(name.clone(), source.clone()) {
                    problems.push(TemplateProblem::of_template(name, source, &error));
                }
            } else if let Some((report, DEFINITION)) = name.split_once('/') {
                match Definition::read(name, source) {
                    Ok(definition) => {
                        reports.insert(report.to_owned(), definition);
                        sources.insert(report.to_owned(), source.clone());
                    }
                    Err(found) => problems.extend(found),
                }
            } else if name.split_once('/').is_some_and(|(folder, _)| folder == PAGE) {
                plain.insert(name.clone(), source.clone());
            }
        }
        overlay::complete(&files, &mut problems);
        let mut tables = Vec::new();
        for language in LANGUAGES {
            let file = strings::file_name(language);
            let original = built_in.get(file).map_or("", String::as_str);
            let own = files.get(file).map(String::as_str).filter(|own| *own != original);
            match Strings::read(language, original, own) {
                Ok(table) => tables.push(table),
                Err(found) => problems.extend(found),
            }
        }
        looks(&files, overlay, &mut reports, &mut problems);
        let templates = Self { engine, reports, strings: tables, sources, plain, edited: files != built_in };
        // What ships is rehearsed by the tests: again at each start it would only cost time.
        if problems.is_empty() && templates.edited {
            problems = rehearsal::rehearse(&templates);
        }
        if problems.is_empty() { Ok(templates) } else { Err(problems) }
    }

    /// Whether a workplace changed or added a file.
    pub fn are_edited(&self) -> bool {
        self.edited
    }

    /// The reports by name.
    pub fn names(&self) -> Vec<&str> {
        self.reports.keys().map(String::as_str).collect()
    }

    /// (report, the text of its definition): for what is read against the dictionary and the rules.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sources.iter().map(|(report, source)| (report.as_str(), source.as_str()))
    }

    /// The built-in files, by name.
    pub fn built_in_files() -> Vec<(String, &'static [u8])> {
        let mut files = Vec::new();
        let mut open = vec![&BUILT_IN];
        while let Some(folder) = open.pop() {
            open.extend(folder.dirs());
            for file in folder.files() {
                files.push((file.path().to_string_lossy().replace('\\', "/"), file.contents()));
            }
        }
        files.sort();
        files
    }

    /// A period as people say it.
    pub fn period(&self, language: Language, period: Period) -> String {
        self.strings(language).period_name(period)
    }

    /// The wordings below a section in a language, without the section's name.
    pub fn words(&self, language: Language, section: &str) -> BTreeMap<String, String> {
        self.strings(language).section(section)
    }

    /// A report's definition.
    pub(super) fn definition(&self, report: &str) -> Option<&Definition> {
        self.reports.get(report)
    }

    /// The words of a language.
    pub fn strings(&self, language: Language) -> &Strings {
        self.strings.iter().find(|table| table.language() == language).unwrap_or(&self.strings[0])
    }

    /// Whether a report is written in a language.
    pub(super) fn speaks(&self, report: &str, language: Language) -> bool {
        self.engine.get_template(&self.template(report, Part::Subject, language)).is_ok()
    }

    /// The template of a report's part: its own, or the one that reports without own templates share.
    fn template(&self, report: &str, part: Part, language: Language) -> String {
        let own = |part: Part, language| format!("{report}/{}", part.file(language));
        let has_own = LANGUAGES
            .iter()
            .any(|language| Part::ALL.iter().any(|part| self.engine.get_template(&own(*part, *language)).is_ok()));
        if has_own { own(part, language) } else { format!("{SHARED}/{}", part.file(language)) }
    }

    /// Fills a template of a report.
    pub(super) fn fill(
        &self,
        report: &str,
        part: Part,
        language: Language,
        context: minijinja::Value,
    ) -> Result<String, Box<TemplateProblem>> {
        self.fill_file(&self.template(report, part, language), context)
    }

    /// The text of a file of the page that is no template.
    pub fn text(&self, name: &str) -> &str {
        self.plain.get(name).map_or("", String::as_str)
    }

    /// Fills a template by the name of its file.
    ///
    /// # Errors
    /// Where there is none, or it breaks on what it is given.
    pub fn fill_file(&self, name: &str, context: minijinja::Value) -> Result<String, Box<TemplateProblem>> {
        let found = self.engine.get_template(name);
        let template = found.map_err(|error| Box::new(TemplateProblem::of_template(name, "", &error)))?;
        let filled = template.render(context).map_err(|error| {
            let place = error.name().unwrap_or(name).to_owned();
            let source = self.engine.get_template(&place).map(|at| at.source().to_owned()).unwrap_or_default();
            Box::new(TemplateProblem::of_template(&place, &source, &error))
        })?;
        Ok(filled.replace("\r\n", "\n"))
    }

    /// The variables that some templates name and nothing declares, with the place of the first mention.
    pub fn undeclared(&self, known: &BTreeSet<String>, meant: impl Fn(&str) -> bool) -> Vec<TemplateProblem> {
        let mut problems = Vec::new();
        let mut templates: Vec<_> = self.engine.templates().filter(|(name, _)| meant(name)).collect();
        templates.sort_by(|left, right| left.0.cmp(right.0));
        for (name, template) in templates {
            let missing: BTreeSet<String> = template.undeclared_variables(false).into_iter().collect();
            for variable in missing.iter().filter(|variable| !known.contains(*variable)) {
                let source = template.source();
                let start = mention(source, variable);
                let list = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                let message = text!("没有名为 {variable} 的变量", "no variable is called {variable}");
                problems.push(
                    TemplateProblem::at(name, source, start..start + variable.len(), message)
                        .with_hint(text!("可用：{list}", "known: {list}")),
                );
            }
        }
        problems
    }

    /// The names that the engine itself gives to every template.
    pub fn globals(&self) -> BTreeSet<String> {
        self.engine.globals().map(|(name, _)| name.to_owned()).collect()
    }
}

/// Gives every report its look: the shared one with the report's own changes.
fn looks(
    files: &BTreeMap<String, String>,
    overlay: Option<&Path>,
    reports: &mut BTreeMap<String, Definition>,
    problems: &mut Vec<TemplateProblem>,
) {
    let picture = |name: &str| match overlay {
        Some(folder) => std::fs::read(folder.join(name)),
        None => Err(std::io::ErrorKind::NotFound.into()),
    };
    let source = files.get(look::FILE).map_or("", String::as_str);
    let shared = match look::Written::read(source) {
        Ok(written) => written.over(&Look::default(), (look::FILE, source), picture, problems),
        Err(problem) => {
            problems.push(*problem);
            Look::default()
        }
    };
    for (report, definition) in reports {
        let file = format!("{report}/{DEFINITION}");
        let source = files.get(&file).map_or("", String::as_str);
        let beside = |name: &str| picture(&format!("{report}/{name}"));
        definition.look = definition.own_look.over(&shared, (&file, source), beside, problems);
    }
}

/// Where a template first mentions a variable inside a tag.
fn mention(source: &str, variable: &str) -> usize {
    let tags = source.match_indices("{{").chain(source.match_indices("{%")).map(|(at, _)| at);
    let found = tags.filter_map(|start| {
        let tag = &source[start..];
        let end = tag.find("}}").into_iter().chain(tag.find("%}")).min().unwrap_or(tag.len());
        tag[..end].find(variable).map(|at| start + at)
    });
    found.min().unwrap_or_default()
}

mod overlay;
