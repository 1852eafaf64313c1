//! The lists that a report's definition asks for, as sheets for one reader: his rows, at his level, masked.
//!
//! Apart because every `[[list]]` is laid out here and nowhere else, and because the one place that decides which of
//! its rows and columns a reader may see must be easy to find: `visible`. It knows no data but plain rows.

use std::collections::BTreeSet;

use minijinja::Value as Filled;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::blocks::{Block, Card, Cell, Chart, ChartKind, Column, Kind, Mark, Rows, Table, Value};
use super::document::Sheet;
use super::sheets::work_list::heading;
use super::view::View;
use crate::model::{
    FigureKind, ListShape, ListedCell, ListedColumn, ListedFigure, ListedKind, ListedRow, ListedValue, Listing, Secrecy,
};

/// Rows of a group under which an average says little.
const SMALL: usize = 10;
/// Groups that a picture still shows legibly.
const DRAWN: usize = 24;

/// What one reader sees of a list.
struct Visible<'a> {
    /// His rows, in the order of the list.
    rows: Vec<&'a ListedRow>,
    /// How many of his rows are above his level.
    withheld: usize,
    /// The columns that he sees, by position.
    columns: Vec<usize>,
    /// The titles of those above his level.
    hidden: Vec<&'a str>,
}

/// The one place that decides what a reader sees of a list: rows of his department, rows and columns of his level.
fn visible<'a>(view: &View<'a>, listing: &'a Listing) -> Visible<'a> {
    let is_own = |row: &&ListedRow| match view.person {
        Some(person) => row.owner == person,
        None => is_of(view, &row.department),
    };
    let own: Vec<&ListedRow> = listing.rows.iter().filter(is_own).collect();
    let all = own.len();
    let is_seen = |row: &&ListedRow| view.lens.sees(view.lens.level_of(row.secrecy, &row.record_key, &row.customer));
    let rows: Vec<&ListedRow> = own.into_iter().filter(is_seen).collect();
    let (columns, hidden): (Vec<usize>, Vec<usize>) =
        (0..listing.columns.len()).partition(|at| view.lens.sees(listing.columns[*at].secrecy));
    let hidden = hidden.into_iter().map(|at| listing.columns[at].title.as_str()).filter(|title| !title.is_empty());
    Visible { withheld: all - rows.len(), rows, columns, hidden: hidden.collect() }
}

/// The highest level of the rows that the view's lists show.
pub fn level(view: &View<'_>) -> Secrecy {
    let lists = shown(view).into_iter().map(|listing| visible(view, listing));
    let level = |row: &ListedRow| view.lens.level_of(row.secrecy, &row.record_key, &row.customer);
    lists.flat_map(|seen| seen.rows.into_iter().map(level)).max().unwrap_or(Secrecy::Public)
}

/// Whether a record of a department belongs to a view; those of departments without an entry go to the one that stands
/// in.
fn is_of(view: &View<'_>, department: &str) -> bool {
    let Some(own) = view.share.department else { return true };
    let department = department.trim();
    let named = view.input.departments.iter().map(|name| name.trim()).chain([view.input.fallback.trim()]);
    match named.into_iter().any(|name| name == department) {
        true => department == own.trim(),
        false => view.share.stands_in,
    }
}

/// Whether a report is made. One that is only wanted with rows is not where its lists were made and have none; lists of
/// what the company does not keep do not count, unless there are no others.
pub fn is_wanted(view: &View<'_>) -> bool {
    if !view.definition.only_with_rows {
        return true;
    }
    let shown: Vec<&Listing> = shown(view);
    let has_something = |listing: &&Listing| {
        let seen = visible(view, listing);
        listing.is_partial || !seen.rows.is_empty() || seen.withheld > 0
    };
    shown.iter().any(has_something) || shown.iter().all(|listing| listing.unavailable.is_some())
}

/// The lists that a view has sheets of, in their order.
fn shown<'a>(view: &View<'a>) -> Vec<&'a Listing> {
    let shown = view.definition.sheets.iter().filter(|sheet| view.definition.lists.contains(sheet));
    shown.filter_map(|name| view.input.listings.find(&view.definition.name, name)).collect()
}

