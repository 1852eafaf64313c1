//! What the documents show is what happens: their console blocks are run, their examples linted, their links followed,
//! and the reference is written anew.
//!
//! Apart because a document that is wrong is a bug like any other. `cargo` and `tests/run` themselves are left out:
//! they are what runs this.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python::root;
use crate::workplace::{Workplace, program};

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The fenced blocks of a language, each with the line that it begins on.
fn blocks(text: &str, language: &str) -> Vec<(usize, Vec<String>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, usize, Vec<String>)> = None;
    for (number, line) in (1..).zip(text.lines()) {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(word)) => open = Some((word.trim() == language, number + 1, Vec::new())),
            (Some(_), Some(_)) => {
                if let Some((true, number, lines)) = open.take() {
                    blocks.push((number, lines));
                }
            }
            (Some((_, _, lines)), None) => lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    blocks
}

/// A command of a console block, and the lines that the document shows below it.
struct Step {
    line: usize,
    command: String,
    shown: Vec<String>,
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (start, lines) in blocks(text, "console") {
        let first = steps.len();
        for (line, content) in (start..).zip(lines) {
            if let Some(command) = content.strip_prefix("$ ") {
                steps.push(Step { line, command: command.to_owned(), shown: Vec::new() });
            } else {
                assert!(steps.len() > first, "line {line}: output before the first command");
                steps.last_mut().expect("a step").shown.push(content);
            }
        }
    }
    steps
}

/// Whether an output is what a document shows: `…` stands for anything within a line, alone for any lines.
fn fits(shown: &[&str], output: &[&str]) -> bool {
    match shown.split_first() {
        None => output.is_empty(),
        Some((&"…", rest)) => (0..=output.len()).any(|skipped| fits(rest, &output[skipped..])),
        Some((line, rest)) => {
            output.split_first().is_some_and(|(first, others)| alike(line, first) && fits(rest, others))
        }
    }
}

fn alike(shown: &str, line: &str) -> bool {
    let parts: Vec<&str> = shown.split('…').collect();
    let (first, last) = (parts[0], parts[parts.len() - 1]);
    if parts.len() == 1 {
        return shown.trim_end() == line.trim_end();
    }
    let Some(mut rest) = line.strip_prefix(first) else { return false };
    for part in &parts[1..parts.len() - 1] {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The pages of the guide in both languages, by the names of their files.
fn guide() -> Vec<String> {
    let pages = |language: &str| -> BTreeSet<String> {
        let folder = std::fs::read_dir(root().join("docs").join(language)).expect("the guide");
        folder.map(|entry| entry.expect("a page").file_name().to_string_lossy().into_owned()).collect()
    };
    let names = pages("en");
    assert_eq!(names, pages("zh"), "both languages have every page");
    ["en", "zh"].iter().flat_map(|language| names.iter().map(move |name| format!("docs/{language}/{name}"))).collect()
}

/// Runs the console blocks of a document in a folder of its own; gives how many commands there were.
fn run_document(name: &str) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let bin = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_hedui"), bin.path().join("hedui")).expect("a link");
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap_or_default());
    let steps = steps(&read(name));
    let mut seen = 0;
    for Step { line, command, shown } in steps {
        let command = match command.strip_prefix("cargo run -- ") {
            Some(arguments) => format!("hedui {arguments}"),
            None if command.starts_with("cargo ") || command.contains("tests/run") => continue,
            None => command,
        };
        let environment: Vec<_> = program(folder.path())
            .get_envs()
            .map(|(key, value)| (key.to_owned(), value.map(ToOwned::to_owned)))
            .collect();
        let mut bash = Command::new("bash");
        bash.args(["-c", &format!("{{ {command}\n}} 2>&1")]).current_dir(folder.path()).env("PATH", &path);
        for (key, value) in environment {
            match value {
                Some(value) => bash.env(key, value),
                None => bash.env_remove(key),
            };
        }
        let output = bash.output().expect("bash");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{name}:{line}: {command}\n{text}");
        assert!(!text.contains("internal error"), "{name}:{line}: {command}\n{text}");
        if !shown.is_empty() {
            let (shown, lines): (Vec<&str>, Vec<&str>) =
                (shown.iter().map(String::as_str).collect(), text.lines().collect());
            assert!(fits(&shown, &lines), "{name}:{line}: {command}\n--shown\n{}\n--printed\n{text}", shown.join("\n"));
        }
        seen += 1;
    }
    seen
}

#[test]
fn the_readme_can_be_typed_from_top_to_bottom() {
    assert!(run_document("README.md") >= 7);
}

#[test]
fn the_chinese_readme_can_be_typed_from_top_to_bottom() {
    assert!(run_document("README.zh-CN.md") >= 7);
}

