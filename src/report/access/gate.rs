//! The last gate: what was drafted is searched once more for the words of withheld records.
//!
//! Apart because it must hold whatever a sheet shows and wherever it got that from. It knows blocks and words, no data.

use super::super::blocks::{Block, Card, Cell, Rows, Table, Value};
use super::super::document::Draft;
use super::Lens;

/// The draft without a word that its reader must not read.
pub fn shut<'a>(draft: &mut Draft<'a>, lens: Lens<'a>) {
    if !lens.guards() || !lens.searches() {
        // Where there are too many words to search for, nothing that holds one was let in: see `seen`.
        return;
    }
    draft.title = said(&draft.title, lens);
    for sheet in &mut draft.sheets {
        sheet.name = said(&sheet.name, lens);
        blocks(&mut sheet.blocks, lens);
    }
    for placed in draft.mail.values_mut() {
        blocks(placed, lens);
    }
}

fn said(text: &str, lens: Lens<'_>) -> String {
    lens.guarded(text).into_owned()
}

fn blocks<'a>(blocks: &mut Vec<Block<'a>>, lens: Lens<'a>) {
    for block in std::mem::take(blocks) {
        blocks.push(guarded(block, lens));
    }
}

fn guarded<'a>(block: Block<'a>, lens: Lens<'a>) -> Block<'a> {
    match block {
        Block::Title(text) => Block::Title(said(&text, lens)),
        Block::Heading(text) => Block::Heading(said(&text, lens)),
        Block::Paragraph(text) => Block::Paragraph(said(&text, lens)),
        Block::Note(text) => Block::Note(said(&text, lens)),
        Block::List(items, mark) => Block::List(items.iter().map(|item| said(item, lens)).collect(), mark),
        Block::Table(rows) => Block::Table(table(rows, lens)),
        Block::Chart(mut chart) => {
            chart.title = said(&chart.title, lens);
            chart.table = table(chart.table, lens);
            Block::Chart(chart)
        }
        Block::Card(card) => Block::Card(Card {
            title: said(&card.title, lens),
            fields: card.fields.into_iter().map(|(label, value)| (label, cell(value, lens))).collect(),
            lists: card.lists.into_iter().map(|(title, rows)| (said(&title, lens), table(rows, lens))).collect(),
        }),
        Block::Links(cells) => Block::Links(cells.into_iter().map(|value| cell(value, lens)).collect()),
        Block::KeyFigures(_) | Block::Signatures(_) => block,
    }
}

/// The table with its rows guarded as they are made.
fn table<'a>(mut table: Table<'a>, lens: Lens<'a>) -> Table<'a> {
    let rows = std::mem::replace(&mut table.rows, Rows::of(Vec::new()));
    table.rows =
        Rows::made(rows.len(), move |number| rows.row(number).into_iter().map(|value| cell(value, lens)).collect());
    table.empty = said(&table.empty, lens);
    table
}

fn cell<'a>(mut cell: Cell<'a>, lens: Lens<'a>) -> Cell<'a> {
    if let Value::Text(text) = &cell.value
        && let std::borrow::Cow::Owned(kept) = lens.guarded(text)
    {
        cell.value = Value::Text(kept.into());
    }
    cell
}
