//! What a workbook says of a sheet beside its values: merged ranges, hidden rows and columns, formulas without a value,
//! and from which year it counts days.
//!
//! Apart because calamine does not tell most of it. Each kind of file has its own way, in a file of its own; here is
//! what all of them gather. A fact that cannot be learnt is left out: the values decide what is read.

use crate::source::sheet::MergedRange;

/// At most so many places and ranges are kept of each sort.
const MOST: usize = 2_000_000;

/// The facts of one sheet; rows and columns are counted from 0.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Merged ranges.
    pub merges: Vec<MergedRange>,
    /// Hidden rows, in order.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, in order.
    pub hidden_columns: Vec<u32>,
    /// Cells whose formula has no value.
    pub without_value: Vec<(u32, u32)>,
    /// Cells whose formula shows a picture.
    pub pictures: Vec<(u32, u32)>,
    /// Whether the workbook counts days from 1904, as old ones of Macs do.
    pub is_1904: bool,
}

impl Facts {
    /// Adds a merged range of more than one cell.
    pub fn merge(&mut self, range: MergedRange) {
        let is_one = range.first_row == range.last_row && range.first_column == range.last_column;
        let is_upright = range.first_row <= range.last_row && range.first_column <= range.last_column;
        if !is_one && is_upright && self.merges.len() < MOST {
            self.merges.push(range);
        }
    }

    /// Adds a hidden row; rows come in order.
    pub fn hide_row(&mut self, row: u32) {
        if self.hidden_rows.last().is_none_or(|last| *last < row) && self.hidden_rows.len() < MOST {
            self.hidden_rows.push(row);
        }
    }

    /// Adds hidden columns, the last one included; columns come in order.
    pub fn hide_columns(&mut self, first: u32, last: u32) {
        let first = self.hidden_columns.last().map_or(first, |known| first.max(known + 1));
        self.hidden_columns.extend(first..=last.min(16_383));
    }

    /// Adds a cell whose formula has no value.
    pub fn without_value(&mut self, place: (u32, u32)) {
        if self.without_value.len() < MOST {
            self.without_value.push(place);
        }
    }
}

/// A place such as `B12`, as row and column counted from 0.
pub fn place(written: &str) -> Option<(u32, u32)> {
    let letters = written.trim_start_matches('$');
    let split = letters.find(|character: char| !character.is_ascii_alphabetic())?;
    let column = letters.get(..split)?.bytes().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    let row: u32 = letters.get(split..)?.trim_start_matches('$').parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// A range such as `A1:C1`.
pub fn range(written: &str) -> Option<MergedRange> {
    let (first, last) = written.split_once(':')?;
    let ((first_row, first_column), (last_row, last_column)) = (place(first)?, place(last)?);
    Some(MergedRange { first_row, first_column, last_row, last_column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_ranges_are_read() {
        assert_eq!(place("B12"), Some((11, 1)));
        assert_eq!(place("$AA$1"), Some((0, 26)));
        assert_eq!((place("12"), place("B"), place("B0"), place("ZZZZZZZZZZZ1")), (None, None, None, None));
        let expected = MergedRange { first_row: 0, first_column: 0, last_row: 1, last_column: 2 };
        assert_eq!(range("A1:C2"), Some(expected));
    }
}
