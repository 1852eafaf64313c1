//! The invariants of the design that a reader of the source can check (design, "Invariants").
//!
//! Apart because these tests read the program's text and run nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::python::root;

/// A source file: its path below src/ (or the package), its text, and the text without unit tests and comments.
struct Source {
    name: String,
    text: String,
    code: String,
}

fn sources(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.sort();
    assert!(!paths.is_empty());
    let base = root().join(folder);
    paths
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&base).expect("below").display().to_string();
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            let is_test = name.contains("test");
            let untested =
                if is_test { "" } else { text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default() };
            let code =
                untested.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            Source { name, text, code }
        })
        .collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            paths.push(path);
        }
    }
}

/// Demands that certain words stand only in certain files (or folders, with a slash at the end).
#[track_caller]
fn only_in(words: &[&str], allowed: &[&str]) {
    for source in sources("src") {
        let free = allowed
            .iter()
            .any(|place| source.name == *place || (place.ends_with('/') && source.name.starts_with(place)));
        for (number, line) in source.code.lines().enumerate().filter(|_| !free) {
            for word in words {
                assert!(!line.contains(word), "`{word}` in src/{}, about line {}: {line}", source.name, number + 1);
            }
        }
    }
}

#[test]
fn polars_is_named_only_where_columns_are() {
    let allowed = [
        "source/",
        "dataset/",
        "check/",
        "engine/",
        "compare/",
        "history/bulk.rs",
        "history/snapshot.rs",
        "history/changes.rs",
    ];
    // these pass its errors on, and name nothing else of it
    let errors = ["export.rs", "history/trouble.rs", "pipeline/request.rs"];
    only_in(&["polars::"], &[allowed.as_slice(), &errors].concat());
    for source in sources("src").iter().filter(|source| errors.contains(&source.name.as_str())) {
        for line in source.code.lines().filter(|line| line.contains("polars")) {
            assert!(line.contains("PolarsError"), "src/{}: {line}", source.name);
        }
    }
}

#[test]
fn plans_are_collected_in_one_place() {
    only_in(
        &["select(outputs).collect()", "collect_all", "collect_with_engine", "collect_schema", "sink_"],
        &["engine/execute.rs"],
    );
    let execute = sources("src").into_iter().find(|source| source.name == "engine/execute.rs").expect("the file");
    let collects = execute.code.matches(".select(outputs).collect()").count();
    assert_eq!(collects, 1, "one plan, one collect");
}

#[test]
fn the_clock_is_read_once() {
    only_in(&["SystemTime::now", "Utc::now", "Local::now", "UtcDateTime::now", "Local::today"], &["clock.rs"]);
}

#[test]
fn the_environment_is_read_once() {
    only_in(&["env::var", "env::vars", "option_env!"], &["config/secrets.rs"]);
}

#[test]
fn only_commands_print() {
    only_in(&["println!", "print!(", "io::stdout"], &["main.rs", "commands/"]);
    only_in(&["io::stderr", "std::process::exit"], &["main.rs", "commands/", "telemetry.rs"]);
}

#[test]
fn only_the_transport_opens_smtp() {
    only_in(&["lettre::transport", "AsyncSmtp", "SmtpTransport", "TcpStream"], &["outbox/transport/"]);
}

#[test]
fn every_chance_has_a_seed() {
    only_in(&["thread_rng", "rand::rng", "from_os_rng", "rand::random"], &[]);
    // a salt that could be foreseen would be none
    only_in(&["rand_0_9"], &["report/format/encrypted.rs"]);
}

#[test]
fn stages_do_not_import_one_another_sideways() {
    let stages = ["source", "dataset", "rule", "check", "engine", "history", "report", "page", "outbox"];
    let allowed = [
        ("rule", "check"),
        ("check", "dataset"),
        ("source", "dataset"),
        ("engine", "rule"),
        ("engine", "check"),
        ("engine", "dataset"),
        ("history", "dataset"),
        // as it stands: how a source failed, and what changed, go from hand to hand as these stages' own types
        ("engine", "source"),
        ("history", "report"),
        // words, templates and figures are the reports'
        ("page", "report"),
    ];
    let above = ["pipeline", "commands", "workplace", "cli", "clock", "lock"];
    for source in sources("src") {
        let module = source.name.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        if !stages.contains(&module) {
            continue;
        }
        for import in imports(&source.code) {
            let sideways =
                stages.contains(&import.as_str()) && import != module && !allowed.contains(&(module, import.as_str()));
            assert!(!sideways, "src/{} imports crate::{import}", source.name);
            assert!(!above.contains(&import.as_str()), "src/{} imports crate::{import}", source.name);
        }
    }
    for source in sources("src").iter().filter(|source| source.name.starts_with("model/")) {
        let imports: Vec<String> =
            imports(&source.code).into_iter().filter(|import| !["model", "text"].contains(&import.as_str())).collect();
        assert!(imports.is_empty(), "src/{} imports {imports:?}", source.name);
    }
}

fn imports(code: &str) -> BTreeSet<String> {
    let word =
        |rest: &str| rest.chars().take_while(|character| character.is_ascii_lowercase() || *character == '_').collect();
    code.split("crate::").skip(1).map(word).filter(|word: &String| !word.is_empty()).collect()
}

