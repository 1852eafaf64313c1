//! READ: what a database narrows gives the findings, outcomes and counts of what is read whole, to the letter.
//!
//! Apart from `databases`, because here a server is asked to leave rows out: each rule alone, so that suspect rows and counts
//! travel, and all together, on a company whose cells are as messy as people make them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::configuration::{MAIL_AS_FILES, configuration_of, sources};
use crate::python::python;
use crate::server_database::{DatabaseServer, MariaDb, Postgres};
use crate::workplace::{AS_OF, Workplace};

/// Rules that a database can tell by single rows.
const NARROWED: [&str; 9] = [
    "required-fields",
    "important-remark",
    "visit-required-fields",
    "phone-format",
    "email-format",
    "stale-record",
    "entered-within-5-working-days",
    "change-registered-within-3-working-days",
    "damaged-number",
];

/// Rules that look at other rows: all rows come, and no column that they do not look at.
const WHOLE: [&str; 5] =
    ["near-duplicate", "name-unique", "tier-declared", "known-customer-visits", "important-two-contacts"];

/// What a check gives: findings, outcomes, and of the load notes what is counted; and what the notes remark.
#[derive(Debug, PartialEq)]
struct Given {
    findings: Vec<String>,
    outcomes: Value,
    counts: Vec<Value>,
}

fn check(workplace: &Workplace, evaluate: &str, rules: &[&str]) -> (Given, BTreeSet<(String, String)>) {
    let source = sources(|table| format!("url = \"file:crm.url\"\nfrom = \"{table}\"\nevaluate = \"{evaluate}\""));
    workplace.write("hedui.toml", configuration_of(&source, MAIL_AS_FILES));
    let mut arguments = vec!["check", "--findings", "f.csv", "--load-notes", "notes.json", "--format", "json"];
    arguments.extend(rules.iter().flat_map(|rule| ["--rule", *rule]));
    let ran = workplace.as_of(AS_OF, &arguments);
    ran.exits(0);
    let mut findings: Vec<String> = workplace.read("f.csv").lines().map(str::to_owned).collect();
    findings.sort();
    let notes: Value = serde_json::from_str(&workplace.read("notes.json")).expect("load notes");
    let notes = notes["sources"].as_array().expect("sources").clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let remarks = notes.iter().flat_map(|note| {
        let remarks = note["remarks"].as_array().cloned().unwrap_or_default();
        remarks.into_iter().map(|remark| (text(&note["table"]), text(&remark))).collect::<Vec<_>>()
    });
    let remarks = remarks.collect();
    let counts = notes
        .iter()
        .map(|note| serde_json::json!([note["table"], note["rows_read"], note["rows_checked"], note["skipped"]]))
        .collect();
    (Given { findings, outcomes: ran.json(), counts }, remarks)
}

/// Every rule of `NARROWED` and `WHOLE` alone, and all rules.
#[track_caller]
fn narrows_without_a_difference(server: &DatabaseServer, kind: &str) {
    let workplace = Workplace::new("");
    let path = |name: &str| workplace.path(name).display().to_string();
    python("oracle/generate.py", &[&path("raw"), "--customers", "250", "--seed", "7", "--as-of", AS_OF]);
    python("it/py/tables.py", &["clean", &path("raw"), &path("data")]);
    for file in workplace.files("data") {
        let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
        server.load_csv(name, &std::fs::read_to_string(&file).expect("a table"));
    }
    workplace.write("crm.url", server.url());
    for rules in NARROWED.iter().chain(&WHOLE).map(std::slice::from_ref).chain([&[][..]]) {
        let (whole, _) = check(&workplace, "here", rules);
        let (narrowed, remarks) = check(&workplace, "database", rules);
        assert_eq!(narrowed, whole, "{kind}: {rules:?}");
        assert!(whole.findings.len() > 1, "{kind}: {rules:?} finds nothing");
        let table = whole.outcomes[0]["table"].as_str().expect("a table").to_owned();
        let of_table = |words: &str| remarks.iter().any(|(of, remark)| *of == table && remark.contains(words));
        match rules {
            // a rule of many tables begins with the customers, who say whose a record is
            ["damaged-number"] | [] => assert!(of_table("用不到的列没有取回"), "{kind}: {remarks:?}"),
            [rule] if NARROWED.contains(rule) => assert!(of_table("其余只取条数"), "{kind}: {rule}: {remarks:?}"),
            _ => assert!(of_table("用不到的列没有取回"), "{kind}: {rules:?}: {remarks:?}"),
        }
    }
}

