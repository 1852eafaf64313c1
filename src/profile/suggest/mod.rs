//! Rules that the data keep, or almost: each with what speaks for it, as TOML to paste.
//!
//! Apart because it decides what is worth a rule, and from facts alone. A rule that a few rows break is worth more than
//! one that none does; one that many break is no rule of this company.

mod kinds;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::mapping::quoted;
use super::{ColumnProfile, SheetProfile};
use crate::dictionary::{Field, FieldType, Table};
use crate::text;
use crate::text::{Language, Text};

/// Fewer rows prove nothing.
const ENOUGH: u64 = 10;

/// A rule to paste.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    /// Its id.
    pub id: String,
    /// The kind of check.
    pub check: &'static str,
    /// What speaks for it, a line a fact.
    pub evidence: Vec<String>,
    /// The rule as a rule file has it.
    pub toml: String,
}

/// How much of a reference is found: rows with a value, and how many of them name a record of the other table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The field that names a record.
    pub field: String,
    /// The table that has it.
    pub to: String,
    /// The field that tells its records apart.
    pub to_field: String,
    /// Rows with a value.
    pub filled: u64,
    /// Rows whose value is found there.
    pub found: u64,
}

/// What rules are suggested from.
pub struct Suggesting<'s> {
    /// The sheet, or several of its table as one.
    pub sheet: &'s SheetProfile,
    /// How many sheets that is.
    pub sheets: usize,
    /// Its table.
    pub table: &'s Table,
    /// What was found of other tables.
    pub references: &'s [Reference],
    /// The day that ages are reckoned from.
    pub as_of: NaiveDate,
    /// The language of the evidence.
    pub language: Language,
}

impl Suggesting<'_> {
    /// The rules, in the order of the columns.
    pub fn rules(&self) -> Vec<Suggestion> {
        if self.sheet.rows_checked < ENOUGH {
            return Vec::new();
        }
        let mut rules: Vec<Suggestion> = self.required().into_iter().collect();
        for column in self.sheet.columns.iter().filter(|column| column.field.is_some()) {
            rules.extend(self.unique(column));
            rules.extend(self.allowed_values(column));
            rules.extend(self.format(column));
            rules.extend(self.not_in_the_future(column));
            rules.extend(self.stale(column));
        }
        rules.extend(self.references.iter().filter_map(|reference| self.reference(reference)));
        rules
    }

    /// The field of a column of days; nothing of any other.
    fn dated<'c>(&self, column: &'c ColumnProfile) -> Option<&'c str> {
        let field = column.field.as_deref()?;
        let is_dated = |field_type| matches!(field_type, FieldType::Date | FieldType::DateTime);
        let dated = self.table.field(field).is_some_and(|field| is_dated(field.field_type));
        (dated && column.facts.filled >= ENOUGH).then_some(field)
    }

    fn label(&self, field: &str) -> Text {
        let called = |field: &Field| Text { zh: field.label.clone(), en: field.label_en.clone() };
        self.table.field(field).map(called).unwrap_or_default()
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a rule")]
    fn rule(
        &self,
        check: &'static str,
        field: Option<&str>,
        title: &Text,
        message: &Text,
        dimension: &str,
        own: &str,
        mut evidence: Vec<Text>,
    ) -> Suggestion {
        if self.sheets > 1 {
            let sheets = self.sheets;
            evidence.push(text!("合并 {sheets} 个表格统计", "over {sheets} sheets together"));
        }
        let table = &self.table.name;
        let id: Vec<String> = ["profile", table, field.unwrap_or_default(), check]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(|part| part.replace('_', "-"))
            .collect();
        let id = id.join("-");
        let both = |text: &Text| format!("{{ zh = {}, en = {} }}", quoted(&text.zh), quoted(&text.en));
        let advice = text!("请核对并更正", "Check and correct it");
        let evidence: Vec<String> = evidence.iter().map(|line| line.get(self.language).to_owned()).collect();
        let comments: String =
            evidence.iter().map(|line| format!("# {check}: {}\n", line.replace(['\n', '\r'], " "))).collect();
        // The keys of the kind that open a table of their own come last.
        let (plain, tables) =
            own.split_once("\n[").map_or((own, String::new()), |(plain, rest)| (plain, format!("\n[{rest}")));
        let toml = format!(
            "{comments}[[rule]]\nid = {}\ntitle = {}\ntable = {}\ncheck = {}\n{plain}severity = \"warning\"\n\
             dimension = {}\nclauses = []\nmessage = {}\nadvice = {}\n{tables}",
            quoted(&id),
            both(title),
            quoted(table),
            quoted(check),
            quoted(dimension),
            both(message),
            both(&advice),
        );
        Suggestion { id, check, evidence, toml }
    }
}

/// A number with its thousands told apart: 3,412.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The rules of several sheets as one rule file; those of a table stand with each of its sheets, and here once.
pub fn rule_file(suggestions: &[&Suggestion]) -> String {
    let mut once: BTreeMap<&str, ()> = BTreeMap::new();
    let kept = suggestions.iter().filter(|rule| once.insert(rule.id.as_str(), ()).is_none());
    kept.map(|rule| rule.toml.clone()).collect::<Vec<_>>().join("\n")
}
