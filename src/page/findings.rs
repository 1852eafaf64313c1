//! The findings that the page lists: the first of them as rows, all of them as data that the browser searches.
//!
//! Apart because it must stay small: texts stand in the data once and rows are numbers, so that a hundred thousand
//! findings are a file that opens. Every finding comes through the veil.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use minijinja::Value;
use serde::Serialize;

use super::input::PageInput;
use super::veil::Veil;
use crate::model::{Finding, Severity, Status};
use crate::report::Strings;
use crate::report::access::seen::ShownFinding;

/// Findings that the data holds.
const MOST_ROWS: usize = 100_000;
/// Bytes of text that it holds.
const MOST_TEXT: usize = 16 * 1024 * 1024;
/// Letters of a text that are shown.
const LONGEST_TEXT: usize = 300;
/// Between the parts of a place.
const BETWEEN: &str = " › ";
/// Rows that are there without a script, and on a page of the list.
const FIRST_ROWS: usize = 50;

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

/// A finding that is shown.
struct Shown<'f> {
    job: usize,
    finding: &'f Finding<'f>,
    seen: ShownFinding<'f>,
}

/// The findings of the latest run of every job.
pub fn view(input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Value {
    let mut shown = Vec::new();
    let (mut total, mut withheld, mut sealed) = (0, 0, 0);
    let mut remarks = Vec::new();
    for (job, state) in input.jobs.iter().enumerate() {
        let Some(findings) = &state.findings else {
            remarks.push(strings.fill("page.unreadable", &[("job", &state.job), ("period", &state.period)]));
            continue;
        };
        total += findings.len();
        let first = shown.len();
        for finding in findings {
            if veil.is_sealed(finding) {
                sealed += 1;
                continue;
            }
            // Of the last run of another job the data may know nothing any more.
            match veil.see(finding, job == 0) {
                Some(seen) => shown.push(Shown { job, finding, seen }),
                None => withheld += 1,
            }
        }
        shown[first..].sort_by_key(|shown| order(shown.finding));
    }
    if withheld > 0 {
        remarks.push(strings.fill("page.withheld", &[("count", &withheld)]));
    }
    if sealed > 0 {
        remarks.push(strings.fill("page.sealed", &[("count", &sealed)]));
    }
    let visible = shown.len();
    let rules: BTreeMap<&str, &str> = input.rules.iter().map(|rule| (rule.id.as_str(), rule.title.as_str())).collect();
    let jobs: Vec<String> = input
        .jobs
        .iter()
        .map(|job| strings.fill("page.job_of", &[("job", &job.job), ("period", &strings.written_period(job.period))]))
        .collect();
    let first: Vec<Value> = shown.iter().take(FIRST_ROWS).map(|row| row_view(row, &rules, input, strings)).collect();
    let mut texts = Texts::default();
    let mut rows = Vec::new();
    for row in &shown {
        if rows.len() == MOST_ROWS || texts.bytes > MOST_TEXT {
            break;
        }
        rows.push(numbers(row, &mut texts, input, strings));
    }
    let listed = rows.len();
    if listed < visible {
        remarks.push(strings.fill("page.findings_cut", &[("count", &visible), ("shown", &listed)]));
    }
    let used: BTreeMap<&str, &str> =
        shown.iter().map(|row| (row.finding.rule_id, title(row.finding.rule_id, &rules))).collect();
    let data = Data {
        columns: NAMES,
        page_rows: FIRST_ROWS,
        texts: texts.list(),
        rows,
        severities: Severity::ALL.map(|severity| [severity.as_str(), strings.severity(severity)]),
        statuses: Status::ALL.map(|status| [status.as_str(), strings.status(status)]),
        jobs: &jobs,
        rules: used,
        words: words(strings),
    };
    let data = Value::from_safe_string(harmless(&serde_json::to_string(&data).unwrap_or_default()));
    let first_of = match listed > first.len() {
        true => strings.fill("list.cut", &[("count", &listed), ("shown", &first.len())]),
        false => String::new(),
    };
    object! {
        total: total,
        listed: listed,
        withheld: withheld,
        cut: visible - listed,
        remarks: remarks,
        first: first,
        first_of: first_of,
        jobs: jobs,
        data: data,
    }
}

/// The order of work lists: what is to be done, then the waived, then what is resolved; the gravest and oldest first.
fn order<'f>(finding: &'f Finding<'f>) -> impl Ord + use<'f> {
    let standing = match finding.status {
        Status::Waived => 1,
        Status::Resolved => 2,
        _ => 0,
    };
    (standing, Reverse(finding.severity), finding.first_seen, finding.customer, finding.record_key)
}

fn title<'r>(id: &'r str, rules: &BTreeMap<&str, &'r str>) -> &'r str {
    rules.get(id).copied().unwrap_or(id)
}

fn row_view(row: &Shown<'_>, rules: &BTreeMap<&str, &str>, input: &PageInput<'_>, strings: &Strings) -> Value {
    let Shown { finding, seen, .. } = row;
    object! {
        severity: finding.severity.as_str(),
        severity_word: strings.severity(finding.severity),
        status: finding.status.as_str(),
        status_word: strings.status(finding.status),
        rule: title(finding.rule_id, rules),
        rule_id: finding.rule_id,
        customer: short(&seen.customer, strings).as_ref(),
        record_key: short(finding.record_key, strings).as_ref(),
        field: field(finding, input),
        value: value(finding, seen, strings).as_ref(),
        message: short(&seen.message, strings).as_ref(),
        department: department(seen, strings),
        first_seen: finding.first_seen.to_string(),
        place: whole_place(finding, strings),
    }
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

/// The value of a field; where it has none, that is said.
fn value<'t>(finding: &Finding<'_>, seen: &'t ShownFinding<'_>, strings: &'t Strings) -> Cow<'t, str> {
    match seen.value.trim().is_empty() && !finding.field.is_empty() {
        true => Cow::Borrowed(strings.get("list.blank")),
        false => short(&seen.value, strings),
    }
}

fn department<'s>(seen: &'s ShownFinding<'_>, strings: &'s Strings) -> &'s str {
    match seen.department.trim() {
        "" => strings.get("list.no_department"),
        name => name,
    }
}

