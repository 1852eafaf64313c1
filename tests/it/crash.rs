//! Killed at random moments: no mail is lost, none is doubled without the ledger's saying "unknown", and the next
//! start goes on.
//!
//! Apart because it plays with chance: the seed is printed, HEDUI_SEED repeats it, HEDUI_KILLS asks for more (50 for
//! the acceptance).

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{Days, NaiveDate};
use serde_json::Value;

use crate::company::Company;
use crate::configuration::configuration;
use crate::server::{PASSWORD, Server};
use crate::workplace::{Ran, Workplace};

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Marsaglia's xorshift: enough to choose moments.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn command(workplace: &Workplace, arguments: &[&str]) -> std::process::Command {
    let mut command = workplace.command();
    command.args(arguments).env("HEDUI_IT_PASSWORD", PASSWORD);
    command
}

fn run(workplace: &Workplace, arguments: &[&str]) -> Ran {
    Ran::of(&mut command(workplace, arguments), &arguments.join(" "))
}

/// Starts a run and kills it after a while; whether it was still running then.
fn killed(workplace: &Workplace, day: &str, after: Duration) -> bool {
    let mut child = command(workplace, &["run", "weekly", "--as-of", day])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    std::thread::sleep(after);
    let running = child.try_wait().expect("its state").is_none();
    child.kill().expect("killed");
    child.wait().expect("gone");
    running
}

/// Every mail of the ledger against the server's mailbox; how many are in doubt.
fn settle(workplace: &Workplace, server: &Server, expected: usize, what: &str) -> usize {
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for (_, envelope) in server.mails() {
        *arrived.entry(envelope["message_id"].as_str().expect("an id").to_owned()).or_default() += 1;
    }
    let list = run(workplace, &["outbox", "list", "--format", "json"]).json();
    let mut standing: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    let mut unknown = 0;
    for mail in list.as_array().expect("an array") {
        let copies = arrived.remove(mail["message_id"].as_str().expect("an id")).unwrap_or(0);
        let state = mail["state"].as_str().expect("a state");
        match state {
            "accepted" => assert_eq!(copies, 1, "{what}: {mail}"),
            "unknown" => assert!(copies <= 1, "{what}: {mail}"),
            "dropped" => assert_eq!(copies, 0, "{what}: {mail}"),
            _ => panic!("{what}: still {state}: {mail}"),
        }
        unknown += usize::from(state == "unknown");
        if state != "dropped" {
            let key = ["period", "report", "department", "recipient"].map(|key| mail[key].to_string()).join(" ");
            standing.entry(key).or_default().push(mail);
        }
    }
    assert!(arrived.is_empty(), "{what}: mails that the ledger does not know: {arrived:?}");
    assert_eq!(standing.len(), expected, "{what}: lost mails");
    for (key, mails) in standing {
        assert_eq!(mails.len(), 1, "{what}: {key} twice: {mails:?}");
    }
    unknown
}

#[test]
fn killed_at_random_moments_no_mail_is_lost_or_doubled() {
    let kills = number("HEDUI_KILLS").unwrap_or(12);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_nanos() as u64;
    let seed = number("HEDUI_SEED").unwrap_or(now % 1_000_000) + 1;
    println!("HEDUI_SEED={} HEDUI_KILLS={kills}", seed - 1);
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "delay", "0.03"]);
    let mut company = Company::clean(6);
    company.customers.set(0, "联系电话", "123");
    let workplace = company.workplace_with(&configuration(&server.settings()));
    let first = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");

    let started = Instant::now();
    run(&workplace, &["run", "weekly", "--as-of", &first.to_string()]).exits(0);
    let whole = u64::try_from(started.elapsed().as_micros()).expect("a while");
    let (mut amid, mut in_doubt) = (0, 0);
    for kill in 1..=kills {
        let day = first.checked_add_days(Days::new(7 * kill)).expect("a day").to_string();
        let after = Duration::from_micros(chance.below(whole));
        let what = format!("kill {kill} after {after:?} (HEDUI_SEED={})", seed - 1);
        let before = server.mails().len();
        let running = killed(&workplace, &day, after);
        let sent = server.mails().len() - before;
        amid += usize::from(running && (1..4).contains(&sent));
        // the next start goes on, whichever it is
        if chance.below(2) == 0 {
            run(&workplace, &["outbox", "send"]);
        }
        let again = run(&workplace, &["run", "weekly", "--as-of", &day]);
        assert!([0, 4].contains(&again.code), "{what}: {}", again.all());
        in_doubt = settle(&workplace, &server, 4 * (kill as usize + 1), &what);
        let list = run(&workplace, &["outbox", "send"]);
        list.exits(if in_doubt > 0 { 4 } else { 0 });
    }
    println!("{amid} of {kills} kills came amid the sending; {in_doubt} mails in doubt");
    // nothing of a killed run is left: what lies there, a committed run names
    let runs = run(&workplace, &["history", "runs", "--format", "json"]).json();
    let names: Vec<String> = runs
        .as_array()
        .expect("an array")
        .iter()
        .map(|run| format!("weekly-{}-r{}", run["period"].as_str().expect("a period"), run["revision"]))
        .collect();
    for path in [workplace.files("state/findings"), workplace.files("state/snapshots")].concat() {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let own = name.trim_start_matches("known-").trim_end_matches(".parquet");
        let is_named =
            |run: &String| own == run || own.strip_prefix(run.as_str()).is_some_and(|rest| rest.starts_with('-'));
        assert!(names.iter().any(is_named), "litter: {name}");
    }
}

#[test]
fn killed_before_the_commit_nothing_has_happened() {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let workplace = company.workplace();
    // litter as a kill leaves it: files without a run, and half a file
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    workplace.write("state/findings/weekly-2026-W47-r1.parquet", "PAR1 half of");
    workplace.write("state/findings/known-weekly-2026-W47-r1.parquet", "");
    workplace.write("state/snapshots/.tmpXYZ", "x");
    workplace.as_of("2026-11-22", &["run", "weekly"]).exits(0).prints("新增 0");
    assert!(!workplace.path("state/snapshots/.tmpXYZ").exists());
    let findings = workplace.hedui(&["history", "findings", "--format", "json"]).exits(0).json();
    assert_eq!(findings[0]["status"], "open");
    assert_eq!(findings[0]["first_seen"], "2026-11-15");
}
