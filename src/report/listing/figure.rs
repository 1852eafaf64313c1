//! The figures of a group: counts, shares, sums and the like of its records.
//!
//! Apart because they are reckoned, where everything else of a list is only shown. Nothing to add up is nothing, and
//! not zero.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::cell::{cell, kind};
use crate::model::{FigureKind, ListedCell, ListedColumn, ListedFigure, ListedRow, Listing};
use crate::report::blocks::{Cell, Kind, Value};
use crate::report::strings::Strings;
use crate::report::view::View;

/// A figure of some rows of a list; `all` are the rows of all groups. What is picked is shown as any cell is.
pub(super) fn figure<'a>(
    (view, listing): (&View<'a>, &'a Listing),
    figure: &ListedFigure,
    rows: &[&'a ListedRow],
    all: usize,
) -> Cell<'a> {
    let filled = || rows.iter().filter_map(|row| row.cells.get(figure.column?)).filter(|cell| !cell.value.is_empty());
    let numbers = || filled().filter_map(|cell| cell.value.number());
    let shown = |picked: Option<&'a ListedCell>| match figure.column.zip(picked) {
        Some((at, picked)) => cell(view, &listing.columns[at], picked),
        None => Value::Empty.into(),
    };
    // What a masked value alone adds up to is that value.
    let mut masked = filled().filter(|cell| cell.value.number().is_some());
    let alone = masked.next().filter(|cell| cell.masked.is_some() && masked.next().is_none());
    if alone.is_some() && matches!(figure.how, FigureKind::Sum | FigureKind::Average) {
        return shown(alone);
    }
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
        FigureKind::Least => shown(filled().min_by(|left, right| left.value.order(&right.value))),
        FigureKind::Most => shown(filled().max_by(|left, right| left.value.order(&right.value))),
        FigureKind::Distinct => {
            let different: BTreeSet<String> = filled().map(|cell| format!("{:?}", cell.value)).collect();
            (different.len() as u64).into()
        }
    }
}

/// What a column of a figure holds; one that is picked is what it is picked from: the least of days is a day.
pub(super) fn figure_kind(figure: &ListedFigure, columns: &[ListedColumn]) -> Kind {
    match figure.how {
        FigureKind::Count | FigureKind::Distinct => Kind::Count,
        FigureKind::Share => Kind::Share,
        FigureKind::Sum | FigureKind::Average => Kind::Amount,
        FigureKind::Least | FigureKind::Most => {
            figure.column.and_then(|at| columns.get(at)).map_or(Kind::Amount, |column| kind(column.kind))
        }
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
