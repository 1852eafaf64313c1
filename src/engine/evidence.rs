//! The values that a rule's verdict on one record rests on: what it read there, counted, and summed.
//!
//! Apart because only `explain` asks, for one record; runs do not pay for it.

use std::collections::BTreeMap;

use polars::prelude::{AnyValue, DataType, Expr, PolarsResult};

use super::Context;
use super::execute::collected;
use crate::check::Plan;
use crate::check::condition::{Condition, Figures, Operand};
use crate::dataset::Dataset;
use crate::rule::Rule;
use crate::text;
use crate::text::Text;

/// One value: what it is, and how it reads; empty where it is missing.
pub struct Evidence {
    /// What it is.
    pub what: Text,
    /// How it reads.
    pub value: String,
}

/// The evidence for a rule on a record, or why there is none.
///
/// # Errors
/// Where the plan cannot be made.
pub fn evidence(
    rule: &Rule,
    record: usize,
    datasets: &BTreeMap<String, Dataset>,
    context: &Context,
) -> Result<Vec<Evidence>, String> {
    let Some(dataset) = datasets.get(&rule.table) else { return Ok(Vec::new()) };
    let mut found = fields(rule, record, dataset);
    found.extend(computed(rule, record, dataset, datasets, context).map_err(|error| error.to_string())?);
    Ok(found)
}

/// The cells of the record that the rule reads, as typed.
fn fields(rule: &Rule, record: usize, dataset: &Dataset) -> Vec<Evidence> {
    let mut seen: Vec<String> = Vec::new();
    for (table, field) in rule.reads() {
        if table == rule.table && !seen.contains(&field) {
            seen.push(field);
        }
    }
    seen.iter()
        .filter(|field| dataset.columns.contains_key(*field))
        .map(|field| {
            let described = dataset.table.field(field);
            let label = described.map_or_else(
                || Text::same(field.clone()),
                |field| Text { zh: field.label.clone(), en: field.label_en.clone() },
            );
            let part = dataset.part(record);
            let letters = part.and_then(|part| part.letters.get(field)).cloned().unwrap_or_default();
            let Text { zh, en } = label;
            let what = if letters.is_empty() {
                Text { zh, en }
            } else {
                text!("{zh}（{letters} 列）", "{en} (column {letters})")
            };
            Evidence { what, value: dataset.typed_at(field, record).to_owned() }
        })
        .collect()
}

/// What the check computes for the record, and the values that its conditions compare.
fn computed(
    rule: &Rule,
    record: usize,
    dataset: &Dataset,
    datasets: &BTreeMap<String, Dataset>,
    context: &Context,
) -> PolarsResult<Vec<Evidence>> {
    let mut plan = Plan::new(dataset, datasets, context.given());
    let mut made: Vec<(Text, Expr)> = rule.check.evidence(&mut plan)?;
    let own =
        rule.check.conditions().into_iter().filter(|(table, _)| *table == rule.table).map(|(_, condition)| condition);
    for operand in own.chain(&rule.where_).flat_map(Condition::operands) {
        let plain = operand.is_constant() || matches!(operand, Operand::Field(..));
        let known = |field: &&str| dataset.table.field(field).is_some();
        if !plain && operand.fields().iter().all(known) {
            made.push((operand.words(&dataset.table), plan.columns.shown(operand, &Figures::new())));
        }
    }
    if made.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = (0..made.len()).map(|number| format!("value{number}")).collect();
    let outputs: Vec<Expr> = made
        .iter()
        .zip(&names)
        .map(|((_, value), name)| value.clone().cast(DataType::String).alias(name.as_str()))
        .collect();
    let values = collected(&plan, outputs)?;
    let mut found: Vec<Evidence> = Vec::new();
    for ((what, _), name) in made.into_iter().zip(&names) {
        let value = match values.column(name)?.get(record)? {
            AnyValue::Null => String::new(),
            AnyValue::String(text) => text.to_owned(),
            other => other.to_string(),
        };
        if !found.iter().any(|other| other.what == what) {
            found.push(Evidence { what, value });
        }
    }
    Ok(found)
}

/// How many records fall into each class that the rule's check tells apart, such as tiers; none where it tells none.
pub fn classes(rule: &Rule, datasets: &BTreeMap<String, Dataset>, context: &Context) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for class in class_of_each(rule, datasets, context).unwrap_or_default().into_iter().flatten() {
        *counts.entry(class).or_insert(0) += 1;
    }
    counts
}

/// The class of every record of the rule's table, as far as it has one; nothing where the rule tells none apart.
pub fn class_of_each(
    rule: &Rule,
    datasets: &BTreeMap<String, Dataset>,
    context: &Context,
) -> Option<Vec<Option<String>>> {
    // Of blanks nobody knows what they would come to.
    let dataset = datasets.get(&rule.table).filter(|_| rule.unset.is_empty())?;
    let collect = || -> PolarsResult<Option<Vec<Option<String>>>> {
        let mut plan = Plan::new(dataset, datasets, context.given());
        let Some(class) = rule.check.classes(&mut plan)? else { return Ok(None) };
        let frame = collected(&plan, vec![class.cast(DataType::String).alias("class")])?;
        let texts = frame.column("class")?.str()?.iter().map(|text| text.map(str::to_owned)).collect();
        Ok(Some(texts))
    };
    collect().ok().flatten()
}

/// The expressions of a rule's units, as the engine evaluates them.
pub fn describe_plan(rule: &Rule, datasets: &BTreeMap<String, Dataset>, context: &Context) -> String {
    let Some(dataset) = datasets.get(&rule.table) else { return String::new() };
    let mut plan = Plan::new(dataset, datasets, context.given());
    let units = rule.check.plan(&mut plan).map(|units| {
        let of = |unit: crate::check::Unit| {
            let field = unit.field.unwrap_or_default();
            let tested = unit.tested.map(|tested| format!("  tested: {tested}\n")).unwrap_or_default();
            format!("{field}\n{tested}  failing: {}\n", unit.failing)
        };
        units.into_iter().map(of).collect::<String>()
    });
    let shown = units.unwrap_or_else(|error| error.to_string());
    shown.replace('\u{1f}', "·")
}
