//! Workbooks: .xlsx .xlsm .xlsb .xls .ods (and .et, which is one of them under another name), by calamine.
//!
//! Apart because workbooks have sheets, and a sheet is read cell by cell into columns. What a cell says, `cells` knows.
//! What calamine does not tell is learnt beside it, at the same time: `look` (.xlsx), `xlsb`, `xls`, `ods`.

mod columns;
mod facts;
mod locked;
mod look;
mod looks;
mod ods;
mod opening;
mod parts;
mod shared;
mod short_cells;
mod xls;
mod xlsb;
pub mod xml2003;

use calamine::{Reader, SheetType, SheetVisible, Sheets, XlsxError};
use rayon::prelude::*;

use super::cells::{CellMark, PICTURE, explain, written};
use super::grid::GridBuilder;
use super::sheet::{Sheet, SheetBody};
use crate::text;
use crate::text::Text;
use columns::fill;
use facts::Facts;
use looks::Looks;
use parts::Parts;

pub use opening::{is_locked, open};
pub use shared::SharedBytes;

/// Below this packed size sheets are read one after the other: a further reader costs more than it saves.
const WORTH_A_READER: u64 = 1 << 20;

/// A workbook in memory.
pub struct Workbook {
    bytes: SharedBytes,
    sheets: Sheets<SharedBytes>,
    /// The facts of all sheets, where a kind of file gives them at once.
    facts: Vec<Facts>,
}

/// A sheet to be read.
struct Wanted {
    name: String,
    is_hidden: bool,
    facts: Option<Facts>,
    with_looks: bool,
}

impl Workbook {
    /// Opens a workbook from its bytes, with one of the passwords where it has one.
    ///
    /// # Errors
    /// Where it is protected by another password, damaged, too large, or none.
    pub fn open(bytes: Vec<u8>, passwords: &[String]) -> Result<Self, Text> {
        let (bytes, sheets) = open(bytes, passwords)?;
        let facts = match &sheets {
            Sheets::Xls(_) => xls::stream(bytes.as_slice()).map(|stream| xls::of_sheets(&stream)).unwrap_or_default(),
            Sheets::Ods(_) => ods::of_sheets(&bytes),
            Sheets::Xlsx(_) | Sheets::Xlsb(_) => Vec::new(),
        };
        Ok(Self { bytes, sheets, facts })
    }

    /// The names of the sheets that have cells; a chart on a sheet of its own has none.
    pub fn names(&self) -> Vec<String> {
        let sheets = self.sheets.sheets_metadata().iter();
        sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).collect()
    }

    /// Reads the sheets of these names, side by side where they are large; in the order of the workbook; with the looks
    /// of their rows where somebody asks for them.
    pub fn read(&mut self, names: &[&str], with_looks: bool) -> Vec<(String, Result<Sheet, Text>)> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (index, sheet) in self.sheets.sheets_metadata().iter().enumerate() {
            if names.contains(&sheet.name.as_str()) {
                let is_hidden = sheet.visible != SheetVisible::Visible;
                let facts = self.facts.get_mut(index).map(std::mem::take);
                wanted.push(Wanted { name: sheet.name.clone(), is_hidden, facts, with_looks });
            }
        }
        if wanted.len() > 1 && self.is_worth_readers(&wanted) {
            let share = wanted.len().div_ceil(rayon::current_num_threads().max(1));
            return wanted.par_chunks(share).flat_map_iter(|sheets| self.read_apart(sheets)).collect();
        }
        wanted.iter().map(|sheet| (sheet.name.clone(), read_one(&mut self.sheets, &self.bytes, sheet))).collect()
    }

    /// Whether the sheets of an archive are so large that each thread should have a reader of its own.
    fn is_worth_readers(&self, wanted: &[Wanted]) -> bool {
        let (Sheets::Xlsx(_), Ok(mut parts)) = (&self.sheets, Parts::open(&self.bytes)) else { return false };
        wanted.iter().map(|sheet| look::packed_size(&mut parts, &sheet.name)).sum::<u64>() > WORTH_A_READER
    }

    /// Reads some sheets by a reader of their own.
    fn read_apart(&self, wanted: &[Wanted]) -> Vec<(String, Result<Sheet, Text>)> {
        let mut reader = opening::open_again(&self.bytes);
        wanted
            .iter()
            .map(|sheet| {
                let read = match &mut reader {
                    Ok(sheets) => read_one(sheets, &self.bytes, sheet),
                    Err(error) => Err(error.clone()),
                };
                (sheet.name.clone(), read)
            })
            .collect()
    }
}

