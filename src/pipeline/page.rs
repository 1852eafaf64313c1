//! Gathers what the page shows from the store, the run and the files in out/, and writes `out/index.html`.
//!
//! Apart because the page shows all runs where everything else here is about one. It masks nothing: the page does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;

use super::request::RunError;
use super::{Checked, facts, output};
use crate::config::Config;
use crate::dictionary::{Dictionary, Table};
use crate::history::bulk::StoredFindings;
use crate::history::scores;
use crate::history::store::{self, Run};
use crate::page::input::{FileLink, JobState, PageInput, Point, RunLine, Sealed};
use crate::page::{self, MOST_PERIODS, MOST_RUNS};
use crate::report::access::Access;
use crate::report::{Counts, RenderError};
use crate::telemetry::Stage;
use crate::workplace::Workplace;

/// The first bytes of an encrypted workbook: a compound file, where an open one is a zip archive.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What the store and out/ say, read before anything is written.
struct Stored {
    runs: Vec<Run>,
    counts: BTreeMap<String, Counts>,
    jobs: Vec<JobRuns>,
}

/// A job's latest run and what its last periods came to.
struct JobRuns {
    latest: Run,
    points: Vec<Point>,
    findings: Option<StoredFindings>,
}

/// Writes the page anew after a run was committed; nothing where the configuration wants none.
///
/// # Errors
/// Where the store cannot be read, or the page not be written.
pub async fn write(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    checked: &Checked,
    access: &Access,
    notices: &[String],
) -> Result<Option<PathBuf>, RunError> {
    if !workplace.config.page.enabled {
        return Ok(None);
    }
    let stage = Stage::start("page");
    let stored = read(connection, workplace).await?;
    let text = text(workplace, &stored, checked, access, notices)?;
    let path = workplace.config.folder.join("out").join("index.html");
    output::write(&path, text.as_bytes())?;
    stage.end(stored.runs.len() as u64);
    Ok(Some(path))
}

async fn read(connection: &mut SqliteConnection, workplace: &Workplace) -> Result<Stored, RunError> {
    let mut runs = store::runs(connection).await?;
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for (run_id, status, findings) in store::status_counts(connection).await? {
        counts.entry(run_id).or_default().add(status, findings);
    }
    let mut jobs = Vec::new();
    let last_job = runs.last().map(|run| run.job.clone());
    let mut latest: Vec<Run> = store::last_of_each_job(&runs).into_iter().cloned().collect();
    latest.sort_by_key(|run| Some(&run.job) != last_job.as_ref());
    let state = store::folder(&workplace.config.folder);
    for run in latest {
        let mut points = Vec::new();
        for run in last_periods(&runs, &run.job) {
            points.push(Point {
                period: run.period.clone(),
                counts: counts.get(&run.run_id).copied().unwrap_or_default(),
                scores: scores::read(connection, &run.run_id).await?,
            });
        }
        // A file that is gone leaves a sentence on the page; it keeps nobody from the rest.
        let findings = match workplace.config.page.findings {
            true => StoredFindings::read(&state.join(&run.findings_file)).ok(),
            false => None,
        };
        jobs.push(JobRuns { latest: run, points, findings });
    }
    runs.reverse();
    Ok(Stored { runs, counts, jobs })
}

/// The last revision of each of a job's last periods, the oldest first.
fn last_periods<'r>(runs: &'r [Run], job: &str) -> Vec<&'r Run> {
    let mut periods: BTreeMap<&str, &Run> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.job == job) {
        let last = periods.entry(&run.period_start).or_insert(run);
        if run.revision > last.revision {
            *last = run;
        }
    }
    let skipped = periods.len().saturating_sub(MOST_PERIODS);
    periods.into_values().skip(skipped).collect()
}

