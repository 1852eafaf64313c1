//! Tables of a workbook: headers that stay, cells of their kinds, and what stands out by itself.
//!
//! Apart because a list of a hundred thousand rows is written here: each is made, measured, written and forgotten. What
//! stands out by a rule of the workbook follows when somebody sorts, filters or edits.

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    ConditionalFormat2ColorScale, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar,
    ConditionalFormatType, Format, XlsxError,
};

use super::super::blocks::{Cell, Column, Mark, Table, Value};
use super::measure::{height, lines, room};
use super::sheet::Writer;
use super::style::colour;
use super::workbook::fit;

/// The lines of text after which a row grows no more; the cell holds the rest.
const TALLEST: usize = 12;

/// Rows from which on a list counts as long.
const LONG: usize = 100;

/// The columns of the sheet that a column of a table takes.
type Span = (u16, u16);

impl Writer<'_> {
    /// A table from this row on.
    pub(super) fn table(&mut self, table: &Table<'_>) -> Result<(), XlsxError> {
        let count = table.rows.len();
        let (room, is_cut) = room(self.row, count, self.book.limit);
        if is_cut {
            let note = self.book.strings.fill("list.cut_sheet", &[("count", &count), ("shown", &room)]);
            self.sentence(&note, &self.book.styles.strong_paragraph)?;
        }
        let spans = self.grid.spans(&table.columns);
        let header = self.header(table, &spans)?;
        let shown = count.min(room);
        // Rows of totals stand last, and are no points of a scale.
        let mut totals = 0;
        let is_long = self.is_streamed && !self.grid.is_cards && shown >= LONG;
        if is_long {
            self.lend_formats(&table.columns)?;
        }
        for (number, cells) in table.rows.first(shown).enumerate() {
            let is_total = cells.first().is_some_and(|cell| cell.mark == Mark::Strong);
            totals = if is_total { totals + 1 } else { 0 };
            self.cells(&table.columns, &spans, &cells, is_long && number + 1 < shown)?;
        }
        if is_long {
            self.take_formats_back(&table.columns)?;
        }
        if shown == 0 {
            return self.sentence(&table.empty, &self.book.styles.paragraph);
        }
        if table.is_list {
            let last = spans.last().map_or(0, |span| span.1);
            self.worksheet.autofilter(header, 0, self.row - 1, last)?;
        }
        let last = self.row - 1;
        self.words(table, &spans, (header + 1, last))?;
        if last >= header + 1 + totals {
            self.scales(table, &spans, (header + 1, last - totals))?;
        }
        Ok(())
    }

    /// Gives the columns of a long list the formats of their plain cells. The library looks a format up by all that it
    /// says, cell by cell; a cell without one of its own takes its column's when its row is written out.
    fn lend_formats(&mut self, columns: &[Column]) -> Result<(), XlsxError> {
        for (number, column) in (0u16..).zip(columns) {
            self.worksheet.set_column_format(number, self.book.styles.cell(column.kind, Mark::Plain))?;
        }
        Ok(())
    }

    /// Takes them back, or the columns would be ruled to the end of the sheet. The last row is not written out yet: its
    /// cells have formats of their own.
    fn take_formats_back(&mut self, columns: &[Column]) -> Result<(), XlsxError> {
        for (number, _) in (0u16..).zip(columns) {
            self.worksheet.set_column_format(number, &self.book.styles.standard)?;
        }
        Ok(())
    }

    /// Writes a table's header and returns its row; a list's stays in sight and is repeated on paper.
    fn header(&mut self, table: &Table<'_>, spans: &[Span]) -> Result<u32, XlsxError> {
        let header = self.row;
        // A list's headers carry the button of the filter.
        let button = if table.is_list { 2 } else { 0 };
        let tallest = table
            .columns
            .iter()
            .zip(spans)
            .map(|(column, span)| lines(&column.title, self.grid.width(*span).saturating_sub(button)));
        let tallest = tallest.max().unwrap_or(1).min(TALLEST);
        let pixels = height(tallest) + 6;
        self.worksheet.set_row_height_pixels(header, pixels)?;
        for (span, head) in spans.iter().zip(&table.columns) {
            self.across(span.0, span.1, &head.title, &self.book.styles.header)?;
        }
        if table.is_list && !self.is_frozen {
            self.worksheet.set_freeze_panes(header + 1, 0)?;
            self.worksheet.set_repeat_rows(header, header)?;
            self.is_frozen = true;
        }
        self.down(pixels);
        Ok(header)
    }

    /// A row of cells, as high as its longest text needs; plain ones are left to their column's format where it has one.
    fn cells(
        &mut self,
        columns: &[Column],
        spans: &[Span],
        cells: &[Cell<'_>],
        is_lent: bool,
    ) -> Result<(), XlsxError> {
        let mut tallest = 1;
        for ((head, span), cell) in columns.iter().zip(spans).zip(cells) {
            let mark = if head.words.is_empty() { cell.mark } else { Mark::Plain };
            let styles = self.book.styles;
            match cell.link.as_ref().and_then(|link| self.url(link)) {
                Some(url) => {
                    let words = super::text::shown(&cell.value);
                    tallest = tallest.max(lines(&words, self.grid.width(*span)));
                    let style = styles.cell_link(head.kind, mark);
                    self.worksheet.write_url_with_format(self.row, span.0, url.set_text(words), style)?;
                }
                None if is_lent && mark == Mark::Plain => {
                    tallest = tallest.max(self.plain(span.0, &cell.value, styles.cell(head.kind, mark))?);
                }
                None => tallest = tallest.max(self.value(*span, &cell.value, styles.cell(head.kind, mark))?),
            }
        }
        let pixels = height(tallest.min(TALLEST));
        if tallest > 1 {
            self.worksheet.set_row_height_pixels(self.row, pixels)?;
        }
        self.down(pixels);
        Ok(())
    }

    /// Writes a value and returns how many lines it takes.
    pub(super) fn value(&mut self, span: Span, value: &Value<'_>, style: &Format) -> Result<usize, XlsxError> {
        let (row, column) = (self.row, span.0);
        if span.1 > span.0 {
            self.worksheet.merge_range(row, span.0, row, span.1, "", style)?;
        }
        let mut tallest = 1;
        match value {
            Value::Empty => self.worksheet.write_blank(row, column, style),
            Value::Text(text) => {
                let text = fit(text, self.book.strings);
                tallest = lines(&text, self.grid.width(span));
                self.worksheet.write_string_with_format(row, column, text, style)
            }
            Value::Count(count) => self.worksheet.write_number_with_format(row, column, *count as f64, style),
            Value::Share(share) => self.worksheet.write_number_with_format(row, column, *share, style),
            Value::Date(day) => self.worksheet.write_datetime_with_format(row, column, day, style),
            Value::Amount(amount) => {
                self.worksheet.write_number_with_format(row, column, amount.to_f64().unwrap_or_default(), style)
            }
        }?;
        Ok(tallest)
    }

    /// Writes a value in the format of its column, and nothing in `style`; returns how many lines it takes.
    fn plain(&mut self, column: u16, value: &Value<'_>, style: &Format) -> Result<usize, XlsxError> {
        let row = self.row;
        let mut tallest = 1;
        match value {
            Value::Empty => self.worksheet.write_blank(row, column, style),
            Value::Text(text) if text.is_empty() => self.worksheet.write_blank(row, column, style),
            Value::Text(text) => {
                let text = fit(text, self.book.strings);
                tallest = lines(&text, self.grid.widths[usize::from(column)]);
                self.worksheet.write_string(row, column, text)
            }
            Value::Count(count) => self.worksheet.write_number(row, column, *count as f64),
            Value::Share(share) => self.worksheet.write_number(row, column, *share),
            Value::Date(day) => self.worksheet.write_datetime(row, column, day),
            Value::Amount(amount) => self.worksheet.write_number(row, column, amount.to_f64().unwrap_or_default()),
        }?;
        Ok(tallest)
    }

    /// Words that stand out wherever they stand in their column.
    fn words(&mut self, table: &Table<'_>, spans: &[Span], (first, last): (u32, u32)) -> Result<(), XlsxError> {
        for (column, (from, to)) in table.columns.iter().zip(spans) {
            for (word, mark) in column.words.iter().filter(|(_, mark)| *mark != Mark::Plain) {
                let rule = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(word))
                    .set_format(&self.book.styles.words[*mark as usize]);
                self.worksheet.add_conditional_format(first, *from, last, *to, &rule)?;
            }
        }
        Ok(())
    }

    /// Bars and shades for the sizes of numbers: one scale for neighbours of a kind, so that they compare.
    fn scales(&mut self, table: &Table<'_>, spans: &[Span], (first, last): (u32, u32)) -> Result<(), XlsxError> {
        let look = self.book.look;
        for ((from, to), full) in
            spans.iter().zip(&table.columns).filter_map(|(span, column)| Some((span, column.bars?)))
        {
            let bars = ConditionalFormatDataBar::new()
                .set_fill_color(colour(look.main.paler(75)))
                .set_border_color(colour(look.main.paler(45)))
                .set_solid_fill(true)
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, full);
            self.worksheet.add_conditional_format(first, *from, last, *to, &bars)?;
        }
        for (from, to) in neighbours(table) {
            let shades = ConditionalFormat2ColorScale::new()
                .set_minimum_color(rust_xlsxwriter::Color::RGB(0xFFFFFF))
                .set_maximum_color(colour(look.main.paler(45)));
            self.worksheet.add_conditional_format(first, spans[from].0, last, spans[to].1, &shades)?;
        }
        Ok(())
    }
}

/// The shaded columns of a table, those beside one another and of a kind together: first and last.
fn neighbours(table: &Table<'_>) -> Vec<(usize, usize)> {
    let mut shaded: Vec<usize> = table.shaded.iter().copied().filter(|column| *column < table.columns.len()).collect();
    shaded.sort_unstable();
    shaded.dedup();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for column in shaded {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == column && table.columns[*last].kind == table.columns[column].kind => {
                *last = column;
            }
            _ => ranges.push((column, column)),
        }
    }
    ranges
}
