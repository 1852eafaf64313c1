//! The sheet of what this program itself sent: which report went to whom, when, and what the server said of it.
//!
//! Apart because it is no list of the company's data: it stands beside the registers of who saw what.

use super::super::blocks::{Block, Cell, Column, Kind, Rows, Table};
use super::super::document::Sheet;
use super::super::input::SentMail;
use super::super::view::View;

/// Makes the sheet: a row a mail, the latest first.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let columns = vec![
        Column::new(strings.get("sent.when"), Kind::Text, 20),
        Column::new(strings.get("sent.report"), Kind::Text, 24),
        Column::new(strings.get("column.period"), Kind::Text, 12),
        Column::new(strings.get("column.department"), Kind::Text, 16),
        Column::new(strings.get("sent.recipient"), Kind::Text, 32),
        Column::new(strings.get("sent.state"), Kind::Word, 12),
        Column::new(strings.get("sent.hash"), Kind::Text, 24),
    ];
    let sent = view.input.sent;
    let rows = Rows::made(sent.len(), move |number| row(view, &sent[number]));
    let table = Table { columns, rows, is_list: true, empty: strings.get("sent.none").to_owned(), shaded: Vec::new() };
    let opening = strings.fill("sent.opening", &[("count", &sent.len())]);
    let blocks = vec![Block::Paragraph(opening), Block::Table(table)];
    Sheet { name: strings.get("sheet.sent").to_owned(), blocks, one_page: false }
}

fn row<'a>(view: &'a View<'a>, mail: &'a SentMail) -> Vec<Cell<'a>> {
    let strings = view.strings;
    let state = strings.find(&format!("sent_state.{}", mail.state)).unwrap_or(&mail.state);
    vec![
        mail.when.as_str().into(),
        mail.report.as_str().into(),
        mail.period.as_str().into(),
        mail.department.as_str().into(),
        mail.recipient.as_str().into(),
        state.into(),
        mail.content_hash.as_str().into(),
    ]
}
