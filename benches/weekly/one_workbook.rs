//! The six CSV files of a company as one workbook, a sheet a table, and its sources pointed there.
//!
//! Apart because the made-up company has no such file, and the comparison with other readers wants one. Days become date
//! cells and amounts numbers, as people type them; all else is text.

use std::error::Error;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::company::WORKBOOK;

/// Tables and the names of their sheets, the same as in `benches/python/tables.py`.
const SHEETS: [(&str, &str); 6] = [
    ("customers", "客户"),
    ("contacts", "联系人"),
    ("contracts", "合同"),
    ("visits", "拜访"),
    ("changes", "变更"),
    ("employees", "员工"),
];
/// What the header of an amount holds.
const AMOUNT: &str = "(万元)";

/// Writes the workbook of a workplace and has its sources read it.
pub fn gather(workplace: &Path) -> Result<(), Box<dyn Error>> {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let settings = workplace.join("hedui.toml");
    let mut written = fs::read_to_string(&settings)?;
    for (table, name) in SHEETS {
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(name)?;
        fill(sheet, &workplace.join(format!("data/{table}.csv")), &day)?;
        let path = format!("path = \"data/{table}.csv\"");
        written = written.replace(&path, &format!("path = \"data/{WORKBOOK}\"\nsheet = \"{name}\""));
    }
    workbook.save(workplace.join("data").join(WORKBOOK))?;
    fs::write(settings, written)?;
    Ok(())
}

fn fill(sheet: &mut Worksheet, file: &Path, day: &Format) -> Result<(), Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file)?;
    let mut amounts: Vec<bool> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    while reader.read_record(&mut record)? {
        if row == 0 {
            amounts = record.iter().map(|header| header.contains(AMOUNT)).collect();
        }
        for ((column, cell), is_amount) in (0..).zip(record.iter()).zip(&amounts) {
            if !cell.is_empty() {
                write(sheet, (row, column), cell, *is_amount, day)?;
            }
        }
        row += 1;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &str,
    is_amount: bool,
    day: &Format,
) -> Result<(), XlsxError> {
    if let Some(date) = as_day(cell) {
        sheet.write_datetime_with_format(row, column, date, day)?;
        return Ok(());
    }
    match cell.parse::<f64>() {
        Ok(number) if is_amount => sheet.write_number(row, column, number)?,
        _ => sheet.write_string(row, column, cell)?,
    };
    Ok(())
}

/// A day that is written 2023-01-05.
fn as_day(cell: &str) -> Option<NaiveDate> {
    (cell.len() == 10 && cell.as_bytes().get(4) == Some(&b'-')).then(|| cell.parse().ok()).flatten()
}
