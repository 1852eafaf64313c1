//! Evaluates the lists of reports: which records are in each, and what stands in their columns, as plain values.
//!
//! Apart from rules because a list judges nothing. A list that reads what the company lacks says so by name and is not
//! simply empty. It knows no reader: all departments' rows are in it, each with its level of confidentiality.

mod able;
mod cells;
mod found;
mod members;
mod outline;
mod related;
mod rows;
mod source;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::ownership::Ownership;
use crate::model::Listing;
use crate::rule::List;
use able::Able;
use found::Found;
use members::{Before, Members};
use outline::outline;
use rows::Rows;
pub use source::ListSource;

/// Evaluates lists; those of a report stand together, in the order of its definition.
pub fn list(lists: &[&List], source: &ListSource) -> Vec<Listing> {
    if lists.is_empty() {
        return Vec::new();
    }
    let mut tables: Vec<&str> = source.datasets.keys().map(String::as_str).collect();
    tables.sort_unstable();
    let ownership = Ownership::new(source.datasets, source.context.dictionary, &tables);
    let found = Found::new(lists, source);
    let mut before = Before::default();
    let mut made = Vec::new();
    for list in lists {
        let mut able = Able::of(list, source);
        for relation in &list.relations {
            able.refer(relation, &before.unmade(list, relation), source.context.language);
        }
        let rows = Rows { list, able: &able, source, ownership: &ownership, found: &found };
        let (listing, members) = make(&rows, &before);
        before.add(list, members);
        made.push(listing);
    }
    made
}

/// Makes a list, and what later ones may refer to.
fn make(rows: &Rows<'_>, before: &Before<'_>) -> (Listing, Members) {
    let (list, able, context) = (rows.list, rows.able, rows.source.context);
    let mut listing = outline(list, able, context.dictionary, context.language);
    let mut own = Members {
        title: listing.title.clone(),
        unavailable: able.unavailable.clone(),
        is_partial: able.is_partial,
        ..Members::default()
    };
    if listing.unavailable.is_some() {
        return (listing, own);
    }
    let Some(table) = &list.table else {
        listing.rows = rows.findings();
        return (listing, own);
    };
    let Some(dataset) = rows.source.datasets.get(table) else { return (listing, own) };
    let made = catch_unwind(AssertUnwindSafe(|| rows.records(dataset, before)));
    match made.map_err(|_| "internal error".to_owned()).and_then(|made| made.map_err(|error| error.to_string())) {
        Ok(made) => {
            listing.rows = made.rows;
            own = Members { owners: made.owners, customers: made.customers, ..own };
        }
        Err(error) => {
            listing.unavailable = Some(error.clone());
            (listing.is_partial, own.is_partial) = (true, true);
            own.unavailable = Some(error);
        }
    }
    (listing, own)
}
