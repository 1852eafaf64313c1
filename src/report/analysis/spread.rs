//! The sheets of distributions: markets, firms, natural persons.
//!
//! Apart because there are many of them and all look alike.

use super::super::blocks::{Cell, ChartKind, Kind, Mark};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::Group;
use crate::analysis::distribution::{Distribution, Value};
use crate::analysis::share::share_of;

/// Regions, countries, provinces.
pub fn market(page: &mut Page<'_>) {
    fill(page, &["region", "province", "country"]);
}

/// Industries, ownership, size, source, tenure.
pub fn firms(page: &mut Page<'_>) {
    fill(page, &["industry", "ownership", "scale", "origin", "tenure"]);
}

/// Age, gender, education and income of natural persons.
pub fn persons(page: &mut Page<'_>) {
    let settings = &page.analysis.settings;
    let list = page.strings().joined(settings.persons.iter().map(String::as_str));
    let places: [(&str, &dyn std::fmt::Display); 2] = [("kinds", &list), ("smallest", &settings.small_cell)];
    page.note(page.strings().fill("analysis.persons_note", &places));
    if page.lacking(Group::Customers, &["sort"]) {
        return;
    }
    let none = page.analysis.distributions.iter().filter(|made| made.of_persons).all(|made| made.total == 0);
    if none && page.analysis.distributions.iter().any(|made| made.of_persons) {
        page.paragraph(page.word("analysis.no_persons").to_owned());
        return;
    }
    fill(page, &["age", "gender", "education", "income"]);
}

fn fill(page: &mut Page<'_>, uses: &[&'static str]) {
    let analysis = page.analysis;
    overview(page, uses);
    for usage in uses {
        match analysis.distributions.iter().find(|made| made.usage == *usage) {
            Some(made) => draw(page, made),
            None if *usage == "tenure" => {
                page.lacking(Group::Customers, &["signed", "entered"]);
            }
            None => {
                page.lacking(Group::Customers, &[usage]);
            }
        }
    }
}

/// All distributions of the sheet at a glance, with what is not filled in.
fn overview(page: &mut Page<'_>, uses: &[&'static str]) {
    let (analysis, strings) = (page.analysis, page.strings());
    let columns = vec![
        page.column("analysis.distribution", Kind::Text, 26),
        page.column("analysis.customers", Kind::Count, 12),
        page.column("analysis.lines", Kind::Count, 12),
        page.column("analysis.largest_line", Kind::Text, 26),
        page.column("analysis.largest_share", Kind::Share, 14),
        page.column("analysis.blank", Kind::Count, 12),
        page.column("analysis.blank_share", Kind::Share, 14),
    ];
    let of_sheet = uses.iter().filter_map(|usage| analysis.distributions.iter().find(|made| made.usage == *usage));
    let rows = of_sheet.map(|made| {
        let named = made.lines.iter().filter(|line| !matches!(line.value, Value::Other | Value::Blank));
        let largest = named.clone().max_by_key(|line| line.customers);
        vec![
            Cell::from(page.word(titles(made.usage).0)),
            made.total.into(),
            (named.count() as u64).into(),
            largest.map(|line| words::spread(strings, &line.value)).unwrap_or_default().into(),
            words::share(largest.and_then(|line| share_of(line.customers, made.total))),
            made.blank().into(),
            words::share(share_of(made.blank(), made.total)),
        ]
    });
    let rows: Vec<Vec<Cell<'_>>> = rows.collect();
    if !rows.is_empty() {
        page.table(columns, rows);
    }
}

fn draw<'a>(page: &mut Page<'a>, made: &'a Distribution) {
    let (title, chart) = titles(made.usage);
    page.heading(title);
    let strings = page.strings();
    let columns = vec![
        page.column(title, Kind::Text, 26),
        page.column("analysis.customers", Kind::Count, 12),
        page.column("analysis.share", Kind::Share, 12),
    ];
    let rows = made.lines.iter().map(|line| {
        let mark = match line.value {
            Value::Other | Value::Blank => Mark::Muted,
            _ => Mark::Plain,
        };
        vec![
            Cell::from(words::spread(strings, &line.value)).marked(mark),
            line.customers.into(),
            words::share(share_of(line.customers, made.total)),
        ]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Bar,
        title: chart,
        unit: "analysis.unit_customers",
        columns,
        rows,
        series: vec![1],
    });
    if made.merged > 0 {
        page.note(
            strings
                .fill("analysis.merged", &[("count", &made.merged), ("smallest", &page.analysis.settings.small_cell)]),
        );
    }
}

fn titles(usage: &str) -> (&'static str, &'static str) {
    match usage {
        "region" => ("analysis.region", "analysis.chart_region"),
        "province" => ("analysis.province", "analysis.chart_province"),
        "country" => ("analysis.country", "analysis.chart_country"),
        "industry" => ("analysis.industry", "analysis.chart_industry"),
        "ownership" => ("analysis.ownership", "analysis.chart_ownership"),
        "scale" => ("analysis.scale", "analysis.chart_scale"),
        "origin" => ("analysis.origin", "analysis.chart_origin"),
        "age" => ("analysis.age", "analysis.chart_age"),
        "gender" => ("analysis.gender", "analysis.chart_gender"),
        "education" => ("analysis.education", "analysis.chart_education"),
        "income" => ("analysis.income", "analysis.chart_income"),
        _ => ("analysis.tenure", "analysis.chart_tenure"),
    }
}
