//! DELIVER: through a real SMTP server, read by another program; and the lock.
//!
//! Apart from the unit tests of `outbox`, because here the whole program meets the wire: TLS with the company's own CA,
//! a login, one mail a recipient.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::company::Company;
use crate::configuration::configuration;
use crate::python::read_mail;
use crate::server::{PASSWORD, Server, mails};
use crate::workplace::{AS_OF, Ran, Workplace};

/// A company with a bad phone, mailing through a server; the second department has two recipients and a copy.
pub fn workplace(server_settings: &str) -> Workplace {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let text = configuration(server_settings).replace(
        "to = [\"south@example.com\"]",
        "to = [\"华南 <south@example.com>\", \"south2@example.com\"]\ncc = [\"张三 <boss@example.com>\"]",
    );
    company.workplace_with(&text)
}

pub fn run(workplace: &Workplace, arguments: &[&str]) -> Ran {
    let mut command = workplace.command();
    command.args(arguments).env("HEDUI_IT_PASSWORD", PASSWORD);
    if arguments[0] == "run" {
        command.args(["--as-of", AS_OF]);
    }
    Ran::of(&mut command, &arguments.join(" "))
}

/// (recipient, state, attempts), in the order of the ledger.
pub fn ledger(workplace: &Workplace) -> Vec<(String, String, u64)> {
    let list = workplace.hedui(&["outbox", "list", "--format", "json"]).json();
    list.as_array()
        .expect("an array")
        .iter()
        .map(|mail| {
            for key in [
                "id",
                "job",
                "report",
                "period",
                "recipient",
                "state",
                "attempts",
                "message_id",
                "last_reply",
                "next_try_at",
            ] {
                assert!(mail.get(key).is_some(), "{key} in {mail}");
            }
            let text = |key: &str| mail[key].as_str().expect("text").to_owned();
            (text("recipient"), text("state"), mail["attempts"].as_u64().expect("a number"))
        })
        .collect()
}

pub fn states(workplace: &Workplace) -> Vec<String> {
    ledger(workplace).into_iter().map(|(_, state, _)| state).collect()
}

const RECIPIENTS: [&str; 6] = [
    "east@example.com",
    "south@example.com",
    "south2@example.com",
    "boss@example.com",
    "kefu@example.com",
    "kefu@example.com",
];

#[test]
fn mails_arrive_as_they_were_meant() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly"]).exits(0);
    let received = server.mails();
    let recipients: Vec<&str> =
        received.iter().map(|(_, envelope)| envelope["rcpt_tos"][0].as_str().expect("one")).collect();
    assert_eq!(recipients, RECIPIENTS);
    assert_eq!(states(&workplace), ["accepted"; 6]);
    let mut ids = Vec::new();
    for (path, envelope) in &received {
        assert_eq!((&envelope["tls"], &envelope["login"]), (&true.into(), &"kefu@example.com".into()));
        assert_eq!(
            (&envelope["mail_from"], envelope["rcpt_tos"].as_array().map(Vec::len)),
            (&"kefu@example.com".into(), Some(1))
        );
        let mail = read_mail(path);
        assert_eq!(mail["faults"], json!([]), "{mail}");
        assert_eq!(mail["from"], json!([{"name": "客户服务部", "address": "kefu@example.com"}]));
        ids.push(mail["message_id"].as_str().expect("an id").to_owned());
        let attachment = &mail["attachments"][0];
        assert_eq!(mail["attachments"].as_array().map(Vec::len), Some(1));
        assert_eq!(attachment["name_2231"], attachment["name_2047"], "both ways tell the same name");
        let name = attachment["name_2231"].as_str().expect("a name");
        let written =
            std::fs::metadata(workplace.path(&format!("out/weekly/2026-W47/{name}"))).expect("the workbook").len();
        assert_eq!(attachment["length"], written, "{name}");
        assert_eq!(
            mail["structure"],
            json!([
                "multipart/mixed",
                "multipart/alternative",
                "text/plain",
                "text/html",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ])
        );
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6, "a Message-ID each");
    let south = read_mail(&received[2].0);
    assert_eq!(south["subject"], "【客户数据】华南销售部周报 2026年第47周(11-16至11-22)");
    assert_eq!(south["attachments"][0]["name_2231"], "客户质量周报_华南销售部_2026W47.xlsx");
    // the headers show the whole department, the envelope him alone
    assert_eq!(
        south["to"],
        json!([
            {"name": "华南", "address": "south@example.com"}, {"name": "", "address": "south2@example.com"},
        ])
    );
    assert_eq!(south["cc"], json!([{"name": "张三", "address": "boss@example.com"}]));
    // the message is in the first lines, and every department gets its mail, also one with nothing to do
    assert!(first_lines(&south).contains("无问题"), "{}", first_lines(&south));
    let east = read_mail(&received[0].0);
    assert!(first_lines(&east).contains("新增 1"), "{}", first_lines(&east));
    assert!(east["html"].as_str().expect("HTML").contains("style="), "styles are inline");
}

