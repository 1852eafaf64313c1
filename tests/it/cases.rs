//! Cases as data: a folder `tests/cases/NAME` is a workplace, a command line, and what comes of it.
//!
//! Apart because whoever knows the rules can add one without Rust; `tests/cases/README.md` says what a folder holds, and
//! which kinds of mess in spreadsheets each shows. HEDUI_UPDATE=1 writes `expect/` anew; look at the difference before
//! you commit it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::python::{root, workbooks};
use crate::workplace::{Ran, Workplace};

/// As many kinds of mess are told from one another.
const KINDS: u32 = 45;

struct Case {
    name: String,
    folder: PathBuf,
    /// The kinds of mess that it shows, by number.
    mess: BTreeSet<u32>,
    environment: Vec<(String, String)>,
    /// A command that runs first, before the files of `later/` are laid over those of `in/`.
    earlier: Vec<String>,
    arguments: Vec<String>,
    exit: i32,
    /// Fragments by what must have them: stdout, stderr, the cells of workbooks, the names of files.
    wanted: BTreeMap<&'static str, Vec<String>>,
    /// Fragments that nothing may have.
    absent: Vec<String>,
}

/// The keys whose fragments must be found, and where.
const PLACES: [&str; 4] = ["stdout", "stderr", "cells", "files"];

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
    let environment = table.remove("environment").map(|pairs| pairs.as_table().expect("a table").clone());
    let environment = environment.into_iter().flatten();
    let environment = environment.map(|(name, value)| (name, value.as_str().expect("text").to_owned())).collect();
    let mut words = |key: &str| -> Vec<String> {
        let list = table.remove(key).map(|list| list.as_array().expect("a list").clone()).unwrap_or_default();
        list.iter().map(|word| word.as_str().expect("text").to_owned()).collect()
    };
    let (earlier, arguments, absent) = (words("earlier"), words("arguments"), words("absent"));
    let wanted = PLACES.into_iter().map(|place| (place, words(place))).collect();
    assert!(!arguments.is_empty(), "{name}: no arguments");
    assert!(table.remove("about").is_some(), "{name}: say what it is about");
    let exit = table.remove("exit").and_then(|exit| exit.as_integer()).unwrap_or(0);
    assert!(table.is_empty(), "{name}: unknown keys {:?}", table.keys().collect::<Vec<_>>());
    let (mess, exit) = (mess(&text), i32::try_from(exit).expect("a code"));
    Case { name, folder: folder.to_owned(), mess, environment, earlier, arguments, exit, wanted, absent }
}

/// The numbers in the first line of a case: `# 表格乱象 9、11：…`.
fn mess(text: &str) -> BTreeSet<u32> {
    let said = text.strip_prefix("# 表格乱象 ").and_then(|rest| rest.split_once('：'));
    let numbers = said.into_iter().flat_map(|(numbers, _)| numbers.split('、'));
    numbers.map(|number| number.parse().unwrap_or_else(|error| panic!("{number}: {error}"))).collect()
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

fn hedui(case: &Case, workplace: &Workplace, arguments: &[String]) -> Ran {
    let environment = case.environment.iter().map(|(name, value)| (name, value));
    Ran::of(workplace.command().envs(environment).args(arguments), &arguments.join(" "))
}

/// What a run left by places: its words, and the files that it wrote.
fn left(case: &Case, workplace: &Workplace, ran: &Ran) -> BTreeMap<&'static str, Vec<String>> {
    let below = |path: &PathBuf| path.strip_prefix(workplace.folder()).expect("below").display().to_string();
    let paths = workplace.files("out");
    let files = paths.iter().map(below).collect();
    let mut left =
        BTreeMap::from([("stdout", vec![ran.stdout.clone()]), ("stderr", vec![ran.stderr.clone()]), ("files", files)]);
    if !case.wanted["cells"].is_empty() {
        let is_book = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "xlsx");
        let read = workbooks(&paths.into_iter().filter(is_book).collect::<Vec<_>>());
        let sheets = read.as_object().expect("books").values().flat_map(|book| book.as_object().expect("sheets"));
        for (name, sheet) in sheets {
            assert_eq!(sheet["formulas"], serde_json::json!([]), "{}: {name}: what users typed is text", case.name);
            let rows = sheet["rows"].as_array().expect("rows").iter().flat_map(|row| row.as_array().expect("cells"));
            left.entry("cells").or_default().extend(rows.filter_map(|cell| Some(cell.as_str()?.to_owned())));
        }
    }
    left
}

fn run(case: &Case) -> Vec<String> {
    let Case { name, folder, earlier, arguments, exit, wanted, absent, .. } = case;
    let workplace = Workplace::new("");
    copy(&folder.join("in"), &workplace, "");
    if !earlier.is_empty() {
        hedui(case, &workplace, earlier);
        copy(&folder.join("later"), &workplace, "");
    }
    let ran = hedui(case, &workplace, arguments);
    let mut wrong = Vec::new();
    if ran.code != *exit {
        wrong.push(format!("{name}: exit {exit} was expected; {}", ran.all()));
    }
    let left = left(case, &workplace, &ran);
    for (place, fragments) in wanted {
        let texts = left.get(place).map(Vec::as_slice).unwrap_or_default();
        let is_missing = |fragment: &&String| !texts.iter().any(|text| text.contains(fragment.as_str()));
        for fragment in fragments.iter().filter(is_missing) {
            wrong.push(format!("{name}: no `{fragment}` in {place}; {texts:#?} {}", ran.all()));
        }
    }
    let is_there = |fragment: &&String| left.values().flatten().any(|text| text.contains(fragment.as_str()));
    for fragment in absent.iter().filter(is_there) {
        wrong.push(format!("{name}: `{fragment}` is there; {}", ran.all()));
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

/// The lines `| 7 | what it is | a-folder, another |` of the list of kinds.
fn listed() -> BTreeMap<u32, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("tests/cases/README.md")).expect("the list");
    let line = |line: &str| -> Option<(u32, BTreeSet<String>)> {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let number = cells.next()?.parse().ok()?;
        let folders = cells.nth(1)?.trim_end_matches(" |").split(", ");
        Some((number, folders.map(str::to_owned).collect()))
    };
    text.lines().filter_map(line).collect()
}

#[test]
fn every_kind_of_mess_has_a_folder_that_shows_it_and_the_list_names_them_all() {
    let mut shown: BTreeMap<u32, BTreeSet<String>> = (1..=KINDS).map(|number| (number, BTreeSet::new())).collect();
    for case in cases() {
        for number in &case.mess {
            let folders = shown.get_mut(number).unwrap_or_else(|| panic!("{}: there is no kind {number}", case.name));
            folders.insert(case.name.clone());
        }
    }
    let without: Vec<&u32> = shown.iter().filter(|(_, folders)| folders.is_empty()).map(|(number, _)| number).collect();
    assert!(without.is_empty(), "no folder shows {without:?}");
    assert_eq!(listed(), shown, "tests/cases/README.md lists other folders");
}
