//! A dead job is noticed: a failed run is mailed to those who look after it, once; the signs of life say what became of
//! each run; and where all is well, that is mailed, too.
//!
//! Apart from the tests of mails because these are about runs that have none.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::calm::Weeks;
use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::faked_clock::{at, in_china};
use crate::faults::{Fault, with};
use crate::python::read_mail;
use crate::server::{PASSWORD, Server};
use crate::workplace::{AS_OF, Ran, Workplace, mode};

const SIGNS: &str = "\n[people]\nadministrator = [\"it@example.com\"]\n\n[operations]\nheartbeat = \"alive.json\"\nmetrics = \"hedui.prom\"\n";

fn run(workplace: &Workplace) -> Ran {
    let mut command = workplace.command();
    Ran::of(command.args(["run", "weekly", "--as-of", AS_OF]).env("HEDUI_IT_PASSWORD", PASSWORD), "run weekly")
}

fn heartbeat(workplace: &Workplace) -> Value {
    serde_json::from_str(&workplace.read("alive.json")).expect("JSON")
}

/// The metrics by name and labels.
fn metrics(workplace: &Workplace) -> BTreeMap<String, f64> {
    let text = workplace.read("hedui.prom");
    let samples = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
    samples.map(|(name, value)| (name.to_owned(), value.parse().expect("a number"))).collect()
}

fn runs(workplace: &Workplace) -> Vec<(String, u64)> {
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
    let runs = runs.as_array().expect("an array").iter();
    runs.map(|run| (run["status"].as_str().expect("a word").to_owned(), run["revision"].as_u64().expect("a number")))
        .collect()
}

#[test]
fn a_failed_run_is_mailed_once_and_remembered() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = Company::clean(4).workplace_with(&(configuration(&server.settings()) + SIGNS));
    workplace.write("out/weekly", "a file where a folder should be");
    for _ in 0..3 {
        run(&workplace).exits(2).says("out/weekly");
    }
    let mails = server.mails();
    let to: Vec<&str> = mails.iter().map(|(_, envelope)| envelope["rcpt_tos"][0].as_str().expect("one")).collect();
    assert_eq!(to, ["it@example.com", "kefu@example.com"], "administrator and service manager, once each");
    let mail = read_mail(&mails[0].0);
    for words in ["华联进出口有限公司", "weekly", "2026-W47", "out/weekly", "hedui run weekly --period 2026-W47"]
    {
        assert!(mail["text"].as_str().expect("a body").contains(words), "no `{words}` in {mail:#}");
    }
    assert_eq!(runs(&workplace), [("failed".to_owned(), 0)]);
    let alive = heartbeat(&workplace);
    assert_eq!(
        (&alive["status"], &alive["job"], &alive["undelivered"]),
        (&"failed".into(), &"weekly".into(), &0.into())
    );
    let known = metrics(&workplace);
    assert_eq!(known["hedui_run_last_status{job=\"weekly\",status=\"failed\"}"], 1.0);
    assert!(!known.contains_key("hedui_run_last_success_timestamp_seconds{job=\"weekly\"}"));

    // mended: the first issue of its period, not a corrected one
    std::fs::remove_file(workplace.path("out/weekly")).expect("removed");
    run(&workplace).exits(0);
    assert_eq!(server.mails().len(), 2 + 4);
    assert_eq!(runs(&workplace), [("failed".to_owned(), 0), ("done".to_owned(), 1)]);
    assert_eq!(heartbeat(&workplace)["status"], "done");
    let known = metrics(&workplace);
    assert_eq!(known["hedui_run_last_status{job=\"weekly\",status=\"done\"}"], 1.0);
    assert_eq!(known["hedui_mails{state=\"accepted\"}"], 6.0);
    assert!(known["hedui_run_last_success_timestamp_seconds{job=\"weekly\"}"] > 1.7e9);
    assert_eq!((mode(&workplace.path("hedui.prom")), mode(&workplace.path("alive.json"))), (0o644, 0o644));
    assert!(!workplace.read("hedui.prom").contains("经销商"), "no customer among the signs of life");
    // what cron starts in between beats, too
    let mut command = workplace.command();
    Ran::of(command.args(["outbox", "send"]).env("HEDUI_IT_PASSWORD", PASSWORD), "outbox send").exits(0);
    assert_eq!((&heartbeat(&workplace)["command"], &heartbeat(&workplace)["job"]), (&"outbox send".into(), &"".into()));
    assert_eq!(metrics(&workplace)["hedui_findings{job=\"weekly\",status=\"new\"}"], 0.0);
}

