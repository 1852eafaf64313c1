//! The two lists of findings: what is to be mended, and what was.
//!
//! Apart because their columns are the user's to choose. The lists are places of findings, sorted; a row is made when it
//! is written.

use super::super::blocks::{Block, Cell, Column, Kind, Mark, Rows, Table, Value};
use super::super::definition::ListColumn;
use super::super::document::Sheet;
use super::super::strings::Strings;
use super::super::view::View;
use crate::model::{Finding, Severity, Status};

/// The columns that a `[[work_list]]` may name.
pub const FIELDS: [&str; 21] = [
    "status",
    "severity",
    "record_key",
    "customer",
    "field",
    "value",
    "message",
    "advice",
    "clause",
    "rule",
    "rule_id",
    "dimension",
    "table",
    "owner",
    "department",
    "first_seen",
    "days_open",
    "file",
    "sheet",
    "row",
    "column",
];

/// The days after which a finding's bar is full: a quarter.
const LONG_OPEN: u32 = 90;

/// The work: everything that is still there, the waived last; by severity, age, customer.
pub fn to_do<'a>(view: &'a View<'a>) -> Sheet<'a> {
    let all_is_known = !view.coverage.is_partial() && !view.share.has_no_data();
    let nothing = if all_is_known { "work_list.nothing" } else { "work_list.nothing_found" };
    list(view, "sheet.work_list", "work_list.to_do", nothing, Status::is_standing)
}

/// What the last run had and this one has not any more, in the same order.
pub fn resolved<'a>(view: &'a View<'a>) -> Sheet<'a> {
    list(view, "sheet.resolved", "work_list.resolved", "work_list.nothing_resolved", |status| !status.is_standing())
}

/// The work of one owner, in the same columns and order, and who signs that it is done.
pub fn of_owner<'a>(view: &'a View<'a>, owner: &'a str) -> Sheet<'a> {
    let shown = |finding: &Finding<'_>| finding.status.is_standing() && finding.owner == owner;
    let name = view.owner(owner);
    let title = view.strings.fill("list.row", &[("name", &heading(view)), ("cells", &name)]);
    let mut sheet = listed(view, name, ("work_list.to_do", &title), "work_list.nothing", shown);
    let who = ["signature.mender", "signature.head"].map(|who| view.strings.get(who).to_owned());
    sheet.blocks.push(Block::Signatures(who.into()));
    sheet
}

fn list<'a>(view: &'a View<'a>, name: &str, opening: &str, empty: &str, shown: fn(Status) -> bool) -> Sheet<'a> {
    listed(view, view.strings.get(name), (opening, &heading(view)), empty, |finding| shown(finding.status))
}

fn listed<'a>(
    view: &'a View<'a>,
    name: &str,
    (opening, title): (&str, &str),
    empty: &str,
    shown: impl Fn(&Finding<'_>) -> bool,
) -> Sheet<'a> {
    let strings = view.strings;
    let mut places: Vec<u32> = view.ordered().to_vec();
    places.retain(|place| shown(view.finding(*place)));
    let columns: Vec<&ListColumn> =
        view.definition.work_list.iter().filter(|column| view.takes_in() || !column.only_taken_in).collect();
    let heads = columns.iter().map(|column| head(view, column)).collect();
    let line = strings.fill(opening, &[("count", &places.len()), ("title", &title)]);
    let elsewhere = |places: &[u32]| places.iter().filter(|place| shown(view.finding(**place))).count();
    let (withheld, apart) = (elsewhere(&view.share.withheld.findings), elsewhere(&view.share.apart.findings));
    let empty = if withheld + apart > 0 { "work_list.nothing_here" } else { empty };
    let mut blocks = vec![Block::Paragraph(line)];
    blocks.extend(not_here(view, withheld, apart));
    let makers: Vec<Make> = columns.iter().map(|column| cell(&column.field)).collect();
    let rows = Rows::made(places.len(), move |number| {
        let finding = view.finding(places[number]);
        makers.iter().map(|make| make(view, finding)).collect()
    });
    let table = Table { columns: heads, rows, is_list: true, empty: strings.get(empty).to_owned(), shaded: Vec::new() };
    blocks.push(Block::Table(table));
    Sheet { name: name.to_owned(), blocks, one_page: false }
}

/// What a list leaves out, and where that is: nothing is left out silently.
pub fn not_here<'a>(view: &View<'_>, withheld: usize, apart: usize) -> Vec<Block<'a>> {
    let strings = view.strings;
    let mut notes = Vec::new();
    if let Some(name) = view.apart.filter(|_| apart > 0) {
        notes.push(Block::Note(strings.fill("list.apart", &[("count", &apart), ("name", &name)])));
    }
    if withheld > 0 {
        let contact = &view.input.access.contact;
        notes.push(Block::Note(strings.fill("list.withheld", &[("count", &withheld), ("contact", contact)])));
    }
    notes
}

