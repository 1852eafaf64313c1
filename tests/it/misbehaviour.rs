//! A mail server that misbehaves in every way that servers are known to: each mail ends in the right state, and what is
//! sent afterwards, through a server that behaves, arrives once.
//!
//! Apart from `outbox`, which follows single stories: here one table says for each fault what the ledger has to say, how
//! many mails the server has then, and what becomes of the rest.

use std::collections::BTreeMap;

use crate::mail::{ledger, run, states, workplace};
use crate::python::read_mail;
use crate::server::{Server, mails};
use crate::workplace::Workplace;

/// How many mails the weekly job of the test's company makes.
const ALL: usize = 6;

/// A fault, and what it has to come to.
struct Fault {
    /// What the server is started with.
    server: &'static [&'static str],
    /// Its certificate.
    certificate: &'static str,
    /// Lines of `[mail]`: (old, new); an empty old adds a line.
    setting: (&'static str, &'static str),
    /// The states after the run.
    states: [&'static str; ALL],
    /// How many mails the server has taken over by then.
    arrived: usize,
    /// How many are there once everything that may be sent again by itself was.
    in_the_end: usize,
    /// What stderr has to say.
    words: &'static str,
}

const PLAIN: Fault = Fault {
    server: &[],
    certificate: "server",
    setting: ("", ""),
    states: ["accepted"; ALL],
    arrived: ALL,
    in_the_end: ALL,
    words: "",
};

const DEFERRED: Fault = Fault { states: ["deferred"; ALL], arrived: 0, ..PLAIN };

const UNKNOWN: Fault = Fault { states: ["unknown"; ALL], words: "是否送达不明", ..PLAIN };

const REFUSED: Fault = Fault { states: ["refused"; ALL], arrived: 0, in_the_end: 0, ..PLAIN };

#[track_caller]
fn try_all(faults: &[Fault]) {
    for fault in faults {
        let what = format!("{:?} {} {:?}", fault.server, fault.certificate, fault.setting);
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start_as(fault.certificate, mailbox.path(), 0, Some("--tls"), fault.server);
        let settings = match fault.setting {
            ("", line) => format!("{}\n{line}", server.settings()),
            (old, new) => server.settings().replace(old, new),
        };
        let workplace = workplace(&settings);
        let ran = run(&workplace, &["run", "weekly"]);
        let is_done = fault.states == ["accepted"; ALL];
        assert_eq!(ran.code, if is_done { 0 } else { 4 }, "{what}: {}", ran.all());
        assert_eq!(states(&workplace), fault.states, "{what}: {}", ran.all());
        assert_eq!(server.mails().len(), fault.arrived, "{what}");
        assert!(ran.stderr.contains(fault.words), "{what}: {}", ran.all());
        let port = server.port;
        drop(server);
        afterwards(&workplace, Server::start(mailbox.path(), port, &[]), fault, &what);
        for (_, envelope) in mails(mailbox.path()) {
            let id = envelope["message_id"].as_str().expect("an id").to_owned();
            let copies = mails(mailbox.path()).iter().filter(|(_, other)| other["message_id"] == id.as_str()).count();
            assert_eq!(copies, 1, "{what}: {id} twice");
        }
    }
}

/// The server is replaced by one that behaves: what waits goes out, what is in doubt or refused stays until a person asks.
fn afterwards(workplace: &Workplace, server: Server, fault: &Fault, what: &str) {
    // settings that the fault lies in are mended too
    if let (old, new) = fault.setting
        && !old.is_empty()
    {
        workplace.write("hedui.toml", workplace.read("hedui.toml").replace(new, old));
    }
    run(workplace, &["outbox", "send"]);
    let expected = fault.states.map(|state| if state == "deferred" { "accepted" } else { state });
    assert_eq!(states(workplace), expected, "{what}: afterwards");
    assert_eq!(server.mails().len(), fault.in_the_end, "{what}: afterwards");
    let again = run(workplace, &["outbox", "send", "--format", "json"]);
    assert_eq!(again.json(), serde_json::json!([]), "{what}: nothing is tried twice by itself");
    let refused: Vec<String> =
        (1..=ALL).zip(expected).filter(|(_, state)| *state == "refused").map(|(id, _)| id.to_string()).collect();
    if !refused.is_empty() {
        let ids: Vec<&str> = refused.iter().map(String::as_str).collect();
        run(workplace, &[&["outbox", "retry"], ids.as_slice()].concat()).exits(0);
        assert_eq!(server.mails().len(), fault.in_the_end + refused.len(), "{what}: on a person's word");
    }
    for (path, _) in server.mails() {
        assert_eq!(read_mail(&path)["faults"], serde_json::json!([]), "{what}: a mail is whole");
    }
}

