//! Locked cells that were changed all the same: what owners wrote over the values instead of beside them.
//!
//! Apart because not every cell that differs was changed by a person: the program shows what is missing and what is
//! damaged in words of its own, and spreadsheets turn numbers and days into others of their kind.

use std::collections::BTreeMap;

use super::bench::Bench;
use crate::dataset::typing;
use crate::folding::fold;
use crate::text;
use crate::text::Text;
use crate::verify::returned::{Cell, ReturnedRow};
use crate::verify::round::Issued;
use crate::verify::words::plain;

/// Locked cells that say something else now: proposals, by field.
pub(super) fn moved(
    row: &ReturnedRow,
    issued: &Issued,
    bench: &Bench<'_>,
    notes: &mut Vec<Text>,
) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    let mut cells: Vec<(&str, &Cell, &str, bool)> = row
        .fields
        .iter()
        .filter_map(|(field, cell)| {
            let value = issued.values.get(field)?;
            Some((field.as_str(), cell, value.as_str(), issued.damaged.contains(field)))
        })
        .collect();
    if !row.name.text.trim().is_empty() {
        cells.push((bench.name, &row.name, &issued.name, false));
    }
    for (field, cell, value, damaged) in cells {
        let now = fold(&cell.text);
        let is_shown = damaged || bench.is_word("empty", &now);
        if now.is_empty() || is_shown || same(&now, value) {
            continue;
        }
        let label = bench.label(field);
        if cell.lost_digits {
            notes.push(text!(
                "“{label}”被表格软件变成数字，不作为更正",
                "`{label}` was turned into a number by the program: no correction"
            ));
            continue;
        }
        notes.push(text!(
            "直接改动了锁定的“{label}”，按更正处理",
            "the locked `{label}` was changed: taken as a correction"
        ));
        moved.insert(field.to_owned(), now.into_owned());
    }
    moved
}

/// Whether two cells say the same: as text, as a day or as a number.
pub(super) fn same(left: &str, right: &str) -> bool {
    let day = |text: &str| typing::date(text);
    plain(left) == plain(right)
        || (day(left).is_some() && day(left) == day(right))
        || typing::decimal(left).is_some_and(|number| typing::decimal(right) == Some(number))
}
