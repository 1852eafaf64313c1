//! The sheet of load notes: every source as it was read, what there is to say of it, and every row that was not checked,
//! with its reason.
//!
//! Apart because it answers another question than the findings: what do they rest on? A source is one line of a table,
//! so that many can be overlooked; what is longer than a few words stands below, source by source.

use super::super::blocks::{Block, Cell, Column, Kind, Mark, Rows, Table, Value};
use super::super::document::Sheet;
use super::super::view::View;
use crate::model::SourceNote;

/// So many columns are named in a line of the table.
const NAMED: usize = 3;

/// Makes the sheet.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let columns = vec![
        Column::new(strings.get("column.table"), Kind::Text, 12),
        Column::new(strings.get("column.file"), Kind::Text, 26),
        Column::new(strings.get("column.sheet"), Kind::Text, 14),
        Column::new(strings.get("column.header_row"), Kind::Number, 10),
        Column::new(strings.get("column.state"), Kind::Text, 34),
        Column::new(strings.get("column.rows_read"), Kind::Count, 10),
        Column::new(strings.get("column.rows_checked"), Kind::Count, 10),
        Column::new(strings.get("column.rows_skipped"), Kind::Count, 10),
        Column::new(strings.get("column.encoding"), Kind::Word, 10),
        Column::new(strings.get("column.unknown_columns"), Kind::Text, 22),
        Column::new(strings.get("column.missing_columns"), Kind::Text, 22),
    ];
    let notes = view.input.notes;
    let rows = notes.iter().map(|note| row(view, note)).collect();
    let sources = Table {
        columns,
        rows: Rows::of(rows),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    let mut skips: Vec<Skip<'_>> = notes.iter().flat_map(skips_of).collect();
    let rows_of = |skips: &[Skip<'_>]| skips.iter().map(|skip| u64::from(skip.last - skip.first) + 1).sum::<u64>();
    let count = rows_of(&skips);
    skips.truncate(view.definition.limits.skipped_rows);
    let shown = rows_of(&skips);
    let rows = Rows::made(skips.len(), move |number| {
        let Skip { note, first, last, reason: why } = skips[number];
        let place = if first == last { first.to_string() } else { format!("{first}-{last}") };
        vec![
            view.input.labels.table(&note.table).into(),
            note.file.as_str().into(),
            note.sheet.as_str().into(),
            place.into(),
            reason(view, why).into(),
        ]
    });
    let columns = vec![
        Column::new(strings.get("column.table"), Kind::Text, 12),
        Column::new(strings.get("column.file"), Kind::Text, 26),
        Column::new(strings.get("column.sheet"), Kind::Text, 14),
        Column::new(strings.get("column.row"), Kind::Word, 10),
        Column::new(strings.get("column.reason"), Kind::Text, 34),
    ];
    let skips = Table {
        columns,
        rows,
        is_list: false,
        empty: strings.get("load_notes.no_skips").to_owned(),
        shaded: Vec::new(),
    };
    let mut blocks = vec![Block::Paragraph(view.basis()), Block::Table(sources)];
    blocks.extend(remarks(view));
    blocks.push(Block::Heading(strings.get("heading.skipped").to_owned()));
    if count > shown {
        blocks.push(Block::Note(strings.fill("list.cut", &[("count", &count), ("shown", &shown)])));
    }
    blocks.push(Block::Table(skips));
    Sheet { name: strings.get("sheet.load_notes").to_owned(), blocks, one_page: false }
}

fn row<'a>(view: &'a View<'a>, note: &'a SourceNote) -> Vec<Cell<'a>> {
    let strings = view.strings;
    let header = match note.header_row {
        0 => Cell::from(Value::Empty),
        row => u64::from(row).into(),
    };
    let state = match &note.error {
        Some(error) => strings.fill("load_notes.unread", &[("reason", error)]),
        None if note.remarks.is_empty() => strings.get("load_notes.read").to_owned(),
        None => strings.fill("load_notes.remarked", &[("count", &note.remarks.len())]),
    };
    let mark = if note.error.is_some() { Mark::Alert } else { Mark::Plain };
    vec![
        view.input.labels.table(&note.table).into(),
        note.file.as_str().into(),
        note.sheet.as_str().into(),
        header,
        Cell::from(state).marked(mark),
        note.rows_read.into(),
        note.rows_checked.into(),
        note.rows_skipped.into(),
        note.encoding.as_str().into(),
        few(view, &unknown(note)).into(),
        few(view, &missing(view, note)).into(),
    ]
}

fn unknown(note: &SourceNote) -> Vec<&str> {
    note.unknown_columns.iter().map(String::as_str).collect()
}

fn missing<'a>(view: &'a View<'a>, note: &'a SourceNote) -> Vec<&'a str> {
    note.missing_columns.iter().map(|field| view.input.labels.field(&note.table, field)).collect()
}

/// The first of some names, and how many there are.
fn few(view: &View<'_>, names: &[&str]) -> String {
    let strings = view.strings;
    match names.get(..NAMED) {
        Some(first) if names.len() > NAMED => {
            strings.fill("load_notes.few", &[("names", &strings.joined(first)), ("count", &names.len())])
        }
        _ => strings.joined(names),
    }
}

/// What there is to say of each source, as many sentences as rows are listed.
fn remarks<'a>(view: &'a View<'a>) -> Vec<Block<'a>> {
    let strings = view.strings;
    let mut room = view.definition.limits.skipped_rows;
    let (mut blocks, mut count) = (Vec::new(), 0);
    for note in view.input.notes {
        let mut sentences = note.remarks.clone();
        for (key, names) in [("load_notes.unknown", unknown(note)), ("load_notes.missing", missing(view, note))] {
            if names.len() > NAMED {
                sentences.push(strings.fill(key, &[("names", &strings.joined(&names)), ("count", &names.len())]));
            }
        }
        count += sentences.len();
        sentences.truncate(room);
        room -= sentences.len();
        if !sentences.is_empty() {
            let place = [view.input.labels.table(&note.table), &note.file, &note.sheet];
            let place: Vec<&str> = place.into_iter().filter(|name| !name.is_empty()).collect();
            blocks.push(Block::Paragraph(place.join(" · ")));
            blocks.push(Block::List(sentences, Mark::Plain));
        }
    }
    let shown = view.definition.limits.skipped_rows - room;
    if count > shown {
        blocks.push(Block::Note(strings.fill("list.cut", &[("count", &count), ("shown", &shown)])));
    }
    if !blocks.is_empty() {
        blocks.insert(0, Block::Heading(strings.get("heading.remarks").to_owned()));
    }
    blocks
}

/// Rows after one another that were skipped for one reason.
#[derive(Clone, Copy)]
struct Skip<'a> {
    note: &'a SourceNote,
    first: u32,
    last: u32,
    reason: &'a str,
}

fn skips_of(note: &SourceNote) -> Vec<Skip<'_>> {
    let mut skips: Vec<Skip<'_>> = Vec::new();
    for skipped in &note.skipped {
        match skips.last_mut() {
            Some(skip) if skip.reason == skipped.reason && skip.last + 1 == skipped.row => skip.last = skipped.row,
            _ => skips.push(Skip { note, first: skipped.row, last: skipped.row, reason: &skipped.reason }),
        }
    }
    skips
}

/// The words for a reason; the reason itself where there are none.
fn reason<'a>(view: &'a View<'a>, reason: &'a str) -> &'a str {
    view.strings.find(&format!("skip.{reason}")).unwrap_or(reason)
}
