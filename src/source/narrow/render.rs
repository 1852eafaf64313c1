//! Tests as SQL: true or false of every row, never null.
//!
//! Apart because here it is decided what counts as plain. The alphabet is narrow on purpose: printable ASCII and common
//! Chinese characters, which folding leaves alone; any other cell makes its row suspect, for the database is not asked to
//! fold. It knows columns by their fields and no connection.

use std::collections::BTreeMap;

use super::dialect::Dialect;
use super::{Class, Column};
use crate::dictionary::{Dictionary, Field, FieldType};
use crate::model::narrowing::{Order, Place, Test};

/// Plain from its first to its last character, which is no blank.
const PLAIN: &str = "^[!-~一-鿿]([ -~一-鿿]*[!-~一-鿿])?";
/// Characters that folding leaves where they are.
const KEPT: &str = "[0-9A-Za-z一-鿿]";
/// What a number in scientific notation looks like.
const SCIENTIFIC: &str = "^[+-]?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]+$";
/// A day that is one, with a time or without.
const DAY: &str = "^(19|20)[0-9][0-9]-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$";
/// A number that is one.
const AMOUNT: &str = "^-?[0-9]{1,12}([.][0-9]{1,6})?$";

/// The columns of a statement that feed fields, and how they are written.
pub struct Renderer<'r> {
    /// How it is written.
    pub dialect: &'r Dialect,
    /// The columns by field.
    pub columns: BTreeMap<&'r str, &'r Column>,
    /// The fields by name.
    pub fields: BTreeMap<&'r str, &'r Field>,
    /// What counts as missing.
    pub dictionary: &'r Dictionary,
}

impl Renderer<'_> {
    /// A test in SQL. Without a column, a cell is empty; a value of a type that is not read as it is written makes a test
    /// of it true, and its opposite too: `wanted` is what must not be missed.
    pub fn test(&self, test: &Test, wanted: bool) -> String {
        let joined = |parts: &[Test], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.test(part, wanted)).collect();
            format!("({})", parts.join(word))
        };
        match test {
            Test::All(parts) => joined(parts, " and "),
            Test::Any(parts) => joined(parts, " or "),
            Test::Not(inner) => format!("(not {})", self.test(inner, !wanted)),
            Test::Constant(value) => truth(*value),
            Test::HasColumn(field) => truth(self.columns.contains_key(field.as_str())),
            Test::Empty(field) => match self.columns.get(field.as_str()) {
                None => truth(true),
                Some(column) if column.class == Class::Other => truth(wanted),
                Some(column) => self.empty(column),
            },
            Test::Filled(field) => self.of(field, wanted, |cell, described| {
                let run = self.matches(cell, &format!("{KEPT}{{{}}}", self.longest_missing(described) + 1));
                format!("({run} or {})", self.plain(cell, described))
            }),
            Test::Plain(field) => self.of(field, wanted, |cell, described| self.plain(cell, described)),
            Test::Sound(field) => self.of(field, wanted, |cell, described| {
                format!("({} and not {})", self.plain(cell, described), self.matches(cell, SCIENTIFIC))
            }),
            Test::Reads(field) => self.of(field, wanted, |cell, described| match described.field_type {
                FieldType::Text => self.plain(cell, described),
                FieldType::Date | FieldType::DateTime => self.matches(cell, DAY),
                FieldType::Decimal => self.matches(cell, AMOUNT),
            }),
            Test::OneOf(field, texts) => self.of(field, wanted, |cell, _| {
                let texts: Vec<String> = texts.iter().map(|text| (self.dialect.text)(text)).collect();
                if texts.is_empty() { truth(false) } else { format!("{cell} in ({})", texts.join(", ")) }
            }),
            Test::Matches(field, pattern) => self.of(field, wanted, |cell, _| self.matches(cell, pattern)),
            Test::Holds(field, place, text) => self.of(field, wanted, |cell, _| {
                let (written, length) = ((self.dialect.text)(text), text.chars().count());
                match place {
                    Place::Anywhere => format!("position({written} in {cell}) > 0"),
                    Place::Start => format!("left({cell}, {length}) = {written}"),
                    Place::End => format!("right({cell}, {length}) = {written}"),
                }
            }),
            Test::Length(field, order, length) => {
                self.of(field, wanted, |cell, _| format!("char_length({cell}) {} {length}", sign(*order)))
            }
            Test::DayIs(field, order, day) => {
                self.of(field, wanted, |cell, _| format!("left({cell}, 10) {} '{day}'", sign(*order)))
            }
            Test::DaysAre(field, order, other) => self.of_two(field, other, wanted, |cell, other| {
                format!("left({cell}, 10) {} left({other}, 10)", sign(*order))
            }),
            Test::FarApart(from, to, days) => self.of_two(from, to, wanted, |from, to| {
                let (from_reads, to_reads) = (self.matches(from, DAY), self.matches(to, DAY));
                let between = (self.dialect.days_between)(from, to);
                format!("case when {from_reads} and {to_reads} then {between} > {days} else false end")
            }),
        }
    }

    /// A test of a filled cell, false of an empty one.
    fn of(&self, field: &str, wanted: bool, test: impl Fn(&str, &Field) -> String) -> String {
        match (self.columns.get(field), self.fields.get(field)) {
            (Some(column), _) if column.class == Class::Other => truth(wanted),
            (Some(column), Some(described)) => {
                let cell = self.cell(column);
                format!("({cell} is not null and {})", test(&cell, described))
            }
            _ => truth(false),
        }
    }

    fn of_two(&self, one: &str, other: &str, wanted: bool, test: impl Fn(&str, &str) -> String) -> String {
        match (self.columns.get(one), self.columns.get(other)) {
            (Some(one), Some(other)) if [one, other].iter().any(|column| column.class == Class::Other) => truth(wanted),
            (Some(one), Some(other)) => {
                let (one, other) = (self.cell(one), self.cell(other));
                format!("({one} is not null and {other} is not null and {})", test(&one, &other))
            }
            _ => truth(false),
        }
    }

    /// A column of the statement as it is.
    pub fn raw(&self, column: &Column) -> String {
        format!("q.{}", (self.dialect.name)(&column.name))
    }

    /// A column of the statement as text.
    pub fn cell(&self, column: &Column) -> String {
        (self.dialect.cell)(&self.raw(column))
    }

    /// Whether a column has no text in a row.
    pub fn empty(&self, column: &Column) -> String {
        let raw = self.raw(column);
        match column.class {
            Class::Text => format!("({raw} is null or {} = '')", self.cell(column)),
            _ => format!("({raw} is null)"),
        }
    }

    fn matches(&self, cell: &str, pattern: &str) -> String {
        (self.dialect.matches)(cell, &(self.dialect.text)(pattern))
    }

    fn plain(&self, cell: &str, field: &Field) -> String {
        let missing: Vec<String> = self.missing(field).map(|word| (self.dialect.text)(word)).collect();
        let matches = self.matches(cell, &format!("{PLAIN}{}", self.dialect.end));
        if missing.is_empty() { matches } else { format!("({matches} and {cell} not in ({}))", missing.join(", ")) }
    }

    fn missing<'f>(&'f self, field: &'f Field) -> impl Iterator<Item = &'f String> {
        let words = self.dictionary.missing.iter().chain(&field.missing);
        words.filter(|word| !word.is_empty() && !field.filled.contains(word))
    }

    fn longest_missing(&self, field: &Field) -> usize {
        self.missing(field).map(|word| word.chars().count()).max().unwrap_or(0)
    }
}

