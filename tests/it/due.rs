//! `hedui due`: what has fallen due is run once, the oldest first, late or not, and what waits is sent.
//!
//! Apart from the plan's own tests, which play years through in memory: here the program is started as cron would, at
//! moments of the test's choosing, and its history says what it did.

use std::fs::File;

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::faked_clock::{hedui_at, in_china};
use crate::python::read_mail;
use crate::workplace::{AS_OF, Workplace};

/// A workplace whose jobs are as given.
pub fn workplace(jobs: &str) -> Workplace {
    let whole = configuration(MAIL_AS_FILES);
    let before = whole.split("[[job]]").next().expect("what comes before the jobs");
    Company::clean(12).workplace_with(&format!("{before}{jobs}"))
}

/// A job that writes one report.
pub fn job(name: &str, keys: &str) -> String {
    format!("[[job]]\nname = \"{name}\"\nreports = [\"service-digest\"]\n{keys}\n\n")
}

fn weekly() -> Workplace {
    workplace(&job("weekly", "schedule = \"0 8 * * 1\""))
}

/// job, period, due_at, status of a list.
fn told(list: &Value) -> Vec<String> {
    let rows = list.as_array().expect("an array");
    let word = |row: &Value, key: &str| row[key].as_str().unwrap_or_else(|| panic!("no {key} in {row}")).to_owned();
    rows.iter().map(|row| ["job", "period", "due_at", "status"].map(|key| word(row, key)).join(" ")).collect()
}

fn listed(workplace: &Workplace, day: &str) -> Vec<String> {
    told(&workplace.as_of(day, &["due", "--list", "--format", "json"]).exits(0).json())
}

/// job and period of every run that was completed, in the order of the store; each once.
pub fn ran(workplace: &Workplace) -> Vec<String> {
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
    let word = |run: &Value, key: &str| run[key].as_str().expect("a word").to_owned();
    let runs = runs.as_array().expect("an array").iter().filter(|run| run["status"] != "failed");
    runs.inspect(|run| assert_eq!(run["revision"], 1, "twice: {run}"))
        .map(|run| format!("{} {}", word(run, "job"), word(run, "period")))
        .collect()
}

#[test]
fn what_is_due_is_run_once() {
    let workplace = weekly();
    let list = listed(&workplace, AS_OF);
    assert_eq!(list[0], "weekly 2026-W47 2026-11-16T08:00:00+08:00 due");
    assert_eq!(list[1], "weekly 2026-W48 2026-11-23T08:00:00+08:00 planned");
    assert_eq!(list[10], "weekly 2027-W04 2027-01-25T08:00:00+08:00 planned");
    assert_eq!(list.len(), 11);
    assert!(workplace.files("state").is_empty(), "looking makes nothing");
    let first = workplace.as_of(AS_OF, &["due"]);
    first.exits(0).prints("weekly 2026-W47（应于 2026-11-16 08:00）").prints("新增");
    let second = workplace.as_of(AS_OF, &["due"]);
    second.exits(0).says("没有到期的任务；下一个：weekly 2026-W48，2026-11-23 08:00");
    assert_eq!(second.stdout, "");
    assert_eq!(ran(&workplace), ["weekly 2026-W47"]);
    assert_eq!(listed(&workplace, AS_OF)[0], "weekly 2026-W47 2026-11-16T08:00:00+08:00 done");
    // quiet, as cron wants it
    let quiet = workplace.as_of(AS_OF, &["due", "--quiet"]);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(workplace.as_of(AS_OF, &["due", "--format", "json"]).json(), Value::Array(Vec::new()));
}

