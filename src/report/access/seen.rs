//! A run as one reader may see it: of withheld findings nothing but what is counted, of the others no value whole that
//! is masked for him.
//!
//! Apart because reports are made of a run without asking who reads it: they get a run in which nothing stands that
//! must not be shown. Every finding keeps its place, so that counts are those of the whole run.

use std::borrow::Cow;

use super::Lens;
use crate::model::{Finding, Fingerprint, RuleOutcome, Scores, Secrecy, SourceNote, Whose};
use crate::report::input::{ChangeKind, ChangePlace, Changes, RecordChange, ReportInput, RuleFacts};

/// The texts of one finding that are not shown as they are.
#[derive(Default)]
struct Texts {
    secrecy: Secrecy,
    is_withheld: bool,
    value: Option<String>,
    message: Option<String>,
    customer: Option<String>,
    owner: Option<String>,
    department: Option<String>,
}

/// What of a run is not shown as it is; the findings borrow from it.
pub struct Seen {
    texts: Vec<Texts>,
    upcoming: Vec<Texts>,
    changes: Changes,
    scores: Scores,
    scores_before: Option<Scores>,
    outcomes: Vec<RuleOutcome>,
    notes: Vec<SourceNote>,
    notices: Vec<String>,
}

impl Seen {
    /// What a reader sees of a run.
    pub fn of(input: &ReportInput<'_>, lens: &Lens<'_>) -> Self {
        let said = |text: &String| lens.text(text).into_owned();
        let outcome =
            |line: &RuleOutcome| RuleOutcome { reason: said(&line.reason), note: said(&line.note), ..line.clone() };
        let note = |note: &SourceNote| SourceNote {
            unknown_columns: note.unknown_columns.iter().map(said).collect(),
            remarks: note.remarks.iter().map(said).collect(),
            error: note.error.as_ref().map(said),
            ..note.clone()
        };
        Self {
            texts: input.findings.iter().map(|finding| texts(finding, input.rules, lens)).collect(),
            upcoming: input.upcoming.iter().map(|finding| texts(finding, input.rules, lens)).collect(),
            changes: changes(input, lens),
            scores: scores(input.scores, lens),
            scores_before: input.scores_before.map(|before| scores(before, lens)),
            outcomes: input.outcomes.iter().map(outcome).collect(),
            notes: input.notes.iter().map(note).collect(),
            notices: input.notices.iter().map(said).collect(),
        }
    }

    /// The findings as he sees them, each in its place; those that are, and those to come.
    pub fn findings<'s>(&'s self, input: &ReportInput<'s>) -> [Vec<Finding<'s>>; 2] {
        let seen = |findings: &[Finding<'s>], texts: &'s [Texts]| {
            findings.iter().zip(texts).map(|(finding, texts)| texts.seen(finding)).collect()
        };
        [seen(input.findings, &self.texts), seen(input.upcoming, &self.upcoming)]
    }

    /// The run as he sees it.
    pub fn input<'s>(
        &'s self,
        input: &ReportInput<'s>,
        [findings, upcoming]: &'s [Vec<Finding<'s>>; 2],
    ) -> ReportInput<'s> {
        ReportInput {
            findings,
            upcoming,
            changes: &self.changes,
            scores: &self.scores,
            scores_before: self.scores_before.as_ref(),
            outcomes: &self.outcomes,
            notes: &self.notes,
            notices: &self.notices,
            ..input.clone()
        }
    }
}

impl Texts {
    fn seen<'s>(&'s self, finding: &Finding<'s>) -> Finding<'s> {
        let (owner, department) =
            (self.owner.as_deref().unwrap_or(finding.owner), self.department.as_deref().unwrap_or(finding.department));
        if self.is_withheld {
            return Finding {
                record_key: "",
                value: "",
                file: "",
                sheet: "",
                row: 0,
                column: "",
                message: Cow::Borrowed(""),
                customer: "",
                fingerprint: Fingerprint::default(),
                secrecy: self.secrecy,
                owner,
                department,
                ..finding.clone()
            };
        }
        Finding {
            value: self.value.as_deref().unwrap_or(finding.value),
            message: match &self.message {
                Some(message) => Cow::Borrowed(message),
                None => finding.message.clone(),
            },
            customer: self.customer.as_deref().unwrap_or(finding.customer),
            secrecy: self.secrecy,
            owner,
            department,
            ..finding.clone()
        }
    }
}

