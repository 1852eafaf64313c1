//! What the list shows of a finding, cell by cell: texts that are not longer than a line or two.
//!
//! Apart because rows and data show the same cells. A place is told without its cell, so that the same sheet is one text.

use std::borrow::Cow;

use crate::model::Finding;
use crate::page::input::PageInput;
use crate::report::Strings;
use crate::report::access::seen::ShownFinding;

/// Letters of a text that are shown.
const LONGEST_TEXT: usize = 300;
/// Between the parts of a place.
pub(super) const BETWEEN: &str = " › ";

/// The value of a field; where it has none, that is said.
pub(super) fn value<'t>(finding: &Finding<'_>, seen: &'t ShownFinding<'_>, strings: &'t Strings) -> Cow<'t, str> {
    match seen.value.trim().is_empty() && !finding.field.is_empty() {
        true => Cow::Borrowed(strings.get("list.blank")),
        false => short(&seen.value, strings),
    }
}

pub(super) fn department<'s>(seen: &'s ShownFinding<'_>, strings: &'s Strings) -> &'s str {
    match seen.department.trim() {
        "" => strings.get("list.no_department"),
        name => name,
    }
}

pub(super) fn field<'i>(finding: &'i Finding<'_>, input: &'i PageInput<'_>) -> &'i str {
    if finding.field.is_empty() { "" } else { input.labels.field(finding.table, finding.field) }
}

/// File and sheet; the cell is told apart, so that the same sheet is one text.
pub(super) fn place(finding: &Finding<'_>) -> String {
    let parts = [finding.file, finding.sheet];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(BETWEEN)
}

/// File, sheet and cell as a spreadsheet calls it, or its row where no column is meant.
pub(super) fn whole_place(finding: &Finding<'_>, strings: &Strings) -> String {
    let cell = match (finding.row, finding.column) {
        (0, _) => return place(finding),
        (row, "") => strings.fill("page.row", &[("row", &row)]),
        (row, letters) => format!("{letters}{row}"),
    };
    format!("{}{BETWEEN}{cell}", place(finding))
}

/// A text that is not longer than a line or two, and says so where it was.
pub(super) fn short<'t>(text: &'t str, strings: &Strings) -> Cow<'t, str> {
    if text.len() <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(LONGEST_TEXT) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            Cow::Owned(text[..end].to_owned() + &strings.fill("list.cut_text", &[("count", &text.chars().count())]))
        }
    }
}
