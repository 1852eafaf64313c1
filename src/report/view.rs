//! What sheets and mails read: the run, one share of it, and the words and settings of the report.
//!
//! Apart so that every sheet is a function of one thing. It knows no sheet.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::access::Lens;
use super::definition::Definition;
use super::figures::Coverage;
use super::input::{Issue, RecordChange, ReportInput, RuleFacts};
use super::listing;
use super::order;
use super::share::{Share, Shares};
use super::strings::{self, Strings};
use super::wording::period_in_file_name;
use crate::model::{Finding, Secrecy};

/// One report in the making.
pub struct View<'a> {
    /// The run.
    pub input: &'a ReportInput<'a>,
    /// What the report is about.
    pub share: &'a Share<'a>,
    /// All shares of the run.
    pub shares: &'a Shares<'a>,
    /// The words.
    pub strings: &'a Strings,
    /// The settings.
    pub definition: &'a Definition,
    /// On how much the run rests.
    pub coverage: Coverage,
    /// The person whom it is about; nothing where it is not one person's.
    pub person: Option<&'a str>,
    /// What its reader sees of values that are not in the run's findings and changes.
    pub lens: Lens<'a>,
    /// The name of the workbook that important customers have of their own; nothing where they have none.
    pub apart: Option<&'a str>,
    rules: BTreeMap<&'a str, &'a RuleFacts>,
    labels: BTreeMap<(&'a str, &'a str), &'a str>,
    ordered: OnceCell<Vec<u32>>,
}

impl<'a> View<'a> {
    /// A view of one share.
    pub fn new(
        input: &'a ReportInput<'a>,
        share: &'a Share<'a>,
        shares: &'a Shares<'a>,
        strings: &'a Strings,
        definition: &'a Definition,
    ) -> Self {
        let rules = input.rules.iter().map(|rule| (rule.id.as_str(), rule)).collect();
        let coverage = Coverage::of(input.outcomes, input.notes);
        let lens = Lens::new(input.access, input.reader, input.language);
        let fields = input.labels.fields.iter().rev();
        let labels = fields.map(|(table, field, label)| ((table.as_str(), field.as_str()), label.as_str())).collect();
        Self {
            input,
            share,
            shares,
            strings,
            definition,
            coverage,
            lens,
            apart: None,
            person: None,
            rules,
            labels,
            ordered: OnceCell::new(),
        }
    }

    /// The finding at a place.
    pub fn finding(&self, place: u32) -> &'a Finding<'a> {
        &self.input.findings[place as usize]
    }

    /// The share's findings in the order of lists, sorted once for all that show them.
    pub fn ordered(&self) -> &[u32] {
        self.ordered.get_or_init(|| order::sorted(self))
    }

    /// The change at a place.
    pub fn change(&self, place: u32) -> &'a RecordChange {
        &self.input.changes.records[place as usize]
    }

    /// A rule's title, or its id where it has none.
    pub fn rule_title(&self, id: &'a str) -> &'a str {
        self.rules.get(id).map_or(id, |rule| &rule.title)
    }

    /// The label of a field, or its name where it has none; lists ask for it row by row.
    pub fn label(&self, table: &'a str, field: &'a str) -> &'a str {
        self.labels.get(&(table, field)).copied().unwrap_or(field)
    }

    /// What to do about a rule's findings.
    pub fn advice(&self, id: &str) -> &'a str {
        self.rules.get(id).map_or("", |rule| &rule.advice)
    }

    /// An owner's name for people.
    pub fn owner(&self, name: &'a str) -> &'a str {
        if name.is_empty() { self.strings.get("list.no_owner") } else { name }
    }

    /// A department's name for people.
    pub fn department(&self, name: &'a str) -> &'a str {
        if name.is_empty() { self.strings.get("list.no_department") } else { name }
    }

    /// Whether findings of departments without an entry are in this share.
    pub fn takes_in(&self) -> bool {
        self.share.stands_in
    }

    /// The report's title.
    pub fn title(&self) -> String {
        let kind = self.strings.rhythm(self.input.period.kind());
        let title = strings::fill(self.definition.title.get(self.strings.language()), &[("kind", &kind)]);
        if self.input.issue.is_draft { self.strings.get("issue.draft").to_owned() + &title } else { title }
    }

    /// What the report is for; empty where its templates say so themselves.
    pub fn purpose(&self) -> &'a str {
        self.definition.purpose.as_ref().map_or("", |purpose| purpose.get(self.strings.language()))
    }

    /// The highest level of what is listed.
    pub fn level(&self) -> Secrecy {
        let verification = self.input.verification.filter(|_| self.definition.verification.is_some());
        let lists = verification.into_iter().flat_map(|facts| facts.lists_of(self)).map(|list| list.secrecy);
        let level = self.share.level(self.input).max(listing::level(self));
        lists.max().unwrap_or_default().max(level)
    }

    /// The same view, which knows the name of the workbook that important customers have of their own.
    #[must_use]
    pub fn beside(self, apart: Option<&'a str>) -> Self {
        Self { apart, ..self }
    }

    /// What the period is, when it was looked at, and with what it is compared.
    pub fn subtitle(&self) -> String {
        let compared = match &self.input.previous {
            Some((day, period)) => self
                .strings
                .fill("overview.compared", &[("period", &self.strings.written_period(period)), ("day", day)]),
            None => self.strings.get("overview.first").to_owned(),
        };
        self.strings.fill(
            "overview.subtitle",
            &[("period", &self.strings.period(self.input.period)), ("day", &self.input.as_of), ("compared", &compared)],
        )
    }

    /// How many rules and rows the report rests on.
    pub fn basis(&self) -> String {
        let basis = self.strings.fill(
            "overview.basis",
            &[
                ("concluded", &self.coverage.concluded),
                ("rules", &self.coverage.rules),
                ("checked", &self.coverage.rows_checked),
                ("skipped", &self.coverage.rows_skipped),
            ],
        );
        match self.share.department {
            Some(_) => basis + &self.strings.fill("overview.rows", &[("rows", &self.share.rows)]),
            None => basis,
        }
    }
}

/// The name of a report's workbook as it is defined: what file systems take is decided later.
pub fn attachment(
    input: &ReportInput<'_>,
    definition: &Definition,
    strings: &Strings,
    department: Option<&str>,
    person: Option<&str>,
) -> String {
    let kind = strings.rhythm(input.period.kind());
    let department = department.unwrap_or_default();
    let name = strings::fill(
        definition.attachment.get(strings.language()),
        &[
            ("kind", &kind),
            ("department", &department),
            ("person", &person.unwrap_or(department)),
            ("period", &period_in_file_name(input.period)),
        ],
    );
    let Issue { is_draft, part: (number, parts) } = input.issue;
    let name = match parts {
        0 | 1 => name,
        parts => strings.fill("file.part", &[("name", &name), ("number", &number), ("parts", &parts)]),
    };
    let name = if is_draft { strings.fill("file.draft", &[("name", &name)]) } else { name };
    match input.revision {
        0 | 1 => name,
        revision => strings.fill("file.revised", &[("name", &name), ("revision", &revision)]),
    }
}
