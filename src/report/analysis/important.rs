//! The customers of the first tier: their sums for all managers, and a card each for those who may see it.
//!
//! Apart because the cards are for a workbook of their own.

use super::super::blocks::{Block, Card, Cell, Column, Kind, Rows, Table, Value};
use super::page::{Page, table};
use super::words;
use crate::analysis::Group;
use crate::analysis::important::CustomerCard;
use crate::analysis::share::{share, share_of};

/// The sums, and what stable customers compare with.
pub fn summary(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    let important = &analysis.important;
    let Some(tier) = &important.tier else {
        page.lacking(Group::Customers, &["tier"]);
        page.paragraph(page.word("analysis.no_tier_rule").to_owned());
        return;
    };
    let count = important.customers();
    let columns = vec![
        page.column("analysis.item", Kind::Text, 34),
        page.column("analysis.value", Kind::Word, 18),
        page.column("analysis.share", Kind::Share, 12),
    ];
    let total = analysis.structure.total.amount;
    let mut rows: Vec<Vec<Cell<'_>>> = vec![vec![
        Cell::from(strings.fill("figure.important", &[("tier", tier)])),
        words::number(count.into()).into(),
        words::share(share_of(count, analysis.structure.total.customers)),
    ]];
    if analysis.deals.are_known {
        let months = analysis.settings.amount_months;
        rows.push(vec![
            Cell::from(strings.fill("figure.amount", &[("months", &months)])),
            words::amount(important.amount).into(),
            words::share(share(important.amount, total)),
        ]);
    }
    if let Some(profit) = important.profit {
        rows.push(vec![page.word("analysis.profit").into(), words::amount(profit).into(), Value::Empty.into()]);
    }
    if let Some(mean) = important.mean_contentment() {
        rows.push(vec![
            page.word("figure.contentment").into(),
            words::amount(mean).into(),
            words::share(share_of(important.contentment.0, count)),
        ]);
    }
    let held: [(&'static str, Option<u64>); 4] = [
        ("analysis.visited_in_period", important.visited),
        ("analysis.with_opinions", important.with_opinions),
        ("analysis.with_value", important.with_value),
        ("analysis.with_habits", important.with_habits),
    ];
    for (key, held) in held {
        let Some(held) = held else { continue };
        rows.push(vec![page.word(key).into(), words::number(held.into()).into(), words::share(share_of(held, count))]);
    }
    page.table(columns, rows);
    if important.contentment.0 > 0 {
        page.note(page.word("analysis.response_note").to_owned());
    }
    page.lacking(Group::Customers, &["contentment", "habits", "value"]);
    page.lacking(Group::Visits, &["visited", "opinion"]);
    page.lacking(Group::Deals, &["profit"]);
    page.note(page.word("analysis.cards_apart").to_owned());
    page.heading("analysis.by_tier");
    let columns = vec![
        page.column("analysis.tier", Kind::Text, 34),
        page.column("analysis.customers", Kind::Count, 18),
        page.column("analysis.amount_share", Kind::Share, 12),
        page.column("analysis.mean_contentment", Kind::Word, 14),
        page.column("analysis.response", Kind::Share, 12),
    ];
    let content = analysis.service.contentment.as_deref().unwrap_or_default();
    let rows = analysis.structure.tiers.iter().map(|line| {
        let of_tier = content.iter().find(|content| content.tier == line.tier);
        let mean = of_tier.and_then(|content| content.mean());
        vec![
            page.tier(line.tier),
            line.customers.into(),
            words::share(share(line.amount, total)),
            mean.map_or_else(|| Value::Empty.into(), |mean| Cell::from(words::amount(mean))),
            words::share(of_tier.and_then(|content| share_of(content.answered, content.customers))),
        ]
    });
    let rows = rows.collect();
    page.table(columns, rows);
}