#[test]
fn no_field_is_known_to_the_code() {
    let text = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("the dictionary");
    let dictionary: toml::Table = text.parse().expect("TOML");
    let mut words = BTreeSet::new();
    // what the program itself fills in, from the files that it read
    let company = |table: &&toml::Value| table["name"].as_str() != Some("source_files");
    for table in dictionary["table"].as_array().expect("tables").iter().filter(company) {
        for field in table["field"].as_array().expect("fields") {
            words.insert(format!("\"{}\"", field["label"].as_str().expect("a label")));
            let name = field["name"].as_str().expect("a name");
            // short words are other things' names too
            if name.contains('_') {
                words.insert(format!("\"{name}\""));
            }
        }
    }
    // words below a table, by which a signature or a note is told from a record, and two of place names
    let own = ["\"审核人\"", "\"备注\"", "\"城市\"", "\"区域\""];
    // headers of what every finding and record has, whatever its fields
    let of_all = ["\"字段\"", "\"部门\"", "\"记录编号\"", "\"客户名称\"", "\"负责人\""];
    assert!(words.len() > 60);
    for source in sources("src").iter().filter(|source| !source.name.starts_with("demo/")) {
        let of_all: &[&str] = match source.name.as_str() {
            "rule/listing/item.rs" | "commands/changes.rs" => &of_all,
            _ => &[],
        };
        let known = |word: &&String| own.contains(&word.as_str()) || of_all.contains(&word.as_str());
        for word in words.iter().filter(|word| !known(word)) {
            assert!(!source.code.contains(word.as_str()), "src/{} knows the field {word}", source.name);
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for folder in ["src", "tests/it", "benches"] {
        for source in sources(folder) {
            assert!(source.text.starts_with("//! "), "{folder}/{} does not open with //!", source.name);
        }
    }
}

#[test]
fn both_languages_have_every_word_of_the_reports() {
    let read = |language: &str| -> toml::Table {
        let path = root().join(format!("report_templates/strings.{language}.toml"));
        std::fs::read_to_string(path).expect("strings").parse().expect("TOML")
    };
    let (zh, en) = (words(&read("zh")), words(&read("en")));
    let keys = |words: &[(String, String)]| words.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&zh), keys(&en));
    for ((key, zh), (_, en)) in zh.iter().zip(&en) {
        assert!(!zh.is_empty() && !en.is_empty(), "{key}");
        let foreign = en.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
        assert!(!foreign, "{key} in English: {en}");
        if key != "period.year" {
            let holes = |text: &str| {
                text.split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split('}').next())
                    .map(|hole| hole.replace("padded", "number"))
                    .collect::<BTreeSet<_>>()
            };
            assert_eq!(holes(zh), holes(en), "{key}");
        }
    }
}

/// section.key and wording, in order.
fn words(strings: &toml::Table) -> Vec<(String, String)> {
    let mut words = Vec::new();
    for (section, entries) in strings {
        for (key, wording) in entries.as_table().expect("a section") {
            words.push((format!("{section}.{key}"), wording.as_str().expect("a wording").to_owned()));
        }
    }
    words.sort();
    words
}

#[test]
fn the_map_of_the_architecture_names_every_module() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map");
    let map = text.split("```").nth(1).expect("the folders");
    let modules: BTreeSet<String> = std::fs::read_dir(root().join("src"))
        .expect("src")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .filter(|name| !name.contains('.'))
        .collect();
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    for module in &modules {
        let named = map.match_indices(module.as_str()).any(|(at, _)| {
            let (before, after) = (&map[..at], &map[at + module.len()..]);
            !before.ends_with(is_letter) && (after.starts_with('/') || after.starts_with(".rs"))
        });
        assert!(named, "ARCHITECTURE.md does not say what src/{module} is");
    }
    for line in map.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.split_whitespace().next().unwrap_or_default();
        if name.ends_with('/') || name.ends_with(".rs") {
            assert!(root().join("src").join(name).exists(), "ARCHITECTURE.md names src/{name}, which there is not");
        }
    }
}

#[test]
fn the_architecture_names_what_there_is() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map");
    let all = sources("src");
    let mut seen = 0;
    for span in text.split('`').skip(1).step_by(2) {
        let steps: Vec<&str> = span.split("::").collect();
        let is_name = |step: &&str| {
            !step.is_empty() && step.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        if steps.len() < 2 || !steps.iter().all(is_name) {
            continue;
        }
        let last = steps[steps.len() - 1];
        let holds = |text: &str| {
            text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == last)
        };
        let found = all.iter().any(|source| {
            holds(&source.code)
                || source.name.contains(&format!("{last}.rs"))
                || source.name.contains(&format!("{last}/"))
        });
        assert!(found, "ARCHITECTURE.md names `{span}`, which there is not");
        seen += 1;
    }
    assert!(seen >= 20);
}

#[test]
fn no_two_modules_use_each_other() {
    // counted from any of them, a way along the imports does not lead back
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let module = |name: &str| name.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
    for source in sources("src") {
        let own = module(&source.name);
        uses.entry(own.clone()).or_default().extend(imports(&source.code).into_iter().filter(|import| *import != own));
    }
    for start in uses.keys() {
        let (mut open, mut reached): (Vec<&str>, BTreeSet<&str>) = (vec![start], BTreeSet::new());
        while let Some(at) = open.pop() {
            for next in uses.get(at).into_iter().flatten().filter(|next| uses.contains_key(*next)) {
                assert_ne!(next, start, "a circle: src/{start} comes back to itself by src/{at}");
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
    }
}
