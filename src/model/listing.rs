//! A list that a report's definition asks for, evaluated: its columns and rows as plain values, and what it lacks.
//!
//! Apart because the engine makes it of columns and rules, and reports lay it out for each reader. Every row says whose
//! it is and how confidential, for who sees it is decided where it is shown. It knows no format.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Secrecy;

/// A list with all its rows, those of every department.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The report whose definition has it.
    pub report: String,
    /// Its name there.
    pub name: String,
    /// Its title.
    pub title: String,
    /// A sentence above it; empty where there is none.
    pub note: String,
    /// Its columns, in order.
    pub columns: Vec<ListedColumn>,
    /// How it is laid out.
    pub shape: ListShape,
    /// Its rows, sorted.
    pub rows: Vec<ListedRow>,
    /// How many rows are shown at most; nothing: all.
    pub limit: Option<usize>,
    /// Who signs below it.
    pub signatures: Vec<String>,
    /// What its rows do not cover: sources that were not read, columns that the company lacks, rules not in force.
    pub remarks: Vec<String>,
    /// Why it could not be made at all; nothing where it could.
    pub unavailable: Option<String>,
    /// Whether a source that it needs was not read or a rule not evaluated this time: it may lack rows that there are.
    pub is_partial: bool,
}

/// How a list is laid out.
#[derive(Clone, Debug, PartialEq)]
pub enum ListShape {
    /// A line a row.
    Table,
    /// A card a row, with lists of other tables below.
    Cards(Vec<ListedRelation>),
    /// A line for the rows that have the first columns in common, with figures of the others.
    Groups {
        /// How many of the columns tell the groups.
        by: usize,
        /// What is counted and reckoned, in order.
        figures: Vec<ListedFigure>,
        /// Whether a picture of the first figure is drawn.
        chart: bool,
        /// Whether the largest group comes first; else they stand in the order of the rows.
        by_size: bool,
    },
}

/// A list of another table on a card.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedRelation {
    /// The table's label.
    pub title: String,
    /// Its columns.
    pub columns: Vec<ListedColumn>,
    /// Why it could not be made; nothing where it could.
    pub unavailable: Option<String>,
}

/// A figure of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedFigure {
    /// Its header.
    pub title: String,
    /// What it is.
    pub how: FigureKind,
    /// The column that it is reckoned from; nothing for counts.
    pub column: Option<usize>,
    /// Its width in digits of the standard font.
    pub width: u16,
}

/// What a figure of a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureKind {
    /// The rows.
    Count,
    /// The group's share of all rows.
    Share,
    /// The sum of a column.
    Sum,
    /// Its average.
    Average,
    /// Its least value.
    Least,
    /// Its largest value.
    Most,
    /// Its different values.
    Distinct,
}

impl FigureKind {
    /// The words of definitions.
    pub const WORDS: [(&'static str, FigureKind); 7] = [
        ("count", FigureKind::Count),
        ("share", FigureKind::Share),
        ("sum", FigureKind::Sum),
        ("average", FigureKind::Average),
        ("min", FigureKind::Least),
        ("max", FigureKind::Most),
        ("distinct", FigureKind::Distinct),
    ];
}

/// A column of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedColumn {
    /// Its header.
    pub title: String,
    /// What its cells hold.
    pub kind: ListedKind,
    /// Its width in digits of the standard font.
    pub width: u16,
    /// How confidential it is whatever the record.
    pub secrecy: Secrecy,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListedKind {
    /// Words.
    Text,
    /// Days.
    Day,
    /// Amounts.
    Amount,
    /// Whole numbers.
    Number,
}

/// A row of a list: a record, or a finding.
#[derive(Clone, Debug, Default)]
pub struct ListedRow {
    /// The record's key; empty where it has none.
    pub record_key: String,
    /// The customer's name; empty where none was found.
    pub customer: String,
    /// The department that it belongs to; empty where none was found.
    pub department: String,
    /// The owner; empty where none was found.
    pub owner: String,
    /// How confidential it is.
    pub secrecy: Secrecy,
    /// A cell a column.
    pub cells: Vec<ListedCell>,
    /// The rows of each list on its card.
    pub related: Vec<Vec<Vec<ListedCell>>>,
}

/// A cell of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListedCell {
    /// The value.
    pub value: ListedValue,
    /// The value as readers see it who need not see it whole; nothing where all see it.
    pub masked: Option<String>,
}

/// A value of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ListedValue {
    /// Nothing, which is not zero.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// A number.
    Number(Decimal),
}

impl ListedValue {
    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        *self == ListedValue::Empty
    }

    /// Its number, if it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            ListedValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// How two values stand to each other: numbers by size, days by time, text by its letters; nothing comes last.
    pub fn order(&self, other: &ListedValue) -> std::cmp::Ordering {
        let rank = |value: &ListedValue| match value {
            ListedValue::Number(_) => 0,
            ListedValue::Day(_) => 1,
            ListedValue::Text(_) => 2,
            ListedValue::Empty => 3,
        };
        match (self, other) {
            (ListedValue::Number(left), ListedValue::Number(right)) => left.cmp(right),
            (ListedValue::Day(left), ListedValue::Day(right)) => left.cmp(right),
            (ListedValue::Text(left), ListedValue::Text(right)) => left.cmp(right),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}
