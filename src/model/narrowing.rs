//! What may stay behind in a database: tests of single rows that it can judge, and what is wanted of a table.
//!
//! Apart because checks say what makes a row suspect, a database is asked it in its own dialect, and neither knows the
//! other. A test is true or false of every row, never null, and looks at cells as they are typed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::text::Text;

/// A test of a row by the raw text of its cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// All hold.
    All(Vec<Test>),
    /// At least one holds.
    Any(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
    /// true or false.
    Constant(bool),
    /// The source has a column for a field.
    HasColumn(String),
    /// The cell is empty.
    Empty(String),
    /// The cell is not missing, whatever folding does to it.
    Filled(String),
    /// The cell is what it will be once folded, and not missing.
    Plain(String),
    /// The same, and no number that has lost digits.
    Sound(String),
    /// The cell is a value of its field's type, written so that there is no doubt of it.
    Reads(String),
    /// The cell is exactly one of some texts.
    OneOf(String, Vec<String>),
    /// The cell is wholly of a pattern that means the same to every kind of database.
    Matches(String, String),
    /// The cell has a text at a place.
    Holds(String, Place, String),
    /// The cell has so many characters.
    Length(String, Order, i64),
    /// The day of a cell that reads as one.
    DayIs(String, Order, NaiveDate),
    /// The days of two cells that read as days.
    DaysAre(String, Order, String),
    /// Both cells read as days, and the second is more than so many days after the first.
    FarApart(String, String, i64),
}

/// Where in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Anywhere.
    Anywhere,
    /// At its start.
    Start,
    /// At its end.
    End,
}

/// How one value stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The same.
    Equal,
    /// Another.
    NotEqual,
    /// Before it.
    Less,
    /// Before it or the same.
    LessOrEqual,
    /// Behind it.
    Greater,
    /// Behind it or the same.
    GreaterOrEqual,
}

impl Order {
    /// The order that holds where this one does not.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Order::Equal => Order::NotEqual,
            Order::NotEqual => Order::Equal,
            Order::Less => Order::GreaterOrEqual,
            Order::LessOrEqual => Order::Greater,
            Order::Greater => Order::LessOrEqual,
            Order::GreaterOrEqual => Order::Less,
        }
    }
}

impl Test {
    /// The opposite.
    pub fn opposite(test: Test) -> Test {
        match test {
            Test::Not(inner) => *inner,
            Test::Constant(value) => Test::Constant(!value),
            other => Test::Not(Box::new(other)),
        }
    }

    /// All of some tests, without those that always hold.
    pub fn all(tests: impl IntoIterator<Item = Test>) -> Test {
        let mut tests: Vec<Test> = tests.into_iter().filter(|test| *test != Test::Constant(true)).collect();
        match tests.len() {
            _ if tests.contains(&Test::Constant(false)) => Test::Constant(false),
            0 => Test::Constant(true),
            1 => tests.remove(0),
            _ => Test::All(tests),
        }
    }

    /// At least one of some tests, without those that never hold.
    pub fn any(tests: impl IntoIterator<Item = Test>) -> Test {
        let mut tests: Vec<Test> = tests.into_iter().filter(|test| *test != Test::Constant(false)).collect();
        match tests.len() {
            _ if tests.contains(&Test::Constant(true)) => Test::Constant(true),
            0 => Test::Constant(false),
            1 => tests.remove(0),
            _ => Test::Any(tests),
        }
    }
}

/// What the rules of a run need of a table, and by that what may stay behind.
#[derive(Clone, Debug, PartialEq)]
pub enum Narrowing {
    /// All of it: why.
    Whole(Text),
    /// All rows, and of these fields alone: why not fewer rows.
    Columns(BTreeSet<String>, Text),
    /// Rows that may fail, and of the others how many there are of each kind.
    Rows(NarrowedRows),
}

/// Rows that may fail, and counts of those that cannot.
#[derive(Clone, Debug, PartialEq)]
pub struct NarrowedRows {
    /// True of every row that any of the rules may fail.
    pub suspect: Test,
    /// Fields whose values say which rules a row is tested by.
    pub valued: BTreeSet<String>,
    /// Fields that only have to be filled or not.
    pub filled: BTreeSet<String>,
}
