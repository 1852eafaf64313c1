//! The sheets of RFM and of retention.
//!
//! Apart because both look at when customers bought, and neither at who they are.

use rust_decimal::Decimal;

use super::super::blocks::{Cell, ChartKind, Column, Kind, Value};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::share::{share, share_of};

/// Recency, frequency, money.
pub fn rfm(page: &mut Page<'_>) {
    if page.without_deals() {
        return;
    }
    let (analysis, strings) = (page.analysis, page.strings());
    let settings = &analysis.settings;
    let Some(rfm) = &analysis.rfm else {
        page.paragraph(page.word("analysis.no_amounts").to_owned());
        return;
    };
    let basis = match rfm.by_quintile {
        true => strings.fill("analysis.rfm_quintiles", &[("count", &rfm.customers), ("months", &settings.lost_months)]),
        false => {
            let bounds = |bounds: &[u32; 4]| bounds.map(|bound| bound.to_string()).join("/");
            strings.fill(
                "analysis.rfm_fixed",
                &[
                    ("count", &rfm.customers),
                    ("months", &settings.lost_months),
                    ("smallest", &settings.rfm_smallest),
                    ("days", &bounds(&settings.rfm_days)),
                    ("deals", &bounds(&settings.rfm_deals)),
                    ("amounts", &bounds(&settings.rfm_amounts)),
                ],
            )
        }
    };
    page.paragraph(basis);
    let columns = vec![
        page.column("analysis.rfm_class", Kind::Text, 26),
        page.column("analysis.customers", Kind::Count, 12),
        page.column("analysis.share", Kind::Share, 12),
        page.column("analysis.amount", Kind::Amount, 15),
        page.column("analysis.amount_share", Kind::Share, 12),
    ];
    let total: Decimal = rfm.lines.iter().map(|line| line.amount).sum();
    let rows = rfm.lines.iter().map(|line| {
        vec![
            Cell::from(words::class(strings, line.class)),
            line.customers.into(),
            words::share(share_of(line.customers, rfm.customers)),
            line.amount.into(),
            words::share(share(line.amount, total)),
        ]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Bar,
        title: "analysis.chart_rfm",
        unit: "analysis.unit_customers",
        columns,
        rows,
        series: vec![1],
    });
    page.heading("analysis.rfm_grid");
    let mut columns = vec![page.column("analysis.rfm_corner", Kind::Text, 26)];
    columns.extend(
        (1..=5)
            .map(|score| Column::new(&strings.fill("analysis.rfm_frequency", &[("score", &score)]), Kind::Count, 12)),
    );
    let rows: Vec<Vec<Cell<'_>>> = (1..=5)
        .rev()
        .zip(&rfm.grid)
        .map(|(score, cells)| {
            let name = strings.fill("analysis.rfm_recency", &[("score", &score)]);
            [Cell::from(name)].into_iter().chain(cells.iter().map(|count| Cell::from(*count))).collect()
        })
        .collect();
    page.heat_map(columns, rows, (1..6).collect());
    page.note(page.word("analysis.rfm_note").to_owned());
}

/// The last quarters, cohorts, and who is late by its own rhythm.
pub fn retention(page: &mut Page<'_>) {
    if page.without_deals() {
        return;
    }
    let (analysis, strings) = (page.analysis, page.strings());
    let Some(retention) = &analysis.retention else { return };
    let columns = vec![
        page.column("analysis.quarter", Kind::Word, 18),
        page.column("analysis.active", Kind::Count, 30),
        page.column("analysis.lapsed", Kind::Count, 12),
        page.column("analysis.reactivated", Kind::Count, 12),
    ];
    let rows = retention.quarters.iter().map(|quarter| {
        vec![
            Cell::from(words::quarter(quarter.first_day)),
            quarter.active.into(),
            quarter.lapsed.into(),
            quarter.reactivated.into(),
        ]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Line,
        title: "analysis.chart_retention",
        unit: "analysis.unit_customers",
        columns,
        rows,
        series: vec![1, 2, 3],
    });
    page.heading("analysis.cohorts");
    let span = retention.cohorts.iter().map(|cohort| cohort.buying.len()).max().unwrap_or(0);
    let mut columns =
        vec![page.column("analysis.first_year", Kind::Text, 18), page.column("analysis.customers", Kind::Count, 30)];
    columns.extend(
        (0..span).map(|year| Column::new(&strings.fill("analysis.cohort_year", &[("year", &year)]), Kind::Share, 12)),
    );
    let earliest = retention.cohorts.first().map(|cohort| cohort.year).unwrap_or_default();
    let rows: Vec<Vec<Cell<'_>>> = retention
        .cohorts
        .iter()
        .map(|cohort| {
            let name = match cohort.year == earliest {
                true => strings.fill("analysis.up_to_year", &[("year", &cohort.year)]),
                false => cohort.year.to_string(),
            };
            let shares = (0..span).map(|year| match cohort.buying.get(year) {
                Some(buying) => words::share(share_of(*buying, cohort.customers)),
                None => Value::Empty.into(),
            });
            [Cell::from(name), cohort.customers.into()].into_iter().chain(shares).collect()
        })
        .collect();
    page.heat_map(columns, rows, (2..span + 2).collect());
    page.note(page.word("analysis.cohort_note").to_owned());
    page.heading("analysis.late");
    let (shown, said) = page.listed(&retention.late, |late| late.customer);
    let mut columns = page.customer_columns();
    columns.extend([
        page.column("analysis.days_since", Kind::Count, 12),
        page.column("analysis.usual_days", Kind::Count, 12),
        page.column("analysis.amount_at_stake", Kind::Amount, 14),
    ]);
    columns.extend(page.owner_columns());
    let whole = |days: i64| Cell::from(u64::try_from(days).unwrap_or(0));
    let rows = shown.into_iter().map(|late| {
        let mut row: Vec<Cell<'_>> = page.customer(late.customer).into();
        row.extend([whole(late.days), whole(late.usual), late.amount.into()]);
        row.extend(page.owner(late.customer));
        row
    });
    let rows = rows.collect();
    page.table(columns, rows);
    page.notes(said);
    let factor = words::number(analysis.settings.rhythm_factor);
    let places: [(&str, &dyn std::fmt::Display); 3] =
        [("factor", &factor), ("count", &retention.with_rhythm), ("late", &retention.late.len())];
    page.note(strings.fill("analysis.late_note", &places));
}
