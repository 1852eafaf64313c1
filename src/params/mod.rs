//! A TOML table that is read key by key and remembers where each value stands.
//!
//! Apart because configuration, dictionary, rules, calendar and waivers are all read through it: a key that nobody
//! asked for is an error at its line, so a typo can never switch a rule off. It knows no key by name.

mod asked;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use asked::{Asked, Key, Shape};

use crate::problem::{Document, Problem};
use crate::text;
use crate::text::Text;

/// A value and the bytes of the file where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Range<usize>,
}

/// Where the mistakes of one file are gathered, so that all are shown at once.
#[derive(Clone)]
pub struct Problems {
    document: Document,
    found: Rc<RefCell<Vec<Problem>>>,
    asked: Option<Rc<RefCell<Asked>>>,
}

impl Problems {
    /// A collector for one file.
    pub fn new(document: Document) -> Self {
        Self { document, found: Rc::default(), asked: None }
    }

    /// The file.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Adds a mistake at a place.
    pub fn add(&self, span: Range<usize>, message: Text) {
        self.push(self.document.problem(span, message));
    }

    /// Adds a mistake.
    pub fn push(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    /// Adds a word that is off its list, with the nearest one on it.
    pub fn unknown(&self, span: Range<usize>, message: Text, word: &str, known: &[&str]) {
        let list = known.join(", ");
        let problem = self.document.problem(span, message).with_suggestion(word, known.iter().copied());
        let problem = match crate::problem::nearest(word, known.iter().copied()) {
            Some(_) => problem,
            None if known.is_empty() => problem,
            None => problem.with_hint(text!("可用：{list}", "known here: {list}")),
        };
        self.push(problem);
    }

    /// All mistakes so far, in the order of the file.
    pub fn take(&self) -> Vec<Problem> {
        let mut found = std::mem::take(&mut *self.found.borrow_mut());
        found.sort_by_key(Problem::place);
        found.dedup_by_key(|problem| problem.line(crate::text::Language::En));
        found
    }
}

/// Parses a file and hands its root table to a reader; returns what the reader made and every mistake.
pub fn read<T>(document: &Document, reader: impl FnOnce(&Params) -> T) -> (Option<T>, Vec<Problem>) {
    read_recording(document, None, reader)
}

/// The same, and takes down what was asked for.
pub fn read_recording<T>(
    document: &Document,
    asked: Option<&Rc<RefCell<Asked>>>,
    reader: impl FnOnce(&Params) -> T,
) -> (Option<T>, Vec<Problem>) {
    let problems = Problems { asked: asked.cloned(), ..Problems::new(document.clone()) };
    let text = document.text.clone();
    let (root, errors) = DeTable::parse_recoverable(&text);
    let span = root.span();
    let root = Params::new(root.into_inner(), span, problems.clone(), String::new(), String::new());
    let made = reader(&root);
    // Of several errors the first in the file is the cause: an unclosed quote is noticed again where it does harm.
    let first = errors.iter().min_by_key(|error| error.span().map_or(0, |span| span.start));
    let Some(error) = first else {
        root.finish();
        return (Some(made), problems.take());
    };
    // What was read of a broken file proves nothing, but for the names of its own tables.
    drop(problems.take());
    root.finish();
    let said = error.message().to_owned();
    problems.add(error.span().unwrap_or(0..0), text!("TOML 语法错误：{said}", "not valid TOML: {said}"));
    (None, problems.take())
}

struct Entry<'t> {
    key: String,
    key_span: Range<usize>,
    value: Spanned<DeValue<'t>>,
    used: Cell<bool>,
}

/// One table of the file.
pub struct Params<'t> {
    entries: Vec<Entry<'t>>,
    span: Range<usize>,
    problems: Problems,
    asked: RefCell<Vec<&'static str>>,
    /// Its name with those of the tables around it.
    path: String,
    /// The kind of check that it belongs to; empty where none.
    kind: RefCell<String>,
}

