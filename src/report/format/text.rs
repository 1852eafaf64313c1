//! Blocks as plain text, for mail programs that show no HTML and for people who read on a telephone.
//!
//! Apart because it is a format among others. A table is a line a row, every number with its name: columns do not align
//! in the fonts that mails are read in.

use super::super::blocks::{Block, Table, Value};
use super::super::strings::Strings;

/// Writes blocks.
pub fn write(blocks: &[Block<'_>], strings: &Strings) -> String {
    let mut text = String::new();
    for block in blocks {
        match block {
            Block::Title(words) | Block::Heading(words) | Block::Paragraph(words) | Block::Note(words) => {
                line(&mut text, words);
            }
            Block::List(items, _) => {
                for item in items {
                    line(&mut text, &strings.fill("list.item", &[("item", item)]));
                }
            }
            Block::KeyFigures(key) => {
                let figures = key.figures.iter().map(|(name, figure)| named(strings, name, &figure.to_string()));
                line(&mut text, &strings.joined(figures));
            }
            Block::Table(table) => rows(&mut text, table, strings),
            Block::Chart(chart) => rows(&mut text, &chart.table, strings),
            Block::Card(card) => {
                line(&mut text, &card.title);
                for (label, cell) in &card.fields {
                    line(&mut text, &named(strings, label, &shown(&cell.value)));
                }
                for (title, table) in &card.lists {
                    line(&mut text, title);
                    rows(&mut text, table, strings);
                }
            }
            // Nobody signs a mail, and its places lead nowhere.
            Block::Signatures(_) | Block::Links(_) => {}
        }
    }
    text
}

fn rows(text: &mut String, table: &Table<'_>, strings: &Strings) {
    if table.rows.is_empty() {
        line(text, &table.empty);
    }
    for row in table.rows.first(table.rows.len()) {
        let mut cells = table.columns.iter().zip(&row).map(|(column, cell)| (&column.title, shown(&cell.value)));
        let first = cells.next().map(|(_, value)| value).unwrap_or_default();
        let rest = cells.map(|(name, value)| named(strings, name, &value));
        let said = strings.fill("list.row", &[("name", &first), ("cells", &strings.joined(rest))]);
        line(text, &strings.fill("list.item", &[("item", &said)]));
    }
}

fn named(strings: &Strings, name: &str, value: &str) -> String {
    strings.fill("list.named", &[("name", &name), ("value", &value)])
}

/// A value in words.
pub fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Count(count) => count.to_string(),
        Value::Share(share) => format!("{:.1}%", share * 100.0),
        Value::Date(day) => day.to_string(),
        Value::Amount(amount) => format!("{amount:.1}"),
    }
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}
