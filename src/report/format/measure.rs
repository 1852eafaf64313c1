//! How much room text takes on a sheet, and how a sheet is divided into columns.
//!
//! Apart because it is a guess, and the only one: rows of unknown height are cut by programs that do not measure them
//! when they open a workbook. It knows no font file.

use super::super::blocks::{Block, Chart, Column};

/// The height of a row of the standard font, in pixels.
pub const ROW_HEIGHT: u32 = 22;
/// The width of a sentence across a sheet, in digits: a landscape page.
pub const PAGE: u16 = 132;
/// Rows that a sheet has.
pub const ROWS: u32 = 1_048_576;
/// What a further line adds to a row, in pixels.
const LINE_HEIGHT: u32 = 18;
/// The columns that a card is laid out on, and how wide they are together: an upright page.
const CARD_COLUMNS: u16 = 12;
const CARD_PAGE: u16 = 96;

/// How a sheet is divided into columns.
pub struct Grid {
    /// Their widths in digits.
    pub widths: Vec<u16>,
    /// Whether it is a sheet of cards, on which tables run across as many columns as they need.
    pub is_cards: bool,
}

impl Grid {
    /// The columns of a sheet: the widest that any of its tables asks for; a page where it has none; on a sheet of cards
    /// many equal ones.
    pub fn of(blocks: &[Block<'_>]) -> Self {
        if is_cards(blocks) {
            let most = tables(blocks).map(|columns| columns.len() as u16).max().unwrap_or_default();
            let count = most.max(CARD_COLUMNS).next_multiple_of(2);
            return Self { widths: vec![(CARD_PAGE / count).max(4); usize::from(count)], is_cards: true };
        }
        let mut widths: Vec<u16> = Vec::new();
        for columns in tables(blocks) {
            for (place, column) in columns.iter().enumerate() {
                match widths.get_mut(place) {
                    Some(width) => *width = column.width.max(*width),
                    None => widths.push(column.width),
                }
            }
        }
        Self { widths: if widths.is_empty() { vec![PAGE] } else { widths }, is_cards: false }
    }

    /// The first and last column of the sheet that each column of a table takes.
    pub fn spans(&self, columns: &[Column]) -> Vec<(u16, u16)> {
        let all = self.widths.len();
        if !self.is_cards || columns.len() >= all {
            return (0..columns.len() as u16).map(|column| (column, column)).collect();
        }
        let wanted: usize = columns.iter().map(|column| usize::from(column.width.max(1))).sum();
        let (mut spans, mut first, mut asked) = (Vec::new(), 0, 0);
        for (place, column) in columns.iter().enumerate() {
            asked += usize::from(column.width.max(1));
            let left = columns.len() - place - 1;
            let end = ((asked * all + wanted / 2) / wanted).clamp(first + 1, all - left);
            spans.push((first as u16, end as u16 - 1));
            first = end;
        }
        spans
    }

    /// The width of the columns from one to another.
    pub fn width(&self, (first, last): (u16, u16)) -> u16 {
        let from = self.widths.get(usize::from(first)..=usize::from(last));
        from.map_or(8, |widths| widths.iter().sum())
    }
}

/// Whether blocks are printed as cards.
pub fn is_cards(blocks: &[Block<'_>]) -> bool {
    blocks.iter().any(|block| matches!(block, Block::Card(_)))
}

fn tables<'b>(blocks: &'b [Block<'_>]) -> impl Iterator<Item = &'b [Column]> {
    blocks.iter().flat_map(|block| match block {
        Block::Table(table) | Block::Chart(Chart { table, .. }) => vec![table.columns.as_slice()],
        Block::Card(card) => card.lists.iter().map(|(_, table)| table.columns.as_slice()).collect(),
        _ => Vec::new(),
    })
}

/// Where the rows of a sheet's list stand: the first of them, and how many fit; nothing where no list opens it.
pub fn list_rows(blocks: &[Block<'_>], limit: u32) -> Option<(u32, usize)> {
    let mut row = 0;
    for block in blocks {
        match block {
            Block::Table(table) if table.is_list => {
                let (room, is_cut) = room(row, table.rows.len(), limit);
                return Some((row + u32::from(is_cut) + 1, room.min(table.rows.len())));
            }
            Block::Title(_) | Block::Heading(_) | Block::Paragraph(_) | Block::Note(_) | Block::Links(_) => row += 1,
            Block::List(items, _) => row += items.len() as u32,
            _ => return None,
        }
    }
    None
}

/// How many rows of a table fit below a row, and whether that is too few: the header, and the note that says what does
/// not fit, take room too.
pub fn room(row: u32, count: usize, limit: u32) -> (usize, bool) {
    let room = limit.saturating_sub(row + 2) as usize;
    (room, count > room)
}

/// The height of a row of so many lines, in pixels. Not every program finds it when it opens a workbook.
pub fn height(lines: usize) -> u32 {
    ROW_HEIGHT + LINE_HEIGHT * (lines as u32).saturating_sub(1)
}

/// How many lines a text takes in a column of that many digits, rather one too many than one too few.
pub fn lines(text: &str, width: u16) -> usize {
    // In twentieths of a digit: fonts differ, words break early.
    let room = usize::from(width.max(2)) * 20;
    // No letter takes more than that much a byte.
    if text.len() * 28 <= room && !text.as_bytes().contains(&b'\n') {
        return 1;
    }
    let of_letter = |letter: char| match letter {
        'A'..='Z' | 'm' | 'w' | '@' | '%' => 28,
        '\0'..='\x7f' => 23,
        _ => 40,
    };
    text.split('\n').map(|line| line.chars().map(of_letter).sum::<usize>().div_ceil(room).max(1)).sum()
}

#[cfg(test)]
mod tests {
    use super::super::super::blocks::Kind;
    use super::*;

    #[test]
    fn chinese_letters_are_twice_as_wide_and_lines_break() {
        assert_eq!([lines("", 8), lines("待办", 8), lines("待办清单一", 8), lines("a\nb", 8)], [1, 1, 2, 2]);
        assert_eq!([height(1), height(3)], [22, 58]);
    }

    #[test]
    fn a_table_on_a_card_fills_the_page_and_every_column_has_room() {
        let grid = Grid { widths: vec![8; 12], is_cards: true };
        let columns = [40, 1, 1, 30].map(|width| Column::new("", Kind::Text, width));
        let spans = grid.spans(&columns);
        assert_eq!((spans[0].0, spans[3].1), (0, 11));
        assert!(spans.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{spans:?}");
        let many = vec![Column::new("", Kind::Text, 5); 11];
        assert_eq!((grid.spans(&many).len(), grid.spans(&many).last().map(|span| span.1)), (11, Some(11)));
    }
}
