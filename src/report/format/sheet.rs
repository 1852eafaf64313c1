//! A sheet of a workbook, written block by block from the top.
//!
//! Apart because rows may be forgotten as soon as they are written, so everything goes strictly downwards. Text is
//! always written as text: a value that begins with `=` is no formula.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Image, Worksheet, XlsxError};

use super::super::blocks::{Block, Cell, Chart, Mark, Value};
use super::super::look::Look;
use super::super::strings::Strings;
use super::chart;
use super::flow::{BESIDE, rows};
use super::measure::{Grid, PAGE, ROW_HEIGHT, height, lines};
use super::paper::Paper;
use super::style::Styles;
use super::workbook::{fit, is_streamed};

/// The lines of a sentence across the page that are shown: Excel's rows grow no higher.
const TALLEST_SENTENCE: usize = 20;
/// The height of a title and of a heading, in pixels.
const TITLE: u32 = 36;
pub(super) const HEADING: u32 = 33;
/// Rows that still are readable on one page.
const ONE_PAGE: u32 = 75;
pub(super) const PIXELS_A_DIGIT: u32 = 7;
/// The height of a logo, in pixels.
const LOGO_HEIGHT: f64 = 34.0;
/// The page breaks that a sheet can have.
const BREAKS: usize = 1023;

/// What all sheets of a workbook share.
pub struct Book<'b> {
    /// The formats.
    pub styles: &'b Styles,
    /// The words.
    pub strings: &'b Strings,
    /// The colours and the logo.
    pub look: &'b Look,
    /// The company's name.
    pub company: &'b str,
    /// How confidential it is.
    pub level: &'b str,
    /// The day that the numbers are of.
    pub as_of: NaiveDate,
    /// Where the lists of the sheets stand, by the names that the sheets were drafted with.
    pub places: BTreeMap<&'b str, Place>,
    /// Rows that a sheet has.
    pub limit: u32,
}

/// Where a sheet is, and the rows of its list.
pub struct Place {
    /// The sheet's legal name.
    pub name: String,
    /// The first row of its list and how many there are; nothing where it has none.
    pub rows: Option<(u32, usize)>,
}

