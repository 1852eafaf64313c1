//! Columns of text that grow row by row, within a limit.
//!
//! Apart because every kind of database fills them. It knows names and texts, not where they come from.

use polars::prelude::StringChunkedBuilder;

use super::failure::Failure;
use crate::source::grid::MOST_CHARACTERS;
use crate::source::sheet::{Cells, Sheet, named_grid};

/// More bytes of one statement are not taken: a server has to share its memory.
const MOST_BYTES: usize = 4 << 30;
/// What a value takes beside its text.
const VALUE_BYTES: usize = 16;
/// Rows have numbers of 32 bits.
const MOST_ROWS: u32 = u32::MAX - 2;

/// The columns of a result.
pub struct Columns {
    names: Vec<String>,
    columns: Vec<Column>,
    rows: u32,
    bytes: usize,
    /// Row and column of values of which only the beginning was kept; the header is row 0.
    cut: Vec<(u32, u32)>,
}

struct Column {
    values: StringChunkedBuilder,
    lost_digits: Vec<u32>,
}

impl Columns {
    /// Columns of these names, without rows.
    pub fn new(names: Vec<String>) -> Self {
        let columns = names
            .iter()
            .map(|_| Column { values: StringChunkedBuilder::new("c".into(), 0), lost_digits: Vec::new() })
            .collect();
        Self { names, columns, rows: 0, bytes: 0, cut: Vec::new() }
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The value of a column in the row that is being filled; each has one a row. No text is none.
    pub fn push(&mut self, column: usize, text: &str) {
        let text = if text.len() > MOST_CHARACTERS { self.shortened(column, text) } else { text };
        if let Some(column) = self.columns.get_mut(column) {
            if text.is_empty() {
                column.values.append_null();
            } else {
                self.bytes += text.len();
                column.values.append_value(text);
            }
        }
    }

    fn shortened<'t>(&mut self, column: usize, text: &'t str) -> &'t str {
        let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) else { return text };
        self.cut.push((self.rows + 1, u32::try_from(column).unwrap_or(u32::MAX)));
        text.get(..end).unwrap_or(text)
    }

    /// No value.
    pub fn push_null(&mut self, column: usize) {
        if let Some(column) = self.columns.get_mut(column) {
            column.values.append_null();
        }
    }

    /// A number, and whether it has lost digits.
    pub fn push_number(&mut self, column: usize, text: &str, lost_digits: bool) {
        // the header will stand above
        let row = self.rows + 1;
        self.push(column, text);
        if lost_digits && let Some(column) = self.columns.get_mut(column) {
            column.lost_digits.push(row);
        }
    }

    /// The row is full.
    ///
    /// # Errors
    /// Where there is no room for another.
    pub fn end_row(&mut self) -> Result<(), Failure> {
        self.rows += 1;
        let taken = self.bytes + self.rows as usize * self.columns.len() * VALUE_BYTES;
        if taken > MOST_BYTES || self.rows == MOST_ROWS { Err(Failure::TooMuch(MOST_BYTES)) } else { Ok(()) }
    }

    /// The result as a sheet whose first row are the names.
    pub fn finish(self) -> Sheet {
        let cells = self
            .columns
            .into_iter()
            .map(|column| Cells { values: column.values.finish(), errors: Vec::new(), lost_digits: column.lost_digits })
            .collect();
        let mut sheet = named_grid(&self.names, cells);
        sheet.notes.cut = self.cut;
        sheet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::sheet::SheetBody;

    #[test]
    fn there_is_an_end_to_what_is_taken() {
        let mut columns = Columns::new(vec!["x".to_owned()]);
        columns.push(0, "a");
        assert!(columns.end_row().is_ok());
        columns.bytes = MOST_BYTES;
        columns.push(0, "b");
        assert!(matches!(columns.end_row(), Err(Failure::TooMuch(_))));
    }

    #[test]
    fn the_header_is_a_row_above_the_marks() {
        let mut columns = Columns::new(vec!["x".to_owned()]);
        for (text, lost_digits) in [("1", false), ("1000000000000000", true), ("", false)] {
            columns.push_number(0, text, lost_digits);
            columns.end_row().expect("room");
        }
        let sheet = columns.finish();
        let SheetBody::Grid(grid) = &sheet.body else { panic!("a grid") };
        assert_eq!(grid[0].values.iter().collect::<Vec<_>>(), [Some("x"), Some("1"), Some("1000000000000000"), None]);
        assert_eq!(sheet.below(0, 1).expect("rows").columns[0].lost_digits, [1]);
    }
}
