//! The statements that take the place of "all rows": all rows with fewer columns, or suspect rows and counts of the rest.
//!
//! Apart because here it is seen what travels. Each has the columns of the statement that it is made of, in their order, so
//! that whoever looks for the header, or for rows that are no records, sees what he would have seen.

use super::render::Renderer;
use super::{Class, Column, Inner};
use crate::dictionary::FieldType;
use crate::model::NarrowedRows;

/// The column with the number of a row.
pub const ROW: &str = "hedui_row";
/// The column with the file of a row.
pub const FILE: &str = "hedui_file";
/// The column that says whether a row is suspect.
pub const SUSPECT: &str = "hedui_suspect";
/// The column with how many rows are alike.
pub const COUNT: &str = "hedui_count";

/// A text and a number that stands for every other.
pub const SAMPLE: &str = "1";

/// A totals row announces itself in one of so many columns from the left, or in that of the key.
const ANNOUNCING: usize = 3;
/// What a cell of a row begins with that may be no record: words of totals and notes, marks, and whatever folding takes away
/// or turns into another character.
const BEGINNINGS: &str = "合小总本累制填审复备注说附主部单日打导以此第共T-—*=·【】/(（\u{9}\u{a}\u{b}\u{c}\u{d} \u{85}\u{a0}\u{ad}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{202f}\u{205f}\u{2060}\u{3000}\u{feff}";

/// What a statement is made of.
pub struct Statement<'s> {
    /// The statement of the configuration.
    pub inner: Inner<'s>,
    /// All its columns.
    pub columns: &'s [Column],
    /// (column, field) of those that feed a field.
    pub fed: &'s [(usize, String)],
    /// The column of the key.
    pub key: usize,
    /// How tests are written.
    pub renderer: Renderer<'s>,
}

