//! The sheet of data quality: the run's own scores and findings, as every other report shows them.
//!
//! Apart because it reckons nothing: a second score of the same data would be a contradiction waiting to happen.

use super::super::blocks::{Cell, ChartKind, Column, Kind};
use super::super::sheets::{counted_cell, share_cell};
use super::page::{Drawn, Page, strong};
use crate::model::Dimension;

/// Problem kinds.
const KINDS: usize = 10;

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    let (view, strings) = (page.view, page.strings());
    let card = &view.share.scores;
    page.heading("heading.by_dimension");
    let columns = vec![
        page.column("column.dimension", Kind::Text, 26),
        page.column("column.score", Kind::Share, 12),
        page.column("column.passed", Kind::Count, 12),
        page.column("column.units", Kind::Count, 12),
        page.column("column.score_before", Kind::Share, 12),
    ];
    let rows = card.dimensions.iter().map(|(dimension, compared)| {
        vec![
            Cell::from(strings.dimension(*dimension)),
            share_cell(strings, compared.now),
            counted_cell(compared.now, compared.now.passed),
            counted_cell(compared.now, compared.now.tested),
            share_cell(strings, compared.before.unwrap_or_default()),
        ]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Radar,
        title: "analysis.chart_dimensions",
        unit: "analysis.unit_score",
        columns,
        rows,
        series: vec![1],
    });
    page.heading("heading.by_department");
    let mut columns =
        vec![page.column("column.department", Kind::Text, 26), page.column("scores.overall", Kind::Share, 12)];
    columns.extend(Dimension::ALL.map(|dimension| Column::new(strings.dimension(dimension), Kind::Share, 12)));
    let mut rows: Vec<Vec<Cell<'_>>> = view
        .shares
        .departments
        .iter()
        .map(|share| {
            let name = Cell::from(share.department.unwrap_or_default());
            let scores = share.scores.dimensions.iter().map(|(_, compared)| share_cell(strings, compared.now));
            [name, share_cell(strings, share.scores.overall.now)].into_iter().chain(scores).collect()
        })
        .collect();
    let scores = card.dimensions.iter().map(|(_, compared)| share_cell(strings, compared.now));
    let company = [Cell::from(page.word("scores.company")), share_cell(strings, card.overall.now)];
    rows.push(strong(company.into_iter().chain(scores).collect()));
    page.table(columns, rows);
    page.heading("analysis.top_problems");
    let columns = vec![
        page.column("column.rule", Kind::Text, 26),
        page.column("count.to_do", Kind::Count, 12),
        page.column("status.new", Kind::Count, 12),
        page.column("status.resolved", Kind::Count, 12),
    ];
    let mut lines: Vec<_> = view.share.figures.by_rule.iter().filter(|line| line.counts.to_do() > 0).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.counts.to_do()));
    let rows = lines.into_iter().take(KINDS).map(|line| {
        vec![
            Cell::from(view.rule_title(line.name)),
            line.counts.to_do().into(),
            line.counts.of(crate::model::Status::New).into(),
            line.counts.of(crate::model::Status::Resolved).into(),
        ]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    match &view.input.changes.unavailable {
        Some(reason) => page.note(reason.clone()),
        None => {
            let count = &view.input.changes.customers;
            page.paragraph(strings.fill("analysis.changes_line", &[("count", count)]));
        }
    }
    page.note(page.word("analysis.quality_note").to_owned());
}