#[test]
fn another_failure_is_another_mail_and_a_dry_run_tells_nobody() {
    let workplace = Company::clean(4).workplace_with(&(configuration(MAIL_AS_FILES) + SIGNS));
    let listed = |workplace: &Workplace| -> Vec<String> {
        let list = workplace.hedui(&["outbox", "list", "--format", "json"]).json();
        let list = list.as_array().expect("an array").iter();
        list.map(|mail| format!("{} {}", mail["report"], mail["recipient"]).replace('"', "")).collect()
    };
    run(&workplace).exits(0);
    let before = listed(&workplace).len();
    std::fs::rename(workplace.path("state/findings"), workplace.path("elsewhere")).expect("moved");
    workplace.as_of("2026-11-29", &["run", "weekly", "--dry-run"]).exits(2);
    assert_eq!(listed(&workplace).len(), before);
    workplace.as_of("2026-11-29", &["run", "weekly", "--only-to", "east@example.com"]).exits(2);
    assert_eq!(listed(&workplace).len(), before, "who tries something out on one address tells nobody else");
    workplace.as_of("2026-11-29", &["run", "weekly"]).exits(2);
    workplace.as_of("2026-11-29", &["run", "weekly"]).exits(2);
    assert_eq!(listed(&workplace)[before..], ["run-failed it@example.com", "run-failed kefu@example.com"]);
    std::fs::rename(workplace.path("elsewhere"), workplace.path("state/findings")).expect("moved");
    std::fs::rename(workplace.path("out/weekly"), workplace.path("old")).expect("moved");
    workplace.write("out/weekly", "a file where a folder should be");
    workplace.as_of("2026-11-29", &["run", "weekly"]).exits(2);
    assert_eq!(listed(&workplace).len(), before + 4, "another reason");
}

#[test]
fn a_mistake_in_the_rules_that_keeps_a_job_from_beginning_is_mailed() {
    let workplace = Company::clean(4).workplace_with(&(configuration(MAIL_AS_FILES) + SIGNS));
    workplace.write("rules/own.toml", "[[rule]]\nid = \"own\"\nkindd = \"required\"\n");
    run(&workplace).exits(2).says("own.toml"); // who types it reads it, and nothing is done
    assert!(!workplace.path("out").exists());
    for _ in 0..2 {
        workplace.as_of(AS_OF, &["due"]).exits(2).says("own.toml");
    }
    let mails = workplace.files("out");
    assert_eq!(mails.len(), 2, "administrator and service manager, once: {mails:?}");
    assert!(read_mail(&mails[0])["text"].as_str().expect("a body").contains("own.toml:"));
    assert_eq!(heartbeat(&workplace)["status"], "failed");
    // Who looks after runs and mails needs no rules for that.
    assert_eq!(runs(&workplace), [("failed".to_owned(), 0)]);
    let listed = workplace.hedui(&["outbox", "list", "--format", "json"]).exits(0).json();
    assert_eq!(listed.as_array().map(Vec::len), Some(2));
    workplace.hedui(&["outbox", "send"]).exits(0);
    workplace.hedui(&["register"]).exits(0);
    std::fs::remove_dir_all(workplace.path("rules")).expect("removed");
    run(&workplace).exits(0);
    assert_eq!(runs(&workplace), [("failed".to_owned(), 0), ("done".to_owned(), 1)]);
}

#[test]
fn state_that_cannot_be_used_is_mailed_once() {
    let workplace = Company::clean(4).workplace_with(&(configuration(MAIL_AS_FILES) + SIGNS));
    workplace.write("state", "a file where a folder should be");
    for _ in 0..2 {
        workplace.as_of(AS_OF, &["due"]).exits(2).says("state");
    }
    let is_mail = |path: &&std::path::PathBuf| path.extension().is_some_and(|ending| ending == "eml");
    let files = workplace.files("out");
    assert_eq!(files.iter().filter(is_mail).count(), 2, "administrator and service manager, once: {files:?}");
    assert_eq!(heartbeat(&workplace)["status"], "failed");
}