#[test]
fn the_guide_can_be_typed_page_by_page() {
    let pages = guide();
    let threads: Vec<_> = pages.into_iter().map(|page| std::thread::spawn(move || run_document(&page))).collect();
    let typed: usize = threads.into_iter().map(|thread| thread.join().expect("a page that can be typed")).sum();
    assert!(typed >= 80, "only {typed} commands");
}

#[test]
fn the_examples_of_the_documents_are_without_mistake() {
    let mut seen = 0;
    for name in guide().into_iter().chain(["README.md", "README.zh-CN.md"].map(str::to_owned)) {
        for (line, lines) in blocks(&read(&name), "toml") {
            let (file, example) = placed(&lines.join("\n"));
            let workplace = Workplace::new("[company]\nname = \"x\"\n");
            workplace.write(&file, example);
            let ran = workplace.hedui(&["lint"]);
            assert_eq!(ran.code, 0, "{name}:{line}: {}", ran.all());
            seen += 1;
        }
    }
    assert!(seen >= 20, "only {seen} examples");
}

/// The file that an example stands for: a rule, the report that its first line names, or a configuration, with what every
/// configuration has.
fn placed(example: &str) -> (String, String) {
    let report =
        example.strip_prefix("# ").and_then(|rest| rest.lines().next()).filter(|name| name.ends_with("report.toml"));
    if let Some(report) = report {
        return (report.to_owned(), example.to_owned());
    }
    if example.contains("[[rule]]") {
        return ("rules/example.toml".to_owned(), example.to_owned());
    }
    let always = [
        ("[company]", "[company]\nname = \"x\"\n"),
        ("[departments.\"客户服务部\"]", "[departments.\"客户服务部\"]\nto = [\"kefu@example.com\"]\n"),
        ("[mail]", "[mail]\ntransport = \"file\"\nfrom = \"kefu@example.com\"\n"),
    ];
    let missing = always.iter().filter(|(head, _)| !example.contains(head)).map(|(_, table)| *table);
    ("hedui.toml".to_owned(), missing.collect::<String>() + example)
}

#[test]
fn the_reference_is_what_the_program_says() {
    let made = tempfile::tempdir().expect("a folder");
    let workplace = Workplace::new("");
    let folder = made.path().to_str().expect("UTF-8");
    workplace.hedui(&["reference", folder]).exits(0);
    for language in ["en", "zh"] {
        let pages = |folder: &Path| -> Vec<(String, String)> {
            let entries =
                std::fs::read_dir(folder.join(language)).expect("pages").map(|entry| entry.expect("a page").path());
            let mut pages: Vec<_> = entries
                .map(|path| {
                    let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                    (name, std::fs::read_to_string(path).expect("UTF-8"))
                })
                .collect();
            pages.sort();
            pages
        };
        let (said, committed) = (pages(made.path()), pages(&root().join("docs/reference")));
        assert_eq!(said.len(), committed.len());
        for ((name, said), (committed_name, committed)) in said.iter().zip(&committed) {
            assert_eq!(name, committed_name);
            assert!(said == committed, "docs/reference/{language}/{name} is out of date: just reference");
        }
    }
}

#[test]
fn both_languages_show_the_same() {
    // the language aside: the locale, the edits that set it, and what is echoed
    let plain = |command: &str| -> String {
        let command = command.split(';').next().unwrap_or_default();
        command
            .split_whitespace()
            .filter(|word| *word != "env" && !word.starts_with("LC_ALL="))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let commands = |name: &str| -> Vec<String> {
        let commands = steps(&read(name)).into_iter().map(|step| plain(&step.command));
        commands.filter(|command| !command.starts_with("sed ")).collect()
    };
    let shape = |name: &str| -> (usize, usize, usize) {
        let text = read(name);
        let lines = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        (lines("#"), lines("| "), blocks(&text, "toml").len())
    };
    let english = guide().into_iter().filter(|page| page.starts_with("docs/en/"));
    let pairs = english.map(|page| (page.clone(), page.replace("docs/en/", "docs/zh/")));
    for (english, chinese) in pairs.chain([("README.md".to_owned(), "README.zh-CN.md".to_owned())]) {
        assert_eq!(commands(&english), commands(&chinese), "{english}");
        assert_eq!(shape(&english), shape(&chinese), "{english}: headings, rows of tables, examples");
    }
}

#[test]
fn links_and_paths_lead_somewhere() {
    let others =
        ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(str::to_owned);
    for name in guide().into_iter().chain(others) {
        let text = read(&name);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let page = root().join(&name);
            let target = if path.is_empty() { page } else { page.parent().expect("a folder").join(path) };
            assert!(target.exists(), "{name}: {link}");
            assert!(anchor.is_empty() || anchors(&target).contains(anchor), "{name}: {link}");
        }
        // `src/…` and `tests/…` in code spans
        for span in text.split('`').skip(1).step_by(2) {
            let is_path = ["src/", "tests/", "benches/"].iter().any(|start| span.starts_with(start));
            if is_path
                && !span.contains(['*', '{', ' ', '<'])
                && !span.contains(|character: char| character.is_ascii_uppercase())
            {
                assert!(exists(span), "{name}: {span}");
            }
        }
    }
}

