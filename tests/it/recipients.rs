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

#[test]
fn a_corrected_address_takes_the_place_of_the_wrong_one() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "451"]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    rewrite(&workplace, "to = [\"east@example.com\"]", "to = [\"esat@wrong.example\"]");
    run(&workplace, &["run", "weekly"]).exits(4);
    rewrite(&workplace, "to = [\"esat@wrong.example\"]", "to = [\"east@example.com\"]");
    run(&workplace, &["run", "weekly"]).exits(4).says("esat@wrong.example：重新运行后已没有这封邮件");
    drop(server);
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace, &["outbox", "send"]).exits(0);
    let mut sent = sent(&server);
    sent.sort();
    let mut all: Vec<&str> = ALL.into_iter().chain(["kefu@example.com"]).collect();
    all.sort_unstable();
    assert_eq!(sent, all, "each once, and nobody else");
    let dropped = run(&workplace, &["outbox", "list", "--state", "dropped", "--format", "json"]).json();
    assert_eq!(dropped.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&dropped[0]["recipient"], &dropped[0]["last_reply"]),
        (&"esat@wrong.example".into(), &"重新运行后已没有这封邮件".into())
    );
}

#[test]
fn a_crowd_that_is_thinned_out_is_mailed_to() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&format!("{}\nmost_recipients = 4", server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4).says("most_recipients = 4");
    rewrite(&workplace, "cc = [\"张三 <boss@example.com>\"]", "cc = []");
    run(&workplace, &["run", "weekly"]).exits(0);
    assert_eq!(sent(&server).len(), 5);
    assert!(!sent(&server).contains(&"boss@example.com".to_owned()));
}

#[test]
fn weeks_that_are_made_up_for_use_up_no_tries() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&format!("{}\ntries = 2", server.settings()));
    drop(server);
    let at = |day: &str, arguments: &[&str]| {
        let mut command = workplace.command();
        command.args(["--as-of", day]).args(arguments).env("HEDUI_IT_PASSWORD", crate::server::PASSWORD);
        crate::workplace::Ran::of(&mut command, day)
    };
    at("2026-10-25", &["run", "weekly"]).exits(4);
    at("2026-11-22", &["due"]).exits(4);
    let ledger = ledger(&workplace);
    assert_eq!(ledger.len(), 5 * 6, "a week by hand, and four by due");
    assert!(ledger.iter().all(|(_, state, attempts)| state == "deferred" && *attempts == 1), "{ledger:?}");
}

#[test]
fn what_comes_after_a_long_delivery_is_dated_after_it() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&format!("{}\npause = \"1s\"", server.settings()));
    let second = "\n[[job]]\nname = \"second\"\nschedule = \"0 8 * * 1\"\nreports = [\"service-digest\"]\n";
    workplace.write("hedui.toml", workplace.read("hedui.toml") + second);
    let mut command = workplace.command();
    command.args(["--as-of", "2026-11-22", "due"]).env("HEDUI_IT_PASSWORD", crate::server::PASSWORD);
    crate::workplace::Ran::of(&mut command, "due").exits(0);
    let moment = |value: &serde_json::Value| {
        chrono::DateTime::parse_from_rfc3339(value.as_str().expect("a moment")).expect("a moment")
    };
    let runs = workplace.hedui(&["history", "runs", "--format", "json"]).json();
    let mails = run(&workplace, &["outbox", "list", "--format", "json"]).json();
    let of = |job: &str| -> Vec<_> {
        let mails = mails.as_array().expect("an array").iter().filter(|mail| mail["job"] == job);
        mails.map(|mail| moment(&mail["changed_at"])).collect()
    };
    let (first, second) = (of("weekly"), of("second"));
    assert_eq!((first.len(), second.len()), (6, 1));
    let last = first.iter().max().expect("a mail");
    assert_eq!(runs[1]["job"], "second");
    assert!(moment(&runs[1]["started_at"]) >= *last && second[0] >= *last, "{runs:#} {mails:#}");
}
