//! What a check kind may ask while it reads its keys: the table, the dictionary, the rule's named numbers.
//!
//! Apart because "a number that is not set switches the rule off, and says so" is decided here for every kind.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;

use super::condition::{self, Condition, Operand};
use crate::dictionary::{Dictionary, Table};
use crate::params::{Params, Placed};
use crate::text;

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The policy says it.
    Policy,
    /// The policy leaves it blank; the company filled it in.
    Company,
}

/// A named number of a rule.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value; nothing while it is blank.
    pub value: Option<Decimal>,
    /// Where it comes from.
    pub basis: Basis,
}

/// A number as it was given: where it is written, or nowhere, where it only stands in for one.
#[derive(Debug)]
struct Given {
    value: Parameter,
    span: Option<Range<usize>>,
}

/// The largest whole number that days, hours and counts are reckoned with.
const MOST: u32 = i32::MAX.unsigned_abs();

/// The named numbers of a rule (`[rule.parameters]`).
#[derive(Debug, Default)]
pub struct Parameters {
    given: BTreeMap<String, Given>,
    used: RefCell<Vec<String>>,
    unset: RefCell<Vec<String>>,
    named: RefCell<Vec<Placed<String>>>,
    not_whole: RefCell<Vec<String>>,
}

impl Parameters {
    /// Reads `name = 5` or `name = { value = 5, basis = "company" }`; other values may stand in for those written.
    pub fn read(table: Option<&Params>, instead: &BTreeMap<String, Decimal>) -> Self {
        let mut parameters = Self::written(table);
        for (name, value) in instead {
            if let Some(entry) = parameters.given.get_mut(name) {
                entry.value.value = Some(*value);
            } else {
                let parameter = Parameter { name: name.clone(), value: Some(*value), basis: Basis::Company };
                parameters.given.insert(name.clone(), Given { value: parameter, span: None });
            }
        }
        parameters
    }

    fn written(table: Option<&Params>) -> Self {
        let mut parameters = Self::default();
        let Some(table) = table else { return parameters };
        for key in table.keys() {
            let (value, basis) = if table.is_table(&key.value) {
                let Some(entry) = table.table_under(&key.value) else { continue };
                let value = entry.optional_decimal("value").map(|value| value.value);
                let basis = entry
                    .optional_word("basis", &[("policy", Basis::Policy), ("company", Basis::Company)])
                    .unwrap_or(Basis::Policy);
                entry.finish();
                (value, basis)
            } else {
                (table.decimal_under(&key.value).map(|value| value.value), Basis::Policy)
            };
            let parameter = Parameter { name: key.value.clone(), value, basis };
            parameters.given.insert(key.value, Given { value: parameter, span: Some(key.span) });
        }
        parameters
    }

    /// A number; nothing where it is blank, which switches the rule off.
    pub fn number(&self, name: &str) -> Option<Decimal> {
        self.used.borrow_mut().push(name.to_owned());
        let value = self.given.get(name).and_then(|parameter| parameter.value.value);
        let mut unset = self.unset.borrow_mut();
        if value.is_none() && !unset.iter().any(|other| other == name) {
            unset.push(name.to_owned());
        }
        value
    }

    /// A whole number from 0 up; nothing where it is blank. Another one is a mistake.
    pub fn whole(&self, name: &str) -> Option<u32> {
        let number = self.number(name)?;
        let whole =
            if number.fract().is_zero() { u32::try_from(number).ok().filter(|whole| *whole <= MOST) } else { None };
        if whole.is_none() {
            self.not_whole.borrow_mut().push(name.to_owned());
        }
        whole
    }

    /// A whole number that a rule names at a place, as days and hours are reckoned with.
    pub fn whole_at(&self, name: &str, span: Range<usize>) -> Option<i32> {
        self.named.borrow_mut().push(Placed { value: name.to_owned(), span });
        self.whole(name).and_then(|whole| i32::try_from(whole).ok())
    }

    /// A number that a rule names at a place; nothing where it is blank.
    pub fn number_at(&self, name: &str, span: Range<usize>) -> Option<Decimal> {
        self.named.borrow_mut().push(Placed { value: name.to_owned(), span });
        self.number(name)
    }

    /// The names that were asked for.
    pub fn asked(&self) -> Vec<String> {
        self.used.borrow().clone()
    }

    /// The numbers that were asked for and are blank.
    pub fn unset(&self) -> Vec<String> {
        self.unset.borrow().clone()
    }

    /// All numbers by name, for messages; those that are blank too.
    pub fn all(&self) -> Vec<Parameter> {
        let blank = |name: &String| Parameter { name: name.clone(), value: None, basis: Basis::Policy };
        let unset = self.unset.borrow();
        let not_given = unset.iter().filter(|name| !self.given.contains_key(*name)).map(blank);
        self.given.values().map(|entry| entry.value.clone()).chain(not_given).collect()
    }

