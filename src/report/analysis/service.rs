//! The sheet of service: satisfaction, complaints, problems that visits brought up.
//!
//! Apart because every mean on it goes with the share of those who answered.

use super::super::blocks::{Cell, ChartKind, Kind, Value};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::Group;
use crate::analysis::share::{rounded, share_of};

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    contentment(page);
    complaints(page);
    problems(page);
    match page.analysis.service.feedback {
        Some(count) => page.paragraph(page.strings().fill("analysis.feedback_line", &[("count", &count)])),
        None => {
            page.lacking(Group::Feedback, &["received"]);
        }
    }
}

fn contentment(page: &mut Page<'_>) {
    page.heading("analysis.contentment");
    let analysis = page.analysis;
    if page.lacking(Group::Customers, &["contentment"]) {
        return;
    }
    let Some(lines) = &analysis.service.contentment else { return };
    let columns = vec![
        page.column("analysis.tier", Kind::Text, 18),
        page.column("analysis.mean_contentment", Kind::Amount, 14),
        page.column("analysis.answered", Kind::Count, 12),
        page.column("analysis.customers", Kind::Count, 12),
        page.column("analysis.response", Kind::Share, 12),
    ];
    let rows = lines.iter().map(|line| {
        vec![
            page.tier(line.tier),
            words::money(line.mean()),
            line.answered.into(),
            line.customers.into(),
            words::share(share_of(line.answered, line.customers)),
        ]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Column,
        title: "analysis.chart_contentment",
        unit: "analysis.unit_marks",
        columns,
        rows,
        series: vec![1],
    });
    page.note(page.word("analysis.response_note").to_owned());
}

fn complaints(page: &mut Page<'_>) {
    page.heading("analysis.complaints");
    let (analysis, strings) = (page.analysis, page.strings());
    page.lacking(Group::Complaints, &["received", "sort", "cause", "remedy", "closed"]);
    let Some(lines) = &analysis.service.complaints else { return };
    let columns = vec![
        page.column("analysis.complaint_sort", Kind::Text, 18),
        page.column("analysis.count", Kind::Count, 14),
        page.column("analysis.closed", Kind::Count, 12),
        page.column("analysis.mean_days", Kind::Amount, 12),
        page.column("analysis.without_remedy", Kind::Count, 12),
        page.column("analysis.repeated", Kind::Count, 12),
        page.column("analysis.by_data", Kind::Count, 12),
    ];
    let rows = lines.iter().map(|line| {
        let mean = (line.closed > 0)
            .then(|| rounded(rust_decimal::Decimal::from(line.days) / rust_decimal::Decimal::from(line.closed), 1));
        vec![
            Cell::from(words::or_blank(strings, &line.sort)),
            line.count.into(),
            line.closed.into(),
            words::money(mean),
            line.without_remedy.into(),
            line.repeated.into(),
            line.by_data.into(),
        ]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    let columns = vec![page.column("analysis.month", Kind::Word, 18), page.column("analysis.count", Kind::Count, 14)];
    let months = &analysis.service.months;
    let rows = months.iter().map(|(month, count)| vec![Cell::from(words::month(*month)), (*count).into()]).collect();
    page.drawn(Drawn {
        kind: ChartKind::Line,
        title: "analysis.chart_complaints",
        unit: "analysis.unit_complaints",
        columns,
        rows,
        series: vec![1],
    });
}

fn problems(page: &mut Page<'_>) {
    page.heading("analysis.problems");
    let analysis = page.analysis;
    if page.lacking(Group::Visits, &["problem"]) {
        return;
    }
    let Some(lines) = &analysis.service.problems else { return };
    let columns = vec![
        page.column("analysis.problem", Kind::Text, 18),
        page.column("analysis.count", Kind::Count, 14),
        page.column("analysis.without_remedy", Kind::Count, 12),
        page.column("analysis.remedy", Kind::Text, 40),
    ];
    let most = analysis.settings.most_lines;
    let rows = lines.iter().take(most).map(|line| {
        let remedy = if line.remedy.is_empty() { Value::Empty.into() } else { Cell::from(line.remedy.as_str()) };
        vec![Cell::from(line.problem.as_str()), line.count.into(), line.without_remedy.into(), remedy]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    if analysis.service.problems_withheld > 0 {
        let count = analysis.service.problems_withheld;
        page.note(page.strings().fill("analysis.withheld_problems", &[("count", &count)]));
    }
    if lines.len() > most {
        page.note(page.strings().fill("analysis.cut_lines", &[("count", &lines.len()), ("shown", &most)]));
    }
}
