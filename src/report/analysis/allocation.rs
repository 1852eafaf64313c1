//! The sheet of allocation: departments and people, with what nobody or more than one looks after.
//!
//! Apart because it names people of the company.

use super::super::blocks::{Cell, ChartKind, Column, Kind, Mark, Value};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::Group;
use crate::analysis::allocation::Line;

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    let allocation = &analysis.allocation;
    let tiers = |width: u16| {
        let names = (0..analysis.scale.names.len()).map(Some).chain([None]);
        names.map(move |tier| Column::new(&words::tier(strings, analysis, tier), Kind::Count, width))
    };
    let knows = analysis.deals.are_known;
    let amounts = |line: &Line| -> Option<Cell<'static>> {
        // Of few customers the sum would tell what one of them buys.
        let few = line.customers < analysis.settings.small_cell;
        knows.then(|| if few { Value::Empty.into() } else { line.amount.into() })
    };
    let amount_columns = || knows.then(|| page.column("analysis.amount", Kind::Amount, 14));
    let mut columns =
        vec![page.column("analysis.department", Kind::Text, 20), page.column("analysis.customers", Kind::Count, 12)];
    columns.extend(tiers(10));
    columns.extend(amount_columns());
    let rows: Vec<Vec<Cell<'_>>> = allocation
        .departments
        .iter()
        .map(|line| {
            let name = Cell::from(words::or_blank(strings, &line.department));
            let counts = line.tiers.iter().map(|count| Cell::from(*count));
            [name, line.customers.into()].into_iter().chain(counts).chain(amounts(line)).collect()
        })
        .collect();
    let mut people_columns =
        vec![page.column("analysis.owner", Kind::Text, 20), page.column("analysis.customers", Kind::Count, 12)];
    people_columns.extend(tiers(10));
    people_columns.extend(amount_columns());
    people_columns.push(page.column("analysis.department", Kind::Text, 16));
    people_columns.push(page.column("analysis.remark", Kind::Text, 12));
    page.heading("analysis.by_department");
    page.drawn(Drawn {
        kind: ChartKind::Bar,
        title: "analysis.chart_departments",
        unit: "analysis.unit_customers",
        columns,
        rows,
        series: vec![1],
    });
    page.heading("analysis.by_owner");
    let most = analysis.settings.list_rows;
    let rows = allocation.people.iter().take(most).map(|line| {
        let name = Cell::from(words::or_blank(strings, &line.person));
        let counts = line.tiers.iter().map(|count| Cell::from(*count));
        let remark = match line.has_left {
            true => Cell::from(strings.get("analysis.has_left")).marked(Mark::Alert),
            false => Cell::from(""),
        };
        let last = [Cell::from(words::or_blank(strings, &line.department)), remark];
        [name, line.customers.into()].into_iter().chain(counts).chain(amounts(line)).chain(last).collect()
    });
    let rows = rows.collect();
    page.table(people_columns, rows);
    if allocation.people.len() > most {
        let count = allocation.people.len();
        page.note(strings.fill("analysis.cut_lines", &[("count", &count), ("shown", &most)]));
    }
    if analysis.deals.are_known {
        let smallest = analysis.settings.small_cell;
        page.note(strings.fill("analysis.few_customers", &[("smallest", &smallest)]));
    }
    let (names, customers) = allocation.overlaps;
    page.paragraph(strings.fill(
        "analysis.allocation_line",
        &[("orphans", &allocation.orphans), ("names", &names), ("customers", &customers)],
    ));
    match allocation.of_leavers {
        Some(count) => page.paragraph(strings.fill("analysis.leavers_line", &[("count", &count)])),
        None => {
            page.lacking(Group::People, &["name"]);
        }
    }
}
