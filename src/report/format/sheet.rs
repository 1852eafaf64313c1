//! A sheet of a workbook, written block by block from the top.
//!
//! Apart because rows may be forgotten as soon as they are written, so everything goes strictly downwards. Text is
//! always written as text: a value that begins with `=` is no formula.

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::blocks::{Block, Card, Cell, Chart, Column, KeyFigures, Kind, Mark, Table, Value};
use super::super::document::Sheet;
use super::super::strings::Strings;
use super::chart;
use super::measure::{PAGE, ROW_HEIGHT, height, lines, widths};
use super::style::Styles;
use super::workbook::fit;

/// Rows that a sheet has.
const ROWS: u32 = 1_048_576;
/// The lines of text after which a row grows no more; the cell holds the rest.
const TALLEST: usize = 12;
/// The lines of a sentence across the page that are shown: Excel's rows grow no higher.
const TALLEST_SENTENCE: usize = 20;
/// Rows that still are readable on one page.
const ONE_PAGE: u32 = 75;
const PIXELS_A_DIGIT: u32 = 7;

/// What stands at the foot of every printed page.
#[derive(Clone, Copy)]
pub struct Foot<'f> {
    /// Whose it is.
    pub company: &'f str,
    /// How confidential it is.
    pub level: &'f str,
}

/// Writes a sheet, page set-up included.
pub fn write(
    worksheet: &mut Worksheet,
    name: &str,
    sheet: &Sheet<'_>,
    styles: &Styles,
    strings: &Strings,
    foot: Foot<'_>,
) -> Result<(), XlsxError> {
    let rows = write_blocks(worksheet, name, sheet, styles, strings, ROWS)?;
    set_up(worksheet, strings, foot)?;
    if sheet.one_page && rows <= ONE_PAGE {
        worksheet.set_portrait();
        worksheet.set_print_fit_to_pages(1, 1);
    } else {
        worksheet.set_print_fit_to_pages(1, 0);
    }
    Ok(())
}

/// Writes the blocks of a sheet of so many rows; returns how many it used.
pub fn write_blocks(
    worksheet: &mut Worksheet,
    name: &str,
    sheet: &Sheet<'_>,
    styles: &Styles,
    strings: &Strings,
    limit: u32,
) -> Result<u32, XlsxError> {
    let widths = widths(sheet);
    for (column, width) in (0u16..).zip(&widths) {
        worksheet.set_column_width(column, f64::from(*width))?;
    }
    let mut writer = Writer { worksheet, name, styles, strings, widths, limit, row: 0, is_frozen: false };
    for block in &sheet.blocks {
        writer.block(block)?;
    }
    Ok(writer.row)
}

/// A4 across, narrow margins, page numbers, and whom it is for.
fn set_up(worksheet: &mut Worksheet, strings: &Strings, foot: Foot<'_>) -> Result<(), XlsxError> {
    // A footer holds 255 letters, and `&` begins a code in it.
    let escaped = foot.company.chars().take(60).collect::<String>().replace('&', "&&");
    let footer = strings
        .fill("print.footer", &[("company", &escaped), ("level", &foot.level), ("page", &"&P"), ("pages", &"&N")]);
    worksheet.set_landscape();
    worksheet.set_paper_size(9);
    worksheet.set_margins(0.4, 0.4, 0.45, 0.6, 0.3, 0.3);
    worksheet.set_footer(footer);
    worksheet.set_screen_gridlines(false);
    Ok(())
}

