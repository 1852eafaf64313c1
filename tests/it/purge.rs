//! What is given up of our own copies: by age, and of customers whose records were destroyed.
//!
//! Apart because it deletes. What is left is looked through by Python, which unpacks everything; the plan is held against
//! what is gone afterwards.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::company::{Company, Table};
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::python;
use crate::workplace::Workplace;

const WEEKS: [&str; 5] = ["2026-08-03", "2026-10-05", "2026-11-09", "2026-11-16", "2026-11-23"];
const TODAY: &str = "2026-11-24";

fn plan(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let ran = workplace.as_of(TODAY, &[&["purge", "--format", "json"], arguments].concat());
    ran.exits(0).json().as_array().expect("an array").clone()
}

fn whats(steps: &[Value], kind: &str) -> BTreeSet<String> {
    let of_kind = steps.iter().filter(|step| step["kind"] == kind);
    of_kind.map(|step| step["what"].as_str().expect("text").to_owned()).collect()
}

/// The files of a workplace but the database, below it.
fn files(workplace: &Workplace) -> BTreeSet<String> {
    let all = ["state", "out"].into_iter().flat_map(|name| workplace.files(name));
    let shown = all.map(|path| path.strip_prefix(workplace.folder()).expect("below").display().to_string());
    shown.filter(|name| !name.contains("history.db")).collect()
}

/// Makes the files of a folder older than they are.
fn age(workplace: &Workplace, folder: &str, days: u64) {
    for path in workplace.files(folder) {
        let file = std::fs::File::options().write(true).open(path).expect("a file");
        file.set_modified(SystemTime::now() - Duration::from_secs(days * 86_400)).expect("a time");
    }
}

#[test]
fn what_is_too_old_is_planned_then_given_up_and_logged() {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let keep = "\n[state]\nkeep_snapshots_days = 30\nkeep_findings_days = 30\nkeep_reports_days = 2000\n\
                keep_mails_days = 1500\n\n[[job]]";
    let workplace = company.workplace_with(&configuration(MAIL_AS_FILES).replacen("\n[[job]]", keep, 1));
    for day in WEEKS {
        workplace.as_of(day, &["run", "weekly"]).exits(0);
    }
    age(&workplace, "out/weekly/2026-W32", 3000);
    age(&workplace, "out/weekly/2026-W41", 1800);
    let before = files(&workplace);
    let steps = plan(&workplace, &[]);
    assert_eq!(files(&workplace), before, "a plan deletes nothing");
    let old = |kind: &str| whats(&steps, kind);
    let runs: BTreeSet<String> = ["weekly/2026-W32/r1", "weekly/2026-W41/r1"].map(str::to_owned).into();
    assert_eq!((old("snapshots"), old("findings")), (runs.clone(), runs));
    let of = |folder: &str, ending: &str| -> BTreeSet<String> {
        let below = format!("out/weekly/{folder}/");
        before.iter().filter(|name| name.starts_with(&below) && name.ends_with(ending)).cloned().collect()
    };
    let mails: BTreeSet<String> = of("2026-W32", ".eml").union(&of("2026-W41", ".eml")).cloned().collect();
    assert_eq!(old("mails"), mails);
    let mut reports: BTreeSet<String> = of("2026-W32", ".xlsx").union(&of("2026-W32", ".json")).cloned().collect();
    reports.remove("out/weekly/2026-W32/run.json");
    assert_eq!(old("reports"), reports);
    assert!(mails.len() >= 4 && reports.len() >= 4);

    let done = plan(&workplace, &["--carry-out", "--by", "王五"]);
    assert_eq!(done, steps, "what was shown is what is done");
    let after = files(&workplace);
    let gone: BTreeSet<String> = before.difference(&after).cloned().collect();
    let in_out: BTreeSet<String> = gone.iter().filter(|name| name.starts_with("out/")).cloned().collect();
    assert_eq!(in_out, mails.union(&reports).cloned().collect());
    let in_state: Vec<&String> = gone.iter().filter(|name| name.starts_with("state/")).collect();
    assert!(in_state.iter().all(|name| name.contains("2026-W32") || name.contains("2026-W41")), "{in_state:?}");
    assert!(in_state.len() >= 2 * (1 + 1 + 6), "findings, those known, six tables, of two runs: {in_state:?}");
    let log = workplace.hedui(&["register", "--purged", "--format", "json"]).exits(0).json();
    let log = log.as_array().expect("an array");
    assert_eq!(log.len(), steps.len());
    assert!(log.iter().all(|line| line["by"] == "王五" && !line["reason"].as_str().expect("text").is_empty()));
    assert!(plan(&workplace, &[]).is_empty(), "nothing twice");
    // the register and the history go on
    assert_eq!(
        workplace.hedui(&["register", "--format", "json"]).json().as_array().expect("lines").len(),
        4 * WEEKS.len()
    );
    workplace.as_of("2026-11-30", &["run", "weekly"]).exits(0).prints("新增 0");
    let health = workplace.as_of(TODAY, &["doctor", "--format", "json"]).json();
    let history = health.as_array().expect("lines").iter().find(|line| line["check"] == "history").expect("a line");
    assert_eq!(history["status"], "ok", "{history}");
}

/// The company with a register of destructions.
fn workplace(company: &Company, destructions: &str) -> Workplace {
    let source = "[[source]]\ntable = \"destructions\"\npath = \"data/destructions.csv\"\n\n[departments";
    let workplace = company.workplace_with(&configuration(MAIL_AS_FILES).replacen("[departments", source, 1));
    workplace.write("data/destructions.csv", destructions);
    workplace
}

