//! What may be called put right, and what may be called changed: only what was looked at, and what was compared.
//!
//! Apart from `weeks` and `changes` because here something is missing each time: half a department, a source, a column, a
//! mark, a snapshot. Each test is a story of two to four runs in one workplace.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::company::{Company, key};
use crate::configuration::{MAIL_AS_FILES, configuration, configuration_of, csv_sources};
use crate::reports::{books, table, word};
use crate::weeks::{ONE, THREE, TWO, findings, of};
use crate::workplace::Workplace;

const FOUR: &str = "2026-12-06";

/// The customers of the company with an even or odd number, as CSV.
fn half(company: &Company, odd: bool, most: usize) -> String {
    let mut half = company.customers.clone();
    let mut number = 0;
    half.rows.retain(|_| {
        number += 1;
        number % 2 == usize::from(odd)
    });
    half.rows.truncate(most);
    half.csv()
}

/// Customers with a column for marks: (row, mark).
fn with_marks(company: &Company, marks: &[(usize, &str)]) -> String {
    let text = company.customers.csv();
    let line = |(number, line): (usize, &str)| match number {
        0 => format!("{line},更新标注\n"),
        _ => {
            let mark = marks.iter().find(|(row, _)| row + 1 == number).map_or("", |(_, mark)| mark);
            format!("{line},{mark}\n")
        }
    };
    text.lines().enumerate().map(line).collect()
}

/// (record, status) of a rule's findings.
fn told(workplace: &Workplace, rule: &str) -> BTreeSet<(String, String)> {
    let text = |finding: &Value, name: &str| finding[name].as_str().expect("a text").to_owned();
    let all = findings(workplace);
    let own = all.iter().filter(|finding| finding["rule_id"] == rule);
    own.map(|finding| (text(finding, "record_key"), text(finding, "status"))).collect()
}

fn line(record: usize, status: &str) -> (String, String) {
    (key(record), status.to_owned())
}

fn changes(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let all = [&["history", "changes", "--format", "json"], arguments].concat();
    workplace.hedui(&all).exits(0).json().as_array().expect("an array").clone()
}

#[test]
fn what_went_to_another_department_is_not_resolved_while_the_records_own_one_is_not_believed() {
    let mut company = Company::clean(80);
    for row in 0..80 {
        company.customers.set(row, "最近对账日期(财务)", "2020-01-01");
    }
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let first = findings(&workplace);
    assert!(first.len() >= 80 && first.iter().any(|finding| finding["department"] != "华东销售部"), "{}", first.len());
    let east = half(&company, true, 5);
    let south = half(&company, false, 40);
    let south: String = south.lines().skip(1).map(|line| format!("{line}\n")).collect();
    workplace.write("data/customers.csv", east + &south);
    workplace.as_of(TWO, &["run", "weekly"]).exits(3).says("华东销售部");
    let second = findings(&workplace);
    assert_eq!(of(&second, "resolved"), Vec::<&Value>::new());
    assert!(of(&second, "not_checked").len() >= 35, "{}", of(&second, "not_checked").len());
    // what the other department's records failed is as it was
    assert!(of(&second, "open").len() >= 40, "{}", of(&second, "open").len());
    // nor is any score made of them: forty records of the other department are left
    let scores = workplace.hedui(&["history", "scores", "--format", "json"]).exits(0).json();
    let tested = |rule: &str, department: &str| -> Option<u64> {
        let lines = scores.as_array().expect("lines").iter().filter(|line| line["period"] == "2026-W47");
        let mut own = lines.filter(|line| line["rule_id"] == rule && line["department"] == department);
        own.next().and_then(|line| line["tested"].as_u64())
    };
    assert_eq!(tested("phone-format", "华东销售部"), None);
    assert_eq!(tested("phone-format", "华南销售部"), Some(40));
    assert_eq!(tested("phone-format", ""), Some(40));
    assert_eq!(tested("finance-reconciliation-yearly", "财务部"), Some(40));
    // and once it is right, they are
    workplace.as_of(TWO, &["run", "weekly", "--accept-rows"]).exits(0);
    assert!(of(&findings(&workplace), "resolved").len() >= 35);
}

