//! PostgreSQL's COPY text format into columns: a line a row, tabs between values, `\N` for none, backslash escapes.
//!
//! Apart because it is where a million rows spend their time: it looks at every byte once and makes no value of its own
//! but where one is escaped. It knows no connection; the kinds of its columns are told to it.

use super::columns::Columns;
use super::failure::Failure;
use super::values::{Float, float, moment};
use crate::source::sheet::Sheet;

/// What is done to the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Text,
    /// Blanks at the end fill it up to its length.
    Padded,
    /// `t` or `f`.
    Truth,
    /// A day with a time.
    Moment,
    /// A float.
    Float(Float),
}

/// Takes the format in pieces that end with a row.
pub struct CopyText {
    columns: Columns,
    kinds: Vec<Kind>,
    plain: String,
}

impl CopyText {
    /// For columns of these names and kinds.
    pub fn new(names: Vec<String>, kinds: Vec<Kind>) -> Self {
        Self { columns: Columns::new(names), kinds, plain: String::new() }
    }

    /// Takes whole rows.
    ///
    /// # Errors
    /// Where they are not UTF-8, not as wide as they should be, or too many.
    pub fn take(&mut self, rows: &[u8]) -> Result<(), Failure> {
        let text = std::str::from_utf8(rows).map_err(|_| Failure::NotUtf8)?;
        let (mut start, mut column, mut escaped) = (0, 0, false);
        for at in memchr::memchr3_iter(b'\t', b'\n', b'\\', rows) {
            let byte = rows.get(at).copied().unwrap_or_default();
            if byte == b'\\' {
                escaped = true;
                continue;
            }
            let value = text.get(start..at).unwrap_or_default();
            // a line without any column is a row all the same
            if self.columns.width() > 0 {
                self.value(column, value, escaped);
                column += 1;
            }
            escaped = false;
            start = at + 1;
            if byte == b'\n' {
                if column != self.columns.width() {
                    return Err(Failure::of("a row is not as wide as its header"));
                }
                column = 0;
                self.columns.end_row()?;
            }
        }
        Ok(())
    }

    /// The result.
    pub fn finish(self) -> Sheet {
        self.columns.finish()
    }

    fn value(&mut self, column: usize, written: &str, escaped: bool) {
        let value = match escaped {
            true if written == "\\N" => return self.columns.push_null(column),
            true => {
                unescape(written, &mut self.plain);
                self.plain.as_str()
            }
            false => written,
        };
        match self.kinds.get(column) {
            None | Some(Kind::Text) => self.columns.push(column, value),
            Some(Kind::Padded) => self.columns.push(column, value.trim_end_matches(' ')),
            Some(Kind::Moment) => self.columns.push(column, moment(value)),
            Some(Kind::Truth) => self.columns.push(column, if value == "t" { "true" } else { "false" }),
            Some(Kind::Float(width)) => {
                let (number, lost_digits) = float(value, *width);
                self.columns.push_number(column, &number, lost_digits);
            }
        }
    }
}

fn unescape(written: &str, plain: &mut String) {
    plain.clear();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let mut characters = after.chars();
        match characters.next() {
            Some('b') => plain.push('\u{8}'),
            Some('f') => plain.push('\u{c}'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('v') => plain.push('\u{b}'),
            Some(other) => plain.push(other),
            None => {}
        }
        rest = characters.as_str();
    }
    plain.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::sheet::SheetBody;

    fn rows(kinds: &[Kind], text: &str) -> Result<Vec<Vec<Option<String>>>, Failure> {
        let names = kinds.iter().map(|_| "x".to_owned()).collect();
        let mut reader = CopyText::new(names, kinds.to_vec());
        reader.take(text.as_bytes())?;
        let SheetBody::Grid(columns) = reader.finish().body else { panic!("a grid") };
        let height = columns.first().map_or(0, |column| column.values.len());
        let cell = |row: usize, column: usize| columns[column].values.get(row).map(str::to_owned);
        Ok((1..height).map(|row| (0..kinds.len()).map(|column| cell(row, column)).collect()).collect())
    }

    #[test]
    fn values_are_taken_as_they_were() {
        let kinds = [Kind::Text, Kind::Padded, Kind::Truth, Kind::Moment];
        let found = rows(
            &kinds,
            "甲\\t乙\\\\n\\n\\\\\tab  \tt\t2026-11-22 10:00:00+08\n\\N\t\tf\t\\N\n\\\\N\t \t\\N\t2026-01-02 00:00:01\n",
        )
        .expect("rows");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                vec![some("甲\t乙\\n\n\\"), some("ab"), some("true"), some("2026-11-22 10:00")],
                vec![None, None, some("false"), None],
                vec![some("\\N"), None, None, some("2026-01-02 00:00:01")],
            ]
        );
    }

    #[test]
    fn a_row_of_another_width_is_an_error() {
        assert!(rows(&[Kind::Text, Kind::Text], "a\n").is_err());
        assert!(rows(&[Kind::Text], "a\tb\n").is_err());
        assert_eq!(rows(&[Kind::Text], "").expect("none").len(), 0);
    }
}
