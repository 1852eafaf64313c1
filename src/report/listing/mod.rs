//! The lists that a report's definition asks for, as sheets for one reader: his rows, at his level, masked.
//!
//! Apart because every `[[list]]` is laid out here and nowhere else. It knows no data but plain rows.

mod cards;
mod cell;
mod figure;
mod groups;
mod in_mail;
mod visible;

pub use in_mail::{for_mail, in_mail};
pub use visible::{is_wanted, level};

use super::blocks::{Block, Mark, Rows, Table};
use super::document::Sheet;
use super::sheets::work_list::heading;
use super::view::View;
use crate::model::{ListShape, Listing};
use cards::cards;
use cell::{cell, head};
use groups::Grouping;
use visible::{Visible, visible};

/// Makes the sheet of a list.
pub fn sheet<'a>(view: &'a View<'a>, name: &'a str) -> Sheet<'a> {
    let strings = view.strings;
    let Some(listing) = view.input.listings.find(&view.definition.name, name) else {
        let blocks = vec![Block::Paragraph(strings.get("listing.not_made").to_owned())];
        return Sheet { name: name.to_owned(), blocks, one_page: false };
    };
    let seen = visible(view, listing);
    let opening = strings
        .fill("listing.opening", &[("title", &heading(view)), ("list", &listing.title), ("count", &seen.rows.len())]);
    let mut blocks = vec![Block::Paragraph(opening)];
    if !listing.note.is_empty() {
        blocks.push(Block::Paragraph(listing.note.clone()));
    }
    if let Some(reason) = &listing.unavailable {
        blocks.push(Block::List(vec![strings.fill("listing.unavailable", &[("reason", reason)])], Mark::Strong));
        return Sheet { name: listing.title.clone(), blocks, one_page: false };
    }
    blocks.extend(remarks(view, listing, &seen).into_iter().map(Block::Note));
    match &listing.shape {
        ListShape::Table => blocks.push(Block::Table(lines(view, listing, seen))),
        ListShape::Cards(_) => blocks.extend(cards(view, listing, &seen)),
        ListShape::Groups { by, figures, chart, by_size } => {
            blocks.extend(Grouping { view, listing, by: *by, figures, by_size: *by_size }.blocks(&seen, *chart));
        }
    }
    if !listing.signatures.is_empty() {
        blocks.push(Block::Signatures(listing.signatures.clone()));
    }
    Sheet { name: listing.title.clone(), blocks, one_page: false }
}

/// What the reader must know of the list: what it does not cover, what is withheld, where it is cut.
fn remarks(view: &View<'_>, listing: &Listing, seen: &Visible<'_>) -> Vec<String> {
    let strings = view.strings;
    let mut remarks = listing.remarks.clone();
    if seen.withheld > 0 {
        remarks.push(strings.fill("listing.withheld", &[("count", &seen.withheld)]));
    }
    if !seen.hidden.is_empty() {
        let titles = strings.joined(seen.hidden.iter().map(|title| (*title).to_owned()));
        remarks.push(strings.fill("listing.columns_withheld", &[("columns", &titles)]));
    }
    let is_grouped = matches!(listing.shape, ListShape::Groups { .. });
    if let Some(limit) = listing.limit.filter(|limit| !is_grouped && *limit < seen.rows.len()) {
        remarks.push(strings.fill("list.cut", &[("count", &seen.rows.len()), ("shown", &limit)]));
    }
    remarks
}

fn lines<'a>(view: &'a View<'a>, listing: &'a Listing, seen: Visible<'a>) -> Table<'a> {
    let columns = seen.columns.iter().map(|at| head(&listing.columns[*at])).collect();
    let count = listing.limit.map_or(seen.rows.len(), |limit| limit.min(seen.rows.len()));
    let (rows, shown) = (seen.rows, seen.columns);
    let rows = Rows::made(count, move |number| {
        let row = rows[number];
        shown.iter().map(|at| cell(view, &listing.columns[*at], &row.cells[*at])).collect()
    });
    Table { columns, rows, is_list: true, empty: view.strings.get("listing.none").to_owned(), shaded: Vec::new() }
}