#[test]
fn what_goes_wrong_before_a_mail_defers_all() {
    try_all(&[
        Fault { server: &["--misbehave", "reject-connection"], words: "554", ..DEFERRED },
        Fault { server: &["--misbehave", "535"], words: "授权码", ..DEFERRED },
        Fault { server: &["--misbehave", "5.7.30"], words: "XOAUTH2", ..DEFERRED },
        Fault { server: &["--misbehave", "no-auth"], words: "AUTH PLAIN", ..DEFERRED },
        Fault {
            server: &["--misbehave", "530"],
            setting: ("username = \"kefu@example.com\"\npassword = \"env:HEDUI_IT_PASSWORD\"", "# no login"),
            words: "先登录",
            ..DEFERRED
        },
        Fault { certificate: "wrong-name", words: "证书", ..DEFERRED },
        Fault { certificate: "expired", words: "证书", ..DEFERRED },
        Fault {
            server: &["--misbehave", "dribble", "3"],
            setting: ("", "timeout = \"1s\""),
            words: "限时",
            ..DEFERRED
        },
    ]);
}

#[test]
fn what_goes_wrong_with_a_mail_is_that_mails_alone() {
    try_all(&[
        Fault { server: &["--misbehave", "421-midway", "2"], ..PLAIN },
        Fault { server: &["--misbehave", "dribble", "0.001"], ..PLAIN },
        // the second mail to the same address passes
        Fault {
            server: &["--misbehave", "450-then-250"],
            states: ["deferred", "deferred", "deferred", "deferred", "deferred", "accepted"],
            arrived: 1,
            words: "greylisted",
            ..PLAIN
        },
        Fault { server: &["--misbehave", "451"], words: "451", ..DEFERRED },
        Fault {
            server: &["--misbehave", "silent-rcpt"], setting: ("", "timeout = \"1s\""), words: "限时", ..DEFERRED
        },
        Fault { server: &["--misbehave", "552"], words: "largest", ..REFUSED },
        Fault { server: &["--misbehave", "554"], words: "反垃圾", ..REFUSED },
        Fault { server: &["--misbehave", "refuse-in-data"], words: "552", ..REFUSED },
        Fault { server: &["--size-limit", "3000"], words: "552", ..REFUSED },
    ]);
}

#[test]
fn codes_are_read_with_what_stands_behind_them() {
    try_all(&[
        // a trouble that passes, whatever the first digit says
        Fault { server: &["--misbehave", "answer", "550 4.7.1 come again"], words: "come again", ..DEFERRED },
        // too fast: the others are not even tried
        Fault { server: &["--misbehave", "answer", "451 MI:SFQ too many"], words: "pause", ..DEFERRED },
        Fault {
            server: &["--misbehave", "answer", "554 Reject by behaviour spam: too frequently sending"],
            states: ["refused", "deferred", "deferred", "deferred", "deferred", "deferred"],
            arrived: 0,
            in_the_end: ALL - 1,
            words: "pause",
            ..PLAIN
        },
        Fault { server: &["--misbehave", "answer", "552 5.2.2 over quota"], words: "已满", ..REFUSED },
    ]);
}

#[test]
fn silence_after_the_last_byte_is_doubt() {
    try_all(&[
        Fault { server: &["--misbehave", "drop-after-data"], ..UNKNOWN },
        Fault { server: &["--misbehave", "lose-after-data"], arrived: 0, in_the_end: 0, ..UNKNOWN },
    ]);
    // how far the bytes came before the connection broke, the two sides may see differently: surely not sent, or in doubt
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "drop-in-data"]);
    let (port, workplace) = (server.port, workplace(&server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4);
    let broken = states(&workplace);
    assert!(broken.iter().all(|state| state == "unknown" || state == "deferred"), "{broken:?}");
    drop(server);
    let server = Server::start(mailbox.path(), port, &[]);
    run(&workplace, &["outbox", "send"]);
    assert_eq!(server.mails().len(), broken.iter().filter(|state| *state == "deferred").count());
}

#[test]
fn a_server_that_keeps_silent_is_not_asked_for_every_mail() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "silent-rcpt"]);
    let workplace = workplace(&format!("{}\ntimeout = \"1s\"", server.settings()));
    run(&workplace, &["run", "weekly"]).exits(4);
    let calls = std::fs::read_to_string(mailbox.path().join("connections")).expect("the server counts");
    assert_eq!(calls.trim(), "2", "the second silence in a row closes the door");
    assert_eq!(states(&workplace), ["deferred"; ALL]);
}

#[test]
fn one_connection_carries_all_mails_and_the_pause_lies_between_them() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let workplace = workplace(&format!("{}\npause = \"1s\"", server.settings()));
    run(&workplace, &["run", "weekly"]).exits(0);
    let received = server.mails();
    let connections: BTreeMap<String, usize> = received.iter().fold(BTreeMap::new(), |mut counts, (_, envelope)| {
        *counts.entry(envelope["connection"].to_string()).or_default() += 1;
        counts
    });
    assert_eq!(connections.into_values().collect::<Vec<_>>(), [ALL]);
    let times: Vec<f64> = received.iter().map(|(_, envelope)| envelope["at"].as_f64().expect("a moment")).collect();
    // what was waited for on purpose, not how fast the machine is
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1.0), "{times:?}");
    assert!(ledger(&workplace).iter().all(|(_, state, attempts)| state == "accepted" && *attempts == 1));
}
