//! A TOML table that is read key by key and remembers where each value stands.
//!
//! Apart because configuration, dictionary, rules, calendar and waivers are all read through it: a key that nobody
//! asked for is an error at its line, so a typo can never switch a rule off. It knows no key by name.

mod asked;
mod problems;
pub mod schema;
mod values;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use asked::{Asked, Key, Shape};
pub use problems::Problems;
pub use values::NumberOrName;

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
    let problems = Problems::recording(document.clone(), asked.cloned());
    let text = document.text.clone();
    let (root, errors) = DeTable::parse_recoverable(&text);
    let span = root.span();
    let root = Params::new(root.get_ref(), span, problems.clone(), String::new(), String::new());
    let made = reader(&root);
    // Of several errors the first in the file is the cause: an unclosed quote is noticed again where it does harm.
    let first = errors.iter().min_by_key(|error| error.span().map_or(0, |span| span.start));
    let Some(error) = first else {
        root.finish();
        return (Some(made), problems.take());
    };
    // The cause of a table that stands twice may be one whose name is misspelt.
    root.finish();
    problems.forget_values();
    let said = error.message().to_owned();
    problems.add(error.span().unwrap_or(0..0), text!("TOML 语法错误：{said}", "not valid TOML: {said}"));
    (None, problems.take())
}

struct Entry<'t> {
    key: &'t str,
    key_span: Range<usize>,
    value: &'t Spanned<DeValue<'t>>,
    used: Cell<bool>,
}

impl Entry<'_> {
    /// Whether it is a table, or tables of one name.
    fn is_table(&self) -> bool {
        match self.value.get_ref() {
            DeValue::Table(_) => true,
            DeValue::Array(entries) => entries.iter().all(|entry| matches!(entry.get_ref(), DeValue::Table(_))),
            _ => false,
        }
    }
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
    fn new(table: &'t DeTable<'t>, span: Range<usize>, problems: Problems, path: String, kind: String) -> Self {
        let mut entries: Vec<Entry<'t>> = table
            .iter()
            .map(|(key, value)| Entry { key_span: key.span(), key: key.get_ref(), value, used: Cell::new(false) })
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
        self.entries.iter().map(|entry| Placed { value: entry.key.to_owned(), span: entry.key_span.clone() }).collect()
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

    /// Takes down that a writer's own keys hold something.
    fn record_any(&self, key: &str, shape: Shape) {
        if key == schema::ANY {
            self.record(key, shape, false);
        }
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

    /// Path and kind of a table below, which only those want who take down what was asked for.
    fn below(&self, key: &str) -> (String, String) {
        if self.problems.asked.is_none() {
            return (String::new(), String::new());
        }
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
        let key = entry.key;
        let (zh, en) = (wanted.zh, wanted.en);
        self.problems.add(entry.value.span(), text!("“{key}”应为{zh}", "`{key}` must be {en}"));
    }

    /// A table that may be absent.
    pub fn optional_table(&self, key: &'static str) -> Option<Params<'t>> {
        self.record(key, Shape::Table, false);
        self.remember(key);
        self.table_under(key)
    }

    /// A table under a key that the user chose.
    pub fn table_under(&self, key: &str) -> Option<Params<'t>> {
        self.record_any(key, Shape::Table);
        let entry = self.entry(key)?;
        match entry.value.get_ref() {
            DeValue::Table(table) => {
                let (path, kind) = self.below(key);
                Some(Params::new(table, entry.value.span(), self.problems.clone(), path, kind))
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
                            let (path, kind) = self.below(entry.key);
                            tables.push(Params::new(table, item.span(), self.problems.clone(), path, kind));
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

    /// Tells keys that nobody asked for and that are near to keys which are missing.
    pub fn tell_misspelt(&self, wanted: &[&'static str]) {
        let missing: Vec<&str> = wanted.iter().copied().filter(|key| !self.has(key)).collect();
        for entry in self.entries.iter().filter(|entry| !entry.used.get()) {
            let key = entry.key;
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
            let key = entry.key;
            let asked = self.asked.borrow();
            let message = text!("未知的键“{key}”", "unknown key `{key}`");
            if entry.is_table() {
                self.problems.misspelt_table(entry.key_span.clone(), message.clone(), key, &asked);
            }
            self.problems.unknown(entry.key_span.clone(), message, key, &asked);
        }
    }
}