fn first_lines(mail: &Value) -> String {
    mail["text"].as_str().expect("a body").lines().take(3).collect()
}

#[test]
fn only_to_one_address() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&server.settings());
    run(&workplace, &["run", "weekly", "--only-to", "south2@example.com"]).exits(0);
    assert_eq!(ledger(&workplace), [("south2@example.com".to_owned(), "accepted".to_owned(), 1)]);
    assert_eq!(server.mails().len(), 1);
}

#[test]
fn a_second_start_finds_the_lock_and_does_nothing() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "delay", "0.3"]);
    let workplace = workplace(&server.settings());
    let mut first = workplace
        .command()
        .args(["run", "weekly", "--as-of", AS_OF])
        .env("HEDUI_IT_PASSWORD", PASSWORD)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the first");
    wait_for(|| !mails(mailbox.path()).is_empty());
    run(&workplace, &["run", "weekly"]).exits(5).says("正在运行");
    run(&workplace, &["outbox", "send"]).exits(5);
    run(&workplace, &["history", "runs"]).exits(0); // reading is free
    assert!(first.wait().expect("it ends").success());
    assert_eq!(server.mails().len(), 6);
}

fn wait_for(ready: impl Fn() -> bool) {
    for _ in 0..600 {
        if ready() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("nothing happened within half a minute");
}

#[test]
fn a_department_name_with_brackets_is_a_name() {
    let workplace = workplace("transport = \"file\"");
    let text = workplace.read("hedui.toml").replace("华南 <", "华南销售部(一) <");
    workplace.write("hedui.toml", text);
    run(&workplace, &["run", "weekly"]).exits(0);
    let mail = read_mail(&workplace.path("out/weekly/2026-W47/华南销售部_south@example.com.eml"));
    assert_eq!(mail["to"][0], json!({"name": "华南销售部(一)", "address": "south@example.com"}));
}

#[test]
fn encrypted_later_or_not_at_all_on_request() {
    for (encryption, security) in [(Some("--starttls"), "starttls"), (None, "none")] {
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start_with(mailbox.path(), 0, encryption, &["--login-only"]);
        let workplace = workplace(&server.settings().replace("\"tls\"", &format!("\"{security}\"")));
        run(&workplace, &["run", "weekly"]).exits(0);
        let received = server.mails();
        assert_eq!(received.len(), 6, "{security}");
        for (_, envelope) in received {
            assert_eq!((&envelope["tls"], &envelope["mechanism"]), (&encryption.is_some().into(), &"LOGIN".into()));
        }
    }
    // a server that does not offer to encrypt gets nothing
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start_with(mailbox.path(), 0, Some("--starttls"), &["--misbehave", "no-starttls"]);
    let workplace = workplace(&server.settings().replace("\"tls\"", "\"starttls\""));
    run(&workplace, &["run", "weekly"]).exits(4);
    assert_eq!((server.mails().len(), states(&workplace)), (0, vec!["deferred".to_owned(); 6]));
}
