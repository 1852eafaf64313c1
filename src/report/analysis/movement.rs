//! The sheets of movement between tiers: who rose and fell, who may rise, whose tier is in doubt.
//!
//! Apart because they rest on the rule that computes tiers, or on an earlier run, and say so where there is neither.

use super::super::blocks::{Cell, ChartKind, Column, Kind, Mark};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::Group;
use crate::analysis::migration::Matrix;

/// The matrices, and recorded against computed tiers.
pub fn migration(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    if page.lacking(Group::Customers, &["tier"]) {
        return;
    }
    let migration = &analysis.migration;
    match &migration.year {
        Some(matrix) => draw(page, matrix),
        None => page.paragraph(page.word("analysis.no_tiers_year_ago").to_owned()),
    }
    match &migration.quarter {
        Some(matrix) => draw(page, matrix),
        None => page.paragraph(page.word("analysis.no_tiers_before").to_owned()),
    }
    page.heading("analysis.recorded_computed");
    let Some(differing) = &migration.differing else {
        page.paragraph(page.word("analysis.no_tier_rule").to_owned());
        return;
    };
    let columns = vec![
        page.column("analysis.recorded", Kind::Text, 16),
        page.column("analysis.computed", Kind::Text, 14),
        page.column("analysis.customers", Kind::Count, 12),
    ];
    let rows = differing.iter().map(|((recorded, computed), count)| {
        vec![page.tier(*recorded), page.tier(Some(*computed)), Cell::from(*count)]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    let count = migration.differing_customers().unwrap_or(0);
    let rule = analysis.facts.standards.as_ref().map(|standards| standards.rule_id.as_str()).unwrap_or_default();
    page.note(strings.fill("analysis.differing", &[("count", &count), ("rule", &rule)]));
}

fn draw<'a>(page: &mut Page<'a>, matrix: &'a Matrix) {
    let strings = page.strings();
    let period = strings.written_period(&matrix.period);
    page.blocks
        .push(super::super::blocks::Block::Heading(strings.fill("analysis.from_period", &[("period", &period)])));
    let names: Vec<String> = matrix.tiers.iter().map(|tier| words::tier(strings, page.analysis, *tier)).collect();
    let mut columns = vec![page.column("analysis.from_to", Kind::Text, 16)];
    columns.extend(names.iter().map(|name| Column::new(name, Kind::Count, 12)));
    columns.push(page.column("analysis.gone", Kind::Count, 12));
    let first = names.into_iter().chain([page.word("analysis.new_customers").to_owned()]);
    let rows: Vec<Vec<Cell<'a>>> = first
        .zip(&matrix.cells)
        .map(|(name, cells)| {
            [Cell::from(name)].into_iter().chain(cells.iter().map(|count| Cell::from(*count))).collect()
        })
        .collect();
    let shaded = (1..columns.len()).collect();
    page.heat_map(columns, rows, shaded);
    let places: [(&str, &dyn std::fmt::Display); 5] = [
        ("risen", &matrix.risen),
        ("fallen", &matrix.fallen),
        ("kept", &matrix.kept),
        ("new", &matrix.new),
        ("gone", &matrix.gone),
    ];
    page.paragraph(strings.fill("analysis.matrix_line", &places));
}

/// Who may rise, with the gap.
pub fn rising(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    let Some(rising) = &analysis.rising else {
        nothing_to_reckon_from(page);
        return;
    };
    let columns =
        vec![page.column("analysis.to_tier", Kind::Text, 18), page.column("analysis.customers", Kind::Count, 30)];
    let targets = rising.by_target(&analysis.scale);
    let rows: Vec<Vec<Cell<'_>>> =
        targets.iter().map(|(tier, count)| vec![page.tier(Some(*tier)), Cell::from(*count)]).collect();
    page.drawn(Drawn {
        kind: ChartKind::Bar,
        title: "analysis.chart_rising",
        unit: "analysis.unit_customers",
        columns,
        rows,
        series: vec![1],
    });
    let columns = [
        ("analysis.computed", Kind::Text, 10),
        ("analysis.to_tier", Kind::Text, 10),
        ("analysis.gap", Kind::Text, 26),
        ("analysis.so_far", Kind::Amount, 14),
        ("analysis.at_this_pace", Kind::Amount, 14),
    ];
    customers(
        page,
        &rising.candidates,
        &columns,
        |candidate| candidate.customer,
        |page, candidate| {
            let near = analysis.settings.near_gap;
            let gap = match candidate.gap {
                Some(gap) if gap <= near => strings.fill("analysis.gap_amount", &[("amount", &words::amount(gap))]),
                Some(gap) => {
                    let places: [(&str, &dyn std::fmt::Display); 2] =
                        [("years", &candidate.years), ("amount", &words::amount(gap))];
                    strings.fill("analysis.gap_both", &places)
                }
                None => strings.fill("analysis.gap_years", &[("years", &candidate.years)]),
            };
            vec![
                page.tier(Some(candidate.from)),
                page.tier(Some(candidate.to)),
                gap.into(),
                candidate.so_far.into(),
                candidate.at_this_pace.into(),
            ]
        },
    );
    let places: [(&str, &dyn std::fmt::Display); 1] = [("gap", &words::amount(analysis.settings.near_gap))];
    page.note(strings.fill("analysis.rising_note", &places));
}

/// Whose tier is no longer justified, or will not be.
pub fn at_risk(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    let Some(rising) = &analysis.rising else {
        nothing_to_reckon_from(page);
        return;
    };
    let unjustified = rising.unjustified();
    let soon = rising.at_risk.len() as u64 - unjustified;
    page.paragraph(strings.fill("analysis.at_risk_line", &[("already", &unjustified), ("soon", &soon)]));
    let columns = [
        ("analysis.recorded", Kind::Text, 10),
        ("analysis.computed", Kind::Text, 10),
        ("analysis.judgement", Kind::Text, 18),
        ("analysis.short_of_year", Kind::Amount, 14),
        ("analysis.so_far", Kind::Amount, 14),
        ("analysis.at_this_pace", Kind::Amount, 14),
    ];
    customers(
        page,
        &rising.at_risk,
        &columns,
        |risk| risk.customer,
        |page, risk| {
            let judgement = if risk.already { "analysis.unjustified" } else { "analysis.soon_unjustified" };
            let mark = if risk.already { Mark::Alert } else { Mark::Caution };
            vec![
                page.tier(Some(risk.recorded)),
                page.tier(Some(risk.computed)),
                Cell::from(strings.get(judgement)).marked(mark),
                words::money(risk.gap),
                risk.so_far.into(),
                risk.at_this_pace.into(),
            ]
        },
    );
    page.note(page.word("analysis.pace_note").to_owned());
}

/// A list of customers: who each is, what is said of it in these columns, and whose it is.
fn customers<'a, T>(
    page: &mut Page<'a>,
    items: &'a [T],
    said: &[(&'static str, Kind, u16)],
    customer: impl Fn(&T) -> usize,
    cells: impl Fn(&Page<'a>, &'a T) -> Vec<Cell<'a>>,
) {
    let (shown, left_out) = page.listed(items, &customer);
    let mut columns = page.customer_columns();
    columns.extend(said.iter().map(|(key, kind, width)| page.column(key, *kind, *width)));
    columns.extend(page.owner_columns());
    let mut rows = Vec::new();
    for item in shown {
        let mut row: Vec<Cell<'a>> = page.customer(customer(item)).into();
        row.extend(cells(page, item));
        row.extend(page.owner(customer(item)));
        rows.push(row);
    }
    page.table(columns, rows);
    page.notes(left_out);
}

fn nothing_to_reckon_from(page: &mut Page<'_>) {
    page.lacking(Group::Customers, &["tier"]);
    if !page.without_deals() {
        page.paragraph(page.word("analysis.no_tier_rule").to_owned());
    }
}
