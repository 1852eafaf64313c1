//! The sheet of scores: a department's dimensions and rules, or all departments side by side.
//!
//! Apart because a score is an answer to another question than a list of findings, and every one of them shows what it
//! rests on. It adds nothing up: `scorecard` did.

use super::super::blocks::{Block, Cell, Chart, ChartKind, Column, Kind, Mark, Rows, Table, Value};
use super::super::document::Sheet;
use super::super::figures::TrendLine;
use super::super::scorecard::{Compared, RuleScore, Scorecard};
use super::super::strings::Strings;
use super::super::view::View;
use super::work_list::{severity_mark, severity_words};
use crate::model::{Dimension, Outcome, Ratio, Whose};
use crate::text::Language;

/// Makes the sheet.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let is_digest = view.share.department.is_none();
    let mut blocks = vec![
        Block::Paragraph(strings.fill("scores.opening", &[("title", &heading(view))])),
        Block::Note(strings.get("scores.definition").to_owned()),
    ];
    if is_digest {
        blocks.push(Block::Heading(strings.get("heading.by_department").to_owned()));
        blocks.extend(matrix(view));
        blocks.push(Block::Note(strings.get("scores.matrix").to_owned()));
    }
    blocks.push(Block::Heading(strings.get("heading.by_dimension").to_owned()));
    blocks.push(drawn(strings, dimensions(strings, &view.share.scores)));
    if !is_digest {
        blocks.push(Block::Heading(strings.get("heading.by_rule").to_owned()));
        blocks.push(Block::Table(rules(view)));
    }
    blocks.push(Block::Heading(strings.get("heading.score_trend").to_owned()));
    blocks.push(trend(strings, &view.share.figures.trend));
    if is_digest {
        blocks.push(Block::Heading(strings.get("heading.standard").to_owned()));
        blocks.push(Block::Table(standard(strings)));
        blocks.push(Block::Note(strings.get("scores.standard").to_owned()));
    }
    Sheet { name: strings.get("sheet.scores").to_owned(), blocks, one_page: false }
}

fn heading(view: &View<'_>) -> String {
    let period = view.strings.period(view.input.period);
    let name = view.share.department.unwrap_or(view.input.company);
    view.strings.fill("scores.heading", &[("name", &name), ("period", &period)])
}

const SHARE_WIDTH: u16 = 9;
/// What the name of a dimension takes in English.
const LONG_WORD: u16 = 13;
const RATIO_WIDTH: u16 = 16;
const NAME_WIDTH: u16 = 22;

/// A percentage, or that there is none.
pub fn share<'a>(strings: &Strings, ratio: Ratio) -> Cell<'a> {
    match ratio.tenths() {
        // Tenths of a percent are whole here, so that what the cell shows is what was computed.
        Some(tenths) => Value::Share(tenths as f64 / 1000.0).into(),
        None => Cell::from(strings.get("scores.no_data").to_owned()).marked(Mark::Muted),
    }
}

/// A count of a ratio; blank where nothing was tested.
pub fn counted<'a>(ratio: Ratio, count: u64) -> Cell<'a> {
    if ratio.tested == 0 { Value::Empty.into() } else { count.into() }
}

/// Passed of tested in words, a small sample with its mark.
fn of_tested(strings: &Strings, ratio: Ratio) -> String {
    if ratio.tested == 0 {
        return String::new();
    }
    let key = if ratio.is_small() { "scores.small_ratio" } else { "scores.ratio" };
    strings.fill(key, &[("passed", &thousands(ratio.passed)), ("tested", &thousands(ratio.tested))])
}

