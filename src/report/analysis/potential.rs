//! The sheet of potential customers: how far they are, what stands in the way, what became of them.
//!
//! Apart because it is all about customers without amounts.

use super::super::blocks::{Cell, ChartKind, Kind};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::Group;
use crate::analysis::potential::DESCRIBED;
use crate::analysis::share::share_of;

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    let potential = &analysis.potential;
    let Some(tier) = &potential.tier else {
        page.lacking(Group::Customers, &["tier"]);
        page.paragraph(page.word("analysis.no_tier_rule").to_owned());
        return;
    };
    let count = potential.customers.len() as u64;
    page.paragraph(strings.fill("analysis.potential_line", &[("tier", tier), ("count", &count)]));
    match potential.converted {
        Some((were, bought)) => {
            let share =
                share_of(bought, were).map_or_else(|| strings.get("analysis.unknown").to_owned(), words::percent);
            page.paragraph(
                strings.fill("analysis.converted_line", &[("were", &were), ("bought", &bought), ("share", &share)]),
            );
        }
        None => page.note(page.word("analysis.no_conversion").to_owned()),
    }
    page.lacking(Group::Customers, &DESCRIBED);
    if !potential.stages.is_empty() {
        page.heading("analysis.stages");
        let columns =
            vec![page.column("analysis.intent", Kind::Text, 18), page.column("analysis.customers", Kind::Count, 30)];
        let rows = potential
            .stages
            .iter()
            .map(|(stage, count)| vec![Cell::from(words::or_blank(strings, stage)), Cell::from(*count)]);
        let rows = rows.collect();
        page.drawn(Drawn {
            kind: ChartKind::Bar,
            title: "analysis.chart_stages",
            unit: "analysis.unit_customers",
            columns,
            rows,
            series: vec![1],
        });
    }
    if !potential.filled.is_empty() {
        page.heading("analysis.described");
        let columns = vec![
            page.column("analysis.item", Kind::Text, 18),
            page.column("analysis.filled", Kind::Count, 30),
            page.column("analysis.share", Kind::Share, 12),
        ];
        let rows = potential.filled.iter().map(|(usage, filled)| {
            vec![Cell::from(page.word(described(usage))), Cell::from(*filled), words::share(share_of(*filled, count))]
        });
        let rows = rows.collect();
        page.table(columns, rows);
    }
    if let Some(ages) = &potential.ages {
        page.heading("analysis.on_file_for");
        let columns =
            vec![page.column("analysis.months", Kind::Text, 18), page.column("analysis.customers", Kind::Count, 30)];
        let mut rows: Vec<Vec<Cell<'_>>> = ages
            .iter()
            .map(|((from, to), count)| vec![Cell::from(words::band(strings, Some(*from), *to)), Cell::from(*count)])
            .collect();
        if potential.ageless > 0 {
            rows.push(vec![page.word("analysis.blank").into(), potential.ageless.into()]);
        }
        page.table(columns, rows);
    }
    list(page);
}

fn described(usage: &str) -> &'static str {
    match usage {
        "intent" => "analysis.intent",
        "chance" => "analysis.chance",
        "factors" => "analysis.factors",
        "support" => "analysis.support",
        _ => "analysis.demand",
    }
}

fn list(page: &mut Page<'_>) {
    let analysis = page.analysis;
    let customers = analysis.facts.of_customers();
    let held: Vec<&'static str> = DESCRIBED.into_iter().filter(|usage| customers.has(usage)).collect();
    if held.is_empty() {
        return;
    }
    page.heading("analysis.opportunities");
    let (shown, said) = page.listed(&analysis.potential.customers, |customer| *customer);
    let mut columns = page.customer_columns();
    columns.extend(held.iter().map(|usage| match *usage {
        "demand" => page.column("analysis.demand", Kind::Amount, 14),
        _ => page.column(described(usage), Kind::Text, 20),
    }));
    columns.extend(page.owner_columns());
    let rows = shown.into_iter().map(|customer| {
        let mut row: Vec<Cell<'_>> = page.customer(*customer).into();
        row.extend(held.iter().map(|usage| match *usage {
            "demand" => words::money(customers.number(usage, *customer)),
            _ => Cell::from(customers.word(usage, *customer)),
        }));
        row.extend(page.owner(*customer));
        row
    });
    let rows = rows.collect();
    page.table(columns, rows);
    page.notes(said);
}
