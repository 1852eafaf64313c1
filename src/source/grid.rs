//! Cells that come row by row, gathered into columns of text.
//!
//! Apart because how much is kept of a sheet is decided here, whatever it is read from, and what comes out of order is put
//! right. It knows no format and no header.

use std::collections::BTreeMap;

use polars::prelude::{ChunkFullNull, StringChunked, StringChunkedBuilder};

use super::cells::CellMark;
use super::header::HEAD_ROWS;
use super::sheet::{CellNotes, Cells};
use crate::text;
use crate::text::Text;

/// At most so many cells are kept of a sheet, empty ones between others included.
const MOST_CELLS: usize = 64_000_000;
/// At most so many bytes of text are kept of a sheet.
const MOST_TEXT: usize = 1 << 30;
/// What a cell that came late takes beside its text.
const LATE_CELL: usize = 96;
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
    /// Cells that came after others further down, by column and row.
    late: BTreeMap<(u32, u32), (String, CellMark)>,
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

    fn mark(&mut self, row: u32, mark: CellMark) {
        match mark {
            CellMark::Plain | CellMark::Picture => {}
            CellMark::Error => self.errors.push(row),
            CellMark::LostDigits => self.lost_digits.push(row),
            CellMark::Date => self.dates.push(row),
        }
    }

    /// Puts cells into rows that have none; those that found a place.
    fn insert(&mut self, mut cells: BTreeMap<u32, (String, CellMark)>) -> Vec<(u32, CellMark)> {
        let before = std::mem::replace(&mut self.values, StringChunkedBuilder::new("c".into(), self.length)).finish();
        let mut inserted = Vec::new();
        for (row, cell) in (0_u32..).zip(before.iter()) {
            match (cell, cells.remove(&row)) {
                (None, Some((text, mark))) => {
                    self.values.append_option(Some(text.as_str()).filter(|text| !text.is_empty()));
                    self.mark(row, mark);
                    inserted.push((row, mark));
                }
                (cell, _) => self.values.append_option(cell),
            }
        }
        for marked in [&mut self.errors, &mut self.lost_digits, &mut self.dates] {
            marked.sort_unstable();
        }
        inserted
    }
}

impl GridBuilder {
    /// Adds a cell, best row by row: one further up than the last of its column is kept apart until the end. Of two in
    /// one place the first stays.
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
            if !text.is_empty() || mark != CellMark::Plain {
                self.text += text.len() + LATE_CELL;
                self.late.entry((column, row)).or_insert_with(|| (text.to_owned(), mark));
            }
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
        if mark == CellMark::Picture {
            self.pictures.push((row, column));
        }
        builder.mark(row, mark);
    }

    /// Puts the cells that came late into their columns.
    fn settle(&mut self) {
        let mut by_column: BTreeMap<u32, BTreeMap<u32, (String, CellMark)>> = BTreeMap::new();
        for ((column, row), cell) in std::mem::take(&mut self.late) {
            by_column.entry(column).or_default().insert(row, cell);
        }
        for (column, cells) in by_column {
            let Some(builder) = self.columns.get_mut(column as usize) else { continue };
            for (row, mark) in builder.insert(cells) {
                if mark == CellMark::Picture {
                    self.pictures.push((row, column));
                }
            }
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
        if cells[column].is_empty() {
            text.clone_into(&mut cells[column]);
        }
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
        self.settle();
        CellNotes {
            pictures: std::mem::take(&mut self.pictures),
            cut: std::mem::take(&mut self.cut),
            dates: self.columns.iter_mut().map(|column| std::mem::take(&mut column.dates)).collect(),
            ..CellNotes::default()
        }
    }

    /// The first rows and all columns, of equal height.
    pub fn finish(mut self) -> (Vec<Vec<String>>, Vec<Cells>) {
        self.settle();
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

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn cells_come_in_whatever_order(places in proptest::collection::vec((0_u32..40, 0_u32..3), 0..60)) {
            let text = |(row, column): (u32, u32)| format!("{row}-{column}");
            let made = |places: &[(u32, u32)]| {
                let mut grid = GridBuilder::default();
                for place in places {
                    let mark = if place.0 % 3 == 0 { CellMark::Error } else { CellMark::Date };
                    grid.add(place.0, place.1, &text(*place), mark);
                }
                let dates = grid.take_notes().dates;
                let (head, columns) = grid.finish();
                let cells: Vec<Vec<Option<String>>> = columns
                    .iter()
                    .map(|cells| cells.values.iter().map(|cell| cell.map(str::to_owned)).collect())
                    .collect();
                let errors: Vec<Vec<u32>> = columns.into_iter().map(|cells| cells.errors).collect();
                (head, cells, errors, dates)
            };
            let mut ordered = places.clone();
            ordered.sort_unstable();
            ordered.dedup();
            proptest::prop_assert_eq!(made(&places), made(&ordered));
        }
    }
}
