//! Runs that are not simply the next one: the same period again, a dry run, findings that somebody has accepted.
//!
//! Apart from `weeks`, whose stories go from one week to the next.

use serde_json::Value;

use crate::python::read_mail;
use crate::weeks::{ONE, THREE, TWO, counts, findings, messy, of};
use crate::workplace::Workplace;

#[test]
fn a_period_run_again_is_a_revision_and_mails_nothing_twice() {
    let mut company = messy();
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let mails = |workplace: &Workplace| {
        workplace.hedui(&["outbox", "list", "--format", "json"]).exits(0).json().as_array().expect("an array").clone()
    };
    let before = mails(&workplace);
    company.customers.set(0, "联系电话", "13800000001");
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).says("本期已发过");
    assert_eq!(mails(&workplace), before, "nothing is mailed again");
    let books: Vec<String> = workplace
        .files("out/weekly/2026-W47/r2")
        .iter()
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert!(
        books.iter().any(|name| name.ends_with(".xlsx")) && books.iter().any(|name| name == "run.json"),
        "{books:?}"
    );
    // the comparison is kept: with week one, not with the first revision
    let again = findings(&workplace);
    assert_eq!(counts(&again)["resolved"], 1);
    assert_eq!(counts(&again).get("new"), None);
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
    let runs = runs.as_array().expect("an array");
    assert_eq!(runs.len(), 3);
    for (run, (period, revision)) in runs.iter().zip([("2026-W46", 1), ("2026-W47", 1), ("2026-W47", 2)]) {
        assert_eq!(
            (&run["period"], &run["revision"], &run["status"]),
            (&period.into(), &revision.into(), &"done".into())
        );
        for key in ["run_id", "job", "as_of", "started_at", "seconds"] {
            assert!(run.get(key).is_some(), "{key} in {run}");
        }
    }
    // with --resend what has changed is mailed, as a corrected issue
    workplace.as_of(TWO, &["run", "weekly", "--resend"]).exits(0);
    let after = mails(&workplace);
    assert_eq!(after[..before.len()], before[..]);
    let sent: Vec<&str> = after[before.len()..].iter().map(|mail| mail["recipient"].as_str().expect("one")).collect();
    assert!(sent.contains(&"east@example.com"), "{sent:?}");
    let mail = read_mail(&workplace.path("out/weekly/2026-W47/r3/华东销售部_east@example.com.eml"));
    assert!(mail["subject"].as_str().expect("a subject").contains("更正版 3"), "{mail}");
    // what has not changed is not, though it would be revision 4
    workplace.as_of(TWO, &["run", "weekly", "--resend"]).exits(0).says("south@example.com");
    assert_eq!(mails(&workplace), after);
    // the week after is compared with the last revision
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    assert_eq!(counts(&findings(&workplace)).keys().collect::<Vec<_>>(), ["open"]);
}

#[test]
fn a_dry_run_leaves_neither_state_nor_mail() {
    let workplace = messy().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let before: Vec<Value> = [["history", "runs"], ["outbox", "list"]]
        .map(|words| workplace.hedui(&[words[0], words[1], "--format", "json"]).exits(0).json())
        .to_vec();
    workplace.as_of(TWO, &["run", "weekly", "--dry-run"]).exits(0);
    assert!(!workplace.files("out/weekly/2026-W47/dry-run").is_empty());
    let outside =
        workplace.files("out/weekly/2026-W47").into_iter().filter(|path| !path.to_string_lossy().contains("dry-run"));
    assert_eq!(outside.count(), 0);
    let after: Vec<Value> = [["history", "runs"], ["outbox", "list"]]
        .map(|words| workplace.hedui(&[words[0], words[1], "--format", "json"]).exits(0).json())
        .to_vec();
    assert_eq!(before, after);
}

#[test]
fn a_waived_finding_counts_as_neither_and_comes_back_when_it_lapses() {
    let workplace = messy().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    workplace.write(
        "waivers.toml",
        "[[waiver]]\nrule = \"phone-format\"\nrecord_key = \"经销商2023-001\"\nreason = \"国外号码\"\napprover = \"总经理\"\n\
         expires = 2026-11-22\n",
    );
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let second = findings(&workplace);
    let waived = of(&second, "waived");
    assert_eq!((waived.len(), &waived[0]["rule_id"]), (1, &"phone-format".into()));
    assert!(of(&second, "resolved").is_empty() && of(&second, "new").is_empty());
    workplace.as_of(THREE, &["run", "weekly"]).exits(0).says("豁免已到期");
    let third = findings(&workplace);
    let phone = third.iter().find(|finding| finding["rule_id"] == "phone-format").expect("the phone");
    assert!(phone["status"] == "open" || phone["status"] == "reopened", "{phone}");
    assert_eq!(phone["first_seen"], ONE);
}

#[test]
fn a_demo_is_made_anew_and_takes_no_other_workplace() {
    let workplace = Workplace::new("");
    let demo = |more: &[&str]| workplace.as_of(TWO, &[&["demo", "d", "--customers", "30"], more].concat());
    demo(&[]).exits(0);
    for form in ["csv", "sqlite", "xlsx"] {
        demo(&["--data", form]).exits(0);
        let runs =
            workplace.hedui(&["history", "runs", "--format", "json", "--config", "d/hedui.toml"]).exits(0).json();
        assert_eq!(runs.as_array().map(Vec::len), Some(2), "{form}");
        let run: Value = serde_json::from_str(&workplace.read("d/out/weekly/2026-W47/run.json")).expect("JSON");
        let file = run["sources"][0]["file"].as_str().expect("a file");
        let ending = if form == "sqlite" { "db" } else { form };
        assert!(file.contains(ending), "{form}: {file}");
    }
    let own = messy().workplace();
    let before = own.snapshot();
    own.as_of(TWO, &["demo", "."]).exits(2);
    assert_eq!(own.snapshot(), before);
}
