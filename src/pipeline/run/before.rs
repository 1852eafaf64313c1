//! What a run remembers before it begins: the run that it is compared with, and what state holds of it.
//!
//! Apart because all of it is read at once, from the history and the files beside it, and nothing of it is written here.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;

use crate::history::bulk::{self, KnownFindings, StoredFindings};
use crate::history::store::{self, Run};
use crate::history::{delivered, rows, scores, snapshots};
use crate::model::{AskedMarks, Scores};
use crate::outbox;
use crate::pipeline::request::{RunError, RunRequest};
use crate::pipeline::{Earlier, verification};
use crate::report::input::TrendPoint;
use crate::workplace::Workplace;

/// Earlier runs that a trend shows beside this one.
const TREND: u32 = 11;

/// What is known of the run that this one is compared with.
pub struct Before {
    /// The run itself.
    pub run: Option<Run>,
    /// What it found.
    pub findings: Option<StoredFindings>,
    /// What rules look back on.
    pub earlier: Earlier,
    /// Its scores; nothing where it kept none.
    pub scores: Option<Scores>,
    /// Every finding that any run saw, with its first day.
    pub known: KnownFindings,
    /// The runs before, the oldest first.
    pub trend: Vec<TrendPoint>,
    /// The revision that this run makes of its period.
    pub revision: u32,
    /// Which issue that is for its readers: from the second on, a corrected one.
    pub issue: u32,
    /// How many mails of the ledger are in doubt.
    pub in_doubt: usize,
}

/// Reads what is known; a dry run is always the first of its period.
///
/// # Errors
/// Where the history or a file of it cannot be read.
pub async fn remember(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    request: &RunRequest<'_>,
) -> Result<Before, RunError> {
    let job = &request.job.name;
    let folder = &workplace.config.folder;
    let run = store::run_before(connection, job, request.period).await?;
    let last = store::last_run(connection).await?;
    let state = store::folder(folder);
    // what was found so long ago may have been given up: then only what is known of each finding tells
    let kept = run.as_ref().filter(|run| !run.findings_file.is_empty());
    let findings = kept.map(|run| StoredFindings::read(&state.join(&run.findings_file))).transpose()?;
    let known = last.map(|run| bulk::read_known(&state.join(run.known_file))).transpose()?.unwrap_or_default();
    let departments = match &run {
        Some(run) => rows::read(connection, &run.run_id).await?,
        None => BTreeMap::new(),
    };
    let (rows, scores) = match &run {
        Some(run) => (
            store::row_counts(connection, &run.run_id).await?.into_iter().collect(),
            Some(scores::read(connection, &run.run_id).await?).filter(|scores| !scores.lines.is_empty()),
        ),
        None => Default::default(),
    };
    let runs = store::earlier_runs(connection, job, request.period, TREND).await?;
    let trend = store::trend(connection, &runs).await?;
    let run_ids: Vec<String> = runs.into_iter().map(|(run_id, _)| run_id).collect();
    let measures = scores::read_measures(connection, &run_ids).await?;
    let returns = verification::returns(connection, request.as_of).await?;
    let customers = &workplace.pack.dictionary.customers.table;
    let (kept, files) = match &run {
        Some(run) => {
            (snapshots::of_run(connection, run, customers).await?, delivered::of_run(connection, &run.run_id).await?)
        }
        None => Default::default(),
    };
    let as_of = run.as_ref().map(Run::as_of_day);
    let earlier = Earlier {
        run_id: run.as_ref().map(|run| run.run_id.clone()),
        asked: findings.as_ref().map(|findings| asked(findings, workplace)).unwrap_or_default(),
        rows,
        departments,
        rows_are_right: request.accept_rows,
        measures: measures.into(),
        returns,
        kept,
        files,
        as_of,
        is_run: true,
        keeps_readings: !request.dry_run,
        narrows: false,
        without_notes: false,
    };
    let (revision, issue) = match request.dry_run {
        true => (1, 1),
        false => (
            store::next_revision(connection, job, request.period).await?,
            store::next_issue(connection, job, request.period).await?,
        ),
    };
    let unknown = outbox::Filter { states: vec![outbox::State::Unknown], ..outbox::Filter::default() };
    let in_doubt = outbox::store::list(connection, &unknown).await?.len();
    Ok(Before { run, findings, earlier, scores, known, trend, revision, issue, in_doubt })
}

/// The marks that rules asked for and that nobody made: by table and field of the mark, the keys of the records.
fn asked(findings: &StoredFindings, workplace: &Workplace) -> AskedMarks {
    let rules = workplace.pack.rules.iter();
    let marks: BTreeMap<&str, &str> =
        rules.filter_map(|rule| Some((rule.id.as_str(), rule.check.asks_for_mark()?))).collect();
    let mut asked = AskedMarks::new();
    if marks.is_empty() {
        return asked;
    }
    for finding in (0..findings.len()).map(|index| findings.get(index)).filter(|finding| finding.status.is_standing()) {
        if let Some(mark) = marks.get(finding.rule_id)
            && !finding.record_key.is_empty()
        {
            let keys = asked.entry((finding.table.to_owned(), (*mark).to_owned())).or_default();
            keys.insert(finding.record_key.to_owned());
        }
    }
    asked
}
