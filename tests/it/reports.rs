//! RENDER: workbooks and mails read back by other programs; every count is the same wherever it stands.
//!
//! Apart from the unit tests of `report`, because here openpyxl reads what a person would open.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use crate::python::{read_mail, root, workbooks};
use crate::workplace::{AS_OF, Workplace};

/// The second week of a demo company.
pub const OUT: &str = "d/out/weekly/2026-W47";

/// A made-up company after two weeks, made once.
pub fn demo() -> &'static Workplace {
    static DEMO: OnceLock<Workplace> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workplace = Workplace::new("");
        workplace.as_of(AS_OF, &["demo", "d", "--customers", "120", "--seed", "7"]).exits(0);
        workplace
    })
}

/// A wording of the Chinese reports.
pub fn word(section: &str, key: &str) -> String {
    static STRINGS: OnceLock<toml::Table> = OnceLock::new();
    let strings = STRINGS.get_or_init(|| {
        std::fs::read_to_string(root().join("report_templates/strings.zh.toml"))
            .expect("strings")
            .parse()
            .expect("TOML")
    });
    strings[section][key].as_str().expect("a wording").to_owned()
}

/// The workbooks of a folder as openpyxl reads them.
pub fn books(workplace: &Workplace, folder: &str) -> Value {
    workbooks(&paths(workplace, folder))
}

pub fn paths(workplace: &Workplace, folder: &str) -> Vec<PathBuf> {
    workplace.files(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")).collect()
}

fn rows<'b>(book: &'b Value, sheet: &str) -> Vec<&'b Vec<Value>> {
    book[sheet]["rows"]
        .as_array()
        .unwrap_or_else(|| panic!("no sheet {sheet}"))
        .iter()
        .map(|row| row.as_array().expect("a row"))
        .collect()
}

/// The table below the row that has all these headers: header → cell, until a row without first cell.
pub fn table(book: &Value, sheet: &str, headers: &[&str]) -> Vec<BTreeMap<String, Value>> {
    let rows = rows(book, sheet);
    let head = rows.iter().position(|row| headers.iter().all(|header| row.iter().any(|cell| cell == header)));
    let head = head.unwrap_or_else(|| panic!("no table {headers:?} in {sheet}"));
    let name = |cell: &Value| cell.as_str().unwrap_or_default().to_owned();
    let below = rows[head + 1..].iter().take_while(|row| !row[0].is_null());
    below.map(|row| rows[head].iter().map(name).zip(row.iter().cloned()).collect()).collect()
}

/// The findings of the demo's last run by the department into whose workbook they go.
fn findings_by_department() -> BTreeMap<String, Vec<Value>> {
    let list = demo().hedui(&["history", "findings", "--format", "json", "--config", "d/hedui.toml"]).exits(0).json();
    let configuration: toml::Table = demo().read("d/hedui.toml").parse().expect("TOML");
    let entries = configuration["departments"].as_table().expect("departments");
    let mut by_department: BTreeMap<String, Vec<Value>> =
        entries.keys().map(|name| (name.clone(), Vec::new())).collect();
    for finding in list.as_array().expect("an array") {
        let department = finding["department"].as_str().expect("one");
        let department = if entries.contains_key(department) { department } else { "客户服务部" };
        by_department.get_mut(department).expect("an entry").push(finding.clone());
    }
    by_department
}

fn count(findings: &[Value], status: &str) -> u64 {
    findings.iter().filter(|finding| finding["status"] == status).count() as u64
}