/// Reads one sheet whole, its cells and what is to be learnt beside them.
fn read_one(sheets: &mut Sheets<SharedBytes>, bytes: &SharedBytes, wanted: &Wanted) -> Result<Sheet, Text> {
    let name = wanted.name.as_str();
    let mut grid = GridBuilder::default();
    let mut looks = None;
    let (facts, read) = match sheets {
        Sheets::Xlsx(workbook) => rayon::join(
            || look::of_sheet(bytes, name),
            || {
                let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| explain(&error.to_string()))?;
                if wanted.with_looks {
                    let looks = looks.insert(Looks::new(reader.styles()));
                    return fill(&mut grid, || {
                        let cell = reader.next_cell_with_style_id()?;
                        Ok::<_, XlsxError>(cell.map(|(cell, style)| looks.seen(cell, style)))
                    });
                }
                fill(&mut grid, || reader.next_cell())
            },
        ),
        Sheets::Xlsb(workbook) => {
            let facts = xlsb::of_sheet(bytes, name);
            let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| explain(&error.to_string()))?;
            (facts, fill(&mut grid, || reader.next_cell()))
        }
        other => {
            let mut facts = wanted.facts.clone().unwrap_or_default();
            if let Sheets::Xls(workbook) = other {
                merges(workbook.merge_cells_by_sheet_name(name).unwrap_or_default(), &mut facts);
            }
            let range = other.worksheet_range(name).map_err(|error| explain(&error.to_string()))?;
            (facts, fill_from_range(&mut grid, &range))
        }
    };
    read?;
    let remarks = if wanted.is_hidden { vec![text!("隐藏的工作表", "a hidden sheet")] } else { Vec::new() };
    let mut sheet = made(grid, facts, wanted.name.clone(), remarks);
    sheet.has_looks = looks.is_some();
    sheet.looks = looks.map(Looks::finish).unwrap_or_default();
    Ok(sheet)
}

/// Puts a sheet together.
fn made(mut grid: GridBuilder, facts: Facts, name: String, mut remarks: Vec<Text>) -> Sheet {
    let mut notes = grid.take_notes();
    if facts.is_1904 && notes.dates.iter().any(|rows| !rows.is_empty()) {
        remarks.push(text!(
            "1904 日期系统的工作簿，日期已按此读取",
            "a workbook of the 1904 date system, its dates read as such"
        ));
    }
    let (mut head, mut columns) = grid.finish();
    for (row, column) in &facts.pictures {
        if let Some(cell) = head.get_mut(*row as usize).and_then(|cells| cells.get_mut(*column as usize)) {
            PICTURE.clone_into(cell);
        }
    }
    super::sheet::show(&mut columns, &facts.pictures, PICTURE);
    notes.pictures.extend(facts.pictures);
    notes.pictures.sort_unstable();
    notes.pictures.dedup();
    notes.without_value = facts.without_value;
    notes.hidden_columns = facts.hidden_columns;
    Sheet {
        name,
        head,
        remarks,
        merges: facts.merges,
        hidden_rows: facts.hidden_rows,
        is_1904: facts.is_1904,
        notes,
        body: SheetBody::Grid(columns),
        ..Sheet::default()
    }
}

fn fill_from_range(grid: &mut GridBuilder, range: &calamine::Range<calamine::Data>) -> Result<(), Text> {
    let (top, left) = range.start().unwrap_or((0, 0));
    for (row, cells) in (top..).zip(range.rows()) {
        for (column, cell) in (left..).zip(cells) {
            let (text, mark): (_, CellMark) = written(cell);
            if !text.is_empty() {
                grid.add(row, column, &text, mark);
            }
        }
        grid.is_within_limits()?;
    }
    Ok(())
}

fn merges(ranges: Vec<calamine::Dimensions>, facts: &mut Facts) {
    for range in ranges {
        facts.merge(super::sheet::MergedRange {
            first_row: range.start.0,
            first_column: range.start.1,
            last_row: range.end.0,
            last_column: range.end.1,
        });
    }
}
