//! Guards: where rows fall or jump past what is believed, nothing is concluded, the departments' mails wait, the fallback
//! department is told, and a person can say that it is right.
//!
//! Apart from `weeks`, which tells what becomes of findings; here it is told who gets a mail and who does not.

use serde_json::Value;

use crate::company::Company;
use crate::python::read_mail;
use crate::weeks::{ONE, THREE, TWO, findings, of};
use crate::workplace::Workplace;

/// Sixty customers, thirty a department, one bad telephone number in each of the first four rows.
fn company() -> Company {
    let mut company = Company::clean(60);
    (0..4).for_each(|row| company.customers.set(row, "联系电话", &format!("12{row}")));
    company
}

/// The same with all but five customers of 华东销售部 gone.
fn without_the_east() -> Company {
    let mut company = company();
    let mut east = 0;
    let department = |row: &Vec<String>| row.iter().any(|cell| cell == "华东销售部");
    company.customers.rows.retain(|row| {
        east += usize::from(department(row));
        !department(row) || east > 25
    });
    company
}

/// (report, recipient) of the mails of a period, in order.
fn mails(workplace: &Workplace, period: &str) -> Vec<(String, String)> {
    let list = workplace.hedui(&["outbox", "list", "--format", "json"]).json();
    let word = |mail: &Value, key: &str| mail[key].as_str().expect("a word").to_owned();
    let mut mails: Vec<(String, String)> = list
        .as_array()
        .expect("an array")
        .iter()
        .filter(|mail| mail["period"] == period)
        .map(|mail| (word(mail, "report"), word(mail, "recipient")))
        .collect();
    mails.sort();
    mails
}

fn mail(report: &str, to: &str) -> (String, String) {
    (report.to_owned(), format!("{to}@example.com"))
}

fn run_json(workplace: &Workplace, folder: &str) -> Value {
    serde_json::from_str(&workplace.read(&format!("out/weekly/{folder}/run.json"))).expect("JSON")
}

#[test]
fn a_department_whose_customers_vanish_gets_no_mail_until_somebody_says_it_is_right() {
    let workplace = company().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    without_the_east().write(&workplace);
    let ran = workplace.as_of(TWO, &["run", "weekly"]);
    ran.exits(3).says("华东销售部").says("30").says("5 行");
    // two of its findings are gone with their rows, and not resolved; those of the other department are as they were
    let second = findings(&workplace);
    assert_eq!(of(&second, "resolved"), Vec::<&Value>::new());
    assert_eq!(of(&second, "new"), Vec::<&Value>::new());
    assert_eq!(of(&second, "not_checked").len(), 2, "{second:#?}");
    assert_eq!(of(&second, "open").len(), 2, "{second:#?}");
    let sent = mails(&workplace, "2026-W47");
    for (report, to) in [("department-weekly", "south"), ("row-guard", "kefu"), ("service-digest", "kefu")] {
        assert!(sent.contains(&mail(report, to)), "{report} to {to}: {sent:?}");
    }
    assert!(!sent.iter().any(|(_, to)| to == "east@example.com"), "{sent:?}");
    let east = |path: &std::path::PathBuf| path.display().to_string().contains("华东销售部");
    assert!(workplace.files("out/weekly/2026-W47").iter().any(east), "its report is written");
    let stopped = &run_json(&workplace, "2026-W47")["stopped"];
    assert_eq!(
        (&stopped[0]["department"], &stopped[0]["rows_before"], &stopped[0]["rows"]),
        (&"华东销售部".into(), &30.into(), &5.into())
    );
    assert_eq!(stopped.as_array().map(Vec::len), Some(1), "{stopped}");
    let told = read_mail(&workplace.path("out/weekly/2026-W47/row-guard_kefu@example.com.eml"));
    for body in ["text", "html"] {
        let body = told[body].as_str().expect("a body");
        for words in ["华东销售部", "5 行", "30 行", "--accept-rows", "2026-W47"] {
            assert!(body.contains(words), "no `{words}` in {body}");
        }
    }

    // nobody has said anything: a week later it is as suspicious as it was
    workplace.as_of(THREE, &["run", "weekly"]).exits(3).says("华东销售部");
    assert!(!mails(&workplace, "2026-W48").contains(&mail("department-weekly", "east")));

    // and now somebody does
    workplace.as_of(THREE, &["run", "weekly", "--accept-rows"]).exits(0);
    assert_eq!(of(&findings(&workplace), "resolved").len(), 2);
    assert!(mails(&workplace, "2026-W48").contains(&mail("department-weekly", "east")));
    workplace.as_of("2026-12-06", &["run", "weekly"]).exits(0);
}

