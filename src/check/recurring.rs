//! `recurring`: the newest entry of a register, or of each group of it, is not too old.
//!
//! It is about the register and not about its rows: one row a group is tested, the newest, and a finding points at it.
//! A day after the as-of date is no entry yet. A register without any row fails at its header.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use polars::prelude::{DataType, Expr, PolarsResult, lit};

use super::condition::Condition;
use super::moment::{dated, days};
use super::rows::{Rows, by_table};
use super::stale::Age;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `recurring`.
pub struct Kind;

/// What stands for the newest day where no row counts.
const NONE: &str = "none";

#[derive(Debug)]
struct Recurring {
    table: String,
    field: String,
    group: Option<String>,
    counts: Option<Condition>,
    age: Age,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "recurring"
    }

    fn describe(&self) -> Text {
        text!("登记表最近一次的日期不能太早", "the newest entry of a register is not too old")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = rule.string("field").and_then(|written| dated(rule, scope, scope.table, &written));
        let group = rule.optional_string("group").map(|written| scope.named(rule, scope.table, &written));
        let counts = scope.condition(rule, "counts", scope.table);
        let age = Age::read(rule, scope);
        let (table, field, counts) = (scope.table.name.clone(), field?, counts?);
        let is_whole = !matches!(group, Some(None));
        let group = group.flatten();
        is_whole.then(|| -> Box<dyn Check> { Box::new(Recurring { table, field, group, counts, age }) })
    }
}

/// The row that stands for each group, with the newest day; without a group the whole table is one.
fn newest(rows: &Rows, as_of: i32, is_grouped: bool) -> Vec<Option<String>> {
    let mut groups: BTreeMap<&str, (usize, Option<i32>)> = BTreeMap::new();
    for row in 0..rows.height {
        let Some(group) = (if is_grouped { rows.text(2, row) } else { Some("") }) else { continue };
        let day = rows.holds(1, row).then(|| rows.number(0, row)).flatten().and_then(|day| i32::try_from(day).ok());
        let day = day.filter(|day| *day <= as_of);
        let (at, newest) = groups.entry(group).or_insert((row, None));
        if day > *newest {
            (*at, *newest) = (row, day);
        }
    }
    let mut said = vec![None; rows.height];
    for (row, day) in groups.into_values() {
        said[row] = Some(day.map_or_else(|| NONE.to_owned(), written));
    }
    said
}

fn written(day: i32) -> String {
    let since = Days::new(u64::from(day.unsigned_abs()));
    let origin = NaiveDate::default();
    let date = if day < 0 { origin.checked_sub_days(since) } else { origin.checked_add_days(since) };
    date.unwrap_or_default().to_string()
}

impl Check for Recurring {
    fn follows_the_day(&self) -> bool {
        true
    }

    fn reads(&self) -> Vec<(String, String)> {
        let mut fields: Vec<&str> = std::iter::once(&self.field).chain(&self.group).map(String::as_str).collect();
        fields.extend(self.counts.iter().flat_map(Condition::needed));
        fields.into_iter().map(|field| (self.table.clone(), field.to_owned())).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let counts = self.counts.as_ref().map_or_else(|| lit(true), |counts| plan.columns.condition(counts));
        let day: Expr = plan.columns.value(&self.field).cast(DataType::Date).cast(DataType::Int32);
        let mut inputs = vec![day, counts];
        inputs.extend(self.group.iter().map(|group| plan.columns.folded(group)));
        let (as_of, is_grouped) = (days(plan.as_of), self.group.is_some());
        let newest = by_table(inputs, move |rows| newest(rows, as_of, is_grouped));
        // Days of four-digit years compare as text.
        let too_old = newest.clone().lt(lit(self.age.limit(plan.as_of).to_string()));
        let failing = newest.clone().eq(lit(NONE)).or(too_old);
        let tested = Some(newest.clone().is_not_null());
        Ok(vec![Unit { field: Some(self.field.clone()), tested, failing, detail: Some(newest) }])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        self.counts.iter().map(|counts| (self.table.as_str(), counts)).collect()
    }

    fn fails_when_empty(&self) -> Option<(&str, &'static str)> {
        // Of groups nobody knows which there should be.
        self.group.is_none().then_some((self.field.as_str(), NONE))
    }

    fn words(&self) -> Vec<(&'static str, Text)> {
        vec![(NONE, text!("没有记录", "no entry"))]
    }
}
