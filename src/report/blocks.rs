//! What a page is made of, before anybody decides how it looks: headings, paragraphs, figures, tables, charts.
//!
//! Apart because a workbook, an HTML mail and a plain one show the same things. It knows no format and no report.

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// One thing on a page.
pub enum Block<'a> {
    /// What the page is.
    Title(String),
    /// What follows.
    Heading(String),
    /// A sentence or two.
    Paragraph(String),
    /// Something small beside a table: what it leaves out, how it counts.
    Note(String),
    /// Sentences of equal rank, marked alike.
    List(Vec<String>, Mark),
    /// The numbers to see first.
    KeyFigures(KeyFigures),
    /// Rows and columns.
    Table(Table<'a>),
    /// A table and the picture of it.
    Chart(Chart<'a>),
    /// What is known of one record, label by label; each on a page of its own where it is printed.
    Card(Card<'a>),
    /// Who signs, each with a line to sign on and a date.
    Signatures(Vec<String>),
    /// Words that lead to other places of the same workbook, in a row; nothing where there is no workbook.
    Links(Vec<Cell<'a>>),
}

/// What is known of one record, as on a card of a card index.
pub struct Card<'a> {
    /// Whose it is.
    pub title: String,
    /// Label and value, in the order of reading.
    pub fields: Vec<(String, Cell<'a>)>,
    /// Lists below them: its contacts, its contracts.
    pub lists: Vec<(String, Table<'a>)>,
}

/// A few numbers in a row, and what they are made of.
pub struct KeyFigures {
    /// What is counted.
    pub label: String,
    /// The numbers with their names.
    pub figures: Vec<(String, u64)>,
    /// The parts of the numbers, each with a name and in the same order.
    pub parts: Vec<(String, Vec<u64>)>,
}

/// What the cells of a column hold, and so how they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words that run on.
    Text,
    /// A word or a code of a few letters.
    Word,
    /// A count.
    Count,
    /// A number that counts nothing: a row's.
    Number,
    /// A share of one.
    Share,
    /// A day.
    Date,
    /// An amount, in the unit that the header names, with one decimal.
    Amount,
}

/// A column of a table.
#[derive(Clone)]
pub struct Column {
    /// Its header.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
    /// Its width in digits of the standard font.
    pub width: u16,
    /// What its numbers count, for a chart's axis; nothing where the header or the kind says so.
    pub unit: Option<String>,
    /// Words that stand out wherever they stand in it: the look follows the word when somebody sorts or edits.
    pub words: Vec<(String, Mark)>,
    /// The number whose bar fills the cell, where numbers carry bars: the same every week, so that weeks compare.
    pub bars: Option<u32>,
}

impl Column {
    /// A column of a header, a kind and a width.
    pub fn new(title: &str, kind: Kind, width: u16) -> Self {
        Self { title: title.to_owned(), kind, width, unit: None, words: Vec::new(), bars: None }
    }

    /// The same column, counting in a unit.
    #[must_use]
    pub fn counting(self, unit: &str) -> Self {
        Self { unit: Some(unit.to_owned()), ..self }
    }

    /// The same column, with words that stand out by themselves.
    #[must_use]
    pub fn with_words(self, words: Vec<(String, Mark)>) -> Self {
        Self { words, ..self }
    }

    /// The same column, with bars behind its numbers, full at that one.
    #[must_use]
    pub fn with_bars(self, full: u32) -> Self {
        Self { bars: Some(full), ..self }
    }
}

/// A place in the same workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The sheet, under the name that it was drafted with.
    pub sheet: String,
    /// The row of its list, from 0; nothing for its top.
    pub row: Option<usize>,
}

/// How a cell stands out. It never says more than its words do: reports are printed in black and white.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    /// It does not.
    #[default]
    Plain,
    /// Of weight.
    Strong,
    /// Grave.
    Alert,
    /// To be noticed.
    Caution,
    /// Of the past.
    Muted,
    /// Not as it was.
    Changed,
}

impl Mark {
    /// All of them.
    pub const ALL: [Mark; 6] = [Mark::Plain, Mark::Strong, Mark::Alert, Mark::Caution, Mark::Muted, Mark::Changed];
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// Text, never a formula.
    Text(Cow<'a, str>),
    /// A count.
    Count(u64),
    /// A share of one.
    Share(f64),
    /// A day.
    Date(NaiveDate),
    /// An amount.
    Amount(Decimal),
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell<'a> {
    /// What stands in it.
    pub value: Value<'a>,
    /// How it stands out.
    pub mark: Mark,
    /// Where it leads.
    pub link: Option<Box<Link>>,
}

impl<'a> Cell<'a> {
    /// The same cell, leading to a place.
    #[must_use]
    pub fn leading_to(self, link: Option<Link>) -> Self {
        Self { link: link.map(Box::new), ..self }
    }

    /// The same cell, standing out.
    #[must_use]
    pub fn marked(self, mark: Mark) -> Self {
        Self { mark, ..self }
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text)).into()
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text)).into()
    }
}

