//! RENDER: workbooks and mails read back by other programs; every count is the same wherever it stands.
//!
//! Apart from the unit tests of `report`, because here openpyxl and LibreOffice read what a person would open.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::company::Company;
use crate::python::{office, read_mail, root, workbooks};
use crate::workplace::{AS_OF, Workplace};

/// The second week of a demo company.
const OUT: &str = "d/out/weekly/2026-W47";

/// A made-up company after two weeks, made once.
fn demo() -> &'static Workplace {
    static DEMO: OnceLock<Workplace> = OnceLock::new();
    DEMO.get_or_init(|| {
        let workplace = Workplace::new("");
        workplace.as_of(AS_OF, &["demo", "d", "--customers", "120", "--seed", "7"]).exits(0);
        workplace
    })
}

/// A wording of the Chinese reports.
fn word(section: &str, key: &str) -> String {
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
fn books(workplace: &Workplace, folder: &str) -> Value {
    workbooks(&paths(workplace, folder))
}

fn paths(workplace: &Workplace, folder: &str) -> Vec<PathBuf> {
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
fn table(book: &Value, sheet: &str, headers: &[&str]) -> Vec<BTreeMap<String, Value>> {
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
        assert_eq!(listed, to_do + count(findings, "waived"), "{department}");
        let resolved = if counted[3] == 0 { 0 } else { work_list(book, "resolved").len() as u64 };
        assert_eq!(resolved, counted[3], "{department}");
        // the mail
        let mail = demo().files(OUT).into_iter().find(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            name.starts_with(department.as_str()) && name.ends_with(".eml")
        });
        let mail = read_mail(&mail.expect("a mail"));
        let said = numbers(&mail, 2);
        if to_do > 0 {
            assert_eq!(said[..4], counted, "{department}");
            let severity = |severity: &str| {
                let standing =
                    findings.iter().filter(|finding| STATUSES[..3].contains(&finding["status"].as_str().expect("one")));
                standing.filter(|finding| finding["severity"] == severity).count() as u64
            };
            assert_eq!(said[4..8], [to_do, severity("error"), severity("warning"), severity("info")], "{department}");
            for number in [counted[0], counted[2], to_do] {
                assert!(mail["html"].as_str().expect("HTML").contains(&number.to_string()));
            }
        }
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
    let run: Value = serde_json::from_str(&demo().read(&format!("{OUT}/run.json"))).expect("JSON");
    for (name, count) in STATUSES.iter().zip(total) {
        assert_eq!(run["findings"][name], count, "run.json {name}");
    }
    assert!(total[0] > 0 && total[2] > 0 && total[3] > 0, "the demo shows new, open and resolved: {total:?}");
}

fn work_list(book: &Value, sheet: &str) -> Vec<BTreeMap<String, Value>> {
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
        let place = |cells: [&Value; 5]| {
            cells
                .map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned).replace("null", ""))
                .join("|")
        };
        let mut wanted: Vec<String> = findings
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
        let mut found: Vec<String> =
            listed.iter().map(|row| place(columns.each_ref().map(|column| &row[column]))).collect();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{department}");
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

#[test]
fn workbooks_are_laid_out_for_people() {
    let books = books(demo(), OUT);
    for (name, book) in books.as_object().expect("an object") {
        let mut charts = 0;
        for (sheet, content) in book.as_object().expect("sheets") {
            assert_eq!(content["formulas"], serde_json::json!([]), "{name} {sheet}");
            for font in content["fonts"].as_array().expect("fonts") {
                assert!(
                    ["微软雅黑", "宋体", "等线"].contains(&font.as_str().expect("a name")),
                    "{name} {sheet}: {font}"
                );
            }
            charts += content["charts"].as_u64().expect("a number");
            if [word("sheet", "work_list"), word("sheet", "rules")].contains(sheet) {
                assert!(content["frozen"].is_string() && content["filter"].is_string(), "{name} {sheet}");
            }
        }
        assert!(charts > 0, "no chart in {name}");
        if name.contains("周报_") {
            let sheets: Vec<String> = ["overview_week", "work_list", "resolved", "changes", "load_notes", "rules"]
                .map(|key| word("sheet", key))
                .to_vec();
            let found: Vec<&String> = book.as_object().expect("sheets").keys().collect();
            assert!(sheets.iter().all(|sheet| found.contains(&sheet)) && found.len() == 6, "{name}: {found:?}");
        }
    }
}

