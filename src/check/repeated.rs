//! `repeated`: a filled field must not hold what so many rows of the table hold, or rows with so many different values
//! of another field.
//!
//! Apart from `unique` because it counts: two rows may share a telephone, ten may not.

use std::collections::{BTreeSet, HashMap};

use polars::prelude::{NULL, PolarsResult, lit, when};

use super::condition::Condition;
use super::normalise::Normalise;
use super::rows::{Rows, by_table};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `repeated`.
pub struct Kind;

#[derive(Debug)]
struct Repeated {
    table: String,
    field: String,
    normalise: Normalise,
    distinct: Option<String>,
    within: Vec<String>,
    counts: Option<Condition>,
    count: usize,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "repeated"
    }

    fn describe(&self) -> Text {
        text!("有值时不能在太多行中重复", "a filled field holds nothing that too many rows hold")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let normalise = rule.optional_word("normalise", &Normalise::WORDS).unwrap_or_default();
        let distinct = rule.optional_string("distinct").map(|written| scope.named(rule, scope.table, &written));
        let written = rule.optional_strings("within").unwrap_or_default();
        let within: Vec<String> = written.iter().filter_map(|word| scope.named(rule, scope.table, word)).collect();
        let count = scope.parameters.whole("count").and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
        let counts = scope.condition(rule, "counts", scope.table);
        let is_whole = within.len() == written.len() && !matches!(distinct, Some(None));
        let (table, field, distinct) = (scope.table.name.clone(), field?, distinct.flatten());
        let counts = counts?;
        is_whole.then(|| -> Box<dyn Check> {
            Box::new(Repeated { table, field, normalise, distinct, within, counts, count })
        })
    }
}

/// How many rows share each row's value; where the first input is asked for different values, how many of these.
fn shared(rows: &Rows, normalise: Normalise, is_distinct: bool, within: usize) -> Vec<Option<usize>> {
    let first_of_within = 1 + usize::from(is_distinct);
    let keys: Vec<Option<Vec<String>>> = (0..rows.height)
        .map(|row| {
            let value = rows.text(0, row).map(|value| normalise.apply(value)).filter(|value| !value.is_empty())?;
            let within = (first_of_within..first_of_within + within).map(|input| rows.text(input, row));
            let mut key: Vec<String> = within.map(|text| text.map(str::to_owned)).collect::<Option<_>>()?;
            key.push(value.into_owned());
            Some(key)
        })
        .collect();
    let mut rows_of: HashMap<&[String], (usize, BTreeSet<&str>)> = HashMap::new();
    for (row, key) in keys.iter().enumerate() {
        let Some(key) = key else { continue };
        let (count, values) = rows_of.entry(key.as_slice()).or_default();
        *count += 1;
        values.extend(is_distinct.then(|| rows.text(1, row)).flatten());
    }
    let counted = |key: &Vec<String>| {
        rows_of.get(key.as_slice()).map(|(count, values)| if is_distinct { values.len() } else { *count })
    };
    keys.iter().map(|key| key.as_ref().and_then(counted)).collect()
}

impl Check for Repeated {
    fn reads(&self) -> Vec<(String, String)> {
        let fields = std::iter::once(&self.field).chain(&self.distinct).chain(&self.within).map(String::as_str);
        let counted = self.counts.iter().flat_map(Condition::needed);
        fields.chain(counted).map(|field| (self.table.clone(), field.to_owned())).collect()
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        self.counts.iter().map(|counts| (self.table.as_str(), counts)).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let value = plan.columns.folded(&self.field);
        // A row that does not count repeats nothing, and is not repeated.
        let value = match &self.counts {
            Some(counts) => when(plan.columns.condition(counts)).then(value).otherwise(lit(NULL)),
            None => value,
        };
        let others = self.distinct.iter().chain(&self.within).map(|field| plan.columns.folded(field));
        let inputs = std::iter::once(value).chain(others).collect();
        let (normalise, is_distinct, within) = (self.normalise, self.distinct.is_some(), self.within.len());
        // One row alone repeats nothing, whatever the number says.
        let least = self.count.max(2);
        let too_many = by_table(inputs, move |rows| {
            let shared = shared(rows, normalise, is_distinct, within).into_iter();
            shared.map(|count| count.filter(|count| *count >= least).map(|count| count.to_string())).collect()
        });
        let failing = too_many.clone().is_not_null();
        Ok(vec![Unit::on(&self.field, failing).with_detail(too_many)])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }
}