    /// Numbers that nobody asked for are mistakes; so is a name that is not there where one of these is meant.
    pub fn finish(&self, table: &Params) {
        let used = self.used.borrow();
        let known: Vec<&str> = used.iter().map(String::as_str).collect();
        let idle: Vec<&str> = self.given.keys().map(String::as_str).filter(|name| !known.contains(name)).collect();
        for name in &idle {
            // One that only stands in is told by whoever gave it.
            let Some(span) = self.given.get(*name).and_then(|entry| entry.span.clone()) else { continue };
            let message = text!("此检查不用参数“{name}”", "this check takes no parameter `{name}`");
            table.problems().unknown(span, message, name, &known);
        }
        for name in self.not_whole.borrow().iter() {
            let Some(entry) = self.given.get(name) else { continue };
            let is_large = entry.value.value.is_some_and(|value| value > Decimal::from(MOST));
            let message = if is_large {
                text!("“{name}”太大，最多 {MOST}", "`{name}` is too large: {MOST} at most")
            } else {
                text!("“{name}”应为不小于 0 的整数", "`{name}` must be a whole number from 0 up")
            };
            table.problems().add(entry.span.clone().unwrap_or_else(|| table.span()), message);
        }
        // A number that is simply not there is blank. With one left over beside it, or one that is spelt almost alike,
        // it is misspelt.
        for named in self.named.borrow().iter().filter(|named| !self.given.contains_key(&named.value)) {
            let name = &named.value;
            let alike = |given: &&str| strsim::damerau_levenshtein(name, given) <= 1;
            let near: Vec<&str> =
                self.given.keys().map(String::as_str).filter(|given| idle.contains(given) || alike(given)).collect();
            if !near.is_empty() {
                let message = text!("没有参数“{name}”", "there is no parameter `{name}`");
                table.problems().unknown(named.span.clone(), message, name, &near);
            }
        }
    }

    /// The names that are written down.
    pub fn names(&self) -> Vec<String> {
        self.given.keys().cloned().collect()
    }

    /// Of a rule that could not be read: numbers that nobody asked for and whose name is near to one that was named.
    pub fn tell_misspelt(&self, table: &Params) {
        let used = self.used.borrow();
        let named = self.named.borrow();
        let wanted: Vec<&str> =
            named.iter().map(|named| named.value.as_str()).filter(|name| !self.given.contains_key(*name)).collect();
        for (name, entry) in self.given.iter().filter(|(name, _)| !used.contains(name)) {
            let Some(span) = entry.span.clone() else { continue };
            if crate::problem::nearest(name, wanted.iter().copied()).is_some() {
                let message = text!("此检查不用参数“{name}”", "this check takes no parameter `{name}`");
                table.problems().unknown(span, message, name, &wanted);
            }
        }
    }

    /// A number that a condition names must be written down, be it as a blank.
    pub fn is_written(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }
}

/// What a check kind may ask while it reads its keys.
pub struct Scope<'s> {
    /// The dictionary.
    pub dictionary: &'s Dictionary,
    /// The rule's table.
    pub table: &'s Table,
    /// The rule's named numbers.
    pub parameters: &'s Parameters,
}

impl<'s> Scope<'s> {
    /// The number that a key names; 0 stands in for a blank one, which switches the rule off.
    pub fn number_named(&self, written: &Placed<String>) -> Decimal {
        self.parameters.number_at(&written.value, written.span.clone()).unwrap_or_default()
    }

    /// A field of the rule's table that must be named under a key.
    pub fn field(&self, rule: &Params, key: &'static str) -> Option<String> {
        rule.string(key).and_then(|written| self.named(rule, self.table, &written))
    }

    /// A field of a table by name, label or alias.
    pub fn named(&self, rule: &Params, table: &Table, written: &Placed<String>) -> Option<String> {
        let word = &written.value;
        let field = table.field_called(word);
        if field.is_none() {
            let name = &table.name;
            let message = text!("表 {name} 没有字段“{word}”", "table {name} has no field `{word}`");
            let problem = rule.problems().document().problem(written.span.clone(), message);
            rule.problems().push(problem.with_suggestion(word, table.words()));
        }
        field.map(|field| field.name.clone())
    }

    /// Another table that must be named under a key.
    pub fn table(&self, rule: &Params, key: &'static str) -> Option<&'s Table> {
        let written = rule.string(key)?;
        let found = self.dictionary.table_called(&written.value);
        if found.is_none() {
            let word = &written.value;
            let message = text!("没有表“{word}”", "there is no table `{word}`");
            rule.problems().unknown(written.span, message, word, &self.dictionary.words());
        }
        found
    }

    /// A condition on a table that may stand under a key. Outer nothing: it has a mistake.
    pub fn condition(&self, rule: &Params, key: &'static str, table: &Table) -> Option<Option<Condition>> {
        match rule.optional_string(key) {
            None if rule.has(key) => None,
            None => Some(None),
            Some(written) => condition::parse(&written, table, self.parameters, rule.problems()).map(Some),
        }
    }

    /// The same on a table that is itself named in the rule: where that name is a mistake, the key is asked for all the
    /// same.
    pub fn condition_on(&self, rule: &Params, key: &'static str, table: Option<&Table>) -> Option<Option<Condition>> {
        if table.is_none() {
            rule.optional_string(key);
        }
        self.condition(rule, key, table?)
    }

    /// A value of a table that may stand under a key. Outer nothing: it has a mistake.
    pub fn operand(&self, rule: &Params, key: &'static str, table: &Table) -> Option<Option<Operand>> {
        match rule.optional_string(key) {
            None if rule.has(key) => None,
            None => Some(None),
            Some(written) => condition::parse_operand(&written, table, self.parameters, rule.problems()).map(Some),
        }
    }
}