/// What headings of a document are linked by.
fn anchors(page: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(page).expect("a document");
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    headings.map(|heading| heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

fn exists(path: &str) -> bool {
    let path: &Path = Path::new(path.trim_end_matches('/'));
    let full: PathBuf = root().join(path);
    full.exists() || full.with_extension("rs").exists()
}

#[test]
fn the_crontab_calls_commands_that_there_are() {
    let text = read("crontab.example");
    let starts = |line: &&str| line.starts_with(|first: char| first == '*' || first.is_ascii_digit());
    let lines: Vec<&str> = text.lines().filter(starts).collect();
    assert_eq!(called(&lines), ["due", "outbox"].map(str::to_owned).into());
}

#[test]
fn the_unit_of_systemd_calls_a_command_that_there_is() {
    let text = read("systemd/hedui.service");
    let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/")).collect();
    assert_eq!(called(&lines), ["due".to_owned()].into());
    let timer = read("systemd/hedui.timer");
    assert!(timer.contains("OnCalendar=*:0/10") && timer.contains("WantedBy=timers.target"));
    // a mail that is not delivered is no failure every ten minutes, and one once a day
    assert!(text.contains("\nSuccessExitStatus=4 5\n") && text.contains("\nTimeoutStartSec=6h\n"));
    let daily = read("systemd/hedui-undelivered.service");
    let lines: Vec<&str> = daily.lines().filter_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/")).collect();
    assert_eq!(called(&lines), ["outbox".to_owned()].into());
    assert!(!daily.contains("\nSuccessExitStatus") && daily.contains("\nTimeoutStartSec=6h\n"));
    assert!(read("systemd/hedui-undelivered.timer").contains("OnCalendar=*-*-* "));
    for unit in [text, daily] {
        for key in ["share_folder", "heartbeat", "metrics", "# ReadWritePaths="] {
            assert!(unit.contains(key), "{key} in {unit}");
        }
    }
}

/// What cron would mail to the administrator where hedui ends with a code: the lines that each line of the table prints.
fn mailed(code: i32) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("secret"), "geheim\n").expect("a secret");
    std::fs::write(place("hedui"), format!("#!/bin/sh\nexit {code}\n")).expect("a program");
    std::fs::set_permissions(place("hedui"), PermissionsExt::from_mode(0o755)).expect("a program");
    let text = read("crontab.example");
    let starts = |line: &&str| line.starts_with(|first: char| first == '*' || first.is_ascii_digit());
    let commands = text.lines().filter(starts).map(|line| line.splitn(6, ' ').last().expect("a command"));
    commands
        .map(|command| {
            let path = format!("{}:/usr/bin:/bin", folder.path().display());
            let variables = [("HEDUI_CONFIG", "hedui.toml"), ("HEDUI_LOG", "log"), ("HEDUI_PASSWORD_FILE", "secret")];
            let ended = Command::new("/bin/sh")
                .args(["-c", command])
                .env("PATH", path)
                .envs(variables.map(|(name, file)| (name, place(file))))
                .output()
                .expect("a shell");
            assert_eq!(String::from_utf8_lossy(&ended.stderr), "", "{command}");
            String::from_utf8_lossy(&ended.stdout).into_owned()
        })
        .collect()
}

#[test]
fn the_crontab_tells_of_what_lasts_once_a_day() {
    for (code, often, daily) in [
        (0, "", ""),
        (3, "exit code 3", ""),
        (4, "", "mails are not delivered"),
        (5, "", "another one is at work"),
        (70, "exit code 70", ""),
    ] {
        let told = mailed(code);
        assert_eq!(told.len(), 2);
        for (said, words) in told.iter().zip([often, daily]) {
            assert_eq!(said.is_empty(), words.is_empty(), "{code}: {said}");
            assert!(said.contains(words), "{code}: {said}");
        }
    }
}

/// The commands of lines that call hedui, each understood but for the workplace, which there is not.
fn called(lines: &[&str]) -> BTreeSet<String> {
    let workplace = Workplace::new("");
    let mut called = BTreeSet::new();
    for line in lines {
        let words = line.split_whitespace().skip_while(|word| *word != "hedui").skip(1);
        let words: Vec<&str> = words.take_while(|word| !word.starts_with(">>")).collect();
        let is_file = |word: &str| word.contains("$HEDUI_CONFIG") || word.ends_with("hedui.toml");
        let plain: Vec<&str> = words.iter().map(|word| if is_file(word) { "none.toml" } else { word }).collect();
        workplace.hedui(&plain).exits(2).says("none.toml");
        let is_command = |word: &&&str| ["run", "due", "outbox"].contains(*word);
        called.extend(plain.iter().filter(is_command).map(|word| (*word).to_owned()));
    }
    called
}
