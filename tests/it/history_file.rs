//! State that is damaged, gone, a newer version's, an older one's, or not to be written; and data that is unplugged.
//!
//! Apart because nothing here goes wrong by itself: each is done to a workplace from outside, and mended again.

use std::path::Path;
use std::process::Command;

use crate::company::Company;
use crate::python::{python, read_mail, root};
use crate::weeks::{ONE, THREE, TWO, findings, of};
use crate::workplace::{Ran, Workplace, binary, mode};

const DATABASE: &str = "state/history.db";
const NOTICE: &str = "out/weekly/2026-W47/run-failed_kefu@example.com.eml";

/// A workplace with a finding and one committed week.
fn with_a_week() -> Workplace {
    let mut company = Company::clean(6);
    company.customers.set(0, "联系电话", "123");
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    workplace
}

fn ask(what: &str, path: &Path, more: &[&str]) -> String {
    let arguments = [&[what, path.to_str().expect("UTF-8")], more].concat();
    python("it/py/history_file.py", &arguments).trim().to_owned()
}

/// The bytes of the database, all in its one file.
fn settled(workplace: &Workplace) -> Vec<u8> {
    ask("check", &workplace.path(DATABASE), &[]); // who closes it last, folds the log into it
    std::fs::read(workplace.path(DATABASE)).expect("the database")
}

/// The paragraphs of the mail about a failed run.
fn told(workplace: &Workplace) -> String {
    let mail = read_mail(&workplace.path(NOTICE));
    assert!(mail["headers"]["Subject"].as_str().is_none_or(|subject| subject.contains("weekly 2026-W47")), "{mail:#}");
    mail["text"].as_str().expect("a body").to_owned()
}

#[test]
fn a_damaged_history_is_left_alone_and_told() {
    let workplace = with_a_week();
    let good = settled(&workplace);
    // no database at all; one with pages of nonsense; one that was cut
    let mut cut = good.clone();
    cut.truncate(good.len() / 2 / 4096 * 4096);
    let spoilt = {
        ask("spoil", &workplace.path(DATABASE), &[]);
        std::fs::read(workplace.path(DATABASE)).expect("the database")
    };
    for bad in [b"this is no database, and never was one".repeat(200), spoilt, cut] {
        let _ = std::fs::remove_file(workplace.path(NOTICE));
        let _ = std::fs::remove_file(workplace.path("state/told"));
        workplace.write(DATABASE, &bad);
        workplace.as_of(TWO, &["run", "weekly"]).exits(2).says("已损坏").says("备份");
        assert_eq!(std::fs::read(workplace.path(DATABASE)).expect("the database"), bad, "nothing was written into it");
        assert!(told(&workplace).contains("已损坏"), "the service manager hears of it");
        // every ten minutes the same: no second mail
        std::fs::remove_file(workplace.path(NOTICE)).expect("the mail");
        workplace.as_of(TWO, &["run", "weekly"]).exits(2);
        assert!(!workplace.path(NOTICE).exists());
        workplace.hedui(&["history", "runs", "--format", "text"]);
    }
    workplace.write(DATABASE, &good);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 0，仍未解决 1");
}

#[test]
fn a_history_of_a_newer_version_is_refused() {
    let workplace = with_a_week();
    ask("newer", &workplace.path(DATABASE), &[]);
    let before = settled(&workplace);
    for command in [["run", "weekly"], ["history", "runs"], ["outbox", "list"]] {
        workplace.as_of(TWO, &command).exits(2).says("9999").says("新版本");
    }
    assert!(told(&workplace).contains("9999"));
    assert_eq!(settled(&workplace), before);
    assert!(!workplace.files("state").iter().any(|path| path.to_string_lossy().contains("history-v")));
}

#[test]
fn an_older_history_moves_forward_and_leaves_a_copy() {
    let workplace = Company::clean(4).workplace();
    std::fs::create_dir(workplace.path("state")).expect("a folder");
    let migrations = root().join("src/history/migrations");
    let number = |name: String| name.split('_').next().and_then(|number| number.parse::<u32>().ok());
    let newest = std::fs::read_dir(&migrations)
        .expect("a folder")
        .filter_map(|entry| number(entry.expect("a file").file_name().to_string_lossy().into_owned()))
        .max()
        .expect("a migration");
    ask("old", &workplace.path(DATABASE), &[migrations.to_str().expect("UTF-8"), "5"]);
    workplace.write("state/history-v3.db", "the copy of an earlier move");
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let copy = workplace.path("state/history-v5.db");
    assert_eq!((ask("version", &copy, &[]), ask("check", &copy, &[])), ("5".to_owned(), "ok".to_owned()));
    assert_eq!(mode(&copy), 0o600);
    assert!(!workplace.path("state/history-v3.db").exists(), "one copy is enough");
    let database = workplace.path(DATABASE);
    assert_eq!(ask("version", &database, &[]), newest.to_string());
    for file in [&copy, &database] {
        assert_eq!(ask("count", file, &["verification_letter"]), "1");
    }
    // and no copy where there is nothing to move
    std::fs::remove_file(&copy).expect("the copy");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    assert!(!copy.exists());
}