#[test]
fn a_run_that_is_killed_again_and_again_is_told() {
    let mut weeks = Weeks::new(3);
    let logs = tempfile::tempdir().expect("a folder");
    assert!(weeks.begin(0).wait().expect("its end").success());
    weeks.command(0).status().expect("the program");
    let arrived = weeks.arrived();
    assert!(weeks.begin(1).wait().expect("its end").success());
    for _ in 1..=2 {
        let mut command = weeks.command(1);
        with(&mut command, &weeks.shaken.path("out"), Fault::Kill(1), &logs.path().join("log"));
        assert!(command.status().expect("the program").code().is_none(), "killed");
        assert_eq!(weeks.arrived(), arrived, "before the third start in a row nobody hears of it");
    }
    assert_eq!(runs(&weeks.shaken), [("done".to_owned(), 1), ("interrupted".to_owned(), 0)]);
    weeks.command(1).status().expect("the program");
    assert_eq!(weeks.arrived(), 2 * arrived + 1, "the third tells of it, and sends its own mails");
    assert_eq!(runs(&weeks.shaken)[2], ("done".to_owned(), 1));
    assert!(!weeks.shaken.path("state/running.json").exists());
}

#[test]
fn a_period_without_a_problem_is_mailed_too() {
    let workplace = Company::clean(4).workplace();
    run(&workplace).exits(0).prints("新增 0");
    for mail in ["华东销售部_east@example.com.eml", "华南销售部_south@example.com.eml"] {
        let mail = read_mail(&workplace.path(&format!("out/weekly/2026-W47/{mail}")));
        assert!(mail["text"].as_str().expect("a body").contains("本期无问题"), "{mail:#}");
    }
}

#[test]
fn signs_of_life_that_nobody_would_read_are_mistakes() {
    let workplace = Company::clean(4).workplace_with(&configuration(MAIL_AS_FILES));
    let text = workplace.read("hedui.toml");
    for (keys, words) in [("metrics = \"hedui.txt\"", ".prom"), ("heartbeats = \"x\"", "heartbeat")] {
        workplace.write("hedui.toml", format!("{text}\n[operations]\n{keys}\n"));
        workplace.hedui(&["lint"]).exits(2).says(words);
    }
    // a folder that is not there keeps nobody from his report
    workplace.write("hedui.toml", format!("{text}\n[operations]\nheartbeat = \"nowhere/alive.json\"\n"));
    run(&workplace).exits(0).says("nowhere/alive.json");
}

#[test]
fn a_server_that_asks_to_come_again_later_is_asked_again_though_there_is_no_ledger() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start_with(mailbox.path(), 0, None, &["--misbehave", "450-then-250"]);
    let settings = server.settings().replace("\"tls\"", "\"none\"");
    let workplace = Company::clean(4).workplace_with(&(configuration(&settings) + SIGNS));
    workplace.write("state/history.db", "this is no database, and never was one".repeat(200));
    let due_at = |moment: &str| {
        let mut command = workplace.command();
        let command = command.args(["due", "--quiet"]).env("HEDUI_IT_PASSWORD", PASSWORD);
        Ran::of(at(command, in_china(moment)), moment)
    };
    // silence is asked for, and what must be acted on is said all the same
    due_at("2026-11-16 09:00").exits(2).says("the mail about the failure was not sent");
    due_at("2026-11-16 09:10").exits(2);
    assert_eq!(server.mails().len(), 0, "not every ten minutes");
    due_at("2026-11-16 10:01").exits(2);
    let mails = server.mails();
    assert_eq!(mails.len(), 2, "administrator and service manager");
    let told = read_mail(&mails[0].0);
    let text = told["text"].as_str().expect("a body");
    assert!(text.contains("已损坏") && !text.contains("历史没有改动"), "{text}");
    due_at("2026-11-16 12:00").exits(2);
    assert_eq!(server.mails().len(), 2, "and then not again");
}

#[test]
fn what_tells_of_a_failure_still_goes_out_after_the_run_that_succeeds() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let port = server.port;
    let workplace = Company::clean(4).workplace_with(&(configuration(&server.settings()) + SIGNS));
    drop(server);
    workplace.write("out/weekly", "a file where a folder should be");
    run(&workplace).exits(2);
    std::fs::remove_file(workplace.path("out/weekly")).expect("removed");
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace).exits(0);
    assert_eq!(server.mails().len(), 2 + 4);
}
