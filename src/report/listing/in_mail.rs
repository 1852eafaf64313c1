//! What a mail says of the lists that are attached: counts and titles, no record.
//!
//! Apart because nothing else of a list may stand in a mail.

use minijinja::Value as Filled;

use super::visible::{shown, visible};
use crate::report::blocks::{Block, Cell, Column, Kind, Rows, Table};
use crate::report::view::View;

/// The lists that a view shows: the title of each, its rows and what else must be said.
fn said<'a>(view: &View<'a>) -> Vec<(&'a str, usize, String)> {
    shown(view)
        .into_iter()
        .map(|listing| {
            let seen = visible(view, listing);
            let note = match &listing.unavailable {
                Some(reason) => view.strings.fill("listing.unavailable", &[("reason", reason)]),
                None if seen.withheld > 0 => view.strings.fill("listing.withheld", &[("count", &seen.withheld)]),
                None => String::new(),
            };
            (listing.title.as_str(), seen.rows.len(), note)
        })
        .collect()
}

/// The lists with their counts, as a table for the mail.
pub fn in_mail<'a>(view: &'a View<'a>) -> Block<'a> {
    let strings = view.strings;
    let columns = vec![
        Column::new(strings.get("listing.list"), Kind::Text, 24),
        Column::new(strings.get("listing.rows"), Kind::Count, 10),
        Column::new(strings.get("column.note"), Kind::Text, 40),
    ];
    let rows = said(view)
        .into_iter()
        .map(|(title, count, note)| vec![Cell::from(title), Cell::from(count as u64), Cell::from(note)]);
    let rows = Rows::of(rows.collect());
    Block::Table(Table {
        columns,
        rows,
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    })
}

/// The lists as mail templates name them.
pub fn for_mail(view: &View<'_>) -> Filled {
    let list = |(title, rows, note): (&str, usize, String)| {
        Filled::from_pairs([("title", Filled::from(title)), ("rows", Filled::from(rows)), ("note", Filled::from(note))])
    };
    said(view).into_iter().map(list).collect()
}