/// A card a customer, of those that the readers may see.
pub fn cards(page: &mut Page<'_>) {
    let analysis = page.analysis;
    if analysis.important.tier.is_none() {
        page.paragraph(page.word("analysis.no_tier_rule").to_owned());
        return;
    }
    let (shown, said) = page.listed(&analysis.important.cards, |card| card.customer);
    page.notes(said);
    if shown.is_empty() {
        page.paragraph(page.word("analysis.no_cards").to_owned());
    }
    for card in shown {
        let card = made(page, card);
        page.blocks.push(Block::Card(card));
    }
}

fn made<'a>(page: &Page<'a>, card: &'a CustomerCard) -> Card<'a> {
    let (analysis, strings) = (page.analysis, page.strings());
    let (facts, customers) = (&analysis.facts, analysis.facts.of_customers());
    let customer = card.customer;
    let unknown = || Cell::from(strings.get("analysis.unknown"));
    let or_unknown = |cell: Option<Cell<'a>>| cell.unwrap_or_else(unknown);
    let mut fields: Vec<(String, Cell<'a>)> = Vec::new();
    let mut add = |key: &'static str, cell: Cell<'a>| fields.push((page.word(key).to_owned(), cell));
    add("analysis.number", facts.keys[customer].as_str().into());
    add("analysis.department", facts.departments[customer].as_str().into());
    add("analysis.owner", facts.owners[customer].as_str().into());
    if analysis.deals.are_known {
        add("analysis.amount", words::amount(card.amount).into());
        add("analysis.profit", or_unknown(card.profit.map(|profit| words::amount(profit).into())));
        add("analysis.last_deal", or_unknown(card.last_deal.map(Cell::from)));
    }
    add("figure.contentment", or_unknown(card.contentment.map(|mark| words::number(mark).into())));
    let complaints = card
        .complaints
        .map(|(all, open)| strings.fill("analysis.complaints_open", &[("count", &all), ("open", &open)]).into());
    add("figure.complaints", or_unknown(complaints));
    let visits = card.visits.map(|(all, last)| {
        let last = last.map_or_else(|| strings.get("analysis.unknown").to_owned(), |day| day.to_string());
        strings.fill("analysis.visits_last", &[("count", &all), ("day", &last)]).into()
    });
    add("figure.visits", or_unknown(visits));
    let uses: [(&'static str, &str); 5] = [
        ("analysis.grade", "grade"),
        ("analysis.limit", "limit"),
        ("analysis.owed", "owed"),
        ("analysis.intangible", "value"),
        ("analysis.habits", "habits"),
    ];
    for (key, usage) in uses.into_iter().filter(|(_, usage)| customers.has(usage)) {
        let text = match customers.number(usage, customer) {
            Some(number) => words::amount(number),
            None => words::or_blank(strings, customers.word(usage, customer)),
        };
        add(key, text.into());
    }
    let mut lists = vec![(page.word("analysis.three_years").to_owned(), years(page, card))];
    if !card.opinions.is_empty() {
        let columns =
            vec![page.column("analysis.day", Kind::Date, 14), page.column("analysis.opinion", Kind::Text, 60)];
        let rows = card.opinions.iter().map(|(day, opinion)| vec![Cell::from(*day), Cell::from(opinion.as_str())]);
        lists.push((page.word("analysis.opinions").to_owned(), table(strings, columns, rows.collect())));
    }
    Card { title: facts.names[customer].clone(), fields, lists }
}

fn years<'a>(page: &Page<'a>, card: &'a CustomerCard) -> Table<'a> {
    let columns = card.years.iter().map(|(year, _)| {
        Column::new(&page.strings().fill("analysis.amount_of_year", &[("year", year)]), Kind::Amount, 18)
    });
    let row: Vec<Cell<'a>> = card.years.iter().map(|(_, amount)| Cell::from(*amount)).collect();
    Table { rows: Rows::of(vec![row]), ..table(page.strings(), columns.collect(), Vec::new()) }
}
