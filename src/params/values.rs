//! Single values of a table: texts, numbers, days, lists and words of a list, each with its place.
//!
//! Apart because a value of the wrong type is told alike everywhere. It knows tables only as what holds the value.

use rust_decimal::Decimal;
use toml::de::DeValue;

use super::{Entry, Params, Placed, Shape};
use crate::text;
use crate::text::Text;

/// What stands where a number, or the name of one, is wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberOrName {
    /// The number, exactly.
    Number(Decimal),
    /// What names it.
    Name(Placed<String>),
}

impl<'t> Params<'t> {
    fn string_entry(&self, entry: &Entry<'t>) -> Option<Placed<String>> {
        match entry.value.get_ref() {
            DeValue::String(text) => Some(Placed { value: text.to_string(), span: entry.value.span() }),
            _ => {
                self.wrong_type(entry, text!("带引号的文字", "a quoted text"));
                None
            }
        }
    }

    /// A text that may be absent.
    pub fn optional_string(&self, key: &'static str) -> Option<Placed<String>> {
        self.string_entry(self.ask(key, Shape::Text)?)
    }

    /// A text that must be there.
    pub fn string(&self, key: &'static str) -> Option<Placed<String>> {
        self.record(key, Shape::Text, true);
        match self.ask(key, Shape::Text) {
            Some(entry) => {
                let written = self.string_entry(entry);
                if written.as_ref().is_some_and(|written| written.value.trim().is_empty()) {
                    self.problems.add(entry.value.span(), text!("“{key}”不能为空", "`{key}` must not be empty"));
                }
                written
            }
            None => {
                self.missing(key);
                None
            }
        }
    }

    /// A text under a key that the user chose.
    pub fn string_under(&self, key: &str) -> Option<Placed<String>> {
        self.record_any(key, Shape::Text);
        self.string_entry(self.entry(key)?)
    }

    /// A text in Chinese and in English, `{ zh, en }`, or one for both; it may be absent, and not blank.
    pub fn optional_wording(&self, key: &'static str) -> Option<(Placed<String>, Placed<String>)> {
        if self.is_wording(key) {
            let table = self.optional_table(key)?;
            let (zh, en) = (table.string("zh"), table.string("en"));
            table.finish();
            return zh.zip(en);
        }
        let one = self.optional_string(key)?;
        if one.value.trim().is_empty() {
            self.problems.add(one.span.clone(), text!("“{key}”不能为空", "`{key}` must not be empty"));
        }
        Some((one.clone(), one))
    }

    /// The same without its places.
    pub fn optional_text(&self, key: &'static str) -> Option<Text> {
        let (zh, en) = self.optional_wording(key)?;
        Some(Text { zh: zh.value, en: en.value })
    }