#[test]
fn of_sources_that_were_read_the_rows_are_judged_though_another_was_not() {
    let others = csv_sources().replace("[[source]]\ntable = \"customers\"\npath = \"data/customers.csv\"\n", "");
    let own =
        ["east", "south"].map(|name| format!("[[source]]\ntable = \"customers\"\npath = \"data/{name}.csv\"\n\n"));
    let mut company = Company::clean(80);
    (0..20).for_each(|row| company.customers.set(row, "联系电话", "12"));
    let workplace = company.workplace_with(&configuration_of(&(others + &own.concat()), MAIL_AS_FILES));
    workplace.write("data/east.csv", half(&company, true, 40));
    workplace.write("data/south.csv", half(&company, false, 40));
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    std::fs::remove_file(workplace.path("data/east.csv")).expect("removed");
    workplace.write("data/south.csv", half(&company, false, 2));
    workplace.as_of(TWO, &["run", "weekly"]).exits(3).says("40");
    let second = findings(&workplace);
    assert_eq!(of(&second, "resolved"), Vec::<&Value>::new(), "nobody mended anything");
    let mails = workplace.hedui(&["outbox", "list", "--format", "json"]).exits(0).json();
    let south = mails.as_array().expect("mails").iter().filter(|mail| mail["period"] == "2026-W47");
    assert!(south.clone().count() > 0 && south.clone().all(|mail| mail["recipient"] != "south@example.com"), "{mails}");
}

#[test]
fn a_mark_that_was_asked_for_is_asked_for_until_it_is_made() {
    let mut company = Company::clean(12);
    let configuration = configuration(MAIL_AS_FILES).replace("language = \"zh\"", "language = \"zh\"\npacks = [\"E\"]");
    let workplace = company.workplace_with(&configuration);
    workplace.write("data/customers.csv", with_marks(&company, &[]));
    workplace.as_of(ONE, &["run", "weekly"]);
    company.customers.set(0, "联系电话", "13900000001");
    company.customers.set(1, "联系电话", "13900000002");
    company.customers.set(2, "签约日期", "2026年10月26日"); // the same day
    workplace.write("data/customers.csv", with_marks(&company, &[]));
    workplace.as_of(TWO, &["run", "weekly"]);
    let rule = "e-changed-unmarked";
    assert_eq!(told(&workplace, rule), [line(1, "new"), line(2, "new")].into());
    workplace.as_of(THREE, &["run", "weekly"]);
    assert_eq!(told(&workplace, rule), [line(1, "open"), line(2, "open")].into(), "nobody marked anything");
    assert!(findings(&workplace).iter().any(|finding| finding.to_string().contains("变化在更早的一期")));
    workplace.write("data/customers.csv", with_marks(&company, &[(0, "电话")]));
    workplace.as_of(FOUR, &["run", "weekly"]);
    assert_eq!(told(&workplace, rule), [line(1, "resolved"), line(2, "open")].into());
    company.customers.rows.remove(1); // a record that is gone needs no mark
    workplace.write("data/customers.csv", with_marks(&company, &[]));
    workplace.as_of("2026-12-13", &["run", "weekly"]);
    assert_eq!(told(&workplace, rule), [line(2, "resolved")].into());
}

#[test]
fn a_record_is_not_called_unchanged_where_a_column_was_not_compared() {
    let mut company = Company::clean(6);
    let configuration = configuration(MAIL_AS_FILES).replace("language = \"zh\"", "language = \"zh\"\npacks = [\"E\"]");
    let workplace = company.workplace_with(&configuration);
    workplace.write("data/customers.csv", with_marks(&company, &[]));
    workplace.as_of(ONE, &["run", "weekly"]);
    let rule = "e-marked-unchanged";
    workplace.write("data/customers.csv", with_marks(&company, &[(2, "开户行"), (3, "电话")]));
    workplace.as_of(TWO, &["run", "weekly"]);
    assert_eq!(told(&workplace, rule), [line(3, "new"), line(4, "new")].into());
    company.customers.drop_column("开户行");
    workplace.write("data/customers.csv", with_marks(&company, &[(2, "开户行"), (4, "电话")]));
    workplace.as_of(THREE, &["run", "weekly"]);
    let third = told(&workplace, rule);
    assert!(!third.contains(&line(5, "new")), "its bank may have changed: {third:?}");
    assert!(third.contains(&line(3, "not_checked")), "{third:?}");
}

