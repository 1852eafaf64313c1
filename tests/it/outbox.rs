//! The ledger when the server does not play along: gone, refusing, silent, not to be trusted.
//!
//! Apart from `mail`, which is about mails that arrive: here every mail must be accounted for, and none sent twice.

use std::path::Path;

use crate::mail::{ledger, run, states, workplace};
use crate::python::read_mail;
use crate::server::{PASSWORD, Server, certificates, settings};
use crate::workplace::{AS_OF, Ran};

#[test]
fn a_server_that_is_gone_defers_and_the_next_round_delivers_once() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    drop(server);
    run(&workplace, &["run", "weekly"]).exits(4).says(&format!("localhost:{port}"));
    assert_eq!(states(&workplace), ["deferred"; 6]);
    run(&workplace, &["outbox", "send"]).exits(4);
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace, &["outbox", "send"]).exits(0);
    assert_eq!(server.mails().len(), 6);
    run(&workplace, &["outbox", "send"]).exits(0);
    run(&workplace, &["run", "weekly"]).exits(0);
    assert_eq!(server.mails().len(), 6, "delivered once");
    assert_eq!(states(&workplace), ["accepted"; 6]);
}

#[test]
fn the_next_run_delivers_what_waits_too() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    drop(server);
    run(&workplace, &["run", "weekly"]).exits(4);
    let server = Server::start(mailbox.path(), port, &[]);
    Ran::of(
        workplace.command().args(["run", "weekly", "--as-of", "2026-11-29"]).env("HEDUI_IT_PASSWORD", PASSWORD),
        "run",
    )
    .exits(0);
    assert_eq!(server.mails().len(), 12);
    assert_eq!(states(&workplace), ["accepted"; 12]);
}

#[test]
fn one_recipient_refused_and_the_others_accepted() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "refuse-550-for", "south2@example.com"]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4).says("south2@example.com").says("550");
    let refused: Vec<String> =
        ledger(&workplace).into_iter().filter(|(_, state, _)| state == "refused").map(|(to, _, _)| to).collect();
    assert_eq!(refused, ["south2@example.com"]);
    assert_eq!(server.mails().len(), 5);
    // it is not tried again by itself, but on a person's word
    run(&workplace, &["outbox", "send"]).exits(4);
    drop(server);
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace, &["outbox", "retry", "3"]).exits(0);
    assert_eq!(server.mails().len(), 6);
    assert_eq!(states(&workplace), ["accepted"; 6]);
    run(&workplace, &["outbox", "retry", "3"]).exits(2);
    run(&workplace, &["outbox", "retry", "99"]).exits(2);
    run(&workplace, &["outbox", "show", "3", "--format", "json"]).exits(0).prints("south2@example.com");
}

#[test]
fn a_silence_after_the_final_dot_is_unknown_and_never_sent_again_by_itself() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "drop-after-data"]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4);
    assert_eq!(states(&workplace), ["unknown"; 6]);
    drop(server);
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace, &["outbox", "send"]).exits(4);
    run(&workplace, &["run", "weekly"]).exits(4).says("发送结果未知");
    assert_eq!(states(&workplace), ["unknown"; 6]);
    assert_eq!(server.mails().len(), 6);
    let digest = read_mail(&workplace.path("out/weekly/2026-W47/r2/service-digest_kefu@example.com.eml"));
    assert!(digest["text"].as_str().expect("a body").contains("发送结果未知"), "the digest says so");
}

#[test]
fn logins_and_certificates_that_do_not_fit_defer_and_say_so_without_the_password() {
    let other = format!("ca_file = \"{}\"", certificates().join("other-ca.pem").display());
    let own = format!("ca_file = \"{}\"", certificates().join("ca.pem").display());
    for (faults, old, new, words) in [
        (["--misbehave", "535"].as_slice(), "", "", "535"),
        (&["--misbehave", "no-auth"], "", "", ""),
        (&[], own.as_str(), other.as_str(), "证书"),
        (&[], own.as_str(), "", "证书"),
        (&[], "\"localhost\"", "\"127.0.0.2\"", ""),
    ] {
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start(mailbox.path(), 0, faults);
        let workplace = workplace(&server.settings().replace(old, if old.is_empty() { old } else { new }));
        let mut command = workplace.command();
        command.args(["run", "weekly", "--as-of", AS_OF, "-vv"]).env("HEDUI_IT_PASSWORD", PASSWORD);
        let ran = Ran::of(&mut command, "run");
        ran.exits(4).says(words);
        assert!(!ran.stderr.contains(PASSWORD), "{}", ran.all());
        assert_eq!(states(&workplace), ["deferred"; 6], "{}", ran.all());
        assert_eq!(server.mails().len(), 0);
        let state = std::fs::read(workplace.path("state/history.db")).expect("the ledger");
        assert!(!state.windows(PASSWORD.len()).any(|bytes| bytes == PASSWORD.as_bytes()));
    }
}

#[test]
fn a_password_that_is_not_set_leaves_the_mails_waiting() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&server.settings());
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(4).says("HEDUI_IT_PASSWORD");
    assert_eq!(states(&workplace), ["planned"; 6]);
    run(&workplace, &["outbox", "send"]).exits(0);
    assert_eq!(server.mails().len(), 6);
}

#[test]
fn nothing_is_listening_there() {
    let workplace = workplace(&settings(1));
    run(&workplace, &["run", "weekly"]).exits(4).says("localhost:1");
    assert_eq!(states(&workplace), ["deferred"; 6]);
    assert!(
        Path::new(&workplace.path("out/weekly/2026-W47/华东销售部_east@example.com.eml")).exists(),
        "a copy lies beside"
    );
}
