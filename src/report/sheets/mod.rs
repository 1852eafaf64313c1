//! The sheets that a workbook may have, by the names that a `report.toml` lists them under.
//!
//! Apart so that a sheet is a file and a line here. It knows no format.

use super::analysis;
use super::document::Sheet;
use super::listing;
use super::strings::Strings;
use super::view::View;

mod changes;
mod counts;
mod deliveries;
mod load_notes;
mod overview;
mod owners;
mod people;
mod rules;
mod scores;
mod summary;
mod upcoming;
mod verification;
pub mod work_list;

/// The sheet of changes.
pub const CHANGES: &str = "changes";

/// How a sheet is made of a view.
type Make = for<'a> fn(&'a View<'a>) -> Sheet<'a>;

/// Every sheet, in the order of the documentation.
const SHEETS: [(&str, Make); 14] = [
    ("overview", overview::sheet),
    ("summary", summary::sheet),
    ("work_list", work_list::to_do),
    ("upcoming", upcoming::sheet),
    ("resolved", work_list::resolved),
    (CHANGES, changes::sheet),
    ("scores", scores::sheet),
    ("people", people::sheet),
    ("load_notes", load_notes::sheet),
    ("rules", rules::sheet),
    ("verification_progress", verification::progress),
    ("verification_missing", verification::missing),
    ("verification_waiting", verification::waiting),
    ("deliveries", deliveries::sheet),
];

/// The names of all sheets.
pub fn names() -> Vec<&'static str> {
    SHEETS.iter().map(|(name, _)| *name).chain([owners::NAME]).chain(analysis::names()).collect()
}

/// The titles of sheets whose lists are not of records: rules, employees, and mails.
pub fn without_records(strings: &Strings) -> [&str; 3] {
    ["sheet.rules", "sheet.people", "sheet.deliveries"].map(|key| strings.get(key))
}

/// Whether a sheet shows the columns of `[[work_list]]`.
pub fn is_work_list(name: &str) -> bool {
    matches!(name, "work_list" | "upcoming" | "resolved" | owners::NAME)
}

/// Whether a sheet's rows can be divided among several workbooks: those of the share's findings, each row in one of them.
pub fn is_divided(name: &str) -> bool {
    matches!(name, "work_list" | "resolved")
}

/// Whether a sheet shows rows of the work list once more, owner by owner: of a part they would be no owner's whole.
pub fn is_by_owner(name: &str) -> bool {
    name == owners::NAME
}

/// Whether a sheet shows how far a round of verification has come.
pub fn is_progress(name: &str) -> bool {
    name == "verification_progress"
}

/// Whether a name stands for sheets of single owners.
pub fn is_of_owners(name: &str) -> bool {
    name == owners::NAME
}

/// Makes the sheets that the report's definition lists.
pub fn make<'a>(view: &'a View<'a>) -> Vec<Sheet<'a>> {
    let of_name = |name: &'a String| match SHEETS.iter().find(|(known, _)| known == name) {
        Some((_, make)) => vec![make(view)],
        None if name == owners::NAME => owners::sheets(view),
        None if view.definition.lists.contains(name) => vec![listing::sheet(view, name)],
        None => analysis::sheet(name, view).into_iter().collect(),
    };
    view.definition.sheets.iter().flat_map(of_name).collect()
}

pub use counts::{Counted, bars_in_mail, trend_in_mail};
pub use scores::{counted as counted_cell, share as share_cell, thousands};
