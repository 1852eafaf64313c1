//! Who may be mailed to, and how many mails at once: what is not right stays in the ledger, is said, and goes out once it
//! is right.
//!
//! Apart from `misbehaviour`: here the server is in order, and the configuration holds the mails back.

use crate::mail::{ledger, run, states, workplace};
use crate::server::Server;
use crate::workplace::Workplace;

const ALL: [&str; 5] =
    ["east@example.com", "south@example.com", "south2@example.com", "boss@example.com", "kefu@example.com"];

fn sent(server: &Server) -> Vec<String> {
    let mails = server.mails();
    mails.iter().map(|(_, envelope)| envelope["rcpt_tos"][0].as_str().expect("one").to_owned()).collect()
}

fn rewrite(workplace: &Workplace, old: &str, new: &str) {
    let text = workplace.read("hedui.toml");
    assert!(text.contains(old), "no {old} in {text}");
    workplace.write("hedui.toml", text.replace(old, new));
}

#[test]
fn a_new_address_waits_until_it_is_confirmed() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let known = "confirmed = [\"East@example.com\", \"华南 <south@example.com>\", \"kefu@example.com\"]";
    let workplace = workplace(&format!("{}\n{known}", server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4).says("south2@example.com").says("boss@example.com").says("confirmed");
    assert_eq!(states(&workplace), ["accepted", "accepted", "planned", "planned", "accepted", "accepted"]);
    assert_eq!(sent(&server), ["east@example.com", "south@example.com", "kefu@example.com", "kefu@example.com"]);
    run(&workplace, &["outbox", "send"]).exits(4);
    run(&workplace, &["outbox", "list", "--state", "planned"]).exits(0).prints("confirmed");
    assert_eq!(server.mails().len(), 4);
    // the mail that was made goes out as it is, once a person has looked at the address
    rewrite(
        &workplace,
        "<south@example.com>\",",
        "<south@example.com>\", \"boss@example.com\", \"south2@example.com\",",
    );
    run(&workplace, &["outbox", "send"]).exits(0);
    assert_eq!(states(&workplace), ["accepted"; 6]);
    assert_eq!(sent(&server)[4..], ["south2@example.com", "boss@example.com"]);
    assert!(ledger(&workplace).iter().all(|(_, _, attempts)| *attempts == 1));
}

#[test]
fn what_waits_is_judged_by_the_configuration_of_the_day() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    drop(server);
    run(&workplace, &["run", "weekly"]).exits(4);
    let server = Server::start(mailbox.path(), port, &[]);
    // every address is wrong, as it turns out, and the configuration is mended before the next round
    let text = workplace.read("hedui.toml").replace("@example.com", "@example.org");
    workplace.write(
        "hedui.toml",
        text.replace("[mail]\n", "[mail]\ndomains = [\"example.org\"]\n")
            .replace("kefu@example.org\"\npassword", "kefu@example.com\"\npassword"),
    );
    run(&workplace, &["outbox", "send"]).exits(4).says("example.org");
    assert_eq!((states(&workplace), server.mails().len()), (vec!["deferred".to_owned(); 6], 0));
}

#[test]
fn more_recipients_than_the_company_mails_to_stop_all() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let most = ALL.len() - 1;
    let workplace = workplace(&format!("{}\nmost_recipients = {most}", server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4).says("most_recipients = 4").says("5 个不同的地址");
    assert_eq!((states(&workplace), server.mails().len()), (vec!["planned".to_owned(); 6], 0));
    rewrite(&workplace, "most_recipients = 4", "most_recipients = 5");
    run(&workplace, &["outbox", "send"]).exits(0);
    assert_eq!(sent(&server).len(), 6);
}

#[test]
fn limits_leave_mails_for_later_rounds_and_lose_none() {
    for (key, rounds) in [("per_run", [2, 4, 6]), ("per_hour", [2, 2, 2]), ("per_day", [2, 2, 2])] {
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start(mailbox.path(), 0, &[]);
        let workplace = workplace(&format!("{}\n{key} = 2", server.settings()));
        for (round, expected) in rounds.into_iter().enumerate() {
            let arguments: &[&str] = if round == 0 { &["run", "weekly"] } else { &["outbox", "send"] };
            let ran = run(&workplace, arguments);
            ran.exits(if expected == 6 { 0 } else { 4 });
            if expected < 6 {
                ran.says(&format!("{key} = 2"));
            }
            assert_eq!(server.mails().len(), expected, "{key}, round {round}: {}", ran.all());
            assert!(!states(&workplace).iter().any(|state| state != "accepted" && state != "planned"));
        }
    }
}

#[test]
fn only_to_one_address_leaves_alone_what_waits_for_others() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    drop(server);
    run(&workplace, &["run", "weekly"]).exits(4);
    let server = Server::start(mailbox.path(), port, &[]);
    let mut command = workplace.command();
    command
        .args(["run", "weekly", "--as-of", "2026-11-29", "--only-to", "华南 <south2@example.com>"])
        .env("HEDUI_IT_PASSWORD", crate::server::PASSWORD);
    crate::workplace::Ran::of(&mut command, "run --only-to").exits(4);
    assert_eq!(sent(&server), ["south2@example.com"; 2], "this week's and last week's, and nobody else's");
    run(&workplace, &["outbox", "send", "--only-to", "EAST@example.com"]).exits(4);
    assert_eq!(sent(&server)[2..], ["east@example.com"]);
}

#[test]
fn tries_end_at_a_limit_and_waits_are_kept() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let (port, workplace) = (server.port, workplace(&format!("{}\ntries = 2", server.settings())));
    drop(server);
    run(&workplace, &["run", "weekly"]).exits(4);
    // two minutes have not passed
    run(&workplace, &["outbox", "send", "--due"]).exits(4);
    assert!(ledger(&workplace).iter().all(|(_, state, attempts)| state == "deferred" && *attempts == 1));
    run(&workplace, &["outbox", "send", "--due", "--dry-run"]).exits(0).says("0 封");
    let would = run(&workplace, &["outbox", "send", "--dry-run", "--format", "json"]);
    assert_eq!(would.exits(0).json().as_array().map(Vec::len), Some(6));
    run(&workplace, &["outbox", "send"]).exits(4).says("已试满 2 次");
    assert!(ledger(&workplace).iter().all(|(_, state, attempts)| state == "refused" && *attempts == 2));
    // on a person's word the course begins anew
    let retried = run(&workplace, &["outbox", "retry", "2", "--format", "json"]);
    assert_eq!(retried.exits(4).json()[0]["state"], "deferred");
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace, &["outbox", "retry", "1", "2"]).exits(4);
    assert_eq!(sent(&server), ["east@example.com", "south@example.com"], "and no others");
    let dropped = run(&workplace, &["outbox", "drop", "3", "4", "5", "6", "--why", "不再需要", "--format", "json"]);
    let dropped = dropped.exits(0).json();
    assert_eq!((dropped.as_array().map(Vec::len), &dropped[0]["last_reply"]), (Some(4), &"不再需要".into()));
    run(&workplace, &["outbox", "send"]).exits(0);
    assert_eq!(server.mails().len(), 2);
}
