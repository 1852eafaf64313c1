//! Cards of a workbook, each on a page of its own, and the lines on which people sign.
//!
//! Apart because they are laid out for paper: labels and values in two pairs of columns, lists below across the page.

use rust_xlsxwriter::{FormatAlign, XlsxError};

use super::super::blocks::{Card, Cell, Kind, Value};
use super::measure::{ROW_HEIGHT, height, lines};
use super::sheet::Writer;
use super::text::shown;

/// The lines that a value may take in half a page; a longer one gets the whole.
const HALF: usize = 2;
/// The lines that are shown of a value across the page.
const TALLEST: usize = 12;
/// The heights of a card's title, of the gap below it, and of a line to sign on, in pixels.
const TITLE: u32 = 48;
const GAP: u32 = 8;
const LINE: u32 = 56;
/// People who sign in one row.
const SIGNERS: usize = 3;

impl Writer<'_> {
    /// A card from this row on; the one before it ends its page, so that who signs a card signs below it.
    pub(super) fn card(&mut self, card: &Card<'_>) -> Result<(), XlsxError> {
        if self.has_card {
            self.end_page();
        }
        self.has_card = true;
        let last = self.last_column();
        self.worksheet.set_row_height_pixels(self.row, TITLE)?;
        self.across(0, last, &card.title, &self.book.styles.card_title)?;
        self.down(TITLE);
        self.worksheet.set_row_height_pixels(self.row, GAP)?;
        self.down(GAP);
        let mut left: Option<&(String, Cell<'_>)> = None;
        for field in &card.fields {
            let is_long = lines(&shown(&field.1.value), self.grid.width(self.halves()[0].1)) > HALF;
            match (left.take(), is_long) {
                (None, false) => left = Some(field),
                (None, true) => self.whole(field)?,
                (Some(before), false) => self.pair(before, Some(field))?,
                (Some(before), true) => {
                    self.pair(before, None)?;
                    self.whole(field)?;
                }
            }
        }
        if let Some(field) = left {
            self.pair(field, None)?;
        }
        for (title, table) in &card.lists {
            self.heading(title)?;
            self.table(table)?;
        }
        Ok(())
    }

    /// The columns of label and value, left and right.
    fn halves(&self) -> [((u16, u16), (u16, u16)); 2] {
        let count = self.last_column() + 1;
        let (half, label) = (count / 2, (count / 6).max(1));
        [((0, label - 1), (label, half - 1)), ((half, half + label - 1), (half + label, count - 1))]
    }

    /// Two fields side by side; the second half is blank where there is none.
    fn pair(&mut self, left: &(String, Cell<'_>), right: Option<&(String, Cell<'_>)>) -> Result<(), XlsxError> {
        let blank = (String::new(), Cell::from(Value::Empty));
        let mut tallest = 1;
        for ((label, value), field) in self.halves().into_iter().zip([left, right.unwrap_or(&blank)]) {
            tallest = tallest.max(self.field(label, value, field)?);
        }
        self.end_of_fields(tallest)
    }

    /// A field across the page.
    fn whole(&mut self, field: &(String, Cell<'_>)) -> Result<(), XlsxError> {
        let (label, _) = self.halves()[0];
        let tallest = self.field(label, (label.1 + 1, self.last_column()), field)?;
        self.end_of_fields(tallest)
    }

    fn field(
        &mut self,
        label: (u16, u16),
        value: (u16, u16),
        (name, cell): &(String, Cell<'_>),
    ) -> Result<usize, XlsxError> {
        let styles = self.book.styles;
        let tallest = lines(name, self.grid.width(label));
        self.across(label.0, label.1, name, &styles.label)?;
        // On a card everything begins at the left, numbers too.
        let style = match &cell.value {
            Value::Empty | Value::Text(_) => styles.cell(Kind::Text, cell.mark),
            Value::Count(_) => styles.cell(Kind::Count, cell.mark),
            Value::Share(_) => styles.cell(Kind::Share, cell.mark),
            Value::Date(_) => styles.cell(Kind::Date, cell.mark),
            Value::Amount(_) => styles.cell(Kind::Amount, cell.mark),
        };
        let style = style.clone().set_align(FormatAlign::Left);
        let style = style.set_align(FormatAlign::VerticalCenter);
        Ok(tallest.max(self.value(value, &cell.value, &style)?))
    }

    fn end_of_fields(&mut self, tallest: usize) -> Result<(), XlsxError> {
        let pixels = height(tallest.min(TALLEST)) + 6;
        self.worksheet.set_row_height_pixels(self.row, pixels)?;
        self.down(pixels);
        Ok(())
    }

    /// A line a person to sign on, three in a row, and the day below.
    pub(super) fn signatures(&mut self, who: &[String]) -> Result<(), XlsxError> {
        let (styles, strings) = (self.book.styles, self.book.strings);
        let day = strings.get("print.signed_on").to_owned();
        for signers in who.chunks(SIGNERS) {
            let places = self.thirds(signers.len());
            self.worksheet.set_row_height_pixels(self.row, LINE)?;
            for ((first, last), name) in places.iter().zip(signers) {
                self.across(*first, *last, &strings.fill("print.signature", &[("name", name)]), &styles.signature)?;
            }
            self.down(LINE);
            for (first, last) in places {
                self.across(first, last, &day, &styles.standard)?;
            }
            self.down(ROW_HEIGHT);
        }
        Ok(())
    }

    /// The columns of so many people in a row, about equally wide, a column free between two where there are enough.
    fn thirds(&self, people: usize) -> Vec<(u16, u16)> {
        let last = self.last_column();
        let all = u32::from(self.grid.width((0, last)));
        let mut places: Vec<(u16, u16)> = Vec::new();
        let (mut first, mut width) = (0, 0);
        for column in 0..=last {
            width += u32::from(self.grid.width((column, column)));
            let share = all * (places.len() as u32 + 1) / SIGNERS.max(people) as u32;
            if places.len() < people && (width >= share || column == last) {
                places.push((first, if column > first { column - 1 } else { column }));
                first = column + 1;
            }
        }
        places
    }
}
