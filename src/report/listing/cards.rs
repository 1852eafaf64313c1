//! A list of cards: a record each, with the lists of other tables below.
//!
//! Apart because a card is read one by one, by whoever visits or calls the customer. It decides nothing.

use super::cell::{cell, head};
use super::visible::Visible;
use crate::model::{ListShape, ListedRow, Listing};
use crate::report::blocks::{Block, Card, Rows, Table};
use crate::report::view::View;

/// The cards of the records that the reader sees.
pub(super) fn cards<'a>(view: &'a View<'a>, listing: &'a Listing, seen: &Visible<'a>) -> Vec<Block<'a>> {
    if seen.rows.is_empty() {
        return vec![Block::Paragraph(view.strings.get("listing.none").to_owned())];
    }
    let count = listing.limit.map_or(seen.rows.len(), |limit| limit.min(seen.rows.len()));
    let card = |row: &&'a ListedRow| {
        let field = |at: &usize| {
            let column = &listing.columns[*at];
            (column.title.clone(), cell(view, column, &row.cells[*at]))
        };
        let title = [row.customer.as_str(), row.record_key.as_str()];
        Block::Card(Card {
            title: title.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            fields: seen.columns.iter().map(field).collect(),
            lists: relations(view, listing, row),
        })
    };
    seen.rows.iter().take(count).map(card).collect()
}

/// The lists on a record's card.
fn relations<'a>(view: &'a View<'a>, listing: &'a Listing, row: &'a ListedRow) -> Vec<(String, Table<'a>)> {
    let ListShape::Cards(relations) = &listing.shape else { return Vec::new() };
    let lists = relations.iter().enumerate().map(|(number, relation)| {
        let shown: Vec<usize> =
            (0..relation.columns.len()).filter(|at| view.lens.sees(relation.columns[*at].secrecy)).collect();
        let rows = row.related.get(number).map_or(&[][..], Vec::as_slice);
        let columns = shown.iter().map(|at| head(&relation.columns[*at])).collect();
        let made = Rows::made(rows.len(), move |record| {
            shown.iter().map(|at| cell(view, &relation.columns[*at], &rows[record][*at])).collect()
        });
        let empty = match &relation.unavailable {
            Some(reason) => view.strings.fill("listing.unavailable", &[("reason", reason)]),
            None => view.strings.get("list.none").to_owned(),
        };
        (relation.title.clone(), Table { columns, rows: made, is_list: false, empty, shaded: Vec::new() })
    });
    lists.collect()
}