/// Makes the sheet of a list.
pub fn sheet<'a>(view: &'a View<'a>, name: &'a str) -> Sheet<'a> {
    let strings = view.strings;
    let Some(listing) = view.input.listings.find(&view.definition.name, name) else {
        let blocks = vec![Block::Paragraph(strings.get("listing.not_made").to_owned())];
        return Sheet { name: name.to_owned(), blocks, one_page: false };
    };
    let seen = visible(view, listing);
    let opening = strings
        .fill("listing.opening", &[("title", &heading(view)), ("list", &listing.title), ("count", &seen.rows.len())]);
    let mut blocks = vec![Block::Paragraph(opening)];
    if !listing.note.is_empty() {
        blocks.push(Block::Paragraph(listing.note.clone()));
    }
    if let Some(reason) = &listing.unavailable {
        blocks.push(Block::List(vec![strings.fill("listing.unavailable", &[("reason", reason)])], Mark::Strong));
        return Sheet { name: listing.title.clone(), blocks, one_page: false };
    }
    blocks.extend(remarks(view, listing, &seen).into_iter().map(Block::Note));
    match &listing.shape {
        ListShape::Table => blocks.push(Block::Table(lines(view, listing, seen))),
        ListShape::Cards(_) => blocks.extend(cards(view, listing, &seen)),
        ListShape::Groups { by, figures, chart, by_size } => {
            blocks.extend(Grouping { view, listing, by: *by, figures, by_size: *by_size }.blocks(&seen, *chart));
        }
    }
    if !listing.signatures.is_empty() {
        blocks.push(Block::Signatures(listing.signatures.clone()));
    }
    Sheet { name: listing.title.clone(), blocks, one_page: false }
}

/// What the reader must know of the list: what it does not cover, what is withheld, where it is cut.
fn remarks(view: &View<'_>, listing: &Listing, seen: &Visible<'_>) -> Vec<String> {
    let strings = view.strings;
    let mut remarks = listing.remarks.clone();
    if seen.withheld > 0 {
        remarks.push(strings.fill("listing.withheld", &[("count", &seen.withheld)]));
    }
    if !seen.hidden.is_empty() {
        let titles = strings.joined(seen.hidden.iter().map(|title| (*title).to_owned()));
        remarks.push(strings.fill("listing.columns_withheld", &[("columns", &titles)]));
    }
    let is_grouped = matches!(listing.shape, ListShape::Groups { .. });
    if let Some(limit) = listing.limit.filter(|limit| !is_grouped && *limit < seen.rows.len()) {
        remarks.push(strings.fill("list.cut", &[("count", &seen.rows.len()), ("shown", &limit)]));
    }
    remarks
}

fn lines<'a>(view: &'a View<'a>, listing: &'a Listing, seen: Visible<'a>) -> Table<'a> {
    let columns = seen.columns.iter().map(|at| head(&listing.columns[*at])).collect();
    let count = listing.limit.map_or(seen.rows.len(), |limit| limit.min(seen.rows.len()));
    let (rows, shown) = (seen.rows, seen.columns);
    let rows = Rows::made(count, move |number| {
        let row = rows[number];
        shown.iter().map(|at| cell(view, &listing.columns[*at], &row.cells[*at])).collect()
    });
    Table { columns, rows, is_list: true, empty: view.strings.get("listing.none").to_owned(), shaded: Vec::new() }
}

fn cards<'a>(view: &'a View<'a>, listing: &'a Listing, seen: &Visible<'a>) -> Vec<Block<'a>> {
    if seen.rows.is_empty() {
        return vec![Block::Paragraph(view.strings.get("listing.none").to_owned())];
    }
    let count = listing.limit.map_or(seen.rows.len(), |limit| limit.min(seen.rows.len()));
    let card = |row: &&'a ListedRow| {
        let field = |at: &usize| {
            let column = &listing.columns[*at];
            (column.title.clone(), cell(view, column, &row.cells[*at]))
        };
        let title = [row.customer.as_str(), row.record_key.as_str()];
        Block::Card(Card {
            title: title.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            fields: seen.columns.iter().map(field).collect(),
            lists: relations(view, listing, row),
        })
    };
    seen.rows.iter().take(count).map(card).collect()
}

/// The lists on a record's card.
fn relations<'a>(view: &'a View<'a>, listing: &'a Listing, row: &'a ListedRow) -> Vec<(String, Table<'a>)> {
    let ListShape::Cards(relations) = &listing.shape else { return Vec::new() };
    let lists = relations.iter().enumerate().map(|(number, relation)| {
        let shown: Vec<usize> =
            (0..relation.columns.len()).filter(|at| view.lens.sees(relation.columns[*at].secrecy)).collect();
        let rows = row.related.get(number).map_or(&[][..], Vec::as_slice);
        let columns = shown.iter().map(|at| head(&relation.columns[*at])).collect();
        let made = Rows::made(rows.len(), move |record| {
            shown.iter().map(|at| cell(view, &relation.columns[*at], &rows[record][*at])).collect()
        });
        let empty = match &relation.unavailable {
            Some(reason) => view.strings.fill("listing.unavailable", &[("reason", reason)]),
            None => view.strings.get("list.none").to_owned(),
        };
        (relation.title.clone(), Table { columns, rows: made, is_list: false, empty, shaded: Vec::new() })
    });
    lists.collect()
}

