//! String tables and templates: complete, used, and wrong ones found at their place.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::fixture::Run;
use crate::report::customers::Customers;
use crate::report::share::Sorting;
use crate::report::strings::{Strings, fill};
use crate::report::view::View;
use crate::report::{Audience, TemplateProblem, Templates};
use crate::report::{digest, mail, share};
use crate::text::Language;

fn built_in(name: &str) -> String {
    let files = Templates::built_in_files();
    let (_, bytes) = files.iter().find(|(file, _)| file == name).expect("a built-in file");
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn keys(language: Language, file: &str) -> BTreeSet<String> {
    Strings::read(language, &built_in(file), None).expect("a table").keys().map(str::to_owned).collect()
}

/// The sources of this stage but its tests, and the built-in templates.
fn sources() -> String {
    let stage = Path::new(file!()).ancestors().nth(2).expect("the stage");
    // The page takes its words from the same tables.
    let mut folders = vec![stage.to_path_buf(), stage.with_file_name("page")];
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() && !entry.ends_with("tests") {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&fs::read_to_string(entry).expect("a source"));
            }
        }
    }
    for (_, bytes) in Templates::built_in_files().iter().filter(|(name, _)| name.ends_with(".j2")) {
        text.push_str(&String::from_utf8_lossy(bytes).replace("words.", "\"").replace(" }}", "\""));
    }
    text
}

#[test]
fn both_tables_have_the_keys_that_are_used_and_no_others() {
    let zh = keys(Language::Zh, "strings.zh.toml");
    assert_eq!(zh, keys(Language::En, "strings.en.toml"));
    let tables: BTreeSet<&str> = zh.iter().filter_map(|key| key.split_once('.')).map(|(table, _)| table).collect();
    let sources = sources();
    let used: BTreeSet<&str> = sources
        .split('"')
        .filter(|literal| literal.split_once('.').is_some_and(|(table, _)| tables.contains(table)))
        .filter(|literal| literal.chars().all(|letter| letter.is_ascii_lowercase() || "._".contains(letter)))
        .collect();
    // A file of the page is called like a table of its words.
    for key in used.iter().filter(|key| !key.ends_with(".css") && !key.ends_with(".js")) {
        assert!(zh.contains(*key), "{key} is used and has no wording");
    }
    for key in &zh {
        // Reasons of skipped rows come from the load notes; the words of verification lists are a table of their own.
        let elsewhere = key.starts_with("skip.") || key.starts_with("verification.");
        assert!(used.contains(key.as_str()) || elsewhere, "{key} is used nowhere");
    }
}

#[test]
fn every_variable_of_templates_is_documented() {
    let (run, templates) = (Run::new(), Templates::built_in().expect("the built-in templates"));
    let input = run.input();
    let shares = share::split(&input, &Customers::of_all(&input), Sorting::Together);
    let definition = templates.definition("service-digest").expect("a report");
    let view = View::new(&input, &shares.whole, &shares, templates.strings(Language::Zh), definition);
    let readme = built_in("README.md");
    for name in mail::names(&view, &digest::draft(&view)) {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn both_languages_fill_the_same_places() {
    let tables = [(Language::Zh, "strings.zh.toml"), (Language::En, "strings.en.toml")]
        .map(|(language, file)| Strings::read(language, &built_in(file), None).expect("a table"));
    let places = |text: &str| -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}'))
            .map(|(place, _)| place.replace("padded", "number"))
            .collect()
    };
    for key in tables[0].keys() {
        assert_eq!(places(tables[0].get(key)), places(tables[1].get(key)), "{key}");
    }
    assert_eq!(fill("{a}{b} {x} {", &[("a", &"{b}"), ("b", &1)]), "{b}1 {x} {");
}

/// A folder of templates for one test.
struct Overlay(PathBuf);

impl Overlay {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("hedui-templates-{}-{name}", std::process::id()));
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        Self(folder)
    }

    fn load(&self) -> Result<Templates, Vec<TemplateProblem>> {
        Templates::load(Some(&self.0))
    }

    fn problem(&self) -> (String, usize, usize, String) {
        let problem = self.load().expect_err("a mistake").remove(0);
        (problem.file, problem.line, problem.column, problem.message.en)
    }
}

