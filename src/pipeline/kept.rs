//! What a run leaves in state/ for later runs: its findings, and every table as it was read.
//!
//! Apart because these files are written before the commit that names them: until then they are litter, and of a run
//! that is not committed they stay it.

use std::path::Path;

use super::request::{RunError, RunRequest};
use super::{Checked, Earlier, delivered, verification};
use crate::dataset::Dataset;
use crate::history::bulk::FindingColumns;
use crate::history::snapshot::{self, part_lines};
use crate::history::snapshots::Kept;
use crate::history::store::{self, Run};
use crate::model::Finding;

/// A run whose files are written.
pub struct KeptRun {
    /// The run.
    pub run: Run,
    /// The tables that it read, or that an earlier run read where it could not.
    pub tables: Vec<Kept>,
}

/// What a run leaves.
pub struct Leaving<'l> {
    /// The workplace.
    pub folder: &'l Path,
    /// What was asked for.
    pub request: &'l RunRequest<'l>,
    /// The run compared with.
    pub compared_with: Option<&'l Run>,
    /// The revision.
    pub revision: u32,
    /// The findings, with what became of them.
    pub findings: &'l [Finding<'l>],
    /// The table of customers.
    pub customers: &'l str,
    /// What was read.
    pub checked: &'l Checked,
    /// What earlier runs left.
    pub earlier: &'l Earlier,
}

/// Writes findings and snapshots; they count once the run that names them is committed.
pub fn write(leaving: &Leaving) -> Result<KeptRun, RunError> {
    let Leaving { folder, request, compared_with, revision, findings, customers, checked, earlier } = leaving;
    let period = request.period.to_string();
    let name = format!("{}-{period}-r{revision}", request.job.name);
    let run_id = format!("{}/{period}/r{revision}", request.job.name);
    let state = store::folder(folder);
    let mut columns = FindingColumns::default();
    findings.iter().for_each(|finding| columns.push(finding));
    let findings_file = format!("findings/{name}.parquet");
    columns.write_stored(&state.join(&findings_file))?;
    let mut tables = Vec::new();
    for table in &checked.reading.configured {
        if [delivered::TABLE, verification::FED].contains(&table.as_str()) {
            continue; // made by the program itself
        }
        let read = checked.datasets.get(table).filter(|dataset| is_whole(dataset));
        match read {
            Some(dataset) => {
                let file = format!("snapshots/{name}-{}.parquet", slug(table, tables.len()));
                snapshot::write(&state.join(&file), dataset)?;
                let (records, parts) = (dataset.height as u64, part_lines(dataset));
                tables.push(Kept { table: table.clone(), file, of_run: run_id.clone(), records, parts });
            }
            None => tables.extend(earlier.kept.iter().find(|kept| kept.table == *table).cloned()),
        }
    }
    let of_customers = tables.iter().find(|kept| kept.table == *customers);
    let run = Run {
        snapshot_file: of_customers.map(|kept| kept.file.clone()).unwrap_or_default(),
        run_id,
        job: request.job.name.clone(),
        period_kind: request.period.kind().as_str().to_owned(),
        period_start: request.period.start().to_string(),
        period,
        revision: *revision,
        as_of: request.as_of.to_string(),
        started_at: request.now.to_rfc3339(),
        seconds: 0.0,
        status: String::new(),
        compared_with: compared_with.map(|run| run.run_id.clone()),
        findings_file,
        known_file: format!("findings/known-{name}.parquet"),
        only_to: request.only_to.unwrap_or_default().to_owned(),
    };
    Ok(KeptRun { run, tables })
}

/// Half a table would look like many records gone.
fn is_whole(dataset: &Dataset) -> bool {
    dataset.whole && dataset.not_concluded.is_none() && dataset.half.is_none()
}

/// A table's name as part of a file's.
fn slug(table: &str, number: usize) -> String {
    let plain: String = table.chars().map(|one| if one.is_alphanumeric() || one == '_' { one } else { '_' }).collect();
    if plain == table { plain } else { format!("{plain}{number}") }
}
