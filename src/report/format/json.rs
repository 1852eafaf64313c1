//! A report as JSON, for scripts: the same sheets, blocks, rows and numbers as the workbook.
//!
//! Apart because it is a format among others. Rows are arrays in the order of the columns, written as they are made; a
//! value is a number, a text, an ISO day or null. Keys may be added, none renamed.

use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::super::blocks::{Block, Card, Chart, ChartKind, Column, KeyFigures, Kind, Table, Value};
use super::super::document::Draft;
use super::measure::ROWS;

/// What a report is about, beside its blocks.
#[derive(Serialize)]
pub struct About<'d> {
    /// The report's name: its folder of templates.
    pub report: &'d str,
    /// Its title.
    pub title: &'d str,
    /// The department that it is for; nothing where it is about all of them.
    pub department: Option<&'d str>,
    /// The company.
    pub company: &'d str,
    /// The period, as scripts write it.
    pub period: String,
    /// 1, then 2 and more for corrected issues.
    pub revision: u32,
    /// The day that the numbers are of.
    pub as_of: String,
}

/// Writes a report.
pub fn write(about: &About<'_>, draft: &Draft<'_>) -> Vec<u8> {
    let mut out = Output(Vec::new());
    let mut head = json!(about);
    head["sheets"] = json!([]);
    out.around(&head, "sheets", |out| {
        out.joined(&draft.sheets, |out, sheet| {
            let head = json!({ "name": sheet.name, "blocks": [] });
            // Lines that are kept free on paper say nothing.
            let blocks = sheet.blocks.iter().filter(|block| !matches!(block, Block::Note(text) if text.is_empty()));
            out.around(&head, "blocks", |out| out.joined(blocks, Output::block));
        });
    });
    out.0.push(b'\n');
    out.0
}

struct Output(Vec<u8>);

impl Output {
    fn value(&mut self, value: &Json) {
        self.0.extend(value.to_string().bytes());
    }

    /// An object whose empty list under a key is filled by a function: long lists are never held as values.
    fn around(&mut self, object: &Json, key: &str, fill: impl FnOnce(&mut Self)) {
        let text = object.to_string();
        let place = format!("{}:[]", Json::from(key));
        let (before, after) = text.split_once(&place).unwrap_or((&text, ""));
        self.0.extend(before.bytes());
        self.0.extend(place[..place.len() - 1].bytes());
        fill(self);
        self.0.push(b']');
        self.0.extend(after.bytes());
    }

    fn joined<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (number, item) in items.into_iter().enumerate() {
            if number > 0 {
                self.0.extend(b",\n");
            }
            write(self, item);
        }
    }

    fn block(&mut self, block: &Block<'_>) {
        match block {
            Block::Title(text) => self.value(&json!({ "type": "title", "text": text })),
            Block::Heading(text) => self.value(&json!({ "type": "heading", "text": text })),
            Block::Paragraph(text) => self.value(&json!({ "type": "paragraph", "text": text })),
            Block::Note(text) => self.value(&json!({ "type": "note", "text": text })),
            Block::List(items, _) => self.value(&json!({ "type": "list", "items": items })),
            Block::KeyFigures(key) => self.value(&key_figures(key)),
            Block::Table(table) => self.table(json!({ "type": "table" }), table),
            Block::Chart(chart) => self.table(picture(chart), &chart.table),
            Block::Card(card) => self.card(card),
            Block::Signatures(who) => self.value(&json!({ "type": "signatures", "who": who })),
            Block::Links(cells) => {
                let words: Vec<Json> = cells.iter().map(|cell| plain(&cell.value)).collect();
                self.value(&json!({ "type": "links", "items": words }));
            }
        }
    }

    /// A table: its columns, its rows as far as a sheet takes them, and how many there are.
    fn table(&mut self, mut head: Json, table: &Table<'_>) {
        head["columns"] = table.columns.iter().map(column).collect();
        head["count"] = json!(table.rows.len());
        head["empty"] = json!(table.empty);
        head["rows"] = json!([]);
        self.around(&head, "rows", |out| {
            out.joined(table.rows.first(ROWS as usize), |out, row| {
                out.0.push(b'[');
                for (number, cell) in row.iter().enumerate() {
                    if number > 0 {
                        out.0.push(b',');
                    }
                    out.cell(&cell.value);
                }
                out.0.push(b']');
            });
        });
    }

    /// A cell's value, without a detour where it is text: there are many.
    fn cell(&mut self, value: &Value<'_>) {
        match value {
            // Writing into memory does not fail.
            Value::Text(text) => serde_json::to_writer(&mut self.0, text.as_ref()).unwrap_or_default(),
            other => self.value(&plain(other)),
        }
    }

    fn card(&mut self, card: &Card<'_>) {
        let fields = card.fields.iter().map(|(label, cell)| json!({ "label": label, "value": plain(&cell.value) }));
        let fields: Vec<Json> = fields.collect();
        let head = json!({ "type": "card", "title": card.title, "fields": fields, "lists": [] });
        self.around(&head, "lists", |out| {
            out.joined(&card.lists, |out, (title, table)| out.table(json!({ "type": "table", "title": title }), table));
        });
    }
}

