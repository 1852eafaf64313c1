//! What is given up of our own copies: by age, and of customers whose records were destroyed.
//!
//! Apart because it deletes, and because what it must not delete is much of it. What is left is looked through by Python,
//! which unpacks everything; the plan is held against what is gone afterwards.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::company::{Company, Table};
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::faults::{Fault, steps, with};
use crate::python::{interpreter, python};
use crate::server::{PASSWORD, Server, settings};
use crate::workplace::{Ran, Workplace};

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
    // the log is narrowed and printed like the register
    let csv = crate::workplace::records(&workplace.hedui(&["register", "--purged", "--csv"]).exits(0).stdout);
    assert_eq!(csv.len(), log.len());
    assert!(csv.iter().zip(log).all(|(record, line)| record["what"] == line["what"] && record["by"] == "王五"));
    let day = &csv[0]["at"][..10];
    let between = |from: &str, to: &str| {
        let ran = workplace.hedui(&["register", "--purged", "--csv", "--from", from, "--to", to]);
        crate::workplace::records(&ran.exits(0).stdout).len()
    };
    assert_eq!((between(day, day), between("2020-01-01", "2020-01-02")), (log.len(), 0));
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

/// A database that keeps a mail.
fn keep_mail(workplace: &Workplace, name: &str, mail: &Path) {
    let script = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\n\
                  c.execute('create table delivery_message (delivery_id integer primary key, message blob not null)')\n\
                  c.execute('insert into delivery_message values (1, ?)', (open(sys.argv[2], 'rb').read(),))\nc.commit()";
    let database = workplace.path(&format!("state/{name}"));
    let output = Command::new(interpreter()).args(["-c", script]).arg(database).arg(mail).output().expect("Python");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
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
    let header = HEADER;
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

    // copies of the history from before its tables changed: mails stand in them encoded
    let mail = told(&workplace, &[&key, name]).into_iter().find(|path| path.extension().is_some_and(|is| is == "eml"));
    let mail = mail.expect("a mail that tells");
    assert!(!holds(&mail, name) && !holds(&mail, &key), "encoded");
    for copy in ["history-v5.db", "history-vor-update.db"] {
        keep_mail(&workplace, copy, &mail);
    }
    workplace.write("words.txt", "nobody");
    keep_mail(&workplace, "history-v4.db", &workplace.path("words.txt"));
    let steps = plan(&workplace, &[]);
    let backups = whats(&steps, "destroyed").into_iter().filter(|what| what.contains("history-v"));
    assert_eq!(
        backups.collect::<Vec<_>>(),
        ["state/history-v5.db"],
        "not what tells nothing, not an administrator's own"
    );
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

const HEADER: &str = "申请号,档案编号,销毁理由,申请人,申请日期,批准人,批准日期,执行人,监销人,销毁日期,销毁方式\n";

fn destruction(key: &str, day: &str) -> String {
    format!("{HEADER}XH-1,{key},五年没有合作,李敏,2026-11-01,周总,2026-11-05,赵磊,孙丽,{day},粉碎\n")
}

/// A workplace with a register of destructions, its departments' workbooks closed.
fn closed(company: &Company, mail: &str, destructions: &str) -> Workplace {
    let text =
        configuration(mail).replace("@example.com\"]\n\n", "@example.com\"]\npassword = \"file:closed\"\n\n").replacen(
            "[departments",
            "[[source]]\ntable = \"destructions\"\npath = \"data/destructions.csv\"\n\n[departments",
            1,
        );
    let workplace = company.workplace_with(&text);
    workplace.write("data/destructions.csv", destructions);
    workplace.write("closed", "geheim-0815");
    std::fs::set_permissions(workplace.path("closed"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("a mode");
    workplace
}

fn with_password(workplace: &Workplace, day: &str, arguments: &[&str]) -> Ran {
    let mut command = workplace.command();
    command.args(arguments).args(["--as-of", day]).env("HEDUI_IT_PASSWORD", PASSWORD);
    Ran::of(&mut command, &arguments.join(" "))
}

/// The closed workbooks below a folder.
fn closed_in(workplace: &Workplace, folder: &str) -> BTreeSet<String> {
    let books = workplace.files(folder).into_iter().filter(|path| path.extension().is_some_and(|is| is == "xlsx"));
    let books = books.filter(|path| std::fs::read(path).expect("a file").starts_with(&[0xd0, 0xcf, 0x11, 0xe0]));
    books.map(|path| path.strip_prefix(workplace.folder()).expect("below").display().to_string()).collect()
}

#[test]
fn what_a_mail_that_waits_needs_stays_until_it_is_sent_and_goes_once() {
    let mut company = Company::clean(500);
    for row in 0..500 {
        for (label, value) in [("联系电话", "12"), ("邮编", "x"), ("电子邮箱", "a@@b"), ("地址", "")] {
            company.customers.set(row, label, value);
        }
    }
    let share = "largest = \"100KB\"\nshare = '\\\\fs\\hedui'\nshare_folder = \"share\"";
    // nobody listens at port 1
    let mail = format!("{}\n{share}", settings(1));
    let workplace = closed(&company, &mail, &destruction("没有这个编号-999", "2026-11-23"));
    std::fs::create_dir(workplace.path("share")).expect("a share");
    with_password(&workplace, "2026-11-22", &["run", "weekly"]).exits(4);
    let books = closed_in(&workplace, "out");
    let list = workplace.hedui(&["outbox", "list", "--format", "json"]).json();
    let files =
        list.as_array().expect("mails").iter().flat_map(|mail| mail["files"].as_array().expect("files").clone());
    let left: BTreeSet<String> = files.map(|file| file["left"].as_str().expect("a place").to_owned()).collect();
    let left: BTreeSet<String> = left.intersection(&books).cloned().collect();
    assert!(!left.is_empty(), "{list:#}");

    let held = with_password(&workplace, TODAY, &["purge", "--carry-out"]);
    held.exits(0).says("还没有送达的邮件要用");
    for file in &left {
        held.says(file);
        assert!(workplace.path(file).is_file(), "{file}");
    }
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let text = workplace.read("hedui.toml").replace("port = 1\n", &format!("port = {}\n", server.port));
    workplace.write("hedui.toml", text);
    with_password(&workplace, TODAY, &["outbox", "send"]).exits(0);
    assert_eq!(server.mails().len(), list.as_array().expect("mails").len());
    let shared: BTreeSet<String> =
        closed_in(&workplace, "share").into_iter().map(|name| name.replacen("share/", "out/", 1)).collect();
    assert_eq!(shared, left, "what was kept was copied");

    // a share that is not mounted is said, and is no reason to leave the rest
    std::fs::rename(workplace.path("share"), workplace.path("elsewhere")).expect("unplugged");
    let books = closed_in(&workplace, "out");
    let unplugged = with_password(&workplace, TODAY, &["purge", "--carry-out", "--format", "json"]);
    unplugged.exits(0).says("share").says("打不开");
    let planned = whats(unplugged.json().as_array().expect("steps"), "destroyed");
    let planned: BTreeSet<String> = planned.into_iter().filter(|what| what.ends_with(".xlsx")).collect();
    assert!(left.is_subset(&planned) && planned == books, "{planned:?}");
    assert_eq!(closed_in(&workplace, "out"), BTreeSet::new());
    std::fs::rename(workplace.path("elsewhere"), workplace.path("share")).expect("plugged in");
    let there: BTreeSet<String> =
        closed_in(&workplace, "share").iter().map(|name| workplace.path(name).display().to_string()).collect();
    assert_eq!(whats(&plan(&workplace, &["--carry-out"]), "destroyed"), there, "copies on the share are ours, too");
    assert_eq!(closed_in(&workplace, "share"), BTreeSet::new());
    assert!(workplace.path("share").is_dir());

    // what is made afterwards cannot tell of him: the row of the register is not held against it for ever
    with_password(&workplace, "2026-11-29", &["run", "weekly"]).exits(0);
    assert!(!closed_in(&workplace, "out").is_empty());
    let later = with_password(&workplace, "2026-12-01", &["purge"]);
    later.exits(0).says("没有要清理的");
    assert!(later.stdout.is_empty(), "{}", later.all());
}

#[test]
fn a_closed_workbook_goes_where_its_run_met_the_customer() {
    let mut company = Company::clean(6);
    company.customers.set(2, "联系电话", "123");
    company.customers.set(2, "客户名称", "甲乙丙");
    let key = company.customers.get(2, "档案编号").to_owned();
    let workplace = closed(&company, MAIL_AS_FILES, HEADER);
    workplace.as_of("2026-11-09", &["run", "weekly"]).exits(0);
    for table in [
        &mut company.customers,
        &mut company.contacts,
        &mut company.contracts,
        &mut company.visits,
        &mut company.changes,
    ] {
        without(table, "档案编号", &key);
    }
    company.write(&workplace);
    workplace.write("data/destructions.csv", destruction(&key, "2026-11-18"));
    // its finding is resolved in this one, and the list of what was resolved names it
    workplace.as_of("2026-11-23", &["run", "weekly"]).exits(0);
    let books = closed_in(&workplace, "out");
    assert!(books.iter().any(|name| name.contains("2026-W46")) && books.iter().any(|name| name.contains("2026-W48")));
    let ran = workplace.as_of(TODAY, &["purge", "--carry-out", "--format", "json"]);
    // a name of three letters is part of many a word
    ran.exits(0).says("1 个编号或名称不足 4 个字");
    let planned = whats(ran.json().as_array().expect("steps"), "destroyed");
    assert!(books.is_subset(&planned), "{books:?} in {planned:?}");
    workplace.as_of("2026-11-30", &["run", "weekly"]).exits(0);
    assert!(!closed_in(&workplace, "out").is_empty());
    assert!(plan(&workplace, &[]).is_empty(), "the run of the week after met nobody");
}

#[test]
fn nothing_is_gone_without_a_line_wherever_a_purge_is_killed() {
    let mut company = Company::clean(3);
    company.customers.set(0, "联系电话", "123");
    let keep = "\n[state]\nkeep_snapshots_days = 30\nkeep_findings_days = 30\nkeep_reports_days = 2000\n\n[[job]]";
    let workplace = company.workplace_with(&configuration(MAIL_AS_FILES).replacen("\n[[job]]", keep, 1));
    for day in ["2026-08-03", "2026-11-09", "2026-11-16", "2026-11-23"] {
        workplace.as_of(day, &["run", "weekly"]).exits(0);
    }
    age(&workplace, "out/weekly/2026-W32", 3000);
    let before = files(&workplace);
    let planned: BTreeSet<String> = whats(&plan(&workplace, &[]), "reports");
    assert!(planned.len() >= 4);
    let logs = tempfile::tempdir().expect("a folder");
    let (mut kills, mut within) = (0, 0);
    loop {
        kills += 1;
        assert!(kills < 400, "there is no end of steps");
        let log = logs.path().join(kills.to_string());
        let mut command = workplace.command();
        command.args(["purge", "--carry-out", "--as-of", TODAY]);
        with(&mut command, workplace.folder(), Fault::Kill(kills), &log);
        let ended = command.output().expect("the program").status;
        let gone: BTreeSet<String> = before.difference(&files(&workplace)).cloned().collect();
        let logged = workplace.hedui(&["register", "--purged", "--format", "json"]).exits(0).json();
        let logged = whats(logged.as_array().expect("lines"), "reports");
        let deleted: BTreeSet<String> = gone.iter().filter(|name| name.starts_with("out/")).cloned().collect();
        assert!(deleted.is_subset(&logged), "killed before {:?}: {deleted:?}, {logged:?}", steps(&log).last());
        within += usize::from(!deleted.is_empty() && deleted != planned);
        if ended.code().is_some() {
            assert!(ended.success(), "{ended}");
            assert_eq!((deleted, logged), (planned.clone(), planned));
            break;
        }
    }
    println!("{kills} kills, {within} of them between two deletions");
    assert!(kills > 10 && within > 1);
    let litter =
        |workplace: &Workplace| workplace.files("state").iter().any(|path| path.to_string_lossy().contains("2026-W32"));
    assert!(!litter(&workplace));
    // what a kill right before the last step leaves is cleared up by a purge that has nothing else to do
    workplace.write("state/snapshots/weekly-2026-W32-r1-customers.parquet", "that no run names");
    workplace.as_of(TODAY, &["purge", "--carry-out"]).exits(0).says("没有要清理的");
    assert!(!litter(&workplace));
}

#[test]
fn a_history_that_cannot_be_used_is_told_as_what_it_is() {
    let workplace = Company::clean(3).workplace();
    workplace.as_of("2026-11-16", &["run", "weekly"]).exits(0);
    let database = workplace.path("state/history.db").display().to_string();
    python("it/py/history_file.py", &["check", &database]); // who closes it last, folds the log into it
    let good = std::fs::read(&database).expect("the database");
    let mut spoilt = good.clone();
    spoilt[..4096].fill(0xff);
    for (bad, words) in [(Some(spoilt), "已损坏"), (None, "9999")] {
        match bad {
            Some(bytes) => std::fs::write(&database, bytes).expect("written"),
            None => {
                std::fs::write(&database, &good).expect("restored");
                python("it/py/history_file.py", &["newer", &database]);
            }
        }
        for command in [&["purge"][..], &["purge", "--carry-out"], &["register"], &["register", "--purged"]] {
            workplace.as_of(TODAY, command).exits(2).says(words);
        }
    }
}
