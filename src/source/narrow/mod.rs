//! Narrowing: what of a statement's rows and columns has to travel, and the sheet that is made of what did.
//!
//! Apart because reading all rows needs none of it, and because databases and Spark are asked alike. It knows fields, for a
//! test is about them; which rows are wanted it is told, and what becomes of those that come it does not know. Where
//! anything is in doubt, all rows are read. It opens nothing.

pub mod assemble;
pub mod dialect;
mod render;
pub mod statement;

use super::{header, wish};
use crate::config::SourceConfig;
use crate::dictionary::{Dictionary, FieldType, Table};
use crate::model::Narrowing;
use crate::text;
use crate::text::Text;
use dialect::Dialect;
use render::Renderer;
use statement::{COUNT, FILE, ROW, SAMPLE, SUSPECT, Statement};

/// The widest column that is read as it is written.
const MOST_COLUMNS: usize = 300;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Text, read as it is.
    Text,
    /// A number, read as it is written.
    Number,
    /// A day.
    Day,
    /// A day and a time without a zone.
    Moment,
    /// Anything that is not read as the database writes it.
    Other,
}

/// A column of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub class: Class,
}

/// What is wanted of the rows of a source.
#[derive(Clone, Copy)]
pub struct Narrower<'n> {
    /// The source.
    pub source: &'n SourceConfig,
    /// What its table is wanted for.
    pub narrowing: &'n Narrowing,
    /// The dictionary.
    pub dictionary: &'n Dictionary,
}

/// What is asked of an engine.
pub enum Asked {
    /// All rows: why.
    Whole(Text),
    /// One statement.
    Columns(String),
    /// Suspect rows, and counts of the others.
    Rows(String, Counted),
}

/// A statement that counts the rows that are not suspect.
pub enum Counted {
    /// It counts them by kind.
    Rest(String),
    /// It counts all rows, the suspect ones too.
    All(String),
    /// It says of every row, in order, whether it is suspect; with the column of the key.
    Flags(String, usize),
}

impl Counted {
    /// The statement.
    pub fn statement(&self) -> &str {
        match self {
            Counted::Rest(statement) | Counted::All(statement) | Counted::Flags(statement, _) => statement,
        }
    }
}

/// The statement that all rows would come of.
#[derive(Clone, Copy)]
pub struct Inner<'i> {
    /// The statement.
    pub text: &'i str,
    /// Whether it asks for an order.
    pub is_sorted: bool,
    /// Whether its last two columns, which are not told, name the file and the row of each row.
    pub has_places: bool,
}

impl Narrower<'_> {
    /// What is asked of an engine that has the rows of a statement with these columns.
    pub fn asked(&self, dialect: &Dialect, inner: Inner, columns: Vec<Column>) -> Asked {
        let whole = |zh: &str, en: &str| Asked::Whole(text!("{zh}", "{en}"));
        let (Some(table), Narrowing::Columns(..) | Narrowing::Rows(_)) =
            (self.dictionary.table(&self.source.table.value), self.narrowing)
        else {
            return Asked::Whole(match self.narrowing {
                Narrowing::Whole(reason) => reason.clone(),
                _ => Text::default(),
            });
        };
        if self.source.cells.touch_anything() {
            return whole(
                "数据源要求填补单元格（fill、serials 等）",
                "the source asks for cells to be filled in (fill, serials and the like)",
            );
        }
        if !dialect.keeps_order && inner.is_sorted {
            return whole("语句带 order by，嵌套后次序不保证", "the statement is sorted, and its order would be lost");
        }
        let mut names: Vec<String> = columns.iter().map(|column| column.name.to_lowercase()).collect();
        names.sort_unstable();
        let is_odd = |name: &String| name.is_empty() || [ROW, COUNT, FILE, SAMPLE, SUSPECT].contains(&name.as_str());
        if names.windows(2).any(|pair| pair[0] == pair[1]) || names.iter().any(is_odd) || names.len() > MOST_COLUMNS {
            return whole("列名有重复", "two columns have the same name");
        }
        let head = vec![columns.iter().map(|column| column.name.clone()).collect::<Vec<String>>()];
        let Ok(found) = header::find(&head, table, &wish(self.source)) else {
            return whole("看不出各列对应的字段", "the columns are not those of the table");
        };
        let first_field = table.key.as_deref().or_else(|| table.fields.first().map(|field| field.name.as_str()));
        let key =
            found.columns.iter().find(|(_, field)| Some(field.as_str()) == first_field).map(|(column, _)| *column);
        let Some(key) = key else { return whole("没有主键列", "there is no column of the key") };
        let columns = classed(columns, &found.columns, table);
        let statement = Statement {
            inner,
            columns: &columns,
            fed: &found.columns,
            key,
            renderer: Renderer {
                dialect,
                columns: found
                    .columns
                    .iter()
                    .filter_map(|(index, field)| Some((field.as_str(), columns.get(*index)?)))
                    .collect(),
                fields: table.fields.iter().map(|field| (field.name.as_str(), field)).collect(),
                dictionary: self.dictionary,
            },
        };
        match self.narrowing {
            Narrowing::Rows(rows) => {
                let rest = || Counted::Rest(statement.of_the_rest(rows));
                let counted = match dialect.numbers_rows {
                    true => statement.of_all(rows).map_or_else(rest, Counted::All),
                    false => Counted::Flags(statement.of_flags(rows), key),
                };
                Asked::Rows(statement.of_suspects(rows), counted)
            }
            Narrowing::Columns(fields, _) => Asked::Columns(statement.of_columns(|field| fields.contains(field))),
            Narrowing::Whole(reason) => Asked::Whole(reason.clone()),
        }
    }
}

/// A day in a column that is no date to the dictionary is not read as it is written.
fn classed(columns: Vec<Column>, fed: &[(usize, String)], table: &Table) -> Vec<Column> {
    let is_date = |index: usize| {
        let field = fed.iter().find(|(column, _)| *column == index).and_then(|(_, field)| table.field(field));
        field.is_none_or(|field| matches!(field.field_type, FieldType::Date | FieldType::DateTime))
    };
    let columns = columns.into_iter().enumerate();
    columns
        .map(|(index, column)| match column.class {
            Class::Day | Class::Moment if !is_date(index) => Column { class: Class::Other, ..column },
            _ => column,
        })
        .collect()
}
