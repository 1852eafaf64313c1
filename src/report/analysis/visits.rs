//! The sheets of visits and of what they brought back from the market.
//!
//! Apart because counts of visits are for everybody, and what a customer said is not.

use super::super::blocks::{Cell, ChartKind, Kind};
use super::page::{Drawn, Page};
use super::words;
use crate::analysis::Group;
use crate::analysis::share::share_of;
use crate::analysis::visits::Counts;

/// Visits: made, in time, reviewed, filed, and whom they reached.
pub fn fill(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    page.lacking(Group::Visits, &["visited", "handed-in", "reviewed", "filed", "follow-up", "followed-up"]);
    page.lacking(Group::Plans, &["planned"]);
    let Some(visits) = &analysis.visits else { return };
    let columns = vec![
        page.column("analysis.item", Kind::Text, 34),
        page.column("analysis.count", Kind::Count, 14),
        page.column("analysis.of", Kind::Count, 12),
        page.column("analysis.share", Kind::Share, 12),
    ];
    let hours = analysis.settings.visit_hours;
    let made = visits.made;
    let lines: [(String, Option<(u64, u64)>); 5] = [
        (strings.fill("figure.in_time", &[("hours", &hours)]), visits.in_time),
        (page.word("analysis.reviewed").to_owned(), visits.reviewed.map(|count| (count, made))),
        (page.word("analysis.filed").to_owned(), visits.filed.map(|count| (count, made))),
        (page.word("analysis.followed_up").to_owned(), visits.follow_ups.map(|(due, done)| (done, due))),
        (page.word("analysis.plans_done").to_owned(), visits.plans.map(|(planned, done)| (done, planned))),
    ];
    let mut rows: Vec<Vec<Cell<'_>>> =
        vec![vec![page.word("figure.visits").into(), made.into(), made.into(), words::share(share_of(made, made))]];
    rows.extend(lines.into_iter().filter_map(|(name, found)| {
        let (count, of) = found?;
        Some(vec![Cell::from(name), count.into(), of.into(), words::share(share_of(count, of))])
    }));
    page.table(columns, rows);
    page.heading("analysis.coverage");
    let columns = vec![
        page.column("analysis.tier", Kind::Text, 34),
        page.column("analysis.customers", Kind::Count, 14),
        page.column("analysis.visited_in_period", Kind::Count, 12),
        page.column("analysis.share", Kind::Share, 12),
    ];
    let rows = visits.coverage.iter().map(|(tier, all, reached)| {
        vec![page.tier(*tier), Cell::from(*all), (*reached).into(), words::share(share_of(*reached, *all))]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    let columns = vec![
        page.column("analysis.month", Kind::Word, 34),
        page.column("figure.visits", Kind::Count, 14),
        page.column("analysis.in_time", Kind::Count, 12),
    ];
    let rows = visits
        .months
        .iter()
        .map(|month| vec![Cell::from(words::month(month.first_day)), month.visits.into(), words::count(month.in_time)]);
    let rows = rows.collect();
    let series = if visits.in_time.is_some() { vec![1, 2] } else { vec![1] };
    page.drawn(Drawn {
        kind: ChartKind::Column,
        title: "analysis.chart_visits",
        unit: "analysis.unit_visits",
        columns,
        rows,
        series,
    });
    counts(page, "analysis.by_sort", &visits.by_sort);
    counts(page, "analysis.by_industry", &visits.by_industry);
}

fn counts<'a>(page: &mut Page<'a>, title: &'static str, counts: &'a Counts) {
    if counts.is_empty() {
        return;
    }
    page.heading(title);
    let columns = vec![page.column(title, Kind::Text, 34), page.column("analysis.count", Kind::Count, 14)];
    let most = page.analysis.settings.most_lines;
    let strings = page.strings();
    let mut rows: Vec<Vec<Cell<'a>>> = counts
        .iter()
        .take(most)
        .map(|(word, count)| vec![Cell::from(words::or_blank(strings, word)), (*count).into()])
        .collect();
    let rest: u64 = counts.iter().skip(most).map(|(_, count)| count).sum();
    if rest > 0 {
        rows.push(vec![page.word("analysis.other").into(), rest.into()]);
    }
    page.table(columns, rows);
}

/// What visitors wrote of the market: how much by industry and region, and the words where they may be seen.
pub fn market(page: &mut Page<'_>) {
    let analysis = page.analysis;
    page.lacking(Group::Visits, &["news", "rivals", "needs"]);
    let Some(visits) = &analysis.visits else { return };
    let Some((by_industry, by_region)) = &visits.news_by else { return };
    let told = visits.news.len();
    page.paragraph(page.strings().fill("analysis.news_line", &[("count", &told), ("visits", &visits.made)]));
    counts(page, "analysis.by_industry", by_industry);
    counts(page, "analysis.by_region", by_region);
    page.heading("analysis.market_extract");
    let (shown, said) = page.listed(&visits.news, |news| news.customer);
    let customers = analysis.facts.of_customers();
    let columns = vec![
        page.column("analysis.industry", Kind::Text, 34),
        page.column("analysis.region", Kind::Text, 14),
        page.column("analysis.day", Kind::Date, 12),
        page.column("analysis.news", Kind::Text, 34),
        page.column("analysis.rivals", Kind::Text, 24),
        page.column("analysis.needs", Kind::Text, 24),
    ];
    let rows = shown.into_iter().map(|news| {
        vec![
            Cell::from(words::or_blank(page.strings(), customers.word("industry", news.customer))),
            words::or_blank(page.strings(), customers.word("region", news.customer)).into(),
            news.day.into(),
            news.news.as_str().into(),
            news.rivals.as_str().into(),
            news.needs.as_str().into(),
        ]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    page.notes(said);
}
