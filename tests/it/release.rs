//! Approval: the leader gets the draft alone, and what the others get after his word is what was rendered with it.
//!
//! Apart from `outbox`, where servers fail: here people decide. The mails are compared byte by byte, at a real server.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::mail::run;
use crate::python::{python, read_mail, root};
use crate::server::Server;
use crate::workplace::{AS_OF, Workplace};

const LEADER: &str = "leader@example.com";
const DEFINITION: &str = "report_templates/department-weekly/report.toml";

/// A company whose weekly report the leader approves, its digest nobody; mailed as the lines say.
pub fn workplace(mail: &str) -> Workplace {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let leader = format!("[people]\nleader = [\"{LEADER}\"]\n\n[mail]");
    let workplace = company.workplace_with(&configuration(mail).replacen("[mail]", &leader, 1));
    reviewed(&workplace);
    workplace
}

fn reviewed(workplace: &Workplace) {
    let definition = std::fs::read_to_string(root().join(DEFINITION)).expect("the built-in definition");
    workplace.write(DEFINITION, format!("review = \"leader\"\n{definition}"));
}

fn ledger(workplace: &Workplace) -> Vec<Value> {
    workplace.hedui(&["outbox", "list", "--format", "json"]).json().as_array().expect("an array").clone()
}

fn of<'l>(ledger: &'l [Value], state: &str) -> Vec<&'l Value> {
    ledger.iter().filter(|mail| mail["state"] == state).collect()
}

/// The bytes of a mail as the ledger holds them.
fn stored(workplace: &Workplace, mail: &Value) -> String {
    let id = mail["id"].to_string();
    let shown = workplace.hedui(&["outbox", "show", &id, "--format", "json"]).exits(0).json();
    shown["message"].as_str().expect("bytes").to_owned()
}

fn recipients(mails: &[(PathBuf, Value)]) -> Vec<String> {
    mails.iter().map(|(_, envelope)| envelope["rcpt_tos"][0].as_str().expect("one").to_owned()).collect()
}

fn parts(paths: &[PathBuf]) -> Vec<Value> {
    let paths: Vec<&str> = paths.iter().map(|path| path.to_str().expect("UTF-8")).collect();
    serde_json::from_str::<Value>(&python("it/py/parts.py", &paths)).expect("JSON").as_array().expect("a list").clone()
}

