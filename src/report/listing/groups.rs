//! A list of groups: a line, or a column of a picture, for the rows that have something in common.
//!
//! Apart because its lines are no records: what a group is told by, and in which order groups stand, is decided here.

use super::cell::{cell, head};
use super::figure::{figure, figure_kind, unfilled};
use super::visible::Visible;
use crate::model::{FigureKind, ListedCell, ListedFigure, ListedRow, Listing};
use crate::report::blocks::{Block, Cell, Chart, ChartKind, Column, Kind, Mark, Rows, Table, Value};
use crate::report::view::View;

/// Rows of a group under which an average says little.
const SMALL: usize = 10;
/// Groups that a picture still shows legibly.
const DRAWN: usize = 24;

/// A list of groups in the making.
pub(super) struct Grouping<'g, 'a> {
    /// The reader and the words.
    pub(super) view: &'a View<'a>,
    /// The list.
    pub(super) listing: &'a Listing,
    /// How many of its columns tell the groups.
    pub(super) by: usize,
    /// What is counted and reckoned.
    pub(super) figures: &'g [ListedFigure],
    /// Whether the largest group comes first.
    pub(super) by_size: bool,
}

/// One group: what its records have in common, and they themselves.
struct Group<'a> {
    keys: Vec<&'a ListedCell>,
    first: &'a ListedRow,
    rows: Vec<&'a ListedRow>,
}

/// What the reader sees of the groups: what they are told by, and their figures.
struct Shown<'g> {
    keys: Vec<usize>,
    figures: Vec<&'g ListedFigure>,
    /// Whether a column says which groups are too small for an average.
    marks_small: bool,
    /// The rows of all groups.
    all: usize,
}

impl<'g, 'a> Grouping<'g, 'a> {
    /// The blocks of a list of groups.
    pub(super) fn blocks(&self, seen: &Visible<'a>, chart: bool) -> Vec<Block<'a>> {
        let strings = self.view.strings;
        let shown = self.shown(seen);
        let mut groups = self.groups(&shown.keys, &seen.rows);
        let count = groups.len();
        let is_drawn = chart && shown.keys.len() == 1 && count > 1 && count <= DRAWN;
        let cut = self.listing.limit.filter(|limit| *limit < count);
        groups.truncate(cut.unwrap_or(count));
        let named = |group: &Group<'a>| self.line(&shown, self.names(&shown, group), &group.rows);
        let mut lines: Vec<Vec<Cell<'a>>> = groups.iter().map(named).collect();
        let mut blocks = Vec::new();
        if let Some(shown) = cut {
            blocks.push(Block::Note(strings.fill("list.cut", &[("count", &count), ("shown", &shown)])));
        }
        blocks.extend(unfilled(&shown.figures, &seen.rows, strings).into_iter().map(Block::Note));
        if count > 1 && !is_drawn && cut.is_none() {
            lines.push(self.total(&shown, &seen.rows));
        }
        let empty = strings.get("listing.none").to_owned();
        let (columns, rows) = (self.columns(&shown), Rows::of(lines));
        let table = Table { columns, rows, is_list: !is_drawn, empty, shaded: Vec::new() };
        blocks.push(match is_drawn {
            true => Block::Chart(Chart {
                kind: ChartKind::Column,
                title: self.listing.title.clone(),
                table,
                category: 0,
                series: vec![1],
            }),
            false => Block::Table(table),
        });
        blocks
    }

    /// A group may not be told by what the reader does not see, nor reckoned from it.
    fn shown(&self, seen: &Visible<'a>) -> Shown<'g> {
        let is_seen = |figure: &&ListedFigure| figure.column.is_none_or(|at| seen.columns.contains(&at));
        let figures: Vec<&ListedFigure> = self.figures.iter().filter(is_seen).collect();
        Shown {
            keys: (0..self.by).filter(|at| seen.columns.contains(at)).collect(),
            marks_small: figures.iter().any(|figure| figure.how == FigureKind::Average),
            figures,
            all: seen.rows.len(),
        }
    }

    fn columns(&self, shown: &Shown<'_>) -> Vec<Column> {
        let mut columns: Vec<Column> = shown.keys.iter().map(|at| head(&self.listing.columns[*at])).collect();
        let figures = shown.figures.iter();
        let kind = |figure: &ListedFigure| figure_kind(figure, &self.listing.columns);
        columns.extend(figures.map(|figure| Column::new(&figure.title, kind(figure), figure.width)));
        if shown.marks_small {
            columns.push(Column::new(self.view.strings.get("column.note"), Kind::Text, 16));
        }
        columns
    }

    /// What a group is called: what its rows have in common.
    fn names(&self, shown: &Shown<'_>, group: &Group<'a>) -> Vec<Cell<'a>> {
        let name = |(at, key): (&usize, &&'a ListedCell)| match cell(self.view, &self.listing.columns[*at], key) {
            Cell { value: Value::Empty, .. } => self.view.strings.get("list.blank").into(),
            named => named,
        };
        shown.keys.iter().zip(&group.keys).map(name).collect()
    }

    /// The line of some rows: its names, and the figures.
    fn line(&self, shown: &Shown<'_>, names: Vec<Cell<'a>>, rows: &[&'a ListedRow]) -> Vec<Cell<'a>> {
        let mut cells = names;
        cells.extend(shown.figures.iter().map(|of| figure((self.view, self.listing), of, rows, shown.all)));
        if shown.marks_small {
            let is_small = rows.len() < SMALL;
            cells.push(if is_small { self.view.strings.get("listing.small").into() } else { Value::Empty.into() });
        }
        cells
    }

    /// The line of all rows.
    fn total(&self, shown: &Shown<'_>, rows: &[&'a ListedRow]) -> Vec<Cell<'a>> {
        let mut names: Vec<Cell<'a>> = vec![Value::Empty.into(); shown.keys.len()];
        if let Some(first) = names.first_mut() {
            *first = self.view.strings.get("count.total").into();
        }
        self.line(shown, names, rows).into_iter().map(|cell| cell.marked(Mark::Strong)).collect()
    }

    /// The groups: in the order of the list where it is sorted, else the largest first.
    fn groups(&self, keys: &[usize], rows: &[&'a ListedRow]) -> Vec<Group<'a>> {
        let mut sorted: Vec<(usize, &'a ListedRow)> = rows.iter().copied().enumerate().collect();
        let order = |left: &ListedRow, right: &ListedRow| {
            let orders = keys.iter().map(|at| left.cells[*at].value.order(&right.cells[*at].value));
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        };
        sorted.sort_by(|left, right| order(left.1, right.1).then(left.0.cmp(&right.0)));
        let mut groups: Vec<(usize, Group<'a>)> = Vec::new();
        for (place, row) in sorted {
            match groups.last_mut().filter(|(_, group)| order(group.first, row).is_eq()) {
                Some((_, group)) => group.rows.push(row),
                None => {
                    let keys = keys.iter().map(|at| &row.cells[*at]).collect();
                    groups.push((place, Group { keys, first: row, rows: vec![row] }));
                }
            }
        }
        match self.by_size {
            true => groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.rows.len())),
            false => groups.sort_by_key(|(first, _)| *first),
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }
}
