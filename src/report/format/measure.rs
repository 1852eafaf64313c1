//! How much room text takes on a sheet.
//!
//! Apart because it is a guess, and the only one: rows of unknown height are cut by programs that do not measure them
//! when they open a workbook. It knows no font file.

use super::super::blocks::{Block, Chart};
use super::super::document::Sheet;

/// The height of a row of the standard font, in pixels.
pub const ROW_HEIGHT: u32 = 22;
/// The width of a sentence across a sheet, in digits: a landscape page.
pub const PAGE: u16 = 132;
/// What a further line adds to a row, in pixels.
const LINE_HEIGHT: u32 = 18;

/// The widths of a sheet's columns: the widest that any of its tables asks for; a page where it has none.
pub fn widths(sheet: &Sheet<'_>) -> Vec<u16> {
    let mut widths: Vec<u16> = Vec::new();
    for block in &sheet.blocks {
        let (Block::Table(table) | Block::Chart(Chart { table, .. })) = block else { continue };
        for (place, column) in table.columns.iter().enumerate() {
            match widths.get_mut(place) {
                Some(width) => *width = column.width.max(*width),
                None => widths.push(column.width),
            }
        }
    }
    if widths.is_empty() { vec![PAGE] } else { widths }
}

/// The height of a row of so many lines, in pixels. Not every program finds it when it opens a workbook.
pub fn height(lines: usize) -> u32 {
    ROW_HEIGHT + LINE_HEIGHT * (lines as u32).saturating_sub(1)
}

/// How many lines a text takes in a column of that many digits, rather one too many than one too few.
pub fn lines(text: &str, width: u16) -> usize {
    // In twentieths of a digit: fonts differ, words break early.
    let room = usize::from(width.max(2)) * 20;
    let of_letter = |letter: char| match letter {
        'A'..='Z' | 'm' | 'w' | '@' | '%' => 28,
        '\0'..='\x7f' => 23,
        _ => 40,
    };
    text.split('\n').map(|line| line.chars().map(of_letter).sum::<usize>().div_ceil(room).max(1)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_letters_are_twice_as_wide_and_lines_break() {
        assert_eq!([lines("", 8), lines("待办", 8), lines("待办清单一", 8), lines("a\nb", 8)], [1, 1, 2, 2]);
        assert_eq!([height(1), height(3)], [22, 58]);
    }
}
