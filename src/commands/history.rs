//! `hedui history`: runs, findings, scores and changes, as a table or JSON.

use serde_json::{Value, json};

use super::talk::Talk;
use crate::cli::{HistorySubject, Options, ScoresBy};
use crate::exit_code::ExitCode;
use crate::history::bulk::StoredFindings;
use crate::history::scores;
use crate::history::store::{self, HistoryError, Run};
use crate::model::{Finding, Status};
use crate::text;
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, subject: &HistorySubject, talk: &Talk) -> ExitCode {
    let of_the_ledger = matches!(subject, HistorySubject::Runs | HistorySubject::Scores(_));
    let loaded = if of_the_ledger { talk.configured(options) } else { talk.workplace(options) };
    let workplace = match loaded {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    if let HistorySubject::Findings { status: Some(word), .. } = subject
        && Status::from_word(word).is_none()
    {
        let known = Status::ALL.map(Status::as_str);
        talk.unknown(&text!("这种状态", "status"), word, &known, workplace.config.language);
        return ExitCode::Usage;
    }
    if let HistorySubject::Changes(arguments) = subject
        && let Err(code) = super::changes::check(arguments, &workplace, talk)
    {
        return code;
    }
    match super::block_on(show(&workplace, subject, talk)) {
        Ok(Ok(())) => ExitCode::Done,
        Ok(Err(error)) => {
            let (zh, en) = (error.text().zh, error.text().en);
            let text = text!("历史读不到：{zh}", "the history cannot be read: {en}");
            talk.error(&text, workplace.config.language);
            if error.is_bug() { ExitCode::Bug } else { ExitCode::Usage }
        }
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), workplace.config.language);
            ExitCode::Bug
        }
    }
}

async fn show(workplace: &Workplace, subject: &HistorySubject, talk: &Talk) -> Result<(), HistoryError> {
    let mut connection = store::look(&workplace.config.folder).await?;
    let runs = store::runs(&mut connection).await?;
    match subject {
        HistorySubject::Runs => {
            print_runs(&store::all_runs(&mut connection).await?, talk);
            Ok(())
        }
        HistorySubject::Findings { status, job } => {
            print_findings(workplace, &runs, status.as_deref(), job.as_deref(), talk)
        }
        HistorySubject::Scores(arguments) => {
            let mut scored = Vec::new();
            for run in super::scores::wanted(&runs, arguments) {
                let mut read = scores::read(&mut connection, &run.run_id).await?;
                if arguments.by == ScoresBy::Person {
                    read.people = scores::read_people(&mut connection, &run.run_id).await?;
                }
                scored.push((run, read));
            }
            super::scores::print(&scored, arguments.by, workplace.config.language, talk);
            Ok(())
        }
        HistorySubject::Changes(arguments) => {
            super::changes::show(workplace, &mut connection, &runs, arguments, talk).await
        }
    }
}

fn print_runs(runs: &[Run], talk: &Talk) {
    if talk.is_json() {
        let list: Vec<Value> = runs
            .iter()
            .map(|run| {
                json!({
                    "run_id": run.run_id, "job": run.job, "period": run.period, "revision": run.revision,
                    "as_of": run.as_of, "started_at": run.started_at, "seconds": run.seconds, "status": run.status,
                    "compared_with": run.compared_with, "only_to": run.only_to,
                })
            })
            .collect();
        out!("{:#}", Value::from(list));
        return;
    }
    for run in runs {
        out!("{}  {}  {}  {}  {:.1}s", run.run_id, run.status, run.as_of, run.started_at, run.seconds);
    }
}

fn print_findings(
    workplace: &Workplace,
    runs: &[Run],
    status: Option<&str>,
    job: Option<&str>,
    talk: &Talk,
) -> Result<(), HistoryError> {
    let state = store::folder(&workplace.config.folder);
    let mut list: Vec<Value> = Vec::new();
    for run in store::last_of_each_job(runs).into_iter().filter(|run| job.is_none_or(|job| run.job == job)) {
        let stored = StoredFindings::read(&state.join(&run.findings_file))?;
        let compared = runs.iter().find(|other| Some(&other.run_id) == run.compared_with.as_ref());
        for finding in (0..stored.len()).map(|index| stored.get(index)) {
            if status.is_some_and(|status| finding.status.as_str() != status) {
                continue;
            }
            if talk.is_json() {
                list.push(finding_json(&finding, run, compared));
            } else {
                out!(
                    "{}  {}  {}  {}  {}  {}",
                    finding.status.as_str(),
                    finding.first_seen,
                    finding.rule_id,
                    finding.record_key,
                    finding.field,
                    finding.message
                );
            }
        }
    }
    if talk.is_json() {
        out!("{:#}", Value::from(list));
    }
    Ok(())
}

/// A finding with the day on which it was last there, and the day on which it was found gone.
fn finding_json(finding: &Finding, run: &Run, compared: Option<&Run>) -> Value {
    let resolved = finding.status == Status::Resolved;
    let unseen = resolved || finding.status == Status::NotChecked;
    let last_seen = if unseen { compared.map(|run| run.as_of.as_str()) } else { Some(run.as_of.as_str()) };
    json!({
        "rule_id": finding.rule_id, "table": finding.table, "record_key": finding.record_key, "field": finding.field,
        "value": finding.value, "file": finding.file, "sheet": finding.sheet, "row": finding.row,
        "column": finding.column, "severity": finding.severity.as_str(), "dimension": finding.dimension.as_str(),
        "department": finding.department, "owner": finding.owner, "message": finding.message,
        "status": finding.status.as_str(), "first_seen": finding.first_seen.to_string(), "clause": finding.clause,
        "last_seen": last_seen,
        "resolved_on": if resolved { run.as_of.clone().into() } else { Value::Null },
        "job": run.job, "period": run.period,
    })
}
