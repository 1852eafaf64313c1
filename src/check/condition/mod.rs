//! Conditions: the boolean SQL expressions of rule files, as a tree of ours.
//!
//! Apart because one tree serves lint (places and types), evaluation (columns) and, later, a database's dialect. The
//! text is parsed by sqlparser; the tree knows fields and their types, and no data.

mod expression;
mod parse;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub use expression::Columns;
pub(crate) use expression::{day, decimal};
pub use parse::parse;

/// A condition on one row. Three-valued: it holds only where it is true; a comparison with a value that is not there
/// is neither true nor false.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// Two values compare so.
    Compare(Operand, Comparison, Operand),
    /// A value is one of several.
    OneOf(Operand, Vec<Operand>),
    /// There is no value of the field's type (`is null`): missing, or unreadable.
    NoValue(String),
    /// The field is missing (`missing(field)`): empty or a placeholder; an unreadable value is not.
    Missing(String),
    /// The table has a column for an optional field (`has_column(field)`).
    HasColumn(String),
    /// true or false.
    Constant(bool),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Less, or earlier.
    Less,
    /// Less or the same.
    LessOrEqual,
    /// More, or later.
    Greater,
    /// More or the same.
    GreaterOrEqual,
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A field's value: folded text, a day, a time, a decimal.
    Field(String, ValueType),
    /// A quoted text.
    Text(String),
    /// A number, exactly.
    Number(Decimal),
    /// A day.
    Day(NaiveDate),
    /// The as-of date.
    AsOf,
    /// A day so many days later.
    Shifted(Box<Operand>, i32),
    /// The number of characters of a text (`length(field)`).
    Length(String),
}

/// What kind of value an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A text.
    Text,
    /// An exact number.
    Number,
    /// A day.
    Day,
    /// A day and a time.
    Time,
}

impl Operand {
    /// What kind of value it is.
    pub fn value_type(&self) -> ValueType {
        match self {
            Operand::Field(_, value_type) => *value_type,
            Operand::Text(_) => ValueType::Text,
            Operand::Number(_) | Operand::Length(_) => ValueType::Number,
            Operand::Day(_) | Operand::AsOf => ValueType::Day,
            Operand::Shifted(operand, _) => operand.value_type(),
        }
    }

    fn field(&self) -> Option<&str> {
        match self {
            Operand::Field(field, _) | Operand::Length(field) => Some(field),
            Operand::Shifted(operand, _) => operand.field(),
            _ => None,
        }
    }
}

impl Condition {
    /// The fields that it reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(Condition::fields).collect(),
            Condition::Not(part) => part.fields(),
            Condition::Compare(left, _, right) => left.field().into_iter().chain(right.field()).collect(),
            Condition::OneOf(operand, values) => {
                operand.field().into_iter().chain(values.iter().filter_map(Operand::field)).collect()
            }
            Condition::NoValue(field) | Condition::Missing(field) => vec![field],
            Condition::HasColumn(_) | Condition::Constant(_) => Vec::new(),
        }
    }

    /// The optional fields whose absence the condition itself provides for.
    pub fn guarded(&self) -> Vec<&str> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(Condition::guarded).collect(),
            Condition::Not(part) => part.guarded(),
            Condition::HasColumn(field) => vec![field],
            _ => Vec::new(),
        }
    }
}