impl From<u64> for Cell<'_> {
    fn from(count: u64) -> Self {
        Value::Count(count).into()
    }
}

impl From<NaiveDate> for Cell<'_> {
    fn from(day: NaiveDate) -> Self {
        Value::Date(day).into()
    }
}

impl From<Decimal> for Cell<'_> {
    fn from(amount: Decimal) -> Self {
        Value::Amount(amount).into()
    }
}

impl<'a> From<Value<'a>> for Cell<'a> {
    fn from(value: Value<'a>) -> Self {
        Self { value, mark: Mark::Plain, link: None }
    }
}

/// The rows of a table, each made when it is written: a hundred thousand of them are never held at once.
pub struct Rows<'a> {
    count: usize,
    make: Box<dyn Fn(usize) -> Vec<Cell<'a>> + 'a>,
}

impl<'a> Rows<'a> {
    /// Rows that a function makes by number, from 0.
    pub fn made(count: usize, make: impl Fn(usize) -> Vec<Cell<'a>> + 'a) -> Self {
        Self { count, make: Box::new(make) }
    }

    /// A few rows that are there already.
    pub fn of(rows: Vec<Vec<Cell<'a>>>) -> Self {
        Self::made(rows.len(), move |number| rows[number].clone())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One of them.
    pub fn row(&self, number: usize) -> Vec<Cell<'a>> {
        (self.make)(number)
    }

    /// The first of them.
    pub fn first(&self, count: usize) -> impl Iterator<Item = Vec<Cell<'a>>> + use<'a, '_> {
        (0..self.count.min(count)).map(|number| self.row(number))
    }
}

/// Rows and columns.
pub struct Table<'a> {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Rows<'a>,
    /// Whether the page is this list: its header stays in sight, is repeated on paper and filters.
    pub is_list: bool,
    /// What to say where there is no row.
    pub empty: String,
    /// Columns whose numbers are shaded by their size, as on a heat map.
    pub shaded: Vec<usize>,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Lines over time.
    Line,
    /// Lying bars.
    Bar,
    /// Standing columns.
    Column,
    /// Standing columns, one series upon the other.
    Stacked,
    /// Columns, and the last series as a line of shares against an axis of its own.
    Pareto,
    /// Standing columns that hang where the last one ended: the first series lifts them and is not seen.
    Waterfall,
    /// A net of several axes.
    Radar,
}

/// The picture of a table. It has no numbers of its own, so picture and table cannot differ.
pub struct Chart<'a> {
    /// How it is drawn.
    pub kind: ChartKind,
    /// Its title.
    pub title: String,
    /// The table.
    pub table: Table<'a>,
    /// The column that names the points.
    pub category: usize,
    /// The columns that are drawn.
    pub series: Vec<usize>,
}
