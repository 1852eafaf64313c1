//! What is kept of source files so that they need not be parsed again: given up where it is too old, or tells of a
//! customer whose records were destroyed.
//!
//! Apart because such a file goes as a whole: no run names it, and whoever needs it again parses the source.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::aged::written;
use super::destroyed::{Destroyed, customer_field};
use super::{Act, Kind, Step};
use crate::pipeline::readings;
use crate::source::readings as room;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Those that are as old as no copy of what was read may be.
pub fn aged(workplace: &Workplace, as_of: NaiveDate) -> Vec<Step> {
    let Some(days) = workplace.config.state.keep.snapshots else { return Vec::new() };
    let limit = i64::try_from(days).unwrap_or(i64::MAX);
    let step = |path: PathBuf| {
        let (day, _) = written(&path, workplace).filter(|(day, _)| (as_of - *day).num_days() > limit)?;
        let reason = text!("{day} 写出，超过 {days} 天", "written on {day}, older than {days} days");
        Some(step(path, Kind::Snapshots, reason, workplace))
    };
    room::files(&readings::folder(workplace)).into_iter().filter_map(step).collect()
}

/// Those that tell of destroyed customers, and those that nobody can look into.
pub fn telling(workplace: &Workplace, destroyed: &Destroyed) -> Vec<Step> {
    let step = |path: PathBuf| {
        let reason = match tells(&path, workplace, destroyed) {
            None => text!("已损坏，无法查看", "damaged, it cannot be looked into"),
            Some(true) => text!("客户资料已销毁", "the customer's records were destroyed"),
            Some(false) => return None,
        };
        Some(step(path, Kind::Destroyed, reason, workplace))
    };
    room::files(&readings::folder(workplace)).into_iter().filter_map(step).collect()
}

/// Whether a record in a file is one of theirs; nothing where it cannot be read.
fn tells(path: &Path, workplace: &Workplace, destroyed: &Destroyed) -> Option<bool> {
    let dictionary = &workplace.pack.dictionary;
    Some(room::tables(path)?.iter().any(|table| {
        let Some(field) = customer_field(dictionary, &table.note.table) else { return false };
        let mut keys = table.columns.iter().filter(|column| column.field == field);
        keys.any(|column| column.values.iter().flatten().any(|key| destroyed.has(key)))
    }))
}

fn step(path: PathBuf, kind: Kind, reason: Text, workplace: &Workplace) -> Step {
    let what = path.strip_prefix(&workplace.config.folder).unwrap_or(&path).display().to_string();
    let bytes = std::fs::metadata(&path).map_or(0, |data| data.len());
    Step { kind, what, count: 1, bytes, reason, act: Act::File(path) }
}
