//! The register of what was sent to whom: a row a mail that its recipient has, and what it was made of.
//!
//! Apart because it is about reports that are out of the house, and shows none of what they say.

use super::super::blocks::{Block, Column, Kind, Rows, Table};
use super::super::document::Sheet;
use super::super::view::View;

/// Letters of a hash that tell two apart for people; the ledger keeps all.
const SHOWN: usize = 16;

/// Makes the sheet.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let columns = vec![
        Column::new(strings.get("column.sent_at"), Kind::Date, 12),
        Column::new(strings.get("column.report"), Kind::Text, 24),
        Column::new(strings.get("column.period"), Kind::Word, 12),
        Column::new(strings.get("column.department"), Kind::Text, 14),
        Column::new(strings.get("column.person"), Kind::Text, 10),
        Column::new(strings.get("column.recipient"), Kind::Text, 26),
        Column::new(strings.get("column.secrecy"), Kind::Word, 8),
        Column::new(strings.get("column.clearance"), Kind::Word, 9),
        Column::new(strings.get("column.rows_listed"), Kind::Count, 7),
        Column::new(strings.get("column.purpose"), Kind::Text, 26),
        Column::new(strings.get("column.files"), Kind::Text, 36),
        Column::new(strings.get("column.content_hash"), Kind::Word, 18),
        Column::new(strings.get("column.released_by"), Kind::Text, 12),
        Column::new(strings.get("column.message_id"), Kind::Text, 30),
    ];
    let lines = view.input.deliveries;
    let rows = Rows::made(lines.len(), move |number| {
        let line = &lines[number];
        let report = match line.is_draft {
            true => strings.get("issue.draft").to_owned() + &line.report,
            false => line.report.clone(),
        };
        vec![
            line.day.into(),
            report.into(),
            line.period.as_str().into(),
            line.department.as_str().into(),
            line.person.as_str().into(),
            line.recipient.as_str().into(),
            line.secrecy.as_str().into(),
            line.clearance.as_str().into(),
            line.rows.map_or("".into(), Into::into),
            line.purpose.as_str().into(),
            strings.joined(&line.files).into(),
            line.content_hash.get(..SHOWN).unwrap_or(&line.content_hash).into(),
            line.released_by.as_str().into(),
            line.message_id.as_str().into(),
        ]
    });
    let table =
        Table { columns, rows, is_list: true, empty: strings.get("deliveries.none").to_owned(), shaded: Vec::new() };
    let opening = match &view.input.previous {
        Some((day, _)) => strings.fill("deliveries.opening", &[("count", &lines.len()), ("day", day)]),
        None => strings.get("deliveries.first").to_owned(),
    };
    Sheet {
        name: strings.get("sheet.deliveries").to_owned(),
        blocks: vec![Block::Paragraph(opening), Block::Table(table)],
        one_page: false,
    }
}
