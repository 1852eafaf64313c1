//! The cells of one sheet before anybody knows what they mean: its first rows as text, and its columns on request.
//!
//! Apart because it is the seam between the formats, which fill it, and header finding, which reads it.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{ChunkFullNull, NewChunkedArray, StringChunked, StringChunkedBuilder};

use super::cells::CellMark;
use super::header::HEAD_ROWS;
use super::merged;
use super::text_file::TextBody;
use crate::dataset::raw::RowNumbers;
use crate::text;
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
    /// Whether the looks could be learnt.
    pub has_looks: bool,
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
}

impl Sheet {
    /// The rows below a header row counted from 0, as wide as the header.
    ///
    /// # Errors
    /// Where a text file cannot be parsed.
    pub fn below(&self, header: usize, width: usize) -> Result<Below, Text> {
        match &self.body {
            SheetBody::Text(body) => body.below(header, width),
            SheetBody::Grid(columns) => {
                let first = header + 1;
                let start = u32::try_from(first).unwrap_or(u32::MAX);
                let cut = |marks: &[u32]| marks.iter().filter_map(|mark| mark.checked_sub(start)).collect();
                let mut columns: Vec<Cells> = columns
                    .iter()
                    .map(|cells| Cells {
                        values: cells.values.slice(i64::try_from(first).unwrap_or(0), usize::MAX),
                        errors: cut(&cells.errors),
                        lost_digits: cut(&cells.lost_digits),
                    })
                    .collect();
                let remarks = merged::fill(&mut columns, &self.merges, start).into_iter().collect();
                Ok(Below { columns, rows: RowNumbers::From(start.saturating_add(1)), remarks })
            }
        }
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

/// At most so many cells are kept of a sheet, empty ones between others included.
const MOST_CELLS: usize = 64_000_000;
/// At most so many bytes of text are kept of a sheet.
const MOST_TEXT: usize = 1 << 30;
/// At most so many characters are kept of a cell; a spreadsheet itself holds 32,767.
pub const MOST_CHARACTERS: usize = 100_000;

/// Gathers cells that come row by row into columns of text.
#[derive(Default)]
pub struct GridBuilder {
    columns: Vec<ColumnBuilder>,
    height: usize,
    head: Vec<Vec<String>>,
    text: usize,
    /// Columns with a cell.
    filled: usize,
    cut: Vec<(u32, u32)>,
    pictures: Vec<(u32, u32)>,
}

struct ColumnBuilder {
    values: StringChunkedBuilder,
    length: usize,
    errors: Vec<u32>,
    lost_digits: Vec<u32>,
    dates: Vec<u32>,
}

impl ColumnBuilder {
    fn new() -> Self {
        Self {
            values: StringChunkedBuilder::new("c".into(), 0),
            length: 0,
            errors: Vec::new(),
            lost_digits: Vec::new(),
            dates: Vec::new(),
        }
    }
}

impl GridBuilder {
    /// Adds a cell; rows must not go back within a column.
    pub fn add(&mut self, row: u32, column: u32, text: &str, mark: CellMark) {
        let (index, place) = (row as usize, column as usize);
        if self.columns.len() <= place {
            self.columns.resize_with(place + 1, ColumnBuilder::new);
        }
        self.height = self.height.max(index + 1);
        let text = if text.len() > MOST_CHARACTERS { self.shortened(row, column, text) } else { text };
        if index < HEAD_ROWS {
            self.add_to_head(index, place, text);
        }
        let Some(builder) = self.columns.get_mut(place) else { return };
        if index < builder.length {
            return;
        }
        self.filled += usize::from(builder.length == 0);
        for _ in builder.length..index {
            builder.values.append_null();
        }
        if text.is_empty() {
            builder.values.append_null();
        } else {
            builder.values.append_value(text);
        }
        self.text += text.len();
        builder.length = index + 1;
        match mark {
            CellMark::Plain => {}
            CellMark::Error => builder.errors.push(row),
            CellMark::LostDigits => builder.lost_digits.push(row),
            CellMark::Date => builder.dates.push(row),
            CellMark::Picture => self.pictures.push((row, column)),
        }
    }

    fn add_to_head(&mut self, row: usize, column: usize, text: &str) {
        while self.head.len() <= row {
            self.head.push(Vec::new());
        }
        let Some(cells) = self.head.get_mut(row) else { return };
        while cells.len() <= column {
            cells.push(String::new());
        }
        text.clone_into(&mut cells[column]);
    }

    fn shortened<'t>(&mut self, row: u32, column: u32, text: &'t str) -> &'t str {
        match text.char_indices().nth(MOST_CHARACTERS) {
            Some((end, _)) => {
                self.cut.push((row, column));
                text.get(..end).unwrap_or(text)
            }
            None => text,
        }
    }

    /// Whether what was added so far is less than is kept of a sheet.
    ///
    /// # Errors
    /// Where it is not, with the limit and what to do.
    pub fn is_within_limits(&self) -> Result<(), Text> {
        if self.filled.saturating_mul(self.height) <= MOST_CELLS && self.text <= MOST_TEXT {
            return Ok(());
        }
        let (rows, columns) = (self.height, self.columns.len());
        Err(text!(
            "工作表过大（已有 {rows} 行 {columns} 列；上限 {MOST_CELLS} 个单元格、1 GB 文字），未读；\
             请删去数据之外的行和列，或拆成几个文件、改用 CSV",
            "the sheet is too large (already {rows} rows and {columns} columns; at most {MOST_CELLS} cells and 1 GB of text) \
             and was not read; delete rows and columns beyond the data, split it, or use CSV"
        ))
    }

    /// The number of rows so far.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Makes room for rows without any cell at the end.
    pub fn extend_to(&mut self, height: usize) {
        self.height = self.height.max(height);
    }

    /// Takes what is to be told of single cells.
    pub fn take_notes(&mut self) -> CellNotes {
        CellNotes {
            pictures: std::mem::take(&mut self.pictures),
            cut: std::mem::take(&mut self.cut),
            dates: self.columns.iter_mut().map(|column| std::mem::take(&mut column.dates)).collect(),
            ..CellNotes::default()
        }
    }

    /// The first rows and all columns, of equal height.
    pub fn finish(self) -> (Vec<Vec<String>>, Vec<Cells>) {
        let height = self.height;
        let empty = StringChunked::full_null("c".into(), height);
        let columns = self
            .columns
            .into_iter()
            .map(|mut builder| {
                if builder.length == 0 {
                    return Cells { values: empty.clone(), errors: Vec::new(), lost_digits: Vec::new() };
                }
                (builder.length..height).for_each(|_| builder.values.append_null());
                Cells { values: builder.values.finish(), errors: builder.errors, lost_digits: builder.lost_digits }
            })
            .collect();
        (self.head, columns)
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