    /// true or false.
    pub fn optional_bool(&self, key: &'static str) -> Option<bool> {
        let entry = self.ask(key, Shape::Flag)?;
        match entry.value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => {
                self.wrong_type(entry, text!("true 或 false", "true or false"));
                None
            }
        }
    }

    /// A whole number from 0 up.
    pub fn optional_count(&self, key: &'static str) -> Option<Placed<u64>> {
        let entry = self.ask(key, Shape::Count)?;
        let value = match entry.value.get_ref() {
            DeValue::Integer(integer) => u64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok(),
            _ => None,
        };
        if value.is_none() {
            self.wrong_type(entry, text!("不小于 0 的整数", "a whole number from 0 up"));
        }
        value.map(|value| Placed { value, span: entry.value.span() })
    }

    /// A number, exactly as written.
    pub fn optional_decimal(&self, key: &'static str) -> Option<Placed<Decimal>> {
        let entry = self.ask(key, Shape::Number)?;
        self.decimal_entry(entry)
    }

    /// A number under a key that the user chose.
    pub fn decimal_under(&self, key: &str) -> Option<Placed<Decimal>> {
        let entry = self.entry(key)?;
        self.decimal_entry(entry)
    }

    fn decimal_entry(&self, entry: &Entry<'t>) -> Option<Placed<Decimal>> {
        let written = match entry.value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().replace('_', ""),
            DeValue::Float(float) => float.as_str().replace('_', ""),
            _ => String::new(),
        };
        let value = Decimal::from_str_exact(written.trim_start_matches('+')).ok();
        if value.is_none() {
            let has_exponent =
                matches!(entry.value.get_ref(), DeValue::Float(float) if float.as_str().contains(['e', 'E']));
            self.wrong_type(
                entry,
                match has_exponent {
                    true => text!("数字，不能写指数", "a number without an exponent"),
                    false => text!("数字", "a number"),
                },
            );
        }
        value.map(|value| Placed { value, span: entry.value.span() })
    }

    /// A list of texts that may be absent; a single text counts as a list of one.
    pub fn optional_strings(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let entry = self.ask(key, Shape::Texts)?;
        self.strings_entry(entry)
    }

    fn strings_entry(&self, entry: &Entry<'t>) -> Option<Vec<Placed<String>>> {
        let wanted = || text!("文字的列表", "a list of texts");
        match entry.value.get_ref() {
            DeValue::String(text) => Some(vec![Placed { value: text.to_string(), span: entry.value.span() }]),
            DeValue::Array(items) => {
                let mut strings = Vec::new();
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::String(text) => {
                            strings.push(Placed { value: text.to_string(), span: item.span() });
                        }
                        _ => {
                            self.wrong_type(entry, wanted());
                            return None;
                        }
                    }
                }
                Some(strings)
            }
            _ => {
                self.wrong_type(entry, wanted());
                None
            }
        }
    }

    /// A list of texts that must be there.
    pub fn strings(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let list = self.strings_or_none(key);
        self.must_not_be_empty(key, list.as_ref().is_some_and(Vec::is_empty));
        list
    }

    /// A list of texts that must be there and may have nothing in it.
    pub fn strings_or_none(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        self.record(key, Shape::Texts, true);
        self.must_have(key);
        self.optional_strings(key)
    }

    /// A list of dates, each written 2026-11-22 or "2026-11-22".
    pub fn optional_dates(&self, key: &'static str) -> Option<Vec<Placed<chrono::NaiveDate>>> {
        let entry = self.ask(key, Shape::Dates)?;
        let DeValue::Array(items) = entry.value.get_ref() else {
            self.wrong_type(entry, text!("日期的列表", "a list of dates"));
            return None;
        };
        let mut dates = Vec::new();
        for item in items.iter() {
            let written = match item.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Datetime(datetime) => datetime.to_string(),
                _ => String::new(),
            };
            match chrono::NaiveDate::parse_from_str(&written, "%Y-%m-%d") {
                Ok(date) => dates.push(Placed { value: date, span: item.span() }),
                Err(_) => {
                    self.problems.add(
                        item.span(),
                        text!("“{written}”不是日期（应写作 2026-11-22）", "`{written}` is no date (write 2026-11-22)"),
                    );
                }
            }
        }
        Some(dates)
    }

    /// A text, date or number as it is written: for values whose reader judges them.
    pub fn optional_written(&self, key: &'static str) -> Option<Placed<String>> {
        self.written_entry(self.ask(key, Shape::Any)?)
    }

    /// A number, or a text that names one: what else TOML can write is neither.
    pub fn optional_number_or_name(&self, key: &'static str) -> Option<NumberOrName> {
        let entry = self.ask(key, Shape::Any)?;
        match entry.value.get_ref() {
            DeValue::String(_) => self.string_entry(entry).map(NumberOrName::Name),
            _ => self.decimal_entry(entry).map(|number| NumberOrName::Number(number.value)),
        }
    }

    /// The same as it is written under a key that the user chose.
    pub fn written_under(&self, key: &str) -> Option<Placed<String>> {
        self.written_entry(self.entry(key)?)
    }

    fn written_entry(&self, entry: &Entry<'t>) -> Option<Placed<String>> {
        let value = match entry.value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(integer) => integer.as_str().to_owned(),
            DeValue::Float(float) => float.as_str().to_owned(),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            DeValue::Array(_) | DeValue::Table(_) => {
                self.wrong_type(entry, text!("单个值", "a single value"));
                return None;
            }
        };
        Some(Placed { value, span: entry.value.span() })
    }

    /// A word of a list.
    pub fn optional_word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.record(key, Shape::Word(words.iter().map(|(word, _)| (*word).to_owned()).collect()), false);
        let written = self.optional_string(key)?;
        match words.iter().find(|(word, _)| *word == written.value) {
            Some((_, value)) => Some(*value),
            None => {
                let word = &written.value;
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                let message = text!("“{key}”没有“{word}”这个值", "`{word}` is no value of `{key}`");
                self.problems.unknown(written.span, message, word, &known);
                None
            }
        }
    }
}
