//! `gaps`: the serial numbers of a series follow one another, and what else a number says fits its record.
//!
//! What does not match the pattern is passed over: that is a matter of `format`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, TimeDelta};
use polars::prelude::{DataType, PolarsResult};
use regex::Regex;

use super::condition::Condition;
use super::rows::{Rows, by_row, by_table};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::FieldType;
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `gaps`.
pub struct Kind;

const MISMATCH: &str = "mismatch";

#[derive(Debug)]
struct Gaps {
    table: String,
    field: String,
    pattern: Arc<Regex>,
    /// The serial that each series begins with.
    first: Option<u64>,
    parts: Vec<Part>,
}

/// A group of the pattern, and the field that must agree with it.
#[derive(Clone, Debug)]
struct Part {
    group: String,
    field: String,
    /// Whether the year of a day is what agrees.
    is_year: bool,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "gaps"
    }

    fn describe(&self) -> Text {
        text!("同一系列的流水号不能跳号", "the serial numbers of a series follow one another")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let written = rule.string("pattern");
        let has_first = scope.parameters.all().iter().any(|parameter| parameter.name == "first");
        let first = has_first.then(|| scope.parameters.whole("first")).flatten().map(u64::from);
        let parts_table = rule.optional_table("parts");
        let pattern = pattern(rule, &written?)?;
        let parts = match &parts_table {
            Some(table) => parts(table, scope, &pattern)?,
            None => Vec::new(),
        };
        let table = scope.table.name.clone();
        Some(Box::new(Gaps { table, field: field?, pattern: Arc::new(pattern), first, parts }))
    }
}

fn pattern(rule: &Params, written: &Placed<String>) -> Option<Regex> {
    let pattern = match Regex::new(&format!(r"\A(?:{})\z", written.value)) {
        Ok(pattern) => pattern,
        Err(error) => {
            let said = error.to_string().lines().last().unwrap_or_default().to_owned();
            let message = text!("正则表达式有误：{said}", "not a regular expression: {said}");
            rule.problems().add(written.span.clone(), message);
            return None;
        }
    };
    for group in ["prefix", "serial"] {
        if !pattern.capture_names().flatten().any(|name| name == group) {
            let message = text!("缺少命名组“(?P<{group}>…)”", "the named group `(?P<{group}>…)` is missing");
            rule.problems().add(written.span.clone(), message);
            return None;
        }
    }
    Some(pattern)
}

fn parts(table: &Params, scope: &Scope, pattern: &Regex) -> Option<Vec<Part>> {
    let groups: Vec<&str> = pattern.capture_names().flatten().collect();
    let mut parts = Vec::new();
    for key in table.keys() {
        let group = key.value;
        let named = table.string_under(&group).and_then(|written| scope.named(table, scope.table, &written));
        if !groups.contains(&group.as_str()) {
            let message = text!("“pattern”中没有命名组“{group}”", "`pattern` has no group `{group}`");
            table.problems().unknown(key.span, message, &group, &groups);
            return None;
        }
        let field = named?;
        let field_type = scope.table.field(&field).map(|field| field.field_type);
        let is_year = matches!(field_type, Some(FieldType::Date | FieldType::DateTime));
        parts.push(Part { group, field, is_year });
    }
    Some(parts)
}

/// What is skipped before each row's serial; nothing where nothing is.
fn skipped(rows: &Rows, pattern: &Regex, first: Option<u64>) -> Vec<Option<String>> {
    let numbers: Vec<Option<(&str, &str, u64)>> = (0..rows.height)
        .map(|row| {
            let captures = pattern.captures(rows.text(0, row)?)?;
            let serial = captures.name("serial")?.as_str();
            Some((captures.name("prefix")?.as_str(), serial, serial.parse().ok()?))
        })
        .collect();
    let mut series: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for (prefix, _, number) in numbers.iter().flatten() {
        series.entry(prefix).or_default().insert(*number);
    }
    let missing = |(prefix, serial, number): &(&str, &str, u64)| {
        let before = series.get(prefix)?.range(..number).next_back();
        let from = match (before, first) {
            (Some(before), _) => before + 1,
            (None, first) => first?,
        };
        let width = serial.len();
        match number.checked_sub(from)? {
            0 => None,
            1 => Some(format!("{from:0width$}")),
            _ => Some(format!("{from:0width$}-{:0width$}", number - 1)),
        }
    };
    numbers.iter().map(|number| number.as_ref().and_then(missing)).collect()
}

/// Whether a group of a number says something else than a field; nothing where one of them says nothing.
fn differs(rows: &Rows, row: usize, pattern: &Regex, part: &Part) -> Option<bool> {
    let captures = pattern.captures(rows.text(0, row)?)?;
    let said = captures.name(&part.group)?.as_str();
    if !part.is_year {
        return Some(rows.text(1, row)? != said);
    }
    let day = NaiveDate::default().checked_add_signed(TimeDelta::days(rows.number(1, row)?))?;
    Some(said.parse::<i32>().ok() != Some(day.year()))
}

impl Check for Gaps {
    fn reads(&self) -> Vec<(String, String)> {
        let fields = std::iter::once(&self.field).chain(self.parts.iter().map(|part| &part.field));
        fields.map(|field| (self.table.clone(), field.clone())).collect()
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let number = plan.columns.folded(&self.field);
        let (pattern, first) = (self.pattern.clone(), self.first);
        let skipped = by_table(vec![number.clone()], move |rows| skipped(rows, &pattern, first));
        let mut units = vec![Unit::on(&self.field, skipped.clone().is_not_null()).with_detail(skipped)];
        for part in &self.parts {
            let told = if part.is_year {
                plan.columns.value(&part.field).cast(DataType::Date).cast(DataType::Int32)
            } else {
                plan.columns.folded(&part.field)
            };
            let (pattern, of) = (self.pattern.clone(), part.clone());
            let mismatch = by_row(vec![number.clone(), told], move |rows, row| {
                differs(rows, row, &pattern, &of).filter(|differs| *differs).map(|_| MISMATCH.to_owned())
            });
            units.push(Unit::on(&part.field, mismatch.clone().is_not_null()).with_detail(mismatch));
        }
        Ok(units)
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<(&'static str, Text)> {
        vec![(MISMATCH, text!("与编号不一致", "not as the number has it"))]
    }
}
