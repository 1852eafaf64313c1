//! `hedui check`: what it prints, exports and ends with, as scripts rely on it (interface).
//!
//! Apart from `rules`, which is about what fails: here the company has three faults that everybody can see.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::company::Company;
use crate::workplace::{AS_OF, Workplace, mode};

const COLUMNS: &str = "rule_id,table,record_key,field,value,file,sheet,row,column,severity,dimension,department,owner,\
                       message,status,first_seen,clause";

/// An error, a warning, and a value that cannot be read.
fn faulty() -> Workplace {
    let mut company = Company::clean(5);
    company.customers.set(1, "联系电话", " １２３ ");
    company.customers.set(2, "最近核实日期(销售)", "2026-10-21");
    company.contracts.set(3, "合同金额(万元)", "约三十");
    company.workplace()
}

#[test]
fn the_export_has_the_columns_of_the_contract() {
    let workplace = faulty();
    workplace.as_of(AS_OF, &["check", "--findings", "f.csv"]).exits(0);
    let text = workplace.read("f.csv");
    assert_eq!(text.lines().next(), Some(COLUMNS));
    assert_eq!(mode(&workplace.path("f.csv")), 0o600);
    let found = workplace.findings("f.csv");
    assert_eq!(found.len(), 3, "{text}");
    let phone = found.iter().find(|finding| finding["rule_id"] == "phone-format").expect("the phone");
    for (column, value) in [
        ("table", "customers"),
        ("record_key", "经销商2023-002"),
        ("field", "phone"),
        ("value", " １２３ "),
        ("file", "data/customers.csv"),
        ("sheet", ""),
        ("row", "3"),
        ("column", "G"),
        ("severity", "error"),
        ("dimension", "validity"),
        ("department", "华南销售部"),
        ("owner", "李娜"),
        ("status", "new"),
        ("first_seen", AS_OF),
    ] {
        assert_eq!(phone[column], value, "{column}");
    }
    assert!(!phone["message"].is_empty() && !phone["clause"].is_empty());
    let amount = found.iter().find(|finding| finding["rule_id"] == "unreadable-value").expect("the amount");
    for (column, value) in [
        ("table", "contracts"),
        ("record_key", "HT-0004"),
        ("field", "amount"),
        ("row", "5"),
        ("column", "D"),
        ("severity", "info"),
        ("department", "华南销售部"),
        ("owner", "李娜"),
    ] {
        assert_eq!(amount[column], value, "{column}");
    }
}