impl Statement<'_> {
    /// All rows; columns that are not wanted are empty but in rows that may be no records.
    pub fn of_columns(&self, wanted: impl Fn(&str) -> bool) -> String {
        let odd = self.may_be_no_record();
        let columns: Vec<String> = (self.columns.iter().enumerate())
            .map(|(index, column)| {
                let (raw, name) = (self.renderer.raw(column), self.name(&column.name));
                match self.field(index).is_some_and(&wanted) {
                    true => raw,
                    false => format!("case when {odd} then {raw} end as {name}"),
                }
            })
            .collect();
        format!("select {} from (\n{}\n) q", columns.join(", "), self.inner.text)
    }

    /// Suspect rows as they are, each with its number. Rows are numbered once what will not travel is taken out of them, for a
    /// database keeps all that it numbers.
    pub fn of_suspects(&self, rows: &NarrowedRows) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| self.name(&column.name)).collect();
        let (row, file, suspect) = (self.name(ROW), self.name(FILE), self.name(SUSPECT));
        let (test, text, fence) = (self.suspect(rows), self.inner.text, self.renderer.dialect.fence);
        let of = |table: &str| names.iter().map(|name| format!("{table}.{name}")).collect::<Vec<_>>().join(", ");
        if !self.renderer.dialect.numbers_rows {
            return format!("select {} from (\n{text}\n) q where {test}", of("q"));
        }
        if self.inner.has_places {
            return format!("select {}, q.{file}, q.{row} from (\n{text}\n) q where {test}", of("q"));
        }
        let emptied: Vec<String> =
            names.iter().map(|name| format!("case when q.{suspect} then q.{name} end as {name}")).collect();
        let (shown, emptied) = (of("z"), emptied.join(", "));
        format!(
            "select {shown}, z.{row} from (select y.*, row_number() over () as {row} from (select {emptied}, q.{suspect} \
             from (select q.*, {test} as {suspect} from (\n{text}\n) q{fence}) q{fence}) y) z where z.{suspect}"
        )
    }

    /// How many rows there are, suspect or not; nothing where it matters of which kind the others are.
    pub fn of_all(&self, rows: &NarrowedRows) -> Option<String> {
        let matters = |(_, field): &(usize, String)| rows.valued.contains(field) || rows.filled.contains(field);
        if self.inner.has_places || self.fed.iter().any(matters) {
            return None;
        }
        let columns = self.columns.iter().enumerate().map(|(index, column)| {
            let shown = if index == self.key { (self.renderer.dialect.text)(SAMPLE) } else { "null".to_owned() };
            format!("{shown} as {}", self.name(&column.name))
        });
        let columns: Vec<String> = columns.collect();
        let (columns, text) = (columns.join(", "), self.inner.text);
        Some(format!("select {columns}, count(*) as {} from (\n{text}\n) q", self.name(COUNT)))
    }

    /// How many rows there are of each kind among those that are not suspect.
    pub fn of_the_rest(&self, rows: &NarrowedRows) -> String {
        let mut columns = Vec::new();
        let mut groups: Vec<String> = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let name = self.name(&column.name);
            match self.told(index, rows) {
                Some(told) => {
                    columns.push(format!("{told} as {name}"));
                    groups.push((index + 1).to_string());
                }
                // without a key it would be taken for a blank row
                None if index == self.key => {
                    columns.push(format!("{} as {name}", (self.renderer.dialect.text)(SAMPLE)));
                }
                None => columns.push(format!("{} as {name}", self.renderer.dialect.nothing)),
            }
        }
        if self.inner.has_places {
            columns.push(format!("q.{}", self.name(FILE)));
            groups.push(columns.len().to_string());
        }
        let grouped = if groups.is_empty() { String::new() } else { format!(" group by {}", groups.join(", ")) };
        format!(
            "select {}, count(*) as {} from (\n{}\n) q where not {}{grouped}",
            columns.join(", "),
            self.name(COUNT),
            self.inner.text,
            self.suspect(rows)
        )
    }

    /// Of every row, in order, whether it is suspect, and what must be told of it if not. All columns are looked at, or an
    /// index that has those asked for would give the rows in its own order.
    pub fn of_flags(&self, rows: &NarrowedRows) -> String {
        let told = (self.columns.iter().enumerate())
            .filter_map(|(index, column)| Some(format!("{} as {}", self.told(index, rows)?, self.name(&column.name))));
        let filled: Vec<String> =
            self.columns.iter().map(|column| format!("({} is null)", self.renderer.raw(column))).collect();
        let mut columns: Vec<String> = told.collect();
        columns.push(format!("{} as {}", filled.join(" + "), self.name(COUNT)));
        columns.push(format!("{} as {}", self.suspect(rows), self.name(SUSPECT)));
        format!("select {} from (\n{}\n) q", columns.join(", "), self.inner.text)
    }

    /// What must be told of a column in rows that are not suspect; nothing where nothing must.
    fn told(&self, index: usize, rows: &NarrowedRows) -> Option<String> {
        let (column, field) = (self.columns.get(index)?, self.field(index)?);
        let raw = self.renderer.raw(column);
        if rows.valued.contains(field) {
            // a collation may take different texts for one
            return Some(if column.class == Class::Text { self.renderer.cell(column) } else { raw });
        }
        if !rows.filled.contains(field) {
            return None;
        }
        Some(match column.class {
            Class::Other => raw,
            _ => format!("case when {} then null else {} end", self.renderer.empty(column), self.sample(field, column)),
        })
    }

    /// A value that stands for every filled one of a column.
    fn sample(&self, field: &str, column: &Column) -> String {
        let described = self.renderer.fields.get(field).map(|field| field.field_type);
        match (column.class, described) {
            (Class::Day, _) => self.renderer.dialect.day.to_owned(),
            (Class::Moment, _) => self.renderer.dialect.moment.to_owned(),
            (Class::Text, Some(FieldType::Date | FieldType::DateTime)) => (self.renderer.dialect.text)("2000-01-01"),
            (Class::Text, _) => (self.renderer.dialect.text)(SAMPLE),
            (Class::Number | Class::Other, _) => SAMPLE.to_owned(),
        }
    }

    fn suspect(&self, rows: &NarrowedRows) -> String {
        format!("({} or {})", self.may_be_no_record(), self.renderer.test(&rows.suspect, true))
    }

    /// Rows whose key is empty, or begins as no key does or as the header does; and rows that begin as totals do.
    fn may_be_no_record(&self) -> String {
        let mut tests = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            let is_key = index == self.key;
            if !is_key && index >= ANNOUNCING {
                continue;
            }
            if is_key {
                tests.push(self.renderer.empty(column));
            }
            match column.class {
                Class::Text => {
                    let header = column.name.chars().next().filter(|_| is_key);
                    let first = format!("left({}, 1)", self.renderer.cell(column));
                    let written = |character: char| (self.renderer.dialect.text)(&character.to_string());
                    let among: Vec<String> = BEGINNINGS.chars().chain(header).map(written).collect();
                    let (low, high) = (written('！'), written('～'));
                    let begins = format!("({first} in ({}) or {first} between {low} and {high})", among.join(", "));
                    tests.push(format!("({} is not null and {begins})", self.renderer.raw(column)));
                }
                Class::Other if is_key => tests.push(super::render::truth(true)),
                // a day, a time or a number is no word
                _ => {}
            }
        }
        format!("({})", tests.join(" or "))
    }

    fn field(&self, index: usize) -> Option<&str> {
        self.fed.iter().find(|(column, _)| *column == index).map(|(_, field)| field.as_str())
    }

    fn name(&self, name: &str) -> String {
        (self.renderer.dialect.name)(name)
    }
}