fn told(workplace: &Workplace, words: &[&str]) -> BTreeSet<PathBuf> {
    workplace.write("words.json", serde_json::to_string(words).expect("JSON"));
    let list = workplace.path("words.json").display().to_string();
    let files: Vec<String> = workplace.files("out").iter().map(|path| path.display().to_string()).collect();
    let arguments: Vec<&str> = std::iter::once(list.as_str()).chain(files.iter().map(String::as_str)).collect();
    let said: Value = serde_json::from_str(&python("it/py/unpack.py", &arguments)).expect("JSON");
    let pieces = said["found"].as_object().expect("an object").keys();
    pieces.map(|piece| PathBuf::from(piece.split(['!', '#']).next().unwrap_or(piece))).collect()
}

fn without(table: &mut Table, label: &str, key: &str) {
    let place = table.csv().lines().next().expect("a header").split(',').position(|header| header == label);
    let place = place.unwrap_or_else(|| panic!("no column {label}"));
    table.rows.retain(|row| row[place] != key);
}

fn holds(path: &Path, word: &str) -> bool {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[test]
fn destroyed_customers_are_purged_from_every_copy() {
    let mut company = Company::clean(6);
    company.customers.set(2, "联系电话", "123");
    company.customers.set(2, "客户名称", "宁波销毁&试验贸易有限公司");
    company.customers.set(4, "联系电话", "456");
    let (key, name) = (company.customers.get(2, "档案编号").to_owned(), "宁波销毁&试验贸易有限公司");
    let other = company.customers.get(4, "档案编号").to_owned();
    let header = "申请号,档案编号,销毁理由,申请人,申请日期,批准人,批准日期,执行人,监销人,销毁日期,销毁方式\n";
    let workplace = workplace(&company, header);
    workplace.as_of("2026-11-09", &["run", "weekly"]).exits(0);
    workplace.as_of("2026-11-16", &["verify", "issue", "--all"]).exits(0);
    let line = |key: &str, number: u8| {
        format!("XH-{number},{key},五年没有合作,李敏,2026-11-01,周总,2026-11-05,赵磊,孙丽,2026/11/18,粉碎\n")
    };
    workplace.write("data/destructions.csv", header.to_owned() + &line(&key, 1) + &line(&other, 2));
    let ran = workplace.as_of(TODAY, &["purge"]);
    ran.exits(0).says("客户表里还有");
    assert!(ran.stdout.is_empty(), "nobody is purged who is still a customer: {}", ran.all());

    for (table, label) in [
        (&mut company.customers, "档案编号"),
        (&mut company.contacts, "档案编号"),
        (&mut company.contracts, "档案编号"),
        (&mut company.visits, "档案编号"),
        (&mut company.changes, "档案编号"),
    ] {
        without(table, label, &key);
    }
    company.write(&workplace);
    workplace.as_of("2026-11-23", &["run", "weekly"]).exits(0);
    let found = |workplace: &Workplace| workplace.hedui(&["history", "findings", "--format", "json"]).stdout;
    assert!(found(&workplace).contains(&key), "as resolved");
    assert!(!told(&workplace, &[&key, name]).is_empty());
    let database = workplace.path("state/history.db");
    workplace.hedui(&["history", "runs"]).exits(0);
    let changes = ["history", "changes", "--from", "2026-W46", "--to", "2026-W48", "--format", "json"];
    assert!(workplace.hedui(&changes).stdout.contains(&key));

    let steps = plan(&workplace, &[]);
    let told_before = told(&workplace, &[&key, name]);
    let planned = whats(&steps, "destroyed");
    for path in &told_before {
        let shown = path.strip_prefix(workplace.folder()).unwrap_or(path).display().to_string();
        assert!(planned.contains(&shown), "{shown} in {planned:?}");
    }
    plan(&workplace, &["--carry-out"]);
    assert_eq!(told(&workplace, &[&key, name]), BTreeSet::new());
    for copy in [database.clone(), workplace.path("state/history.db-wal")] {
        assert!(!holds(&copy, name), "{}", copy.display());
    }
    assert!(!found(&workplace).contains(&key) && found(&workplace).contains(&other));
    assert!(!workplace.hedui(&changes).stdout.contains(&key));
    let log = workplace.hedui(&["register", "--purged", "--format", "json"]);
    log.exits(0);
    assert!(log.stdout.contains("destroyed") && !log.stdout.contains(name));
    assert!(plan(&workplace, &[]).is_empty());
    // the next run compares as ever
    workplace.as_of("2026-11-30", &["run", "weekly"]).exits(0).prints("新增 0");
    assert!(told(&workplace, &[&key, name]).iter().all(|path| !path.to_string_lossy().contains("2026-W49")));
}

#[test]
fn a_register_that_cannot_be_read_purges_nobody() {
    let company = Company::clean(3);
    let workplace = workplace(&company, "申请号,档案编号,销毁日期\nXH-1,经销商2023-999,2026-11-18\n");
    workplace.as_of("2026-11-16", &["run", "weekly"]).exits(0);
    std::fs::remove_file(workplace.path("data/customers.csv")).expect("gone");
    let ran = workplace.as_of(TODAY, &["purge"]);
    ran.exits(0).says("没有读全");
    assert!(ran.stdout.is_empty());
}
