//! `[guard]`: when a table is not concluded from.
//!
//! Apart because it is about what was read last time, and nothing else in the file is.

use crate::config::{Bounds, Guard};
use crate::params::Params;
use crate::text;

pub(super) fn guard_table(table: Option<&Params>) -> Guard {
    let mut guard = Guard::default();
    let Some(table) = table else { return guard };
    guard.usual = bounds(table, guard.usual);
    if let Some(tables) = table.optional_table("tables") {
        for name in tables.keys() {
            let Some(entry) = tables.table_under(&name.value) else { continue };
            let bounds = bounds(&entry, guard.usual);
            entry.finish();
            guard.tables.push((name, bounds));
        }
    }
    guard.allow_empty = table.optional_strings("allow_empty").unwrap_or_default();
    table.finish();
    guard
}

/// The shares of last time's rows between which this time's are believed.
fn bounds(table: &Params, usual: Bounds) -> Bounds {
    let mut bounds = usual;
    if let Some(share) = table.optional_decimal("smallest_share") {
        let value = f64::try_from(share.value).unwrap_or(-1.0);
        if (0.0..=1.0).contains(&value) {
            bounds.smallest = value;
        } else {
            table.problems().add(share.span, text!("应在 0 到 1 之间", "must lie between 0 and 1"));
        }
    }
    if let Some(share) = table.optional_decimal("largest_share") {
        let value = f64::try_from(share.value).unwrap_or(-1.0);
        if value >= 1.0 {
            bounds.largest = value;
        } else {
            table.problems().add(
                share.span,
                text!("不能小于 1：2 就是上次的两倍", "must not be less than 1: 2 is twice last time's"),
            );
        }
    }
    bounds
}
