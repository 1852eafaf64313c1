//! What one reader sees of a list: his rows, at his level.
//!
//! Apart because the one place that decides which rows and columns of a list a reader may see must be easy to find:
//! `visible`. It lays nothing out.

use crate::model::{ListedRow, Listing, Secrecy};
use crate::report::view::View;

/// What one reader sees of a list.
pub(super) struct Visible<'a> {
    /// His rows, in the order of the list.
    pub(super) rows: Vec<&'a ListedRow>,
    /// How many of his rows are above his level.
    pub(super) withheld: usize,
    /// The columns that he sees, by position.
    pub(super) columns: Vec<usize>,
    /// The titles of those above his level.
    pub(super) hidden: Vec<&'a str>,
}

/// The one place that decides what a reader sees of a list: rows of his department, rows and columns of his level.
pub(super) fn visible<'a>(view: &View<'a>, listing: &'a Listing) -> Visible<'a> {
    let is_own = |row: &&ListedRow| match view.person {
        Some(person) => row.owner == person,
        None => is_of(view, &row.department),
    };
    let own: Vec<&ListedRow> = listing.rows.iter().filter(is_own).collect();
    let all = own.len();
    let is_seen = |row: &&ListedRow| view.lens.sees(view.lens.level_of(row.secrecy, &row.record_key, &row.customer));
    let rows: Vec<&ListedRow> = own.into_iter().filter(is_seen).collect();
    let (columns, hidden): (Vec<usize>, Vec<usize>) =
        (0..listing.columns.len()).partition(|at| view.lens.sees(listing.columns[*at].secrecy));
    let hidden = hidden.into_iter().map(|at| listing.columns[at].title.as_str()).filter(|title| !title.is_empty());
    Visible { withheld: all - rows.len(), rows, columns, hidden: hidden.collect() }
}

/// The highest level of the rows that the view's lists show.
pub fn level(view: &View<'_>) -> Secrecy {
    let lists = shown(view).into_iter().map(|listing| visible(view, listing));
    let level = |row: &ListedRow| view.lens.level_of(row.secrecy, &row.record_key, &row.customer);
    lists.flat_map(|seen| seen.rows.into_iter().map(level)).max().unwrap_or(Secrecy::Public)
}

/// Whether a record of a department belongs to a view; those of departments without an entry go to the one that stands
/// in.
fn is_of(view: &View<'_>, department: &str) -> bool {
    let Some(own) = view.share.department else { return true };
    let department = department.trim();
    let named = view.input.departments.iter().map(|name| name.trim()).chain([view.input.fallback.trim()]);
    match named.into_iter().any(|name| name == department) {
        true => department == own.trim(),
        false => view.share.stands_in,
    }
}

/// Whether a report is made. One that is only wanted with rows is not where its lists were made and have none; lists of
/// what the company does not keep do not count, unless there are no others.
pub fn is_wanted(view: &View<'_>) -> bool {
    if !view.definition.only_with_rows {
        return true;
    }
    let shown: Vec<&Listing> = shown(view);
    let has_something = |listing: &&Listing| {
        let seen = visible(view, listing);
        listing.is_partial || !seen.rows.is_empty() || seen.withheld > 0
    };
    shown.iter().any(has_something) || shown.iter().all(|listing| listing.unavailable.is_some())
}

/// The lists that a view has sheets of, in their order.
pub(super) fn shown<'a>(view: &View<'a>) -> Vec<&'a Listing> {
    let shown = view.definition.sheets.iter().filter(|sheet| view.definition.lists.contains(sheet));
    shown.filter_map(|name| view.input.listings.find(&view.definition.name, name)).collect()
}
