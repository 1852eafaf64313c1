//! The digest: all departments side by side, for those who answer for the data as a whole.
//!
//! Apart from the departments' reports because it shows no finding, only counts. It makes blocks, never bytes.

use std::cmp::Reverse;

use super::blocks::Block;
use super::department;
use super::document::Draft;
use super::listing;
use super::sheets::{self, Counted, bars_in_mail, trend_in_mail};
use super::view::View;

/// How many departments are named as those with most work.
const WORST: usize = 5;
/// How many runs the mail's trend shows.
const RUNS_IN_MAIL: usize = 6;

/// Drafts the digest of all shares.
pub fn draft<'a>(view: &'a View<'a>) -> Draft<'a> {
    Draft {
        title: view.title(),
        sheets: sheets::make(view),
        mail: [
            ("departments", by_department(view)),
            ("rules", department::rules(view)),
            ("lists", vec![listing::in_mail(view)]),
            ("trend", vec![trend_in_mail(view.strings, &view.share.figures.trend, RUNS_IN_MAIL)]),
        ]
        .into(),
    }
}

/// Every department that gets a report, in the order of the configuration, with the counts of its workbook.
pub fn departments<'a>(view: &View<'a>) -> Vec<Counted<'a>> {
    let shares = view.shares.departments.iter();
    shares
        .map(|share| Counted { name: share.department.unwrap_or_default().into(), line: &share.figures.total })
        .collect()
}

/// The departments with most work, the most first; none without work.
pub fn worst<'a>(view: &View<'a>) -> Vec<Counted<'a>> {
    let mut departments = departments(view);
    departments.retain(|counted| counted.line.counts.to_do() > 0);
    departments.sort_by_key(|counted| Reverse(counted.line.counts.to_do()));
    departments.truncate(WORST);
    departments
}

/// The departments about which nothing is known: see `Share::has_no_data`.
pub fn without_data(view: &View<'_>) -> Vec<String> {
    let shares = view.shares.departments.iter().filter(|share| share.has_no_data());
    shares.filter_map(|share| share.department.map(str::to_owned)).collect()
}

fn by_department<'a>(view: &'a View<'a>) -> Vec<Block<'a>> {
    let mut lines = departments(view);
    lines.sort_by_key(|counted| Reverse(counted.line.counts.to_do()));
    bars_in_mail(view.strings, view.strings.get("column.department"), lines, view.definition.limits.mail_rows)
}