#[test]
fn a_file_of_the_history_that_is_gone_is_named() {
    let workplace = with_a_week();
    let file = workplace.path("state/findings/weekly-2026-W46-r1.parquet");
    let bytes = std::fs::read(&file).expect("the findings");
    for bad in [None, Some(&bytes[..bytes.len() / 2])] {
        match bad {
            None => std::fs::remove_file(&file).expect("removed"),
            Some(half) => std::fs::write(&file, half).expect("written"),
        }
        workplace.as_of(TWO, &["run", "weekly"]).exits(2).says("weekly-2026-W46-r1.parquet").says("备份");
        let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
        assert_eq!((&runs[1]["status"], &runs[1]["revision"]), (&"failed".into(), &0.into()), "{runs:#}");
    }
    std::fs::write(&file, &bytes).expect("restored");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 0，仍未解决 1");
}

#[test]
fn state_that_is_unplugged_is_no_new_beginning() {
    let workplace = with_a_week();
    let mails = workplace.files("out").len();
    std::fs::rename(workplace.path("state"), workplace.path("elsewhere")).expect("moved");
    std::fs::create_dir(workplace.path("state")).expect("an empty mount point");
    for _ in 0..2 {
        workplace.as_of(ONE, &["run", "weekly"]).exits(2).says("挂载").says("out/weekly/2026-W46/run.json");
    }
    assert_eq!(workplace.files("out").len(), mails + 1, "nobody is mailed anew but who looks after it");
    std::fs::remove_dir_all(workplace.path("state")).expect("removed");
    std::fs::rename(workplace.path("elsewhere"), workplace.path("state")).expect("plugged in again");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 0，仍未解决 1");
    // whoever means it, moves what was written away
    std::fs::rename(workplace.path("state"), workplace.path("elsewhere")).expect("moved");
    std::fs::rename(workplace.path("out"), workplace.path("old-out")).expect("moved");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 1");
}

#[test]
fn data_that_is_unplugged_is_not_a_company_without_customers() {
    let workplace = with_a_week();
    std::fs::rename(workplace.path("data"), workplace.path("elsewhere")).expect("moved");
    std::fs::create_dir(workplace.path("data")).expect("an empty mount point");
    workplace.as_of(TWO, &["run", "weekly"]).exits(3).says("挂载");
    let stood = findings(&workplace);
    assert_eq!((of(&stood, "not_checked").len(), of(&stood, "resolved").len()), (1, 0), "{stood:#?}");
    std::fs::remove_dir(workplace.path("data")).expect("removed");
    std::fs::rename(workplace.path("elsewhere"), workplace.path("data")).expect("plugged in again");
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    let open = findings(&workplace);
    assert_eq!(of(&open, "open").len(), 1, "{open:#?}");
    assert_eq!(open[0]["first_seen"], ONE);
}

/// Runs the program while a folder of the workplace is read-only, in a mount namespace of its own.
fn read_only(workplace: &Workplace, folder: &str, arguments: &str) -> Ran {
    let script =
        format!("mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && exec \"$0\" {arguments}");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &script]).arg(binary()).current_dir(workplace.folder()).env("LANG", "zh_CN.UTF-8");
    Ran::of(&mut command, arguments)
}

#[test]
fn folders_that_cannot_be_written_are_told() {
    let workplace = with_a_week();
    let before = settled(&workplace);
    read_only(&workplace, "state", "run weekly --as-of 2026-11-22").exits(2).says("state").says("不能写");
    assert_eq!(settled(&workplace), before);
    read_only(&workplace, "out", "run weekly --as-of 2026-11-22").exits(2).says("只读").says("out/weekly");
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
    assert_eq!(runs[1]["status"], "failed", "{runs:#}");
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 0，仍未解决 1");
}

#[test]
fn a_history_that_is_gone_is_gone_for_whatever_asks_for_it() {
    let workplace = with_a_week();
    for name in ["history.db", "history.db-wal", "history.db-shm"] {
        let _ = std::fs::remove_file(workplace.path("state").join(name));
    }
    let kept = workplace.files("state");
    assert!(kept.iter().any(|path| path.extension().is_some_and(|ending| ending == "parquet")), "{kept:?}");
    // a mark of a run that was killed, and a mistake in a rule that is mailed: neither makes it a first run
    let mark = "{\"job\":\"weekly\",\"period\":\"2026-W46\",\"as_of\":\"2026-11-15\",\"started_at\":\"2026-11-15T08:00:00+08:00\",\"interrupted\":0}";
    workplace.write("state/running.json", mark);
    workplace.write("rules/own.toml", "[[rule]]\nidd = \"own\"\n");
    workplace.as_of(TWO, &["due"]).exits(2).says("own.toml");
    std::fs::remove_dir_all(workplace.path("rules")).expect("removed");
    for words in [
        "run weekly",
        "due",
        "due --list",
        "run weekly --dry-run",
        "outbox",
        "outbox send",
        "history runs",
        "purge",
        "purge --carry-out",
    ] {
        let arguments: Vec<&str> = words.split(' ').collect();
        workplace.as_of(TWO, &arguments).exits(2).says("history.db");
        assert!(!workplace.path("state/history.db").exists(), "`{words}` made another");
    }
    let doctor = workplace.hedui(&["doctor", "--format", "json"]).json();
    let verdict = |check: &str| {
        let found = doctor.as_array().expect("an array").iter().find(|said| said["check"] == check).expect(check);
        found["status"].as_str().expect("a word").to_owned()
    };
    assert_eq!((verdict("history"), verdict("outbox")), ("error".to_owned(), "skipped".to_owned()));
    assert!(
        kept.iter().filter(|path| path.extension().is_some_and(|ending| ending == "parquet")).all(|path| path.exists())
    );
}