#[test]
fn rules_that_look_at_all_customers_wait_with_the_department() {
    let workplace = company().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    without_the_east().write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    let rules = run_json(&workplace, "2026-W47")["rules"].clone();
    let outcome = |id: &str| -> String {
        let line = rules.as_array().expect("an array").iter().find(|line| line["rule_id"] == id).expect("the rule");
        line["outcome"].as_str().expect("a word").to_owned()
    };
    assert_eq!(outcome("phone-format"), "failed");
    assert_eq!(outcome("archive-no-unique"), "not_evaluated");
    assert_eq!(outcome("known-customer-contracts"), "not_evaluated", "their contracts are not orphans");
}

#[test]
fn a_table_that_falls_or_jumps_stops_the_mails_of_all_departments_but_the_fallback() {
    for copies in [0, 3] {
        let mut company = company();
        let workplace = company.workplace();
        workplace.as_of(ONE, &["run", "weekly"]).exits(0);
        let rows = company.contracts.rows.clone();
        company.contracts.rows = rows.iter().cycle().take(rows.len() * copies + 5).cloned().collect();
        company.write(&workplace);
        let now = company.contracts.rows.len();
        workplace.as_of(TWO, &["run", "weekly"]).exits(3).says("合同").says("60").says(&now.to_string());
        assert_eq!(of(&findings(&workplace), "new"), Vec::<&Value>::new(), "{copies} copies");
        let sent = mails(&workplace, "2026-W47");
        assert!(
            sent.contains(&mail("row-guard", "kefu")) && sent.contains(&mail("service-digest", "kefu")),
            "{sent:?}"
        );
        assert!(sent.iter().all(|(_, to)| to == "kefu@example.com"), "{copies} copies: {sent:?}");
        let stopped = run_json(&workplace, "2026-W47")["stopped"].clone();
        assert_eq!(stopped.as_array().map(Vec::len), Some(2), "{stopped}");
        workplace.as_of(TWO, &["run", "weekly", "--accept-rows"]);
        assert!(mails(&workplace, "2026-W47").contains(&mail("department-weekly", "south")));
    }
}

#[test]
fn a_file_that_was_away_for_a_week_is_no_jump_when_it_is_back() {
    let workplace = company().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    std::fs::rename(workplace.path("data/customers.csv"), workplace.path("away.csv")).expect("moved");
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    std::fs::rename(workplace.path("away.csv"), workplace.path("data/customers.csv")).expect("moved back");
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    without_the_east().write(&workplace);
    workplace.as_of("2026-12-06", &["run", "weekly"]).exits(3).says("华东销售部");
}

#[test]
fn the_bounds_are_settings_and_a_table_may_have_its_own() {
    let mut company = company();
    let workplace = company.workplace();
    let text = workplace.read("hedui.toml");
    let guard = "\n[guard]\nlargest_share = 1.5\ntables.contracts = { largest_share = 5, smallest_share = 0.1 }\n";
    workplace.write("hedui.toml", text.clone() + guard);
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let rows = company.contracts.rows.clone();
    company.contracts.rows.truncate(7);
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]);
    assert!(mails(&workplace, "2026-W47").contains(&mail("department-weekly", "south")));
    company.contracts.rows = rows;
    let visits = company.visits.rows.clone();
    company.visits.rows.extend(visits);
    company.write(&workplace);
    workplace.as_of(THREE, &["run", "weekly"]).exits(3).says("拜访记录").says("120");
    for (guard, words) in [
        ("largest_share = 0.5", "1"),
        ("smallest_share = 2", "0"),
        ("tables.kunden = { largest_share = 3 }", "kunden"),
        ("tables.customers = { largest = 3 }", "largest"),
    ] {
        workplace.write("hedui.toml", format!("{text}\n[guard]\n{guard}\n"));
        workplace.hedui(&["lint"]).exits(2).says(words);
    }
}

#[test]
fn an_empty_table_is_believed_once_the_configuration_says_so() {
    let mut company = Company::clean(30);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    company.contracts.rows.clear();
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    let told = read_mail(&workplace.path("out/weekly/2026-W47/row-guard_kefu@example.com.eml"));
    for body in ["text", "html"] {
        let body = told[body].as_str().expect("a body");
        assert!(body.contains("allow_empty") && body.contains("contracts"), "{body}");
    }
    // that somebody said so for one week does not make thirty rows forgotten
    workplace.as_of(TWO, &["run", "weekly", "--accept-rows"]);
    workplace.as_of(THREE, &["run", "weekly"]).exits(3).says("30");
    let with = workplace.read("hedui.toml") + "\n[guard]\nallow_empty = [\"contracts\"]\n";
    workplace.write("hedui.toml", with);
    workplace.as_of("2026-12-06", &["run", "weekly"]).exits(0);
}