/// All numbers in the first lines of a body.
fn numbers(mail: &Value, lines: usize) -> Vec<u64> {
    let text: String = mail["text"].as_str().expect("a body").lines().take(lines).collect::<Vec<_>>().join("\n");
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

const STATUSES: [&str; 4] = ["new", "reopened", "open", "resolved"];

#[test]
fn every_count_is_the_same_wherever_it_stands() {
    let books = books(demo(), OUT);
    let digest = &books["客户质量汇总_2026W47.xlsx"];
    let (all, status) = (word("count", "findings"), |status: &str| word("status", status));
    let by_department = findings_by_department();
    let mut total = [0; 4];
    for (department, findings) in &by_department {
        let counted = STATUSES.map(|status| count(findings, status));
        let to_do = counted[0] + counted[1] + counted[2];
        total.iter_mut().zip(counted).for_each(|(total, count)| *total += count);
        let book = &books[format!("客户质量周报_{department}_2026W47.xlsx")];
        // the week at a glance
        let glance = rows(book, &word("sheet", "overview_week"));
        let head = glance.iter().position(|row| row.contains(&status("new").into())).expect("the counts");
        let line = glance[head..].iter().find(|row| row[0] == all.as_str()).expect("the line of counts");
        let cell = |name: &str| &line[glance[head].iter().position(|cell| *cell == name).expect("a column")];
        for (name, count) in STATUSES.iter().zip(counted) {
            assert_eq!(*cell(&status(name)), count, "{department} {name}");
        }
        assert_eq!(*cell(&word("count", "to_do")), to_do, "{department}");
        // the lists
        let listed = if to_do + count(findings, "waived") == 0 { 0 } else { work_list(book, "work_list").len() as u64 };
        assert_eq!(listed + withheld(book, "work_list"), to_do + count(findings, "waived"), "{department}");
        let resolved = if counted[3] == 0 { 0 } else { work_list(book, "resolved").len() as u64 };
        assert_eq!(resolved + withheld(book, "resolved"), counted[3], "{department}");
        // the mail
        let mail = demo().files(OUT).into_iter().find(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            name.starts_with(department.as_str()) && name.ends_with(".eml")
        });
        let mail = read_mail(&mail.expect("a mail"));
        let figures = numbers(&mail, 2);
        if to_do > 0 {
            assert_eq!(figures[..4], counted, "{department}");
            let severity = |severity: &str| {
                let standing =
                    findings.iter().filter(|finding| STATUSES[..3].contains(&finding["status"].as_str().expect("one")));
                standing.filter(|finding| finding["severity"] == severity).count() as u64
            };
            assert_eq!(
                figures[4..8],
                [to_do, severity("error"), severity("warning"), severity("info")],
                "{department}"
            );
            for number in [counted[0], counted[2], to_do] {
                assert!(mail["html"].as_str().expect("HTML").contains(&number.to_string()));
            }
        }
        // the JSON beside the workbook
        let json = said(&format!("{OUT}/department-weekly_{department}.json"));
        for (name, count) in STATUSES.iter().zip(counted) {
            assert_eq!(figure(&json, &status(name)), count, "JSON, {department} {name}");
        }
        assert_eq!(figure(&json, &word("count", "to_do")), to_do, "JSON, {department}");
        // the digest's line of the department
        let lines = table(digest, &word("sheet", "summary"), &[&word("column", "department"), &status("open")]);
        let line = lines
            .iter()
            .find(|line| line[&word("column", "department")] == department.as_str())
            .expect("the department");
        for (name, count) in STATUSES.iter().zip(counted) {
            assert_eq!(line[&status(name)], count, "digest, {department} {name}");
        }
    }
    let mail = read_mail(&demo().path(&format!("{OUT}/service-digest_kefu@example.com.eml")));
    assert_eq!(numbers(&mail, 1)[..4], total);
    let run = said(&format!("{OUT}/run.json"));
    let tiles = page_tiles();
    for (name, count) in STATUSES.iter().zip(total) {
        assert_eq!(run["findings"][name], count, "run.json {name}");
        assert_eq!(tiles[&status(name)], count.to_string(), "page, {name}");
    }
    assert!(total[0] > 0 && total[2] > 0 && total[3] > 0, "the demo shows new, open and resolved: {total:?}");
}

/// A JSON file of the demo.
fn said(path: &str) -> Value {
    serde_json::from_str(&demo().read(path)).expect("JSON")
}

