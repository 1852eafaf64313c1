//! What stands in a cell of a list: a field's value by its type, as typed where it cannot be read, masked where its
//! field says so.
//!
//! Apart because every shape of list is made of the same cells.

use std::str::FromStr;

use chrono::NaiveDate;
use polars::prelude::{DataFrame, PolarsResult, StringChunked};
use rust_decimal::Decimal;

use super::source::ListSource;
use crate::check::condition::{Operand, ValueType};
use crate::dataset::{Dataset, typing};
use crate::dictionary::{Dictionary, Field, FieldType, Table};
use crate::engine::ownership::{Owned, Ownership};
use crate::model::{Finding, ListedCell, ListedColumn, ListedKind, ListedValue, Secrecy};
use crate::rule::List;
use crate::rule::listing::{Column, FindingPart, Item, RecordPart};
use crate::text::Language;

/// What stands for a value that is not shown.
const HIDDEN: &str = "***";

/// Makes cells of one table's records.
pub(super) struct Cells<'c> {
    pub source: &'c ListSource<'c>,
    /// The table; nothing for a list of findings.
    pub dataset: Option<&'c Dataset>,
    pub ownership: &'c Ownership<'c>,
    /// The values that are reckoned, a column each.
    pub reckoned: Vec<(Operand, StringChunked)>,
}

/// The name of the column that a reckoned value goes to.
pub(super) fn name(number: usize) -> String {
    format!("value{number}")
}

/// The reckoned values of a list.
pub(super) fn reckoned(list: &List, flags: &DataFrame) -> PolarsResult<Vec<(Operand, StringChunked)>> {
    let operands = list.operands().into_iter().enumerate();
    operands.map(|(number, operand)| Ok((operand.clone(), flags.column(&name(number))?.str()?.clone()))).collect()
}

impl<'c> Cells<'c> {
    /// A cell of a record.
    pub fn cell(&self, item: &Item, record: usize, owned: &Owned, findings: &[&Finding]) -> ListedCell {
        let text = |text: &str| ListedCell { value: words(text), masked: None };
        match (item, self.dataset) {
            (Item::Field(field), Some(dataset)) => field_cell(dataset, field, record),
            (Item::OfCustomer(field), Some(dataset)) => {
                let customers = self.source.datasets.get(&self.source.context.dictionary.customers.table);
                let customer = self.ownership.customer_of(dataset, record);
                customers.zip(customer).map(|(customers, at)| field_cell(customers, field, at)).unwrap_or_default()
            }
            (Item::Value(operand), _) => {
                let column = self.reckoned.iter().find(|(known, _)| known == operand);
                let shown = column.and_then(|(_, values)| values.get(record));
                let value = shown.map(|shown| of_shown(shown, operand.value_type())).unwrap_or_default();
                let masked = self.dataset.and_then(|dataset| masked_text(operand, dataset, &value));
                ListedCell { value, masked }
            }
            (Item::Record(part), dataset) => match part {
                RecordPart::Key => text(dataset.map_or("", |dataset| dataset.key_at(record))),
                RecordPart::Customer => text(owned.customer),
                RecordPart::Department => text(owned.department),
                RecordPart::Owner => text(owned.owner),
                RecordPart::Table => {
                    text(dataset.map_or("", |dataset| dataset.table.label(self.source.context.language)))
                }
            },
            (Item::Finding(_), _) => self.of_finding(item, findings),
            (Item::Blank | Item::Field(_) | Item::OfCustomer(_), _) => ListedCell::default(),
        }
    }