#[test]
fn text_that_looks_like_a_formula_stays_text() {
    let evil = [
        "=1+1",
        "=HYPERLINK(\"http://evil.example\",\"x\")",
        "+86",
        "-1+2",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "{=1}",
        "\t=1",
    ];
    let mut company = Company::clean(evil.len());
    for (row, text) in evil.iter().enumerate() {
        company.customers.set(row, "联系电话", text);
        company.customers.set(row, "客户名称", &format!("={row}+\"{text}\""));
        company.customers.set(row, "负责部门", "华东销售部");
        company.customers.set(row, "负责人", text);
    }
    let workplace = company.workplace();
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    (0..evil.len()).for_each(|row| company.customers.set(row, "地址", "=2+2"));
    company.write(&workplace);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let books = books(&workplace, "out/weekly/2026-W47");
    for (name, book) in books.as_object().expect("an object") {
        for (sheet, content) in book.as_object().expect("sheets") {
            assert_eq!(content["formulas"], serde_json::json!([]), "{name} {sheet}");
        }
    }
    let listed = work_list(&books["客户质量周报_华东销售部_2026W47.xlsx"], "work_list");
    for text in evil {
        assert!(listed.iter().any(|row| row[&word("column", "value")] == text), "{text} in {listed:#?}");
    }
    let changes = table(
        &books["客户质量周报_华东销售部_2026W47.xlsx"],
        &word("sheet", "changes"),
        &[&word("column", "old"), &word("column", "new")],
    );
    assert!(changes.iter().any(|row| row[&word("column", "new")] == "=2+2"), "{changes:?}");
    let mail = read_mail(&workplace.path("out/weekly/2026-W47/华东销售部_east@example.com.eml"));
    assert!(!mail["html"].as_str().expect("HTML").contains("<a href"), "{mail}");
}

#[test]
fn libreoffice_prints_every_workbook() {
    let target = tempfile::tempdir().expect("a folder");
    let books = paths(demo(), OUT);
    office("pdf", &books, target.path());
    for book in books {
        let name = book.file_stem().expect("a name").to_string_lossy().into_owned();
        let pdf = target.path().join(format!("{name}.pdf"));
        let output = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output().expect("pdftotext");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("华联进出口有限公司"), "{name}: {text}");
        assert!(!text.contains("###"), "{name}: a column is too narrow for its number");
        for sheet in ["rules"] {
            assert!(text.contains(&word("column", "outcome")), "{name}: {sheet}");
        }
    }
}

#[test]
fn english_reports_have_no_chinese_words_of_ours() {
    let company = Company::clean(3);
    let workplace = company.workplace();
    let text = workplace.read("hedui.toml").replace("language = \"zh\"", "language = \"en\"");
    workplace.write("hedui.toml", text);
    workplace.write("data/contracts.csv", "");
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(3);
    let mail = read_mail(&workplace.path("out/weekly/2026-W47/service-digest_kefu@example.com.eml"));
    let mut text = mail["text"].as_str().expect("a body").to_owned();
    for own in ["华联进出口有限公司", "华东销售部", "华南销售部", "客户服务部"] {
        text = text.replace(own, "");
    }
    let chinese: String = text.chars().filter(|character| ('\u{4e00}'..='\u{9fff}').contains(character)).collect();
    assert_eq!(chinese, "", "{text}");
}