/// A figure at the top of a report's JSON.
fn figure(json: &Value, name: &str) -> u64 {
    let blocks = json["sheets"][0]["blocks"].as_array().expect("blocks").iter();
    let figures: Vec<&Value> = blocks.filter_map(|block| block["figures"].as_array()).flatten().collect();
    let figure = figures.iter().find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("no {name}: {json}"));
    figure["value"].as_u64().expect("a count")
}

/// The figures at the top of the page, as a browser shows them: name, number.
fn page_tiles() -> BTreeMap<String, String> {
    let read = "[...document.querySelectorAll('.tile')].map(tile => \
                [tile.querySelector('span').textContent, tile.querySelector('b').textContent])";
    let url = format!("file://{}", demo().path("d/out/index.html").display());
    let wanted = serde_json::json!({"url": url, "evaluate": [read]}).to_string();
    let seen: Value = serde_json::from_str(&crate::python::python("services/browser.py", &[&wanted])).expect("JSON");
    serde_json::from_value::<Vec<(String, String)>>(seen["values"][0].clone()).expect("tiles").into_iter().collect()
}

/// How many rows a list says that it leaves out for their level of confidentiality.
fn withheld(book: &Value, sheet: &str) -> u64 {
    let notes = rows(book, &word("sheet", sheet)).into_iter().filter_map(|row| row[0].as_str());
    let said = notes.filter_map(|note| note.strip_prefix("另有 ")?.split_once(" 条因密级未列示"));
    said.map(|(count, _)| count.parse::<u64>().expect("a number")).sum()
}

pub fn work_list(book: &Value, sheet: &str) -> Vec<BTreeMap<String, Value>> {
    table(
        book,
        &word("sheet", sheet),
        &[&word("column", "status"), &word("column", "record_key"), &word("column", "value")],
    )
}

#[test]
fn the_work_list_tells_every_finding_with_its_place() {
    let books = books(demo(), OUT);
    for (department, findings) in findings_by_department() {
        let word_of = |cell: &Value| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned).replace("null", "");
        // The place of a finding, and its value, which is masked where it is personal.
        let place = |cells: [&Value; 5]| {
            let [key, value, rest @ ..] = cells.map(word_of);
            (format!("{key}|{}", rest.join("|")), value)
        };
        let mut wanted: Vec<(String, String)> = findings
            .iter()
            .filter(|finding| STATUSES[..3].contains(&finding["status"].as_str().expect("one")))
            .map(|finding| place(["record_key", "value", "file", "row", "first_seen"].map(|key| &finding[key])))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let book = &books[format!("客户质量周报_{department}_2026W47.xlsx")];
        let columns = ["record_key", "value", "file", "row", "first_seen"].map(|key| word("column", key));
        let listed = work_list(book, "work_list");
        let mut found: Vec<(String, String)> =
            listed.iter().map(|row| place(columns.each_ref().map(|column| &row[column]))).collect();
        wanted.sort();
        found.sort();
        let places = |list: &[(String, String)]| list.iter().map(|(place, _)| place.clone()).collect::<Vec<_>>();
        let (shown, all) = (places(&found), places(&wanted));
        assert_eq!(shown.len() as u64 + withheld(book, "work_list"), all.len() as u64, "{department}");
        assert!(shown.iter().all(|place| all.contains(place)), "{department}: {shown:?} of {all:?}");
        for line in found.iter().filter(|(_, value)| !value.contains('*')) {
            assert!(wanted.contains(line), "{department}: {line:?}");
        }
        let severities: Vec<usize> = listed
            .iter()
            .map(|row| {
                ["error", "warning", "info"]
                    .iter()
                    .position(|key| row[&word("column", "severity")] == word("severity", key).as_str())
                    .expect("a severity")
            })
            .collect();
        assert!(severities.is_sorted(), "{department}: by severity: {severities:?}");
    }
}
