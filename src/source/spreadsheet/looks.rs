//! The looks of a sheet's rows, gathered while its cells are read.
//!
//! Apart because they are learnt only where a source says that colours mean something.

use calamine::{Cell, DataRef, Style};

use crate::source::sheet::RowLook;

/// Gathers the looks of rows.
pub struct Looks {
    /// Fill colour and line of each style.
    styles: Vec<(Option<u32>, bool)>,
    rows: Vec<RowLook>,
}

impl Looks {
    /// Knows the styles of a workbook.
    pub fn new(styles: &[Style]) -> Self {
        let look = |style: &Style| {
            let fill = style.fill.as_ref().filter(|fill| fill.is_visible()).and_then(|fill| fill.get_color());
            let colour = fill.map(|colour| colour.to_argb() & 0x00FF_FFFF);
            (colour, style.font.as_ref().is_some_and(|font| font.has_strikethrough()))
        };
        Self { styles: styles.iter().map(look).collect(), rows: Vec::new() }
    }

    /// Takes note of a cell's style and hands the cell on.
    pub fn seen<'a>(&mut self, cell: Cell<DataRef<'a>>, style: usize) -> Cell<DataRef<'a>> {
        let (colour, struck) = self.styles.get(style).copied().unwrap_or_default();
        let struck = struck && !matches!(cell.get_value(), DataRef::Empty);
        if colour.is_some() || struck {
            let (row, _) = cell.get_position();
            if self.rows.last().is_none_or(|last| last.row != row) {
                self.rows.push(RowLook { row, colours: Vec::new(), struck: false });
            }
            if let Some(look) = self.rows.last_mut() {
                look.struck |= struck;
                look.colours.extend(colour.filter(|colour| !look.colours.contains(colour)));
            }
        }
        cell
    }

    /// The looks of all rows that have one.
    pub fn finish(self) -> Vec<RowLook> {
        self.rows
    }
}