fn text(
    workplace: &Workplace,
    stored: &Stored,
    checked: &Checked,
    access: &Access,
    notices: &[String],
) -> Result<String, RunError> {
    let config = &workplace.config;
    let dictionary = &workplace.pack.dictionary;
    let out = config.folder.join("out");
    let runs: Vec<RunLine> = stored
        .runs
        .iter()
        .enumerate()
        .map(|(place, run)| run_line(run, stored, (place < MOST_RUNS).then_some(&out)))
        .collect();
    let jobs: Vec<JobState> = stored.jobs.iter().map(job_state).collect();
    let input = PageInput {
        company: &config.company,
        language: config.language,
        clearance: config.page.clearance,
        with_findings: config.page.findings,
        runs: &runs,
        jobs: &jobs,
        outcomes: &checked.evaluation.outcomes,
        notes: &checked.reading.notes,
        notices,
        rules: &facts::rule_facts(workplace, config.language),
        labels: &facts::labels(workplace, config.language),
        access,
        sealed: &sealed(config),
        person_fields: &person_fields(dictionary),
    };
    page::write(&input, &workplace.templates).map_err(|problem| RunError::Render(RenderError::Template(problem)))
}

fn sealed(config: &Config) -> Sealed {
    let departments = config.departments.iter();
    let departments: BTreeMap<String, bool> =
        departments.map(|department| (department.name.trim().to_owned(), department.password.is_some())).collect();
    let stand_in = departments.get(config.fallback_department.trim()).copied().unwrap_or_default();
    Sealed { departments, stand_in }
}

/// The fields, by table and name, that say whose record it is.
fn person_fields(dictionary: &Dictionary) -> BTreeSet<(&str, &str)> {
    let (customers, people) = (&dictionary.customers, &dictionary.people);
    let is_person = |table: &Table, field: &str| {
        table.person.as_deref() == Some(field)
            || (table.name == customers.table && field == customers.owner)
            || (table.name == people.table && (field == people.name || people.manager.as_deref() == Some(field)))
    };
    let mut fields = BTreeSet::new();
    for table in &dictionary.tables {
        let persons = table.fields.iter().filter(|field| is_person(table, &field.name));
        fields.extend(persons.map(|field| (table.name.as_str(), field.name.as_str())));
    }
    fields
}

fn run_line(run: &Run, stored: &Stored, out: Option<&PathBuf>) -> RunLine {
    RunLine {
        job: run.job.clone(),
        period: run.period.clone(),
        revision: run.revision,
        as_of: run.as_of.clone(),
        started_at: run.started_at.clone(),
        seconds: run.seconds,
        status: run.status.clone(),
        counts: stored.counts.get(&run.run_id).copied().unwrap_or_default(),
        files: out.map(|out| files(out, run)).unwrap_or_default(),
    }
}

fn job_state(job: &JobRuns) -> JobState<'_> {
    JobState {
        job: &job.latest.job,
        period: &job.latest.period,
        as_of: &job.latest.as_of,
        points: &job.points,
        findings: job.findings.as_ref().map(|stored| (0..stored.len()).map(|index| stored.get(index)).collect()),
    }
}

/// The files that are there of a run, by name; those in folders of reports below it too.
fn files(out: &Path, run: &Run) -> Vec<FileLink> {
    let mut folder = format!("{}/{}", run.job, run.period);
    if run.revision > 1 {
        folder += &format!("/r{}", run.revision);
    }
    let mut files = Vec::new();
    for (name, is_folder) in entries(&out.join(&folder)) {
        match is_folder {
            false => files.push((name.clone(), format!("{folder}/{name}"))),
            // What stands there beside the reports are corrected issues and dry runs.
            true if name == "dry-run" || is_revision(&name) => {}
            true => {
                let inner = format!("{folder}/{name}");
                let inside = entries(&out.join(&inner)).into_iter().filter(|(_, is_folder)| !is_folder);
                files.extend(inside.map(|(file, _)| (format!("{name}/{file}"), format!("{inner}/{file}"))));
            }
        }
    }
    let link = |(name, path): (String, String)| FileLink { encrypted: is_encrypted(&out.join(&path)), name, path };
    files.into_iter().map(link).collect()
}

fn is_revision(name: &str) -> bool {
    name.strip_prefix('r').is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The entries of a folder by name, and which of them are folders; none where there is no such folder.
fn entries(folder: &Path) -> Vec<(String, bool)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut entries: Vec<(String, bool)> =
        entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().is_dir())).collect();
    entries.sort();
    entries
}

fn is_encrypted(path: &Path) -> bool {
    let mut first = [0; COMPOUND.len()];
    path.extension().is_some_and(|ending| ending == "xlsx")
        && File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok()
        && first == COMPOUND
}
