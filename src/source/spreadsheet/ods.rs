//! What calamine does not tell of an .ods sheet: merged ranges, hidden rows and columns.
//!
//! Apart because all sheets of such a file lie in one part. Rows and cells are counted by their repeats.

use memchr::memmem;
use quick_xml::events::{BytesStart, Event};

use super::facts::Facts;
use super::parts::{Parts, XmlPart, attribute, each_block};
use super::shared::SharedBytes;
use crate::source::sheet::MergedRange;

const CONTENT: &str = "content.xml";
const MOST_ROWS: u32 = 1_048_576;

/// Learns the facts of all sheets, in the order of the file; none where nothing is merged or hidden.
pub fn of_sheets(bytes: &SharedBytes) -> Vec<Facts> {
    let Ok(mut parts) = Parts::open(bytes) else { return Vec::new() };
    let words: [&[u8]; 3] = [b"number-rows-spanned", b"visibility=\"collapse", b"visibility=\"filter"];
    let mut matters = false;
    let mut window: Vec<u8> = Vec::new();
    if let Some(part) = parts.stream(CONTENT) {
        each_block(part, |block| {
            window.drain(..window.len().saturating_sub(32));
            window.extend_from_slice(block);
            matters |= words.iter().any(|word| memmem::find(&window, word).is_some());
        });
    }
    match parts.xml(CONTENT).filter(|_| matters) {
        Some(part) => walk(part),
        None => Vec::new(),
    }
}

fn walk(mut reader: XmlPart<'_>) -> Vec<Facts> {
    let mut sheets: Vec<Facts> = Vec::new();
    let (mut row, mut column) = (0_u32, 0_u32);
    let mut repeats = 1;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.name().as_ref() {
                "table:table" => {
                    sheets.push(Facts::default());
                    (row, column) = (0, 0);
                }
                "table:table-column" => {
                    let count = number(&element, "number-columns-repeated");
                    if is_hidden(&element)
                        && let Some(facts) = sheets.last_mut()
                    {
                        facts.hide_columns(column, column.saturating_add(count - 1));
                    }
                    column = column.saturating_add(count);
                }
                "table:table-row" => {
                    repeats = number(&element, "number-rows-repeated");
                    column = 0;
                    if is_hidden(&element)
                        && let Some(facts) = sheets.last_mut()
                    {
                        (row..row.saturating_add(repeats).min(MOST_ROWS)).for_each(|row| facts.hide_row(row));
                    }
                }
                "table:table-cell" => {
                    let (down, right) =
                        (number(&element, "number-rows-spanned"), number(&element, "number-columns-spanned"));
                    if let Some(facts) = sheets.last_mut() {
                        facts.merge(MergedRange {
                            first_row: row,
                            first_column: column,
                            last_row: row.saturating_add(down - 1),
                            last_column: column.saturating_add(right - 1),
                        });
                    }
                    column = column.saturating_add(number(&element, "number-columns-repeated"));
                }
                "table:covered-table-cell" => {
                    column = column.saturating_add(number(&element, "number-columns-repeated"));
                }
                _ => {}
            },
            Ok(Event::End(element)) if element.name().as_ref() == "table:table-row" => {
                row = row.saturating_add(repeats);
            }
            Ok(Event::Eof) | Err(_) => return sheets,
            Ok(_) => {}
        }
    }
}

/// A count of at least one.
fn number(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

fn is_hidden(element: &BytesStart<'_>) -> bool {
    attribute(element, "visibility").is_some_and(|how| how == "collapse" || how == "filter")
}