fn head(column: &ListedColumn) -> Column {
    Column::new(&column.title, kind(column.kind), column.width)
}

fn kind(kind: ListedKind) -> Kind {
    match kind {
        ListedKind::Text => Kind::Text,
        ListedKind::Day => Kind::Date,
        ListedKind::Amount => Kind::Amount,
        ListedKind::Number => Kind::Number,
    }
}

/// A cell as the view's reader sees it: masked, and free text without personal numbers, unless he sees them whole.
fn cell<'a>(view: &View<'a>, column: &ListedColumn, cell: &'a ListedCell) -> Cell<'a> {
    match (&cell.masked, &cell.value) {
        (Some(masked), _) if !view.input.reader.unmasked => masked.as_str().into(),
        (None, ListedValue::Text(text)) => Value::Text(view.lens.text(text)).into(),
        _ => value(&cell.value, column.kind),
    }
}

fn value<'a>(value: &'a ListedValue, kind: ListedKind) -> Cell<'a> {
    match value {
        ListedValue::Empty => Value::Empty.into(),
        ListedValue::Text(text) => text.as_str().into(),
        ListedValue::Day(day) => (*day).into(),
        ListedValue::Number(number) => match number.to_u64() {
            Some(count) if kind == ListedKind::Number && number.fract().is_zero() => count.into(),
            _ => (*number).into(),
        },
    }
}

/// A list of groups in the making.
struct Grouping<'g, 'a> {
    view: &'a View<'a>,
    listing: &'a Listing,
    by: usize,
    figures: &'g [ListedFigure],
    by_size: bool,
}

/// One group: what its records have in common, and they themselves.
struct Group<'a> {
    keys: Vec<&'a ListedCell>,
    first: &'a ListedRow,
    rows: Vec<&'a ListedRow>,
}