#[test]
fn missed_weeks_come_the_oldest_first_and_say_that_they_are_late() {
    let workplace = weekly();
    workplace.as_of("2026-10-04", &["run", "weekly"]).exits(0);
    let list = listed(&workplace, AS_OF);
    let waiting: Vec<&str> = list[..5].iter().map(|line| &line[..]).collect();
    assert_eq!(
        waiting,
        [
            "weekly 2026-W43 2026-10-19T08:00:00+08:00 late",
            "weekly 2026-W44 2026-10-26T08:00:00+08:00 late",
            "weekly 2026-W45 2026-11-02T08:00:00+08:00 late",
            "weekly 2026-W46 2026-11-09T08:00:00+08:00 late",
            "weekly 2026-W47 2026-11-16T08:00:00+08:00 due"
        ]
    );
    let due = workplace.as_of(AS_OF, &["due", "--format", "json"]);
    due.exits(0).says("更早的 2 个周期不补发（catch_up = 4）");
    let lines = due.json();
    let lates: Vec<(&str, bool)> = lines
        .as_array()
        .expect("an array")
        .iter()
        .map(|line| (line["period"].as_str().expect("a period"), line["late"].as_bool().expect("true or false")))
        .collect();
    assert_eq!(
        lates,
        [("2026-W43", true), ("2026-W44", true), ("2026-W45", true), ("2026-W46", true), ("2026-W47", false)]
    );
    let order = ["W40", "W43", "W44", "W45", "W46", "W47"].map(|week| format!("weekly 2026-{week}"));
    assert_eq!(ran(&workplace), order);
    for (week, is_late) in [("2026-W43", true), ("2026-W46", true), ("2026-W47", false)] {
        let mails = workplace.files(&format!("out/weekly/{week}"));
        let mail = mails.iter().find(|path| path.extension().is_some_and(|ending| ending == "eml")).expect("a mail");
        assert_eq!(read_mail(mail).to_string().contains("补发"), is_late, "{week}");
    }
    // what was left behind stays behind, and nobody is told again
    let again = workplace.as_of(AS_OF, &["due"]);
    assert!(!again.exits(0).stderr.contains("catch_up"), "{}", again.all());
    workplace.as_of("2026-11-23", &["due"]).exits(0);
    assert_eq!(ran(&workplace).len(), 7);
}

#[test]
fn periods_that_are_given_up_are_mailed_once() {
    let workplace = weekly();
    workplace.as_of("2026-10-04", &["run", "weekly"]).exits(0);
    // as long as the oldest week cannot be run, the two before it are given up anew each time
    workplace.write("out/weekly/2026-W43", "a file where a folder should be");
    let told = || -> Vec<Value> {
        let list = workplace.hedui(&["outbox", "list", "--format", "json"]).exits(0).json();
        let list = list.as_array().expect("an array").iter();
        list.filter(|mail| mail["report"] == "periods-given-up").cloned().collect()
    };
    for _ in 0..2 {
        workplace.as_of(AS_OF, &["due"]).exits(2).says("更早的 2 个周期不补发");
        let told = told();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((&told[0]["recipient"], &told[0]["state"]), (&"kefu@example.com".into(), &"accepted".into()));
    }
    let mail = read_mail(&workplace.path("out/weekly/2026-W42/periods-given-up_kefu@example.com.eml"));
    for words in ["weekly", "2026-W41—2026-W42", "catch_up = 4", "hedui run weekly --period 2026-W42"] {
        assert!(mail["text"].as_str().expect("a body").contains(words), "no `{words}` in {mail:#}");
    }
    std::fs::remove_file(workplace.path("out/weekly/2026-W43")).expect("removed");
    // 4, for the mail about the failure had no folder to be written to and waits for its next try
    workplace.as_of(AS_OF, &["due"]).exits(4);
    assert_eq!((told().len(), ran(&workplace).len()), (1, 6));
}

#[test]
fn a_run_for_one_address_leaves_its_period_due() {
    let workplace = weekly();
    let only = workplace.as_of(AS_OF, &["run", "weekly", "--only-to", "kefu@example.com"]);
    only.exits(0).says("2026-W47 不算已报告");
    assert_eq!(listed(&workplace, AS_OF)[0], "weekly 2026-W47 2026-11-16T08:00:00+08:00 due");
    workplace.as_of(AS_OF, &["due"]).exits(0).prints("weekly 2026-W47（应于");
    assert_eq!(listed(&workplace, AS_OF)[0], "weekly 2026-W47 2026-11-16T08:00:00+08:00 done");
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
    let to: Vec<&Value> = runs.as_array().expect("an array").iter().map(|run| &run["only_to"]).collect();
    assert_eq!(to, ["kefu@example.com", ""]);
    // what everybody gets for the first time is no corrected issue; what follows is the second
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let mail = |folder: &str| {
        let files = workplace.files(&format!("out/weekly/2026-W47/{folder}"));
        let mail = files.iter().find(|path| path.extension().is_some_and(|ending| ending == "eml"));
        read_mail(mail.expect("a mail")).to_string()
    };
    assert!(!mail("r2").contains("更正版"), "{}", mail("r2"));
    assert!(mail("r3").contains("更正版 2") && !mail("r3").contains("更正版 3"), "{}", mail("r3"));
}

