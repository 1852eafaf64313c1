//! The analysis for managers: sheets and a mail out of its figures.
//!
//! Apart from the figures because a company chooses which sheets it shows, and in which order. Nothing is reckoned here:
//! tables, charts and sentences read the same figures.

pub mod settings;

mod allocation;
mod appendix;
mod contents;
mod credit;
mod figures;
mod important;
mod movement;
mod page;
mod potential;
mod quality;
mod retention;
mod sentences;
mod service;
mod spread;
mod structure;
mod visits;
mod words;

use chrono::NaiveDate;

use super::blocks::{Block, Mark};
use super::document::{Draft, Sheet};
use super::sheets;
use super::view::View;
use crate::analysis::Analysis;
use page::Page;

/// How a sheet is filled.
type Fill = for<'a> fn(&mut Page<'a>);

/// Every sheet with the key of its name, in the order of the documentation.
const SHEETS: [(&str, &str, Fill); 22] = [
    ("contents", "analysis_sheet.contents", contents::fill),
    ("highlights", "analysis_sheet.highlights", sentences::fill),
    ("structure", "analysis_sheet.structure", structure::tiers),
    ("net_change", "analysis_sheet.net_change", structure::bridge),
    ("concentration", "analysis_sheet.concentration", structure::concentration),
    ("market_spread", "analysis_sheet.market_spread", spread::market),
    ("firm_spread", "analysis_sheet.firm_spread", spread::firms),
    ("person_spread", "analysis_sheet.person_spread", spread::persons),
    ("migration", "analysis_sheet.migration", movement::migration),
    ("rising", "analysis_sheet.rising", movement::rising),
    ("at_risk", "analysis_sheet.at_risk", movement::at_risk),
    ("rfm", "analysis_sheet.rfm", retention::rfm),
    ("retention", "analysis_sheet.retention", retention::retention),
    ("important", "analysis_sheet.important", important::summary),
    ("important_cards", "analysis_sheet.important_cards", important::cards),
    ("credit", "analysis_sheet.credit", credit::fill),
    ("service", "analysis_sheet.service", service::fill),
    ("visits", "analysis_sheet.visits", visits::fill),
    ("market_extract", "analysis_sheet.market_news", visits::market),
    ("potential", "analysis_sheet.potential", potential::fill),
    ("allocation", "analysis_sheet.allocation", allocation::fill),
    ("definitions", "analysis_sheet.definitions", appendix::fill),
];

/// The sheet of the data's quality, which shows the run's own scores.
const QUALITY: (&str, &str) = ("data_quality", "analysis_sheet.data_quality");

/// The names of the sheets.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHEETS.iter().map(|(name, ..)| *name).chain([QUALITY.0])
}

/// Whether a sheet is one of the analysis.
pub fn is_sheet(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The key of the name under which a sheet stands in the workbook.
fn title_key(name: &str) -> Option<&'static str> {
    let sheets = SHEETS.iter().map(|(name, key, _)| (*name, *key)).chain([QUALITY]);
    sheets.into_iter().find(|(known, _)| *known == name).map(|(_, key)| key)
}

/// The analysis of the view's report; nothing where none was made, as when templates are rehearsed.
fn analysis<'a>(view: &View<'a>) -> Option<&'a Analysis> {
    view.input.analyses.get(&view.definition.name)
}

/// The last day that the figures of an analysis reach; nothing for other reports.
pub fn last_day(view: &View<'_>) -> Option<NaiveDate> {
    analysis(view).map(|analysis| analysis.facts.cut_off)
}

/// Makes a sheet; nothing for a name that is not one of these.
pub fn sheet<'a>(name: &str, view: &'a View<'a>) -> Option<Sheet<'a>> {
    let key = title_key(name)?;
    let title = view.strings.get(key).to_owned();
    let Some(analysis) = analysis(view) else {
        let blocks = vec![Block::Paragraph(view.strings.get("analysis.none").to_owned())];
        return Some(Sheet { name: title, blocks, one_page: false });
    };
    let mut page = Page::new(view, analysis, key);
    match SHEETS.iter().find(|(known, ..)| *known == name) {
        Some((.., fill)) => fill(&mut page),
        None => quality::fill(&mut page),
    }
    Some(Sheet { name: title, blocks: page.blocks, one_page: false })
}

/// Drafts the report: its sheets, and for the mail the sentences and the key figures, which name nobody.
pub fn draft<'a>(view: &'a View<'a>) -> Draft<'a> {
    let (sentences, decisions, figures) = match analysis(view) {
        Some(analysis) => (
            vec![Block::List(sentences::sentences(view, analysis), Mark::Plain)],
            vec![Block::List(sentences::decisions(view, analysis), Mark::Strong)],
            vec![Block::Table(figures::table(view, analysis))],
        ),
        None => Default::default(),
    };
    Draft {
        title: view.title(),
        sheets: sheets::make(view),
        mail: [("sentences", sentences), ("decisions", decisions), ("figures", figures)].into(),
    }
}
