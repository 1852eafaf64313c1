//! Reading what comes back: workbooks of every kind and text files, whatever was done to names, columns and order.
//!
//! Apart because a return is not a source: its columns are found one by one, its rows may stand anywhere, and what is
//! not a row of the list is passed over. Hidden and filtered rows are rows. It judges nothing.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::Reader;
use encoding_rs::{Encoding, GB18030};

use super::token;
use super::words::{Words, plain};
use crate::source::cells::{CellMark, explain, written};
use crate::source::content::Content;
use crate::source::spreadsheet;
use crate::text;
use crate::text::Text;

/// Headers are looked for in so many rows from the top.
const HEAD_ROWS: usize = 30;

/// A cell as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// Whether it is a number that has lost digits.
    pub lost_digits: bool,
}

/// A row of a returned list.
#[derive(Clone, Debug, Default)]
pub struct ReturnedRow {
    /// The sheet; empty for a text file.
    pub sheet: String,
    /// The spreadsheet row.
    pub row: u32,
    /// 行标识.
    pub token: Cell,
    /// The customer's code.
    pub code: Cell,
    /// The customer's name.
    pub name: Cell,
    /// The other columns of the list, by field.
    pub fields: BTreeMap<String, Cell>,
    /// 核对结果.
    pub result: Cell,
    /// 变更项目.
    pub changed: Cell,
    /// 更正后内容.
    pub corrected: Cell,
    /// 核对方式.
    pub method: Cell,
    /// The day.
    pub checked_on: Cell,
    /// 核对人.
    pub checked_by: Cell,
    /// What else was written.
    pub remark: Cell,
}

/// What a file held.
#[derive(Clone, Debug, Default)]
pub struct ReturnedFile {
    /// The rows of all its lists.
    pub rows: Vec<ReturnedRow>,
    /// Lines below a header that are no rows: signatures, notes.
    pub other_lines: u64,
}

/// What columns may be called: code, name and other fields with all their headers.
pub struct Headers<'a> {
    /// Every language's words.
    pub words: &'a [Words],
    /// The headers of the customer's code.
    pub code: &'a [String],
    /// Those of his name.
    pub name: &'a [String],
    /// (field, headers)
    pub fields: &'a [(String, Vec<String>)],
}

/// A sheet as text.
struct Grid {
    name: String,
    rows: Vec<(u32, Vec<Cell>)>,
}

/// Reads a returned file.
///
/// # Errors
/// Where it is no table, or no verification list, with what to do about it.
pub fn read(bytes: Vec<u8>, headers: &Headers<'_>) -> Result<ReturnedFile, Text> {
    if is_picture(&bytes) {
        return Err(text!(
            "这是照片或 PDF，程序读不出内容；请把结果填进核对表再导入，原件留档",
            "this is a picture or a PDF, which cannot be read; fill the results into the list, and keep the original"
        ));
    }
    let grids = match Content::of(&bytes)? {
        Content::Workbook => catch_unwind(AssertUnwindSafe(|| workbook(bytes))).unwrap_or_else(|_| {
            Err(text!(
                "文件已损坏；请用 Excel 或 WPS 打开后重新保存",
                "the file is damaged; open it in Excel or WPS and save it again"
            ))
        })?,
        Content::Text => vec![text_file(&bytes)?],
        Content::WebPage | Content::XmlWorkbook => {
            return Err(text!(
                "这是网页或 XML 文件，不是核对表；请用 Excel 或 WPS 打开后另存为 .xlsx",
                "this is a web page or an XML file, not a verification list; save it as .xlsx in Excel or WPS"
            ));
        }
        Content::Parquet => return Err(not_a_list()),
    };
    let mut file = ReturnedFile::default();
    let mut found = false;
    for grid in grids {
        let Some((at, columns)) = header(&grid, headers) else { continue };
        found = true;
        for (number, cells) in grid.rows.iter().skip(at + 1) {
            match row(&grid.name, *number, cells, &columns) {
                Some(row) => file.rows.push(row),
                None => file.other_lines += u64::from(cells.iter().any(|cell| !cell.text.trim().is_empty())),
            }
        }
    }
    if found { Ok(file) } else { Err(not_a_list()) }
}

fn not_a_list() -> Text {
    text!(
        "不是核对表：没有“核对结果”一列，或没有行标识和编号；请不要改表头",
        "not a verification list: no column of results, or neither mark nor code; keep the headers"
    )
}

fn is_picture(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 6] = [b"%PDF", b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"BM"];
    starts.iter().any(|start| bytes.starts_with(start)) || bytes.get(4..8) == Some(b"ftyp")
}

