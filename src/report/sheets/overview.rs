//! The sheet that a department's workbook opens with: the period at a glance.
//!
//! Apart because it is read by people who read nothing else. What moves with the data stands below what does not.

use super::super::blocks::{Block, Mark};
use super::super::document::Sheet;
use super::super::view::View;
use super::super::warnings::warnings;
use super::counts::{self, Counted};

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
    let lines = figures.by_owner.iter().map(|line| Counted { name: view.owner(line.name).into(), line }).collect();
    let limit = view.definition.limits.overview_rows;
    blocks.extend(counts::table(strings, strings.get("column.owner"), lines, None, limit));
    if !view.share.taken_in(view.input).is_empty() {
        blocks.push(Block::Heading(strings.get("heading.by_department").to_owned()));
        let lines = figures.by_department.iter();
        let lines = lines.map(|line| Counted { name: view.department(line.name).into(), line }).collect();
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
        counts::key_figures(strings, &view.share.figures),
        Block::Heading(strings.get("heading.warnings").to_owned()),
    ];
    let warnings = warnings(view);
    if warnings.is_empty() {
        blocks.push(Block::Paragraph(strings.get("warning.none").to_owned()));
    } else {
        blocks.push(Block::List(warnings, Mark::Strong));
    }
    blocks
}
