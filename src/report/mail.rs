//! The mail that a report comes with: what its templates may say, and the subject that fits a list of mails.
//!
//! Apart because mails hold counts and titles only: no record's value and no owner's name gets past this file. It knows
//! no transport.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;

use super::digest;
use super::document::Draft;
use super::figures::{Coverage, Line};
use super::format::{html, text};
use super::handling;
use super::listing;
use super::look::Look;
use super::problem::TemplateProblem;
use super::sheets::thousands;
use super::templates::{Part, Templates};
use super::variables;
use super::verification;
use super::view::View;
use super::warnings::warnings;
use crate::model::{Ratio, Severity, Status};

/// Letters that a subject has at most.
const LONGEST_SUBJECT: usize = 40;

/// A mail without its attachments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The subject.
    pub subject: String,
    /// The plain body.
    pub text: String,
    /// The HTML body.
    pub html: String,
}

/// Fills the templates of a report.
pub fn write(
    report: &str,
    view: &View<'_>,
    draft: &Draft<'_>,
    attachment: &str,
    templates: &Templates,
) -> Result<Mail, Box<TemplateProblem>> {
    let language = view.strings.language();
    let context = context(view, draft, attachment);
    let filled = |part, markup| -> Result<String, Box<TemplateProblem>> {
        let mut context = context.clone();
        context.insert("blocks", blocks(view, draft, markup));
        templates.fill(report, part, language, Value::from_pairs(context))
    };
    Ok(Mail {
        subject: subject(report, view, &context, templates)?,
        text: tidy(&filled(Part::Text, false)?),
        html: filled(Part::Html, true)?,
    })
}

/// The names that templates may use.
pub fn names(view: &View<'_>, draft: &Draft<'_>) -> BTreeSet<String> {
    context(view, draft, "").into_keys().chain(["blocks"]).map(str::to_owned).collect()
}

/// The same with the parts of each.
pub fn variables(view: &View<'_>, draft: &Draft<'_>, found: &mut BTreeSet<String>) {
    let mut context = context(view, draft, "");
    context.insert("blocks", blocks(view, draft, false));
    variables::add(context, found);
}

fn context(view: &View<'_>, draft: &Draft<'_>, attachment: &str) -> BTreeMap<&'static str, Value> {
    let (input, strings) = (view.input, view.strings);
    let figures = &view.share.figures;
    let worst = digest::worst(view).into_iter();
    let worst = worst.map(|counted| named(&text::shown(&counted.name.value), counted.line));
    let most = figures.by_rule.iter().filter(|line| line.counts.to_do() > 0);
    let most = most.max_by_key(|line| (line.counts.to_do(), line.severity));
    let most = most.map(|line| named(view.rule_title(line.name), line));
    let previous = input.previous.as_ref().map(|(_, period)| strings.written_period(period));
    BTreeMap::from([
        ("company", Value::from(input.company)),
        ("department", Value::from(view.share.department.unwrap_or_default())),
        ("title", Value::from(view.title())),
        ("rhythm", Value::from(strings.rhythm(input.period.kind()))),
        ("period", Value::from(strings.period(input.period))),
        ("as_of", Value::from(input.as_of.to_string())),
        ("previous", Value::from(previous)),
        ("revision", Value::from(input.revision)),
        ("late", Value::from(input.late)),
        ("draft", Value::from(input.issue.is_draft)),
        ("figures", mail_figures(view)),
        ("coverage", mail_coverage(view.coverage)),
        ("warnings", warnings(view).into_iter().collect()),
        ("attachment", Value::from(attachment)),
        ("handling", Value::from(handling::all(view))),
        ("departments", Value::from(view.shares.departments.len())),
        ("worst", worst.collect()),
        ("no_data", Value::from(view.share.department.is_some() && view.share.has_no_data())),
        ("without_data", digest::without_data(view).into_iter().collect()),
        ("most", Value::from(most)),
        ("score", mail_score(view)),
        ("sheets", draft.sheets.iter().map(|sheet| sheet.name.as_str()).collect()),
        ("purpose", Value::from(view.purpose())),
        ("lists", listing::for_mail(view)),
        ("verification", verification::mail_value(view)),
        ("look", mail_look(&view.definition.look)),
        ("words", strings.value()),
    ])
}

/// The colours, as style sheets write them.
fn mail_look(look: &Look) -> Value {
    Value::from_pairs([("main", look.main.css()), ("pale", look.main.paler(85).css())])
}

fn named(name: &str, line: &Line<'_>) -> Value {
    Value::from_pairs([("name", Value::from(name)), ("to_do", Value::from(line.counts.to_do()))])
}

