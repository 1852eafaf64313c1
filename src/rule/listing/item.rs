//! What may stand in a column of a list: a field, a value that is reckoned, whose the record is, what a rule found.
//!
//! Apart because columns, sorting, groups and figures all name the same things.

use crate::check::condition::{self, Operand, ValueType};
use crate::check::{Parameters, Scope};
use crate::dictionary::{Dictionary, FieldType, Table};
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

/// What stands in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A field of the table.
    Field(String),
    /// A field of the record's customer.
    OfCustomer(String),
    /// A value that is reckoned from the record's fields.
    Value(Operand),
    /// Whose the record is (`record.owner`).
    Record(RecordPart),
    /// What the list's rules found of it (`finding.message`).
    Finding(FindingPart),
    /// Nothing: to be filled in by hand.
    Blank,
}

/// What is known of every record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordPart {
    /// Its key.
    Key,
    /// Its customer's name.
    Customer,
    /// Its department.
    Department,
    /// Its owner.
    Owner,
    /// Its table's label.
    Table,
}

/// What is known of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingPart {
    /// What is wrong.
    Message,
    /// What to do.
    Advice,
    /// The rule's title.
    Rule,
    /// The field's label.
    Field,
    /// The value as typed.
    Value,
    /// When it was first seen.
    FirstSeen,
    /// For how many days it has been seen.
    Days,
    /// How many there are of the record.
    Count,
}

const WORDS: [(&str, Item); 13] = [
    ("record.key", Item::Record(RecordPart::Key)),
    ("record.customer", Item::Record(RecordPart::Customer)),
    ("record.department", Item::Record(RecordPart::Department)),
    ("record.owner", Item::Record(RecordPart::Owner)),
    ("record.table", Item::Record(RecordPart::Table)),
    ("finding.message", Item::Finding(FindingPart::Message)),
    ("finding.advice", Item::Finding(FindingPart::Advice)),
    ("finding.rule", Item::Finding(FindingPart::Rule)),
    ("finding.field", Item::Finding(FindingPart::Field)),
    ("finding.value", Item::Finding(FindingPart::Value)),
    ("finding.first_seen", Item::Finding(FindingPart::FirstSeen)),
    ("finding.days", Item::Finding(FindingPart::Days)),
    ("finding.count", Item::Finding(FindingPart::Count)),
];
const CUSTOMER: &str = "customer.";

/// What items are read against.
pub(super) struct Names<'n> {
    pub dictionary: &'n Dictionary,
    /// The list's table; nothing: a list of findings.
    pub table: Option<&'n Table>,
}

