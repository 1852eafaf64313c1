//! What a run leaves in out/: workbooks and run.json, in a folder of its own.
//!
//! Apart because these files are for people and scripts, and nothing in the program reads them again.

use std::path::{Path, PathBuf};

use super::request::{RunError, RunRequest};
use super::{Checked, stopped};
use crate::model::Status;
use crate::report::{self, Document};
use crate::workplace::Workplace;

/// Below the folder of a period: what a dry run writes.
const DRY_RUN: &str = "dry-run";

/// out/JOB/PERIOD, with rN for a corrected issue and dry-run for a dry run.
pub fn folder(folder: &Path, request: &RunRequest, revision: u32) -> PathBuf {
    let period = request.period.to_string();
    match request.dry_run {
        true => folder.join(of_run(&request.job.name, &period, 1)).join(DRY_RUN),
        false => folder.join(of_run(&request.job.name, &period, revision)),
    }
}

/// The same of a run that was committed, below the workplace.
pub fn of_run(job: &str, period: &str, revision: u32) -> PathBuf {
    let out = Path::new("out").join(job).join(period);
    if revision == 1 { out } else { out.join(format!("r{revision}")) }
}

/// Whether a file, named below the folder of a run, is a dry run's.
pub fn is_of_dry_run(below: &Path) -> bool {
    below.starts_with(DRY_RUN)
}

/// Where the workbooks of each document lie.
pub fn places(out: &Path, documents: &[Document]) -> Vec<Vec<PathBuf>> {
    let mut taken: Vec<PathBuf> = Vec::new();
    let mut place = |report: &str, name: &str| {
        let mut path = out.join(name);
        if taken.contains(&path) {
            path = out.join(report).join(name); // two reports call their workbooks alike
        }
        taken.push(path.clone());
        path
    };
    documents
        .iter()
        .map(|document| document.attachments.iter().map(|file| place(&document.report, &file.name)).collect())
        .collect()
}

/// Writes the workbooks.
pub fn write_attachments(out: &Path, documents: &[Document]) -> Result<Vec<PathBuf>, RunError> {
    let mut files = Vec::new();
    for (document, places) in documents.iter().zip(places(out, documents)) {
        for (attachment, path) in document.attachments.iter().zip(places) {
            write(&path, &attachment.bytes)?;
            files.push(path);
        }
    }
    Ok(files)
}

/// Writes what the workbooks show as JSON beside them, for scripts: REPORT.json or REPORT_DEPARTMENT.json; of workbooks
/// that are encrypted, nothing.
pub fn write_json(out: &Path, documents: &[Document]) -> Result<Vec<PathBuf>, RunError> {
    let wanted: Vec<String> = documents.iter().map(Document::json_name).collect();
    let names = report::legal_names(&wanted, "json");
    let mut files = Vec::new();
    for (document, name) in documents.iter().zip(names).filter(|(document, _)| !document.json.is_empty()) {
        let path = out.join(name);
        write(&path, &document.json)?;
        files.push(path);
    }
    Ok(files)
}

/// Writes a file of a run.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    crate::history::files::write_whole(path, bytes).map_err(|error| RunError::File(path.to_owned(), error))
}

/// What run.json says.
pub struct RunSummary<'s> {
    /// What was asked for.
    pub request: &'s RunRequest<'s>,
    /// What was read and checked.
    pub checked: &'s Checked,
    /// The revision.
    pub revision: u32,
    /// Whether something was not read or evaluated.
    pub partial: bool,
    /// (department, status, findings)
    pub counts: &'s [(String, Status, u64)],
    /// The files beside it.
    pub files: &'s [PathBuf],
    /// The documents, of which some may not be written, and some not mailed.
    pub documents: &'s [Document],
    /// The workplace, which knows whom documents are for.
    pub workplace: &'s Workplace,
}

/// Writes run.json.
pub fn write_run_json(out: &Path, summary: &RunSummary) -> Result<PathBuf, RunError> {
    let RunSummary { request, checked, revision, partial, counts, files, documents, workplace } = summary;
    let names: Vec<String> =
        files.iter().filter_map(|file| file.file_name().map(|name| name.to_string_lossy().into_owned())).collect();
    let totals: serde_json::Map<String, serde_json::Value> =
        totals(counts).into_iter().map(|(status, count)| (status.as_str().to_owned(), count.into())).collect();
    let held: Vec<serde_json::Value> = documents
        .iter()
        .filter_map(|document| {
            let why = document.held_because.as_ref()?;
            Some(serde_json::json!({"report": document.report, "department": document.department, "reason": why.en}))
        })
        .collect();
    let stopped: Vec<serde_json::Value> = documents
        .iter()
        .filter_map(|document| {
            let why = stopped::reason(document, workplace, &checked.row_changes)?;
            let (report, department) = (&document.report, &document.department);
            let (before, now, reason) = (why.before, why.now, why.said().en);
            Some(serde_json::json!({
                "report": report, "department": department, "rows_before": before, "rows": now, "reason": reason,
            }))
        })
        .collect();
    let json = serde_json::json!({
        "job": request.job.name,
        "period": request.period.to_string(),
        "revision": revision,
        "as_of": request.as_of.to_string(),
        "started_at": request.now.to_rfc3339(),
        "dry_run": request.dry_run,
        "status": if *partial { "partial" } else { "done" },
        "findings": totals,
        "sources": checked.reading.notes,
        "rules": checked.evaluation.outcomes,
        "files": names,
        "held": held,
        "stopped": stopped,
    });
    let path = out.join("run.json");
    write(&path, format!("{json:#}\n").as_bytes())?;
    Ok(path)
}

/// Findings by status over all departments.
pub fn totals(counts: &[(String, Status, u64)]) -> Vec<(Status, u64)> {
    Status::ALL
        .into_iter()
        .map(|status| (status, counts.iter().filter(|count| count.1 == status).map(|count| count.2).sum()))
        .collect()
}
