//! Merged cells below a header: the value of the top-left cell belongs to all rows of its range.
//!
//! Apart because it is the one place that fills cells which are empty in the file, and it fills nothing but them: down
//! the first column of a merged range, never past it, never to the right, where other columns have other meanings.

use polars::prelude::StringChunked;

use super::sheet::{Cells, MergedRange};
use crate::text;
use crate::text::Text;

/// Rows of one column that take the value of the row above them, counted from 0 below the header.
struct Span {
    from: usize,
    to: usize,
}

/// Fills the records below a header, whose first row is given; and says how much was filled.
pub fn fill(
    columns: &mut [Cells],
    merges: &[MergedRange],
    first: u32,
    is_record: impl Fn(usize) -> bool,
) -> Option<Text> {
    let mut by_column: Vec<Vec<Span>> = (0..columns.len()).map(|_| Vec::new()).collect();
    for range in merges.iter().filter(|range| range.first_row >= first && range.last_row > range.first_row) {
        if let Some(spans) = by_column.get_mut(range.first_column as usize) {
            spans.push(Span { from: (range.first_row - first) as usize, to: (range.last_row - first) as usize });
        }
    }
    let (mut ranges, mut cells) = (0_usize, 0_usize);
    for (column, mut spans) in columns.iter_mut().zip(by_column) {
        if spans.is_empty() {
            continue;
        }
        spans.sort_by_key(|span| span.from);
        for filled in fill_column(column, &spans, &is_record) {
            ranges += usize::from(filled > 0);
            cells += filled;
        }
    }
    (cells > 0).then(|| {
        text!(
            "{ranges} 处合并单元格：左上角的值已填入区域内其余 {cells} 行",
            "{ranges} merged ranges: their value was filled into the other {cells} rows of them"
        )
    })
}

/// Fills one column by spans in order; how many cells each filled.
fn fill_column(column: &mut Cells, spans: &[Span], is_record: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut filled = vec![0; spans.len()];
    let mut values: Vec<Option<&str>> = column.values.iter().collect();
    let (mut errors, mut lost_digits) = (Vec::new(), Vec::new());
    for (span, count) in spans.iter().zip(&mut filled) {
        let Some(value) = values.get(span.from).copied().flatten() else { continue };
        let is_marked = |marks: &[u32]| u32::try_from(span.from).is_ok_and(|row| marks.binary_search(&row).is_ok());
        let (error, lost) = (is_marked(&column.errors), is_marked(&column.lost_digits));
        let last = span.to.min(values.len().saturating_sub(1));
        for (row, cell) in (0_u32..).zip(values.iter_mut()).take(last + 1).skip(span.from + 1) {
            // What stands in a covered cell is hidden from people and stays what it is.
            if cell.is_none() && is_record(row as usize) {
                *cell = Some(value);
                *count += 1;
                errors.extend(error.then_some(row));
                lost_digits.extend(lost.then_some(row));
            }
        }
    }
    let values: StringChunked = values.into_iter().collect();
    column.values = values;
    for (marks, more) in [(&mut column.errors, errors), (&mut column.lost_digits, lost_digits)] {
        marks.extend(more);
        marks.sort_unstable();
    }
    filled
}

#[cfg(test)]
mod tests {
    use polars::prelude::NewChunkedArray;

    use super::*;

    fn column(cells: &[Option<&str>]) -> Cells {
        let values = StringChunked::from_slice_options("c".into(), cells);
        Cells { values, errors: vec![4], lost_digits: Vec::new() }
    }

    #[test]
    fn only_empty_cells_of_the_first_column_of_a_range_are_filled() {
        let mut columns = [
            column(&[Some("华东"), None, None, None, Some("#N/A"), None, Some("x")]),
            column(&[Some("a"), None, None, None, None, None, None]),
        ];
        let range =
            |first_row, last_row, last_column| MergedRange { first_row, first_column: 0, last_row, last_column };
        // below a header in row 3: rows 3 to 5 of the first column and its neighbour, then 7 to 9
        let said = fill(&mut columns, &[range(3, 5, 1), range(7, 9, 0), range(0, 2, 0)], 3, |row| row != 1)
            .expect("something was filled");
        let cells: Vec<Option<&str>> = columns[0].values.iter().collect();
        assert_eq!(cells, [Some("华东"), None, Some("华东"), None, Some("#N/A"), Some("#N/A"), Some("x")]);
        assert_eq!(columns[0].errors, [4, 5]);
        assert_eq!(columns[1].values.iter().flatten().count(), 1);
        assert!(said.zh.contains("2 处") && said.zh.contains("2 行"), "{}", said.zh);
    }
}
