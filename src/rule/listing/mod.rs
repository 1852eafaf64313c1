//! The lists of a report, as its `[[list]]`s define them: which records, which columns, in which order.
//!
//! Apart because they are written like rules, by the same people and in the same language of conditions, and every
//! mistake in them must be found before any data is read. It knows no data and no sheet.

mod item;
mod read;

use crate::check::condition::{Condition, Operand};
use crate::model::FigureKind;
use crate::text::Text;

pub use item::{FindingPart, Item, RecordPart};
pub use read::read;

/// One list of one report.
#[derive(Debug)]
pub struct List {
    /// The report.
    pub report: String,
    /// Its name within the report.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// A sentence above it; empty where there is none.
    pub note: Text,
    /// The table whose records it lists; nothing: the findings of `failing`, whatever their table.
    pub table: Option<String>,
    /// Which records; nothing: all.
    pub where_: Option<Condition>,
    /// Rules of which a record must fail one.
    pub failing: Vec<String>,
    /// Rules whose findings are shown beside a record that has some.
    pub with: Vec<String>,
    /// Which other lists a record must have to do with.
    pub relations: Vec<Relation>,
    /// Its columns; none for a list of groups.
    pub columns: Vec<Column>,
    /// What it is sorted by, each with whether the largest comes first.
    pub sort: Vec<(Item, bool)>,
    /// What its records are grouped by; nothing: they are listed.
    pub groups: Option<Groups>,
    /// The lists of other tables on each record's card; nothing: the records are lines of a table.
    pub card: Option<Vec<Related>>,
    /// How many rows are shown at most.
    pub limit: Option<usize>,
    /// Who signs below it.
    pub signatures: Option<(Vec<String>, Vec<String>)>,
}

/// What a record has to do with other lists of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The other lists' names: one of them will do, or none of them may.
    pub lists: Vec<String>,
    /// How.
    pub how: RelationKind,
}

/// How records of two lists have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// The record's owner owns a record of another list.
    SameOwner,
    /// The record's customer is a customer of another list.
    SameCustomer,
    /// The record's customer is none of theirs.
    OtherCustomer,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands in it.
    pub item: Item,
    /// Its header.
    pub title: Text,
    /// Its width in digits of the standard font.
    pub width: u16,
}

/// What records are grouped by, and what is reckoned of each group.
#[derive(Clone, Debug)]
pub struct Groups {
    /// What tells the groups.
    pub by: Vec<Column>,
    /// What is reckoned.
    pub figures: Vec<Figure>,
    /// Whether a picture is drawn of the first figure.
    pub chart: bool,
}

/// A figure of a group.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is.
    pub how: FigureKind,
    /// What it is reckoned from; nothing for counts.
    pub item: Option<Item>,
    /// Its header.
    pub title: Text,
    /// Its width in digits of the standard font.
    pub width: u16,
}

/// A list of another table on a card.
#[derive(Clone, Debug)]
pub struct Related {
    /// The table: its records of the same customer.
    pub table: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

impl List {
    /// Everything that it shows, sorts by or reckons with.
    pub fn items(&self) -> Vec<&Item> {
        let groups = self.groups.iter().flat_map(|groups| {
            let figures = groups.figures.iter().filter_map(|figure| figure.item.as_ref());
            groups.by.iter().map(|column| &column.item).chain(figures)
        });
        let columns = self.columns.iter().map(|column| &column.item);
        columns.chain(groups).chain(self.sort.iter().map(|(item, _)| item)).collect()
    }

    /// Its values that are reckoned, in the order of [`List::items`].
    pub fn operands(&self) -> Vec<&Operand> {
        self.items().into_iter().filter_map(Item::operand).collect()
    }
}