/// The text where it is another one.
fn other(text: Cow<'_, str>) -> Option<String> {
    match text {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

/// One finding as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFinding<'f> {
    /// The customer's name.
    pub customer: Cow<'f, str>,
    /// The value.
    pub value: Cow<'f, str>,
    /// What is wrong.
    pub message: Cow<'f, str>,
    /// The department.
    pub department: Cow<'f, str>,
}

/// What a reader sees of one finding; nothing where it is above him. One of another run than this may speak of records
/// of which nothing is known any more.
pub fn shown<'f>(
    finding: &'f Finding<'f>,
    of_this_run: bool,
    rules: &[RuleFacts],
    lens: &Lens<'_>,
) -> Option<ShownFinding<'f>> {
    let mut texts = texts(finding, rules, lens);
    if texts.is_withheld {
        return None;
    }
    if !of_this_run && lens.speaks_of_others(finding) {
        texts.message = Some(title(finding, rules));
    }
    let cow = |text: Option<String>, plain: &'f str| text.map_or(Cow::Borrowed(plain), Cow::Owned);
    Some(ShownFinding {
        customer: cow(texts.customer, finding.customer),
        value: cow(texts.value, finding.value),
        message: cow(texts.message, &finding.message),
        department: cow(texts.department, finding.department),
    })
}

/// What is said where a message is not to be trusted.
fn title(finding: &Finding<'_>, rules: &[RuleFacts]) -> String {
    rules.iter().find(|rule| rule.id == finding.rule_id).map_or_else(String::new, |rule| rule.title.clone())
}

fn texts(finding: &Finding<'_>, rules: &[RuleFacts], lens: &Lens<'_>) -> Texts {
    let secrecy = lens.level(finding);
    let names = Texts {
        secrecy,
        is_withheld: !lens.sees(secrecy),
        owner: other(lens.name(finding.owner)),
        department: other(lens.name(finding.department)),
        ..Texts::default()
    };
    if names.is_withheld {
        return names;
    }
    let value = other(lens.value(finding.table, finding.field, finding.value));
    let message =
        if lens.distrusts(finding) { Some(title(finding, rules)) } else { message(finding, value.as_deref(), lens) };
    Texts { value, message, customer: other(lens.name(finding.customer)), ..names }
}

/// The message, in which the value stands as it is shown.
fn message(finding: &Finding<'_>, value: Option<&str>, lens: &Lens<'_>) -> Option<String> {
    let value = value.filter(|_| !finding.value.trim().is_empty() && finding.message.contains(finding.value.trim()));
    match value {
        Some(value) => Some(lens.text(&finding.message.replace(finding.value.trim(), value.trim())).into_owned()),
        None => other(lens.text(&finding.message)),
    }
}

fn changes(input: &ReportInput<'_>, lens: &Lens<'_>) -> Changes {
    let records = input.changes.records.iter().map(|record| change(record, lens)).collect();
    let said = |text: &String| lens.text(text).into_owned();
    Changes {
        records,
        left_out: input.changes.left_out,
        customers: input.changes.customers,
        remarks: input.changes.remarks.iter().map(said).collect(),
        unavailable: input.changes.unavailable.as_ref().map(said),
    }
}

fn change(record: &RecordChange, lens: &Lens<'_>) -> RecordChange {
    let table = record.table.as_str();
    let known_by = [&record.record_key, &record.customer_key, &record.customer];
    let names = known_by.into_iter().any(|name| lens.names_withheld(name));
    let level = if names { Secrecy::Secret } else { record.secrecy };
    let level = match lens.is_important_customer(&record.customer_key, &record.customer) {
        true => level.max(lens.important_level()),
        false => level,
    };
    let seen = |level: Secrecy, shown: bool| RecordChange {
        kind: record.kind,
        table: record.table.clone(),
        record_key: if shown { record.record_key.clone() } else { String::new() },
        customer_key: if shown { record.customer_key.clone() } else { String::new() },
        customer: if shown { lens.name(&record.customer).into_owned() } else { String::new() },
        department: lens.name(&record.department).into_owned(),
        department_before: lens.name(&record.department_before).into_owned(),
        owner: if shown { lens.name(&record.owner).into_owned() } else { String::new() },
        secrecy: level,
        place: if shown { record.place.clone() } else { ChangePlace::default() },
        cells: Vec::new(),
    };
    if !lens.sees(level) {
        return seen(level, false);
    }
    let visible = record.cells.iter().filter(|(field, ..)| lens.sees(lens.access.field(table, field).secrecy));
    let cells: Vec<_> = visible
        .map(|(field, old, new)| {
            let value = |value: &str| lens.value(table, field, value).into_owned();
            (field.clone(), value(old), value(new))
        })
        .collect();
    // Nothing changed but columns above him.
    if record.kind == ChangeKind::Changed && cells.is_empty() {
        return seen(Secrecy::Secret, false);
    }
    RecordChange { cells, ..seen(level, true) }
}

fn scores(scores: &Scores, lens: &Lens<'_>) -> Scores {
    let mut scores = scores.clone();
    if lens.guards() || !lens.reader.unmasked {
        for line in &mut scores.lines {
            if let Whose::Department(name) = &mut line.whose {
                *name = lens.name(name).into_owned();
            }
        }
        for person in &mut scores.people {
            person.department = lens.name(&person.department).into_owned();
            person.person = lens.name(&person.person).into_owned();
        }
    }
    scores
}
