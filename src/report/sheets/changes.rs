//! The sheet of changes: what became of customers and of what belongs to them since the last run, cell by cell, old
//! beside new.
//!
//! Apart because it is about data, not about faults.

use super::super::blocks::{Block, Cell, Column, Kind, Mark, Rows, Table};
use super::super::document::Sheet;
use super::super::input::{ChangeKind, ChangePlace, RecordChange};
use super::super::view::View;
use super::work_list::{heading, not_here};

/// Makes the sheet: a row a changed cell, added record or removed record, in the order of keys.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let name = strings.get("sheet.changes").to_owned();
    let count = |kind| view.share.changes.iter().filter(|place| view.change(**place).kind == kind).count();
    let unavailable = view.input.changes.unavailable.as_ref();
    let unavailable = unavailable.map(|reason| strings.fill("changes.unavailable", &[("reason", reason)]));
    let (line, empty) = match &unavailable {
        Some(reason) if view.share.changes.is_empty() => (heading(view), reason.clone()),
        _ => {
            let line = strings.fill(
                "changes.opening",
                &[
                    ("title", &heading(view)),
                    ("changed", &count(ChangeKind::Changed)),
                    ("added", &count(ChangeKind::Added)),
                    ("removed", &count(ChangeKind::Removed)),
                ],
            );
            (line, strings.get("changes.none").to_owned())
        }
    };
    // (record, cell of the record)
    let mut lines: Vec<(u32, Option<usize>)> = Vec::new();
    for &place in &view.share.changes {
        match view.change(place).cells.len() {
            0 => lines.push((place, None)),
            cells => lines.extend((0..cells).map(|cell| (place, Some(cell)))),
        }
    }
    let mut columns = vec![
        Column::new(strings.get("column.change"), Kind::Word, 8),
        Column::new(strings.get("column.table"), Kind::Text, 10),
        Column::new(strings.get("column.record_key"), Kind::Text, 18),
        Column::new(strings.get("column.customer"), Kind::Text, 30),
        Column::new(strings.get("column.owner"), Kind::Text, 10),
        Column::new(strings.get("column.field"), Kind::Text, 18),
        Column::new(strings.get("column.old"), Kind::Text, 30),
        Column::new(strings.get("column.new"), Kind::Text, 30),
        Column::new(strings.get("column.place"), Kind::Text, 26),
    ];
    if view.takes_in() {
        columns.push(Column::new(strings.get("column.department"), Kind::Text, 14));
    }
    let rows = Rows::made(lines.len(), move |number| {
        let (place, cell) = lines[number];
        row(view, place, cell)
    });
    let table = Table { columns, rows, is_list: true, empty, shaded: Vec::new() };
    let mut blocks = vec![Block::Paragraph(line)];
    // Changes of what belongs to customers are listed without those of the customers themselves.
    blocks.extend(unavailable.filter(|_| !view.share.changes.is_empty()).map(Block::Paragraph));
    blocks.extend(not_here(view, view.share.withheld.changes.len(), view.share.apart.changes.len()));
    if view.input.changes.left_out > 0 {
        blocks.push(Block::Paragraph(strings.fill("changes.left_out", &[("count", &view.input.changes.left_out)])));
    }
    blocks.extend(view.input.changes.remarks.iter().cloned().map(Block::Paragraph));
    blocks.push(Block::Table(table));
    Sheet { name, blocks, one_page: false }
}

fn row<'a>(view: &'a View<'a>, place: u32, cell: Option<usize>) -> Vec<Cell<'a>> {
    let record = view.change(place);
    let word = match record.kind {
        ChangeKind::Added => "change.added",
        ChangeKind::Removed => "change.removed",
        ChangeKind::Changed => "change.changed",
    };
    let mark = if record.kind == ChangeKind::Changed { Mark::Plain } else { Mark::Strong };
    let (field, old, new) = match cell.map(|cell| &record.cells[cell]) {
        Some((field, old, new)) => (view.label(&record.table, field), old.as_str(), new.as_str()),
        None => ("", "", ""),
    };
    let blank = |text| match (cell, text) {
        (Some(_), "") => view.strings.get("list.blank"),
        _ => text,
    };
    let changed = if cell.is_some() { Mark::Changed } else { Mark::Plain };
    let key = if record.record_key.is_empty() { &record.customer_key } else { &record.record_key };
    let mut row = vec![
        Cell::from(view.strings.get(word)).marked(mark),
        view.input.labels.table(&record.table).into(),
        key.as_str().into(),
        record.customer.as_str().into(),
        record.owner.as_str().into(),
        field.into(),
        blank(old).into(),
        Cell::from(blank(new)).marked(changed),
        whereabouts(view, record).into(),
    ];
    if view.takes_in() {
        row.push(view.department(&record.department).into());
    }
    row
}

/// Where a record stands, or stood.
fn whereabouts(view: &View, record: &RecordChange) -> String {
    let ChangePlace { file, sheet, row } = &record.place;
    let place = if sheet.is_empty() { file.clone() } else { format!("{file} {sheet}") };
    if *row == 0 { place } else { view.strings.fill("changes.place", &[("place", &place), ("row", row)]) }
}
