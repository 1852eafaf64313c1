//! Tables and charts of counts: every one has the same columns in the same order, so that eyes and formulas find them.
//!
//! Apart because the first sheet, the digest and the mails are made of them. It computes nothing: `figures` did.

use std::cmp::Reverse;

use super::super::blocks::{Block, Cell, Chart, ChartKind, Column, KeyFigures, Kind, Mark, Rows, Table, Value};
use super::super::figures::{Figures, Line, TrendLine};
use super::super::order::FirstRows;
use super::super::strings::Strings;
use super::super::view::View;
use super::scores::share;
use crate::model::Status;

/// A line of a table of counts.
pub struct Counted<'a> {
    /// What is counted, for people.
    pub name: Cell<'a>,
    /// The counts.
    pub line: &'a Line<'a>,
}

const NAME_WIDTH: u16 = 36;
const COUNT_WIDTH: u16 = 12;
/// The statuses in the order of the columns; work comes before them, customers after.
const STATUSES: [Status; 6] =
    [Status::New, Status::Reopened, Status::Open, Status::NotChecked, Status::Waived, Status::Resolved];

/// The key figures of a share and their severities, in the order of the tables' columns.
pub fn key_figures<'a>(strings: &Strings, figures: &Figures<'_>) -> Block<'a> {
    let names = STATUSES.map(|status| strings.status(status));
    let names = [strings.get("count.to_do")].into_iter().chain(names).chain([strings.get("count.customers")]);
    let figures_of = |line: &Line<'_>| -> Vec<u64> {
        let counted = STATUSES.map(|status| line.counts.of(status));
        [line.counts.to_do()].into_iter().chain(counted).chain([line.customers]).collect()
    };
    let parts = figures.by_severity.iter();
    Block::KeyFigures(KeyFigures {
        label: strings.get("count.findings").to_owned(),
        figures: names.map(str::to_owned).zip(figures_of(&figures.total)).collect(),
        parts: parts.map(|line| (strings.severity(line.severity).to_owned(), figures_of(line))).collect(),
    })
}

/// A table of counts; more lines than the limit are cut, and the note says so.
pub fn table<'a>(
    strings: &Strings,
    named: &str,
    lines: Vec<Counted<'a>>,
    total: Option<&Line<'_>>,
    limit: usize,
) -> Vec<Block<'a>> {
    let mut columns = vec![
        Column::new(named, Kind::Text, NAME_WIDTH),
        Column::new(strings.get("count.to_do"), Kind::Count, COUNT_WIDTH),
    ];
    columns.extend(STATUSES.map(|status| Column::new(strings.status(status), Kind::Count, COUNT_WIDTH)));
    columns.push(Column::new(strings.get("count.customers"), Kind::Count, COUNT_WIDTH));
    let count = lines.len();
    let mut rows: Vec<Vec<Cell<'a>>> =
        lines.into_iter().take(limit).map(|counted| row(counted.name, counted.line, Mark::Plain)).collect();
    if let Some(total) = total.filter(|_| count > 0) {
        rows.push(row(Cell::from(strings.get("count.total").to_owned()).marked(Mark::Strong), total, Mark::Strong));
    }
    let table = Table {
        columns,
        rows: Rows::of(rows),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(cut(strings, count, limit));
    blocks
}

/// The note under a table that shows fewer lines than there are.
pub fn cut<'a>(strings: &Strings, count: usize, limit: usize) -> Option<Block<'a>> {
    (count > limit).then(|| Block::Note(strings.fill("list.cut", &[("count", &count), ("shown", &limit)])))
}

fn row<'a>(name: Cell<'a>, line: &Line<'_>, mark: Mark) -> Vec<Cell<'a>> {
    let counted = |count: u64| Cell::from(count).marked(if count == 0 { Mark::Muted } else { mark });
    let mut row = vec![name, counted(line.counts.to_do())];
    row.extend(STATUSES.map(|status| counted(line.counts.of(status))));
    row.push(counted(line.customers));
    row
}

/// The rules of a share that have findings; their total is the key figures.
pub fn by_rule<'a>(view: &'a View<'a>) -> Vec<Block<'a>> {
    let figures = &view.share.figures;
    let first = FirstRows::of(view);
    let name = |line: &Line<'_>| Cell::from(rule_name(view, line)).leading_to(first.rule(line.name));
    let lines = figures.by_rule.iter().map(|line| Counted { name: name(line), line }).collect();
    let limit = view.definition.limits.overview_rows;
    table(view.strings, view.strings.get("column.rule"), lines, Some(&figures.total), limit)
}

/// A rule with its severity in words.
fn rule_name(view: &View<'_>, line: &Line<'_>) -> String {
    let title = view.rule_title(line.name);
    view.strings.fill("list.rule", &[("rule", &title), ("severity", &view.strings.severity(line.severity))])
}

/// The trend as a line chart with its table, and beside the counts the score, which is drawn on its own sheet.
pub fn trend_chart<'a>(strings: &Strings, trend: &[TrendLine]) -> Block<'a> {
    let mut chart = counts_over_time(strings, trend);
    chart.table.columns.push(Column::new(strings.get("column.score"), Kind::Share, COUNT_WIDTH));
    let lines: Vec<Vec<Cell<'a>>> = (0..chart.table.rows.len())
        .zip(trend)
        .map(|(number, line)| {
            let mut cells = chart.table.rows.row(number);
            cells.push(share(strings, line.score));
            cells
        })
        .collect();
    chart.table.rows = Rows::of(lines);
    Block::Chart(chart)
}