fn workbook(bytes: Vec<u8>) -> Result<Vec<Grid>, Text> {
    let (_, mut sheets) = spreadsheet::open(bytes, &[])?;
    let names: Vec<String> = sheets.sheet_names();
    let mut grids = Vec::new();
    for name in names {
        let range = sheets.worksheet_range(&name).map_err(|error| explain(&error.to_string()))?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let rows = (top..)
            .zip(range.rows())
            .map(|(row, line)| {
                let blanks = (0..left).map(|_| Cell::default());
                let cells = line.iter().map(|cell| {
                    let (text, mark) = written(cell);
                    let text = if mark == CellMark::Error { String::new() } else { text.into_owned() };
                    Cell { text, lost_digits: mark == CellMark::LostDigits }
                });
                (row + 1, blanks.chain(cells).collect())
            })
            .collect();
        grids.push(Grid { name, rows });
    }
    Ok(grids)
}

fn text_file(bytes: &[u8]) -> Result<Grid, Text> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0,
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => GB18030.decode_without_bom_handling(bytes).0,
        },
    };
    let width =
        |separator: u8| text.lines().take(HEAD_ROWS).map(|line| line.matches(char::from(separator)).count()).max();
    let separator = [b',', b'\t', b';'].into_iter().rev().max_by_key(|separator| width(*separator)).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (number, record) in (1_u32..).zip(reader.records()) {
        let record = record.map_err(|error| text!("文本读不出：{error}", "the text cannot be read: {error}"))?;
        let cells =
            record.iter().map(|text| Cell { text: text.to_owned(), lost_digits: is_scientific(text) }).collect();
        rows.push((number, cells));
    }
    Ok(Grid { name: String::new(), rows })
}

/// What spreadsheets make of a long number in a text file: 6.22202E+18.
fn is_scientific(text: &str) -> bool {
    text.split_once("E+").is_some_and(|(front, power)| {
        front.parse::<f64>().is_ok() && power.bytes().all(|byte| byte.is_ascii_digit()) && !power.is_empty()
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    Token,
    Code,
    Name,
    Field(String),
    Result,
    Changed,
    Corrected,
    Method,
    CheckedOn,
    CheckedBy,
    Remark,
}

/// The row with the most headers, and which column is which; nothing where no row can be one.
fn header(grid: &Grid, headers: &Headers<'_>) -> Option<(usize, Vec<(usize, Column)>)> {
    let mut best: Option<(usize, Vec<(usize, Column)>)> = None;
    for (at, (_, cells)) in grid.rows.iter().enumerate().take(HEAD_ROWS) {
        let mut columns: Vec<(usize, Column)> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            if let Some(column) = column(&cell.text, headers)
                && !columns.iter().any(|(_, taken)| *taken == column)
            {
                columns.push((index, column));
            }
        }
        if best.as_ref().is_none_or(|(_, known)| columns.len() > known.len()) {
            best = Some((at, columns));
        }
    }
    best.filter(|(_, columns)| {
        let has = |wanted: Column| columns.iter().any(|(_, column)| *column == wanted);
        has(Column::Result) && (has(Column::Token) || has(Column::Code))
    })
}

fn column(header: &str, headers: &Headers<'_>) -> Option<Column> {
    let said = plain(header);
    if said.is_empty() {
        return None;
    }
    let word = |key: &str| headers.words.iter().any(|words| plain(words.get(key)) == said);
    let one_of = |labels: &[String]| labels.iter().any(|label| plain(label) == said);
    let own = [
        ("token", Column::Token),
        ("result", Column::Result),
        ("changed_field", Column::Changed),
        ("corrected", Column::Corrected),
        ("method", Column::Method),
        ("on_day", Column::CheckedOn),
        ("checked_by", Column::CheckedBy),
        ("remark", Column::Remark),
    ];
    if let Some((_, column)) = own.into_iter().find(|(key, _)| word(key)) {
        return Some(column);
    }
    if one_of(headers.code) {
        return Some(Column::Code);
    }
    if one_of(headers.name) {
        return Some(Column::Name);
    }
    headers.fields.iter().find(|(_, labels)| one_of(labels)).map(|(field, _)| Column::Field(field.clone()))
}

/// A row of the list; nothing where it has neither mark nor code, nor a result.
fn row(sheet: &str, number: u32, cells: &[Cell], columns: &[(usize, Column)]) -> Option<ReturnedRow> {
    let mut row = ReturnedRow { sheet: sheet.to_owned(), row: number, ..ReturnedRow::default() };
    for (index, column) in columns {
        let cell = cells.get(*index).cloned().unwrap_or_default();
        match column {
            Column::Token => row.token = cell,
            Column::Code => row.code = cell,
            Column::Name => row.name = cell,
            Column::Field(field) => drop(row.fields.insert(field.clone(), cell)),
            Column::Result => row.result = cell,
            Column::Changed => row.changed = cell,
            Column::Corrected => row.corrected = cell,
            Column::Method => row.method = cell,
            Column::CheckedOn => row.checked_on = cell,
            Column::CheckedBy => row.checked_by = cell,
            Column::Remark => row.remark = cell,
        }
    }
    let says = |cell: &Cell| !cell.text.trim().is_empty();
    // The lines to sign on, which stand below every list that is issued, begin in the column of the code.
    let is_signature = row.code.text.trim_end().ends_with([':', '：']);
    let is_row = token::is_meant(&row.token.text) || says(&row.code) && !is_signature || says(&row.result);
    is_row.then_some(row)
}
