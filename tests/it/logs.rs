//! The log: a line a stage with counts and seconds, the same name on all lines of a process, as text or as JSON.
//!
//! Apart because programs gather these lines. That nothing personal is in them, `privacy` sees to.

use serde_json::Value;

use crate::company::Company;
use crate::workplace::{AS_OF, Ran};

const STAGES: [&str; 8] = ["read", "type", "check", "score", "diff", "render", "enqueue", "deliver"];

fn logged(form: &str) -> Ran {
    let workplace = Company::clean(5).workplace();
    let ran = workplace.as_of(AS_OF, &["run", "weekly", "-v", "--log-format", form]);
    ran.exits(0);
    ran
}

#[test]
fn every_stage_is_an_object_with_count_seconds_and_the_runs_name() {
    let ran = logged("json");
    let lines: Vec<Value> = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let stages: Vec<&Value> = lines.iter().filter(|line| line.get("stage").is_some()).collect();
    let names = stages.iter().map(|line| line["stage"].as_str().expect("a word"));
    let verbs: Vec<&str> = names.filter(|name| STAGES.contains(name)).collect();
    assert_eq!(verbs, STAGES, "{}", ran.all());
    for line in &stages {
        assert!(line["count"].is_u64() && line["seconds"].is_number(), "{line}");
    }
    assert_eq!(
        stages[0]["count"],
        25 + 4,
        "customers, contacts, contracts, visits and changes of five, and four employees"
    );
    for line in &lines {
        assert!(line["run"].as_str().is_some_and(|run| !run.is_empty()) && line["run"] == lines[0]["run"], "{line}");
        assert!(line["time"].is_string() && line["level"] == "info", "{line}");
    }
    assert_ne!(
        lines[0]["run"],
        serde_json::from_str::<Value>(
            logged("json").stderr.lines().find(|line| line.starts_with('{')).expect("a line"),
        )
        .expect("JSON")["run"],
        "each process has a name of its own"
    );
}

#[test]
fn as_text_a_stage_is_a_line() {
    let ran = logged("text");
    for stage in STAGES {
        let line = ran.stderr.lines().find(|line| line.contains(&format!("stage=\"{stage}\"")));
        let line = line.unwrap_or_else(|| panic!("no {stage} in {}", ran.all()));
        assert!(line.contains(" INFO run=") && line.contains(" count=") && line.contains(" seconds="), "{line}");
    }
}
