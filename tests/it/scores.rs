//! Scores: what the store keeps is what `check` counts, and what the workbooks show is what the store keeps.
//!
//! Apart because the sums are held against two other ways to them: a check of the same data, and the exported findings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::read_mail;
use crate::reports::{OUT, books, demo, table, word};
use crate::weeks::{ONE, TWO, messy};
use crate::workplace::{AS_OF, Workplace, records};

/// The lines of `history scores`.
fn scores(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let asked = [&["history", "scores", "--format", "json"], arguments].concat();
    workplace.hedui(&asked).exits(0).json().as_array().expect("an array").clone()
}

fn number(line: &Value, key: &str) -> u64 {
    line[key].as_u64().unwrap_or_else(|| panic!("{key} of {line}"))
}

fn rule(line: &Value) -> (String, String) {
    let word = |key: &str| line[key].as_str().expect("a word").to_owned();
    (word("rule_id"), word("table"))
}

/// (tested, failing) by rule and table, of the lines that are wanted.
fn sums<'l>(
    lines: impl IntoIterator<Item = &'l Value>,
    wanted: impl Fn(&Value) -> bool,
) -> BTreeMap<(String, String), (u64, u64)> {
    let mut sums: BTreeMap<_, (u64, u64)> = BTreeMap::new();
    for line in lines.into_iter().filter(|line| wanted(line)) {
        let sum = sums.entry(rule(line)).or_default();
        *sum = (sum.0 + number(line, "tested"), sum.1 + number(line, "failing"));
    }
    sums
}

fn concluded(line: &Value) -> bool {
    ["passed", "warned", "failed"].contains(&line["outcome"].as_str().expect("an outcome"))
}

/// The percentage by the definition, in another arithmetic than the program's.
fn percent(passed: u64, tested: u64) -> Value {
    match (passed, tested) {
        (_, 0) => Value::Null,
        (passed, tested) if passed == tested => "100.0".into(),
        (passed, tested) => {
            let tenths = (passed as f64 / tested as f64 * 1000.0).round().min(999.0);
            format!("{:.1}", tenths / 10.0).into()
        }
    }
}

#[test]
fn the_sums_are_those_of_a_check() {
    let config = ["--config", "d/hedui.toml"];
    let lines = scores(demo(), &[&config[..], &["--period", "2026-W47"]].concat());
    let check = demo().hedui(&[&["check", "--format", "json", "--as-of", AS_OF], &config[..]].concat());
    let check = check.json().as_array().expect("an array").clone();
    let company = |line: &Value| line["department"] == "";
    assert_eq!(sums(&lines, company), sums(&check, |_| true), "the company");
    let by_department = sums(&lines, |line| !company(line));
    assert_eq!(by_department, sums(&check, concluded), "the departments add up");
    // every outcome of the check is kept, one line a rule
    let outcomes = |lines: &[Value]| -> BTreeMap<(String, String), Value> {
        lines.iter().map(|line| (rule(line), line["outcome"].clone())).collect()
    };
    let kept: Vec<Value> = lines.iter().filter(|line| company(line)).cloned().collect();
    assert_eq!(outcomes(&kept), outcomes(&check));
    // and each department fails as many units as it gets findings
    demo().as_of(AS_OF, &["check", "--config", "d/hedui.toml", "--findings", "scores.csv"]);
    let mut findings: BTreeMap<(String, String), u64> = BTreeMap::new();
    for finding in records(&demo().read("scores.csv")) {
        *findings.entry((finding["department"].clone(), finding["rule_id"].clone())).or_default() += 1;
    }
    let mut failing: BTreeMap<(String, String), u64> = BTreeMap::new();
    for line in lines.iter().filter(|line| !company(line) && number(line, "failing") > 0) {
        let department = line["department"].as_str().unwrap_or_default().to_owned();
        *failing.entry((department, rule(line).0)).or_default() += number(line, "failing");
    }
    assert_eq!(failing, findings);
    // the contract's keys, in every line
    for line in &lines {
        for key in ["period", "department", "dimension", "rule_id", "tested", "failing", "outcome", "job", "table"] {
            assert!(line.get(key).is_some(), "{key} of {line}");
        }
        let counts = concluded(line) && line["severity"] != "info";
        let tested = if counts { number(line, "tested") } else { 0 };
        assert_eq!(line["score"], percent(tested.saturating_sub(number(line, "failing")), tested), "{line}");
    }
}