#[test]
fn an_old_week_run_by_hand_brings_no_others_with_it() {
    let workplace = weekly();
    workplace.as_of(AS_OF, &["due"]).exits(0);
    workplace.as_of(AS_OF, &["run", "weekly", "--period", "2026-W20"]).exits(0);
    workplace.as_of("2026-11-23", &["due"]).exits(0);
    assert_eq!(ran(&workplace), ["W47", "W20", "W48"].map(|week| format!("weekly 2026-{week}")));
}

#[test]
fn days_put_off_to_one_morning_are_all_run_on_it() {
    let workplace = workplace(&job(
        "daily",
        "schedule = \"0 8 * * *\"\nperiod = \"day\"\non_holiday = \"next_workday\"\ncatch_up = 0",
    ));
    workplace.as_of("2026-09-30", &["due"]).exits(0);
    let due = workplace.as_of("2026-10-08", &["due"]);
    assert!(!due.exits(0).stderr.contains("catch_up"), "{}", due.all());
    assert_eq!(ran(&workplace)[1..], (1..=8).map(|day| format!("daily 2026-10-{day:02}")).collect::<Vec<_>>());
}

#[test]
fn days_off_and_words() {
    let workplace = workplace(
        &[
            job("put-off", "schedule = \"0 8 * * 1\"\non_holiday = \"next_workday\""),
            job("left-out", "schedule = \"0 8 * * 1-5\"\nperiod = \"day\"\non_holiday = \"skip\""),
            job(
                "quarterly",
                "schedule = \"quarter-end + 5 workdays at 9:00\"\nperiod = \"quarter\"\ncovers = \"previous\"",
            ),
            job("first-day", "schedule = \"first workday of week at 7:30\""),
        ]
        .concat(),
    );
    // National Day: off from the first to the seventh of October, the tenth is a Saturday that is worked
    let list = listed(&workplace, "2026-09-30");
    let planned: Vec<&str> = list.iter().map(String::as_str).filter(|line| line.ends_with("planned")).collect();
    assert_eq!(
        planned,
        [
            "first-day 2026-W41 2026-10-08T07:30:00+08:00 planned",
            "put-off 2026-W41 2026-10-08T08:00:00+08:00 planned",
            "left-out 2026-10-08 2026-10-08T08:00:00+08:00 planned",
            "left-out 2026-10-09 2026-10-09T08:00:00+08:00 planned",
            "first-day 2026-W42 2026-10-12T07:30:00+08:00 planned",
            "put-off 2026-W42 2026-10-12T08:00:00+08:00 planned",
            "left-out 2026-10-12 2026-10-12T08:00:00+08:00 planned",
            "left-out 2026-10-13 2026-10-13T08:00:00+08:00 planned",
            "quarterly 2026Q3 2026-10-13T09:00:00+08:00 planned",
            "left-out 2026-10-14 2026-10-14T08:00:00+08:00 planned"
        ]
    );
    workplace.as_of("2026-09-30", &["due"]).exits(0);
    workplace.as_of("2026-10-07", &["due"]).exits(0);
    let by_the_seventh = ["quarterly 2026Q2", "first-day 2026-W40", "put-off 2026-W40", "left-out 2026-09-30"];
    assert_eq!(ran(&workplace), by_the_seventh);
    workplace.as_of("2026-10-08", &["due"]).exits(0);
    assert_eq!(&ran(&workplace)[4..], ["first-day 2026-W41", "put-off 2026-W41", "left-out 2026-10-08"]);
}

#[test]
fn a_job_that_fails_keeps_no_other_from_its_turn() {
    let workplace =
        workplace(&[job("first", "schedule = \"0 7 * * 1\""), job("second", "schedule = \"0 8 * * 1\"")].concat());
    workplace.as_of("2026-11-08", &["due"]).exits(0);
    std::fs::remove_dir_all(workplace.path("out/first")).expect("removed");
    workplace.write("out/first", "no folder");
    let due = workplace.as_of(AS_OF, &["due", "--format", "json"]);
    due.exits(2).says("first 2026-W46 没有完成");
    assert_eq!(&ran(&workplace)[2..], ["second 2026-W46", "second 2026-W47"]);
    let list = listed(&workplace, AS_OF);
    assert!(list.contains(&"first 2026-W46 2026-11-09T07:00:00+08:00 late".to_owned()), "{list:?}");
    // and when the reason is gone, both weeks are made up for
    std::fs::remove_file(workplace.path("out/first")).expect("removed");
    // 4, for the mail about the failure had no folder to be written to and waits for its next try
    workplace.as_of(AS_OF, &["due"]).exits(4);
    assert_eq!(&ran(&workplace)[4..], ["first 2026-W46", "first 2026-W47"]);
}