    /// A cell of what was found: of several findings each once, one below the other.
    pub fn of_finding(&self, item: &Item, findings: &[&Finding]) -> ListedCell {
        let joined = |of: &dyn Fn(&Finding) -> String| {
            let mut texts: Vec<String> = Vec::new();
            for text in findings.iter().map(|finding| of(finding)) {
                if !text.is_empty() && !texts.contains(&text) {
                    texts.push(text);
                }
            }
            ListedCell { value: words(&texts.join("\n")), masked: None }
        };
        let language = self.source.context.language;
        let dictionary = self.source.context.dictionary;
        let rule = |finding: &Finding| self.source.context.rules.iter().find(|rule| rule.id == finding.rule_id);
        let field = |finding: &Finding| dictionary.table(finding.table).and_then(|table| table.field(finding.field));
        let first = findings.iter().map(|finding| finding.first_seen).min();
        match item {
            Item::Record(RecordPart::Key) => joined(&|finding| finding.record_key.to_owned()),
            Item::Record(RecordPart::Customer) => joined(&|finding| finding.customer.to_owned()),
            Item::Record(RecordPart::Department) => joined(&|finding| finding.department.to_owned()),
            Item::Record(RecordPart::Owner) => joined(&|finding| finding.owner.to_owned()),
            Item::Record(RecordPart::Table) => joined(&|finding| {
                dictionary.table(finding.table).map_or(finding.table, |table| table.label(language)).to_owned()
            }),
            Item::Finding(part) => match part {
                FindingPart::Message => {
                    let whole = joined(&|finding| finding.message.to_string());
                    // A message may hold the value.
                    let masked = joined(&|finding| match field(finding).and_then(|field| field.mask) {
                        Some(mask) if !finding.value.is_empty() => {
                            finding.message.replace(finding.value, &mask.apply(finding.value))
                        }
                        _ => finding.message.to_string(),
                    });
                    masked_beside(whole, masked)
                }
                FindingPart::Advice => joined(&|finding| {
                    let advice = rule(finding).map(|rule| rule.advice.fill(language, &Default::default()));
                    advice.unwrap_or_default()
                }),
                FindingPart::Rule => {
                    joined(&|finding| rule(finding).map_or(finding.rule_id, |rule| rule.title.get(language)).to_owned())
                }
                FindingPart::Field => {
                    joined(&|finding| field(finding).map_or(finding.field, |field| field.label(language)).to_owned())
                }
                FindingPart::Value => {
                    // A field of a higher level than its record is not shown beside others.
                    let is_secret =
                        |finding: &Finding| field(finding).is_some_and(|field| field.secrecy > Secrecy::Internal);
                    let masked = joined(&|finding| match field(finding).and_then(|field| field.mask) {
                        _ if is_secret(finding) => HIDDEN.to_owned(),
                        Some(mask) => mask.apply(finding.value),
                        None => finding.value.to_owned(),
                    });
                    let whole = joined(&|finding| match is_secret(finding) {
                        true => HIDDEN.to_owned(),
                        false => finding.value.to_owned(),
                    });
                    masked_beside(whole, masked)
                }
                FindingPart::FirstSeen => {
                    ListedCell { value: first.map(ListedValue::Day).unwrap_or_default(), masked: None }
                }
                FindingPart::Days => {
                    let days = first.map(|first| (self.source.context.as_of - first).num_days());
                    ListedCell { value: days.map(|days| number(days.into())).unwrap_or_default(), masked: None }
                }
                FindingPart::Count => ListedCell { value: number(findings.len().into()), masked: None },
            },
            _ => ListedCell::default(),
        }
    }

    /// The key of a record's customer; empty where it has none.
    pub fn customer_key(&self, record: usize) -> &'c str {
        let Some(dataset) = self.dataset else { return "" };
        dataset.table.customer.as_deref().map(|field| dataset.folded_at(field, record)).unwrap_or_default()
    }
}

/// A column as reports know it.
pub(super) fn column(
    column: &Column,
    table: Option<&Table>,
    dictionary: &Dictionary,
    language: Language,
) -> ListedColumn {
    let title = column.title.get(language).to_owned();
    ListedColumn { title, width: column.width, ..plain(&column.item, table, dictionary) }
}