fn mail_figures(view: &View<'_>) -> Value {
    let figures = &view.share.figures;
    let counts = figures.total.counts;
    let of = |severity| {
        let line = figures.by_severity.iter().find(|line| line.severity == severity);
        Value::from(line.map_or(0, |line| line.counts.to_do()))
    };
    let mut named: BTreeMap<&str, Value> =
        Status::ALL.into_iter().map(|status| (status.as_str(), Value::from(counts.of(status)))).collect();
    named.insert("to_do", Value::from(counts.to_do()));
    named.insert("upcoming", Value::from(view.share.all_upcoming()));
    named.insert("upcoming_days", Value::from(view.input.upcoming_days));
    named.insert("to_do_before", Value::from(figures.to_do_before()));
    named.insert("customers", Value::from(figures.total.customers));
    named.insert("errors", of(Severity::Error));
    named.insert("warnings", of(Severity::Warning));
    named.insert("infos", of(Severity::Info));
    Value::from_pairs(named)
}

/// The overall score with what it rests on, and the weakest dimension; none where nothing was tested.
fn mail_score(view: &View<'_>) -> Value {
    let card = &view.share.scores;
    let ratio = |ratio: Ratio| {
        let percent = ratio.percent()?;
        Some(BTreeMap::from([
            ("percent", Value::from(percent)),
            ("passed", Value::from(thousands(ratio.passed))),
            ("tested", Value::from(thousands(ratio.tested))),
            ("is_small", Value::from(ratio.is_small())),
        ]))
    };
    let Some(mut score) = ratio(card.overall.now) else { return Value::from(()) };
    let weakest = card.weakest().and_then(|(dimension, share)| {
        let mut weakest = ratio(share)?;
        weakest.insert("name", Value::from(view.strings.dimension(dimension)));
        Some(Value::from_pairs(weakest))
    });
    score.insert("weakest", Value::from(weakest));
    score.insert("before", Value::from(card.overall.before.and_then(Ratio::percent)));
    Value::from_pairs(score)
}

fn mail_coverage(coverage: Coverage) -> Value {
    Value::from_pairs([
        ("rules", Value::from(coverage.rules)),
        ("concluded", Value::from(coverage.concluded)),
        ("not_evaluated", Value::from(coverage.not_evaluated)),
        ("not_enabled", Value::from(coverage.not_enabled)),
        ("not_applicable", Value::from(coverage.not_applicable)),
        ("rows_checked", Value::from(coverage.rows_checked)),
        ("rows_skipped", Value::from(coverage.rows_skipped)),
        ("unread", Value::from(coverage.unread)),
        ("is_partial", Value::from(coverage.is_partial())),
    ])
}

/// The draft's blocks as markup or as plain text, by name.
fn blocks(view: &View<'_>, draft: &Draft<'_>, markup: bool) -> Value {
    let named = draft.mail.iter().map(|(name, blocks)| match markup {
        true => (*name, Value::from_safe_string(html::write(blocks, view.strings, &view.definition.look))),
        false => (*name, Value::from(text::write(blocks, view.strings).trim_end())),
    });
    Value::from_pairs(named)
}

/// The subject, made to fit: first the days of the period go, then letters of the department's name.
fn subject(
    report: &str,
    view: &View<'_>,
    context: &BTreeMap<&'static str, Value>,
    templates: &Templates,
) -> Result<String, Box<TemplateProblem>> {
    let mut context = context.clone();
    let fill = |context: &BTreeMap<&'static str, Value>| -> Result<String, Box<TemplateProblem>> {
        let filled =
            templates.fill(report, Part::Subject, view.strings.language(), Value::from_pairs(context.clone()))?;
        let mark = if view.input.issue.is_draft { view.strings.get("issue.draft") } else { "" };
        Ok(mark.to_owned() + &filled.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let subject = fill(&context)?;
    if subject.chars().count() <= LONGEST_SUBJECT {
        return Ok(subject);
    }
    context.insert("period", Value::from(view.strings.period_name(view.input.period)));
    let subject = fill(&context)?;
    let over = subject.chars().count().saturating_sub(LONGEST_SUBJECT);
    let department: Vec<char> = view.share.department.unwrap_or_default().chars().collect();
    if over == 0 || department.len() < over + 2 {
        return Ok(cut(&subject));
    }
    let kept: String = department[..department.len() - over - 1].iter().chain(&['…']).collect();
    context.insert("department", Value::from(kept));
    Ok(cut(&fill(&context)?))
}

fn cut(subject: &str) -> String {
    if subject.chars().count() <= LONGEST_SUBJECT {
        return subject.to_owned();
    }
    subject.chars().take(LONGEST_SUBJECT - 1).chain(['…']).collect()
}

/// Plain text without blanks at line ends, without more than one empty line, and with an end.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && tidy.ends_with("\n\n")) {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy
}
