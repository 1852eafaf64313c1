//! The sheet that a department's workbook opens with: the period at a glance.
//!
//! Apart because it is read by people who read nothing else. What moves with the data stands below what does not.

use super::super::blocks::{Block, Cell, Link, Mark};
use super::super::document::Sheet;
use super::super::figures::Line;
use super::super::order::FirstRows;
use super::super::view::View;
use super::super::warnings::warnings;
use super::counts::{self, Counted};
use super::owners;
use crate::model::Severity;

/// Lines kept free for warnings, so that what stands below them stays where it is.
const WARNINGS: usize = 2;

/// Makes the sheet.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let figures = &view.share.figures;
    let mut blocks = opening(view);
    blocks.push(Block::Heading(strings.get("heading.trend").to_owned()));
    blocks.push(counts::trend_chart(strings, &figures.trend));
    blocks.push(Block::Heading(strings.get("heading.by_rule").to_owned()));
    blocks.extend(counts::by_rule(view));
    blocks.push(Block::Heading(strings.get("heading.by_owner").to_owned()));
    let first = FirstRows::of(view);
    let of_owner = |line: &Line<'a>| -> Cell<'a> {
        let own = owners::listed(view).contains(&line.name);
        let own = own.then(|| Link { sheet: view.owner(line.name).to_owned(), row: None });
        Cell::from(view.owner(line.name)).leading_to(own.or_else(|| first.owner(line.name)))
    };
    let lines = figures.by_owner.iter().map(|line| Counted { name: of_owner(line), line }).collect();
    let limit = view.definition.limits.overview_rows;
    blocks.extend(counts::table(strings, strings.get("column.owner"), lines, None, limit));
    if owners::left_out(view) > 0 {
        let (shown, count) = (owners::MOST, owners::MOST + owners::left_out(view));
        blocks.push(Block::Note(strings.fill("owners.left_out", &[("count", &count), ("shown", &shown)])));
    }
    if !view.share.taken_in(view.input).is_empty() {
        blocks.push(Block::Heading(strings.get("heading.by_department").to_owned()));
        let lines = figures.by_department.iter();
        let name = |line: &Line<'a>| Cell::from(view.department(line.name)).leading_to(first.department(line.name));
        let lines = lines.map(|line| Counted { name: name(line), line }).collect();
        blocks.extend(counts::table(strings, strings.get("column.department"), lines, None, limit));
    }
    Sheet { name: strings.overview(view.input.period.kind()).to_owned(), blocks, one_page: false }
}

/// What every first sheet opens with: title, period, basis, key figures, warnings.
pub fn opening<'a>(view: &'a View<'a>) -> Vec<Block<'a>> {
    let strings = view.strings;
    let title = match view.share.department {
        Some(department) => format!("{} · {} · {department}", view.input.company, view.title()),
        None => format!("{} · {}", view.input.company, view.title()),
    };
    let mut blocks = vec![
        Block::Title(title),
        Block::Paragraph(view.subtitle()),
        Block::Paragraph(view.basis()),
        links(view),
        counts::key_figures(strings, &view.share.figures),
        Block::Heading(strings.get("heading.warnings").to_owned()),
    ];
    let warnings = warnings(view);
    let room = WARNINGS.saturating_sub(warnings.len().max(1));
    if warnings.is_empty() {
        blocks.push(Block::Paragraph(strings.get("warning.none").to_owned()));
    } else {
        blocks.push(Block::List(warnings, Mark::Strong));
    }
    blocks.extend((0..room).map(|_| Block::Note(String::new())));
    blocks
}

/// What leads to the severities in the work list and to the other sheets.
fn links<'a>(view: &'a View<'a>) -> Block<'a> {
    let (strings, first) = (view.strings, FirstRows::of(view));
    let is_sheet = |name: &&String| !matches!(name.as_str(), "overview" | "summary" | owners::NAME);
    let mut cells = Vec::new();
    for name in view.definition.sheets.iter().filter(is_sheet) {
        let sheet = strings.get(&format!("sheet.{name}")).to_owned();
        cells.push(Cell::from(sheet.clone()).leading_to(Some(Link { sheet, row: None })));
        if name == "work_list" {
            cells.extend(
                Severity::ALL
                    .map(|severity| Cell::from(strings.severity(severity)).leading_to(first.severity(severity))),
            );
        }
    }
    Block::Links(cells)
}
