//! The digest's sheet: all departments, and everything that was not checked, on one page.
//!
//! Apart because it is about departments where the others are about findings.

use super::super::blocks::{Block, Mark};
use super::super::digest;
use super::super::document::Sheet;
use super::super::view::View;
use super::counts;
use super::overview::opening;
use crate::model::{Outcome, RuleOutcome};

/// How many rules are drawn as those with most work.
const RULES: usize = 8;

/// Makes the sheet.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let figures = &view.share.figures;
    let mut blocks = opening(view);
    blocks.push(Block::Heading(strings.get("heading.by_department").to_owned()));
    let lines = digest::departments(view);
    let name = strings.get("column.department");
    blocks.extend(counts::table(strings, name, lines, Some(&figures.total), usize::MAX));
    blocks.push(Block::Note(strings.get("count.distinct").to_owned()));
    let worst = strings.get("heading.worst");
    blocks.push(Block::Heading(worst.to_owned()));
    blocks.push(counts::work_by_status(strings, worst, name, digest::worst(view)));
    blocks.push(Block::Heading(strings.get("heading.concentration").to_owned()));
    blocks.push(counts::concentration(view, RULES));
    blocks.push(Block::Heading(strings.get("heading.trend").to_owned()));
    blocks.push(counts::trend_chart(strings, &figures.trend));
    blocks.extend(listed(view, "heading.no_data", digest::without_data(view)));
    blocks.extend(listed(view, "heading.unread", unread(view)));
    let not_applied = |outcome: Outcome| {
        let lines = view.input.outcomes.iter().filter(move |line| line.outcome == outcome);
        lines.map(|line| sentence(view, line, &line.reason)).collect()
    };
    blocks.extend(listed(view, "heading.not_evaluated", not_applied(Outcome::NotEvaluated)));
    blocks.extend(listed(view, "heading.not_enabled", not_applied(Outcome::NotEnabled)));
    let noted = view.input.outcomes.iter().filter(|line| !line.note.is_empty());
    blocks.extend(listed(view, "heading.notes", noted.map(|line| sentence(view, line, &line.note)).collect()));
    Sheet { name: strings.get("sheet.summary").to_owned(), blocks, one_page: true }
}

/// A heading with a list under it, or with "none": a blank would not say whether anybody looked.
fn listed<'a>(view: &View<'_>, heading: &str, items: Vec<String>) -> [Block<'a>; 2] {
    let heading = Block::Heading(view.strings.get(heading).to_owned());
    match items.is_empty() {
        true => [heading, Block::Paragraph(view.strings.get("list.none").to_owned())],
        false => [heading, Block::List(items, Mark::Plain)],
    }
}

fn sentence(view: &View<'_>, line: &RuleOutcome, said: &str) -> String {
    let table = view.input.labels.table(&line.table);
    let said = if said.is_empty() { view.strings.outcome(line.outcome) } else { said };
    view.strings.fill("list.rule_said", &[("rule", &line.title), ("table", &table), ("said", &said)])
}

/// The sources that could not be read, with the reason.
fn unread(view: &View<'_>) -> Vec<String> {
    let notes = view.input.notes.iter().filter_map(|note| note.error.as_ref().map(|error| (note, error)));
    notes
        .map(|(note, error)| {
            let table = view.input.labels.table(&note.table);
            let place =
                if note.sheet.is_empty() { note.file.clone() } else { format!("{} / {}", note.file, note.sheet) };
            view.strings.fill("list.source_said", &[("table", &table), ("source", &place), ("said", error)])
        })
        .collect()
}