/// Whose list it is and of when: a printed page lies about alone.
pub fn heading(view: &View<'_>) -> String {
    let period = view.strings.period(view.input.period);
    match view.share.department {
        Some(department) => format!("{department} · {period}"),
        None => format!("{} · {period}", view.input.company),
    }
}

/// The head of a column.
pub fn head(view: &View<'_>, column: &ListColumn) -> Column {
    let strings = view.strings;
    let (title, kind) = match column.field.as_str() {
        "status" => ("column.status", Kind::Word),
        "severity" => ("column.severity", Kind::Word),
        "record_key" => ("column.record_key", Kind::Text),
        "customer" => ("column.customer", Kind::Text),
        "field" => ("column.field", Kind::Text),
        "value" => ("column.value", Kind::Text),
        "message" => ("column.message", Kind::Text),
        "advice" => ("column.advice", Kind::Text),
        "clause" => ("column.clause", Kind::Text),
        "rule" => ("column.rule", Kind::Text),
        "rule_id" => ("column.rule_id", Kind::Text),
        "dimension" => ("column.dimension", Kind::Word),
        "table" => ("column.table", Kind::Text),
        "owner" => ("column.owner", Kind::Text),
        "department" => ("column.department", Kind::Text),
        "first_seen" => ("column.first_seen", Kind::Date),
        "days_open" => ("column.days_open", Kind::Count),
        "file" => ("column.file", Kind::Text),
        "sheet" => ("column.sheet", Kind::Text),
        "row" => ("column.row", Kind::Number),
        "column" => ("column.column", Kind::Word),
        other => (other, Kind::Text),
    };
    let head = Column::new(strings.get(title), kind, column.width);
    match column.field.as_str() {
        "status" => head.with_words(Status::ALL.map(|status| word(strings.status(status), status_mark(status))).into()),
        "severity" => head.with_words(severity_words(strings)),
        "days_open" => head.with_bars(LONG_OPEN),
        _ => head,
    }
}

fn word(word: &str, mark: Mark) -> (String, Mark) {
    (word.to_owned(), mark)
}

/// The words of severities, each with how it stands out.
pub fn severity_words(strings: &Strings) -> Vec<(String, Mark)> {
    Severity::ALL.map(|severity| word(strings.severity(severity), severity_mark(severity))).into()
}

/// How a cell is made of a finding.
pub type Make = for<'a> fn(&'a View<'a>, &'a Finding<'a>) -> Cell<'a>;

/// What makes the cells of a column.
pub fn cell(field: &str) -> Make {
    match field {
        "status" => |view, finding| Cell::from(view.strings.status(finding.status)).marked(status_mark(finding.status)),
        "severity" => {
            |view, finding| Cell::from(view.strings.severity(finding.severity)).marked(severity_mark(finding.severity))
        }
        "record_key" => |_, finding| finding.record_key.into(),
        "customer" => |_, finding| finding.customer.into(),
        "field" => |view, finding| match finding.field {
            "" => view.strings.get("list.whole_record").into(),
            field => view.label(finding.table, field).into(),
        },
        "value" => |_, finding| finding.value.into(),
        "message" => |_, finding| finding.message.as_ref().into(),
        "advice" => |view, finding| view.advice(finding.rule_id).into(),
        "clause" => |_, finding| finding.clause.into(),
        "rule" => |view, finding| view.rule_title(finding.rule_id).into(),
        "rule_id" => |_, finding| finding.rule_id.into(),
        "dimension" => |view, finding| view.strings.dimension(finding.dimension).into(),
        "table" => |view, finding| view.input.labels.table(finding.table).into(),
        "owner" => |_, finding| finding.owner.into(),
        "department" => |view, finding| view.department(finding.department).into(),
        "first_seen" => |_, finding| finding.first_seen.into(),
        "days_open" => |view, finding| {
            let days = (view.input.as_of - finding.first_seen).num_days();
            Value::Count(u64::try_from(days).unwrap_or_default()).into()
        },
        "file" => |_, finding| finding.file.into(),
        "sheet" => |_, finding| finding.sheet.into(),
        "row" => |_, finding| u64::from(finding.row).into(),
        "column" => |_, finding| finding.column.into(),
        _ => |_, _| Value::Empty.into(),
    }
}

/// How a status stands out beside its word.
fn status_mark(status: Status) -> Mark {
    match status {
        Status::New | Status::Reopened => Mark::Strong,
        Status::Open | Status::NotChecked => Mark::Plain,
        Status::Waived | Status::Resolved => Mark::Muted,
    }
}

/// How a severity stands out beside its word.
pub fn severity_mark(severity: Severity) -> Mark {
    match severity {
        Severity::Error => Mark::Alert,
        Severity::Warning => Mark::Caution,
        Severity::Info => Mark::Plain,
    }
}
