//! The rows of text files: what number of a file's lines each row has that Spark found.
//!
//! Apart because Spark numbers lines part by part, and because here it is settled which files it could not be given. It
//! trusts no number that does not fit the others.

use polars::prelude::{StringChunked, StringChunkedBuilder};

use crate::source::sheet::{Sheet, SheetBody};

/// A part of a file that Spark read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    /// Where it begins, in bytes.
    start: u64,
    /// The number that Spark gave its first line.
    first: u64,
    /// How many lines it has.
    lines: u64,
}

/// The lines of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lines(Vec<Block>);

/// The lines of each file; nothing for one that has a line which is no record beyond doubt, or numbers that do not fit.
pub fn of_files(blocks: &Sheet, files: usize) -> Option<Vec<Option<Lines>>> {
    let SheetBody::Grid(columns) = &blocks.body else { return None };
    let column = |at: usize| -> Option<Vec<u64>> {
        let values = &columns.get(at)?.values;
        values.iter().skip(1).map(|value| value?.parse().ok()).collect()
    };
    let (of, starts, firsts, counts, odd) = (column(0)?, column(1)?, column(2)?, column(3)?, column(4)?);
    let mut all: Vec<Option<Lines>> = (0..files).map(|_| Some(Lines::default())).collect();
    for (at, file) in of.iter().enumerate() {
        let place = all.get_mut(usize::try_from(*file).ok()?)?;
        match place {
            Some(lines) if odd[at] == 0 => {
                lines.0.push(Block { start: starts[at], first: firsts[at], lines: counts[at] });
            }
            _ => *place = None,
        }
    }
    Some(all.into_iter().map(|lines| lines?.sound()).collect())
}

impl Lines {
    /// The same in order, where the numbers are those of a file that was read from its beginning.
    fn sound(mut self) -> Option<Self> {
        self.0.sort_by_key(|block| block.start);
        let begins = self.0.first().is_some_and(|block| block.start == 0 && block.first == 0);
        let grows = self.0.windows(2).all(|pair| pair[0].first + pair[0].lines <= pair[1].first);
        (begins && grows).then_some(self)
    }

    /// The line that has a number, counted from 0; the header is line 0.
    fn of(&self, number: u64) -> Option<u64> {
        let after = self.0.partition_point(|block| block.first <= number);
        let block = self.0.get(after.checked_sub(1)?)?;
        let within = (number - block.first < block.lines).then_some(number - block.first)?;
        Some(self.0.iter().take(after - 1).map(|block| block.lines).sum::<u64>() + within)
    }

    /// Puts lines for the numbers in the last column of a file's rows.
    pub fn place(&self, rows: &mut Sheet) -> Option<()> {
        let SheetBody::Grid(columns) = &mut rows.body else { return None };
        let numbers = &mut columns.last_mut()?.values;
        let mut lines = StringChunkedBuilder::new(numbers.name().clone(), numbers.len());
        lines.append_option(numbers.get(0));
        for number in numbers.iter().skip(1) {
            lines.append_value(self.of(number?.parse().ok()?)?.to_string());
        }
        let lines: StringChunked = lines.finish();
        *numbers = lines;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(blocks: &[(u64, u64, u64)]) -> Option<Lines> {
        Lines(
            blocks.iter().map(|(start, first, lines)| Block { start: *start, first: *first, lines: *lines }).collect(),
        )
        .sound()
    }

    #[test]
    fn a_number_is_told_by_the_part_that_it_was_given_in() {
        let file = lines(&[(900, 8_589_934_592, 3), (0, 0, 5), (500, 5, 4)]).expect("a file");
        for (number, line) in [(0, 0), (4, 4), (5, 5), (8, 8), (8_589_934_592, 9), (8_589_934_594, 11)] {
            assert_eq!(file.of(number), Some(line), "{number}");
        }
        assert_eq!(file.of(9), None);
        assert_eq!(file.of(8_589_934_595), None);
    }

    #[test]
    fn numbers_that_do_not_fit_are_not_believed() {
        assert_eq!(lines(&[]), None);
        assert_eq!(lines(&[(0, 1, 5)]), None);
        assert_eq!(lines(&[(10, 0, 5)]), None);
        assert_eq!(lines(&[(0, 0, 5), (500, 4, 4)]), None);
        assert_eq!(lines(&[(0, 5, 5), (500, 0, 5)]), None);
    }
}
