//! The summary: five to seven sentences and three questions for the leader, filled from the very figures that the
//! tables show.
//!
//! Apart because a sentence must agree with its table, and may hold no word of praise or blame that no threshold backs.
//! No sentence names a customer or a person: the mail shows them too.

use rust_decimal::Decimal;

use super::super::blocks::{Block, Mark};
use super::super::view::View;
use super::figures;
use super::page::Page;
use super::words::{amount, change, figure, number, percent};
use crate::analysis::Analysis;
use crate::analysis::comparison::{Compared, FigureKey};
use crate::analysis::share::share_of;

/// Questions for the leader.
const DECISIONS: usize = 3;

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    let (view, analysis) = (page.view, page.analysis);
    page.blocks.push(Block::List(sentences(view, analysis), Mark::Plain));
    page.heading("analysis.decisions");
    page.blocks.push(Block::List(decisions(view, analysis), Mark::Strong));
    page.heading("analysis.key_figures");
    page.blocks.push(Block::Table(figures::table(view, analysis)));
    page.notes(figures::compared_with(view.strings, analysis));
    page.note(view.strings.get("analysis.change_note").to_owned());
}

/// The sentences.
pub fn sentences(view: &View<'_>, analysis: &Analysis) -> Vec<String> {
    let strings = view.strings;
    let get = |key| analysis.comparison.get(key);
    let changes = |compared: &Compared| {
        let previous = change(strings, compared.key, compared.change(compared.previous));
        let year_ago = change(strings, compared.key, compared.change(compared.year_ago));
        strings.fill("sentence.changes", &[("previous", &previous), ("year", &year_ago)])
    };
    let now = |compared: &Compared| figure(compared.key, compared.now);
    let mut said = Vec::new();
    if let Some(customers) = get(FigureKey::Customers) {
        let places: [(&str, &dyn std::fmt::Display); 2] =
            [("count", &now(customers)), ("changes", &changes(customers))];
        said.push(strings.fill("sentence.customers", &places));
    }
    if let (Some(active), Some(bridge)) = (get(FigureKey::Active), analysis.structure.bridge) {
        let share = share_of(bridge.end, analysis.structure.total.customers).unwrap_or_default();
        let share = percent(share);
        let (lapsed, stopped) = (bridge.lapsed, bridge.stopped);
        said.push(strings.fill(
            "sentence.active",
            &[
                ("count", &now(active)),
                ("share", &share),
                ("changes", &changes(active)),
                ("start", &bridge.start),
                ("new", &bridge.new),
                ("reactivated", &bridge.reactivated),
                ("lapsed", &lapsed),
                ("stopped", &stopped),
            ],
        ));
    }
    if let (Some(of_period), Some(of_months)) = (get(FigureKey::AmountOfPeriod), get(FigureKey::Amount)) {
        said.push(strings.fill(
            "sentence.amount",
            &[
                ("amount", &now(of_period)),
                ("changes", &changes(of_period)),
                ("months", &analysis.settings.amount_months),
                ("total", &now(of_months)),
            ],
        ));
    }
    if let Some(found) = &analysis.concentration {
        let class = &found.classes[0];
        let ranked = found.ranked.len();
        let first = percent(found.first);
        let top = match found.top.first() {
            Some((count, _, share)) => strings.fill("sentence.top", &[("count", count), ("share", &percent(*share))]),
            None => String::new(),
        };
        let places: [(&str, &dyn std::fmt::Display); 6] = [
            ("customers", &class.customers),
            ("ranked", &ranked),
            ("percent", &analysis.settings.abc[0]),
            ("first", &first),
            ("top", &top),
            ("hhi", &number(found.hhi)),
        ];
        said.push(strings.fill("sentence.concentration", &places));
    }
    if let (Some(important), Some(tier)) = (get(FigureKey::Important), analysis.scale.first()) {
        let total = analysis.structure.total.amount;
        let share = crate::analysis::share::share(analysis.important.amount, total);
        let share = share.map_or_else(|| strings.get("analysis.unknown").to_owned(), percent);
        let rising = analysis.rising.as_ref();
        let (may_rise, unjustified) =
            (rising.map_or(0, |rising| rising.candidates.len()), rising.map_or(0, |rising| rising.unjustified()));
        said.push(strings.fill(
            "sentence.important",
            &[
                ("tier", &tier),
                ("count", &now(important)),
                ("changes", &changes(important)),
                ("share", &share),
                ("rising", &may_rise),
                ("risk", &unjustified),
            ],
        ));
    }
    if let Some(visits) = get(FigureKey::Visits) {
        let covered = get(FigureKey::ImportantVisited).map_or_else(|| strings.get("analysis.unknown").to_owned(), now);
        let tier = analysis.scale.first().unwrap_or_default();
        let places: [(&str, &dyn std::fmt::Display); 4] =
            [("count", &now(visits)), ("changes", &changes(visits)), ("tier", &tier), ("covered", &covered)];
        said.push(strings.fill("sentence.visits", &places));
    }
    if let Some(quality) = get(FigureKey::Quality) {
        let places: [(&str, &dyn std::fmt::Display); 2] = [("score", &now(quality)), ("changes", &changes(quality))];
        said.push(strings.fill("sentence.quality", &places));
    }
    said
}

/// What the leader is asked, the first three that arise.
pub fn decisions(view: &View<'_>, analysis: &Analysis) -> Vec<String> {
    let strings = view.strings;
    let mut asked = Vec::new();
    if let Some(over) = analysis.credit.as_ref().and_then(|credit| credit.over.as_ref()).filter(|over| !over.is_empty())
    {
        let excess: Decimal = over.iter().map(|over| over.owed - over.limit).sum();
        asked.push(strings.fill("decision.over", &[("count", &over.len()), ("amount", &amount(excess))]));
    }
    if let Some(rising) = &analysis.rising {
        let count = rising.unjustified();
        if count > 0 {
            asked.push(strings.fill("decision.tier", &[("count", &count)]));
        }
    }
    if let Some(retention) = analysis.retention.as_ref().filter(|retention| !retention.late.is_empty()) {
        let at_stake: Decimal = retention.late.iter().map(|late| late.amount).sum();
        let factor = number(analysis.settings.rhythm_factor);
        let count = retention.late.len();
        asked.push(
            strings.fill("decision.late", &[("count", &count), ("factor", &factor), ("amount", &amount(at_stake))]),
        );
    }
    let important = &analysis.important;
    if let (Some(visited), Some(tier)) = (important.visited, &important.tier) {
        let count = important.customers() - visited;
        if count > 0 {
            asked.push(strings.fill("decision.visits", &[("count", &count), ("tier", tier)]));
        }
    }
    if let Some(rising) = analysis.rising.as_ref().filter(|rising| !rising.candidates.is_empty()) {
        asked.push(strings.fill("decision.rising", &[("count", &rising.candidates.len())]));
    }
    let unattended = analysis.allocation.orphans + analysis.allocation.of_leavers.unwrap_or(0);
    if unattended > 0 {
        asked.push(strings.fill("decision.orphans", &[("count", &unattended)]));
    }
    if asked.is_empty() {
        asked.push(strings.get("decision.none").to_owned());
    }
    asked.truncate(DECISIONS);
    asked
}
