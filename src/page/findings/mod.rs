//! The findings that the page lists: the first of them as rows, all of them as data that the browser searches.
//!
//! Apart because of all that is on the page they alone speak of single customers.

mod cells;
mod data;
mod rows;
mod shown;

use minijinja::Value;

use super::input::PageInput;
use super::veil::Veil;
use crate::report::Strings;
use rows::Titles;
use shown::gather;

/// Rows that are there without a script, and on a page of the list.
const FIRST_ROWS: usize = 50;

/// The findings of the latest run of every job.
pub fn view(input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Value {
    let gathered = gather(input, veil, strings);
    let (shown, mut remarks) = (gathered.shown, gathered.remarks);
    let rules: Titles<'_> = input.rules.iter().map(|rule| (rule.id.as_str(), rule.title.as_str())).collect();
    let jobs: Vec<String> = input
        .jobs
        .iter()
        .map(|job| strings.fill("page.job_of", &[("job", &job.job), ("period", &strings.written_period(job.period))]))
        .collect();
    let first: Vec<Value> =
        shown.iter().take(FIRST_ROWS).map(|shown| rows::row(shown, &rules, input, strings)).collect();
    let visible = shown.len();
    let (script, listed) = data::script(&shown, (&jobs, FIRST_ROWS), &rules, input, strings);
    if listed < visible {
        remarks.push(strings.fill("page.findings_cut", &[("count", &visible), ("shown", &listed)]));
    }
    let first_of = match listed > first.len() {
        true => strings.fill("list.cut", &[("count", &listed), ("shown", &first.len())]),
        false => String::new(),
    };
    object! {
        total: gathered.total,
        listed: listed,
        withheld: gathered.withheld,
        cut: visible - listed,
        remarks: remarks,
        first: first,
        first_of: first_of,
        jobs: jobs,
        data: Value::from_safe_string(script),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeSet;

    use super::data::MOST_ROWS;
    use super::*;
    use crate::model::{Dimension, Finding, Fingerprint, Secrecy, Severity, Status};
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
}
