//! The sheets of structure: customers by tier and state, the bridge of the active ones, and how concentrated amounts are.
//!
//! Apart because all three answer what the company lives on.

use rust_decimal::Decimal;

use super::super::blocks::{Block, Cell, ChartKind, Kind, Mark, Value};
use super::page::{Drawn, Page, strong};
use super::words;
use crate::analysis::Group;
use crate::analysis::share::{growth, share, share_of};
use crate::analysis::structure::{State, TierLine};

/// Customers by tier, state and amount; the amounts of the quarters.
pub fn tiers(page: &mut Page<'_>) {
    let (analysis, strings) = (page.analysis, page.strings());
    let structure = &analysis.structure;
    page.lacking(Group::Customers, &["tier"]);
    let has_deals = analysis.deals.are_known;
    let mut columns = vec![
        page.column("analysis.tier", Kind::Text, 14),
        page.column("analysis.customers", Kind::Count, 10),
        page.column("analysis.share", Kind::Share, 10),
    ];
    if has_deals {
        columns.extend(
            State::ALL.map(|state| super::super::blocks::Column::new(words::state(strings, state), Kind::Count, 10)),
        );
        columns.push(page.column("analysis.amount", Kind::Amount, 15));
        columns.push(page.column("analysis.amount_share", Kind::Share, 10));
        columns.push(page.column("analysis.amount_before", Kind::Amount, 15));
        columns.push(page.column("analysis.growth", Kind::Share, 10));
    }
    let total = &structure.total;
    let row = |name: Cell<'static>, line: &TierLine| {
        let mut row: Vec<Cell<'static>> =
            vec![name, line.customers.into(), words::share(share_of(line.customers, total.customers))];
        if has_deals {
            row.extend(line.states.map(Cell::from));
            row.extend([
                line.amount.into(),
                words::share(share(line.amount, total.amount)),
                line.amount_before.into(),
                words::share(growth(line.amount, line.amount_before)),
            ]);
        }
        row
    };
    let mut rows: Vec<Vec<Cell<'static>>> =
        structure.tiers.iter().map(|line| row(words::tier(strings, analysis, line.tier).into(), line)).collect();
    rows.push(strong(row(page.word("analysis.total").to_owned().into(), total)));
    if has_deals {
        // The picture is of the tiers; their sum would dwarf them.
        let mut drawn = rows.clone();
        drawn.pop();
        let only: Vec<usize> = [0].into_iter().chain(3..8).collect();
        let cut = |row: &Vec<Cell<'static>>| only.iter().map(|place| row[*place].clone()).collect();
        let drawn_columns = only.iter().map(|place| columns[*place].clone()).collect();
        page.table(columns, rows);
        page.drawn(Drawn {
            kind: ChartKind::Stacked,
            title: "analysis.chart_structure",
            unit: "analysis.unit_customers",
            columns: drawn_columns,
            rows: drawn.iter().map(cut).collect(),
            series: (1..6).collect(),
        });
    } else {
        page.table(columns, rows);
        page.without_deals();
    }
    let settings = &analysis.settings;
    page.note(strings.fill(
        "analysis.state_definition",
        &[("active", &settings.active_months), ("lost", &settings.lost_months), ("months", &settings.amount_months)],
    ));
}