impl<'a> Grouping<'_, 'a> {
    fn blocks(&self, seen: &Visible<'a>, chart: bool) -> Vec<Block<'a>> {
        let strings = self.view.strings;
        // A group may not be told by what the reader does not see.
        let keys: Vec<usize> = (0..self.by).filter(|at| seen.columns.contains(at)).collect();
        let figures: Vec<&ListedFigure> =
            self.figures.iter().filter(|figure| figure.column.is_none_or(|at| seen.columns.contains(&at))).collect();
        let mut groups = self.groups(&keys, &seen.rows);
        let count = groups.len();
        let drawn = chart && keys.len() == 1 && count > 1 && count <= DRAWN;
        let cut = self.listing.limit.filter(|limit| *limit < count);
        groups.truncate(cut.unwrap_or(count));
        let all = seen.rows.len();
        let marks_small = figures.iter().any(|figure| figure.how == FigureKind::Average);
        let mut columns: Vec<Column> = keys.iter().map(|at| head(&self.listing.columns[*at])).collect();
        columns.extend(figures.iter().map(|figure| Column::new(&figure.title, figure_kind(figure.how), figure.width)));
        if marks_small {
            columns.push(Column::new(strings.get("column.note"), Kind::Text, 16));
        }
        let line = |names: Vec<Cell<'a>>, rows: &[&'a ListedRow]| {
            let mut cells = names;
            cells.extend(figures.iter().map(|figure| self.figure(figure, rows, all)));
            if marks_small {
                let is_small = rows.len() < SMALL;
                cells.push(if is_small { strings.get("listing.small").into() } else { Value::Empty.into() });
            }
            cells
        };
        let mut lines: Vec<Vec<Cell<'a>>> = groups
            .iter()
            .map(|group| {
                let name = |(at, key): (&usize, &&'a ListedCell)| match cell(self.view, &self.listing.columns[*at], key)
                {
                    Cell { value: Value::Empty, .. } => strings.get("list.blank").into(),
                    named => named,
                };
                line(keys.iter().zip(&group.keys).map(name).collect(), &group.rows)
            })
            .collect();
        let mut blocks = Vec::new();
        if let Some(shown) = cut {
            blocks.push(Block::Note(strings.fill("list.cut", &[("count", &count), ("shown", &shown)])));
        }
        blocks.extend(self.unfilled(&figures, &seen.rows).into_iter().map(Block::Note));
        if count > 1 && !drawn && cut.is_none() {
            let mut names: Vec<Cell<'a>> = vec![Value::Empty.into(); keys.len()];
            names.iter_mut().take(1).for_each(|name| *name = strings.get("count.total").into());
            let total = line(names, &seen.rows).into_iter().map(|cell| cell.marked(Mark::Strong)).collect();
            lines.push(total);
        }
        let empty = strings.get("listing.none").to_owned();
        let table = Table { columns, rows: Rows::of(lines), is_list: true, empty, shaded: Vec::new() };
        blocks.push(match drawn {
            true => Block::Chart(Chart {
                kind: ChartKind::Column,
                title: self.listing.title.clone(),
                table: Table { is_list: false, ..table },
                category: 0,
                series: vec![1],
            }),
            false => Block::Table(table),
        });
        blocks
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

    fn figure(&self, figure: &ListedFigure, rows: &[&'a ListedRow], all: usize) -> Cell<'a> {
        let cells = || rows.iter().filter_map(|row| row.cells.get(figure.column?)).map(|cell| &cell.value);
        let numbers = || cells().filter_map(ListedValue::number);
        let kind = figure.column.map_or(ListedKind::Number, |at| self.listing.columns[at].kind);
        match figure.how {
            FigureKind::Count => (rows.len() as u64).into(),
            FigureKind::Share if all == 0 => Value::Empty.into(),
            FigureKind::Share => Value::Share(rows.len() as f64 / all as f64).into(),
            // Nothing to add up is nothing, and not zero.
            FigureKind::Sum if numbers().next().is_none() => Value::Empty.into(),
            FigureKind::Sum => numbers().sum::<Decimal>().into(),
            FigureKind::Average => {
                let count = numbers().count();
                let sum: Decimal = numbers().sum();
                let average = sum.checked_div(Decimal::from(count)).map(|average| average.round_dp(2));
                average.map_or(Value::Empty.into(), Cell::from)
            }
            FigureKind::Least => {
                let least = cells().filter(|value| !value.is_empty()).min_by(|left, right| left.order(right));
                least.map_or(Value::Empty.into(), |least| value(least, kind))
            }
            FigureKind::Most => {
                let most = cells().filter(|value| !value.is_empty()).max_by(|left, right| left.order(right));
                most.map_or(Value::Empty.into(), |most| value(most, kind))
            }
            FigureKind::Distinct => {
                let shown: BTreeSet<String> =
                    cells().filter(|value| !value.is_empty()).map(|value| format!("{value:?}")).collect();
                (shown.len() as u64).into()
            }
        }
    }

    /// What sums and averages do not count in: cells without a number.
    fn unfilled(&self, figures: &[&ListedFigure], rows: &[&ListedRow]) -> Vec<String> {
        let adds_up = |figure: &&&ListedFigure| matches!(figure.how, FigureKind::Sum | FigureKind::Average);
        let mut said: Vec<String> = Vec::new();
        for figure in figures.iter().filter(adds_up) {
            let Some(at) = figure.column else { continue };
            let count = rows.iter().filter(|row| row.cells[at].value.number().is_none()).count();
            let line = self.view.strings.fill("listing.unfilled", &[("count", &count), ("figure", &figure.title)]);
            if count > 0 && !said.contains(&line) {
                said.push(line);
            }
        }
        said
    }
}

fn figure_kind(how: FigureKind) -> Kind {
    match how {
        FigureKind::Count | FigureKind::Distinct => Kind::Count,
        FigureKind::Share => Kind::Share,
        FigureKind::Sum | FigureKind::Average | FigureKind::Least | FigureKind::Most => Kind::Amount,
    }
}

/// The lists that a view shows, with what may be said of each in a mail: counts and titles, no record.
fn said<'a>(view: &View<'a>) -> Vec<(&'a str, usize, String)> {
    shown(view)
        .into_iter()
        .map(|listing| {
            let seen = visible(view, listing);
            let note = match &listing.unavailable {
                Some(reason) => view.strings.fill("listing.unavailable", &[("reason", reason)]),
                None if seen.withheld > 0 => view.strings.fill("listing.withheld", &[("count", &seen.withheld)]),
                None => String::new(),
            };
            (listing.title.as_str(), seen.rows.len(), note)
        })
        .collect()
}

/// The lists with their counts, as a table for the mail.
pub fn in_mail<'a>(view: &'a View<'a>) -> Block<'a> {
    let strings = view.strings;
    let columns = vec![
        Column::new(strings.get("listing.list"), Kind::Text, 24),
        Column::new(strings.get("listing.rows"), Kind::Count, 10),
        Column::new(strings.get("column.note"), Kind::Text, 40),
    ];
    let rows = said(view)
        .into_iter()
        .map(|(title, count, note)| vec![Cell::from(title), Cell::from(count as u64), Cell::from(note)]);
    let rows = Rows::of(rows.collect());
    Block::Table(Table {
        columns,
        rows,
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    })
}

/// The lists as mail templates name them.
pub fn for_mail(view: &View<'_>) -> Filled {
    let list = |(title, rows, note): (&str, usize, String)| {
        Filled::from_pairs([("title", Filled::from(title)), ("rows", Filled::from(rows)), ("note", Filled::from(note))])
    };
    said(view).into_iter().map(list).collect()
}