#[test]
fn the_leader_gets_the_draft_and_the_others_exactly_what_was_stored() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(0);
    let first = server.mails();
    assert_eq!(
        recipients(&first),
        ["kefu@example.com", LEADER, LEADER, LEADER],
        "the digest, and a draft a department"
    );
    for (path, _) in &first[1..] {
        let draft = read_mail(path);
        let text = |key: &str| draft[key].as_str().expect("text").to_owned();
        assert_eq!(draft["faults"], serde_json::json!([]), "{draft}");
        assert!(text("subject").starts_with("【送审稿】"), "{}", text("subject"));
        assert!(text("text").lines().next().expect("a line").contains("送审稿"), "{}", text("text"));
        assert!(text("html").contains("送审稿"));
        assert!(draft["attachments"][0]["name_2231"].as_str().expect("a name").contains("送审稿"));
        assert_eq!(draft["to"][0]["address"], LEADER);
        assert_eq!(draft["to"].as_array().map(Vec::len), Some(1), "the leader alone is shown");
    }
    let draft = parts(&[first[1].0.clone()]);
    let sheets = draft[0]["attachments"][0]["sheets"].to_string();
    assert!(sheets.contains("【送审稿】"), "{sheets}");

    let mails = ledger(&workplace);
    let held = of(&mails, "held");
    assert_eq!(held.len(), 3);
    assert!(
        held.iter().all(|mail| mail["last_reply"].as_str().expect("words").contains("outbox release weekly 2026-W47"))
    );
    let bytes: Vec<String> = held.iter().map(|mail| stored(&workplace, mail)).collect();
    assert!(bytes.iter().all(|bytes| bytes.contains("Subject: ")));
    // nothing goes out by itself, and nothing is amiss
    run(&workplace, &["outbox", "send"]).exits(0);
    run(&workplace, &["outbox", "retry", &held[0]["id"].to_string()]).exits(2).says("outbox release");
    run(&workplace, &["run", "weekly"]).exits(0).says("等待批准");
    assert_eq!(server.mails().len(), 4);
    assert_eq!(of(&ledger(&workplace), "held").len(), 3, "the same content is kept");
    assert!(!workplace.path("out/weekly/2026-W47/华东销售部_east@example.com.eml").exists(), "no copy among the mails");

    run(&workplace, &["outbox", "release", "weekly", "2026-W46"]).exits(2);
    run(&workplace, &["outbox", "release", "weekly", "2026-W47", "--report", "service-digest"]).exits(0).says("没有");
    run(&workplace, &["outbox", "release", "weekly", "2026-W47", "--by", "王总"]).exits(0).says("王总");
    let released = server.mails();
    assert_eq!(recipients(&released[4..]), ["east@example.com", "south@example.com", "kefu@example.com"]);
    for ((path, _), stored) in released[4..].iter().zip(&bytes) {
        assert!(std::fs::read(path).expect("a mail") == stored.as_bytes(), "{}", path.display());
        let mail = read_mail(path);
        assert!(!mail.to_string().contains("送审稿"), "{mail}");
    }
    run(&workplace, &["outbox", "release", "weekly", "2026-W47"]).exits(0).says("没有等待批准");
    run(&workplace, &["outbox", "send"]).exits(0);
    assert_eq!(server.mails().len(), 7, "released once");
    let after = ledger(&workplace);
    assert_eq!(of(&after, "accepted").len(), 7);
    for mail in after.iter().filter(|mail| mail["report"] == "department-weekly" && mail["draft"] == false) {
        assert_eq!(mail["released_by"], "王总");
        assert!(mail["released_at"].as_str().expect("a moment").starts_with("20"), "{mail}");
    }
    let copy = std::fs::read(workplace.path("out/weekly/2026-W47/华东销售部_east@example.com.eml")).expect("a copy");
    assert!(copy == bytes[0].as_bytes());
}

#[test]
fn changed_content_takes_the_place_of_what_is_held_and_is_shown_anew() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(0);
    let before = ledger(&workplace);
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    company.customers.set(2, "联系电话", "456");
    company.write(&workplace);
    run(&workplace, &["run", "weekly"]).exits(0);
    let after = ledger(&workplace);
    let held: Vec<String> = of(&after, "held").iter().map(|mail| mail["recipient"].to_string()).collect();
    assert_eq!(held.len(), 3, "{held:?}");
    let dropped = of(&after, "dropped");
    assert!(!dropped.is_empty() && dropped.iter().all(|mail| mail["last_reply"] == "由更正版代替"), "{dropped:?}");
    let east = |mails: &[Value]| -> Value {
        let held = mails.iter().rfind(|mail| mail["recipient"] == "east@example.com" && mail["state"] == "held");
        held.expect("one for the east").clone()
    };
    assert_ne!(east(&before)["content_hash"], east(&after)["content_hash"]);
    // whoever approves has seen what is released: the new draft went out without --resend
    let drafts = server.mails().into_iter().filter(|(_, envelope)| envelope["rcpt_tos"][0] == LEADER).count();
    assert!(drafts > 3, "{drafts}");
    run(&workplace, &["outbox", "release", "weekly", "2026-W47"]).exits(0);
    let east_mails: Vec<PathBuf> = server
        .mails()
        .into_iter()
        .filter(|(_, envelope)| envelope["rcpt_tos"][0] == "east@example.com")
        .map(|(path, _)| path)
        .collect();
    assert_eq!(east_mails.len(), 1, "the first issue never goes out");
    assert!(read_mail(&east_mails[0])["text"].as_str().expect("a body").contains("待处理共 2 条"));
}

