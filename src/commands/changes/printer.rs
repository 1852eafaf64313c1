//! The lines of `hedui history changes`, printed as they come: text, CSV or JSON.
//!
//! Apart from the comparison because it knows columns and no records.

use serde_json::{Value, json};

use crate::commands::talk::Talk;

/// The columns of a line.
pub const COLUMNS: [&str; 16] = [
    "job",
    "from_period",
    "period",
    "kind",
    "table",
    "record_key",
    "customer",
    "field",
    "old",
    "new",
    "file",
    "sheet",
    "row",
    "column",
    "department",
    "owner",
];

/// Prints line by line, so that a million of them need no memory.
pub struct Printer {
    form: Form,
    /// How many lines there were.
    pub lines: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    Csv,
    Json,
}

impl Printer {
    /// Begins, with the head of a list.
    pub fn new(csv: bool, talk: &Talk) -> Self {
        let form = match (csv, talk.is_json()) {
            (true, _) => Form::Csv,
            (false, true) => Form::Json,
            (false, false) => Form::Text,
        };
        match form {
            Form::Csv => out!("{}", csv_line(&COLUMNS.map(str::to_owned))),
            Form::Json => out!("["),
            Form::Text => {}
        }
        Self { form, lines: 0 }
    }

    /// Prints a line.
    pub fn line(&mut self, values: &[Value; COLUMNS.len()]) {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match self.form {
            Form::Csv => out!("{}", csv_line(&values.each_ref().map(plain))),
            Form::Json => {
                let object: serde_json::Map<String, Value> =
                    COLUMNS.iter().map(|name| (*name).to_owned()).zip(values.iter().cloned()).collect();
                out!("{}{}", if self.lines == 0 { " " } else { "," }, json!(object));
            }
            Form::Text => {
                let [_, _, _, kind, table, key, _, field, old, new, file, sheet, row, _, department, _] =
                    values.each_ref().map(plain);
                let cell = if field.is_empty() { String::new() } else { format!("  {field}  {old} → {new}") };
                let place = format!("{file} {sheet}");
                out!("{kind}  {table}  {key}{cell}  {}:{row}  {department}", place.trim());
            }
        }
        self.lines += 1;
    }

    /// Ends the list.
    pub fn end(&self) {
        if self.form == Form::Json {
            out!("]");
        }
    }
}

fn csv_line(cells: &[String]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    let written = writer.write_record(cells).ok().and_then(|()| writer.into_inner().ok());
    let line = written.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    line.trim_end_matches('\n').to_owned()
}
