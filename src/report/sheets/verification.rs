//! The sheets of a round of verification: how far it has come, who has not answered, what waits to be entered.
//!
//! Apart because they show what was asked and answered, and no finding. What a list itself looks like is not known here.

use super::super::blocks::{Block, Cell, Column, Kind, Mark, Rows, Table, Value};
use super::super::document::Sheet;
use super::super::view::View;

/// The lines by list and owner, with their sum.
pub fn progress<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let strings = view.strings;
    let titles = [
        "verification.issued",
        "verification.returned",
        "verification.confirmed",
        "verification.corrected_count",
        "verification.unreachable",
        "verification.closed",
        "verification.ended",
        "verification.conflicting",
        "verification.missing_count",
    ];
    let mut columns = vec![
        Column::new(strings.get("verification.batch"), Kind::Text, 24),
        Column::new(strings.get("column.department"), Kind::Text, 14),
        Column::new(strings.get("column.owner"), Kind::Text, 10),
    ];
    columns.extend(titles.iter().map(|key| Column::new(strings.get(key), Kind::Count, 10)));
    columns.push(Column::new(strings.get("verification.progress_rate"), Kind::Share, 10));
    columns.push(Column::new(strings.get("verification.progress_in_time"), Kind::Share, 10));
    let mut rows = Vec::new();
    let mut total = [0; 10];
    if let Some(facts) = view.input.verification {
        for line in facts.lines_of(view) {
            total.iter_mut().zip(line.counts).for_each(|(sum, count)| *sum += count);
            rows.push(row([&line.batch, &line.department, view.owner(&line.owner)], line.counts, Mark::Plain));
        }
    }
    if rows.len() > 1 {
        rows.push(row([strings.get("verification.total"), "", ""], total, Mark::Strong));
    }
    let table = Table {
        columns,
        rows: Rows::of(rows),
        is_list: true,
        empty: strings.get("verification.progress_none_here").to_owned(),
        shaded: Vec::new(),
    };
    let blocks = vec![Block::Title(view.title()), Block::Paragraph(opening(view, total)), Block::Table(table)];
    Sheet { name: strings.get("verification.progress").to_owned(), blocks, one_page: false }
}

/// How far the round has come, in a sentence.
fn opening(view: &View<'_>, total: [u64; 10]) -> String {
    let period = view.strings.period(view.input.period);
    let Some((facts, deadline)) = view.input.verification.and_then(|facts| Some((facts, facts.deadline?))) else {
        return view.strings.fill("verification.progress_none", &[("period", &period)]);
    };
    let key = if facts.days_left < 0 { "verification.progress_past" } else { "verification.progress_opening" };
    view.strings.fill(
        key,
        &[
            ("period", &period),
            ("issued", &total[0]),
            ("returned", &total[1]),
            ("missing", &total[8]),
            ("deadline", &deadline),
            ("days", &facts.days_left),
        ],
    )
}

fn row<'a>(names: [&'a str; 3], counts: [u64; 10], mark: Mark) -> Vec<Cell<'a>> {
    let share = |part: u64| match counts[0] {
        0 => Value::Empty,
        all => Value::Share(part as f64 / all as f64),
    };
    let names = names.into_iter().map(Cell::from);
    let counted = counts.iter().take(9).map(|count| Cell::from(*count));
    let shares = [share(counts[1]), share(counts[9])].into_iter().map(Cell::from);
    names.chain(counted).chain(shares).map(|cell| cell.marked(mark)).collect()
}

/// The customers about whom nothing has come back.
pub fn missing<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let last = [("verification.name", Kind::Text, 34), ("verification.batch", Kind::Text, 28)];
    let open = view.input.verification.into_iter().flat_map(|facts| facts.missing_of(view));
    let rows = open.map(|open| {
        let said = [Cell::from(open.name.as_str()), Cell::from(open.batch.as_str())];
        customer_row(view.owner(&open.owner), &open.customer, said)
    });
    let keys = ["verification.missing", "verification.missing_opening", "verification.missing_none"];
    customer_list(view, keys, last, rows.collect())
}

/// The accepted corrections that the data do not have yet.
pub fn waiting<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let last = [("verification.field", Kind::Text, 20), ("verification.on_day", Kind::Date, 14)];
    let open = view.input.verification.into_iter().flat_map(|facts| facts.waiting_of(view));
    let rows = open.map(|open| {
        let said = [Cell::from(open.field.as_str()), Cell::from(open.day)];
        customer_row(view.owner(&open.owner), &open.customer, said)
    });
    let keys = ["verification.waiting", "verification.waiting_opening", "verification.waiting_none"];
    customer_list(view, keys, last, rows.collect())
}

/// Whose the customer is, which one, and what is said of it.
fn customer_row<'a>(owner: &'a str, customer: &'a str, said: [Cell<'a>; 2]) -> Vec<Cell<'a>> {
    [Cell::from(owner), Cell::from(customer)].into_iter().chain(said).collect()
}

/// A list of customers with two columns more; `keys`: its name, what stands above it, what it says when it is empty.
fn customer_list<'a>(
    view: &'a View<'a>,
    keys: [&'a str; 3],
    last: [(&str, Kind, u16); 2],
    rows: Vec<Vec<Cell<'a>>>,
) -> Sheet<'a> {
    let first = [("column.owner", Kind::Text, 12), ("verification.code", Kind::Text, 20)];
    let columns = first.into_iter().chain(last);
    let columns = columns.map(|(key, kind, width)| Column::new(view.strings.get(key), kind, width)).collect();
    let [name, opening, empty] = keys.map(|key| view.strings.get(key).to_owned());
    let table = Table { columns, rows: Rows::of(rows), is_list: true, empty, shaded: Vec::new() };
    Sheet { name, blocks: vec![Block::Paragraph(opening), Block::Table(table)], one_page: false }
}