#[test]
fn what_the_leader_has_not_got_is_not_released() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "refuse-550-for", LEADER]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(4);
    run(&workplace, &["outbox", "release", "weekly", "2026-W47"]).exits(2).says("送审稿");
    assert_eq!(of(&ledger(&workplace), "held").len(), 3, "all or none");
    // shown on paper: the drafts are given up on a person's word
    let drafts: Vec<String> = of(&ledger(&workplace), "refused").iter().map(|mail| mail["id"].to_string()).collect();
    let drafts: Vec<&str> = drafts.iter().map(String::as_str).collect();
    run(&workplace, &[&["outbox", "drop"], drafts.as_slice(), &["--why", "已当面送审"]].concat()).exits(0);
    run(&workplace, &["outbox", "release", "weekly", "2026-W47"]).exits(0);
    assert_eq!(server.mails().len(), 4);
}

#[test]
fn a_mail_without_a_draft_and_a_draft_that_is_withdrawn() {
    let workplace = workplace(MAIL_AS_FILES);
    workplace.as_of(AS_OF, &["run", "weekly", "--only-to", "east@example.com"]).exits(0);
    workplace.hedui(&["outbox", "release", "weekly", "2026-W47"]).exits(2).says("没有送审过");
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let file = workplace.path("out/weekly/2026-W47/r2/华东销售部_east@example.com.eml");
    assert!(!file.exists());
    workplace.hedui(&["outbox", "drop", "--job", "weekly", "--period", "2026-W47", "--why", "数据有误"]).exits(0);
    let mails = ledger(&workplace);
    assert!(of(&mails, "held").is_empty());
    assert!(of(&mails, "dropped").iter().any(|mail| mail["last_reply"] == "数据有误"));
    workplace.hedui(&["outbox", "release", "weekly", "2026-W47"]).exits(0).says("没有等待批准");
    assert!(!file.exists(), "nothing of it ever lies among the mails");
    // the shown mail is readable: headers and text, no base64
    let id = mails.iter().find(|mail| mail["draft"] == true).expect("a draft")["id"].to_string();
    workplace.hedui(&["outbox", "show", &id]).exits(0).prints("Subject: 【送审稿】").prints("请审阅");
}

#[test]
fn a_report_for_approval_needs_somebody_who_approves() {
    let workplace = Company::clean(1).workplace_with(&configuration(MAIL_AS_FILES));
    reviewed(&workplace);
    workplace.hedui(&["lint"]).exits(2).says("hedui.toml:").says("主管领导").says("leader");
}

#[test]
fn a_large_report_comes_in_parts_that_together_are_the_whole() {
    let mut company = Company::clean(700);
    for row in 0..700 {
        for (label, value) in [("联系电话", "12"), ("邮编", "x"), ("电子邮箱", "a@@b"), ("地址", ""), ("经营范围", "")]
        {
            company.customers.set(row, label, value);
        }
    }
    let mail = format!("{MAIL_AS_FILES}\nlargest = \"180KB\"\nreply_to = \"张三 <zhang@example.com>\"");
    let workplace = company.workplace_with(&configuration(&mail));
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let mails = ledger(&workplace);
    let east: Vec<&Value> = mails.iter().filter(|mail| mail["recipient"] == "east@example.com").collect();
    assert!(east.len() > 1, "{east:?}");
    let (mut rows, mut names) = (0, Vec::new());
    for (number, mail) in (1..).zip(&east) {
        assert_eq!((&mail["part"], &mail["parts"]), (&Value::from(number), &Value::from(east.len())));
        let read = &parts(&[workplace.path(mail["file"].as_str().expect("a file"))])[0];
        assert!(read["bytes"].as_u64().expect("a number") <= 180_000, "{}", read["bytes"]);
        assert!(read["subject"].as_str().expect("a subject").ends_with(&format!("({number}/{})", east.len())));
        assert!(read["text"].as_str().expect("a body").contains(&format!("这是第 {number} 封")));
        assert_eq!(read["faults"], serde_json::json!([]), "{read}");
        assert!(read["reply_to"].as_str().expect("an address").contains("zhang@example.com"));
        let attachment = &read["attachments"][0];
        names.push(attachment["name"].to_string());
        rows += listed(attachment);
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), east.len(), "a name each");
    let whole = workplace.path("out/weekly/2026-W47/客户质量周报_华东销售部_2026W47.xlsx");
    assert_eq!(rows, listed_in(&whole), "no row is lost, none is there twice");
}

