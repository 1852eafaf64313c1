//! Native charts of a workbook, drawn from cells of their sheet.
//!
//! Apart because charts have rules of their own. Lines differ by dash and marker, areas by pattern, as well as by
//! colour, for black and white paper. A chart says its unit and its day, for it is copied without what stands around it.

use rust_xlsxwriter::{
    Chart as Drawing, ChartAxisCrossing, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartMarkerType, ChartPatternFill, ChartPatternFillType, ChartSeries,
    ChartSolidFill, ChartType, Color,
};

use super::super::blocks::{Chart, ChartKind, Column, Kind};
use super::super::look::Colour;
use super::sheet::Book;
use super::style::{colour, font};
use crate::text::Language;

/// How series differ where colours do not show: the dash and marker of a line, the pattern of an area.
const LOOKS: [(ChartLineDashType, ChartMarkerType, Option<ChartPatternFillType>); 6] = [
    (ChartLineDashType::Solid, ChartMarkerType::Circle, None),
    (ChartLineDashType::Dash, ChartMarkerType::Square, Some(ChartPatternFillType::DiagonalStripesWideUpwards)),
    (ChartLineDashType::RoundDot, ChartMarkerType::Triangle, Some(ChartPatternFillType::HorizontalStripesNarrow)),
    (ChartLineDashType::LongDash, ChartMarkerType::Diamond, Some(ChartPatternFillType::HorizontalBrick)),
    (ChartLineDashType::DashDot, ChartMarkerType::X, Some(ChartPatternFillType::Plaid)),
    (ChartLineDashType::SquareDot, ChartMarkerType::Star, Some(ChartPatternFillType::VerticalStripesNarrow)),
];
/// Points that still have room for their numbers.
const LABELLED: usize = 12;

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
pub fn draw(chart: &Chart<'_>, place: &Place<'_>, book: &Book<'_>) -> Drawing {
    let language = book.strings.language();
    let words = small(language);
    let (own, line) = match (chart.kind, chart.series.split_last()) {
        (ChartKind::Pareto, Some((line, columns))) if !columns.is_empty() => (columns, Some(*line)),
        _ => (chart.series.as_slice(), None),
    };
    let mut drawing = Drawing::new(kind(chart.kind));
    let is_labelled = own.len() == 1 && line.is_none() && chart.table.rows.len() <= LABELLED;
    for (number, series) in own.iter().enumerate() {
        let look = (number, book.look.series(number));
        let drawn = add(&mut drawing, chart, *series, place);
        if chart.kind == ChartKind::Waterfall && number == 0 {
            drawn.set_format(ChartFormat::new().set_no_fill().set_no_border()).set_gap(60).set_overlap(100);
        } else if is_lines(chart.kind) {
            lines(drawn, look)
        } else {
            areas(drawn, look, chart.kind)
        }
        if is_labelled && !is_lines(chart.kind) {
            drawn.set_data_label(ChartDataLabel::new().show_value().set_font(&words));
        }
    }
    axes(&mut drawing, chart, own, language);
    if let Some(series) = line {
        let mut second = Drawing::new(ChartType::Line);
        let drawn = add(&mut second, chart, series, place);
        drawn.set_secondary_axis(true);
        lines(drawn, (1, book.look.series(1)));
        drawing.combine(&second);
        drawing.y2_axis().set_font(&words).set_min(0).set_major_gridlines(false);
        if chart.table.columns[series].kind == Kind::Share {
            drawing.y2_axis().set_max(1).set_num_format("0%");
        }
    }
    let caption = caption(chart, book);
    if chart.kind == ChartKind::Radar {
        // A net has no axis below that could carry it.
        drawing.title().set_name(&format!("{} {caption}", chart.title));
    } else {
        drawing.title().set_name(&chart.title);
        drawing.x_axis().set_name(&caption).set_name_font(small(language).unset_bold());
    }
    drawing.title().set_font(&heading(language));
    if chart.series.len() > 1 && chart.kind != ChartKind::Waterfall {
        drawing.legend().set_position(ChartLegendPosition::Bottom).set_font(&words);
    } else {
        drawing.legend().set_hidden();
    }
    drawing.set_alt_text(&chart.title);
    drawing
}

fn kind(kind: ChartKind) -> ChartType {
    match kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Column | ChartKind::Pareto => ChartType::Column,
        ChartKind::Stacked | ChartKind::Waterfall => ChartType::ColumnStacked,
        ChartKind::Radar => ChartType::RadarWithMarkers,
    }
}

fn is_lines(kind: ChartKind) -> bool {
    matches!(kind, ChartKind::Line | ChartKind::Radar)
}

fn add<'d>(drawing: &'d mut Drawing, chart: &Chart<'_>, series: usize, place: &Place<'_>) -> &'d mut ChartSeries {
    let (column, category) = (series as u16, chart.category as u16);
    drawing
        .add_series()
        .set_name((place.sheet, place.header, column))
        .set_categories((place.sheet, place.header + 1, category, place.last, category))
        .set_values((place.sheet, place.header + 1, column, place.last, column))
}

