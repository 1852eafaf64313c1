//! The figures of a group: counts, shares, sums and the like of its records.
//!
//! Apart because they are reckoned, where everything else of a list is only shown. Nothing to add up is nothing, and
//! not zero.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::cell::value;
use crate::model::{FigureKind, ListedFigure, ListedKind, ListedRow, ListedValue, Listing};
use crate::report::blocks::{Cell, Kind, Value};
use crate::report::strings::Strings;

/// A figure of some rows of a list; `all` are the rows of all groups.
pub(super) fn figure<'a>(listing: &'a Listing, figure: &ListedFigure, rows: &[&'a ListedRow], all: usize) -> Cell<'a> {
    let cells = || rows.iter().filter_map(|row| row.cells.get(figure.column?)).map(|cell| &cell.value);
    let filled = || cells().filter(|value| !value.is_empty());
    let numbers = || cells().filter_map(ListedValue::number);
    let kind = figure.column.map_or(ListedKind::Number, |at| listing.columns[at].kind);
    let shown = |picked: Option<&'a ListedValue>| picked.map_or(Value::Empty.into(), |picked| value(picked, kind));
    match figure.how {
        FigureKind::Count => (rows.len() as u64).into(),
        FigureKind::Share if all == 0 => Value::Empty.into(),
        FigureKind::Share => Value::Share(rows.len() as f64 / all as f64).into(),
        FigureKind::Sum if numbers().next().is_none() => Value::Empty.into(),
        FigureKind::Sum => numbers().sum::<Decimal>().into(),
        FigureKind::Average => {
            let average = numbers().sum::<Decimal>().checked_div(Decimal::from(numbers().count()));
            average.map_or(Value::Empty.into(), |average| average.round_dp(2).into())
        }
        FigureKind::Least => shown(filled().min_by(|left, right| left.order(right))),
        FigureKind::Most => shown(filled().max_by(|left, right| left.order(right))),
        FigureKind::Distinct => {
            let different: BTreeSet<String> = filled().map(|value| format!("{value:?}")).collect();
            (different.len() as u64).into()
        }
    }
}

/// What a figure is in a column.
pub(super) fn figure_kind(how: FigureKind) -> Kind {
    match how {
        FigureKind::Count | FigureKind::Distinct => Kind::Count,
        FigureKind::Share => Kind::Share,
        FigureKind::Sum | FigureKind::Average | FigureKind::Least | FigureKind::Most => Kind::Amount,
    }
}

/// What sums and averages do not count in: cells without a number.
pub(super) fn unfilled(figures: &[&ListedFigure], rows: &[&ListedRow], strings: &Strings) -> Vec<String> {
    let adds_up = |figure: &&&ListedFigure| matches!(figure.how, FigureKind::Sum | FigureKind::Average);
    let mut said: Vec<String> = Vec::new();
    for figure in figures.iter().filter(adds_up) {
        let Some(at) = figure.column else { continue };
        let count = rows.iter().filter(|row| row.cells[at].value.number().is_none()).count();
        let line = strings.fill("listing.unfilled", &[("count", &count), ("figure", &figure.title)]);
        if count > 0 && !said.contains(&line) {
            said.push(line);
        }
    }
    said
}
