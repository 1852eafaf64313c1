//! What calamine does not tell of an .xlsx sheet, read from the sheet's own part.
//!
//! Apart because it goes through the part a second time, beside calamine: first by a plain search of the unpacked bytes
//! for the few words that matter, and element by element only where one of them is there. Merged ranges stand behind
//! the rows, hidden columns before them: those ends are kept and read alone.

use memchr::memmem::{self, Finder};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::facts::{self, Facts};
use super::parts::{Parts, attribute, each_block, each_start, is_set};
use super::shared::SharedBytes;
use crate::source::cells::is_picture;

/// What stands before and behind the rows is kept up to this size.
const MOST_AROUND: usize = 64 << 20;

/// Learns the facts of a sheet; none where the part cannot be found, which calamine will tell of.
pub fn of_sheet(bytes: &SharedBytes, name: &str) -> Facts {
    let mut facts = Facts::default();
    let Ok(mut parts) = Parts::open(bytes) else { return facts };
    let Some(path) = path_of(&mut parts, name, &mut facts) else { return facts };
    let Some(seen) = search(&mut parts, &path) else { return facts };
    if memmem::find(&seen.before, b"hidden=").is_some() {
        columns(&seen.before, &mut facts);
    }
    if memmem::find(&seen.behind, b"mergeCell").is_some() {
        merges(&seen.behind, &mut facts);
    }
    if seen.rows_matter {
        rows(&mut parts, &path, &mut facts);
    }
    facts
}

/// How large the part of a sheet is, packed.
pub fn packed_size(parts: &mut Parts, name: &str) -> u64 {
    path_of(parts, name, &mut Facts::default()).map_or(0, |path| parts.packed_size(&path))
}

/// The part of a sheet, by way of the workbook's list of sheets and its relations; on the way, what the workbook says of
/// all sheets.
fn path_of(parts: &mut Parts, name: &str, facts: &mut Facts) -> Option<String> {
    let mut main = "xl/workbook.xml".to_owned();
    each_start(parts.xml("_rels/.rels")?, |local, element| {
        if local == "Relationship" && attribute(element, "Type").is_some_and(|kind| kind.ends_with("/officeDocument")) {
            main = attribute(element, "Target").unwrap_or_default().trim_start_matches('/').to_owned();
        }
    });
    let (folder, file) = main.rsplit_once('/').map_or(("", main.as_str()), |(folder, file)| (folder, file));
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut relation = None;
    each_start(parts.xml(&main)?, |local, element| {
        if local == "sheet" && relation.is_none() && attribute(element, "name").as_deref() == Some(name) {
            relation = attribute(element, "id");
        }
        facts.is_1904 |= local == "workbookPr" && is_set(element, "date1904");
    });
    let relation = relation?;
    let mut path = None;
    each_start(parts.xml(&format!("{prefix}_rels/{file}.rels"))?, |local, element| {
        if local == "Relationship" && attribute(element, "Id").as_deref() == Some(&relation) {
            path = attribute(element, "Target");
        }
    });
    path.map(|path| path.strip_prefix('/').map_or_else(|| format!("{prefix}{path}"), ToOwned::to_owned))
}

/// What the plain search found.
struct Seen {
    before: Vec<u8>,
    behind: Vec<u8>,
    rows_matter: bool,
}