fn field<'i>(finding: &'i Finding<'_>, input: &'i PageInput<'_>) -> &'i str {
    if finding.field.is_empty() { "" } else { input.labels.field(finding.table, finding.field) }
}

/// File and sheet; the cell is told apart, so that the same sheet is one text.
fn place(finding: &Finding<'_>) -> String {
    let parts = [finding.file, finding.sheet];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(BETWEEN)
}

/// File, sheet and cell as a spreadsheet calls it, or its row where no column is meant.
fn whole_place(finding: &Finding<'_>, strings: &Strings) -> String {
    let cell = match (finding.row, finding.column) {
        (0, _) => return place(finding),
        (row, "") => strings.fill("page.row", &[("row", &row)]),
        (row, letters) => format!("{letters}{row}"),
    };
    format!("{}{BETWEEN}{cell}", place(finding))
}

/// A text that is not longer than a line or two, and says so where it was.
fn short<'t>(text: &'t str, strings: &Strings) -> Cow<'t, str> {
    if text.len() <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(LONGEST_TEXT) {
        None => Cow::Borrowed(text),
        Some((end, _)) => {
            Cow::Owned(text[..end].to_owned() + &strings.fill("list.cut_text", &[("count", &text.chars().count())]))
        }
    }
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{Dimension, Fingerprint, Secrecy};
    use crate::page::input::JobState;
    use crate::report::Templates;
    use crate::report::access::Access;
    use crate::report::input::Labels;
    use crate::text::Language;

    fn finding(secrecy: Secrecy) -> Finding<'static> {
        Finding {
            rule_id: "rule",
            table: "table",
            record_key: "K-0001",
            field: "",
            value: "",
            file: "file",
            sheet: "sheet",
            row: 2,
            column: "",
            severity: Severity::Error,
            dimension: Dimension::Validity,
            department: "",
            owner: "owner",
            message: Cow::Borrowed("message"),
            status: Status::New,
            first_seen: chrono::NaiveDate::default(),
            clause: "",
            fingerprint: Fingerprint(0),
            source: "",
            customer: "",
            secrecy,
        }
    }

    #[test]
    fn a_list_that_is_cut_says_of_how_many() {
        let templates = Templates::built_in().expect("the built-in templates");
        let strings = templates.strings(Language::Zh);
        let mut findings = vec![finding(Secrecy::Internal); MOST_ROWS + 50];
        findings.extend(vec![Finding { record_key: "K-0002", ..finding(Secrecy::Secret) }; 7]);
        let jobs = [JobState { job: "j", period: "2026", as_of: "", points: &[], findings: Some(findings) }];
        let labels = Labels::default();
        let input = PageInput {
            company: "",
            language: Language::Zh,
            clearance: Secrecy::Internal,
            with_findings: true,
            runs: &[],
            jobs: &jobs,
            outcomes: &[],
            notes: &[],
            notices: &[],
            rules: &[],
            labels: &labels,
            access: &Access::of_nothing_confidential(),
            sealed: &crate::page::input::Sealed::default(),
            person_fields: &BTreeSet::new(),
        };
        let seen = view(&input, &Veil::new(&input), strings);
        let part = |name: &str| seen.get_attr(name).expect("a part").to_string();
        assert_eq!(
            ["total", "listed", "withheld", "cut"].map(part),
            ["100057", "100000", "7", "50"].map(str::to_owned)
        );
        let said = part("remarks");
        assert!(said.contains("另有 7 条因密级未列示") && said.contains("共 100050 条，此处列前 100000 条"), "{said}");
        assert!(!part("data").contains("K-0002"));
    }

    #[test]
    fn data_ends_no_script() {
        let hostile = serde_json::to_string(&["</script><!--<script>", "\u{2028}", "a&b"]).expect("JSON");
        let written = harmless(&hostile);
        assert!(!written.contains(['<', '>', '&', '\u{2028}']), "{written}");
        let read: Vec<String> = serde_json::from_str(&written).expect("JSON");
        assert_eq!(read, ["</script><!--<script>", "\u{2028}", "a&b"]);
    }
}