#[test]
fn the_export_is_the_same_in_every_form() {
    let workplace = faulty();
    for name in ["f.csv", "f.jsonl", "f.parquet"] {
        workplace.as_of(AS_OF, &["check", "--findings", name]).exits(0);
        assert_eq!(mode(&workplace.path(name)), 0o600, "{name}");
    }
    let from_csv = workplace.findings("f.csv");
    let text = workplace.read("f.jsonl");
    let from_json: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(from_csv.len(), from_json.len());
    for (record, object) in from_csv.iter().zip(&from_json) {
        let keys: Vec<&String> = object.as_object().expect("an object").keys().collect();
        assert_eq!(keys.len(), 17, "{keys:?}");
        for (column, value) in record {
            let written = &object[column];
            let text = written.as_str().map_or_else(|| written.to_string(), str::to_owned);
            assert_eq!(&text, value, "{column}");
        }
        assert!(object["row"].is_u64());
    }
    let parquet = std::fs::read(workplace.path("f.parquet")).expect("a file");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn an_export_of_another_form_is_refused_and_an_old_one_replaced() {
    let workplace = faulty();
    workplace.as_of(AS_OF, &["check", "--findings", "f.xlsx"]).exits(2).says("f.xlsx");
    assert!(!workplace.path("f.xlsx").exists());
    workplace.write("f.csv", "something old, readable by everybody");
    workplace.as_of(AS_OF, &["check", "--findings", "f.csv"]).exits(0);
    assert_eq!(workplace.findings("f.csv").len(), 3);
    assert_eq!(mode(&workplace.path("f.csv")), 0o600);
}

#[test]
fn json_has_a_line_a_rule_with_the_words_of_the_contract() {
    let workplace = faulty();
    let ran = workplace.as_of(AS_OF, &["check", "--format", "json"]);
    let lines = ran.exits(0).json();
    let lines = lines.as_array().expect("an array");
    let line = |rule: &str, table: &str| {
        lines.iter().find(|line| line["rule_id"] == rule && line["table"] == table).unwrap_or_else(|| panic!("{rule}"))
    };
    for line in lines {
        for key in ["rule_id", "table", "outcome", "tested", "failing", "reason"] {
            assert!(line.get(key).is_some(), "{key} in {line}");
        }
    }
    for (rule, table, outcome, tested, failing) in [
        ("phone-format", "customers", "failed", 5, 1),
        ("sales-verification-monthly", "customers", "warned", 5, 1),
        ("unreadable-value", "contracts", "warned", 10, 1),
        ("email-format", "customers", "passed", 5, 0),
        ("important-remark", "customers", "not_applicable", 0, 0),
    ] {
        let line = line(rule, table);
        assert_eq!(
            (&line["outcome"], &line["tested"], &line["failing"]),
            (&outcome.into(), &tested.into(), &failing.into()),
            "{line}"
        );
    }
}

#[test]
fn fail_on_decides_between_nought_and_one() {
    let workplace = faulty();
    let narrowed = |more: &[&str]| workplace.as_of(AS_OF, &[&["check"], more].concat()).code;
    assert_eq!(narrowed(&[]), 0);
    assert_eq!(narrowed(&["--fail-on", "error"]), 1);
    assert_eq!(narrowed(&["--fail-on", "warning"]), 1);
    let warned = ["--rule", "sales-verification-monthly"];
    assert_eq!(narrowed(&[&warned, ["--fail-on", "error"].as_slice()].concat()), 0);
    assert_eq!(narrowed(&[&warned, ["--fail-on", "warning"].as_slice()].concat()), 1);
    assert_eq!(narrowed(&["--rule", "email-format", "--fail-on", "warning"]), 0);
    // done in part comes before a rule at its level
    std::fs::remove_file(workplace.path("data/visits.csv")).expect("removed");
    assert_eq!(narrowed(&["--fail-on", "error"]), 3);
}

#[test]
fn rules_and_tables_narrow_a_check_and_unknown_ones_are_usage_errors() {
    let workplace = faulty();
    let ran =
        workplace.as_of(AS_OF, &["check", "--rule", "phone-format", "--rule", "email-format", "--format", "json"]);
    let ids: BTreeSet<String> =
        ran.exits(0).json().as_array().expect("an array").iter().map(|line| line["rule_id"].to_string()).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let ran = workplace.as_of(AS_OF, &["check", "--table", "contracts", "--format", "json"]);
    for line in ran.exits(0).json().as_array().expect("an array") {
        assert_eq!(line["table"], "contracts");
    }
    workplace.as_of(AS_OF, &["check", "--rule", "phone-fromat"]).exits(2).says("phone-format");
    workplace.as_of(AS_OF, &["check", "--table", "custommers"]).exits(2).says("customers");
    workplace.hedui(&["check", "--as-of", "2026-02-30"]).exits(2);
    workplace.hedui(&["chekc"]).exits(2).says("check");
}

#[test]
fn load_notes_account_for_every_row() {
    let mut company = Company::clean(4);
    company.customers.rows.insert(2, vec![String::new(); 29]);
    let workplace = company.workplace();
    let mut text = workplace.read("data/customers.csv").replace("备注", "备注,颜色");
    text += ",合计,,,,,,,,,,,4800,,,,,,,,,,,,,,,,,\n合计,,,,,,,,,,,,4800,,,,,,,,,,,,,,,,,\n";
    workplace.write("data/customers.csv", text);
    workplace.as_of(AS_OF, &["check", "--load-notes", "notes.json"]).exits(0);
    assert_eq!(mode(&workplace.path("notes.json")), 0o600);
    let notes: Value = serde_json::from_str(&workplace.read("notes.json")).expect("JSON");
    let notes = notes["sources"].as_array().expect("an array");
    assert_eq!(notes.len(), 6);
    for note in notes {
        let number = |key: &str| note[key].as_u64().unwrap_or_else(|| panic!("{key} in {note}"));
        assert_eq!(number("rows_read"), number("rows_checked") + number("rows_skipped"), "{note}");
        assert_eq!(note["skipped"].as_array().expect("an array").len() as u64, number("rows_skipped"));
    }
    let customers = notes.iter().find(|note| note["table"] == "customers").expect("customers");
    assert_eq!(customers["header_row"], 1);
    assert_eq!(customers["encoding"], "UTF-8");
    assert_eq!(customers["rows_checked"], 4);
    assert_eq!(customers["unknown_columns"], serde_json::json!(["颜色"]));
    let skipped: Vec<(u64, &str)> = customers["skipped"]
        .as_array()
        .expect("an array")
        .iter()
        .map(|row| (row["row"].as_u64().expect("a row"), row["reason"].as_str().expect("a reason")))
        .collect();
    assert_eq!(skipped, [(4, "blank"), (7, "total"), (8, "total")]);
}

#[test]
fn a_check_leaves_nothing_behind() {
    let workplace = faulty();
    let before = workplace.snapshot();
    workplace.as_of(AS_OF, &["check"]).exits(0);
    assert_eq!(workplace.snapshot(), before);
    assert!(!workplace.path("state").exists() && !workplace.path("out").exists());
}

#[test]
fn the_configuration_is_found_above_and_by_name() {
    let workplace = faulty();
    let below = workplace.path("data");
    let run = |folder: &std::path::Path, arguments: &[&str]| {
        crate::workplace::Ran::of(crate::workplace::program(folder).args(arguments), &arguments.join(" "))
    };
    run(&below, &["check", "--as-of", AS_OF]).exits(0);
    let named = workplace.path("hedui.toml").display().to_string();
    let elsewhere = tempfile::tempdir().expect("a folder");
    run(elsewhere.path(), &["check", "--as-of", AS_OF, "--config", &named]).exits(0);
    run(elsewhere.path(), &["check", "--as-of", AS_OF]).exits(2).says("hedui.toml");
}
