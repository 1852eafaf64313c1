//! The last sheet: the definitions and thresholds that the figures follow, what contracts were left out, which columns
//! were lacking, and which clause is shown where.
//!
//! Apart because a figure without its definition is an opinion.

use super::super::blocks::{Cell, Kind};
use super::page::Page;
use super::{title_key, words};

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    page.heading("analysis.definitions");
    definitions(page);
    standards(page);
    page.heading("analysis.left_out");
    left_out(page);
    page.heading("analysis.missing");
    missing(page);
    page.heading("analysis.clauses");
    clauses(page);
}

fn definitions(page: &mut Page<'_>) {
    let (settings, strings) = (&page.analysis.settings, page.strings());
    let list = |words: &[String]| strings.joined(words.iter().map(String::as_str));
    let bounds = |bounds: &[u32]| bounds.iter().map(u32::to_string).collect::<Vec<_>>().join("/");
    let fill = |key: &'static str, places: &[(&str, &dyn std::fmt::Display)]| strings.fill(key, places);
    let (active, lost, months) = (&settings.active_months, &settings.lost_months, &settings.amount_months);
    let factor = words::number(settings.rhythm_factor);
    let gap = words::amount(settings.near_gap);
    let defined: Vec<(&'static str, String)> = vec![
        ("analysis.active", fill("define.active", &[("months", active)])),
        ("analysis.silent", fill("define.silent", &[("from", active), ("to", lost)])),
        ("analysis.lost", fill("define.lost", &[("months", lost)])),
        ("analysis.never", fill("define.never", &[])),
        ("analysis.stopped", fill("define.stopped", &[("words", &list(&settings.stopped))])),
        (
            "analysis.amount",
            fill(
                "define.amount",
                &[("months", months), ("void", &list(&settings.void)), ("home", &list(&settings.home_currency))],
            ),
        ),
        ("analysis.class_name", fill("define.abc", &[("a", &settings.abc[0]), ("b", &settings.abc[1])])),
        ("analysis.hhi", fill("define.hhi", &[])),
        ("analysis.rhythm", fill("define.rhythm", &[("factor", &factor)])),
        ("analysis.may_rise", fill("define.rising", &[("gap", &gap)])),
        (
            "analysis.persons",
            fill("define.persons", &[("words", &list(&settings.persons)), ("smallest", &settings.small_cell)]),
        ),
        (
            "analysis.bounds",
            fill(
                "define.bounds",
                &[
                    ("ages", &bounds(&settings.ages)),
                    ("incomes", &bounds(&settings.incomes)),
                    ("tenures", &bounds(&settings.tenures)),
                    ("ageing", &bounds(&settings.ageing_days)),
                ],
            ),
        ),
        ("analysis.change", fill("define.change", &[])),
    ];
    let columns =
        vec![page.column("analysis.term", Kind::Text, 22), page.column("analysis.definition", Kind::Text, 90)];
    let rows = defined.into_iter().map(|(key, text)| vec![Cell::from(page.word(key)), Cell::from(text)]).collect();
    page.table(columns, rows);
}

/// What the tiers demand, as the rule says.
fn standards(page: &mut Page<'_>) {
    let strings = page.strings();
    let Some(standards) = &page.analysis.facts.standards else { return };
    page.heading("analysis.tier_standards");
    let columns =
        vec![page.column("analysis.tier", Kind::Text, 22), page.column("analysis.definition", Kind::Text, 90)];
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    for step in &standards.steps {
        let mut demands: Vec<String> = Vec::new();
        let mut add = |key: &'static str, bound: Option<rust_decimal::Decimal>| {
            let filled =
                bound.map(|bound| strings.fill(key, &[("years", &step.years), ("amount", &words::number(bound))]));
            demands.extend(filled);
        };
        add("define.each_year", step.each_year);
        add("define.single", step.single);
        add("define.total", step.total);
        if step.any_contract {
            demands.push(strings.fill("define.any_contract", &[("years", &step.years)]));
        }
        let how = strings.get(if step.any { "define.one_of" } else { "define.all_of" });
        let all = strings.joined(demands.iter().map(String::as_str));
        let text = if demands.len() > 1 { format!("{how}{all}") } else { all };
        rows.push(vec![Cell::from(step.name.as_str()), text.into()]);
    }
    rows.push(vec![Cell::from(standards.otherwise.as_str()), strings.get("define.otherwise").into()]);
    page.table(columns, rows);
    page.note(strings.fill("analysis.tier_source", &[("rule", &standards.rule_id)]));
}

fn left_out(page: &mut Page<'_>) {
    let deals = &page.analysis.deals;
    if !deals.are_known {
        page.without_deals();
        return;
    }
    let columns = vec![page.column("analysis.reason", Kind::Text, 22), page.column("analysis.deals", Kind::Count, 90)];
    let foreign: u64 = deals.foreign.values().map(|(count, _)| count).sum();
    let counted: [(&'static str, u64); 7] = [
        ("analysis.counted", deals.counted),
        ("analysis.void", deals.void),
        ("analysis.unowned", deals.unowned),
        ("analysis.undated", deals.undated),
        ("analysis.later", deals.later),
        ("analysis.without_amount", deals.without_amount),
        ("analysis.foreign_deals", foreign),
    ];
    let rows = counted.map(|(key, count)| vec![Cell::from(page.word(key)), Cell::from(count)]);
    page.table(columns, rows.into());
    page.note(page.word("analysis.left_out_note").to_owned());
}

fn missing(page: &mut Page<'_>) {
    let (view, analysis) = (page.view, page.analysis);
    let columns = vec![
        page.column("analysis.source_table", Kind::Text, 22),
        page.column("analysis.not_analysed", Kind::Text, 90),
    ];
    let mut rows: Vec<Vec<Cell<'_>>> = Vec::new();
    for (group, ..) in crate::analysis::Group::ALL {
        let of_group: Vec<_> = analysis.missing.iter().filter(|missing| missing.group == group).collect();
        let Some(first) = of_group.first() else { continue };
        let table = view.input.labels.table(&first.table);
        let said = if first.whole_table {
            page.strings().fill("analysis.lacking_table", &[("table", &table)])
        } else {
            let labels = of_group.iter().map(|missing| view.input.labels.field(&missing.table, &missing.field));
            let list = page.strings().joined(labels);
            page.strings().fill("analysis.lacking", &[("table", &table), ("columns", &list)])
        };
        rows.push(vec![Cell::from(table), said.into()]);
    }
    page.table(columns, rows);
}

fn clauses(page: &mut Page<'_>) {
    let columns =
        vec![page.column("analysis.clause", Kind::Text, 22), page.column("analysis.shown_in", Kind::Text, 90)];
    let sheets = &page.view.definition.sheets;
    let shown = page.analysis.settings.coverage.iter();
    let rows = shown.map(|(clause, sheet)| {
        let name = title_key(sheet).map_or(sheet.as_str(), |key| page.word(key));
        let said = match sheets.contains(sheet) {
            true => name.to_owned(),
            false => page.strings().fill("analysis.not_in_this", &[("sheet", &name)]),
        };
        vec![Cell::from(clause.as_str()), Cell::from(said)]
    });
    let rows = rows.collect();
    page.table(columns, rows);
}