/// A column of an item, without words.
pub(super) fn plain(item: &Item, table: Option<&Table>, dictionary: &Dictionary) -> ListedColumn {
    let customers = dictionary.table(&dictionary.customers.table);
    let field = match item {
        Item::Field(field) => table.and_then(|table| table.field(field)),
        Item::OfCustomer(field) => customers.and_then(|table| table.field(field)),
        _ => None,
    };
    let kind = match item {
        Item::Value(operand) => match operand.value_type() {
            ValueType::Number => ListedKind::Number,
            ValueType::Day => ListedKind::Day,
            ValueType::Text | ValueType::Time => ListedKind::Text,
        },
        Item::Finding(FindingPart::Count | FindingPart::Days) => ListedKind::Number,
        Item::Finding(FindingPart::FirstSeen) => ListedKind::Day,
        _ => field.map_or(ListedKind::Text, |field| match field.field_type {
            FieldType::Text | FieldType::DateTime => ListedKind::Text,
            FieldType::Date => ListedKind::Day,
            FieldType::Decimal => ListedKind::Amount,
        }),
    };
    // What is reckoned from a field is as confidential as the field.
    let read: Vec<&Field> = match (item, table) {
        (Item::Value(operand), Some(table)) => operand.fields().iter().filter_map(|field| table.field(field)).collect(),
        _ => field.into_iter().collect(),
    };
    let secrecy = read.iter().map(|field| field.secrecy).max().unwrap_or(Secrecy::Public);
    ListedColumn { title: String::new(), kind, width: 16, secrecy }
}

fn field_cell(dataset: &Dataset, name: &str, record: usize) -> ListedCell {
    let folded = dataset.folded_at(name, record);
    let Some(field) = dataset.table.field(name) else { return ListedCell::default() };
    let masked = field.mask.filter(|_| !folded.is_empty()).map(|mask| mask.apply(folded));
    let value = match field.field_type {
        FieldType::Text => words(folded),
        FieldType::Date => typing::date(folded).and_then(day).map_or_else(|| words(folded), ListedValue::Day),
        FieldType::DateTime => typing::datetime(folded).map_or_else(
            || words(folded),
            |(minutes, timed)| time(minutes, timed).map_or_else(|| words(folded), ListedValue::Text),
        ),
        FieldType::Decimal => typing::decimal(folded).map_or_else(|| words(folded), ListedValue::Number),
    };
    ListedCell { value, masked }
}

/// A reckoned text that comes from a masked field: it may not say what the field does not.
fn masked_text(operand: &Operand, dataset: &Dataset, value: &ListedValue) -> Option<String> {
    let ListedValue::Text(text) = value else { return None };
    let mask = operand.fields().into_iter().find_map(|field| dataset.table.field(field)?.mask)?;
    Some(mask.apply(text))
}

/// A cell with what those see who need not see it whole.
fn masked_beside(whole: ListedCell, masked: ListedCell) -> ListedCell {
    match masked.value {
        ListedValue::Text(shown) if ListedValue::Text(shown.clone()) != whole.value => {
            ListedCell { masked: Some(shown), ..whole }
        }
        _ => whole,
    }
}

fn words(text: &str) -> ListedValue {
    if text.is_empty() { ListedValue::Empty } else { ListedValue::Text(text.to_owned()) }
}

fn number(number: Decimal) -> ListedValue {
    ListedValue::Number(number)
}

fn day(days: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(days)))
}

fn time(minutes: i64, timed: bool) -> Option<String> {
    let moment = chrono::DateTime::from_timestamp(minutes.checked_mul(60)?, 0)?.naive_utc();
    Some(moment.format(if timed { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d" }).to_string())
}

/// A reckoned value, from the text that a plan gives.
fn of_shown(shown: &str, value_type: ValueType) -> ListedValue {
    match value_type {
        ValueType::Number => Decimal::from_str(shown).map_or_else(|_| words(shown), ListedValue::Number),
        ValueType::Day => NaiveDate::parse_from_str(shown, "%Y-%m-%d").map_or_else(|_| words(shown), ListedValue::Day),
        ValueType::Text | ValueType::Time => words(shown),
    }
}