/// A count with commas: 1,846.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Departments by dimensions, each score with what it rests on.
fn matrix<'a>(view: &'a View<'a>) -> Vec<Block<'a>> {
    let strings = view.strings;
    let names = Dimension::ALL.map(|dimension| strings.dimension(dimension));
    let names = [strings.get("scores.overall")].into_iter().chain(names);
    let mut columns = vec![Column::new(strings.get("column.department"), Kind::Text, NAME_WIDTH)];
    let width = match strings.language() {
        Language::Zh => SHARE_WIDTH,
        Language::En => LONG_WORD,
    };
    for name in names {
        columns.push(Column::new(name, Kind::Share, width));
        let ratio = strings.fill("scores.ratio_of", &[("name", &name)]);
        columns.push(Column::new(&ratio, Kind::Word, RATIO_WIDTH));
    }
    let line = |name: Cell<'a>, card: &Scorecard<'_>, mark: Mark| -> Vec<Cell<'a>> {
        let ratios = [card.overall].into_iter().chain(card.dimensions.map(|(_, compared)| compared));
        let cells = ratios.flat_map(|compared| {
            let share = share(strings, compared.now);
            let share = if share.mark == Mark::Plain { share.marked(mark) } else { share };
            [share, Cell::from(of_tested(strings, compared.now)).marked(mark)]
        });
        [name.marked(mark)].into_iter().chain(cells).collect()
    };
    let departments = view.shares.departments.iter();
    let mut rows: Vec<Vec<Cell<'a>>> = departments
        .map(|share| line(share.department.unwrap_or_default().into(), &share.scores, Mark::Plain))
        .collect();
    let others = view.shares.cards.without_entry(view.input);
    let others: Vec<&str> = others.into_iter().filter(|name| *name != view.input.fallback.trim()).collect();
    let limit = view.definition.limits.overview_rows;
    rows.extend(others.iter().take(limit).map(|name| {
        let card = view.shares.cards.of(&Whose::Department((*name).to_owned()));
        line(view.department(name).into(), &card, Mark::Plain)
    }));
    rows.push(line(strings.get("scores.company").into(), &view.share.scores, Mark::Strong));
    let table = Table {
        columns,
        rows: Rows::of(rows),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    let mut blocks = vec![Block::Table(table)];
    if others.len() > limit {
        let (count, shown) = (others.len(), limit);
        blocks.push(Block::Note(strings.fill("scores.cut", &[("count", &count), ("shown", &shown)])));
    }
    blocks
}

/// The columns that every score has: name, percentage, passed, tested, and those of the last period.
fn score_columns(strings: &Strings, name: &str, width: u16) -> Vec<Column> {
    vec![
        Column::new(name, Kind::Text, width),
        Column::new(strings.get("column.score"), Kind::Share, SHARE_WIDTH),
        Column::new(strings.get("column.passed"), Kind::Count, SHARE_WIDTH),
        Column::new(strings.get("column.units"), Kind::Count, SHARE_WIDTH),
        Column::new(strings.get("column.score_before"), Kind::Share, SHARE_WIDTH),
        Column::new(strings.get("column.ratio_before"), Kind::Word, RATIO_WIDTH),
        Column::new(strings.get("column.score_change"), Kind::Word, SHARE_WIDTH),
        Column::new(strings.get("column.note"), Kind::Text, RATIO_WIDTH),
    ]
}

fn score_cells<'a>(strings: &Strings, compared: Compared, remark: Option<&str>) -> Vec<Cell<'a>> {
    let change = match compared.change() {
        Some(0) => "0.0".to_owned(),
        Some(tenths) => {
            let sign = if tenths > 0 { '+' } else { '-' };
            format!("{sign}{}.{}", tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10)
        }
        None => String::new(),
    };
    let before = match compared.before {
        Some(before) => share(strings, before),
        None => Value::Empty.into(),
    };
    let remarks = [
        remark,
        compared.now.is_small().then(|| strings.get("scores.small")),
        compared.rules_changed.then(|| strings.get("scores.rules_changed")),
    ];
    vec![
        share(strings, compared.now),
        counted(compared.now, compared.now.passed),
        counted(compared.now, compared.now.tested),
        before,
        of_tested(strings, compared.before.unwrap_or_default()).into(),
        change.into(),
        strings.joined(remarks.into_iter().flatten()).into(),
    ]
}

fn dimensions<'a>(strings: &'a Strings, card: &Scorecard<'_>) -> Table<'a> {
    let line = |name: &'a str, compared: Compared, mark: Mark| -> Vec<Cell<'a>> {
        [Cell::from(name).marked(mark)].into_iter().chain(score_cells(strings, compared, None)).collect()
    };
    let mut rows = vec![line(strings.get("scores.overall"), card.overall, Mark::Strong)];
    let lines = card.dimensions.iter();
    rows.extend(lines.map(|(dimension, compared)| line(strings.dimension(*dimension), *compared, Mark::Plain)));
    Table {
        columns: score_columns(strings, strings.get("column.dimension"), NAME_WIDTH),
        rows: Rows::of(rows),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    }
}

