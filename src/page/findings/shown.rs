//! Which findings are shown, in which order, and what is said of those that are not.
//!
//! Apart because every finding comes through the veil here, and nothing else of the list may see one that did not.

use std::cmp::Reverse;

use crate::model::{Finding, Status};
use crate::page::input::PageInput;
use crate::page::veil::Veil;
use crate::report::Strings;
use crate::report::access::seen::ShownFinding;

/// A finding that is shown.
pub(super) struct Shown<'f> {
    /// The job, by its place among the jobs.
    pub(super) job: usize,
    /// The finding.
    pub(super) finding: &'f Finding<'f>,
    /// What may be seen of it.
    pub(super) seen: ShownFinding<'f>,
}

/// The findings of all jobs, as far as they are shown.
#[derive(Default)]
pub(super) struct Gathered<'f> {
    /// Those that are, a job after the other.
    pub(super) shown: Vec<Shown<'f>>,
    /// How many there are at all.
    pub(super) total: usize,
    /// How many are withheld for their 密级.
    pub(super) withheld: usize,
    /// What the reader must know of those that are not shown.
    pub(super) remarks: Vec<String>,
}

/// The findings of the latest run of every job.
pub(super) fn gather<'f>(input: &'f PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Gathered<'f> {
    let mut gathered = Gathered::default();
    let mut sealed = 0_usize;
    for (job, state) in input.jobs.iter().enumerate() {
        let Some(findings) = &state.findings else {
            let said = strings.fill("page.unreadable", &[("job", &state.job), ("period", &state.period)]);
            gathered.remarks.push(said);
            continue;
        };
        gathered.total += findings.len();
        let first = gathered.shown.len();
        for finding in findings {
            if veil.is_sealed(finding) {
                sealed += 1;
                continue;
            }
            // Of the last run of another job the data may know nothing any more.
            match veil.see(finding, job == 0) {
                Some(seen) => gathered.shown.push(Shown { job, finding, seen }),
                None => gathered.withheld += 1,
            }
        }
        gathered.shown[first..].sort_by_key(|shown| order(shown.finding));
    }
    if gathered.withheld > 0 {
        gathered.remarks.push(strings.fill("page.withheld", &[("count", &gathered.withheld)]));
    }
    if sealed > 0 {
        gathered.remarks.push(strings.fill("page.sealed", &[("count", &sealed)]));
    }
    gathered
}

/// The order of work lists: what is to be done, then the waived, then what is resolved; the gravest and oldest first.
fn order<'f>(finding: &'f Finding<'f>) -> impl Ord + use<'f> {
    let standing = match finding.status {
        Status::Waived => 1,
        Status::Resolved => 2,
        _ => 0,
    };
    (standing, Reverse(finding.severity), finding.first_seen, finding.customer, finding.record_key)
}
