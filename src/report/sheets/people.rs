//! The sheet of people: what was tested of each owner's records, and how much of it failed. Facts, and no verdict.
//!
//! Apart because it holds names of persons: a report has it only where its `report.toml` says so, and a mail never.

use super::super::blocks::{Block, Cell, Column, Kind, Rows, Table};
use super::super::document::Sheet;
use super::super::scorecard::{self, OF_PEOPLE, Person};
use super::super::view::View;
use super::scores::{counted, share};

/// Makes the sheet: a row a department and person, in the order of names.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let mut columns = vec![
        Column::new(strings.get("column.department"), Kind::Text, 18),
        Column::new(strings.get("column.owner"), Kind::Text, 14),
    ];
    for dimension in OF_PEOPLE {
        let column =
            |key, kind| Column::new(&strings.fill(key, &[("dimension", &strings.dimension(dimension))]), kind, 14);
        columns.extend([
            column("people.tested", Kind::Count),
            column("people.failing", Kind::Count),
            column("people.score", Kind::Share),
        ]);
    }
    columns.push(Column::new(strings.get("column.note"), Kind::Text, 16));
    let people = scorecard::people(view.input, view.share.department);
    let rows = Rows::made(people.len(), move |number| row(view, &people[number]));
    let table =
        Table { columns, rows, is_list: true, empty: strings.get("scores.no_data").to_owned(), shaded: Vec::new() };
    let opening = strings.fill("people.opening", &[("period", &strings.period(view.input.period))]);
    let blocks =
        vec![Block::Paragraph(opening), Block::Note(strings.get("people.definition").to_owned()), Block::Table(table)];
    Sheet { name: strings.get("sheet.people").to_owned(), blocks, one_page: false }
}

fn row<'a>(view: &'a View<'a>, person: &Person<'a>) -> Vec<Cell<'a>> {
    let mut cells = vec![view.department(person.department).into(), view.owner(person.name).into()];
    for ratio in person.ratios {
        cells.extend([counted(ratio, ratio.tested), counted(ratio, ratio.failing()), share(view.strings, ratio)]);
    }
    let is_small = person.ratios.iter().any(|ratio| ratio.is_small());
    cells.push(if is_small { view.strings.get("scores.small").into() } else { "".into() });
    cells
}