/// Writes a sheet, page set-up included; the first of a workbook carries the logo.
pub fn write(
    worksheet: &mut Worksheet,
    name: &str,
    blocks: &[Block<'_>],
    book: &Book<'_>,
    (one_page, is_first): (bool, bool),
) -> Result<(), XlsxError> {
    let paper = Paper::of(blocks, one_page);
    let (rows, breaks) = write_blocks(worksheet, name, blocks, book, paper.as_ref())?;
    set_up(worksheet, book)?;
    match paper {
        _ if one_page && rows <= ONE_PAGE => {
            worksheet.set_portrait();
            worksheet.set_print_fit_to_pages(1, 1);
        }
        Some(paper) => {
            match paper.cards {
                Some(scale) => worksheet.set_portrait().set_print_scale(scale).set_print_center_horizontally(true),
                None if paper.is_upright => worksheet.set_portrait().set_print_fit_to_pages(1, 0),
                None => worksheet.set_print_fit_to_pages(1, 0),
            };
            worksheet.set_page_breaks(&breaks[..breaks.len().min(BREAKS)])?;
        }
        None => {
            worksheet.set_print_fit_to_pages(1, 0);
        }
    }
    match (&book.look.logo, is_first) {
        (Some(logo), true) => put_logo(worksheet, logo, &Grid::of(blocks)),
        _ => Ok(()),
    }
}

/// Writes the blocks of a sheet; returns how many rows it used, and where a page of cards ends.
pub fn write_blocks(
    worksheet: &mut Worksheet,
    name: &str,
    blocks: &[Block<'_>],
    book: &Book<'_>,
    paper: Option<&Paper>,
) -> Result<(u32, Vec<u32>), XlsxError> {
    let grid = Grid::of(blocks);
    for (column, width) in (0u16..).zip(&grid.widths) {
        worksheet.set_column_width(column, f64::from(*width))?;
    }
    let page = paper.map(|paper| paper.height);
    let is_streamed = is_streamed(blocks);
    let mut writer = Writer {
        worksheet,
        name,
        book,
        grid,
        page,
        is_streamed,
        has_card: false,
        row: 0,
        used: 0,
        is_frozen: false,
        breaks: Vec::new(),
    };
    for (number, block) in blocks.iter().enumerate() {
        writer.keep(block, blocks.get(number + 1));
        writer.block(block)?;
    }
    writer.breaks.retain(|row| *row < writer.row);
    Ok((writer.row, writer.breaks))
}

/// A4 across, narrow margins, page numbers, and whom it is for.
fn set_up(worksheet: &mut Worksheet, book: &Book<'_>) -> Result<(), XlsxError> {
    // A footer holds 255 letters, and `&` begins a code in it.
    let escaped = book.company.chars().take(60).collect::<String>().replace('&', "&&");
    let footer = book
        .strings
        .fill("print.footer", &[("company", &escaped), ("level", &book.level), ("page", &"&P"), ("pages", &"&N")]);
    worksheet.set_landscape();
    worksheet.set_paper_size(9);
    worksheet.set_margins(0.4, 0.4, 0.45, 0.6, 0.3, 0.3);
    worksheet.set_footer(footer);
    worksheet.set_screen_gridlines(false);
    Ok(())
}

/// The logo at the right end of the first row.
fn put_logo(worksheet: &mut Worksheet, logo: &[u8], grid: &Grid) -> Result<(), XlsxError> {
    let image = Image::new_from_buffer(logo)?;
    let scale = (LOGO_HEIGHT / image.height().max(1.0)).min(1.0);
    let wide = (image.width() * scale).ceil() as u32;
    let image = image.set_scale_width(scale).set_scale_height(scale).set_alt_text("logo");
    let (last, _) = page(grid);
    let pixels = |column: u16| u32::from(grid.widths[usize::from(column)]) * PIXELS_A_DIGIT + 5;
    let mut left: u32 = (0..=last).map(pixels).sum::<u32>().saturating_sub(wide + 4);
    let mut column = 0;
    while column < last && left >= pixels(column) {
        left -= pixels(column);
        column += 1;
    }
    worksheet.insert_image_with_offset(0, column, &image, left, 1)?;
    Ok(())
}

/// Whether a chart has anything to draw.
fn has_numbers(chart: &Chart<'_>) -> bool {
    let is_drawn = |cell: &Cell<'_>| !matches!(cell.value, Value::Empty | Value::Text(_));
    let rows = chart.table.rows.first(chart.table.rows.len());
    rows.into_iter().any(|row| chart.series.iter().any(|series| row.get(*series).is_some_and(is_drawn)))
}

/// The last column that a sentence runs across, and the width from the first.
fn page(grid: &Grid) -> (u16, u16) {
    let mut width = 0;
    for (column, next) in (0u16..).zip(&grid.widths) {
        if column > 0 && width + next > PAGE {
            return (column - 1, width);
        }
        width += next;
    }
    ((grid.widths.len() as u16).saturating_sub(1), width.max(8))
}

/// A sheet in the making.
pub(super) struct Writer<'w> {
    pub(super) worksheet: &'w mut Worksheet,
    pub(super) name: &'w str,
    pub(super) book: &'w Book<'w>,
    pub(super) grid: Grid,
    /// The pixels that a page takes, where pages are ended by hand.
    pub(super) page: Option<u32>,
    /// Whether a card stands on it already.
    pub(super) has_card: bool,
    /// Whether its rows are written out one by one.
    pub(super) is_streamed: bool,
    pub(super) row: u32,
    /// The pixels of this page that are used.
    pub(super) used: u32,
    pub(super) is_frozen: bool,
    pub(super) breaks: Vec<u32>,
}

impl Writer<'_> {
    fn block(&mut self, block: &Block<'_>) -> Result<(), XlsxError> {
        let styles = self.book.styles;
        match block {
            Block::Title(text) => self.line(text, TITLE, &styles.title)?,
            Block::Heading(text) => self.heading(text)?,
            Block::Paragraph(text) => self.sentence(text, &styles.paragraph)?,
            Block::Note(text) => self.sentence(text, &styles.note)?,
            Block::List(items, mark) => {
                let style = if *mark == Mark::Plain { &styles.paragraph } else { &styles.strong_paragraph };
                for item in items {
                    self.sentence(&self.book.strings.fill("list.item", &[("item", item)]), style)?;
                }
            }
            Block::KeyFigures(figures) => self.key_figures(figures)?,
            Block::Table(table) => self.table(table)?,
            Block::Chart(chart) => self.chart(chart)?,
            Block::Card(card) => self.card(card)?,
            Block::Signatures(who) => self.signatures(who)?,
            Block::Links(cells) => self.links(cells)?,
        }
        Ok(())
    }

    /// What follows, in a row with room above.
    pub(super) fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.line(text, HEADING, &self.book.styles.heading)
    }

    /// A short text that runs over the cells beside it.
    fn line(&mut self, text: &str, pixels: u32, style: &Format) -> Result<(), XlsxError> {
        self.worksheet.set_row_height_pixels(self.row, pixels)?;
        self.worksheet.write_string_with_format(self.row, 0, fit(text, self.book.strings), style)?;
        self.down(pixels);
        Ok(())
    }

    /// A sentence across the page, in a row high enough for it.
    pub(super) fn sentence(&mut self, text: &str, style: &Format) -> Result<(), XlsxError> {
        let (last, width) = page(&self.grid);
        let text = fit(text, self.book.strings);
        let lines = lines(&text, width);
        let pixels = height(lines.min(TALLEST_SENTENCE));
        self.worksheet.set_row_height_pixels(self.row, pixels)?;
        self.across(0, last, &text, style)?;
        self.down(pixels);
        Ok(())
    }

    /// A text over several columns of the row.
    pub(super) fn across(&mut self, first: u16, last: u16, text: &str, style: &Format) -> Result<(), XlsxError> {
        if last > first {
            self.worksheet.merge_range(self.row, first, self.row, last, text, style)?;
        } else {
            self.worksheet.write_string_with_format(self.row, first, text, style)?;
        }
        Ok(())
    }

    /// The last column of the page.
    pub(super) fn last_column(&self) -> u16 {
        page(&self.grid).0
    }

    /// A table with its picture: beside it where the sheet is wider than the table, else below.
    fn chart(&mut self, chart: &Chart<'_>) -> Result<(), XlsxError> {
        let header = self.row;
        self.table(&chart.table)?;
        // Nor is there a picture of numbers that are not there.
        if !has_numbers(chart) {
            self.down_to(header + rows(chart.kind));
            return Ok(());
        }
        let place = chart::Place { sheet: self.name, header, last: self.row - 1 };
        let mut drawing = chart::draw(chart, &place, self.book);
        let columns = chart.table.columns.len();
        let beside = self.beside(chart);
        drawing.set_height((rows(chart.kind) * ROW_HEIGHT) - 8);
        if beside >= BESIDE {
            drawing.set_width((beside - 12).min(900));
            self.worksheet.insert_chart_with_offset(header, columns as u16, &drawing, 10, 2)?;
            self.down_to(header + rows(chart.kind));
        } else {
            drawing.set_width(900);
            self.end_page_before(rows(chart.kind) * ROW_HEIGHT);
            self.worksheet.insert_chart_with_offset(self.row, 0, &drawing, 2, 6)?;
            self.down_to(self.row + rows(chart.kind));
        }
        Ok(())
    }
}
