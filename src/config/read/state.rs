//! `[state]`: what is kept of customers' records, how long, and how much room there must be for it.
//!
//! Apart because it is the administrator's part of the file, and says nothing of data or readers.

use super::mail::bytes;
use crate::config::StateConfig;
use crate::params::Params;
use crate::text;

/// Runs of a week, and its findings, are needed for the next one.
const FEWEST_DAYS: u64 = 7;

pub(super) fn state_table(table: &Params) -> StateConfig {
    let mut state = StateConfig::default();
    if let Some(periods) = table.optional_count("keep_snapshots") {
        let fewest = StateConfig::FEWEST_SNAPSHOTS;
        if periods.value < fewest {
            let message = text!(
                "至少要留 {fewest} 期：本期，和与它比较的上一期",
                "{fewest} at least: the period that is reported and the one that it is compared with"
            );
            table.problems().add(periods.span, message);
        }
        state.keep_snapshots = periods.value.max(fewest);
    }
    if let Some(keeps) = table.optional_bool("keep_readings") {
        state.keep_readings = keeps;
    }
    if let Some(written) = table.optional_string("least_free") {
        match bytes(&written.value) {
            Some(size) => state.least_free = size,
            None => {
                let word = &written.value;
                table.problems().add(
                    written.span.clone(),
                    text!("“{word}”不是大小，写成 \"2GB\" 或 \"500MB\"", "`{word}` is no size: \"2GB\" or \"500MB\""),
                );
            }
        }
    }
    state.keep.snapshots = days(table, "keep_snapshots_days");
    state.keep.findings = days(table, "keep_findings_days");
    state.keep.reports = days(table, "keep_reports_days");
    state.keep.mails = days(table, "keep_mails_days");
    table.finish();
    state
}

fn days(table: &Params, key: &'static str) -> Option<u64> {
    let written = table.optional_count(key)?;
    if written.value < FEWEST_DAYS {
        table.problems().add(
            written.span,
            text!(
                "至少 {FEWEST_DAYS} 天：上一期的还要用",
                "{FEWEST_DAYS} days at least: the next period needs the last"
            ),
        );
    }
    Some(written.value.max(FEWEST_DAYS))
}
