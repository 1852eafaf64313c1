//! The cells of one sheet before anybody knows what they mean: its first rows as text, and its columns on request.
//!
//! Apart because it is the seam between the formats, which fill it, and header finding, which reads it.

use polars::prelude::{NewChunkedArray, StringChunked, StringChunkedBuilder};

use super::cells::CellMark;
use super::header::HEAD_ROWS;
use super::text_file::TextBody;
use crate::dataset::raw::RowNumbers;
use crate::text::Text;

/// One sheet of a workbook, or the whole of a file without sheets.
pub struct Sheet {
    /// Its name; empty for files without sheets.
    pub name: String,
    /// The first rows as text.
    pub head: Vec<Vec<String>>,
    /// The encoding of a text file.
    pub encoding: String,
    /// What a reader of the load notes should know.
    pub remarks: Vec<Text>,
    /// The cells.
    pub body: SheetBody,
}

/// Where the cells of a sheet are.
pub enum SheetBody {
    /// All in memory, by column, from the first row.
    Grid(Vec<Cells>),
    /// In a text file, parsed once the header is known.
    Text(TextBody),
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
                let cut = |marks: &[u32]| {
                    marks.iter().filter_map(|mark| mark.checked_sub(u32::try_from(first).unwrap_or(0))).collect()
                };
                let columns = columns
                    .iter()
                    .map(|cells| Cells {
                        values: cells.values.slice(i64::try_from(first).unwrap_or(0), usize::MAX),
                        errors: cut(&cells.errors),
                        lost_digits: cut(&cells.lost_digits),
                    })
                    .collect();
                let number = u32::try_from(first + 1).unwrap_or(u32::MAX);
                Ok(Below { columns, rows: RowNumbers::From(number), remarks: Vec::new() })
            }
        }
    }
}

/// Gathers cells that come row by row into columns of text.
#[derive(Default)]
pub struct GridBuilder {
    columns: Vec<ColumnBuilder>,
    height: usize,
    head: Vec<Vec<String>>,
}

struct ColumnBuilder {
    values: StringChunkedBuilder,
    length: usize,
    errors: Vec<u32>,
    lost_digits: Vec<u32>,
}

impl GridBuilder {
    /// Adds a cell; rows must not go back within a column.
    pub fn add(&mut self, row: u32, column: u32, text: &str, mark: CellMark) {
        let (index, column) = (row as usize, column as usize);
        while self.columns.len() <= column {
            self.columns.push(ColumnBuilder {
                values: StringChunkedBuilder::new("c".into(), 0),
                length: 0,
                errors: Vec::new(),
                lost_digits: Vec::new(),
            });
        }
        self.height = self.height.max(index + 1);
        if index < HEAD_ROWS {
            while self.head.len() <= index {
                self.head.push(Vec::new());
            }
            let cells = &mut self.head[index];
            while cells.len() <= column {
                cells.push(String::new());
            }
            text.clone_into(&mut cells[column]);
        }
        let builder = &mut self.columns[column];
        if index < builder.length {
            return;
        }
        (builder.length..index).for_each(|_| builder.values.append_null());
        if text.is_empty() {
            builder.values.append_null()
        } else {
            builder.values.append_value(text)
        }
        builder.length = index + 1;
        match mark {
            CellMark::Plain => {}
            CellMark::Error => builder.errors.push(row),
            CellMark::LostDigits => builder.lost_digits.push(row),
        }
    }

    /// The number of rows so far.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Makes room for rows without any cell at the end.
    pub fn extend_to(&mut self, height: usize) {
        self.height = self.height.max(height);
    }

    /// The first rows and all columns, of equal height.
    pub fn finish(self) -> (Vec<Vec<String>>, Vec<Cells>) {
        let height = self.height;
        let columns = self
            .columns
            .into_iter()
            .map(|mut builder| {
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
    Sheet {
        name: String::new(),
        head: vec![names.to_vec()],
        encoding: String::new(),
        remarks: Vec::new(),
        body: SheetBody::Grid(grid),
    }
}