#[test]
fn a_history_that_cannot_be_read_is_told_like_a_run_that_failed() {
    let workplace = weekly();
    workplace.as_of("2026-11-15", &["due"]).exits(0);
    workplace.write("state/history.db", "this is no database, and never was one".repeat(200));
    workplace.as_of(AS_OF, &["due"]).exits(2).says("已损坏");
    let notice = workplace.path("out/weekly/2026-W47/run-failed_kefu@example.com.eml");
    assert!(read_mail(&notice).to_string().contains("已损坏"));
    // once, however often cron comes
    std::fs::remove_file(&notice).expect("the mail");
    workplace.as_of(AS_OF, &["due"]).exits(2);
    assert!(!notice.exists());
}

#[test]
fn a_run_longer_than_its_interval_is_not_begun_twice() {
    let workplace = weekly();
    workplace.as_of("2026-11-15", &["due"]).exits(0);
    let lock = File::options().write(true).open(workplace.path("state/lock")).expect("the lock's file");
    lock.lock().expect("held as by a run that goes on");
    workplace.as_of(AS_OF, &["due"]).exits(5);
    workplace.as_of(AS_OF, &["due", "--list"]).exits(0).prints("已到期");
    drop(lock);
    workplace.as_of(AS_OF, &["due"]).exits(0);
    assert_eq!(ran(&workplace), ["weekly 2026-W46", "weekly 2026-W47"]);
}

#[test]
fn the_clock_decides_to_the_minute_and_may_jump() {
    let workplace = weekly();
    let due_at = |moment: &str| hedui_at(&workplace, in_china(moment), &["due"]);
    due_at("2026-11-09 12:00").exits(0);
    due_at("2026-11-16 07:59").exits(0);
    assert_eq!(ran(&workplace), ["weekly 2026-W46"]);
    due_at("2026-11-16 08:00").exits(0);
    assert_eq!(ran(&workplace), ["weekly 2026-W46", "weekly 2026-W47"]);
    // the battery is empty: nothing is done again, and somebody is told
    due_at("2000-01-01 00:05").exits(0).says("时钟被拨回");
    // a fortnight ahead: what is due by that clock is run, and not again when its time really comes
    due_at("2026-11-30 09:00").exits(0);
    due_at("2026-11-17 09:00").exits(0).says("时钟被拨回");
    let list = hedui_at(&workplace, in_china("2026-11-17 09:00"), &["due", "--list", "--format", "json"]).json();
    let list = told(&list);
    assert!(list.contains(&"weekly 2026-W49 2026-11-30T08:00:00+08:00 done".to_owned()), "{list:?}");
    due_at("2026-11-23 08:10").exits(0);
    due_at("2026-11-30 08:10").exits(0);
    due_at("2026-12-07 08:10").exits(0);
    assert_eq!(ran(&workplace)[2..], ["W48", "W49", "W50"].map(|week| format!("weekly 2026-{week}")));
}

#[test]
fn an_hour_that_the_clock_shows_twice_or_never() {
    let zone = "[company]\nname = \"华联进出口有限公司\"\ntimezone = \"Europe/Berlin\"\n";
    let whole = configuration(MAIL_AS_FILES).replace("[company]\nname = \"华联进出口有限公司\"\n", zone);
    let before = whole.split("[[job]]").next().expect("what comes before the jobs");
    let daily = job("daily", "schedule = \"30 2 * * *\"\nperiod = \"day\"");
    let workplace = Company::clean(12).workplace_with(&format!("{before}{daily}"));
    let due_at = |moment: &str| hedui_at(&workplace, format!("{moment}:00Z").parse().expect("a moment"), &["due"]);
    // 2026-03-29 has no half past two: three o'clock in summer is one o'clock UTC
    due_at("2026-03-28T12:00").exits(0);
    due_at("2026-03-29T00:59").exits(0);
    assert_eq!(ran(&workplace), ["daily 2026-03-28"]);
    due_at("2026-03-29T01:00").exits(0);
    assert_eq!(ran(&workplace), ["daily 2026-03-28", "daily 2026-03-29"]);
    // 2026-10-25 has two of them, at half past midnight and half past one UTC
    due_at("2026-10-25T00:29").exits(0);
    let before = ran(&workplace).len();
    due_at("2026-10-25T00:30").exits(0);
    assert_eq!(ran(&workplace)[before..], ["daily 2026-10-25"]);
    due_at("2026-10-25T01:30").exits(0);
    due_at("2026-10-25T01:40").exits(0);
    assert_eq!(ran(&workplace).len(), before + 1);
}
