//! The sheet of rules: every rule on every table, what became of it, on how many rows, and why not.
//!
//! Apart because a rule without findings has passed, had nothing to apply to, or never ran, and a reader must be able
//! to tell which.

use super::super::blocks::{Block, Cell, Column, Kind, Mark, Rows, Table, Value};
use super::super::document::Sheet;
use super::super::order::FirstRows;
use super::super::strings::Strings;
use super::super::view::View;
use super::work_list::{severity_mark, severity_words};
use crate::model::{Outcome, RuleOutcome};

/// Makes the sheet.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let columns = vec![
        Column::new(strings.get("column.rule"), Kind::Text, 26),
        Column::new(strings.get("column.rule_id"), Kind::Text, 20),
        Column::new(strings.get("column.table"), Kind::Text, 10),
        Column::new(strings.get("column.severity"), Kind::Word, 8).with_words(severity_words(strings)),
        Column::new(strings.get("column.dimension"), Kind::Word, 9),
        Column::new(strings.get("column.outcome"), Kind::Word, 10).with_words(outcome_words(strings)),
        Column::new(strings.get("column.tested"), Kind::Count, 14),
        Column::new(strings.get("column.failing"), Kind::Count, 14),
        Column::new(strings.get("column.share"), Kind::Share, 9),
        Column::new(strings.get("column.to_do_here"), Kind::Count, 10),
        Column::new(strings.get("column.clause"), Kind::Text, 12),
        Column::new(strings.get("column.reason"), Kind::Text, 30),
        Column::new(strings.get("column.note"), Kind::Text, 26),
    ];
    let first = FirstRows::of(view);
    let rows = view.input.outcomes.iter().map(|line| row(view, &first, line)).collect();
    let table = Table {
        columns,
        rows: Rows::of(rows),
        is_list: true,
        empty: strings.get("list.none").to_owned(),
        shaded: Vec::new(),
    };
    let coverage = view.coverage;
    let opening = strings.fill(
        "rules.opening",
        &[
            ("count", &coverage.rules),
            ("concluded", &coverage.concluded),
            ("not_evaluated", &coverage.not_evaluated),
            ("not_enabled", &coverage.not_enabled),
            ("not_applicable", &coverage.not_applicable),
        ],
    );
    let blocks = vec![Block::Paragraph(opening), Block::Table(table)];
    Sheet { name: strings.get("sheet.rules").to_owned(), blocks, one_page: false }
}

/// How an outcome stands out beside its word.
fn outcome_mark(outcome: Outcome) -> Mark {
    match outcome {
        Outcome::Failed => Mark::Alert,
        Outcome::Warned | Outcome::NotEvaluated => Mark::Caution,
        Outcome::NotEnabled => Mark::Strong,
        Outcome::NotApplicable | Outcome::Passed => Mark::Plain,
    }
}

fn outcome_words(strings: &Strings) -> Vec<(String, Mark)> {
    Outcome::ALL.map(|outcome| (strings.outcome(outcome).to_owned(), outcome_mark(outcome))).into()
}

fn row<'a>(view: &'a View<'a>, first: &FirstRows<'_>, line: &'a RuleOutcome) -> Vec<Cell<'a>> {
    let measured = |value: Value<'a>| if line.outcome.is_concluded() { value } else { Value::Empty };
    let share = match line.tested {
        0 => Value::Empty,
        tested => Value::Share(line.failing as f64 / tested as f64),
    };
    let here = view.share.figures.by_rule_and_table.get(&(line.rule_id.as_str(), line.table.as_str()));
    vec![
        Cell::from(line.title.as_str()).leading_to(first.rule(&line.rule_id)),
        line.rule_id.as_str().into(),
        view.input.labels.table(&line.table).into(),
        Cell::from(view.strings.severity(line.severity)).marked(severity_mark(line.severity)),
        view.strings.dimension(line.dimension).into(),
        Cell::from(view.strings.outcome(line.outcome)).marked(outcome_mark(line.outcome)),
        measured(Value::Count(line.tested)).into(),
        measured(Value::Count(line.failing)).into(),
        measured(share).into(),
        here.map_or(0, |counts| counts.to_do()).into(),
        line.clause.as_str().into(),
        line.reason.as_str().into(),
        line.note.as_str().into(),
    ]
}
