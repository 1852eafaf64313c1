//! The disk is full at each write of a run: nothing is corrupt, it is said, and with room again the next run goes on.
//!
//! Apart from the kills because the program lives on here and has to clear up after itself. Tried twice: on a small real
//! disk in memory that has less and less room, and by a library that turns each single write down.
//! HEDUI_FULL_STRIDE=1 tries every write instead of every few.

use std::time::SystemTime;

use serde_json::Value;

use crate::calm::Weeks;
use crate::company::Company;
use crate::faults::{Fault, steps, with};
use crate::python::{python, try_python};
use crate::workplace::{Ran, binary};

/// One write of so many is tried.
fn stride() -> usize {
    std::env::var("HEDUI_FULL_STRIDE").ok().and_then(|value| value.parse().ok()).unwrap_or(11)
}

/// The words of a full disk, whoever notices it.
fn tells_of_a_full_disk(stderr: &str) -> bool {
    ["磁盘已满", "磁盘是否已满", "disk I/O error"].iter().any(|words| stderr.contains(words))
}

#[test]
fn a_disk_that_is_full_at_any_write_corrupts_nothing() {
    let mut weeks = Weeks::new(400);
    let logs = tempfile::tempdir().expect("a folder");
    let mut calm = weeks.begin(0);
    assert!(weeks.command(0).status().expect("the program").success());
    assert!(calm.wait().expect("its end").success());
    // mails about the failures are tried elsewhere: as if one had gone out just now
    weeks.shaken.write("state/told", "");
    let told = std::fs::File::options().append(true).open(weeks.shaken.path("state/told")).expect("a file");
    told.set_modified(SystemTime::now()).expect("a time");
    let (mut week, mut is_begun, mut failed, mut late) = (1, false, 0, 0);
    for write in (1..).step_by(stride()) {
        if !is_begun {
            assert!(weeks.begin(week).wait().expect("its end").success());
            is_begun = true;
        }
        let log = logs.path().join(write.to_string());
        let mut command = weeks.command(week);
        with(&mut command, weeks.shaken.folder(), Fault::Full(write), &log);
        let output = command.stderr(std::process::Stdio::piped()).output().expect("the program");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let steps = steps(&log);
        let what =
            format!("full at write {write}, {:?}: {stderr}", steps.get(usize::try_from(write).expect("small") - 1));
        let is_hit = steps.len() as u64 >= write;
        // whatever happened, the store can be read, and says what is true
        if weeks.is_committed(week) {
            assert!([Some(0), Some(4)].contains(&output.status.code()), "{what}");
            weeks.go_on(week, false, &what);
            (week, is_begun, late) = (week + 1, false, late + 1);
        } else {
            assert_eq!(output.status.code(), Some(2), "{what}");
            assert!(tells_of_a_full_disk(&stderr), "{what}");
            failed += 1;
        }
        if !is_hit {
            break;
        }
    }
    println!("{failed} runs failed before their commit, {late} went on after it");
    assert!(failed > 5 && late > 2, "both sides of the commit were tried: {failed} and {late}");
    if is_begun {
        weeks.go_on(week, true, "with room again");
    }
    weeks.same_history();
    let database = weeks.shaken.path("state/history.db");
    assert_eq!(python("it/py/history_file.py", &["check", database.to_str().expect("UTF-8")]).trim(), "ok");
}

#[test]
fn a_small_disk_that_runs_full_corrupts_nothing() {
    let mut company = Company::clean(6);
    company.customers.set(0, "联系电话", "123");
    let workplace = company.workplace();
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    company.customers.set(1, "联系电话", "456");
    company.write(&workplace);
    let (program, template) = (binary(), workplace.folder());
    let arguments = [program.to_str().expect("UTF-8"), template.to_str().expect("UTF-8"), "2026-11-22", "24"];
    let (text, well) = try_python("it/py/full_disk.py", &arguments);
    assert!(well, "{text}");
    let tries: Value = serde_json::from_str(&text).expect("JSON");
    let tries = tries.as_array().expect("an array");
    workplace.as_of("2026-11-22", &["run", "weekly"]).exits(0);
    let calm = workplace.hedui(&["history", "findings", "--format", "json"]).exits(0).json();
    let mut failed = 0;
    for one in tries {
        let code = one["code"].as_i64().expect("a code");
        assert!([0, 2, 4].contains(&code), "{one:#}");
        if code == 2 {
            failed += 1;
            assert!(tells_of_a_full_disk(one["stderr"].as_str().expect("words")), "{one:#}");
            assert_eq!(one["runs"], 1, "a run that was not committed never was: {one:#}");
        }
        assert_eq!(one["integrity"], "ok", "{one:#}");
        assert_eq!(one["half_files"], 0, "{one:#}");
        let waiting = one["waiting"].as_i64().expect("a number");
        assert!(code != 0 || waiting == 0, "{one:#}");
        assert_eq!((&one["code_with_room"], &one["waiting_with_room"]), (&0.into(), &0.into()), "{one:#}");
        assert_eq!(one["findings"], calm, "{one:#}");
    }
    assert!(failed > 5 && failed < tries.len(), "some runs failed and some did not: {failed} of {}", tries.len());
}

#[test]
fn what_a_full_disk_says_names_the_file() {
    let workplace = Company::clean(4).workplace();
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    let log = tempfile::NamedTempFile::new().expect("a file");
    let mut command = workplace.command();
    command.args(["run", "weekly", "--as-of", "2026-11-22"]);
    with(&mut command, &workplace.path("out"), Fault::Full(1), log.path());
    Ran::of(&mut command, "run").exits(2).says("磁盘已满").says("out/weekly");
}
