//! How a sheet runs down its pages: rows counted in pixels, pages ended before what they would cut.
//!
//! Apart because only sheets with charts and cards need it. It writes nothing.

use super::super::blocks::{Block, Chart, ChartKind};
use super::measure::ROW_HEIGHT;
use super::sheet::{HEADING, PIXELS_A_DIGIT, Writer};

/// The rows that a chart takes, whatever its table has: what stands below does not move from week to week.
const CHART_ROWS: u32 = 13;
/// The same for one whose points have long names below them.
const PARETO_ROWS: u32 = 15;
/// The pixels that a chart needs beside its table; else it stands below.
pub const BESIDE: u32 = 340;

/// The rows that a chart takes.
pub fn rows(kind: ChartKind) -> u32 {
    if kind == ChartKind::Pareto { PARETO_ROWS } else { CHART_ROWS }
}

impl Writer<'_> {
    /// Ends a row of so many pixels.
    pub(super) fn down(&mut self, pixels: u32) {
        self.row += 1;
        self.used += pixels;
        if self.page.is_some_and(|page| self.used > page) {
            self.used = pixels;
        }
    }

    /// Ends the page here.
    pub(super) fn end_page(&mut self) {
        if self.used > 0 {
            self.breaks.push(self.row);
        }
        self.used = 0;
    }

    /// Ends the page before what would not fit on it: a chart, a heading without what it is about.
    pub(super) fn keep(&mut self, block: &Block<'_>, next: Option<&Block<'_>>) {
        let needed = match (block, next) {
            (Block::Heading(_), Some(next)) => HEADING + self.together(next),
            (block, _) => self.together(block),
        };
        // A page with no more than a title on it is not ended: the table begins there, and its chart goes to the next.
        let is_begun = !matches!(block, Block::Chart(_)) || self.page.is_some_and(|page| self.used * 4 > page);
        if is_begun {
            self.end_page_before(needed);
        }
    }

    /// Ends the page where so many pixels do not fit on it any more, but on a page of their own.
    pub(super) fn end_page_before(&mut self, needed: u32) {
        if self.page.is_some_and(|page| self.used + needed > page && needed <= page) {
            self.end_page();
        }
    }

    /// What of a block should stand on one page, in pixels.
    fn together(&self, block: &Block<'_>) -> u32 {
        let together = match block {
            Block::Chart(chart) if self.beside(chart) >= BESIDE => rows(chart.kind),
            Block::Chart(chart) => rows(chart.kind) + chart.table.rows.len() as u32 + 1,
            Block::Table(_) | Block::KeyFigures(_) => 5,
            Block::Signatures(who) => 3 * who.len().div_ceil(3) as u32,
            _ => 1,
        };
        together * ROW_HEIGHT + 6
    }

    /// The pixels beside a chart's table.
    pub(super) fn beside(&self, chart: &Chart<'_>) -> u32 {
        let free = self.grid.widths.iter().skip(chart.table.columns.len());
        free.map(|width| u32::from(*width) * PIXELS_A_DIGIT + 5).sum()
    }

    /// Leaves rows free up to one.
    pub(super) fn down_to(&mut self, row: u32) {
        while self.row < row {
            self.down(ROW_HEIGHT);
        }
    }
}
