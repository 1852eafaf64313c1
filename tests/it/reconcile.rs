//! Between sources: what departments report against the customer system, whether they report, and whether they mark what
//! they changed. From the files to the mails.
//!
//! Apart because each test has files of several hands, and rules of the packs.

use std::process::Command;

use serde_json::Value;

use crate::company::{Company, Table, key};
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::read_mail;
use crate::reports::{books, word, work_list};
use crate::weeks::{ONE, TWO, findings};
use crate::workplace::Workplace;

const EAST: &str = "上报/华东销售部.csv";
const SOUTH: &str = "上报/华南销售部.csv";

/// A company whose departments report in files of their own.
fn configuration_with_reports(packs: &str) -> String {
    let reports: String = [EAST, SOUTH]
        .iter()
        .map(|path| format!("[[source]]\ntable = \"department_customers\"\npath = \"{path}\"\n\n"))
        .collect();
    configuration(MAIL_AS_FILES)
        .replace("language = \"zh\"\n", &format!("language = \"zh\"\npacks = [\"{packs}\"]\n"))
        .replace("[departments.\"华东销售部\"]", &format!("{reports}[departments.\"华东销售部\"]"))
}

/// The rows of a department, as it would report them.
fn report(customers: &Table, department: &str) -> Table {
    let mut report = customers.clone();
    let rows = (0..customers.rows.len()).filter(|row| customers.get(*row, "负责部门") == department);
    report.rows = rows.map(|row| customers.rows[row].clone()).collect();
    report
}

fn write_reports(workplace: &Workplace, east: &Table, south: &Table) {
    workplace.write(EAST, east.csv());
    workplace.write(SOUTH, south.csv());
}

fn of_rule<'f>(findings: &'f [Value], rule: &str) -> Vec<&'f Value> {
    findings.iter().filter(|finding| finding["rule_id"] == rule && finding["status"] != "resolved").collect()
}

/// Sets the modification time of a file, by the tool that every server has.
fn touched(workplace: &Workplace, file: &str, day: &str) {
    let status = Command::new("touch")
        .arg("-d")
        .arg(format!("{day} 12:00 +0800"))
        .arg(workplace.path(file))
        .status()
        .expect("touch");
    assert!(status.success());
}

#[test]
fn a_department_s_list_is_held_against_the_customer_system() {
    let company = Company::clean(10);
    let workplace = company.workplace_with(&configuration_with_reports("A"));
    let (mut east, south) = (report(&company.customers, "华东销售部"), report(&company.customers, "华南销售部"));
    east.set(0, "联系电话", "13900000009");
    east.set(1, "注册资本(万元)", &format!("{}.00", east.get(1, "注册资本(万元)")));
    east.set(2, "签约日期", &east.get(2, "签约日期").replace('-', "/"));
    let mut own = east.rows[3].clone();
    own[0] = key(77);
    east.rows.push(own);
    write_reports(&workplace, &east, &south);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let found = findings(&workplace);
    let differs = of_rule(&found, "a-department-differs");
    assert_eq!(differs.len(), 1, "dates and amounts are compared by value: {differs:#?}");
    let differs = differs[0];
    assert_eq!(
        (&differs["field"], &differs["value"], &differs["record_key"]),
        (&"phone".into(), &"13900000009".into(), &key(1).into())
    );
    assert_eq!(
        (&differs["file"], &differs["row"], &differs["department"]),
        (&EAST.into(), &2.into(), &"华东销售部".into())
    );
    let message = differs["message"].as_str().expect("a message");
    assert!(message.contains("客户系统：138****"), "the other's number is masked in messages: {message}");
    let missing = of_rule(&found, "a-department-not-in-crm");
    assert_eq!(missing.len(), 1);
    assert_eq!((&missing[0]["record_key"], &missing[0]["department"]), (&key(77).into(), &"华东销售部".into()));
    let books = books(&workplace, "out/weekly/2026-W47");
    let listed = work_list(&books["客户质量周报_华东销售部_2026W47.xlsx"], "work_list");
    assert!(listed.iter().any(|row| row[&word("column", "record_key")] == key(77)), "{listed:#?}");
    // entered: both are gone
    let mut company = company;
    company.customers.set(0, "联系电话", "13900000009");
    company.customers.rows.push(east.rows.last().expect("a row").clone());
    company.write(&workplace);
    workplace.as_of("2026-11-29", &["run", "weekly"]).exits(0);
    let found = findings(&workplace);
    assert!(
        of_rule(&found, "a-department-differs").is_empty() && of_rule(&found, "a-department-not-in-crm").is_empty()
    );
}

#[test]
fn what_was_reported_has_some_working_days_to_be_entered() {
    let company = Company::clean(10);
    let limit = "[[rule]]\nid = \"x-reported\"\ntitle = \"t\"\ntable = \"department_customers\"\ncheck = \"reconcile\"\n\
                 with = \"customers\"\nreport = \"missing\"\nsince = \"reported_on\"\nseverity = \"warning\"\n\
                 dimension = \"timeliness\"\nclauses = [\"E-42\"]\nmessage = \"m\"\nadvice = \"a\"\n\
                 [rule.parameters]\nlimit = 3\n";
    let workplace = company.workplace_with(&configuration_with_reports("A"));
    workplace.write("rules/own.toml", limit);
    let report = |day: &str| format!("档案编号,客户名称,负责部门,上报日期\n{},新客户,华东销售部,{day}\n", key(77));
    workplace.write(SOUTH, report("2026-11-20"));
    for (day, found) in [("2026-11-13", 1), ("2026-11-19", 0), ("", 1)] {
        workplace.write(EAST, report(day));
        workplace.as_of(TWO, &["check", "--rule", "x-reported", "--findings", "f.csv"]);
        assert_eq!(workplace.findings("f.csv").iter().filter(|line| line["file"] == EAST).count(), found, "`{day}`");
    }
}

