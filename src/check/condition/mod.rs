//! Conditions: the boolean SQL expressions of rule files, as a tree of ours.
//!
//! Apart because one tree serves lint (places and types), evaluation (columns) and people (words). The text is parsed by
//! sqlparser; the tree knows fields and their types, and no data.

mod cell_by_cell;
mod chain;
mod columns;
mod expression;
mod functions;
mod literal;
mod parse;
mod words;
mod written;

use chrono::NaiveDate;
use rust_decimal::Decimal;

pub(crate) use cell_by_cell::one_of_texts;
pub use columns::Columns;
pub use expression::Figures;
pub(crate) use literal::{day, decimal};
pub use parse::{parse, parse_operand};

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
    /// A text has a part at a place (`contains`, `starts_with`, `ends_with`).
    Holds(String, Part, String),
    /// true or false.
    Constant(bool),
}

/// Where in a text a part is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Anywhere.
    Anywhere,
    /// At the start.
    Start,
    /// At the end.
    End,
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
    /// A number of the rule that is blank, by its name, and whether it is taken off: such a rule is never evaluated.
    Blank(String, bool),
    /// A day.
    Day(NaiveDate),
    /// The as-of date.
    AsOf,
    /// A day so many days later.
    Shifted(Box<Operand>, Whole),
    /// The number of characters of a text (`length(field)`).
    Length(String),
    /// How much lies between two days or times (`days(a, b)`, `working_days(a, b)`, `hours(a, b)`).
    Between(Span, Box<Operand>, Box<Operand>),
    /// A day so many months later (`add_months(day, n)`); a month's end clips.
    MonthsLater(Box<Operand>, Whole),
    /// The year of a day.
    Year(Box<Operand>),
    /// The month of a day.
    Month(Box<Operand>),
    /// The Monday of a day's week.
    WeekStart(Box<Operand>),
    /// The later of two days, or the one that is there.
    Later(Box<Operand>, Box<Operand>),
    /// The earlier of two days, or the one that is there.
    Earlier(Box<Operand>, Box<Operand>),
}

/// A whole number of days or months; its name where it is blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The number, negative for earlier; 0 while it is blank.
    pub number: i32,
    /// The name of the blank, and whether it is taken off.
    pub blank: Option<(String, bool)>,
}

/// What is counted between two days or times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Calendar days.
    Days,
    /// Working days after the first, up to the second; none where the second is not later.
    WorkingDays,
    /// Hours, exact to the minute; only between times. The as-of date counts from its start.
    Hours,
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
            Operand::Number(_)
            | Operand::Blank(..)
            | Operand::Length(_)
            | Operand::Between(..)
            | Operand::Year(_)
            | Operand::Month(_) => ValueType::Number,
            Operand::Day(_)
            | Operand::AsOf
            | Operand::Shifted(..)
            | Operand::MonthsLater(..)
            | Operand::WeekStart(_)
            | Operand::Later(..)
            | Operand::Earlier(..) => ValueType::Day,
        }
    }

    /// The text that it is, where it is a quoted one.
    fn as_text(&self) -> Option<String> {
        match self {
            Operand::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The operands that it is made of.
    fn parts(&self) -> Vec<&Operand> {
        match self {
            Operand::Shifted(part, _)
            | Operand::MonthsLater(part, _)
            | Operand::Year(part)
            | Operand::Month(part)
            | Operand::WeekStart(part) => vec![part],
            Operand::Between(_, left, right) | Operand::Later(left, right) | Operand::Earlier(left, right) => {
                vec![left, right]
            }
            _ => Vec::new(),
        }
    }

    /// Whether it is another value on another day.
    fn follows_the_day(&self) -> bool {
        *self == Operand::AsOf || self.parts().into_iter().any(Operand::follows_the_day)
    }

    /// The fields that it reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Operand::Field(field, _) | Operand::Length(field) => vec![field],
            _ => self.parts().into_iter().flat_map(Operand::fields).collect(),
        }
    }

    /// The days between which it counts working days.
    fn working_days(&self) -> Vec<(&Operand, &Operand)> {
        let own = match self {
            Operand::Between(Span::WorkingDays, left, right) => vec![(left.as_ref(), right.as_ref())],
            _ => Vec::new(),
        };
        own.into_iter().chain(self.parts().into_iter().flat_map(Operand::working_days)).collect()
    }
}

impl Condition {
    /// The fields that it reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(Condition::fields).collect(),
            Condition::Not(part) => part.fields(),
            Condition::NoValue(field) | Condition::Missing(field) | Condition::Holds(field, ..) => vec![field],
            _ => self.operands().into_iter().flat_map(Operand::fields).collect(),
        }
    }

    /// The values that it compares, in the order in which they are written.
    pub fn operands(&self) -> Vec<&Operand> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(Condition::operands).collect(),
            Condition::Not(part) => part.operands(),
            Condition::Compare(left, _, right) => vec![left, right],
            Condition::OneOf(operand, values) => std::iter::once(operand).chain(values).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it may hold on one day and not on another, of the same data.
    pub fn follows_the_day(&self) -> bool {
        self.operands().into_iter().any(Operand::follows_the_day)
    }

    /// The days between which it counts working days.
    pub fn working_days(&self) -> Vec<(&Operand, &Operand)> {
        self.operands().into_iter().flat_map(Operand::working_days).collect()
    }

    /// The fields that it cannot do without: those that it reads and does not ask after by `has_column`.
    pub fn needed(&self) -> Vec<&str> {
        let guarded = self.guarded();
        self.fields().into_iter().filter(|field| !guarded.contains(field)).collect()
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