struct Writer<'w> {
    worksheet: &'w mut Worksheet,
    name: &'w str,
    styles: &'w Styles,
    strings: &'w Strings,
    widths: Vec<u16>,
    limit: u32,
    row: u32,
    is_frozen: bool,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block<'_>) -> Result<(), XlsxError> {
        let styles = self.styles;
        match block {
            Block::Title(text) => {
                self.worksheet.set_row_height(self.row, 27)?;
                self.worksheet.write_string_with_format(self.row, 0, fit(text, self.strings), &styles.title)?;
                self.row += 1;
            }
            Block::Heading(text) => {
                self.worksheet.set_row_height(self.row, 25)?;
                self.worksheet.write_string_with_format(self.row, 0, fit(text, self.strings), &styles.heading)?;
                self.row += 1;
            }
            Block::Paragraph(text) => self.sentence(text, &styles.paragraph)?,
            Block::Note(text) => self.sentence(text, &styles.note)?,
            Block::List(items, mark) => {
                let style = if *mark == Mark::Plain { &styles.paragraph } else { &styles.strong_paragraph };
                for item in items {
                    self.sentence(&self.strings.fill("list.item", &[("item", item)]), style)?;
                }
            }
            Block::KeyFigures(figures) => self.key_figures(figures)?,
            Block::Table(table) => self.table(table)?,
            Block::Chart(chart) => self.chart(chart)?,
            Block::Card(card) => self.card(card)?,
            Block::Signatures(who) => self.signatures(who)?,
        }
        Ok(())
    }

    /// A sentence across the page, in a row high enough for it.
    fn sentence(&mut self, text: &str, style: &rust_xlsxwriter::Format) -> Result<(), XlsxError> {
        let (last, width) = self.page();
        let text = fit(text, self.strings);
        let lines = lines(&text, width);
        self.worksheet.set_row_height_pixels(self.row, height(lines.min(TALLEST_SENTENCE)))?;
        if last > 0 {
            self.worksheet.merge_range(self.row, 0, self.row, last, &text, style)?;
        } else {
            self.worksheet.write_string_with_format(self.row, 0, text, style)?;
        }
        self.row += 1;
        Ok(())
    }

    /// The last column that a sentence runs across, and the width from the first.
    fn page(&self) -> (u16, u16) {
        let mut width = 0;
        for (column, next) in (0u16..).zip(&self.widths) {
            if column > 0 && width + next > PAGE {
                return (column - 1, width);
            }
            width += next;
        }
        ((self.widths.len() as u16).saturating_sub(1), width.max(8))
    }

    fn key_figures(&mut self, key: &KeyFigures) -> Result<(), XlsxError> {
        let styles = self.styles;
        self.worksheet.set_row_height(self.row + 1, 33)?;
        for (column, (name, _)) in (1u16..).zip(&key.figures) {
            self.worksheet.write_string_with_format(self.row, column, name, &styles.figure_label)?;
        }
        self.worksheet.write_string_with_format(self.row + 1, 0, &key.label, &styles.figure_label)?;
        for (column, (_, figure)) in (1u16..).zip(&key.figures) {
            self.worksheet.write_number_with_format(self.row + 1, column, *figure as f64, &styles.figure)?;
        }
        self.row += 2;
        for (name, figures) in &key.parts {
            self.worksheet.write_string_with_format(self.row, 0, name, &styles.figure_part)?;
            for (column, figure) in (1u16..).zip(figures) {
                self.worksheet.write_number_with_format(self.row, column, *figure as f64, &styles.figure_part)?;
            }
            self.row += 1;
        }
        Ok(())
    }

    fn table(&mut self, table: &Table<'_>) -> Result<(), XlsxError> {
        let count = table.rows.len();
        // The header, and the note that says what does not fit.
        let room = self.limit.saturating_sub(self.row + 2) as usize;
        if count > room {
            let note = self.strings.fill("list.cut_sheet", &[("count", &count), ("shown", &room)]);
            self.sentence(&note, &self.styles.strong_paragraph)?;
        }
        let header = self.header(table)?;
        let shown = count.min(room);
        for cells in table.rows.first(shown) {
            self.cells(&table.columns, &cells)?;
        }
        if table.is_list && shown > 0 {
            let last = (table.columns.len() as u16).saturating_sub(1);
            self.worksheet.autofilter(header, 0, self.row - 1, last)?;
        }
        if shown == 0 {
            self.sentence(&table.empty, &self.styles.paragraph)?;
        }
        Ok(())
    }

    /// Writes a table's header and returns its row; a list's stays in sight and is repeated on paper.
    fn header(&mut self, table: &Table<'_>) -> Result<u32, XlsxError> {
        let header = self.row;
        // A list's headers carry the button of the filter.
        let button = if table.is_list { 2 } else { 0 };
        let tallest =
            table.columns.iter().map(|column| lines(&column.title, column.width.saturating_sub(button))).max();
        self.worksheet.set_row_height_pixels(header, height(tallest.unwrap_or(1).min(TALLEST)) + 6)?;
        for (column, head) in (0u16..).zip(&table.columns) {
            self.worksheet.write_string_with_format(header, column, &head.title, &self.styles.header)?;
        }
        if table.is_list && !self.is_frozen {
            self.worksheet.set_freeze_panes(header + 1, 0)?;
            self.worksheet.set_repeat_rows(header, header)?;
            self.is_frozen = true;
        }
        self.row += 1;
        Ok(header)
    }

    fn cells(&mut self, columns: &[Column], cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let row = self.row;
        let mut tallest = 1;
        for (column, (head, cell)) in (0u16..).zip(columns.iter().zip(cells)) {
            let style = self.styles.cell(head.kind, cell.mark);
            match &cell.value {
                Value::Empty => self.worksheet.write_blank(row, column, style),
                Value::Text(text) => {
                    let text = fit(text, self.strings);
                    tallest = tallest.max(lines(&text, head.width));
                    self.worksheet.write_string_with_format(row, column, text, style)
                }
                Value::Count(count) => self.worksheet.write_number_with_format(row, column, *count as f64, style),
                Value::Share(share) => self.worksheet.write_number_with_format(row, column, *share, style),
                Value::Date(day) => self.worksheet.write_datetime_with_format(row, column, day, style),
                Value::Amount(amount) => {
                    self.worksheet.write_number_with_format(row, column, amount.to_f64().unwrap_or_default(), style)
                }
            }?;
        }
        if tallest > 1 {
            self.worksheet.set_row_height_pixels(row, height(tallest.min(TALLEST)))?;
        }
        self.row += 1;
        Ok(())
    }

    /// A card: its title, its fields in two columns, its lists below.
    fn card(&mut self, card: &Card<'_>) -> Result<(), XlsxError> {
        let columns = [Column::new("", Kind::Text, 0), Column::new("", Kind::Text, 0)];
        self.block(&Block::Heading(card.title.clone()))?;
        for (label, cell) in &card.fields {
            let width = self.widths.get(1).copied().unwrap_or(8);
            let columns = [columns[0].clone(), Column { width, ..columns[1].clone() }];
            self.cells(&columns, &[Cell::from(label.as_str()).marked(Mark::Strong), cell.clone()])?;
        }
        for (title, table) in &card.lists {
            self.block(&Block::Heading(title.clone()))?;
            self.table(table)?;
        }
        self.row += 1;
        Ok(())
    }

    /// A line a person, with room to sign.
    fn signatures(&mut self, who: &[String]) -> Result<(), XlsxError> {
        self.row += 1;
        for name in who {
            let line = self.strings.fill("print.signature", &[("name", name)]);
            self.sentence(&line, &self.styles.paragraph)?;
        }
        Ok(())
    }

    /// A table with its picture: beside it where the sheet is wider than the table, else below.
    fn chart(&mut self, chart: &Chart<'_>) -> Result<(), XlsxError> {
        let header = self.row;
        self.table(&chart.table)?;
        if chart.table.rows.is_empty() {
            return Ok(());
        }
        let place = chart::Place { sheet: self.name, header, last: self.row - 1 };
        let mut drawing = chart::draw(chart, &place, self.strings.language());
        let columns = chart.table.columns.len();
        let beside: u32 = self.widths.iter().skip(columns).map(|width| u32::from(*width) * PIXELS_A_DIGIT + 5).sum();
        let wanted = 14;
        if beside >= 340 {
            drawing.set_width(beside - 12).set_height((wanted * ROW_HEIGHT) - 8);
            self.worksheet.insert_chart_with_offset(header, columns as u16, &drawing, 10, 2)?;
            self.row = self.row.max(header + wanted);
        } else {
            drawing.set_width(900).set_height((wanted * ROW_HEIGHT) - 8);
            self.worksheet.insert_chart_with_offset(self.row, 0, &drawing, 2, 6)?;
            self.row += wanted;
        }
        Ok(())
    }
}