/// A series as a line with markers.
fn lines(series: &mut ChartSeries, (number, look): (usize, Colour)) {
    let (dash, marker, _) = LOOKS[number % LOOKS.len()];
    let mut line = ChartLine::new();
    line.set_color(colour(look)).set_width(2.0).set_dash_type(dash);
    let mut fill = ChartSolidFill::new();
    fill.set_color(colour(look));
    let mut point = ChartFormat::new();
    point.set_solid_fill(&fill);
    let mut shape = ChartMarker::new();
    shape.set_type(marker).set_size(6).set_format(&mut point);
    series.set_marker(&shape).set_format(ChartFormat::new().set_line(&line));
}

/// A series as areas, the first full, the others patterned, all with a line around.
fn areas(series: &mut ChartSeries, (number, look): (usize, Colour), kind: ChartKind) {
    let mut format = ChartFormat::new();
    match &LOOKS[number % LOOKS.len()].2 {
        None => {
            let mut fill = ChartSolidFill::new();
            fill.set_color(colour(look));
            format.set_solid_fill(&fill);
        }
        Some(pattern) => {
            let mut fill = ChartPatternFill::new();
            fill.set_pattern(*pattern).set_foreground_color(colour(look)).set_background_color(Color::RGB(0xFFFFFF));
            format.set_pattern_fill(&fill);
        }
    }
    let mut line = ChartLine::new();
    line.set_color(colour(look)).set_width(0.75);
    series.set_format(format.set_border(&line)).set_gap(60);
    if matches!(kind, ChartKind::Stacked | ChartKind::Waterfall) {
        series.set_overlap(100);
    }
}

fn axes(drawing: &mut Drawing, chart: &Chart<'_>, series: &[usize], language: Language) {
    let words = small(language);
    let mut faint = ChartLine::new();
    faint.set_color(Color::RGB(0xD9D9D9)).set_width(0.75);
    drawing.x_axis().set_font(&words);
    drawing.y_axis().set_font(&words);
    let values = if chart.kind == ChartKind::Bar { drawing.x_axis() } else { drawing.y_axis() };
    values.set_major_gridlines(true).set_major_gridlines_line(&faint);
    let is_share = series.iter().all(|series| chart.table.columns[*series].kind == Kind::Share);
    let format = if is_share { "0.0%" } else { "#,##0" };
    match chart.kind {
        ChartKind::Line => {
            drawing.x_axis().set_text_axis(true);
            drawing.y_axis().set_num_format(format);
            // Scores move little: their axis begins where they do.
            if is_share {
                drawing.y_axis().set_max(1)
            } else {
                drawing.y_axis().set_min(0)
            };
        }
        // A bar chart lies on its side, and its first row would be at the bottom.
        ChartKind::Bar => {
            drawing.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max);
            drawing.x_axis().set_min(0).set_num_format(format);
        }
        ChartKind::Column | ChartKind::Stacked | ChartKind::Waterfall | ChartKind::Pareto | ChartKind::Radar => {
            drawing.y_axis().set_min(0).set_num_format(format);
            if is_share && chart.kind != ChartKind::Pareto {
                drawing.y_axis().set_max(1).set_num_format("0%");
            }
        }
    }
}

/// The unit, where one is known, and the day.
fn caption(chart: &Chart<'_>, book: &Book<'_>) -> String {
    let mut units: Vec<&str> = Vec::new();
    for unit in chart.series.iter().filter_map(|series| unit(&chart.table.columns[*series])) {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    let (key, unit) = if units.is_empty() { ("chart.day", String::new()) } else { ("chart.unit", units.join(" / ")) };
    book.strings.fill(key, &[("unit", &unit), ("day", &book.as_of)])
}

/// What the numbers of a column count: as it says, or as its header says in brackets, or percent.
fn unit(column: &Column) -> Option<&str> {
    let bracketed = || {
        let (_, rest) = column.title.rsplit_once(['（', '('])?;
        rest.strip_suffix(['）', ')'])
    };
    match (&column.unit, column.kind) {
        (Some(unit), _) => Some(unit),
        (None, Kind::Share) => Some("%"),
        (None, _) => bracketed(),
    }
}

fn small(language: Language) -> ChartFont {
    let mut words = ChartFont::new();
    words.set_name(font(language)).set_size(9);
    words
}

fn heading(language: Language) -> ChartFont {
    let mut title = ChartFont::new();
    title.set_name(font(language)).set_size(10.5).set_bold();
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_what_the_column_says_or_its_header() {
        let count = |title: &str| Column::new(title, Kind::Count, 8);
        assert_eq!(unit(&count("户数").counting("户")), Some("户"));
        assert_eq!(unit(&count("应收余额（万元）")), Some("万元"));
        assert_eq!(unit(&Column::new("评分", Kind::Share, 8)), Some("%"));
        assert_eq!(unit(&count("待处理")), None);
    }
}
