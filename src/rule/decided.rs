//! Pairs of customers that people have decided about (`decided-pairs.toml`): what was settled is not asked again.
//!
//! Apart from waivers because it is about two records, and does not lapse. It knows no data: a pair whose records are
//! gone does no harm.

use std::path::Path;

use crate::folding::fold;
use crate::matching::{Decision, Decisions};
use crate::params::{self, Params};
use crate::problem::Problem;
use crate::text;

/// The file's name.
pub const FILE_NAME: &str = "decided-pairs.toml";

/// Reads the file of a workplace; none is no mistake.
///
/// # Errors
/// Every mistake in it.
pub fn load(folder: &Path) -> Result<Decisions, Vec<Problem>> {
    let Some(document) = super::beside(folder, FILE_NAME)? else { return Ok(Decisions::default()) };
    let (decisions, problems) = params::read(&document, |root| {
        let mut decisions = Decisions::default();
        for entry in root.tables("pair") {
            if let Some((first, second, decision)) = pair(&entry) {
                decisions.add(&first, &second, decision);
            }
        }
        decisions
    });
    if problems.is_empty() { Ok(decisions.unwrap_or_default()) } else { Err(problems) }
}

fn pair(entry: &Params) -> Option<(String, String, Decision)> {
    let (first, second) = (entry.string("first"), entry.string("second"));
    entry.must_have("decision");
    let decision = entry.optional_word("decision", &[("same", Decision::Same), ("different", Decision::Different)]);
    entry.string("reason");
    entry.string("decided_by");
    entry.must_have("decided_on");
    super::read::day(entry, "decided_on");
    entry.finish();
    // Records are called by their keys as folded.
    let (first, second) = (first?, second?);
    let (one, other) = (fold(&first.value).into_owned(), fold(&second.value).into_owned());
    if one == other {
        entry.problems().add(second.span, text!("两条记录是同一条", "both are the same record"));
    }
    Some((one, other, decision?))
}