#[test]
fn a_customer_that_moves_is_told_to_both_departments() {
    let mut company = Company::clean(12);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    company.customers.set(0, "负责部门", "华南销售部");
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]);
    let books = books(&workplace, "out/weekly/2026-W47");
    let headers = ["record_key", "field", "old", "new"].map(|name| word("column", name));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    for department in ["华东销售部", "华南销售部"] {
        let book = &books[&format!("客户质量周报_{department}_2026W47.xlsx")];
        let rows = table(book, &word("sheet", "changes"), &headers);
        let moved = rows.iter().find(|row| row[&word("column", "record_key")] == key(1).as_str());
        let moved = moved.unwrap_or_else(|| panic!("{department} is told nothing: {rows:?}"));
        assert_eq!(moved[&word("column", "new")], "华南销售部");
    }
}

#[test]
fn what_stands_beside_customers_that_are_not_believed_is_told_and_so_is_why_they_are_not() {
    let mut company = Company::clean(60);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    company.contracts.set(1, "合同金额(万元)", "99");
    company.write(&workplace);
    let south: String = half(&company, false, 30).lines().skip(1).map(|line| format!("{line}\n")).collect();
    workplace.write("data/customers.csv", half(&company, true, 5) + &south);
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    let said = serde_json::to_string(&books(&workplace, "out/weekly/2026-W47")).expect("JSON");
    assert!(said.contains("行数不可信"), "the reason why customers are not compared");
    assert!(!said.contains("首次运行"), "there was a run before");
}

#[test]
fn whatever_it_is_compared_with_is_named() {
    let mut company = Company::clean(6);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    std::fs::remove_file(workplace.path("data/contracts.csv")).expect("removed");
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    company.contracts.set(0, "状态", "作废");
    company.write(&workplace);
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    workplace.hedui(&["history", "changes"]).exits(0).says("与 2026-W46 的数据比较");
    let contract = changes(&workplace, &["--table", "contracts"]);
    assert_eq!((contract.len(), &contract[0]["from_period"]), (1, &"2026-W46".into()));
    let said = serde_json::to_string(&books(&workplace, "out/weekly/2026-W48")).expect("JSON");
    assert!(said.contains("“合同”与 2026-W46 的数据比较"));
    // a key that nobody has, and one that two have
    workplace.hedui(&["history", "changes", "--key", "没有的"]).exits(0).says("都没有编号“没有的”");
    company.customers.set(3, "档案编号", &key(1));
    company.write(&workplace);
    workplace.as_of(FOUR, &["run", "weekly"]);
    workplace.hedui(&["history", "changes", "--key", &key(1)]).exits(0).says("主键重复");
}

#[test]
fn one_damaged_snapshot_keeps_nobody_from_the_others() {
    let mut company = Company::clean(6);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    company.customers.set(0, "邮编", "315099");
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    workplace.write("state/snapshots/weekly-2026-W46-r1-contracts.parquet", "PAR1 half of");
    let one = changes(&workplace, &["--table", "customers"]);
    assert_eq!(one.len(), 1, "{one:?}");
    let all = workplace.hedui(&["history", "changes", "--format", "json"]);
    all.says("weekly-2026-W46-r1-contracts.parquet");
    assert_ne!(all.code, 0);
    assert_eq!(all.json().as_array().map(Vec::len), Some(1), "what could be read is told");
    // what is not ours is not deleted, and in nobody's way
    workplace.write("state/snapshots/@eaDir/thumbnail", "x");
    workplace.write("state/snapshots/notes.txt", "x");
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    assert!(workplace.path("state/snapshots/@eaDir/thumbnail").exists());
    assert!(workplace.path("state/snapshots/notes.txt").exists());
}
