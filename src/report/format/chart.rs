//! Native charts of a workbook, drawn from cells of their sheet.
//!
//! Apart because charts have rules of their own. Lines differ by dash and marker as well as by colour, for black and
//! white paper.

use rust_xlsxwriter::{
    Chart as Drawing, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartMarkerType, ChartSolidFill, ChartType, Color,
};

use super::super::blocks::{Chart, ChartKind, Kind};
use super::style::font;
use crate::text::Language;

const LOOKS: [(u32, ChartLineDashType, ChartMarkerType); 4] = [
    (0x1F4E79, ChartLineDashType::Solid, ChartMarkerType::Circle),
    (0xC55A11, ChartLineDashType::Dash, ChartMarkerType::Square),
    (0x548235, ChartLineDashType::RoundDot, ChartMarkerType::Triangle),
    (0x7F6000, ChartLineDashType::LongDash, ChartMarkerType::Diamond),
];

/// Where a chart's table stands on its sheet.
pub struct Place<'s> {
    /// The sheet's name.
    pub sheet: &'s str,
    /// The row of its headers.
    pub header: u32,
    /// Its last row.
    pub last: u32,
}

/// Draws a chart over the cells of its table.
pub fn draw(chart: &Chart<'_>, place: &Place<'_>, language: Language) -> Drawing {
    let kind = match chart.kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Column | ChartKind::Pareto => ChartType::Column,
        ChartKind::Stacked => ChartType::ColumnStacked,
        ChartKind::Radar => ChartType::Radar,
    };
    let mut words = ChartFont::new();
    words.set_name(font(language)).set_size(9);
    let mut drawing = Drawing::new(kind);
    let category = chart.category as u16;
    for (number, series) in chart.series.iter().enumerate() {
        let column = *series as u16;
        let (colour, dash, marker) = LOOKS[number % LOOKS.len()];
        let drawn = drawing
            .add_series()
            .set_name((place.sheet, place.header, column))
            .set_categories((place.sheet, place.header + 1, category, place.last, category))
            .set_values((place.sheet, place.header + 1, column, place.last, column));
        let mut line = ChartLine::new();
        line.set_color(Color::RGB(colour));
        let mut fill = ChartSolidFill::new();
        fill.set_color(Color::RGB(colour));
        let mut look = ChartFormat::new();
        match chart.kind {
            ChartKind::Line => {
                line.set_width(2.0).set_dash_type(dash);
                look.set_line(&line);
                let mut point = ChartFormat::new();
                point.set_solid_fill(&fill);
                let mut shape = ChartMarker::new();
                shape.set_type(marker).set_size(6).set_format(&mut point);
                drawn.set_marker(&shape);
            }
            ChartKind::Radar => {
                line.set_width(2.0).set_dash_type(dash);
                look.set_line(&line);
            }
            ChartKind::Bar | ChartKind::Column | ChartKind::Stacked | ChartKind::Pareto => {
                look.set_solid_fill(&fill);
                drawn.set_gap(60);
            }
        }
        drawn.set_format(&mut look);
    }
    drawing.title().set_name(&chart.title).set_font(&title_font(language));
    drawing.x_axis().set_font(&words);
    drawing.y_axis().set_font(&words);
    match chart.kind {
        ChartKind::Line => {
            drawing.x_axis().set_text_axis(true);
            if chart.series.iter().all(|series| chart.table.columns[*series].kind == Kind::Share) {
                drawing.y_axis().set_max(1).set_num_format("0.0%");
            } else {
                drawing.y_axis().set_min(0).set_num_format("#,##0");
            }
        }
        // A bar chart lies on its side, and its first row would be at the bottom.
        ChartKind::Bar => {
            drawing.y_axis().set_reverse();
            drawing.x_axis().set_min(0).set_num_format("#,##0");
        }
        ChartKind::Column | ChartKind::Stacked | ChartKind::Pareto | ChartKind::Radar => {
            drawing.y_axis().set_min(0);
        }
    }
    if chart.series.len() > 1 {
        drawing.legend().set_position(ChartLegendPosition::Bottom).set_font(&words);
    } else {
        drawing.legend().set_hidden();
    }
    drawing
}

fn title_font(language: Language) -> ChartFont {
    let mut title = ChartFont::new();
    title.set_name(font(language)).set_size(11).set_bold();
    title
}
