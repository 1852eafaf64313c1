//! What a source hands over: the cells of one sheet, file or query as they were typed, and where they stood.
//!
//! Apart because every source makes it and only typing reads it. Values are text throughout: a code never passes
//! through a float, and a date cell is written as its ISO form, which typing reads back exactly.

use polars::prelude::{BooleanChunked, ChunkFilter, NewChunkedArray, PolarsResult, StringChunked};

use crate::model::{SourceNote, Unit};

/// The rows of one sheet, file or query for one table.
#[derive(Clone, Debug)]
pub struct RawTable {
    /// What reading gave; its counts hold for the rows here.
    pub note: SourceNote,
    /// The spreadsheet row of each row.
    pub rows: RowNumbers,
    /// The columns that belong to a field of the table.
    pub columns: Vec<RawColumn>,
}

/// One column that belongs to a field.
#[derive(Clone, Debug)]
pub struct RawColumn {
    /// The canonical name of the field.
    pub field: String,
    /// The column letters.
    pub letters: String,
    /// The cells as typed; null where empty.
    pub values: StringChunked,
    /// Rows (from 0) whose cell is an error such as #N/A: missing, whatever the text.
    pub errors: Vec<u32>,
    /// Rows (from 0) whose cell is a number that has lost digits.
    pub lost_digits: Vec<u32>,
    /// For an amount: the unit that the header states; nothing: that of the field.
    pub unit: Option<Unit>,
    /// For a date whose plain numbers are days as spreadsheets count them: how many to add, for some count from 1904.
    pub serials: Option<i32>,
}

impl RawColumn {
    /// A column of plain texts, such as an example has.
    pub fn of_texts(field: &str, letters: String, cells: Vec<Option<String>>) -> Self {
        let values = StringChunked::from_iter_options(field.into(), cells.into_iter());
        Self {
            field: field.to_owned(),
            letters,
            values,
            errors: Vec::new(),
            lost_digits: Vec::new(),
            unit: None,
            serials: None,
        }
    }
}

/// The spreadsheet rows of a run of records.
#[derive(Clone, Debug)]
pub enum RowNumbers {
    /// Consecutive from a first one.
    From(u32),
    /// One by one.
    Listed(Vec<u32>),
}

impl RowNumbers {
    /// The row of a record that stayed in its database: it is only counted.
    pub const NOWHERE: u32 = 0;

    /// The spreadsheet row of a record counted from 0.
    pub fn get(&self, index: usize) -> u32 {
        match self {
            RowNumbers::From(first) => first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)),
            RowNumbers::Listed(rows) => rows.get(index).copied().unwrap_or(0),
        }
    }
}

impl RawTable {
    /// The number of rows.
    pub fn height(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Leaves out the columns of some fields; one stays in any case, which says how many rows there are.
    pub fn leave_out(&mut self, is_idle: impl Fn(&str) -> bool) {
        let stays = self.columns.iter().position(|column| !is_idle(&column.field)).unwrap_or(0);
        let mut place = 0..;
        self.columns.retain(|column| place.next() == Some(stays) || !is_idle(&column.field));
    }

    /// Keeps the rows of a mask.
    ///
    /// # Errors
    /// Where the mask has another length.
    pub fn keep(&mut self, mask: &BooleanChunked) -> PolarsResult<()> {
        let kept: Vec<usize> =
            mask.iter().enumerate().filter(|(_, keep)| *keep == Some(true)).map(|(index, _)| index).collect();
        self.rows = RowNumbers::Listed(kept.iter().map(|index| self.rows.get(*index)).collect());
        let moved = |marks: &[u32]| -> Vec<u32> {
            marks
                .iter()
                .filter_map(|mark| kept.binary_search(&(*mark as usize)).ok().and_then(|at| u32::try_from(at).ok()))
                .collect()
        };
        for column in &mut self.columns {
            column.values = column.values.filter(mask)?;
            column.errors = moved(&column.errors);
            column.lost_digits = moved(&column.lost_digits);
        }
        Ok(())
    }
}

/// The letters of a column counted from 0: A … Z, AA …
pub fn column_letters(index: usize) -> String {
    let mut letters = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::column_letters;

    #[test]
    fn columns_have_the_letters_of_spreadsheets() {
        let letters: Vec<String> = [0, 25, 26, 51, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
    }
}
