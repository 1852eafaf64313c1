//! Lines over periods.
//!
//! Apart from bars because it has two axes. A period without a value leaves a gap; it is not zero.

use std::fmt::Write;

use super::{WIDTH, marker, open, text};

/// One series.
pub struct Line<'a> {
    /// Its name.
    pub name: &'a str,
    /// A value a period, with how it is written; nothing where there is none.
    pub values: Vec<Option<(f64, String)>>,
}

/// The vertical axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// From one line to the next.
    pub step: f64,
}

impl Scale {
    /// For percentages: up to 100, and no further down than the lowest value needs.
    pub fn of_percentages(values: impl Iterator<Item = f64>) -> Self {
        let span = 100.0 - values.fold(100.0, f64::min);
        let steps = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0];
        let step = steps.into_iter().find(|step| span <= step * 5.0).unwrap_or(20.0);
        let lines = (span / step).ceil().max(4.0);
        Self { from: 100.0 - lines * step, to: 100.0, step }
    }

    /// For counts: from zero to a round number above the highest.
    pub fn of_counts(values: impl Iterator<Item = f64>) -> Self {
        let highest = values.fold(1.0, f64::max);
        let magnitude = 10_f64.powf((highest / 4.0).log10().floor());
        let rough = highest / 4.0 / magnitude;
        let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| rough <= *nice).unwrap_or(10.0);
        let step = (nice * magnitude).max(1.0);
        Self { from: 0.0, to: (highest / step).ceil() * step, step }
    }

    fn ticks(self) -> Vec<f64> {
        let mut ticks = Vec::new();
        let mut tick = self.from;
        while tick <= self.to + self.step / 100.0 {
            ticks.push(tick);
            tick += self.step;
        }
        ticks
    }
}

const HEIGHT: f64 = 230.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 26.0;
/// Room that the label of a period takes.
const LABEL: f64 = 46.0;

/// The chart of some lines over periods.
pub fn lines(
    id: &str,
    title: &str,
    description: &str,
    periods: &[String],
    scale: Scale,
    series: &[Line<'_>],
) -> String {
    let mut svg = open(HEIGHT, id, title, description);
    let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    let x = |place: usize| match periods.len() {
        0 | 1 => LEFT + width / 2.0,
        count => LEFT + width * place as f64 / (count - 1) as f64,
    };
    let y = |value: f64| TOP + height * (1.0 - (value - scale.from) / (scale.to - scale.from));
    for tick in scale.ticks() {
        let at = y(tick);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\"/>",
            LEFT + width
        );
        text(&mut svg, "axis", LEFT - 6.0, at + 4.0, "end", &format!("{tick}"));
    }
    let every = ((periods.len() as f64 * LABEL / width).ceil() as usize).max(1);
    for (place, period) in periods.iter().enumerate() {
        // The last period is always named, and no other so near that they touch.
        if (periods.len() - 1 - place).is_multiple_of(every) {
            text(&mut svg, "axis", x(place), HEIGHT - 8.0, "middle", short(period));
        }
    }
    // The first series is the one to look at: it is drawn last, over the others.
    for (number, line) in series.iter().enumerate().rev() {
        for run in runs(&line.values) {
            let points: String =
                run.iter().map(|(place, value)| format!("{:.1},{:.1} ", x(*place), y(*value))).collect();
            let _ = write!(svg, "<polyline class=\"line s{number}\" points=\"{}\"/>", points.trim_end());
        }
        for (place, value) in line.values.iter().enumerate() {
            let Some((value, written)) = value else { continue };
            let said = format!("{} {}: {written}", line.name, periods.get(place).map_or("", String::as_str));
            marker(&mut svg, number, x(place), y(*value), &said);
        }
    }
    svg + "</svg>"
}

/// The stretches without a gap: places and values.
fn runs(values: &[Option<(f64, String)>]) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
    for (place, value) in values.iter().enumerate() {
        match (value, runs.last_mut()) {
            (Some((value, _)), Some(run)) => run.push((place, *value)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| run.len() > 1);
    runs
}

/// A period without its year, where it has something beside it.
fn short(period: &str) -> &str {
    match period.get(4..) {
        Some(rest) if !rest.is_empty() => rest.trim_start_matches('-'),
        _ => period,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_parts_a_line() {
        let value = |value: f64| Some((value, String::new()));
        assert_eq!(runs(&[value(1.0), value(2.0), None, value(3.0), None, value(4.0), value(5.0)]).len(), 2);
    }

    #[test]
    fn the_axis_of_percentages_ends_at_a_hundred_and_holds_the_lowest() {
        for lowest in [0.0, 3.2, 49.9, 71.0, 88.8, 95.0, 100.0] {
            let scale = Scale::of_percentages([lowest].into_iter());
            let ticks = scale.ticks();
            assert!(scale.from <= lowest && scale.from >= 0.0 && (3..=7).contains(&ticks.len()), "{lowest}: {scale:?}");
            assert!(ticks.last().is_some_and(|last| (last - 100.0).abs() < 0.01), "{ticks:?}");
        }
    }

    #[test]
    fn the_axis_of_counts_begins_at_nothing_and_holds_the_highest() {
        for highest in [0.0, 1.0, 3.0, 7.0, 12.0, 247.0, 99_999.0] {
            let scale = Scale::of_counts([highest].into_iter());
            assert!(scale.from == 0.0 && scale.to >= highest && scale.ticks().len() <= 6, "{highest}: {scale:?}");
        }
    }

    #[test]
    fn the_year_of_a_period_is_left_out_where_something_is_left() {
        assert_eq!(
            ["2026-W47", "2026-11", "2026Q4", "2026", "2026-11-22"].map(short),
            ["W47", "11", "Q4", "2026", "11-22"]
        );
    }
}