/// The rows of the work list below its header.
fn listed(workbook: &Value) -> usize {
    let rows = workbook["sheets"]["待办清单"].as_array().expect("the list");
    rows.iter().filter(|row| row[2].as_str().is_some_and(|key| key.starts_with("经销商"))).count()
}

fn listed_in(path: &Path) -> usize {
    let read = crate::python::workbooks(&[path.to_owned()]);
    let text = read.to_string();
    assert!(text.contains("待办清单"));
    let book = read.as_object().expect("files").values().next().expect("a file");
    let sheet = book.as_object().and_then(|book| book.get("待办清单").or_else(|| book.get("sheets")?.get("待办清单")));
    let sheet = sheet.expect("the list");
    let rows = sheet.as_array().or_else(|| sheet["rows"].as_array()).expect("rows");
    rows.iter().filter(|row| row[2].as_str().is_some_and(|key| key.starts_with("经销商"))).count()
}

#[test]
fn what_is_too_large_lies_on_the_share_once_it_may() {
    let mut company = Company::clean(700);
    for row in 0..700 {
        for (label, value) in [("联系电话", "12"), ("邮编", "x"), ("电子邮箱", "a@@b"), ("地址", ""), ("经营范围", "")]
        {
            company.customers.set(row, label, value);
        }
    }
    let mail = format!("{MAIL_AS_FILES}\nlargest = \"200KB\"\nshare = '\\\\fs\\hedui'\nshare_folder = \"share\"");
    let leader = format!("[people]\nleader = [\"{LEADER}\"]\n\n[mail]");
    let workplace = company.workplace_with(&configuration(&mail).replacen("[mail]", &leader, 1));
    reviewed(&workplace);
    std::fs::create_dir(workplace.path("share")).expect("a share");
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    assert!(workplace.files("share").is_empty(), "not before the leader's word");
    let name = "weekly/2026-W47/客户质量周报_华东销售部_2026W47.xlsx";
    let (there, here) = (workplace.path(&format!("share/{name}")), workplace.path(&format!("out/{name}")));
    // whoever may write on the share lays links there: nothing is written through them
    workplace.write("precious", "kept");
    std::fs::create_dir_all(there.parent().expect("a folder")).expect("folders");
    for link in [there.clone(), workplace.path(&format!("share/{name}.tmp"))] {
        std::os::unix::fs::symlink(workplace.path("precious"), link).expect("a link");
    }
    workplace.hedui(&["outbox", "release", "weekly", "2026-W47"]).exits(0);
    assert_eq!(workplace.read("precious"), "kept");
    assert!(std::fs::symlink_metadata(&there).expect("there").is_file());
    assert_eq!(std::fs::read(there).expect("on the share"), std::fs::read(here).expect("in out/"));
    let read = &parts(&[workplace.path("out/weekly/2026-W47/华东销售部_east@example.com.eml")])[0];
    assert_eq!(read["attachments"], serde_json::json!([]));
    assert!(
        read["text"].as_str().expect("a body").contains(&format!("\\\\fs\\hedui\\{}", name.replace('/', "\\"))),
        "{read}"
    );
    assert_eq!(read["faults"], serde_json::json!([]), "{read}");
    // a share that is not there keeps the mail back, and says so
    let gone = workplace.read("hedui.toml").replace("share_folder = \"share\"", "share_folder = \"gone\"");
    workplace.write("hedui.toml", gone);
    company.customers.set(0, "联系电话", "13800000001");
    company.write(&workplace);
    workplace.as_of("2026-11-29", &["run", "weekly"]).exits(0);
    workplace.hedui(&["outbox", "release", "weekly", "2026-W48"]).exits(4).says("共享文件夹");
    assert!(of(&ledger(&workplace), "planned").len() >= 2);
    assert!(!workplace.path("gone").exists());
}
