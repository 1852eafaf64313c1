//! What reports know of verification: the settings of the list in its `report.toml`, and how far a round has come.
//!
//! Apart because the list itself is made elsewhere: here it is an attachment. It counts nothing and knows no store.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use minijinja::Value as MailValue;
use serde::Deserialize;
use toml::Spanned;

use super::blocks::Block;
use super::document::{Attachment, Draft};
use super::view::View;
use crate::model::Secrecy;

/// `[verification]` of a `report.toml`: what the list shows, asks and counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Fields that are asked about, in order.
    pub fields: Vec<Spanned<String>>,
    /// Fields that are shown beside code and name.
    pub shown: Vec<Spanned<String>>,
    /// The last day for the return: so many working days before the last one of the period.
    pub deadline: u16,
    /// Reminders go out so many working days before the last day.
    pub reminders: Vec<i32>,
    /// Who gets a letter that wants an answer in any case.
    pub positive: Spanned<String>,
    /// Date fields that an answer moves on beside the dictionary's, by the rhythm of the round.
    #[serde(default)]
    pub moves: Moves,
    /// What people write instead of a result, by the key of the result.
    #[serde(default)]
    pub synonyms: BTreeMap<Spanned<String>, Vec<String>>,
}

/// Date fields by the rhythm of the round.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moves {
    /// Of a month.
    #[serde(default)]
    pub month: Vec<Spanned<String>>,
    /// Of a quarter.
    #[serde(default)]
    pub quarter: Vec<Spanned<String>>,
    /// Of a year.
    #[serde(default)]
    pub year: Vec<Spanned<String>>,
}

impl Settings {
    /// Every field that is named, with its place.
    pub fn named(&self) -> impl Iterator<Item = &Spanned<String>> {
        let moves = &self.moves;
        self.fields.iter().chain(&self.shown).chain(&moves.month).chain(&moves.quarter).chain(&moves.year)
    }
}

/// How far a round has come, and the lists that a run issues.
#[derive(Clone, Debug, Default)]
pub struct VerificationFacts {
    /// The lists that this run attaches: whose mail, and the workbook.
    pub lists: Vec<IssuedList>,
    /// The last day for the return; nothing where no list was issued.
    pub deadline: Option<NaiveDate>,
    /// Working days from today to it, negative once it has passed.
    pub days_left: i32,
    /// Whether a reminder is due today, where reports go out daily.
    pub is_due: bool,
    /// The lines of the round.
    pub lines: Vec<ProgressLine>,
    /// Customers about whom nothing has come back.
    pub missing: Vec<OpenCustomer>,
    /// Accepted corrections that the data do not have yet.
    pub waiting: Vec<OpenCorrection>,
}

/// A list as it is mailed.
#[derive(Clone, Debug)]
pub struct IssuedList {
    /// The department that gets it.
    pub recipient: String,
    /// Rows on it.
    pub rows: u64,
    /// Rows left out for their 密级.
    pub withheld: u64,
    /// The highest 密级 of those on it.
    pub secrecy: Secrecy,
    /// The workbook.
    pub attachment: Attachment,
}

/// A list and owner of a round.
#[derive(Clone, Debug, Default)]
pub struct ProgressLine {
    /// The department that is told.
    pub recipient: String,
    /// The list.
    pub batch: String,
    /// The department of the data.
    pub department: String,
    /// The owner.
    pub owner: String,
    /// Issued, returned, right, changed, not reached, closed, ended, contradictory, missing, in time.
    pub counts: [u64; 10],
}

/// A customer of whom nothing has come back.
#[derive(Clone, Debug)]
pub struct OpenCustomer {
    /// The department that is told.
    pub recipient: String,
    /// The code.
    pub customer: String,
    /// The name.
    pub name: String,
    /// The owner.
    pub owner: String,
    /// The list.
    pub batch: String,
}

/// A correction that waits to be entered.
#[derive(Clone, Debug)]
pub struct OpenCorrection {
    /// The department that is told.
    pub recipient: String,
    /// The code.
    pub customer: String,
    /// The label of the field.
    pub field: String,
    /// The day on which it was learned.
    pub day: NaiveDate,
    /// The owner.
    pub owner: String,
}

impl VerificationFacts {
    /// Whether something is of a share: of everything where the share has no department.
    fn is_of(recipient: &str, view: &View<'_>) -> bool {
        view.share.department.is_none_or(|department| department.trim() == recipient.trim())
    }

    /// The lines of a view.
    pub fn lines_of<'f>(&'f self, view: &'f View<'_>) -> impl Iterator<Item = &'f ProgressLine> {
        self.lines.iter().filter(move |line| Self::is_of(&line.recipient, view))
    }

    /// The customers of a view about whom nothing has come back.
    pub fn missing_of<'f>(&'f self, view: &'f View<'_>) -> impl Iterator<Item = &'f OpenCustomer> {
        self.missing.iter().filter(move |open| Self::is_of(&open.recipient, view))
    }

    /// The corrections of a view that wait to be entered.
    pub fn waiting_of<'f>(&'f self, view: &'f View<'_>) -> impl Iterator<Item = &'f OpenCorrection> {
        self.waiting.iter().filter(move |open| Self::is_of(&open.recipient, view))
    }

    /// The lists of a view.
    pub fn lists_of<'f>(&'f self, view: &'f View<'_>) -> impl Iterator<Item = &'f IssuedList> {
        self.lists.iter().filter(move |list| Self::is_of(&list.recipient, view))
    }
}

/// The draft of a list: its mail, for the workbook is there already.
pub fn draft<'a>(view: &'a View<'a>) -> Draft<'a> {
    let title = match view.share.department {
        Some(department) => format!("{} {department}", view.title()),
        None => view.title(),
    };
    Draft { title, sheets: Vec::new(), mail: [("rules", Vec::<Block<'a>>::new())].into() }
}

/// What mails may say of verification: counts and days.
pub fn mail_value(view: &View<'_>) -> MailValue {
    let nothing = VerificationFacts::default();
    let facts = view.input.verification.unwrap_or(&nothing);
    let sum = |at: usize| facts.lines_of(view).map(|line| line.counts[at]).sum::<u64>();
    let (rows, withheld) =
        facts.lists_of(view).fold((0, 0), |(rows, withheld), list| (rows + list.rows, withheld + list.withheld));
    let names: Vec<String> = facts.lists_of(view).map(|list| list.attachment.name.clone()).collect();
    let percent = (sum(1) * 100).checked_div(sum(0));
    MailValue::from_pairs([
        ("deadline", MailValue::from(facts.deadline.map(|day| day.to_string()))),
        ("days_left", MailValue::from(facts.days_left)),
        ("rows", MailValue::from(rows)),
        ("withheld", MailValue::from(withheld)),
        ("lists", MailValue::from(names)),
        ("issued", MailValue::from(sum(0))),
        ("returned", MailValue::from(sum(1))),
        ("confirmed", MailValue::from(sum(2))),
        ("changed", MailValue::from(sum(3))),
        ("unreachable", MailValue::from(sum(4))),
        ("conflicting", MailValue::from(sum(7))),
        ("missing", MailValue::from(sum(8))),
        ("waiting", MailValue::from(facts.waiting_of(view).count())),
        ("percent", MailValue::from(percent)),
    ])
}
