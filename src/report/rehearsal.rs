//! A rehearsal of every mail with a made-up run, so that a mistake in a template is found when it is written.
//!
//! Apart because it is about templates and not about a run. The run it makes up has one of everything, and then nothing
//! at all: both branches of a condition are walked.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::access::{Access, Reader};
use super::customers::Customers;
use super::document::Draft;
use super::input::{Addressee, Changes, Issue, Labels, Listings, Persons, ReportInput, RuleFacts, TrendPoint};
use super::problem::TemplateProblem;
use super::share::Sorting;
use super::templates::{LANGUAGES, Templates};
use super::verification::VerificationFacts;
use super::view::View;
use super::{draft, mail, share};
use crate::analysis::Analysis;
use crate::model::{
    Dimension, Finding, Fingerprint, ListShape, ListedRow, Listing, Outcome, Period, Ratio, RuleOutcome, Score, Scores,
    Secrecy, Severity, SourceNote, Status, Whose,
};

/// Fills every template of every report; returns the mistakes.
pub fn rehearse(templates: &Templates) -> Vec<TemplateProblem> {
    let mut problems = Vec::new();
    let mut names = templates.globals();
    each_mail(templates, |report, view, drafted| {
        names.extend(mail::names(view, drafted));
        if templates.speaks(report, view.strings.language()) {
            problems.extend(mail::write(report, view, drafted, "report.xlsx", templates).err().map(|problem| *problem));
        }
    });
    problems.extend(templates.undeclared(&names, |name| !name.starts_with("page/")));
    TemplateProblem::in_order(problems)
}

/// The variables that templates of mails may name, with their parts: `figures`, `figures.to_do`, `worst[].name`.
pub fn variables(templates: &Templates) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    each_mail(templates, |_, view, drafted| mail::variables(view, drafted, &mut found));
    found
}

/// Drafts the mail of every report in both languages, for the run with one of everything and the one with nothing.
fn each_mail(templates: &Templates, mut look: impl FnMut(&str, &View<'_>, &Draft<'_>)) {
    let mut props = Props::new();
    props.listings.lists = templates
        .names()
        .into_iter()
        .filter_map(|report| templates.definition(report))
        .flat_map(|definition| definition.lists.iter().map(|name| listing(&definition.name, name)))
        .collect();
    for full in [true, false] {
        for language in LANGUAGES {
            let mut input = props.input(full);
            input.language = language;
            let shares = share::split(&input, &Customers::of_all(&input), Sorting::Together);
            for report in templates.names() {
                let Some(definition) = templates.definition(report) else { continue };
                let view = View::new(&input, &shares.departments[0], &shares, templates.strings(language), definition);
                let drafted: Draft<'_> = draft(&view);
                look(report, &view, &drafted);
            }
        }
    }
}

/// A list with one row.
fn listing(report: &str, name: &str) -> Listing {
    Listing {
        report: report.to_owned(),
        name: name.to_owned(),
        title: name.to_owned(),
        note: String::new(),
        columns: Vec::new(),
        shape: ListShape::Table,
        rows: vec![ListedRow { department: "department".to_owned(), ..ListedRow::default() }],
        limit: None,
        signatures: Vec::new(),
        remarks: Vec::new(),
        unavailable: None,
        is_partial: false,
    }
}

/// What a made-up run is made of.
struct Props {
    findings: Vec<Finding<'static>>,
    outcomes: Vec<RuleOutcome>,
    scores: Scores,
    nothing: Scores,
    notes: Vec<SourceNote>,
    changes: Changes,
    trend: Vec<TrendPoint>,
    departments: Vec<String>,
    rules: Vec<RuleFacts>,
    labels: Labels,
    listings: Listings,
    none: Listings,
    analyses: BTreeMap<String, Analysis>,
    notices: Vec<String>,
    verification: VerificationFacts,
    day: NaiveDate,
    period: Period,
    access: Access,
}

