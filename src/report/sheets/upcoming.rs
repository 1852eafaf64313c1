//! What is not wrong yet: records that will fail a rule within the coming days if nobody does anything.
//!
//! Apart from the work list because nothing here counts as a finding. Its columns are those of the work list but for
//! what only a finding has.

use super::super::blocks::{Block, Cell, Column, Kind, Rows, Table, Value};
use super::super::definition::ListColumn;
use super::super::document::Sheet;
use super::super::view::View;
use super::work_list;

/// Columns of the work list that say something of findings alone.
const OF_FINDINGS: [&str; 4] = ["status", "first_seen", "days_open", "message"];

/// The list by day, the nearest first.
pub fn sheet<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let mut places: Vec<u32> = view.share.upcoming.clone();
    places.sort_by_cached_key(|place| {
        let coming = &view.input.upcoming[*place as usize];
        (coming.first_seen, std::cmp::Reverse(coming.severity), coming.customer, coming.record_key, *place)
    });
    let own: Vec<&ListColumn> = view
        .definition
        .work_list
        .iter()
        .filter(|column| !OF_FINDINGS.contains(&column.field.as_str()))
        .filter(|column| view.takes_in() || !column.only_taken_in)
        .collect();
    let mut columns = vec![
        Column::new(strings.get("column.due_on"), Kind::Date, 12),
        Column::new(strings.get("column.days_left"), Kind::Count, 8),
    ];
    columns.extend(own.iter().map(|column| work_list::head(view, column)));
    let opening = strings.fill(
        "upcoming.opening",
        &[("title", &work_list::heading(view)), ("count", &places.len()), ("days", &view.input.upcoming_days)],
    );
    let makers: Vec<work_list::Make> = own.iter().map(|column| work_list::cell(&column.field)).collect();
    let rows = Rows::made(places.len(), move |number| {
        let coming = &view.input.upcoming[places[number] as usize];
        let left = u64::try_from((coming.first_seen - view.input.as_of).num_days()).unwrap_or_default();
        let mut cells: Vec<Cell<'a>> = vec![coming.first_seen.into(), Value::Count(left).into()];
        cells.extend(makers.iter().map(|make| make(view, coming)));
        cells
    });
    let empty = strings.fill("upcoming.nothing", &[("days", &view.input.upcoming_days)]);
    let table = Table { columns, rows, is_list: true, empty, shaded: Vec::new() };
    let mut blocks = vec![Block::Paragraph(opening)];
    blocks.extend(work_list::not_here(view, view.share.withheld.upcoming.len(), view.share.apart.upcoming.len()));
    blocks.push(Block::Table(table));
    Sheet { name: strings.get("sheet.upcoming").to_owned(), blocks, one_page: false }
}
