//! What changed in a table since an earlier snapshot of it, by key and cell by cell.
//!
//! Apart because it compares data, where diff compares findings. Records without a key, or with a shared one, cannot
//! be told apart and are left out. Cells are the same when they are once folded.

use std::collections::BTreeMap;

use polars::prelude::StringChunked;

use crate::dataset::{Column, Dataset};
use crate::dictionary::CustomerRoles;
use crate::folding::fold;
use crate::model::Secrecy;
use crate::report::input::{ChangeKind, RecordChange};

/// The changes of a dataset against the cells of an earlier one (field and column).
pub fn changes(earlier: &[(String, StringChunked)], dataset: &Dataset, roles: &CustomerRoles) -> Vec<RecordChange> {
    let Some(key) = dataset.table.key.as_deref() else { return Vec::new() };
    let Some(earlier_keys) = column(earlier, key) else { return Vec::new() };
    let Some(keys) = dataset.columns.get(key).map(Column::typed) else { return Vec::new() };
    let before = by_key(earlier_keys);
    let after = by_key(&keys);
    let fields: Vec<(&str, &StringChunked, &Column)> = dataset
        .table
        .fields
        .iter()
        .filter_map(|field| {
            let now = dataset.columns.get(&field.name)?;
            Some((field.name.as_str(), column(earlier, &field.name)?, now))
        })
        .collect();
    // What the record was counts too: an old value stays as confidential as it was.
    let was = |position: Option<usize>| {
        let (Some(field), Some(position)) = (roles.secrecy.as_deref(), position) else { return Secrecy::Public };
        let cell = column(earlier, field).and_then(|column| column.get(position)).unwrap_or_default();
        Secrecy::of_cell(&fold(cell))
    };
    let mut changes = Vec::new();
    for (record_key, position) in &after {
        let earlier_position = before.get(record_key).copied().flatten();
        let now = |field: &str| dataset.folded_at(field, position.unwrap_or_default()).to_owned();
        let is_now = dataset.secrecy_at(roles.secrecy.as_deref(), position.unwrap_or_default());
        let change = |kind: ChangeKind, cells: Vec<(String, String, String)>| RecordChange {
            kind,
            record_key: record_key.clone(),
            customer: now(&roles.name),
            department: now(&roles.department),
            owner: now(&roles.owner),
            secrecy: is_now.max(was(earlier_position)),
            cells,
        };
        match (before.get(record_key), position) {
            (None, Some(_)) => changes.push(change(ChangeKind::Added, Vec::new())),
            (Some(Some(old)), Some(new)) => {
                let cells = changed_cells(&fields, *old, *new);
                if !cells.is_empty() {
                    changes.push(change(ChangeKind::Changed, cells));
                }
            }
            _ => {} // shared by several records then or now
        }
    }
    for (record_key, position) in &before {
        let (Some(position), false) = (position, after.contains_key(record_key)) else { continue };
        let then = |field: &str| {
            column(earlier, field)
                .and_then(|column| column.get(*position))
                .map(|text| fold(text).into_owned())
                .unwrap_or_default()
        };
        changes.push(RecordChange {
            kind: ChangeKind::Removed,
            record_key: record_key.clone(),
            customer: then(&roles.name),
            department: then(&roles.department),
            owner: then(&roles.owner),
            secrecy: was(Some(*position)).max(Secrecy::Internal),
            cells: Vec::new(),
        });
    }
    changes.sort_by(|left, right| left.record_key.cmp(&right.record_key));
    changes
}

fn column<'c>(columns: &'c [(String, StringChunked)], name: &str) -> Option<&'c StringChunked> {
    columns.iter().find(|(field, _)| field == name).map(|(_, column)| column)
}

/// The record of each folded key; nothing for a key that several records share.
fn by_key(keys: &StringChunked) -> BTreeMap<String, Option<usize>> {
    let mut records: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for (position, key) in keys.iter().enumerate() {
        let key = key.map(|key| fold(key).into_owned()).unwrap_or_default();
        if !key.is_empty() {
            records.entry(key).and_modify(|record| *record = None).or_insert(Some(position));
        }
    }
    records
}

fn changed_cells(fields: &[(&str, &StringChunked, &Column)], old: usize, new: usize) -> Vec<(String, String, String)> {
    fields
        .iter()
        .filter_map(|(name, before, after)| {
            let (before, after) = (before.get(old).unwrap_or_default(), after.typed_at(new).unwrap_or_default());
            let same = before == after || fold(before) == fold(after);
            (!same).then(|| ((*name).to_owned(), before.to_owned(), after.to_owned()))
        })
        .collect()
}