impl<'t> Params<'t> {
    fn new(table: DeTable<'t>, span: Range<usize>, problems: Problems, path: String, kind: String) -> Self {
        let mut entries: Vec<Entry<'t>> = table
            .into_iter()
            .map(|(key, value)| Entry {
                key_span: key.span(),
                key: key.into_inner().into_owned(),
                value,
                used: Cell::new(false),
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_span.start);
        Self { entries, span, problems, asked: RefCell::default(), path, kind: RefCell::new(kind) }
    }

    /// Where the table stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The collector of this file's mistakes.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// The keys that stand in the table, in the order of the file, with their places.
    pub fn keys(&self) -> Vec<Placed<String>> {
        self.entries.iter().map(|entry| Placed { value: entry.key.clone(), span: entry.key_span.clone() }).collect()
    }

    /// Whether a key stands in the table.
    pub fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// Where a key's value stands, or the table itself.
    pub fn span_of(&self, key: &str) -> Range<usize> {
        self.entries.iter().find(|entry| entry.key == key).map_or(self.span.clone(), |entry| entry.value.span())
    }

    fn entry(&self, key: &str) -> Option<&Entry<'t>> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        entry.used.set(true);
        Some(entry)
    }

    fn ask(&self, key: &'static str, shape: Shape) -> Option<&Entry<'t>> {
        self.record(key, shape, false);
        self.remember(key);
        self.entry(key)
    }

    /// Keys that were asked for are the known ones, each once.
    fn remember(&self, key: &'static str) {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
    }

    /// Takes down that a key was asked for, where somebody wants to know.
    fn record(&self, key: &str, shape: Shape, required: bool) {
        let Some(asked) = &self.problems.asked else { return };
        let place = (self.path.clone(), self.kind.borrow().clone());
        asked.borrow_mut().note(place, key, shape, required);
    }

    /// A key that holds a text, or a table of it in both languages.
    pub fn is_wording(&self, key: &'static str) -> bool {
        self.record(key, Shape::Wording, false);
        self.is_table(key)
    }

    /// From here on, what is asked for belongs to a kind of check.
    pub fn of_kind(&self, kind: &str) {
        kind.clone_into(&mut self.kind.borrow_mut());
    }

    /// From here on, what is asked for belongs to no kind again.
    pub fn of_no_kind(&self) {
        self.kind.borrow_mut().clear();
    }

    fn below(&self, key: &str) -> (String, String) {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        (path, self.kind.borrow().clone())
    }

    /// Says that a key is missing where it is.
    pub fn must_have(&self, key: &'static str) {
        self.record(key, Shape::Any, true);
        if !self.has(key) {
            self.remember(key);
            self.missing(key);
        }
    }

    /// Says that a list is missing, or has nothing in it.
    pub fn must_not_be_empty(&self, key: &'static str, is_empty: bool) {
        self.must_have(key);
        if is_empty && self.has(key) {
            self.problems.add(self.span_of(key), text!("“{key}”不能为空", "`{key}` must not be empty"));
        }
    }

    /// Says that a key is missing.
    pub fn missing(&self, key: &str) {
        let span = self.span.start..(self.span.start + 1).min(self.span.end.max(self.span.start + 1));
        self.problems.add(span, text!("缺少键“{key}”", "key `{key}` is missing"));
    }

    fn wrong_type(&self, entry: &Entry<'t>, wanted: Text) {
        let key = &entry.key;
        let (zh, en) = (wanted.zh, wanted.en);
        self.problems.add(entry.value.span(), text!("“{key}”应为{zh}", "`{key}` must be {en}"));
    }

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
        self.string_entry(self.entry(key)?)
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
            self.wrong_type(entry, text!("数字", "a number"));
        }
        value.map(|value| Placed { value, span: entry.value.span() })
    }

    /// A list of texts that may be absent; a single text counts as a list of one.
    pub fn optional_strings(&self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let entry = self.ask(key, Shape::Texts)?;
        self.strings_entry(entry)
    }

    /// A list of texts under a key that the user chose.
    pub fn strings_under(&self, key: &str) -> Option<Vec<Placed<String>>> {
        let entry = self.entry(key)?;
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

    /// The same under a key that the user chose.
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

    /// A table that may be absent.
    pub fn optional_table(&self, key: &'static str) -> Option<Params<'t>> {
        self.record(key, Shape::Table, false);
        self.remember(key);
        self.table_under(key)
    }

    /// A table under a key that the user chose.
    pub fn table_under(&self, key: &str) -> Option<Params<'t>> {
        let entry = self.entry(key)?;
        match entry.value.get_ref() {
            DeValue::Table(table) => {
                let (path, kind) = self.below(key);
                Some(Params::new(table.clone(), entry.value.span(), self.problems.clone(), path, kind))
            }
            _ => {
                self.wrong_type(entry, text!("表", "a table"));
                None
            }
        }
    }

    /// Whether the value under a key is a table.
    pub fn is_table(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key && matches!(entry.value.get_ref(), DeValue::Table(_)))
    }

    /// The tables of a list, `[[key]]`; none where the key is absent.
    pub fn tables(&self, key: &'static str) -> Vec<Params<'t>> {
        self.ask(key, Shape::Tables).map(|entry| self.tables_entry(entry)).unwrap_or_default()
    }

    /// The tables of a list under a key that the user chose.
    pub fn tables_under(&self, key: &str) -> Vec<Params<'t>> {
        self.entry(key).map(|entry| self.tables_entry(entry)).unwrap_or_default()
    }

    fn tables_entry(&self, entry: &Entry<'t>) -> Vec<Params<'t>> {
        let list = text!("表的列表（[[…]]）", "a list of tables ([[…]])");
        match entry.value.get_ref() {
            DeValue::Array(items) => {
                let mut tables = Vec::new();
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::Table(table) => {
                            let (path, kind) = self.below(&entry.key);
                            tables.push(Params::new(table.clone(), item.span(), self.problems.clone(), path, kind));
                        }
                        _ => self.wrong_type(entry, list.clone()),
                    }
                }
                tables
            }
            _ => {
                self.wrong_type(entry, list);
                Vec::new()
            }
        }
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

    /// Refuses a key whose effect is not built yet.
    pub fn not_built(&self, key: &'static str) {
        self.remember(key);
        if let Some(entry) = self.entry(key) {
            self.problems.add(
                entry.key_span.clone(),
                text!(
                    "“{key}”的功能尚未实现，因此拒绝，以免误以为已经生效；请删去此键",
                    "`{key}` has no effect in this version, so it is refused rather than promised; remove the key"
                ),
            );
        }
    }

    /// Tells keys that nobody asked for and that are near to keys which are missing.
    pub fn tell_misspelt(&self, wanted: &[&'static str]) {
        let missing: Vec<&str> = wanted.iter().copied().filter(|key| !self.has(key)).collect();
        for entry in self.entries.iter().filter(|entry| !entry.used.get()) {
            let key = &entry.key;
            if crate::problem::nearest(key, missing.iter().copied()).is_some() {
                let message = text!("未知的键“{key}”", "unknown key `{key}`");
                self.problems.unknown(entry.key_span.clone(), message, key, &missing);
            }
        }
    }

    /// Leaves the keys that were not asked for to another reader of the same file.
    pub fn leave_the_rest(&self) {
        self.entries.iter().for_each(|entry| entry.used.set(true));
    }

    /// Ends the reading: every key that nobody asked for is an error.
    pub fn finish(&self) {
        for entry in self.entries.iter().filter(|entry| !entry.used.get()) {
            let key = &entry.key;
            let asked = self.asked.borrow();
            let message = text!("未知的键“{key}”", "unknown key `{key}`");
            self.problems.unknown(entry.key_span.clone(), message, key, &asked);
        }
    }
}