#[test]
fn postgres_leaves_rows_out_that_cannot_fail() {
    narrows_without_a_difference(&Postgres::start(), "PostgreSQL");
}

#[test]
fn mariadb_leaves_rows_out_that_cannot_fail() {
    narrows_without_a_difference(&MariaDb::start(), "MariaDB");
}

/// Columns of real types, and rows that are none.
#[test]
fn types_and_rows_that_are_no_records() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    for server in [&*postgres, &*mariadb] {
        server.execute(
            "create table customers (archive_no varchar(40), name varchar(80), phone varchar(40), entered_on date, \
             updated_on timestamp null, registered_capital numeric(12,2), postcode integer, tier char(8), remark text);\
             insert into customers values \
             ('K1', 'A', '13800138000', '2026-11-01', '2026-11-01 10:00:00', 1200.50, 200120, '重要', null),\
             ('K2', 'B', '1380013800', null, null, null, null, '重要', '无'),\
             ('K3', 'C', '１３８００１３８０００', '2020-01-01', '2020-01-01 00:00:00', 0, 10, 'x', 'y'),\
             (null, null, null, null, null, null, null, null, null),\
             ('合计', null, null, null, null, 1200.50, null, null, null),\
             ('制表人：王五', null, null, null, null, null, null, null, null),\
             ('K4', 'D', '暂无', '2026-11-02', '2026-11-02 00:00:00', 1, 200120, '重要', 'note'),\
             ('K5', 'D', '13900139000', '2026-11-02', '2026-11-02 00:00:00', 1, 200120, '重要 ', 'note');",
        );
        let workplace = Workplace::new("");
        workplace.write("crm.url", server.url());
        let check = |evaluate: &str, rules: &[&str]| {
            let source = format!(
                "[[source]]\ntable = \"customers\"\nurl = \"file:crm.url\"\nquery = \"select * from customers\"\n\
                 evaluate = \"{evaluate}\"\n"
            );
            workplace.write("hedui.toml", configuration_of(&source, MAIL_AS_FILES));
            let mut arguments = vec!["check", "--findings", "f.csv", "--load-notes", "n.json", "--format", "json"];
            arguments.extend(rules.iter().flat_map(|rule| ["--rule", *rule]));
            let ran = workplace.as_of(AS_OF, &arguments);
            let notes: Value = serde_json::from_str(&workplace.read("n.json")).expect("load notes");
            let note = &notes["sources"][0];
            let counts = serde_json::json!([note["rows_read"], note["rows_checked"], note["skipped"]]);
            (workplace.read("f.csv"), ran.json(), counts)
        };
        for rules in [&["phone-format"][..], &["stale-record"], &["important-remark"], &["postcode-format"], &[]] {
            let whole = check("here", rules);
            assert_eq!(check("database", rules), whole, "{rules:?}");
            assert_eq!(whole.2[0], 8, "{rules:?}");
        }
    }
}

#[test]
fn a_plan_says_what_travels_and_why() {
    let workplace = Workplace::new("");
    workplace.write("crm.url", "postgres://nobody:x@127.0.0.1:1/hedui");
    let source = sources(|table| format!("url = \"file:crm.url\"\nfrom = \"{table}\""));
    workplace.write("hedui.toml", configuration_of(&source, MAIL_AS_FILES));
    let narrowed = |rule: &str| workplace.hedui(&["explain", rule, "--plan"]).all();
    let said = narrowed("phone-format");
    assert!(said.contains("单查这条规则，由数据库筛选可疑的行"), "{said}");
    let said = narrowed("archive-no-unique");
    assert!(said.contains("archive-no-unique（unique）要看其他行"), "{said}");
}

#[test]
fn a_file_has_nobody_who_could_narrow_it() {
    let workplace = Workplace::new("");
    for (location, words) in [
        ("path = \"data/customers.csv\"\nevaluate = \"database\"", "文件没有可筛选的数据库"),
        ("path = \"data/customers.xlsx\"\nevaluate = \"spark\"", "Spark 只读 .parquet 和文本文件"),
        ("url = \"sqlite:crm.db\"\nfrom = \"customers\"\nevaluate = \"database\"", "SQLite 是文件"),
        ("url = \"env:HEDUI_IT\"\nfrom = \"customers\"\nevaluate = \"databse\"", "evaluate"),
    ] {
        let source = format!("[[source]]\ntable = \"customers\"\n{location}\n");
        workplace.write("hedui.toml", configuration_of(&source, MAIL_AS_FILES));
        workplace.hedui(&["lint"]).exits(2).says(words);
    }
}
