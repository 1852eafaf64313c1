//! A rehearsal of the page with a made-up state, so that a mistake in its template is found when it is written.
//!
//! Apart because it is about the template and not about a state. What it makes up has one of everything, and then
//! nothing at all: both branches of a condition are walked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::elements;
use super::input::{FileLink, JobState, PageInput, Point, RunLine, Sealed};
use crate::model::{
    Dimension, Finding, Fingerprint, Outcome, RuleOutcome, Score, Scores, Secrecy, Severity, SourceNote, Status, Whose,
};
use crate::report::access::Access;
use crate::report::input::{Addressee, Labels, RuleFacts};
use crate::report::variables;
use crate::report::{Counts, TemplateProblem, Templates};
use crate::text::Language;

/// Fills the template with everything and with nothing, in both languages; returns the mistakes.
pub fn rehearse(templates: &Templates) -> Vec<TemplateProblem> {
    let mut problems = Vec::new();
    for name in [elements::STYLE, elements::SCRIPT] {
        problems.extend(elements::mistakes(name, templates.text(name)));
    }
    let props = Props::new();
    let mut names = templates.globals();
    for full in [true, false] {
        for language in [Language::Zh, Language::En] {
            let jobs = if full { vec![props.job("job"), props.job("other")] } else { Vec::new() };
            let input = props.input(full, language, &jobs);
            names.extend(super::context(&input, templates, templates.strings(language)).into_keys().map(str::to_owned));
            problems.extend(super::write(&input, templates).err().map(|problem| *problem));
        }
    }
    problems.extend(templates.undeclared(&names, |name| name.starts_with("page/")));
    TemplateProblem::in_order(problems)
}

/// The variables that the page's template may name, with their parts: `now`, `now.period`, `runs.rows[].job`.
pub fn variables(templates: &Templates) -> BTreeSet<String> {
    let props = Props::new();
    let jobs = [props.job("job"), props.job("other")];
    let input = props.input(true, Language::Zh, &jobs);
    let mut found = BTreeSet::new();
    variables::add(super::context(&input, templates, templates.strings(Language::Zh)), &mut found);
    found
}

/// What a made-up state is made of.
struct Props {
    runs: Vec<RunLine>,
    outcomes: Vec<RuleOutcome>,
    notes: Vec<SourceNote>,
    notices: Vec<String>,
    rules: Vec<RuleFacts>,
    labels: Labels,
    access: Access,
    sealed: Sealed,
    person_fields: BTreeSet<(&'static str, &'static str)>,
    points: Vec<Point>,
}

impl Props {
    fn new() -> Self {
        let mut counts = Counts::default();
        Status::ALL.into_iter().for_each(|status| counts.add(status, 1));
        let file = |name: &str, encrypted| FileLink { name: name.to_owned(), path: name.to_owned(), encrypted };
        let run = |status: &str, revision| RunLine {
            job: "job".to_owned(),
            period: "2026-W47".to_owned(),
            revision,
            as_of: "2026-11-22".to_owned(),
            started_at: "2026-11-22T08:00:00+08:00".to_owned(),
            seconds: 1.0,
            status: status.to_owned(),
            counts,
            files: vec![file("a.xlsx", true), file("b.xlsx", false), file("c.eml", false)],
        };
        let outcome = |outcome| RuleOutcome {
            rule_id: "rule".to_owned(),
            title: "rule".to_owned(),
            table: "table".to_owned(),
            severity: Severity::Error,
            dimension: Dimension::Validity,
            clause: "A-01".to_owned(),
            outcome,
            tested: 30,
            failing: 1,
            reason: "reason".to_owned(),
            note: "note".to_owned(),
        };
        let score = |whose, dimension| Score {
            whose,
            dimension,
            severity: Severity::Error,
            rule_id: "rule".to_owned(),
            table: "table".to_owned(),
            tested: 3,
            failing: 1,
            outcome: Outcome::Failed,
        };
        let whose = [Whose::Company, Whose::Department("department".to_owned())];
        let lines: Vec<Score> = whose.into_iter().map(|whose| score(whose, Dimension::Validity)).collect();
        let point = |period: &str| Point {
            period: period.to_owned(),
            counts: Counts::default(),
            scores: Scores { lines: lines.clone(), people: Vec::new() },
        };
        let read =
            SourceNote { rows_read: 2, rows_checked: 2, remarks: vec!["remark".to_owned()], ..Default::default() };
        Self {
            runs: vec![run("partial", 2), run("done", 1)],
            outcomes: Outcome::ALL.map(outcome).into(),
            notes: vec![read.clone(), SourceNote { error: Some("error".to_owned()), ..read }],
            notices: vec!["notice".to_owned()],
            rules: vec![RuleFacts {
                id: "rule".to_owned(),
                kind: "required",
                addressee: Addressee::default(),
                title: "rule".to_owned(),
                advice: "advice".to_owned(),
            }],
            labels: Labels::default(),
            access: Access::of_nothing_confidential(),
            sealed: Sealed::default(),
            person_fields: BTreeSet::new(),
            points: ["2026-W46", "2026-W47"].map(point).into(),
        }
    }

    fn job<'j>(&'j self, job: &'j str) -> JobState<'j> {
        let finding = |status| Finding {
            rule_id: "rule",
            table: "table",
            record_key: "key",
            field: "field",
            value: "value",
            file: "file",
            sheet: "sheet",
            row: 2,
            column: "A",
            severity: Severity::Error,
            dimension: Dimension::Validity,
            department: "department",
            owner: "owner",
            message: Cow::Borrowed("message"),
            status,
            first_seen: NaiveDate::default(),
            clause: "",
            fingerprint: Fingerprint(0),
            source: "source",
            customer: "customer",
            secrecy: Secrecy::default(),
        };
        JobState {
            job,
            period: "2026-W47",
            as_of: "2026-11-22",
            points: &self.points,
            findings: Some(Status::ALL.map(finding).into()),
        }
    }

    fn input<'p>(&'p self, full: bool, language: Language, jobs: &'p [JobState<'p>]) -> PageInput<'p> {
        fn some<T>(full: bool, of: &[T]) -> &[T] {
            if full { of } else { &[] }
        }
        PageInput {
            company: "company",
            language,
            clearance: Secrecy::Internal,
            with_findings: full,
            runs: some(full, &self.runs),
            jobs,
            outcomes: some(full, &self.outcomes),
            notes: some(full, &self.notes),
            notices: some(full, &self.notices),
            rules: &self.rules,
            labels: &self.labels,
            access: &self.access,
            sealed: &self.sealed,
            person_fields: &self.person_fields,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_that_ships_can_be_written() {
        let templates = Templates::built_in().expect("the built-in templates");
        let mistakes: Vec<_> = rehearse(&templates).iter().map(|mistake| mistake.message.en.clone()).collect();
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }
}
