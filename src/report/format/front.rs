//! What a first sheet opens with: key figures, and words that lead to the other sheets.
//!
//! Apart because these are no tables: their columns are those of the tables below them.

use rust_xlsxwriter::{Url, XlsxError};

use super::super::blocks::{Cell, KeyFigures, Link};
use super::measure::{ROW_HEIGHT, height, lines};
use super::sheet::Writer;
use super::text::shown;

impl Writer<'_> {
    pub(super) fn key_figures(&mut self, key: &KeyFigures) -> Result<(), XlsxError> {
        let styles = self.book.styles;
        let widths = self.grid.widths.iter().skip(1);
        let tallest = key.figures.iter().zip(widths).map(|((name, _), width)| lines(name, *width)).max();
        let pixels = height(tallest.unwrap_or(1)) + 4;
        self.worksheet.set_row_height_pixels(self.row, pixels)?;
        self.worksheet.set_row_height(self.row + 1, 33)?;
        self.worksheet.write_blank(self.row, 0, &styles.figure_label)?;
        for (column, (name, _)) in (1u16..).zip(&key.figures) {
            self.worksheet.write_string_with_format(self.row, column, name, &styles.figure_label)?;
        }
        self.worksheet.write_string_with_format(self.row + 1, 0, &key.label, &styles.figure_label)?;
        for (column, (_, figure)) in (1u16..).zip(&key.figures) {
            self.worksheet.write_number_with_format(self.row + 1, column, *figure as f64, &styles.figure)?;
        }
        self.down(pixels);
        self.down(2 * ROW_HEIGHT);
        for (name, figures) in &key.parts {
            self.worksheet.write_string_with_format(self.row, 0, name, &styles.figure_part)?;
            for (column, figure) in (1u16..).zip(figures) {
                self.worksheet.write_number_with_format(self.row, column, *figure as f64, &styles.figure_part)?;
            }
            self.down(ROW_HEIGHT);
        }
        Ok(())
    }

    /// Words that lead elsewhere, a column each.
    pub(super) fn links(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let columns = usize::from(self.last_column()) + 1;
        for (number, cell) in cells.iter().enumerate() {
            let column = (number % columns) as u16;
            if number > 0 && column == 0 {
                self.down(ROW_HEIGHT);
            }
            let words = shown(&cell.value);
            match cell.link.as_ref().and_then(|link| self.url(link)) {
                Some(url) => {
                    let url = url.set_text(words);
                    self.worksheet.write_url_with_format(self.row, column, url, &self.book.styles.link)?;
                }
                None => {
                    self.worksheet.write_string_with_format(self.row, column, words, &self.book.styles.standard)?;
                }
            }
        }
        self.down(ROW_HEIGHT);
        Ok(())
    }

    /// The address of a place in this workbook, if it is on a sheet.
    pub(super) fn url(&self, link: &Link) -> Option<Url> {
        let place = self.book.places.get(link.sheet.as_str())?;
        let row = match (link.row, place.rows) {
            (None, _) => 0,
            (Some(row), Some((first, count))) if row < count => first + row as u32,
            _ => return None,
        };
        Some(Url::new(format!("internal:'{}'!A{}", place.name.replace('\'', "''"), row + 1)))
    }
}