#[test]
fn dimensions_and_people_add_the_rules_up() {
    let config = ["--config", "d/hedui.toml", "--period", "2026-W47"];
    let lines = scores(demo(), &config);
    let by = |what: &str| scores(demo(), &[&config[..], &["--by", what]].concat());
    let counts = |line: &&Value| concluded(line) && line["severity"] != "info";
    let dimensions = by("dimension");
    for line in &dimensions {
        let parts = lines.iter().filter(counts).filter(|part| part["department"] == line["department"]);
        let parts = parts.filter(|part| line["dimension"] == "" || part["dimension"] == line["dimension"]);
        let (tested, failing) =
            parts.fold((0, 0), |sum, part| (sum.0 + number(part, "tested"), sum.1 + number(part, "failing")));
        assert_eq!((number(line, "tested"), number(line, "failing")), (tested, failing), "{line}");
        assert_eq!(number(line, "passed"), tested - failing);
        assert_eq!(line["score"], percent(tested - failing, tested), "{line}");
        assert_eq!(line["small"], (1..20).contains(&tested), "{line}");
    }
    assert!(dimensions.iter().any(|line| line["small"] == true), "the demo has a small sample");
    assert!(dimensions.iter().any(|line| line["department"].is_null()), "and records without department");
    // the timeliness of people is that of rules that go to the record's or the customer's department
    let of = |line: &&Value| line["dimension"] == "timeliness";
    let people = by("person");
    let people: u64 = people.iter().filter(of).map(|line| number(line, "tested")).sum();
    let owners = owners_rules();
    let owned = lines.iter().filter(counts).filter(of);
    let owned = owned.filter(|line| line["department"] == "" && owners.contains(&rule(line).0));
    assert_eq!(people, owned.map(|line| number(line, "tested")).sum::<u64>());
}

/// The rules whose findings go to the record's or the customer's department.
fn owners_rules() -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    for path in demo().files("d/rules").iter().filter(|path| path.extension().is_some_and(|ending| ending == "toml")) {
        let file: toml::Table = std::fs::read_to_string(path).expect("a file").parse().expect("TOML");
        let entries = file.get("rule").and_then(toml::Value::as_array);
        for entry in entries.into_iter().flatten().filter(|entry| {
            entry.get("route").is_none_or(|route| ["record", "customer"].contains(&route.as_str().expect("a word")))
        }) {
            rules.insert(entry["id"].as_str().expect("an id").to_owned());
        }
    }
    assert!(rules.len() > 10, "{rules:?}");
    rules
}

/// A row of a table of scores: percentage, passed, tested.
fn shown(row: &BTreeMap<String, Value>) -> (Value, Value, Value) {
    let cell = |key: &str| row[&word("column", key)].clone();
    (cell("score"), cell("passed"), cell("units"))
}

/// What the JSON says in the same form.
fn said(line: &Value) -> (Value, Value, Value) {
    match line["score"].as_str() {
        None => (word("scores", "no_data").into(), Value::Null, Value::Null),
        Some(percent) => {
            let tenths: u64 = percent.replace('.', "").parse().expect("digits");
            (cell(tenths), line["passed"].clone(), line["tested"].clone())
        }
    }
}

/// A share as openpyxl reads it: 1 is a whole number.
fn cell(tenths: u64) -> Value {
    if tenths.is_multiple_of(1000) { (tenths / 1000).into() } else { (tenths as f64 / 1000.0).into() }
}

