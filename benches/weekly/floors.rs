//! What cannot be saved: the cells of workbooks taken one by one, and the findings written to workbooks one by one.
//!
//! Apart because these are the libraries' own loops and nothing else: no header, no column kept, no format, no sheet but
//! one. Nothing that reads or writes the same files by these libraries can be faster.

use std::error::Error;
use std::fs;
use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;

/// Takes all cells of the workbooks below a folder; how many.
pub fn cells(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "xlsx") {
            continue;
        }
        let mut workbook: Xlsx<_> = open_workbook(&path)?;
        for name in workbook.sheet_names() {
            let mut reader = workbook.worksheet_cells_reader(&name)?;
            while let Some(cell) = reader.next_cell()? {
                std::hint::black_box(&cell);
                count += 1;
            }
        }
    }
    Ok(count)
}

/// Writes the findings of a CSV file to one workbook in constant memory, a cell a column; how many.
pub fn findings(file: &Path) -> Result<u64, Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let mut reader = csv::Reader::from_path(file)?;
    let mut record = csv::StringRecord::new();
    let mut row = 0_u32;
    while reader.read_record(&mut record)? {
        for (column, cell) in (0..).zip(record.iter()) {
            sheet.write_string(row, column, cell)?;
        }
        row += 1;
    }
    std::hint::black_box(workbook.save_to_buffer()?);
    Ok(u64::from(row))
}