/// Searches a part as it is unpacked; nothing where there is none.
fn search(parts: &mut Parts, path: &str) -> Option<Seen> {
    let part = parts.stream(path)?;
    let words = [Finder::new(b"hidden="), Finder::new(b"<f"), Finder::new(b":f")];
    let (opening, closing) = (Finder::new(b"sheetData"), Finder::new(b"/sheetData"));
    let mut seen = Seen { before: Vec::new(), behind: Vec::new(), rows_matter: false };
    let mut state = State::Before;
    // What stands at the end of a block is looked at again with the next one, for a word may lie across.
    let mut window: Vec<u8> = Vec::new();
    each_block(part, |block| match state {
        State::Before => {
            seen.before.extend_from_slice(block);
            let Some(at) = opening.find(&seen.before) else {
                if seen.before.len() > MOST_AROUND {
                    state = State::Behind; // no rows within reach
                    seen.before.clear();
                }
                return;
            };
            window = seen.before.split_off(at);
            state = State::Rows;
            if let Some(end) = closing.find(&window) {
                seen.behind = window.split_off(end);
                state = State::Behind;
            }
            seen.rows_matter = words.iter().any(|word| word.find(&window).is_some());
        }
        State::Rows => {
            window.drain(..window.len().saturating_sub(16));
            window.extend_from_slice(block);
            if let Some(end) = closing.find(&window) {
                seen.behind = window.split_off(end);
                state = State::Behind;
            }
            seen.rows_matter |= words.iter().any(|word| word.find(&window).is_some());
        }
        State::Behind => {
            if seen.behind.len() < MOST_AROUND {
                seen.behind.extend_from_slice(block);
            }
        }
    });
    Some(seen)
}

/// Where in the part the search is.
enum State {
    Before,
    Rows,
    Behind,
}

fn columns(before: &[u8], facts: &mut Facts) {
    each_element(before, |local, element| {
        if local == "col" && is_set(element, "hidden") {
            let bound = |name| attribute(element, name).and_then(|bound| bound.parse::<u32>().ok()?.checked_sub(1));
            if let (Some(first), Some(last)) = (bound("min"), bound("max")) {
                facts.hide_columns(first, last);
            }
        }
    });
}

fn merges(behind: &[u8], facts: &mut Facts) {
    each_element(behind, |local, element| {
        if local == "mergeCell"
            && let Some(range) = attribute(element, "ref").as_deref().and_then(facts::range)
        {
            facts.merge(range);
        }
    });
}

/// The elements that start in a piece of XML; it need not be whole.
fn each_element(xml: &[u8], visit: impl FnMut(&str, &BytesStart<'_>)) {
    let mut reader = Reader::from_reader(xml);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.expand_empty_elements = true;
    each_start(reader, visit);
}

/// A cell while it is read.
#[derive(Default)]
struct Current {
    place: (u32, u32),
    is_text: bool,
    has_formula: bool,
    has_value: bool,
    is_picture: bool,
    within: Within,
}

#[derive(Default, PartialEq, Eq)]
enum Within {
    #[default]
    Cell,
    Formula,
    Value,
}

/// Goes through the rows element by element: hidden ones, formulas without a value, pictures.
fn rows(parts: &mut Parts, path: &str, facts: &mut Facts) {
    let Some(mut reader) = parts.xml(path) else { return };
    let (mut row, mut column) = (0_u32, 0_u32);
    let mut cell = Current::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "row" => {
                    let number = attribute(&element, "r").and_then(|number| number.parse::<u32>().ok()?.checked_sub(1));
                    row = number.unwrap_or(row);
                    column = 0;
                    if is_set(&element, "hidden") {
                        facts.hide_row(row);
                    }
                }
                "c" => {
                    let place = attribute(&element, "r").as_deref().and_then(facts::place).unwrap_or((row, column));
                    column = place.1;
                    let is_text = attribute(&element, "t").is_some_and(|kind| kind == "str");
                    cell = Current { place, is_text, ..Current::default() };
                }
                "f" => {
                    cell.has_formula = true;
                    cell.within = Within::Formula;
                }
                "v" => {
                    // A formula whose value is the empty text has an empty value, and says that it is text.
                    cell.has_value = cell.is_text;
                    cell.within = Within::Value;
                }
                "is" => cell.has_value = true,
                _ => {}
            },
            Ok(Event::Text(text)) => match cell.within {
                Within::Formula => cell.is_picture |= is_picture(&format!("={}", text.as_ref() as &str)),
                Within::Value => cell.has_value |= !text.trim().is_empty(),
                Within::Cell => {}
            },
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "f" | "v" => cell.within = Within::Cell,
                "c" => {
                    if cell.is_picture {
                        facts.pictures.push(cell.place);
                    } else if cell.has_formula && !cell.has_value {
                        facts.without_value(cell.place);
                    }
                    column += 1;
                }
                "row" => row += 1,
                "sheetData" => return,
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}