#[test]
fn workbooks_and_mails_show_what_is_kept() {
    let lines = scores(demo(), &["--config", "d/hedui.toml", "--by", "dimension"]);
    let line = |period: &str, department: &str, dimension: &str| {
        let found = lines.iter().find(|line| {
            line["period"] == period && line["department"] == department && line["dimension"] == dimension
        });
        found.unwrap_or_else(|| panic!("no {period} {department} {dimension}"))
    };
    let books = books(demo(), OUT);
    let dimensions = ["", "completeness", "accuracy", "consistency", "timeliness", "uniqueness", "validity"];
    let name = |dimension: &str| match dimension {
        "" => word("scores", "overall"),
        dimension => word("dimension", dimension),
    };
    let configuration: toml::Table = demo().read("d/hedui.toml").parse().expect("TOML");
    let digest = &books["客户质量汇总_2026W47.xlsx"];
    let sheet = word("sheet", "scores");
    let matrix = table(digest, &sheet, &[&word("column", "department"), &name("")]);
    for department in configuration["departments"].as_table().expect("departments").keys() {
        let book = &books[format!("客户质量周报_{department}_2026W47.xlsx")];
        let rows = table(book, &sheet, &[&word("column", "dimension"), &word("column", "units")]);
        let row = matrix.iter().find(|row| row[&word("column", "department")] == department.as_str()).expect("a row");
        for dimension in dimensions {
            let kept = line("2026-W47", department, dimension);
            let in_book = rows.iter().find(|row| row[&word("column", "dimension")] == name(dimension).as_str());
            let in_book = in_book.unwrap_or_else(|| panic!("no row {dimension}"));
            assert_eq!(shown(in_book), said(kept), "{department} {dimension}");
            let before = line("2026-W46", department, dimension);
            let expected = if before["score"].is_null() { Value::Null } else { said(before).0 };
            assert_eq!(in_book[&word("column", "score_before")], expected, "{department} {dimension} before");
            assert_eq!(row[&name(dimension)], said(kept).0, "{department} {dimension} in the digest");
        }
        let mail = demo().files(OUT).into_iter().find(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            name.starts_with(department.as_str()) && name.ends_with(".eml")
        });
        let mail = read_mail(&mail.expect("a mail"));
        let overall = line("2026-W47", department, "");
        let text = mail["text"].as_str().expect("a body");
        let sentence = text.lines().find(|line| line.starts_with("评分 ")).expect("the score");
        assert!(sentence.contains(&format!("评分 {}%", overall["score"].as_str().expect("a score"))), "{sentence}");
        assert!(mail["html"].as_str().expect("HTML").contains(sentence), "{sentence}");
    }
    let kept = line("2026-W47", "", "");
    let total = matrix.iter().find(|row| row[&word("column", "department")] == word("scores", "company").as_str());
    assert_eq!(total.expect("the company")[&name("")], said(kept).0);
    let mail = read_mail(&demo().path(&format!("{OUT}/service-digest_kefu@example.com.eml")));
    let text = mail["text"].as_str().expect("a body").replace(',', "");
    assert!(text.contains(&format!("{}/{}", kept["passed"], kept["tested"])), "{text}");
    // people, whose names are in the digest's workbook and in no mail
    let people = scores(demo(), &["--config", "d/hedui.toml", "--by", "person", "--period", "2026-W47"]);
    let headers = [word("column", "department"), word("column", "owner")];
    let rows = table(digest, &word("sheet", "people"), &headers.each_ref().map(String::as_str));
    let kept = people.iter().filter(|line| line["dimension"] == "timeliness");
    let mut seen = 0;
    for line in kept.filter(|line| line["person"] != "" && line["department"].is_string()) {
        let row = rows.iter().find(|row| row[&headers[0]] == line["department"] && row[&headers[1]] == line["person"]);
        let row = row.unwrap_or_else(|| panic!("no row for {line}"));
        let column = |key: &str| word("people", key).replace("{dimension}", &word("dimension", "timeliness"));
        assert_eq!((&row[&column("tested")], &row[&column("failing")]), (&line["tested"], &line["failing"]), "{line}");
        assert_eq!(row[&column("score")], said(line).0);
        assert!(!text.contains(line["person"].as_str().expect("a name")), "{line} in the mail");
        seen += 1;
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn nothing_tested_is_no_score_and_every_outcome_is_kept_apart() {
    let mut company = Company::clean(30);
    company.customers.set(0, "联系电话", "123");
    // a source that is not there, a department without a record, a rule whose number is blank
    let configuration = format!(
        "{}\n[departments.\"空部门\"]\nto = [\"empty@example.com\"]\n",
        configuration(MAIL_AS_FILES).replace("path = \"data/visits.csv\"", "path = \"data/none.csv\"")
    );
    let workplace = company.workplace_with(&configuration);
    workplace.write(
        "rules/own.toml",
        "[[rule]]\nid = \"own-limit\"\ntitle = { zh = \"额度\", en = \"limit\" }\ntable = \"customers\"\n\
         check = \"stale\"\nfield = \"updated_on\"\nunit = \"day\"\nseverity = \"error\"\ndimension = \"timeliness\"\nclauses = []\n\
         message = { zh = \"旧\", en = \"old\" }\nadvice = { zh = \"改\", en = \"mend\" }\n[rule.parameters]\nage = { basis = \"company\" }\n",
    );
    workplace.hedui(&["lint"]).exits(0);
    workplace.as_of(ONE, &["run", "weekly"]).exits(3);
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    let lines = scores(&workplace, &["--period", "2026-W47"]);
    let with = |outcome: &str| lines.iter().filter(|line| line["outcome"] == outcome).collect::<Vec<_>>();
    for outcome in ["passed", "failed", "not_applicable", "not_evaluated", "not_enabled"] {
        assert!(!with(outcome).is_empty(), "no {outcome}");
    }
    for outcome in ["not_evaluated", "not_enabled"] {
        for line in with(outcome) {
            assert_eq!((&line["department"], &line["score"]), (&"".into(), &Value::Null), "{line}");
            assert_eq!((number(line, "tested"), number(line, "failing")), (0, 0));
        }
    }
    assert!(with("not_applicable").iter().all(|line| number(line, "tested") == 0 && line["score"].is_null()));
    assert!(lines.iter().all(|line| line["department"] != "空部门"));
    let books = books(&workplace, "out/weekly/2026-W47");
    let sheet = word("sheet", "scores");
    let empty = &books["客户质量周报_空部门_2026W47.xlsx"];
    let rows = table(empty, &sheet, &[&word("column", "dimension"), &word("column", "units")]);
    for row in &rows[..7] {
        assert_eq!(shown(row), (word("scores", "no_data").into(), Value::Null, Value::Null));
    }
    let mail = read_mail(&workplace.path("out/weekly/2026-W47/空部门_empty@example.com.eml"));
    assert!(mail["text"].as_str().expect("a body").contains("评分：无数据。"), "{mail}");
    let digest = &books["客户质量汇总_2026W47.xlsx"];
    let matrix = table(digest, &sheet, &[&word("column", "department"), &word("scores", "overall")]);
    let row = matrix.iter().find(|row| row[&word("column", "department")] == "空部门").expect("the department");
    assert_eq!(row[&word("scores", "overall")], word("scores", "no_data").as_str());
}

#[test]
fn a_waived_unit_is_tested_and_does_not_fail_and_the_last_revision_counts() {
    let workplace = messy().workplace();
    let phone = |period: &str| {
        let lines = scores(&workplace, &["--period", period, "--job", "weekly"]);
        let line = lines.iter().find(|line| line["rule_id"] == "phone-format" && line["department"] == "");
        let line = line.expect("the rule");
        (number(line, "tested"), number(line, "failing"), number(line, "revision"))
    };
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let (tested, failing, _) = phone("2026-W46");
    workplace.write(
        "waivers.toml",
        "[[waiver]]\nrule = \"phone-format\"\nrecord_key = \"经销商2023-001\"\nreason = \"国外号码\"\napprover = \"总经理\"\n\
         expires = 2026-12-31\n",
    );
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    assert_eq!(phone("2026-W46"), (tested, failing - 1, 2));
    assert!(scores(&workplace, &["--period", "2026-W01"]).is_empty());
    workplace.hedui(&["history", "scores", "--by", "dimension"]).exits(0).prints("2026-W46  全公司  总评分  ");
}
