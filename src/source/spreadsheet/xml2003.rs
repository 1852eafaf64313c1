//! "XML Spreadsheet 2003": a workbook as one XML file, as older systems export it under the name .xls.
//!
//! Apart because calamine does not read it. It is small: sheets, rows and cells with a type each.

use encoding_rs::GB18030;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::facts::Facts;
use super::parts::{attribute, is_set};
use crate::source::cells::{explain, written};
use crate::source::grid::GridBuilder;
use crate::source::sheet::{MergedRange, Sheet};
use crate::text;
use crate::text::Text;

/// Whether a text begins as such a workbook does.
pub fn is_workbook(opening: &str) -> bool {
    opening.contains("urn:schemas-microsoft-com:office:spreadsheet")
}

/// A sheet while it is read.
#[derive(Default)]
struct Open {
    name: String,
    grid: GridBuilder,
    facts: Facts,
    row: u32,
    column: u32,
    is_hidden: bool,
}

/// A cell while it is read.
#[derive(Default)]
struct Cell {
    kind: String,
    text: String,
    is_data: bool,
    has_formula: bool,
    across: u32,
    down: u32,
}

/// Reads all sheets.
///
/// # Errors
/// Where it is no proper XML or too large.
pub fn open(bytes: &[u8]) -> Result<Vec<Sheet>, Text> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::Encoding::for_bom(bytes).map_or(GB18030, |(encoding, _)| encoding).decode(bytes).0,
    };
    let mut reader = Reader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = Vec::new();
    let (mut sheet, mut cell) = (Open::default(), Cell::default());
    loop {
        match reader.read_event().map_err(|error| explain(&error.to_string()))? {
            Event::Start(element) => start(&element, &mut sheet, &mut cell),
            Event::Text(piece) if cell.is_data => cell.text.push_str(&piece),
            Event::CData(piece) if cell.is_data => cell.text.push_str(&piece),
            Event::GeneralRef(name) if cell.is_data => {
                let reference = format!("&{};", &*name);
                cell.text.push_str(&unescape(&reference).unwrap_or_default());
            }
            Event::End(element) => match element.local_name().as_ref() {
                "Data" => cell.is_data = false,
                "Cell" => {
                    take(&mut sheet, &cell);
                    sheet.grid.is_within_limits()?;
                    sheet.column = sheet.column.saturating_add(1 + cell.across);
                }
                "Row" => sheet.row = sheet.row.saturating_add(1),
                "Worksheet" => sheets.push(finish(std::mem::take(&mut sheet))),
                _ => {}
            },
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

fn number(element: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(element, name)?.parse().ok()
}

fn start(element: &BytesStart<'_>, sheet: &mut Open, cell: &mut Cell) {
    match element.local_name().as_ref() {
        "Worksheet" => *sheet = Open { name: attribute(element, "Name").unwrap_or_default(), ..Open::default() },
        "Visible" => sheet.is_hidden = true, // only written where a sheet is hidden
        "Row" => {
            sheet.row = number(element, "Index").and_then(|row| row.checked_sub(1)).unwrap_or(sheet.row);
            sheet.column = 0;
            if is_set(element, "Hidden") {
                let span = number(element, "Span").unwrap_or(0).min(1 << 20);
                (sheet.row..=sheet.row.saturating_add(span)).for_each(|row| sheet.facts.hide_row(row));
            }
        }
        "Cell" => {
            sheet.column = number(element, "Index").and_then(|column| column.checked_sub(1)).unwrap_or(sheet.column);
            *cell = Cell {
                across: number(element, "MergeAcross").unwrap_or(0).min(16_383),
                down: number(element, "MergeDown").unwrap_or(0).min(1 << 20),
                has_formula: attribute(element, "Formula").is_some(),
                ..Cell::default()
            };
        }
        "Data" => {
            cell.kind = attribute(element, "Type").unwrap_or_default();
            cell.is_data = true;
        }
        _ => {}
    }
}

/// Adds a cell to its sheet.
fn take(sheet: &mut Open, cell: &Cell) {
    let place = (sheet.row, sheet.column);
    let (row, column) = place;
    if row >= 1 << 20 || column >= 1 << 14 {
        return;
    }
    sheet.facts.merge(MergedRange {
        first_row: row,
        first_column: column,
        last_row: row + cell.down,
        last_column: column + cell.across,
    });
    let value = match cell.kind.as_str() {
        "Number" => {
            cell.text.trim().parse().map_or_else(|_| calamine::Data::String(cell.text.clone()), calamine::Data::Float)
        }
        "DateTime" => calamine::Data::DateTimeIso(cell.text.clone()),
        "Boolean" => calamine::Data::Bool(cell.text.trim() == "1"),
        _ => calamine::Data::String(cell.text.clone()),
    };
    let (text, mark) = written(&value);
    if !text.is_empty() {
        sheet.grid.add(row, column, &text, mark);
    } else if cell.has_formula && cell.kind.is_empty() {
        sheet.facts.without_value(place);
    }
}

fn finish(sheet: Open) -> Sheet {
    let mut remarks = vec![text!("XML 表格 2003 格式", "in the format XML Spreadsheet 2003")];
    if sheet.is_hidden {
        remarks.push(text!("隐藏的工作表", "a hidden sheet"));
    }
    super::made(sheet.grid, sheet.facts, sheet.name, remarks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_placed_by_index_and_typed() {
        let xml = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
            <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
            <Worksheet ss:Name="客户"><Table><Row><Cell><Data ss:Type="String">编号</Data></Cell>
            <Cell ss:Index="3" ss:MergeDown="1"><Data ss:Type="String">A &amp; B</Data></Cell></Row>
            <Row ss:Index="3" ss:Hidden="1"><Cell><Data ss:Type="Number">13800138000</Data></Cell>
            <Cell><Data ss:Type="DateTime">2023-01-05T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>"#;
        assert!(is_workbook(xml));
        let [sheet] = <[Sheet; 1]>::try_from(open(xml.as_bytes()).expect("sheets")).ok().expect("one sheet");
        assert_eq!((sheet.name.as_str(), sheet.hidden_rows.as_slice()), ("客户", [2].as_slice()));
        assert_eq!(sheet.head[0], ["编号", "", "A & B"]);
        assert_eq!(sheet.head[2], ["13800138000", "2023-01-05"]);
        let expected = MergedRange { first_row: 0, first_column: 2, last_row: 1, last_column: 2 };
        assert_eq!(sheet.merges, [expected]);
    }
}