impl Props {
    fn new() -> Self {
        let day = NaiveDate::default();
        let finding = |status, severity, department| Finding {
            rule_id: "rule",
            table: "table",
            record_key: "key",
            field: "field",
            value: "value",
            file: "file",
            sheet: "sheet",
            row: 2,
            column: "A",
            severity,
            dimension: Dimension::Validity,
            department,
            owner: "owner",
            message: Cow::Borrowed("message"),
            status,
            first_seen: day,
            clause: "",
            fingerprint: Fingerprint(0),
            source: "source",
            customer: "customer",
            secrecy: Secrecy::default(),
        };
        let severities = Severity::ALL.into_iter().cycle();
        let mut findings: Vec<_> = Status::ALL
            .into_iter()
            .zip(severities)
            .map(|(status, severity)| finding(status, severity, "department"))
            .collect();
        findings.push(finding(Status::New, Severity::Error, "elsewhere"));
        let outcome = RuleOutcome {
            rule_id: "rule".to_owned(),
            title: "rule".to_owned(),
            table: "table".to_owned(),
            severity: Severity::Error,
            dimension: Dimension::Validity,
            clause: String::new(),
            outcome: Outcome::NotEvaluated,
            tested: 1,
            failing: 1,
            reason: "reason".to_owned(),
            note: "note".to_owned(),
        };
        let period = Period::containing(crate::model::PeriodKind::Week, day);
        let score = |whose| Score {
            whose,
            dimension: Dimension::Validity,
            severity: Severity::Error,
            rule_id: "rule".to_owned(),
            table: "table".to_owned(),
            tested: 3,
            failing: 1,
            outcome: Outcome::Failed,
        };
        let whose = [Whose::Company, Whose::Department("department".to_owned())];
        let scored = whose.clone().map(|whose| (whose, Ratio::of(3, 1)));
        let counts = vec![("department".to_owned(), Status::Open, 1)];
        Self {
            findings,
            scores: Scores { lines: whose.map(score).into(), people: Vec::new() },
            nothing: Scores::default(),
            outcomes: vec![outcome.clone(), RuleOutcome { outcome: Outcome::NotEnabled, ..outcome }],
            notes: vec![SourceNote { error: Some("error".to_owned()), ..SourceNote::default() }],
            changes: Changes::default(),
            trend: vec![TrendPoint { period: period.previous().to_string(), counts, scores: scored.into() }],
            departments: vec!["department".to_owned(), "idle".to_owned()],
            rules: vec![RuleFacts {
                id: "rule".to_owned(),
                kind: "required",
                addressee: Addressee::Owner,
                title: "rule".to_owned(),
                advice: String::new(),
            }],
            labels: Labels::default(),
            listings: Listings::default(),
            none: Listings::default(),
            analyses: BTreeMap::new(),
            notices: vec!["notice".to_owned()],
            verification: VerificationFacts { deadline: Some(day), days_left: 3, is_due: true, ..Default::default() },
            day,
            period,
            access: Access { retention_days: Some(30), ..Access::of_nothing_confidential() },
        }
    }

    /// The run, with one of everything or with nothing.
    fn input(&self, full: bool) -> ReportInput<'_> {
        ReportInput {
            company: "company",
            language: crate::text::Language::Zh,
            job: "job",
            period: self.period,
            revision: if full { 2 } else { 1 },
            as_of: self.day,
            late: full,
            previous: full.then(|| (self.day, self.period.previous().to_string())),
            findings: if full { &self.findings } else { &[] },
            upcoming: if full { &self.findings } else { &[] },
            upcoming_days: 14,
            outcomes: if full { &self.outcomes } else { &[] },
            scores: if full { &self.scores } else { &self.nothing },
            scores_before: full.then_some(&self.scores),
            notes: if full { &self.notes } else { &[] },
            customers: "table",
            rows: &[],
            changes: &self.changes,
            trend: if full { &self.trend } else { &[] },
            departments: &self.departments,
            fallback: "department",
            rules: &self.rules,
            labels: &self.labels,
            listings: if full { &self.listings } else { &self.none },
            analyses: &self.analyses,
            notices: if full { &self.notices } else { &[] },
            verification: full.then_some(&self.verification),
            persons: Persons::default(),
            deliveries: &[],
            issue: Issue { is_draft: full, ..Issue::default() },
            access: &self.access,
            reader: Reader::WHOLE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mails_that_ship_can_be_written() {
        let templates = Templates::built_in().expect("the built-in templates");
        let mistakes: Vec<_> = rehearse(&templates).iter().map(|mistake| mistake.message.en.clone()).collect();
        assert!(mistakes.is_empty(), "{mistakes:?}");
    }
}
