//! What readers must keep to: how confidential a document is, what it is for, how long it may be kept, whom to ask.
//!
//! Apart because every workbook and every mail ends with the same sentences. It knows no layout.

use super::view::View;

/// All of it in one line.
pub fn all(view: &View<'_>) -> String {
    let strings = view.strings;
    let keep = view.input.access.retention_days.map(|days| strings.fill("handling.keep_for", &[("days", &days)]));
    strings.fill(
        "handling.all",
        &[
            ("level", &strings.level(view.level())),
            ("purpose", &strings.get("mail.purpose")),
            ("keep", &keep.unwrap_or_default()),
            ("contact", &view.input.access.contact),
        ],
    )
}