/// From the active customers of the start to those of the end, and the amounts quarter by quarter.
pub fn bridge(page: &mut Page<'_>) {
    if page.without_deals() {
        return;
    }
    let (analysis, strings) = (page.analysis, page.strings());
    let Some(bridge) = analysis.structure.bridge else { return };
    let columns = vec![
        page.column("analysis.item", Kind::Text, 26),
        page.column("analysis.bridge_base", Kind::Count, 12),
        page.column("analysis.bridge_step", Kind::Count, 12),
        page.column("analysis.sign", Kind::Word, 8),
    ];
    // Blank bars carry the steps, so that they hang where a waterfall has them.
    let after_growth = bridge.start + bridge.new + bridge.reactivated;
    let steps: [(&'static str, u64, u64, &str); 6] = [
        ("analysis.bridge_start", 0, bridge.start, ""),
        ("analysis.bridge_new", bridge.start, bridge.new, "+"),
        ("analysis.bridge_reactivated", bridge.start + bridge.new, bridge.reactivated, "+"),
        ("analysis.bridge_lapsed", after_growth - bridge.lapsed, bridge.lapsed, "−"),
        ("analysis.bridge_stopped", after_growth - bridge.lapsed - bridge.stopped, bridge.stopped, "−"),
        ("analysis.bridge_end", 0, bridge.end, "="),
    ];
    let rows = steps.map(|(key, base, step, sign)| {
        vec![Cell::from(page.word(key)), base.into(), step.into(), Cell::from(sign.to_owned())]
    });
    page.drawn(Drawn {
        kind: ChartKind::Waterfall,
        title: "analysis.chart_bridge",
        unit: "analysis.unit_customers",
        columns,
        rows: rows.into(),
        series: vec![1, 2],
    });
    page.note(page.word("analysis.bridge_note").to_owned());
    if let Some(entered) = analysis.structure.entered {
        page.paragraph(strings.fill("analysis.entered", &[("count", &entered)]));
    }
    page.heading("analysis.quarters");
    let columns = vec![
        page.column("analysis.quarter", Kind::Word, 26),
        page.column("analysis.amount", Kind::Amount, 12),
        page.column("analysis.deals", Kind::Count, 12),
        page.column("analysis.change", Kind::Share, 12),
        page.column("analysis.change_of_year", Kind::Share, 14),
    ];
    let quarters = &analysis.structure.quarters;
    let amount = |place: Option<usize>| place.and_then(|place| quarters.get(place)).map(|(_, amount, _)| *amount);
    let rows = quarters.iter().enumerate().map(|(place, (first_day, now, deals))| {
        let against = |back: usize| amount(place.checked_sub(back)).and_then(|before| growth(*now, before));
        vec![
            Cell::from(words::quarter(*first_day)),
            (*now).into(),
            (*deals).into(),
            words::share(against(1)),
            words::share(against(4)),
        ]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Column,
        title: "analysis.chart_quarters",
        unit: "analysis.unit_amount",
        columns,
        rows,
        series: vec![1],
    });
    page.note(page.word("analysis.quarters_note").to_owned());
}

/// Customers of the Pareto chart.
const DRAWN: usize = 20;

/// Classes A, B and C, the first customers, and what stands apart.
pub fn concentration(page: &mut Page<'_>) {
    if page.without_deals() {
        return;
    }
    let (analysis, strings) = (page.analysis, page.strings());
    let Some(found) = &analysis.concentration else {
        page.paragraph(page.word("analysis.no_amounts").to_owned());
        return;
    };
    let [a, b] = analysis.settings.abc;
    let columns = vec![
        page.column("analysis.class", Kind::Text, 34),
        page.column("analysis.customers", Kind::Count, 10),
        page.column("analysis.share", Kind::Share, 10),
        page.column("analysis.amount", Kind::Amount, 15),
        page.column("analysis.amount_share", Kind::Share, 12),
    ];
    let ranked = found.ranked.len() as u64;
    let names = [
        strings.fill("analysis.class_a", &[("to", &a)]),
        strings.fill("analysis.class_b", &[("from", &a), ("to", &b)]),
        strings.fill("analysis.class_c", &[("from", &b)]),
    ];
    let mut rows: Vec<Vec<Cell<'_>>> = names
        .into_iter()
        .zip(&found.classes)
        .map(|(name, class)| {
            vec![
                Cell::from(name),
                class.customers.into(),
                words::share(share_of(class.customers, ranked)),
                class.amount.into(),
                words::share(share(class.amount, found.positive)),
            ]
        })
        .collect();
    let all = |share: Option<Decimal>| words::share(share);
    rows.push(strong(vec![
        page.word("analysis.total").into(),
        ranked.into(),
        all(Some(Decimal::ONE)),
        found.positive.into(),
        all(Some(Decimal::ONE)),
    ]));
    rows.push(vec![
        page.word("analysis.negative").into(),
        found.negative.customers.into(),
        Value::Empty.into(),
        found.negative.amount.into(),
        Value::Empty.into(),
    ]);
    rows.push(vec![
        page.word("analysis.zero").into(),
        found.zero.into(),
        Value::Empty.into(),
        Value::Empty.into(),
        Value::Empty.into(),
    ]);
    page.table(columns, rows);
    let mut said: Vec<String> = found
        .top
        .iter()
        .map(|(count, amount, share)| {
            let (amount, share) = (words::amount(*amount), words::percent(*share));
            strings.fill("analysis.top_line", &[("count", count), ("amount", &amount), ("share", &share)])
        })
        .collect();
    said.push(strings.fill("analysis.first_line", &[("share", &words::percent(found.first))]));
    said.push(strings.fill("analysis.hhi_line", &[("hhi", &words::number(found.hhi))]));
    page.blocks.push(Block::List(said, Mark::Plain));
    pareto(page);
    foreign(page);
}

fn pareto(page: &mut Page<'_>) {
    let analysis = page.analysis;
    let Some(found) = &analysis.concentration else { return };
    let columns = vec![
        page.column("analysis.customer", Kind::Text, 34),
        page.column("analysis.amount", Kind::Amount, 10),
        page.column("analysis.cumulated", Kind::Share, 10),
        page.column("analysis.class_name", Kind::Word, 8),
    ];
    let mut withheld = 0;
    let rows = found.ranked.iter().take(DRAWN).map(|ranked| {
        let may_show = analysis.facts.may_show(ranked.customer);
        withheld += usize::from(!may_show);
        let name = match may_show {
            true => analysis.facts.names[ranked.customer].clone(),
            false => page.strings().fill("analysis.rank", &[("rank", &ranked.rank)]),
        };
        let class = ["A", "B", "C"][ranked.class];
        // A customer that stays unnamed must not be known by its exact amount.
        let amount = if may_show { ranked.amount } else { ranked.amount.round_sf(2).unwrap_or_default() };
        vec![Cell::from(name), amount.into(), words::share(Some(ranked.cumulated)), class.into()]
    });
    let rows = rows.collect();
    page.drawn(Drawn {
        kind: ChartKind::Pareto,
        title: "analysis.chart_pareto",
        unit: "analysis.unit_amount_and_share",
        columns,
        rows,
        series: vec![1, 2],
    });
    if withheld > 0 {
        page.note(page.strings().fill("analysis.unnamed", &[("count", &withheld)]));
    }
}

fn foreign(page: &mut Page<'_>) {
    let analysis = page.analysis;
    if page.lacking(Group::Deals, &["currency"]) {
        return;
    }
    let columns = vec![
        page.column("analysis.currency", Kind::Text, 34),
        page.column("analysis.deals", Kind::Count, 10),
        page.column("analysis.foreign_amount", Kind::Amount, 15),
    ];
    let foreign = analysis.deals.foreign.iter();
    let rows: Vec<Vec<Cell<'_>>> = foreign
        .map(|(currency, (count, amount))| vec![Cell::from(currency.as_str()), (*count).into(), (*amount).into()])
        .collect();
    if !rows.is_empty() {
        page.heading("analysis.foreign");
        page.table(columns, rows);
        page.note(page.word("analysis.foreign_note").to_owned());
    }
}