fn key_figures(key: &KeyFigures) -> Json {
    let figures: Vec<Json> =
        key.figures.iter().map(|(name, figure)| json!({ "name": name, "value": figure })).collect();
    let parts: Vec<Json> = key.parts.iter().map(|(name, figures)| json!({ "name": name, "values": figures })).collect();
    json!({ "type": "key_figures", "label": key.label, "figures": figures, "parts": parts })
}

/// How a table is drawn.
fn picture(chart: &Chart<'_>) -> Json {
    let drawn = match chart.kind {
        ChartKind::Line => "line",
        ChartKind::Bar => "bar",
        ChartKind::Column => "column",
        ChartKind::Stacked => "stacked",
        ChartKind::Waterfall => "waterfall",
        ChartKind::Pareto => "pareto",
        ChartKind::Radar => "radar",
    };
    json!({ "type": "chart", "drawn": drawn, "title": chart.title, "category": chart.category, "series": chart.series })
}

fn column(column: &Column) -> Json {
    let kind = match column.kind {
        Kind::Text => "text",
        Kind::Word => "word",
        Kind::Count => "count",
        Kind::Number => "number",
        Kind::Share => "share",
        Kind::Date => "date",
        Kind::Amount => "amount",
    };
    json!({ "title": column.title, "kind": kind, "unit": column.unit })
}

fn plain(value: &Value<'_>) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Text(text) => json!(text),
        Value::Count(count) => json!(count),
        Value::Share(share) => json!(share),
        Value::Date(day) => json!(day.to_string()),
        Value::Amount(amount) => json!(amount.to_f64()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::super::blocks::{Cell, Rows};
    use super::super::super::document::Sheet;
    use super::*;

    #[test]
    fn rows_are_typed_and_words_that_look_like_markup_stay_words() {
        let rows = vec![
            vec![Cell::from("\"rows\":[]"), Cell::from(3), Cell::from(Value::Share(0.25)), Cell::from(Value::Empty)],
            vec![Cell::from("=1+1\n"), Cell::from(rust_decimal::Decimal::new(125, 1)), "".into(), "".into()],
        ];
        let columns = ["甲", "乙", "\"blocks\":[]", "丁"].map(|title| Column::new(title, Kind::Text, 8));
        let table = Table {
            columns: columns.into(),
            rows: Rows::of(rows),
            is_list: true,
            empty: "\"rows\":[]".to_owned(),
            shaded: Vec::new(),
        };
        let blocks = vec![Block::Heading("\"sheets\":[]".to_owned()), Block::Table(table)];
        let sheets = vec![Sheet { name: "\"blocks\":[]".to_owned(), blocks, one_page: false }];
        let draft = Draft { title: String::new(), sheets, mail: BTreeMap::new() };
        let about = About {
            report: "r",
            title: "\"sheets\":[]",
            department: None,
            company: "c",
            period: "2026-W47".to_owned(),
            revision: 1,
            as_of: "2026-11-22".to_owned(),
        };
        let read: Json = serde_json::from_slice(&write(&about, &draft)).expect("JSON");
        assert_eq!(read["title"], "\"sheets\":[]");
        let table = &read["sheets"][0]["blocks"][1];
        assert_eq!(table["rows"], json!([["\"rows\":[]", 3, 0.25, null], ["=1+1\n", 12.5, "", ""]]));
        assert_eq!((&table["count"], &table["columns"][2]["title"]), (&json!(2), &json!("\"blocks\":[]")));
    }
}
