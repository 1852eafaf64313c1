//! Cases as data: a folder `tests/cases/NAME` is a workplace, a command line, and what comes of it.
//!
//! Apart because whoever knows the rules can add one without Rust. `case.toml` has `about`, `arguments`, `exit`, and
//! lists of fragments `stdout`, `stderr` and `absent`; `in/` is copied into a fresh folder; `expect/` has the files that
//! must come out, compared as text. HEDUI_UPDATE=1 writes `expect/` anew; look at the difference before you commit it.

use std::path::{Path, PathBuf};

use crate::python::root;
use crate::workplace::Workplace;

struct Case {
    name: String,
    folder: PathBuf,
    arguments: Vec<String>,
    exit: i32,
    stdout: Vec<String>,
    stderr: Vec<String>,
    absent: Vec<String>,
}

fn cases() -> Vec<Case> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root().join("tests/cases"))
        .expect("cases")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.into_iter().map(|folder| case(&folder)).collect()
}

fn case(folder: &Path) -> Case {
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    let text = std::fs::read_to_string(folder.join("case.toml")).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut words = |key: &str| -> Vec<String> {
        let list = table.remove(key).map(|list| list.as_array().expect("a list").clone()).unwrap_or_default();
        list.iter().map(|word| word.as_str().expect("text").to_owned()).collect()
    };
    let (arguments, stdout, stderr, absent) = (words("arguments"), words("stdout"), words("stderr"), words("absent"));
    assert!(!arguments.is_empty(), "{name}: no arguments");
    assert!(table.remove("about").is_some(), "{name}: say what it is about");
    let exit = table.remove("exit").and_then(|exit| exit.as_integer()).unwrap_or(0);
    assert!(table.is_empty(), "{name}: unknown keys {:?}", table.keys().collect::<Vec<_>>());
    Case {
        name,
        folder: folder.to_owned(),
        arguments,
        exit: i32::try_from(exit).expect("a code"),
        stdout,
        stderr,
        absent,
    }
}

fn copy(from: &Path, workplace: &Workplace, below: &str) {
    for entry in std::fs::read_dir(from).expect("in/").flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            copy(&entry.path(), workplace, &format!("{name}/"));
        } else {
            workplace.write(&name, std::fs::read(entry.path()).expect("bytes"));
        }
    }
}

fn run(case: &Case) -> Vec<String> {
    let Case { name, folder, arguments, exit, stdout, stderr, absent } = case;
    let workplace = Workplace::new("");
    copy(&folder.join("in"), &workplace, "");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ran = workplace.hedui(&arguments);
    let mut wrong = Vec::new();
    if ran.code != *exit {
        wrong.push(format!("{name}: exit {exit} was expected; {}", ran.all()));
    }
    for (words, text) in [(stdout, &ran.stdout), (stderr, &ran.stderr)] {
        for words in words.iter().filter(|words| !text.contains(words.as_str())) {
            wrong.push(format!("{name}: no `{words}`; {}", ran.all()));
        }
    }
    for words in
        absent.iter().filter(|words| ran.stdout.contains(words.as_str()) || ran.stderr.contains(words.as_str()))
    {
        wrong.push(format!("{name}: `{words}` is there; {}", ran.all()));
    }
    let update = std::env::var_os("HEDUI_UPDATE").is_some();
    for expected in std::fs::read_dir(folder.join("expect")).into_iter().flatten().flatten() {
        let file = expected.file_name().to_string_lossy().into_owned();
        let Ok(found) = std::fs::read_to_string(workplace.path(&file)) else {
            wrong.push(format!("{name}: {file} was not written; {}", ran.all()));
            continue;
        };
        if update {
            std::fs::write(expected.path(), &found).expect("written");
        }
        let wanted = std::fs::read_to_string(expected.path()).expect("text");
        if found != wanted {
            let lost = wanted.lines().filter(|line| !found.contains(line)).collect::<Vec<_>>().join("\n");
            let added = found.lines().filter(|line| !wanted.contains(line)).collect::<Vec<_>>().join("\n");
            wrong.push(format!("{name}: {file}\n--only expected\n{lost}\n--only found\n{added}"));
        }
    }
    wrong
}

#[test]
fn every_case_comes_out_as_it_is_written() {
    let cases = cases();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(run).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