impl Names<'_> {
    /// What a word names; a mistake is told.
    pub fn named(&self, params: &Params, written: &Placed<String>) -> Option<Item> {
        let word = written.value.as_str();
        if let Some((_, item)) = WORDS.iter().find(|(known, _)| *known == word) {
            return Some(item.clone());
        }
        let Some(table) = self.table else {
            let message = text!(
                "没有指定表的清单只能列 record.… 和 finding.…，不能写“{word}”",
                "a list without a table has only record.… and finding.…, not `{word}`"
            );
            params.problems().unknown(written.span.clone(), message, word, &WORDS.map(|(word, _)| word));
            return None;
        };
        let parameters = Parameters::default();
        let scope = Scope { dictionary: self.dictionary, table, parameters: &parameters };
        if let Some(field) = word.strip_prefix(CUSTOMER) {
            let customers = self.dictionary.table(&self.dictionary.customers.table)?;
            if table.customer.is_none() {
                let name = &table.name;
                let message = text!("表 {name} 的记录不属于客户", "records of the table {name} belong to no customer");
                params.problems().add(written.span.clone(), message);
                return None;
            }
            let written = Placed { value: field.to_owned(), span: written.span.clone() };
            return scope.named(params, customers, &written).map(Item::OfCustomer);
        }
        if word.starts_with("record.") || word.starts_with("finding.") {
            let message = text!("没有“{word}”", "there is no `{word}`");
            params.problems().unknown(written.span.clone(), message, word, &WORDS.map(|(word, _)| word));
            return None;
        }
        scope.named(params, table, written).map(Item::Field)
    }

    /// What a word names, or the value that it reckons where it is more than a word.
    pub fn named_or_reckoned(&self, params: &Params, written: &Placed<String>) -> Option<Item> {
        if self.table.is_some() && written.value.contains(['(', '+', ' ']) {
            return self.reckoned(params, written);
        }
        self.named(params, written)
    }

    /// A value that is reckoned.
    pub fn reckoned(&self, params: &Params, written: &Placed<String>) -> Option<Item> {
        let Some(table) = self.table else {
            let message = text!("没有指定表，无法计算", "nothing is reckoned in a list without a table");
            params.problems().add(written.span.clone(), message);
            return None;
        };
        condition::parse_operand(written, table, &Parameters::default(), params.problems()).map(Item::Value)
    }

    /// The header of a column that has none of its own.
    pub fn title(&self, item: &Item) -> Text {
        let label = |table: Option<&Table>, field: &str| match table.and_then(|table| table.field(field)) {
            Some(field) => Text { zh: field.label.clone(), en: field.label_en.clone() },
            None => Text::same(field),
        };
        match item {
            Item::Field(field) => label(self.table, field),
            Item::OfCustomer(field) => label(self.dictionary.table(&self.dictionary.customers.table), field),
            Item::Value(operand) => self.table.map(|table| operand.words(table)).unwrap_or_default(),
            Item::Record(RecordPart::Key) => text!("记录编号", "Record"),
            Item::Record(RecordPart::Customer) => text!("客户名称", "Customer"),
            Item::Record(RecordPart::Department) => text!("部门", "Department"),
            Item::Record(RecordPart::Owner) => text!("负责人", "Owner"),
            Item::Record(RecordPart::Table) => text!("数据表", "Table"),
            Item::Finding(FindingPart::Message) => text!("问题", "Finding"),
            Item::Finding(FindingPart::Advice) => text!("怎么办", "What to do"),
            Item::Finding(FindingPart::Rule) => text!("规则", "Rule"),
            Item::Finding(FindingPart::Field) => text!("字段", "Field"),
            Item::Finding(FindingPart::Value) => text!("原值", "Value"),
            Item::Finding(FindingPart::FirstSeen) => text!("首次发现", "First seen"),
            Item::Finding(FindingPart::Days) => text!("持续天数", "Days"),
            Item::Finding(FindingPart::Count) => text!("问题数", "Findings"),
            Item::Blank => Text::default(),
        }
    }

    /// The width of a column that says none.
    pub fn width(&self, item: &Item) -> u16 {
        match item {
            Item::Record(RecordPart::Customer) => 26,
            Item::Finding(FindingPart::Message | FindingPart::Advice) => 30,
            Item::Finding(FindingPart::Rule) => 22,
            Item::Finding(FindingPart::Count | FindingPart::Days) => 9,
            Item::Value(_) | Item::Record(RecordPart::Owner) => 11,
            _ => match self.field_type(item) {
                Some(FieldType::Text) => 16,
                _ => 13,
            },
        }
    }

    /// Whether it is a number, and so can be added up.
    pub fn is_number(&self, item: &Item) -> bool {
        match item {
            Item::Value(operand) => operand.value_type() == ValueType::Number,
            Item::Finding(FindingPart::Count | FindingPart::Days) => true,
            _ => self.field_type(item) == Some(FieldType::Decimal),
        }
    }

    fn field_type(&self, item: &Item) -> Option<FieldType> {
        let (table, field) = match item {
            Item::Field(field) => (self.table, field),
            Item::OfCustomer(field) => (self.dictionary.table(&self.dictionary.customers.table), field),
            _ => return None,
        };
        Some(table?.field(field)?.field_type)
    }
}

impl Item {
    /// The value that it reckons, if it does.
    pub fn operand(&self) -> Option<&Operand> {
        match self {
            Item::Value(operand) => Some(operand),
            _ => None,
        }
    }
}
