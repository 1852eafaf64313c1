//! The key figures now, a quarter ago and a year ago.
//!
//! Apart because the first sheet and the mail show the same table.

use super::super::blocks::{Cell, Column, Kind, Table};
use super::super::strings::Strings;
use super::super::view::View;
use super::{page, words};
use crate::analysis::Analysis;
use crate::analysis::comparison::FigureKey;

/// The table.
pub fn table<'a>(view: &'a View<'a>, analysis: &'a Analysis) -> Table<'a> {
    let strings = view.strings;
    let comparison = &analysis.comparison;
    let header = |key: &'static str, period: &Option<String>| match period {
        Some(period) => strings
            .fill("analysis.against", &[("what", &strings.get(key)), ("period", &strings.written_period(period))]),
        None => strings.get(key).to_owned(),
    };
    let columns = vec![
        Column::new(strings.get("analysis.figure"), Kind::Text, 30),
        Column::new(strings.get("analysis.now"), Kind::Word, 14),
        Column::new(&header("analysis.previous", &comparison.previous), Kind::Word, 16),
        Column::new(strings.get("analysis.change"), Kind::Word, 16),
        Column::new(&header("analysis.year_ago", &comparison.year_ago), Kind::Word, 16),
        Column::new(strings.get("analysis.change_of_year"), Kind::Word, 16),
    ];
    let rows = comparison.figures.iter().map(|compared| {
        let then = |value: Option<rust_decimal::Decimal>| match value {
            Some(value) => words::figure(compared.key, value),
            None => strings.get("analysis.unknown").to_owned(),
        };
        let change = |value| words::change(strings, compared.key, compared.change(value));
        vec![
            Cell::from(name(strings, analysis, compared.key)),
            words::figure(compared.key, compared.now).into(),
            then(compared.previous).into(),
            change(compared.previous).into(),
            then(compared.year_ago).into(),
            change(compared.year_ago).into(),
        ]
    });
    page::table(strings, columns, rows.collect())
}

/// What earlier runs there were to compare with.
pub fn compared_with(strings: &Strings, analysis: &Analysis) -> Vec<String> {
    let comparison = &analysis.comparison;
    let mut said = Vec::new();
    if comparison.previous.is_none() {
        said.push(strings.get("analysis.no_previous").to_owned());
    }
    if comparison.year_ago.is_none() {
        said.push(strings.get("analysis.no_year_ago").to_owned());
    }
    said
}

/// What a figure is called.
pub fn name(strings: &Strings, analysis: &Analysis, key: FigureKey) -> String {
    let settings = &analysis.settings;
    let tier = analysis.scale.first().unwrap_or_default();
    let months = settings.amount_months;
    match key {
        FigureKey::Customers => strings.get("figure.customers").to_owned(),
        FigureKey::Active => strings.get("figure.active").to_owned(),
        FigureKey::New => strings.get("figure.new").to_owned(),
        FigureKey::Lapsed => strings.get("figure.lapsed").to_owned(),
        FigureKey::AmountOfPeriod => strings.get("figure.amount_of_period").to_owned(),
        FigureKey::Amount => strings.fill("figure.amount", &[("months", &months)]),
        FigureKey::TopShare => {
            strings.fill("figure.top_share", &[("count", &settings.top.first().copied().unwrap_or_default())])
        }
        FigureKey::FirstShare => strings.get("figure.first_share").to_owned(),
        FigureKey::Important => strings.fill("figure.important", &[("tier", &tier)]),
        FigureKey::ImportantVisited => strings.fill("figure.important_visited", &[("tier", &tier)]),
        FigureKey::Contentment => strings.get("figure.contentment").to_owned(),
        FigureKey::Complaints => strings.get("figure.complaints").to_owned(),
        FigureKey::Visits => strings.get("figure.visits").to_owned(),
        FigureKey::InTime => strings.fill("figure.in_time", &[("hours", &settings.visit_hours)]),
        FigureKey::Owed => strings.get("figure.owed").to_owned(),
        FigureKey::Overdue => strings.get("figure.overdue").to_owned(),
        FigureKey::Quality => strings.get("figure.quality").to_owned(),
    }
}