/// The counts of the last runs for a mail, which has room for four columns.
pub fn trend_in_mail<'a>(strings: &Strings, trend: &[TrendLine], runs: usize) -> Block<'a> {
    Block::Chart(counts_over_time(strings, &trend[trend.len().saturating_sub(runs)..]))
}

fn counts_over_time<'a>(strings: &Strings, trend: &[TrendLine]) -> Chart<'a> {
    let unit = strings.get("unit.findings");
    let columns = vec![
        Column::new(strings.get("column.period"), Kind::Text, NAME_WIDTH),
        Column::new(strings.get("count.to_do"), Kind::Count, COUNT_WIDTH).counting(unit),
        Column::new(strings.status(Status::New), Kind::Count, COUNT_WIDTH).counting(unit),
        Column::new(strings.status(Status::Resolved), Kind::Count, COUNT_WIDTH).counting(unit),
    ];
    let rows = trend.iter().map(|line| {
        let counts = line.counts;
        vec![
            Cell::from(line.period.clone()),
            counts.to_do().into(),
            counts.of(Status::New).into(),
            counts.of(Status::Resolved).into(),
        ]
    });
    let table = Table {
        columns,
        rows: Rows::of(rows.collect()),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    Chart {
        kind: ChartKind::Line,
        title: strings.get("heading.trend").to_owned(),
        table,
        category: 0,
        series: vec![1, 2, 3],
    }
}

/// The lines with most work as columns, one status upon the other.
pub fn work_by_status<'a>(strings: &Strings, title: &str, named: &str, lines: Vec<Counted<'a>>) -> Block<'a> {
    const WORK: [Status; 3] = [Status::New, Status::Reopened, Status::Open];
    let count = |title| Column::new(title, Kind::Count, COUNT_WIDTH).counting(strings.get("unit.findings"));
    let mut columns = vec![Column::new(named, Kind::Text, NAME_WIDTH), count(strings.get("count.to_do"))];
    columns.extend(WORK.map(|status| count(strings.status(status))));
    let rows = lines.into_iter().map(|Counted { name, line }| {
        let counts = WORK.map(|status| Cell::from(line.counts.of(status)));
        [name, line.counts.to_do().into()].into_iter().chain(counts).collect()
    });
    let rows = Rows::of(rows.collect());
    let empty = strings.get("list.none").to_owned();
    let table = Table { columns, rows, is_list: false, empty, shaded: Vec::new() };
    let series = vec![2, 3, 4];
    Block::Chart(Chart { kind: ChartKind::Stacked, title: title.to_owned(), table, category: 0, series })
}

/// The rules with most work, and what part of all work each takes with those before it.
pub fn concentration<'a>(view: &View<'_>, most: usize) -> Block<'a> {
    let strings = view.strings;
    let unit = strings.get("unit.findings");
    let mut lines: Vec<&Line<'_>> = view.share.figures.by_rule.iter().filter(|line| line.counts.to_do() > 0).collect();
    lines.sort_by_key(|line| Reverse(line.counts.to_do()));
    let all = view.share.figures.total.counts.to_do().max(1) as f64;
    let mut sum = 0;
    let rows = lines.into_iter().take(most).map(|line| {
        let count = line.counts.to_do();
        sum += count;
        vec![Cell::from(view.rule_title(line.name).to_owned()), count.into(), Value::Share(sum as f64 / all).into()]
    });
    let table = Table {
        rows: Rows::of(rows.collect()),
        columns: vec![
            Column::new(strings.get("column.rule"), Kind::Text, NAME_WIDTH),
            Column::new(strings.get("count.to_do"), Kind::Count, COUNT_WIDTH).counting(unit),
            Column::new(strings.get("column.cumulative"), Kind::Share, COUNT_WIDTH),
        ],
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    let title = strings.get("heading.concentration").to_owned();
    Block::Chart(Chart { kind: ChartKind::Pareto, title, table, category: 0, series: vec![1, 2] })
}

/// The same counts for a mail: four columns and a bar, and what is cut is in the workbook.
pub fn bars_in_mail<'a>(strings: &Strings, named: &str, lines: Vec<Counted<'a>>, limit: usize) -> Vec<Block<'a>> {
    let columns = vec![
        Column::new(named, Kind::Text, NAME_WIDTH),
        Column::new(strings.get("count.to_do"), Kind::Count, COUNT_WIDTH),
        Column::new(strings.status(Status::New), Kind::Count, COUNT_WIDTH),
        Column::new(strings.status(Status::Resolved), Kind::Count, COUNT_WIDTH),
    ];
    let count = lines.len();
    let rows = lines.into_iter().take(limit).map(|Counted { name, line }| {
        let counts = line.counts;
        vec![name, counts.to_do().into(), counts.of(Status::New).into(), counts.of(Status::Resolved).into()]
    });
    let table = Table {
        columns,
        rows: Rows::of(rows.collect()),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    let chart = Chart { kind: ChartKind::Bar, title: String::new(), table, category: 0, series: vec![1] };
    let mut blocks = vec![Block::Chart(chart)];
    if count > limit {
        blocks.push(Block::Note(strings.fill("list.cut_in_mail", &[("count", &count), ("shown", &limit)])));
    }
    blocks
}
