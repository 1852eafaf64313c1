//! The register of what was sent to whom: every mail that somebody has, by rows, clearance, purpose and hash.
//!
//! Apart from the ledger's tests because it is read by people who ask years later: what it says is held against the files
//! and the mail server.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::mail::{run, workplace};
use crate::python::python;
use crate::reports::word;
use crate::server::Server;
use crate::workplace::{AS_OF, Workplace};

fn register(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let ran = workplace.hedui(&[&["register", "--format", "json"], arguments].concat());
    ran.exits(0).json().as_array().expect("an array").clone()
}

fn text<'v>(line: &'v Value, key: &str) -> &'v str {
    line[key].as_str().unwrap_or_else(|| panic!("{key} in {line}"))
}

/// The rows below the filters of a workbook's lists of records, as openpyxl sees them.
fn rows_of(workplace: &Workplace, file: &str) -> u64 {
    let path = workplace.path(&format!("out/weekly/2026-W47/{file}")).display().to_string();
    let books: Value = serde_json::from_str(&python("it/py/read_workbooks.py", &[&path])).expect("JSON");
    let sheets = books[file].as_object().expect("sheets");
    let others = [word("sheet", "rules"), word("sheet", "people"), word("sheet", "deliveries")];
    let filters = sheets.iter().filter(|(name, _)| !others.contains(name)).filter_map(|(name, sheet)| {
        let (from, to) = sheet["filter"].as_str()?.split_once(':')?;
        let row = |cell: &str| cell.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse::<u64>();
        let (from, to) = (row(from).expect("a row"), row(to).expect("a row"));
        // a list without rows says so in a line of its own
        let first = &sheet["rows"][from as usize];
        let is_empty = first.as_array().is_none_or(|cells| cells.iter().filter(|cell| !cell.is_null()).count() < 2);
        assert!(to >= from, "{name}");
        Some(if is_empty { 0 } else { to - from })
    });
    filters.sum()
}

#[test]
fn who_got_what_is_kept_by_count_and_hash() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "refuse-550-for", "south2@example.com"]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(4);
    let lines = register(&workplace, &[]);
    let sent: BTreeSet<String> =
        server.mails().iter().map(|(_, envelope)| envelope["rcpt_tos"][0].as_str().expect("one").to_owned()).collect();
    let told: BTreeSet<String> = lines.iter().map(|line| text(line, "recipient").to_owned()).collect();
    assert_eq!(told, sent, "whoever got it, and nobody else");
    assert!(!told.contains("south2@example.com"));
    let mut with_rows = 0;
    for line in &lines {
        assert_eq!((text(line, "state"), text(line, "clearance")), ("accepted", "内部"), "{line}");
        assert!(!text(line, "purpose").is_empty() && text(line, "sent_at").len() > 18, "{line}");
        let file = &line["files"][0];
        let name = text(file, "name");
        let path = workplace.path(&format!("out/weekly/2026-W47/{name}"));
        let sum = std::process::Command::new("sha256sum").arg(&path).output().expect("sha256sum").stdout;
        assert!(String::from_utf8_lossy(&sum).starts_with(text(file, "sha256")), "{line}");
        let rows = line["rows"].as_u64().expect("a count");
        assert_eq!(rows, rows_of(&workplace, name), "{line}");
        with_rows += u64::from(rows > 0);
    }
    assert!(with_rows >= 1, "the department lists the bad phone");
    // no value of a customer, and no word of the mail, is kept in it
    let all = workplace.hedui(&["register", "--format", "json"]).stdout;
    assert!(!all.contains("经销商2023-001") && !all.contains("联系姓"));
}

#[test]
fn it_is_narrowed_by_day_and_address_and_printed_as_csv() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(0);
    let east = register(&workplace, &["--recipient", "East@example.com"]);
    assert_eq!(east.len(), 1);
    let day = text(&east[0], "sent_at")[..10].to_owned();
    assert_eq!(register(&workplace, &["--from", &day, "--to", &day]).len(), 6);
    assert!(register(&workplace, &["--to", "2020-01-01"]).is_empty());
    let csv = workplace.hedui(&["register", "--csv", "--as-of", AS_OF]).exits(0).stdout.clone();
    let records = crate::workplace::records(&csv);
    assert_eq!(records.len(), 6);
    let of_east = records.iter().find(|record| record["recipient"] == "east@example.com").expect("a line");
    assert_eq!(of_east["rows"], east[0]["rows"].to_string());
    assert!(of_east["files"].contains(text(&east[0]["files"][0], "sha256")));
}

#[test]
fn a_mail_in_doubt_that_a_person_settles_stays_in_it() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "drop-after-data"]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(4);
    let before = register(&workplace, &[]);
    assert!(before.len() == 6 && before.iter().all(|line| text(line, "state") == "unknown"));
    std::thread::sleep(std::time::Duration::from_millis(1100)); // moments are kept to the second
    let ids: Vec<String> = before.iter().map(|line| line["delivery"].to_string()).collect();
    // he asked: the first has it; the second does not, and is tried again, in vain; then nobody wants it any more
    workplace.hedui(&["outbox", "drop", &ids[0]]).exits(0);
    drop(server);
    run(&workplace, &["outbox", "retry", &ids[1]]).exits(4);
    workplace.hedui(&["outbox", "drop", &ids[1]]).exits(0);
    let after = register(&workplace, &[]);
    let states: Vec<&str> = after.iter().map(|line| text(line, "state")).collect();
    assert_eq!(states, ["dropped", "unknown", "unknown", "unknown", "unknown"]);
    assert_eq!((&after[0]["delivery"], &after[0]["sent_at"]), (&before[0]["delivery"], &before[0]["sent_at"]));
    workplace.hedui(&["register"]).exits(0).prints("[曾不明，已由人处理]").prints("[是否送达不明]");
}

#[test]
fn a_draft_is_told_from_what_was_sent() {
    let workplace = crate::release::workplace(crate::configuration::MAIL_AS_FILES);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    workplace.hedui(&["outbox", "release", "weekly", "2026-W47", "--by", "周总"]).exits(0);
    let records = crate::workplace::records(&workplace.hedui(&["register", "--csv"]).exits(0).stdout);
    let lines = register(&workplace, &[]);
    assert_eq!(records.len(), lines.len());
    for (record, line) in records.iter().zip(&lines) {
        for key in ["content_hash", "released_at", "released_by", "message_id"] {
            assert_eq!(record[key], text(line, key), "{key}");
        }
        assert_eq!(record["draft"], line["draft"].to_string());
        assert_eq!(record["draft"] == "true", record["recipient"] == "leader@example.com", "{record:?}");
        assert_eq!(record["released_at"].is_empty(), record["released_by"].is_empty());
    }
    assert!(records.iter().any(|record| record["released_by"] == "周总"));
    let shown = workplace.hedui(&["register"]).exits(0).stdout.clone();
    for line in shown.lines() {
        assert_eq!(line.contains("leader@example.com"), line.ends_with("[送审稿]"), "{line}");
    }
    // what cannot be had together is refused, not left out
    workplace.hedui(&["register", "--purged", "--recipient", "leader@example.com"]).exits(2);
    workplace.hedui(&["register", "--csv", "--format", "json"]).exits(2).says("--csv");
}
