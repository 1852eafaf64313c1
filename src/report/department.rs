//! A department's report: its own findings, changes and rules, and the mail that comes with them.
//!
//! Apart from the digest because it is for people who mend records. It makes blocks, never bytes.

use super::blocks::Block;
use super::document::Draft;
use super::listing;
use super::sheets::{self, Counted, bars_in_mail};
use super::view::View;

/// Drafts the report of the view's share.
pub fn draft<'a>(view: &'a View<'a>) -> Draft<'a> {
    Draft {
        title: match view.share.department {
            Some(department) => format!("{} {department}", view.title()),
            None => view.title(),
        },
        sheets: sheets::make(view),
        mail: [("rules", rules(view)), ("lists", vec![listing::in_mail(view)])].into(),
    }
}

/// The rules with findings, without a value and without a name of a person.
pub fn rules<'a>(view: &'a View<'a>) -> Vec<Block<'a>> {
    let lines = view.share.figures.by_rule.iter();
    let lines = lines.map(|line| Counted { name: view.rule_title(line.name).into(), line }).collect();
    bars_in_mail(view.strings, view.strings.get("column.rule"), lines, view.definition.limits.mail_rows)
}
