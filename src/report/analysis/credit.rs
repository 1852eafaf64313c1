//! The sheet of credit.
//!
//! Apart because a company may leave it out of the report for management and give it to the leader alone.

use rust_decimal::Decimal;

use super::super::blocks::{Cell, ChartKind, Kind, Mark};
use super::page::{Drawn, Page, strong};
use super::words;
use crate::analysis::Group;
use crate::analysis::credit::GradeLine;
use crate::analysis::share::share;

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    page.lacking(Group::Customers, &["grade", "limit", "owed", "overdue", "days-overdue"]);
    let Some(credit) = &analysis.credit else { return };
    page.heading("analysis.by_grade");
    let columns = vec![
        page.column("analysis.grade", Kind::Text, 18),
        page.column("analysis.customers", Kind::Count, 30),
        page.column("analysis.limit", Kind::Amount, 14),
        page.column("analysis.owed", Kind::Amount, 14),
        page.column("analysis.used", Kind::Share, 10),
        page.column("analysis.overdue", Kind::Amount, 14),
        page.column("analysis.over_limit", Kind::Count, 10),
    ];
    let row = |name: String, line: &GradeLine| -> Vec<Cell<'static>> {
        vec![
            Cell::from(name),
            line.customers.into(),
            line.limit.into(),
            line.owed.into(),
            words::share(share(line.owed, line.limit)),
            line.overdue.into(),
            line.over.into(),
        ]
    };
    let mut rows: Vec<_> = credit.grades.iter().map(|line| row(words::or_blank(strings, &line.grade), line)).collect();
    rows.push(strong(row(page.word("analysis.total").to_owned(), &credit.total)));
    page.table(columns, rows);
    if let Some(days) = credit.days_outstanding {
        page.paragraph(strings.fill("analysis.days_outstanding", &[("days", &words::amount(days))]));
    }
    if let Some(ageing) = &credit.ageing {
        page.heading("analysis.ageing");
        let columns = vec![
            page.column("analysis.days_overdue", Kind::Word, 18),
            page.column("analysis.overdue", Kind::Amount, 30),
            page.column("analysis.share", Kind::Share, 14),
            page.column("analysis.customers", Kind::Count, 14),
        ];
        let total: Decimal = ageing.iter().map(|line| line.amount).sum();
        let rows = ageing.iter().map(|line| {
            let days = match line.days {
                (from, Some(to)) => format!("{from}-{to}"),
                (from, None) => format!(">{}", from.saturating_sub(1)),
            };
            vec![Cell::from(days), line.amount.into(), words::share(share(line.amount, total)), line.customers.into()]
        });
        let rows = rows.collect();
        page.drawn(Drawn {
            kind: ChartKind::Column,
            title: "analysis.chart_ageing",
            unit: "analysis.unit_amount",
            columns,
            rows,
            series: vec![1],
        });
        let (count, amount) = credit.ageless;
        if count > 0 {
            let places: [(&str, &dyn std::fmt::Display); 2] = [("count", &count), ("amount", &words::amount(amount))];
            page.note(strings.fill("analysis.ageless", &places));
        }
    }
    let Some(over) = &credit.over else { return };
    page.heading("analysis.over_limit_list");
    let (shown, said) = page.listed(over, |over| over.customer);
    let mut columns = page.customer_columns();
    columns.extend([
        page.column("analysis.limit", Kind::Amount, 14),
        page.column("analysis.owed", Kind::Amount, 14),
        page.column("analysis.excess", Kind::Amount, 14),
    ]);
    columns.extend(page.owner_columns());
    let rows = shown.into_iter().map(|over| {
        let mut row: Vec<Cell<'_>> = page.customer(over.customer).into();
        let excess = Cell::from(over.owed - over.limit).marked(Mark::Alert);
        row.extend([over.limit.into(), over.owed.into(), excess]);
        row.extend(page.owner(over.customer));
        row
    });
    let rows = rows.collect();
    page.table(columns, rows);
    page.notes(said);
}
