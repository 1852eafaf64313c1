//! Workbooks: .xlsx .xlsm .xlsb .xls .ods (and .et, which is one of them under another name), by calamine.
//!
//! Apart because workbooks have sheets, and a sheet is read cell by cell into columns. What a cell says, `cells` knows.

use std::io::Cursor;

use calamine::{Data, DataRef, Dimensions, Reader, SheetVisible, Sheets, Xlsx};

use super::cells::{self, CellMark, explain, written};
use super::sheet::{GridBuilder, MergedRange, Sheet, SheetBody};
use crate::text;
use crate::text::Text;

/// A workbook in memory.
pub struct Workbook {
    sheets: Sheets<Cursor<Vec<u8>>>,
}

impl Workbook {
    /// Opens a workbook from its bytes.
    ///
    /// # Errors
    /// Where it is protected by a password, damaged, or none.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Text> {
        cells::open(bytes).map(|sheets| Self { sheets })
    }

    /// The names of the sheets, and whether each is hidden.
    pub fn names(&self) -> Vec<(String, bool)> {
        self.sheets
            .sheets_metadata()
            .iter()
            .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
            .collect()
    }

    /// Reads one sheet whole.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn read(&mut self, name: &str, hidden: bool) -> Result<Sheet, Text> {
        let mut grid = GridBuilder::default();
        match &mut self.sheets {
            Sheets::Xlsx(workbook) => read_cells(workbook, name, &mut grid)?,
            other => {
                let range = other.worksheet_range(name).map_err(|error| explain(&error.to_string()))?;
                let (top, left) = range.start().unwrap_or((0, 0));
                for (row, cells) in (top..).zip(range.rows()) {
                    for (column, cell) in (left..).zip(cells) {
                        let (text, mark) = written(cell);
                        if !text.is_empty() {
                            grid.add(row, column, &text, mark);
                        }
                    }
                }
            }
        }
        let (head, columns) = grid.finish();
        let remarks = if hidden { vec![text!("隐藏的工作表", "a hidden sheet")] } else { Vec::new() };
        let merges = self.merges(name);
        Ok(Sheet { name: name.to_owned(), head, remarks, merges, body: SheetBody::Grid(columns), ..Sheet::default() })
    }

    fn merges(&mut self, name: &str) -> Vec<MergedRange> {
        let ranges = match &mut self.sheets {
            Sheets::Xlsx(workbook) => workbook.merge_cells_by_sheet_name(name).unwrap_or_default(),
            Sheets::Xls(workbook) => workbook.merge_cells_by_sheet_name(name).unwrap_or_default(),
            _ => Vec::new(),
        };
        let merged = |range: &Dimensions| MergedRange {
            first_row: range.start.0,
            first_column: range.start.1,
            last_row: range.end.0,
            last_column: range.end.1,
        };
        ranges.iter().map(merged).collect()
    }
}

fn read_cells(workbook: &mut Xlsx<Cursor<Vec<u8>>>, name: &str, grid: &mut GridBuilder) -> Result<(), Text> {
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| explain(&error.to_string()))?;
    while let Some(cell) = reader.next_cell().map_err(|error| explain(&error.to_string()))? {
        let (row, column) = cell.get_position();
        match cell.get_value() {
            DataRef::SharedString(text) => grid.add(row, column, text, CellMark::Plain),
            DataRef::String(text) => grid.add(row, column, text, CellMark::Plain),
            other => {
                let cell = Data::from(other.clone());
                let (text, mark) = written(&cell);
                if !text.is_empty() {
                    grid.add(row, column, &text, mark);
                }
            }
        }
    }
    Ok(())
}