impl Drop for Overlay {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn mistakes_in_templates_are_found_at_their_place() {
    let with = |name: &str, file: &str, text: &str| Overlay::new(name, &[(file, text)]).problem();
    let report = built_in("department-weekly/report.toml");
    let typo = report.replace("mail_rows", "mail_rowz");
    let (file, line, _, message) = with("key", "department-weekly/report.toml", &typo);
    let expected = typo.lines().position(|line| line.starts_with("mail_rowz")).map(|at| at + 1);
    assert_eq!((file.as_str(), Some(line)), ("department-weekly/report.toml", expected), "{message}");
    assert!(message.contains("mail_rowz"), "{message}");
    let typo = report.replace("\"severity\"", "\"severty\"");
    let (_, line, column, message) = with("column", "department-weekly/report.toml", &typo);
    assert_eq!(Some(line), typo.lines().position(|line| line.contains("severty")).map(|at| at + 1));
    assert_eq!((column, message.as_str()), (9, "severty means nothing here"));
    let typo = report.replace("_{period}", "_{perod}");
    assert!(with("place", "department-weekly/report.toml", &typo).3.contains("{perod}"));
    let body = "第一行\n{% if figures.to_do > 0 %}\n{% else %}{{ figurs.new }}{% endif %}\n";
    let (file, line, column, message) = with("variable", "service-digest/body.zh.txt.j2", body);
    assert_eq!((file.as_str(), line), ("service-digest/body.zh.txt.j2", 3), "{message}");
    assert!(column > 0 && message.contains("figurs") | message.contains("undefined"), "{message}");
    let (_, line, _, message) = with("member", "service-digest/body.zh.txt.j2", "\n{{ figures.newer }}");
    assert_eq!((line, message.contains("undefined")), (2, true), "{message}");
    let (_, line, _, message) = with("syntax", "service-digest/body.zh.txt.j2", "\n{% if %}");
    assert_eq!(line, 2, "{message}");
    let (file, line, _, message) = with("word", "strings.zh.toml", "[status]\nnew = \"新\"\nneu = \"新\"\n");
    assert_eq!((file.as_str(), line, message.as_str()), ("strings.zh.toml", 3, "no wording is called status.neu"));
    assert!(with("name", "service-digest/body.zh.htm.j2", "x").3.contains("nothing reads"));
}

#[test]
fn a_workplace_overrides_file_by_file_and_adds_reports_of_its_own() {
    let mut files: Vec<(String, String)> = Templates::built_in_files()
        .into_iter()
        .filter_map(|(name, bytes)| {
            Some((name.strip_prefix("service-digest/")?.to_owned(), String::from_utf8(bytes.to_vec()).ok()?))
        })
        .filter(|(name, _)| !name.contains(".en."))
        .map(|(name, text)| (format!("leader-brief/{name}"), text.replace("\"service\"", "\"leader\"")))
        .collect();
    files.push(("strings.zh.toml".to_owned(), "\u{feff}[status]\r\nnew = \"本期新增\"\r\n".to_owned()));
    files.push((".DS_Store".to_owned(), String::new()));
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let overlay = Overlay::new("own", &files);
    let templates = overlay.load().expect("good templates");
    let mut built_in = Templates::built_in().expect("the built-in templates").names().join(" ");
    assert!(!built_in.contains("leader-brief"));
    built_in += " leader-brief";
    let names: BTreeSet<&str> = templates.names().into_iter().collect();
    assert_eq!(names, built_in.split(' ').collect());
    assert_eq!(templates.audience("leader-brief"), Some(Audience::Leader));
    assert_eq!(templates.strings(Language::Zh).get("status.new"), "本期新增");
    assert_eq!(templates.strings(Language::Zh).get("status.open"), "仍未解决");
    assert!(templates.speaks("leader-brief", Language::Zh) && !templates.speaks("leader-brief", Language::En));
}
