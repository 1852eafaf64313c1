//! `[guard]`: when a table is not concluded from.
//!
//! Apart because it is about what was read last time, and nothing else in the file is.

use crate::config::Guard;
use crate::params::Params;
use crate::text;

pub(super) fn guard_table(table: Option<&Params>) -> Guard {
    let mut guard = Guard { smallest_share: 0.5, allow_empty: Vec::new() };
    let Some(table) = table else { return guard };
    if let Some(share) = table.optional_decimal("smallest_share") {
        let value = f64::try_from(share.value).unwrap_or(-1.0);
        if (0.0..=1.0).contains(&value) {
            guard.smallest_share = value;
        } else {
            table.problems().add(share.span, text!("应在 0 到 1 之间", "must lie between 0 and 1"));
        }
    }
    guard.allow_empty = table.optional_strings("allow_empty").unwrap_or_default();
    table.finish();
    guard
}
