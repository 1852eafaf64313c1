//! DIFF within a run: the findings of this time, each with its status and first day, and those that are gone.
//!
//! Apart because whether a finding that is no longer there was put right, or was only not looked at, is decided here from
//! outcomes, sources and guards. How two sets of findings differ, `history::diff` knows.

use std::collections::BTreeMap;

use super::looked::Looked;
use crate::engine::{FindingSource, Upcoming, materialise};
use crate::history::bulk::{KnownFindings, StoredFindings};
use crate::history::diff::{Current, Deltas, KnownIndex, Now, Standing, diff};
use crate::model::{Finding, Status};
use crate::pipeline::Checked;
use crate::telemetry::Stage;

/// The findings of a run.
pub struct Found<'f> {
    /// All of them, those that are gone at the end.
    pub findings: Vec<Finding<'f>>,
    /// Those of this time, as the diff took them.
    pub current: Vec<Current>,
    /// What the diff said.
    pub deltas: Deltas,
    /// (department, status, findings), in order.
    pub counts: Vec<(String, Status, u64)>,
}

/// The findings of a run beside those of the run that it is compared with.
pub fn found<'f>(
    source: &FindingSource<'f>,
    checked: &'f Checked,
    stored: Option<&'f StoredFindings>,
    known: &KnownFindings,
    now: &Now,
) -> Found<'f> {
    let mut findings: Vec<Finding> = Vec::new();
    let gathered: Result<(), std::convert::Infallible> = materialise(source, &checked.evaluation, |finding| {
        findings.push(finding);
        Ok(())
    });
    let Ok(()) = gathered;
    let stage = Stage::start("diff");
    let current: Vec<Current> = findings
        .iter()
        .map(|finding| Current { fingerprint: finding.fingerprint, waived: finding.status == Status::Waived })
        .collect();
    let deltas = compare(&mut findings, &current, stored, &Looked::of(source, checked), known, now);
    stage.end(findings.len() as u64);
    let counts = counts(&findings);
    Found { findings, current, deltas, counts }
}

/// What begins to fail in the coming days, each with its first day; what is waived is nobody's work.
pub fn upcoming_findings<'f>(source: &FindingSource<'f>, coming: &'f [Upcoming]) -> Vec<Finding<'f>> {
    let mut upcoming = Vec::new();
    for Upcoming { day, evaluation } in coming {
        let gathered: Result<(), std::convert::Infallible> = materialise(source, evaluation, |finding| {
            if finding.status != Status::Waived {
                upcoming.push(Finding { first_seen: *day, ..finding });
            }
            Ok(())
        });
        let Ok(()) = gathered;
    }
    upcoming
}

/// Gives every finding its status, and adds those that are gone.
fn compare<'f>(
    findings: &mut Vec<Finding<'f>>,
    current: &[Current],
    stored: Option<&'f StoredFindings>,
    looked: &Looked<'_>,
    known: &KnownFindings,
    now: &Now,
) -> Deltas {
    let stood: Vec<Finding> = stored
        .iter()
        .flat_map(|stored| (0..stored.len()).map(|index| stored.get(index)))
        .filter(|finding| finding.status.is_standing())
        .collect();
    let standing: Vec<Standing> = stood
        .iter()
        .map(|finding| Standing { fingerprint: finding.fingerprint, looked_at: looked.at(finding) })
        .collect();
    let deltas = diff(&standing, current, &KnownIndex::new(known), now);
    for (finding, (status, first_seen)) in findings.iter_mut().zip(&deltas.current) {
        finding.status = *status;
        finding.first_seen = *first_seen;
    }
    for (position, status) in &deltas.gone {
        findings.extend(stood.get(*position).cloned().map(|finding| Finding { status: *status, ..finding }));
    }
    deltas
}

/// (department, status, findings), in order.
fn counts(findings: &[Finding]) -> Vec<(String, Status, u64)> {
    let mut counts: BTreeMap<(&str, Status), u64> = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.department, finding.status)).or_insert(0) += 1;
    }
    counts.into_iter().map(|((department, status), count)| (department.to_owned(), status, count)).collect()
}
