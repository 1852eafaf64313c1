//! RENDER: how workbooks look: charts, headers, fonts, paper; text that stays text; both languages.
//!
//! Apart from `reports`, which is about what they say.

use std::process::Command;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{office, read_mail};
use crate::reports::{OUT, books, demo, paths, table, word, work_list};
use crate::workplace::AS_OF;

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
            let sheets: Vec<String> =
                ["overview_week", "work_list", "upcoming", "resolved", "changes", "scores", "load_notes", "rules"]
                    .map(|key| word("sheet", key))
                    .to_vec();
            let found: Vec<&String> = book.as_object().expect("sheets").keys().collect();
            assert!(sheets.iter().all(|sheet| found.contains(&sheet)) && found.len() == 8, "{name}: {found:?}");
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
    let whole = configuration(MAIL_AS_FILES)
        .replace("to = [\"east@example.com\"]\n", "to = [\"east@example.com\"]\nunmasked = true\n");
    let workplace = company.workplace_with(&whole);
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
        assert!(text.contains(&word("column", "outcome")), "{name}: the rules");
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
