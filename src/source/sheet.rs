//! The cells of one sheet before anybody knows what they mean: its first rows as text, and its columns on request.
//!
//! Apart because it is the seam between the formats, which fill it, and header finding, which reads it.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{NewChunkedArray, StringChunked};

use super::merged;
use super::text_file::{BlockBody, TextBody};
use crate::dataset::raw::RowNumbers;
use crate::text::Text;

/// One sheet of a workbook, or the whole of a file without sheets.
#[derive(Default)]
pub struct Sheet {
    /// Its name; empty for files without sheets.
    pub name: String,
    /// The first rows as text.
    pub head: Vec<Vec<String>>,
    /// The encoding of a text file.
    pub encoding: String,
    /// What a reader of the load notes should know.
    pub remarks: Vec<Text>,
    /// Merged ranges, those of the head too: only the top-left cell of each has a value.
    pub merges: Vec<MergedRange>,
    /// Rows that are hidden, counted from 0, in order.
    pub hidden_rows: Vec<u32>,
    /// What the load notes say of single cells and columns.
    pub notes: CellNotes,
    /// How rows look, in order, those without colour or line left out; learnt only where a source asks for it.
    pub looks: Vec<RowLook>,
    /// Whether its workbook counts days from 1904.
    pub is_1904: bool,
    /// Whether the looks could be learnt.
    pub has_looks: bool,
    /// The rows below a header in the first row, where they are not one behind the other.
    pub rows: Option<RowNumbers>,
    /// The cells.
    pub body: SheetBody,
}

/// What is to be told of cells that look like others; rows and columns are counted from 0.
#[derive(Clone, Debug, Default)]
pub struct CellNotes {
    /// Hidden columns.
    pub hidden_columns: Vec<u32>,
    /// Cells whose formula has no value.
    pub without_value: Vec<(u32, u32)>,
    /// Cells that hold a picture.
    pub pictures: Vec<(u32, u32)>,
    /// Cells of which only the beginning was kept.
    pub cut: Vec<(u32, u32)>,
    /// Rows whose cell is a date, by column.
    pub dates: Vec<Vec<u32>>,
}

/// The fill colours of the cells of a row, counted from 0, and whether one of them is struck through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowLook {
    /// The row.
    pub row: u32,
    /// Red, green, blue of each colour.
    pub colours: Vec<u32>,
    /// Whether a cell that holds something is struck through.
    pub struck: bool,
}

/// A merged range; rows and columns are counted from 0, the last ones belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedRange {
    /// Its first row.
    pub first_row: u32,
    /// Its first column.
    pub first_column: u32,
    /// Its last row.
    pub last_row: u32,
    /// Its last column.
    pub last_column: u32,
}

/// Where the cells of a sheet are.
pub enum SheetBody {
    /// All in memory, by column, from the first row.
    Grid(Vec<Cells>),
    /// In a text file, parsed once the header is known.
    Text(TextBody),
    /// In a text file, cut block by block once the header is known.
    Blocks(BlockBody),
}

impl Default for SheetBody {
    fn default() -> Self {
        SheetBody::Grid(Vec::new())
    }
}

/// The cells of one column below a header, or of a whole column.
#[derive(Clone, Debug)]
pub struct Cells {
    /// As typed; null where empty.
    pub values: StringChunked,
    /// Rows whose cell is an error.
    pub errors: Vec<u32>,
    /// Rows whose cell is a number that has lost digits.
    pub lost_digits: Vec<u32>,
}

/// The rows below a header.
pub struct Below {
    /// The cells by column.
    pub columns: Vec<Cells>,
    /// The spreadsheet rows.
    pub rows: RowNumbers,
    /// What was found out on the way.
    pub remarks: Vec<Text>,
    /// Places in the sheet of cells of which only the beginning was kept, counted from 0, where only parsing shows them.
    pub cut: Vec<(u32, u32)>,
}

impl Sheet {
    /// Whether it was opened in blocks and has to be read whole after all.
    pub fn is_odd(&self) -> bool {
        matches!(&self.body, SheetBody::Blocks(body) if body.is_odd())
    }

    /// The rows below a header row counted from 0, as wide as the header.
    ///
    /// # Errors
    /// Where a text file cannot be parsed.
    pub fn below(&self, header: usize, width: usize) -> Result<Below, Text> {
        match &self.body {
            SheetBody::Text(body) => body.below(header, width),
            SheetBody::Blocks(body) => body.below(header, width),
            SheetBody::Grid(columns) => {
                let first = header + 1;
                let start = u32::try_from(first).unwrap_or(u32::MAX);
                let cut = |marks: &[u32]| marks.iter().filter_map(|mark| mark.checked_sub(start)).collect();
                let columns: Vec<Cells> = columns
                    .iter()
                    .map(|cells| Cells {
                        values: cells.values.slice(i64::try_from(first).unwrap_or(0), usize::MAX),
                        errors: cut(&cells.errors),
                        lost_digits: cut(&cells.lost_digits),
                    })
                    .collect();
                Ok(Below {
                    columns,
                    rows: self.rows.clone().unwrap_or(RowNumbers::From(start.saturating_add(1))),
                    remarks: Vec::new(),
                    cut: Vec::new(),
                })
            }
        }
    }

    /// Fills merged cells below a header row counted from 0, except in rows that are no records.
    pub fn fill_merged(&self, below: &mut Below, header: usize, skipped: &[(usize, &'static str)]) {
        let first = u32::try_from(header + 1).unwrap_or(u32::MAX);
        let is_record = |row: usize| skipped.binary_search_by_key(&row, |(row, _)| *row).is_err();
        below.remarks.extend(merged::fill(&mut below.columns, &self.merges, first, is_record));
    }
}

/// Puts a text into single cells, which are no errors then.
pub fn show(columns: &mut [Cells], places: &[(u32, u32)], text: &str) {
    let mut by_column: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (row, column) in places {
        by_column.entry(*column).or_default().insert(*row);
    }
    for (column, rows) in by_column {
        let Some(cells) = columns.get_mut(column as usize) else { continue };
        let values = cells.values.iter().zip(0_u32..);
        cells.values = values.map(|(value, row)| if rows.contains(&row) { Some(text) } else { value }).collect();
        cells.errors.retain(|row| !rows.contains(row));
        cells.lost_digits.retain(|row| !rows.contains(row));
    }
}

/// Columns of text as a grid whose first row is the header: what queries and Parquet files give.
pub fn named_grid(names: &[String], columns: Vec<Cells>) -> Sheet {
    let grid = columns
        .into_iter()
        .zip(names)
        .map(|(cells, name)| {
            let mut values = StringChunked::from_slice("c".into(), &[name.as_str()]);
            let _ = values.append(&cells.values);
            Cells { values, errors: cells.errors, lost_digits: cells.lost_digits }
        })
        .collect();
    Sheet { head: vec![names.to_vec()], body: SheetBody::Grid(grid), ..Sheet::default() }
}