/// True or false, as every dialect has it.
pub fn truth(value: bool) -> String {
    (if value { "(1 = 1)" } else { "(1 = 0)" }).to_owned()
}

fn sign(order: Order) -> &'static str {
    match order {
        Order::Equal => "=",
        Order::NotEqual => "<>",
        Order::Less => "<",
        Order::LessOrEqual => "<=",
        Order::Greater => ">",
        Order::GreaterOrEqual => ">=",
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;
    use crate::dataset::typing;
    use crate::folding::fold;

    #[test]
    fn what_is_plain_is_not_changed_by_folding() {
        let plain = Regex::new(&format!("{PLAIN}$")).expect("a pattern");
        let kept = Regex::new(KEPT).expect("a pattern");
        for code in 0..=0x2_0000_u32 {
            let Some(character) = char::from_u32(code) else { continue };
            for text in
                [format!("{character}"), format!("甲{character}"), format!("{character}x"), format!("a{character}b")]
            {
                if plain.is_match(&text) {
                    assert_eq!(fold(&text), text, "U+{code:04X}");
                }
            }
            if kept.is_match(&character.to_string()) {
                assert_eq!(fold(&character.to_string()), character.to_string(), "U+{code:04X}");
            }
        }
    }

    #[test]
    fn what_looks_like_a_day_is_one_to_typing() {
        let day = Regex::new(DAY).expect("a pattern");
        let mut days = 0;
        for year in [1900, 1999, 2000, 2023, 2024, 2099] {
            for (month, date) in (0..=13).flat_map(|month| (0..=32).map(move |date| (month, date))) {
                let text = format!("{year}-{month:02}-{date:02}");
                if day.is_match(&text) {
                    assert!(typing::date(&text).is_some(), "{text}");
                    assert!(typing::datetime(&format!("{text} 23:59:59")).is_some(), "{text}");
                    days += 1;
                }
            }
        }
        // all but 29 February
        assert_eq!(days, 6 * 365);
    }

    #[test]
    fn what_looks_like_an_amount_is_one_to_typing() {
        let amount = Regex::new(AMOUNT).expect("a pattern");
        for text in ["0", "-1", "12.5", "999999999999.999999"] {
            assert!(amount.is_match(text) && typing::decimal(text).is_some(), "{text}");
        }
        for text in ["1,200", "1e5", ".5", "5.", "+5", "約5", "5 "] {
            assert!(!amount.is_match(text), "{text}");
        }
    }
}
