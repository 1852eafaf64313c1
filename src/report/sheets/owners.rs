//! A sheet an owner, for those who hand the work out on paper: the work list once more, person by person.
//!
//! Apart because a report has them only where its `report.toml` asks for them, and their number is the data's to decide.

use super::super::document::Sheet;
use super::super::view::View;
use super::work_list;

/// The name that a `report.toml` asks for them under.
pub const NAME: &str = "owners";
/// Owners who get a sheet of their own; more sheets than that nobody finds his way through.
pub const MOST: usize = 30;

/// The owners with a sheet, in the order of names: all who have work, or those with most of it.
pub fn listed<'a>(view: &'a View<'a>) -> Vec<&'a str> {
    if !view.definition.sheets.iter().any(|sheet| sheet == NAME) {
        return Vec::new();
    }
    let mut owners = with_work(view);
    owners.truncate(MOST);
    owners.sort_unstable();
    owners
}

/// How many owners have work and no sheet.
pub fn left_out(view: &View<'_>) -> usize {
    match view.definition.sheets.iter().any(|sheet| sheet == NAME) {
        true => with_work(view).len().saturating_sub(MOST),
        false => 0,
    }
}

fn with_work<'a>(view: &View<'a>) -> Vec<&'a str> {
    let owners = view.share.figures.by_owner.iter();
    owners.filter(|line| line.counts.to_do() > 0).map(|line| line.name).collect()
}

/// Makes the sheets.
pub fn sheets<'a>(view: &'a View<'a>) -> Vec<Sheet<'a>> {
    listed(view).into_iter().map(|owner| work_list::of_owner(view, owner)).collect()
}
