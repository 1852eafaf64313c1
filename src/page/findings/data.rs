//! All findings as data that the browser searches.
//!
//! Apart because it must stay small: texts stand in the data once and rows are numbers, so that a hundred thousand
//! findings are a file that opens.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::cells::{BETWEEN, department, field, place, short, value};
use super::rows::{Titles, title};
use super::shown::Shown;
use crate::model::{Severity, Status};
use crate::page::input::PageInput;
use crate::report::Strings;

/// Findings that the data holds.
pub(super) const MOST_ROWS: usize = 100_000;
/// Bytes of text that it holds.
const MOST_TEXT: usize = 16 * 1024 * 1024;

/// What the script reads: texts, and rows of their numbers in the order of `columns`.
#[derive(Serialize)]
struct Data<'d> {
    columns: [&'static str; COLUMNS],
    page_rows: usize,
    texts: Vec<&'d str>,
    rows: Vec<[u32; COLUMNS]>,
    severities: [[&'d str; 2]; Severity::ALL.len()],
    statuses: [[&'d str; 2]; Status::ALL.len()],
    jobs: &'d [String],
    rules: BTreeMap<&'d str, &'d str>,
    words: BTreeMap<&'static str, &'d str>,
}

const COLUMNS: usize = 14;
const NAMES: [&str; COLUMNS] = [
    "job",
    "severity",
    "status",
    "rule",
    "department",
    "customer",
    "record_key",
    "field",
    "value",
    "message",
    "first_seen",
    "place",
    "letters",
    "row",
];

/// The data of findings as a script, and how many of them it holds.
pub(super) fn script(
    shown: &[Shown<'_>],
    (jobs, page_rows): (&[String], usize),
    rules: &Titles<'_>,
    input: &PageInput<'_>,
    strings: &Strings,
) -> (String, usize) {
    let mut texts = Texts::default();
    let mut rows = Vec::new();
    for row in shown {
        if rows.len() == MOST_ROWS || texts.bytes > MOST_TEXT {
            break;
        }
        rows.push(numbers(row, &mut texts, input, strings));
    }
    let listed = rows.len();
    let data = Data {
        columns: NAMES,
        page_rows,
        texts: texts.list(),
        rows,
        severities: Severity::ALL.map(|severity| [severity.as_str(), strings.severity(severity)]),
        statuses: Status::ALL.map(|status| [status.as_str(), strings.status(status)]),
        jobs,
        rules: shown.iter().map(|row| (row.finding.rule_id, title(row.finding.rule_id, rules))).collect(),
        words: words(strings),
    };
    (harmless(&serde_json::to_string(&data).unwrap_or_default()), listed)
}

fn numbers<'t>(
    row: &'t Shown<'_>,
    texts: &mut Texts<'t>,
    input: &'t PageInput<'_>,
    strings: &'t Strings,
) -> [u32; COLUMNS] {
    let Shown { job, finding, seen } = row;
    let position = |place: Option<usize>| u32::try_from(place.unwrap_or_default()).unwrap_or_default();
    [
        position(Some(*job)),
        position(Severity::ALL.iter().position(|severity| *severity == finding.severity)),
        position(Status::ALL.iter().position(|status| *status == finding.status)),
        texts.number(Cow::Borrowed(finding.rule_id)),
        texts.number(Cow::Borrowed(department(seen, strings))),
        texts.number(short(&seen.customer, strings)),
        texts.number(short(finding.record_key, strings)),
        texts.number(Cow::Borrowed(field(finding, input))),
        texts.number(value(finding, seen, strings)),
        texts.number(short(&seen.message, strings)),
        texts.number(Cow::Owned(finding.first_seen.to_string())),
        texts.number(Cow::Owned(place(finding))),
        texts.number(Cow::Borrowed(finding.column)),
        finding.row,
    ]
}

/// Texts, each once, numbered in the order in which they come.
#[derive(Default)]
struct Texts<'t> {
    numbers: HashMap<Cow<'t, str>, u32>,
    bytes: usize,
}

impl<'t> Texts<'t> {
    fn number(&mut self, text: Cow<'t, str>) -> u32 {
        if let Some(number) = self.numbers.get(&text) {
            return *number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.bytes += text.len() + 3;
        self.numbers.insert(text, number);
        number
    }

    fn list(&self) -> Vec<&str> {
        let mut list = vec![""; self.numbers.len()];
        #[expect(clippy::iter_over_hash_type, reason = "every text goes to the place of its number")]
        for (text, number) in &self.numbers {
            list[*number as usize] = text;
        }
        list
    }
}

/// The words that the script writes.
fn words(strings: &Strings) -> BTreeMap<&'static str, &str> {
    BTreeMap::from([
        ("shown", strings.get("page.matching")),
        ("page", strings.get("page.page_of")),
        ("nothing", strings.get("page.nothing_matches")),
        ("all", strings.get("page.all")),
        ("row", strings.get("page.row")),
        ("between", BETWEEN),
        ("cell", strings.get("page.cell")),
        ("status", strings.get("page.state")),
        ("rule", strings.get("page.what")),
        ("customer", strings.get("page.customer")),
        ("department", strings.get("column.department")),
        ("first_seen", strings.get("column.first_seen")),
        ("place", strings.get("page.place")),
    ])
}

/// JSON that ends no script element and is valid JavaScript in old engines too.
fn harmless(json: &str) -> String {
    let mut harmless = String::with_capacity(json.len() + json.len() / 50);
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => harmless.push_str(&format!("\\u{:04x}", letter as u32)),
            other => harmless.push(other),
        }
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_ends_no_script() {
        let hostile = serde_json::to_string(&["</script><!--<script>", "\u{2028}", "a&b"]).expect("JSON");
        let written = harmless(&hostile);
        assert!(!written.contains(['<', '>', '&', '\u{2028}']), "{written}");
        let read: Vec<String> = serde_json::from_str(&written).expect("JSON");
        assert_eq!(read, ["</script><!--<script>", "\u{2028}", "a&b"]);
    }
}
