//! The first sheet: what the report is, how far its data go, and where what stands.
//!
//! Apart because a leader signs it, and must see what was left out before the figures.

use super::super::blocks::{Block, Cell, Kind, Link};
use super::page::Page;
use super::title_key;

/// Fills the sheet.
pub fn fill(page: &mut Page<'_>) {
    let (view, analysis, strings) = (page.view, page.analysis, page.strings());
    let (facts, input) = (&analysis.facts, view.input);
    page.blocks[0] = Block::Title(view.title());
    let level = facts.reader.as_str();
    let rule = match &facts.standards {
        Some(standards) => standards.rule_id.clone(),
        None => strings.get("analysis.no_tier_rule").to_owned(),
    };
    let status = if input.issue.is_draft { "analysis.draft" } else { "analysis.final" };
    let fields: Vec<(&'static str, Cell<'_>)> = vec![
        ("analysis.company", input.company.into()),
        ("analysis.period", strings.period(input.period).into()),
        ("analysis.cut_off", facts.cut_off.to_string().into()),
        ("analysis.read_on", facts.as_of.to_string().into()),
        ("analysis.level", strings.fill("analysis.up_to", &[("level", &level)]).into()),
        ("analysis.status", strings.get(status).into()),
        ("analysis.tier_rule", rule.into()),
        ("analysis.rules_run", view.basis().into()),
    ];
    let columns = vec![page.column("analysis.item", Kind::Text, 22), page.column("analysis.content", Kind::Text, 46)];
    let rows = fields.into_iter().map(|(key, cell)| vec![Cell::from(page.word(key)), cell]).collect();
    page.table(columns, rows);
    page.blocks.push(Block::Signatures(
        ["analysis.made_by", "analysis.checked_by", "analysis.approved_by"].map(|key| page.word(key).to_owned()).into(),
    ));
    let mut cautions = super::super::warnings::warnings(view);
    if facts.filtered_out > 0 {
        cautions
            .push(strings.fill("analysis.filtered", &[("count", &facts.filtered_out), ("left", &facts.customers())]));
    }
    if !analysis.missing.is_empty() {
        cautions.push(strings.fill("analysis.lacking_count", &[("count", &analysis.missing.len())]));
    }
    if !cautions.is_empty() {
        page.heading("heading.warnings");
        page.blocks.push(Block::List(cautions, super::super::blocks::Mark::Plain));
    }
    page.heading("analysis.contents");
    let columns = vec![page.column("analysis.place", Kind::Word, 22), page.column("analysis.sheet", Kind::Text, 46)];
    let named = view.definition.sheets.iter().filter_map(|name| title_key(name));
    let rows = named.enumerate().map(|(place, key)| {
        let sheet = page.word(key);
        let link = Link { sheet: sheet.to_owned(), row: None };
        vec![Cell::from((place + 1).to_string()), Cell::from(sheet).leading_to(Some(link))]
    });
    let rows = rows.collect();
    page.table(columns, rows);
    page.heading("analysis.sources");
    let columns = vec![
        page.column("analysis.source_table", Kind::Text, 22),
        page.column("analysis.file", Kind::Text, 46),
        page.column("analysis.rows_read", Kind::Count, 18),
        page.column("analysis.rows_skipped", Kind::Count, 18),
    ];
    let rows = input.notes.iter().map(|note| {
        let skipped = note.rows_read.saturating_sub(note.rows_checked);
        vec![
            Cell::from(input.labels.table(&note.table)),
            Cell::from(note.file.as_str()),
            note.rows_read.into(),
            skipped.into(),
        ]
    });
    let rows = rows.collect();
    page.table(columns, rows);
}