#[test]
fn who_changes_must_mark_and_who_marks_must_change() {
    let mut company = Company::clean(6);
    let packs = configuration(MAIL_AS_FILES).replace("language = \"zh\"\n", "language = \"zh\"\npacks = [\"E\"]\n");
    let workplace = company.workplace_with(&packs);
    let with_marks = |company: &Company, marks: &[(usize, &str)]| {
        let text = company.customers.csv();
        let mark = |row: usize| marks.iter().find(|(at, _)| *at == row).map_or("", |(_, mark)| mark);
        let lines = text.lines().enumerate().map(|(number, line)| match number {
            0 => format!("{line},变更标记"),
            row => format!("{line},{}", mark(row - 1)),
        });
        workplace.write("data/customers.csv", lines.collect::<Vec<_>>().join("\n"));
    };
    with_marks(&company, &[]);
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    assert!(of_rule(&findings(&workplace), "e-changed-unmarked").is_empty(), "a first run has nothing to compare with");
    company.customers.set(0, "联系电话", "13900000009");
    company.customers.set(1, "联系电话", "13900000010");
    with_marks(&company, &[(1, "电话"), (2, "地址")]);
    let check = workplace.as_of(TWO, &["check", "--format", "json"]).json();
    let line = check.as_array().expect("an array").iter().find(|line| line["rule_id"] == "e-changed-unmarked").cloned();
    assert_eq!(line.expect("a line")["outcome"], "not_applicable", "a check remembers nothing");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let found = findings(&workplace);
    let unmarked = of_rule(&found, "e-changed-unmarked");
    assert_eq!(unmarked.iter().map(|finding| &finding["record_key"]).collect::<Vec<_>>(), [&Value::from(key(1))]);
    assert!(unmarked[0]["message"].as_str().expect("a message").contains("联系电话"), "{}", unmarked[0]);
    let unchanged = of_rule(&found, "e-marked-unchanged");
    assert_eq!(unchanged.iter().map(|finding| &finding["record_key"]).collect::<Vec<_>>(), [&Value::from(key(3))]);
    assert_eq!(unchanged[0]["value"], "地址");
}

#[test]
fn who_has_not_reported_is_told_and_who_sent_the_same_file_again_too() {
    let company = Company::clean(8);
    let workplace = company.workplace_with(&configuration_with_reports("E"));
    let (mut east, mut south) = (report(&company.customers, "华东销售部"), report(&company.customers, "华南销售部"));
    write_reports(&workplace, &east, &south);
    for file in [EAST, SOUTH] {
        touched(&workplace, file, "2026-11-14");
    }
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let first = findings(&workplace);
    for rule in ["e-report-missing", "e-report-late", "e-report-unchanged"] {
        assert!(of_rule(&first, rule).is_empty(), "{rule}: {first:#?}");
    }
    // a week later: one sent the same file again, one did not send any
    touched(&workplace, EAST, "2026-11-20");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let second = findings(&workplace);
    let late = of_rule(&second, "e-report-late");
    assert_eq!(late.len(), 1, "{late:#?}");
    assert_eq!((&late[0]["file"], &late[0]["department"]), (&SOUTH.into(), &"华南销售部".into()));
    let same: Vec<&Value> = of_rule(&second, "e-report-unchanged").iter().map(|finding| &finding["value"]).collect();
    assert_eq!(same, [ONE, ONE], "both files are those of last week");
    // the third week: one reports, the other's file is gone
    east.set(0, "地址", "宁波市新地址1号");
    workplace.write(EAST, east.csv());
    touched(&workplace, EAST, "2026-11-28");
    std::fs::remove_file(workplace.path(SOUTH)).expect("gone");
    workplace.as_of("2026-11-29", &["run", "weekly"]).exits(3);
    let third = findings(&workplace);
    assert!(of_rule(&third, "e-report-late").iter().all(|finding| finding["file"] != EAST));
    let missing = of_rule(&third, "e-report-missing");
    assert_eq!(missing.len(), 1, "{missing:#?}");
    assert_eq!((&missing[0]["department"], &missing[0]["value"]), (&"华南销售部".into(), &"没有文件".into()));
    let mail = read_mail(&workplace.path("out/weekly/2026-W48/华南销售部_south@example.com.eml"));
    assert!(!mail["attachments"].as_array().expect("a list").is_empty(), "{mail}");
    // it comes back under the same name
    south.set(0, "地址", "宁波市新地址2号");
    workplace.write(SOUTH, south.csv());
    touched(&workplace, SOUTH, "2026-12-05");
    touched(&workplace, EAST, "2026-12-05");
    workplace.as_of("2026-12-06", &["run", "weekly"]).exits(0);
    assert!(of_rule(&findings(&workplace), "e-report-missing").is_empty());
}

#[test]
fn important_customers_in_a_general_file_are_one_finding_of_that_file() {
    let mut company = Company::clean(6);
    company.customers.set(0, "客户等级", "重要");
    let packs = configuration(MAIL_AS_FILES).replace("language = \"zh\"\n", "language = \"zh\"\npacks = [\"E\"]\n");
    let workplace = company.workplace_with(&packs);
    workplace.as_of(TWO, &["check", "--rule", "e-important-not-apart", "--findings", "f.csv"]);
    let found = workplace.findings("f.csv");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0]["file"].as_str(), found[0]["value"].as_str()), ("data/customers.csv", "1"));
    assert!(found[0]["message"].contains("6 家客户里有重要客户 1 家"), "{}", found[0]["message"]);
}
