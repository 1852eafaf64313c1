//! `hedui reference`: the pages of docs/reference, made of what the program itself knows, so that they cannot say otherwise.
//!
//! Apart because only who writes documentation calls it. A page is a join of names that the code asks for and sentences of
//! `sentences.toml`; a name without a sentence, and a sentence without a name, is a mistake.

mod check_kinds;
mod command_line;
mod configuration;
mod exit_codes;
mod sentences;
mod variables;

use std::collections::BTreeSet;
use std::path::Path;

use super::talk::Talk;
use crate::exit_code::ExitCode;
use crate::text;
use crate::text::{Language, Text};
use sentences::Sentences;

/// A page: the name of its file, and its text in a language.
struct Page {
    file: &'static str,
    write: fn(Language, &Sentences) -> String,
}

const PAGES: [Page; 5] = [
    Page { file: "check-kinds.md", write: check_kinds::write },
    Page { file: "configuration.md", write: configuration::write },
    Page { file: "exit-codes.md", write: exit_codes::write },
    Page { file: "command-line.md", write: command_line::write },
    Page { file: "template-variables.md", write: variables::write },
];

const LANGUAGES: [(&str, Language); 2] = [("en", Language::En), ("zh", Language::Zh)];

/// Carries out the command.
pub fn run(folder: &Path, talk: &Talk) -> ExitCode {
    let language = crate::workplace::default_language();
    let sentences = Sentences::read();
    let said: BTreeSet<(&str, String)> = sentences.names();
    let asked: BTreeSet<(&str, String)> = [
        (sentences::CONFIGURATION, configuration::names()),
        (sentences::VARIABLES, variables::of_mails()),
        (sentences::PAGE, variables::of_the_page()),
    ]
    .into_iter()
    .flat_map(|(section, names)| names.into_iter().map(move |name| (section, name)))
    .collect();
    let mut is_whole = true;
    for (section, name) in asked.difference(&said) {
        is_whole = false;
        talk.error(&text!("[{section}] 缺少“{name}”的说明", "[{section}] has no sentence for `{name}`"), language);
    }
    for (section, name) in said.difference(&asked) {
        is_whole = false;
        talk.error(
            &text!("[{section}] 的“{name}”没有用处", "[{section}] has a sentence for `{name}`, which there is not"),
            language,
        );
    }
    if !is_whole {
        return ExitCode::Bug;
    }
    match write(folder, &sentences) {
        Ok(()) => ExitCode::Done,
        Err(error) => {
            let folder = folder.display();
            talk.error(&text!("写不了 {folder}：{error}", "cannot write {folder}: {error}"), language);
            ExitCode::Usage
        }
    }
}

fn write(folder: &Path, sentences: &Sentences) -> std::io::Result<()> {
    for (name, language) in LANGUAGES {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        for page in PAGES {
            std::fs::write(folder.join(page.file), (page.write)(language, sentences))?;
        }
    }
    Ok(())
}

/// The heading of a page, and how it came about.
fn heading(title: &Text, language: Language) -> String {
    let made = text!(
        "*本页由程序生成（`just reference`），请勿手改。*",
        "*This page is made of the program (`just reference`); do not edit it.*"
    );
    format!("# {}\n\n{}\n", title.get(language), made.get(language))
}

/// A table of Markdown.
fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut table = line(header.iter().map(|cell| (*cell).to_owned()).collect());
    table += &line(header.iter().map(|_| "---".to_owned()).collect());
    for row in rows {
        table += &line(row.iter().map(|cell| cell.replace('|', "\\|")).collect());
    }
    table
}

/// The word for a key that must be there.
fn must(is_required: bool, language: Language) -> String {
    let word = if is_required { text!("必须", "yes") } else { Text::default() };
    word.get(language).to_owned()
}