/// The dimensions' scores as columns, beside those of the last period where it had any.
fn drawn<'a>(strings: &Strings, table: Table<'a>) -> Block<'a> {
    let has_before = table
        .rows
        .first(table.rows.len())
        .any(|row| row.get(4).is_some_and(|cell| matches!(cell.value, Value::Share(_))));
    let series = if has_before { vec![1, 4] } else { vec![1] };
    let title = strings.get("heading.by_dimension").to_owned();
    Block::Chart(Chart { kind: ChartKind::Column, title, table, category: 0, series })
}

fn rules<'a>(view: &'a View<'a>) -> Table<'a> {
    let strings = view.strings;
    let mut columns = score_columns(strings, strings.get("column.rule"), 34);
    columns.extend([
        Column::new(strings.get("column.dimension"), Kind::Word, 10),
        Column::new(strings.get("column.severity"), Kind::Word, 9).with_words(severity_words(strings)),
        Column::new(strings.get("column.outcome"), Kind::Word, 10),
        Column::new(strings.get("column.table"), Kind::Text, 10),
        Column::new(strings.get("column.rule_id"), Kind::Text, 30),
    ]);
    let rows = &view.share.scores.rules;
    Table {
        columns,
        rows: Rows::made(rows.len(), move |number| rule(view, &rows[number])),
        is_list: false,
        empty: strings.get("scores.no_rules").to_owned(),
        shaded: Vec::new(),
    }
}

fn rule<'a>(view: &'a View<'a>, RuleScore { line, compared }: &RuleScore<'a>) -> Vec<Cell<'a>> {
    let strings = view.strings;
    let outcome = match line.outcome {
        Outcome::Failed => Mark::Alert,
        Outcome::Warned => Mark::Caution,
        _ => Mark::Plain,
    };
    let hint = line.outcome.is_concluded() && !line.counts();
    let mut cells: Vec<Cell<'a>> = vec![view.rule_title(&line.rule_id).into()];
    cells.extend(score_cells(strings, *compared, hint.then(|| strings.get("scores.hint"))));
    if !line.counts() {
        // No score is not "no data": the rule's own words stand in the column of its outcome.
        cells[1] = Value::Empty.into();
    }
    if hint {
        let ratio = Ratio::of(line.tested, line.failing);
        (cells[2], cells[3]) = (counted(ratio, ratio.passed), counted(ratio, ratio.tested));
    }
    cells.extend([
        strings.dimension(line.dimension).into(),
        Cell::from(strings.severity(line.severity)).marked(severity_mark(line.severity)),
        Cell::from(strings.outcome(line.outcome)).marked(outcome),
        view.input.labels.table(&line.table).into(),
        line.rule_id.as_str().into(),
    ]);
    cells
}

/// The overall score of the last runs, drawn.
fn trend<'a>(strings: &'a Strings, trend: &[TrendLine]) -> Block<'a> {
    let mut columns = score_columns(strings, strings.get("column.period"), NAME_WIDTH);
    columns.truncate(4);
    let scored = trend.iter().filter(|line| line.score.tested > 0);
    let rows: Vec<Vec<Cell<'a>>> = scored
        .map(|line| {
            vec![
                Cell::from(line.period.clone()),
                share(strings, line.score),
                counted(line.score, line.score.passed),
                counted(line.score, line.score.tested),
            ]
        })
        .collect();
    let table = Table {
        columns,
        rows: Rows::of(rows),
        is_list: false,
        empty: strings.get("scores.no_data").to_owned(),
        shaded: Vec::new(),
    };
    let title = strings.get("heading.score_trend").to_owned();
    Block::Chart(Chart { kind: ChartKind::Line, title, table, category: 0, series: vec![1] })
}

/// The dimensions beside those of GB/T 36344-2018, which are others.
fn standard<'a>(strings: &'a Strings) -> Table<'a> {
    let columns = vec![
        Column::new(strings.get("column.standard"), Kind::Text, NAME_WIDTH),
        Column::new(strings.get("column.dimension"), Kind::Text, SHARE_WIDTH),
    ];
    let rows = Dimension::ALL.map(|dimension| {
        let standard = strings.get(match dimension {
            Dimension::Completeness => "standard.completeness",
            Dimension::Accuracy => "standard.accuracy",
            Dimension::Consistency => "standard.consistency",
            Dimension::Timeliness => "standard.timeliness",
            Dimension::Uniqueness => "standard.uniqueness",
            Dimension::Validity => "standard.validity",
        });
        vec![standard.into(), strings.dimension(dimension).into()]
    });
    Table {
        columns,
        rows: Rows::of(rows.to_vec()),
        is_list: false,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_commas() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}
