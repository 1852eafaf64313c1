//! `[operations]`: what keeps the program running by itself: room on the disk, and how long copies are kept.
//!
//! Apart because it is the administrator's part of the file, and says nothing of data or readers.

use super::mail::bytes;
use crate::config::OperationsConfig;
use crate::params::Params;
use crate::text;

/// Runs of a week, and its findings, are needed for the next one.
const FEWEST_DAYS: u64 = 7;

pub(super) fn operations_table(table: &Params) -> OperationsConfig {
    let mut operations = OperationsConfig::default();
    if let Some(written) = table.optional_string("least_free") {
        match bytes(&written.value) {
            Some(size) => operations.least_free = size,
            None => {
                let word = &written.value;
                table.problems().add(
                    written.span.clone(),
                    text!("“{word}”不是大小，写成 \"2GB\" 或 \"500MB\"", "`{word}` is no size: \"2GB\" or \"500MB\""),
                );
            }
        }
    }
    operations.keep.snapshots = days(table, "keep_snapshots_days");
    operations.keep.findings = days(table, "keep_findings_days");
    operations.keep.reports = days(table, "keep_reports_days");
    operations.keep.mails = days(table, "keep_mails_days");
    table.finish();
    operations
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
