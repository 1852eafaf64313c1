//! What fields refer to: which of their values name a record of another table.
//!
//! Apart because it looks beyond the source that was asked for: at its other sheets, else at the tables of the workplace.

use std::collections::{BTreeMap, HashSet};

use super::{Known, Typed};
use crate::config::{Config, SourceConfig};
use crate::dataset::Dataset;
use crate::dictionary::{Dictionary, Table};
use crate::profile;
use crate::profile::suggest::Reference;
use crate::source::readings::Room;
use crate::source::{Narrowings, read_all};

/// The keys of tables that others refer to: (table, field) to the hashes of its values.
pub(super) type Keys = BTreeMap<(String, String), HashSet<u64>>;

/// The keys of the tables that fields of these sheets refer to: out of the sheets, or out of the workplace.
pub(super) fn keys(sheets: &[Typed], known: &Known) -> Keys {
    let mut keys = Keys::new();
    let wanted =
        sheets.iter().filter_map(|typed| typed.table.as_ref()).flat_map(|table| references(table, known.dictionary));
    for (_, to, to_field) in wanted {
        if keys.contains_key(&(to.clone(), to_field.clone())) {
            continue;
        }
        let own: Vec<&Dataset> = sheets
            .iter()
            .filter(|typed| typed.table.as_ref().is_some_and(|table| table.name == to))
            .filter_map(|typed| typed.dataset.as_ref())
            .collect();
        let configured = if own.is_empty() { configured_table(&to, known) } else { None };
        let values: HashSet<u64> = own
            .into_iter()
            .chain(configured.as_ref())
            .flat_map(|dataset| profile::hashes(dataset, &to_field))
            .collect();
        if !values.is_empty() {
            keys.insert((to, to_field), values);
        }
    }
    keys
}

/// What a field of a table refers to: (field, table, field there).
fn references(table: &Table, dictionary: &Dictionary) -> Vec<(String, String, String)> {
    let mut references = Vec::new();
    let (customers, people) = (&dictionary.customers.table, &dictionary.people);
    if let (Some(field), Some(key)) =
        (&table.customer, dictionary.table(customers).and_then(|table| table.key.as_ref()))
        && table.name != *customers
    {
        references.push((field.clone(), customers.clone(), key.clone()));
    }
    if let Some(field) = table.person.as_ref().filter(|_| table.name != people.table) {
        references.push((field.clone(), people.table.clone(), people.name.clone()));
    }
    references
}

/// A table as the configuration has it; nothing where it cannot be read whole.
fn configured_table(name: &str, known: &Known) -> Option<Dataset> {
    let config = known.config?;
    let sources: Vec<SourceConfig> =
        config.sources.iter().filter(|source| source.table.value == name).cloned().collect();
    let mut reading =
        read_all(&Config { sources, ..config.clone() }, known.dictionary, &Narrowings::new(), &Room::closed(), &|_| {});
    let raw = reading.tables.remove(name).filter(|_| reading.unread.is_empty())?;
    Dataset::build(known.dictionary.table(name)?, known.dictionary, raw, true).ok()
}

/// How much of what a table refers to is found.
pub(super) fn found(table: &Table, dataset: &Dataset, keys: &Keys, dictionary: &Dictionary) -> Vec<Reference> {
    let mut found = Vec::new();
    for (field, to, to_field) in references(table, dictionary) {
        let Some(values) = keys.get(&(to.clone(), to_field.clone())) else { continue };
        let hashes = profile::hashes(dataset, &field);
        let (filled, named) = (hashes.len() as u64, hashes.iter().filter(|hash| values.contains(hash)).count() as u64);
        found.push(Reference { field, to, to_field, filled, found: named });
    }
    found
}
