//! Weeks of runs with a mail server, some of them killed, beside the same weeks with nothing happening to them.
//!
//! Apart because two kinds of kill are tried on it: at random moments, and at every step to the disk or the net.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};

use chrono::{Days, NaiveDate};
use serde_json::Value;
use tempfile::TempDir;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::server::{PASSWORD, Server};
use crate::workplace::{Ran, Workplace};

/// Customers; as many bits of a week's number say whose telephone number is wrong in it.
const CUSTOMERS: usize = 6;
/// Mails of a week.
const MAILS: usize = 4;

/// Two workplaces that see the same weeks.
pub struct Weeks {
    /// The one in which runs are killed.
    pub shaken: Workplace,
    calm: Workplace,
    server: Server,
    company: Company,
    /// How many weeks there will be.
    total: u64,
    _mailbox: TempDir,
}

impl Weeks {
    /// So many weeks, none of which has begun.
    pub fn new(total: u64) -> Self {
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start(mailbox.path(), 0, &["--misbehave", "delay", "0.03"]);
        let company = Company::clean(CUSTOMERS);
        let shaken = company.workplace_with(&configuration(&server.settings()));
        let calm = company.workplace_with(&configuration(MAIL_AS_FILES));
        Self { shaken, calm, server, company, total, _mailbox: mailbox }
    }

    /// What runs a week: its period goes from one to the next, the as-of day slowly through a November.
    fn arguments(&self, week: u64) -> Vec<String> {
        let first = NaiveDate::from_ymd_opt(2026, 11, 2).expect("a day");
        let monday = first.checked_add_days(Days::new(7 * week)).expect("a day");
        let as_of = first.checked_add_days(Days::new(28 * week / (self.total + 1))).expect("a day");
        let period = monday.format("%G-W%V").to_string();
        ["run", "weekly", "--period", &period, "--as-of", &as_of.to_string()].map(str::to_owned).to_vec()
    }

    /// The period of a week.
    pub fn period(&self, week: u64) -> String {
        self.arguments(week).swap_remove(3)
    }

    /// Writes the data of a week into both workplaces and starts the calm run of it.
    pub fn begin(&mut self, week: u64) -> Child {
        for row in 0..CUSTOMERS {
            let number = if week >> row & 1 == 1 { "123".to_owned() } else { format!("1380000{row:04}") };
            self.company.customers.set(row, "联系电话", &number);
        }
        self.company.write(&self.shaken);
        self.company.write(&self.calm);
        let mut command = self.calm.command();
        command.args(self.arguments(week)).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program")
    }

    /// The run of a week, ready to be started and killed.
    pub fn command(&self, week: u64) -> Command {
        let mut command = self.shaken.command();
        command
            .args(self.arguments(week))
            .env("HEDUI_IT_PASSWORD", PASSWORD)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Starts the program without any fault.
    pub fn hedui(&self, arguments: &[&str]) -> Ran {
        let mut command = self.shaken.command();
        Ran::of(command.args(arguments).env("HEDUI_IT_PASSWORD", PASSWORD), &arguments.join(" "))
    }

    /// Whether a week's run is in the history.
    pub fn is_committed(&self, week: u64) -> bool {
        let runs = self.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
        let period = self.period(week);
        runs.as_array().expect("an array").iter().any(|run| run["period"] == *period && run["revision"] != 0)
    }

    /// How many mails the server has taken over.
    pub fn arrived(&self) -> usize {
        self.server.mails().len()
    }

    /// The next start after a kill: it carries on, and what waits is sent. How many mails are in doubt in all.
    pub fn go_on(&self, week: u64, again: bool, what: &str) -> usize {
        if again || !self.is_committed(week) {
            let arguments = self.arguments(week);
            let ran = self.hedui(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            assert!([0, 4].contains(&ran.code), "{what}: {}", ran.all());
        }
        let sent = self.hedui(&["outbox", "send"]);
        let in_doubt = self.settled(MAILS * (week as usize + 1), what);
        sent.exits(if in_doubt > 0 { 4 } else { 0 });
        in_doubt
    }

    /// Holds every mail of the ledger against the server's mailbox; how many are in doubt.
    fn settled(&self, expected: usize, what: &str) -> usize {
        let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
        for (_, envelope) in self.server.mails() {
            *arrived.entry(envelope["message_id"].as_str().expect("an id").to_owned()).or_default() += 1;
        }
        let list = self.hedui(&["outbox", "list", "--format", "json"]).json();
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

    /// Demands that the history is that of the calm weeks, and that nothing of the killed runs lies about.
    pub fn same_history(&self) {
        for subject in ["findings", "scores", "changes"] {
            let shown = |workplace: &Workplace| {
                let mut lines = workplace.hedui(&["history", subject, "--format", "json"]).exits(0).json();
                // a run that was repeated is a corrected issue, with the same in it
                for line in lines.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                    line.remove("revision");
                }
                lines.to_string()
            };
            assert_eq!(shown(&self.shaken), shown(&self.calm), "history {subject}");
        }
        let runs = |workplace: &Workplace| -> BTreeSet<String> {
            let runs = workplace.hedui(&["history", "runs", "--format", "json"]).exits(0).json();
            let committed = runs.as_array().expect("an array").iter().filter(|run| run["revision"] != 0).cloned();
            let committed = committed.collect::<Vec<Value>>();
            committed
                .iter()
                .map(|run| ["job", "period", "as_of", "status"].map(|key| run[key].to_string()).join(" "))
                .collect()
        };
        assert_eq!(runs(&self.shaken), runs(&self.calm));
        self.no_litter();
    }

    /// What lies in state/ and out/, a committed run names, or is whole.
    fn no_litter(&self) {
        let runs = self.hedui(&["history", "runs", "--format", "json"]).json();
        let runs = runs.as_array().expect("an array").iter();
        let names: Vec<String> = runs
            .map(|run| format!("weekly-{}-r{}", run["period"].as_str().expect("a period"), run["revision"]))
            .collect();
        for path in [self.shaken.files("state/findings"), self.shaken.files("state/snapshots")].concat() {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let own = name.trim_start_matches("known-").trim_end_matches(".parquet");
            let is_named =
                |run: &String| own == run || own.strip_prefix(run.as_str()).is_some_and(|rest| rest.starts_with('-'));
            assert!(names.iter().any(is_named), "litter: {name}");
        }
        for path in [self.shaken.files("out"), self.shaken.files("state")].concat() {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            assert!(!name.starts_with(".hedui-") && name != "running.json", "litter: {}", path.display());
        }
    }
}
