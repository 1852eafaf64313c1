//! What a reader must know before the figures: that the run is late or corrected, and what it does not cover.
//!
//! Apart because mail and workbook open with the same sentences. Its sentences hold counts and names of tables and
//! departments, never a record's value: they go into mails.

use std::collections::BTreeMap;

use super::view::View;
use crate::model::Status;

/// The warnings of a report, the gravest first; the run's own notices last.
pub fn warnings(view: &View<'_>) -> Vec<String> {
    let (input, strings) = (view.input, view.strings);
    let mut warnings = Vec::new();
    if input.revision > 1 {
        warnings.push(strings.fill("warning.revised", &[("revision", &input.revision)]));
    }
    if input.late {
        warnings.push(strings.fill("warning.late", &[("day", &input.as_of)]));
    }
    for (table, sources) in unread_tables(view) {
        warnings.push(strings.fill("warning.unread", &[("table", &table), ("count", &sources)]));
    }
    let coverage = view.coverage;
    if coverage.not_evaluated > 0 {
        warnings.push(strings.fill("warning.not_evaluated", &[("count", &coverage.not_evaluated)]));
    }
    let not_checked = view.share.figures.total.counts.of(Status::NotChecked);
    if not_checked > 0 {
        warnings.push(strings.fill("warning.not_checked", &[("count", &not_checked)]));
    }
    if view.share.department.is_some() && view.share.has_no_data() {
        warnings.push(strings.get("warning.no_rows").to_owned());
    }
    let taken_in = view.share.taken_in(input);
    if !taken_in.is_empty() {
        let count: u64 = taken_in.iter().map(|(_, findings)| findings).sum();
        let names = taken_in.iter().map(|(name, findings)| {
            strings.fill("list.counted", &[("name", &view.department(name)), ("count", findings)])
        });
        let key = if view.share.department.is_some() { "warning.taken_in" } else { "warning.without_entry" };
        warnings.push(
            strings.fill(
                key,
                &[("count", &count), ("departments", &strings.joined(names)), ("fallback", &input.fallback)],
            ),
        );
    }
    // where the reasons are on no sheet, the number helps nobody
    if coverage.not_enabled > 0 && view.definition.sheets.iter().any(|sheet| sheet == "rules") {
        warnings.push(strings.fill("warning.not_enabled", &[("count", &coverage.not_enabled)]));
    }
    let share = view.share;
    if !share.withheld.is_empty() {
        let upcoming = share.withheld.upcoming.len();
        let count = share.withheld.findings.len() + upcoming + share.withheld.changes.len();
        let of = |standing: bool| {
            let places = share.withheld.findings.iter();
            places.filter(|place| view.finding(**place).status.is_standing() == standing).count()
        };
        let changes = share.withheld.changes.len();
        let places: [(&str, &dyn std::fmt::Display); 6] = [
            ("count", &count),
            ("to_do", &of(true)),
            ("resolved", &of(false)),
            ("upcoming", &upcoming),
            ("changes", &changes),
            ("contact", &input.access.contact),
        ];
        warnings.push(strings.fill("warning.withheld", &places));
    }
    if let Some(name) = view.apart {
        let count = share.apart.findings.len() + share.apart.upcoming.len() + share.apart.changes.len();
        warnings.push(strings.fill("warning.apart", &[("count", &count), ("name", &name)]));
    }
    warnings.extend(input.notices.iter().cloned());
    warnings
}

/// The tables of which a source could not be read, and how many.
fn unread_tables<'a>(view: &View<'a>) -> BTreeMap<&'a str, u64> {
    let mut tables = BTreeMap::new();
    for note in view.input.notes.iter().filter(|note| note.error.is_some()) {
        *tables.entry(view.input.labels.table(&note.table)).or_default() += 1;
    }
    tables
}
