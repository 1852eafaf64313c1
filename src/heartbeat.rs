//! Signs of life for those who watch the server: a heartbeat file, and metrics as Prometheus reads them from a text file.
//!
//! Apart because a job that died is noticed by what stops changing: these files are read by other programs, which know no
//! customers and get to see none. It makes texts of plain data, and writes and asks nothing.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

/// What the program did last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heartbeat {
    /// When, RFC 3339.
    pub at: String,
    /// The command: run, due, outbox send.
    pub command: String,
    /// The job; empty where the command is no job's.
    pub job: String,
    /// The period; empty where the command is no job's.
    pub period: String,
    /// done, partial or failed.
    pub status: String,
    /// Mails that should have arrived and did not, as far as is known; nothing where the ledger cannot be read.
    pub undelivered: Option<usize>,
    /// The version of the program.
    pub version: String,
}

impl Heartbeat {
    /// The heartbeat file.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// A job as the metrics tell it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobLine {
    /// Its name.
    pub job: String,
    /// When its last run began, in seconds since 1970; nothing where it never ran.
    pub last_run: Option<i64>,
    /// The status of that run.
    pub status: String,
    /// How long it took.
    pub seconds: f64,
    /// When its last committed run began.
    pub last_success: Option<i64>,
    /// The findings of that run by status.
    pub findings: BTreeMap<String, u64>,
}

/// What the metrics tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// When the program ran last, in seconds since 1970.
    pub at: i64,
    /// Whether the history could be read; where not, there are no jobs and no mails.
    pub has_history: bool,
    /// The jobs, in the order of the configuration.
    pub jobs: Vec<JobLine>,
    /// Deliveries by state.
    pub mails: BTreeMap<String, u64>,
    /// How many of them should have arrived and did not, as far as is known.
    pub undelivered: u64,
}

/// What may become of a run.
const STATUSES: [&str; 4] = ["done", "partial", "failed", "interrupted"];

impl Metrics {
    /// The text file.
    pub fn text(&self) -> String {
        let mut text = String::new();
        family(
            &mut text,
            "hedui_heartbeat_timestamp_seconds",
            "When hedui ran last.",
            [(labels(&[]), number(self.at))],
        );
        let usable = u8::from(self.has_history).to_string();
        family(&mut text, "hedui_history_readable", "Whether the history can be read.", [(labels(&[]), usable)]);
        if !self.has_history {
            return text;
        }
        let of_job = |value: &dyn Fn(&JobLine) -> Option<String>| -> Vec<(String, String)> {
            let lines = self.jobs.iter();
            lines.filter_map(|line| Some((labels(&[("job", &line.job)]), value(line)?))).collect()
        };
        let name = "hedui_run_last_timestamp_seconds";
        family(&mut text, name, "When the last run of a job began.", of_job(&|line| line.last_run.map(number)));
        let name = "hedui_run_last_success_timestamp_seconds";
        let help = "When the last run of a job that was committed began.";
        family(&mut text, name, help, of_job(&|line| line.last_success.map(number)));
        let seconds = of_job(&|line| line.last_run.map(|_| format!("{:.3}", line.seconds)));
        family(&mut text, "hedui_run_last_duration_seconds", "How long the last run of a job took.", seconds);
        let statuses = self.jobs.iter().filter(|line| line.last_run.is_some()).flat_map(|line| {
            STATUSES.map(|status| {
                let is_it = u8::from(line.status == status).to_string();
                (labels(&[("job", &line.job), ("status", status)]), is_it)
            })
        });
        family(&mut text, "hedui_run_last_status", "What became of the last run of a job.", statuses);
        let findings = self.jobs.iter().flat_map(|line| {
            let counts = line.findings.iter();
            counts.map(|(status, count)| (labels(&[("job", &line.job), ("status", status)]), count.to_string()))
        });
        family(&mut text, "hedui_findings", "Findings of the last committed run of a job.", findings);
        let mails = self.mails.iter().map(|(state, count)| (labels(&[("state", state)]), count.to_string()));
        family(&mut text, "hedui_mails", "Deliveries of the ledger.", mails);
        let undelivered = [(labels(&[]), self.undelivered.to_string())];
        family(&mut text, "hedui_mails_undelivered", "Mails that should have arrived and did not.", undelivered);
        text
    }
}

/// A metric with its help and samples; nothing of it where there are none.
fn family(text: &mut String, name: &str, help: &str, samples: impl IntoIterator<Item = (String, String)>) {
    let mut samples = samples.into_iter().peekable();
    if samples.peek().is_some() {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
    }
    for (labels, value) in samples {
        let _ = writeln!(text, "{name}{labels} {value}");
    }
}

fn labels(labels: &[(&str, &str)]) -> String {
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if pairs.is_empty() { String::new() } else { format!("{{{}}}", pairs.join(",")) }
}

fn number(value: i64) -> String {
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics() -> Metrics {
        let weekly = JobLine {
            job: "周\"报".to_owned(),
            last_run: Some(1_795_000_000),
            status: "failed".to_owned(),
            seconds: 1.25,
            last_success: Some(1_794_000_000),
            findings: BTreeMap::from([("new".to_owned(), 3), ("open".to_owned(), 0)]),
        };
        let never = JobLine { job: "yearly".to_owned(), ..JobLine::default() };
        Metrics {
            at: 1_795_000_002,
            has_history: true,
            jobs: vec![weekly, never],
            mails: BTreeMap::from([("accepted".to_owned(), 12)]),
            undelivered: 1,
        }
    }

    #[test]
    fn every_sample_has_its_help_and_its_labels() {
        let text = metrics().text();
        for line in [
            "# TYPE hedui_heartbeat_timestamp_seconds gauge",
            "hedui_heartbeat_timestamp_seconds 1795000002",
            "hedui_run_last_status{job=\"周\\\"报\",status=\"failed\"} 1",
            "hedui_run_last_status{job=\"周\\\"报\",status=\"done\"} 0",
            "hedui_run_last_success_timestamp_seconds{job=\"周\\\"报\"} 1794000000",
            "hedui_findings{job=\"周\\\"报\",status=\"new\"} 3",
            "hedui_mails_undelivered 1",
        ] {
            assert!(text.lines().any(|found| found == line), "no `{line}` in\n{text}");
        }
        assert!(!text.contains("yearly"), "a job that never ran has no last run");
        assert!(text.ends_with('\n'));
    }

    #[test]
    fn without_a_history_the_program_is_still_seen_to_run() {
        let text = Metrics { has_history: false, ..metrics() }.text();
        assert!(text.contains("hedui_history_readable 0") && text.contains("hedui_heartbeat_timestamp_seconds 17"));
        assert!(!text.contains("hedui_mails"));
    }
}
