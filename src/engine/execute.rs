//! Executes the plan of a dataset: the one place where checks are collected.
//!
//! Apart because it alone runs plans. If the plan of all rules fails, one plan a rule isolates the culprit, and the
//! others keep their results.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{Datelike, NaiveDate, TimeDelta};
use polars::prelude::{
    BooleanChunked, DataFrame, DataType, Expr, IntoSeries, NewChunkedArray, PolarsError, PolarsResult, lit,
};

use super::bind::Bound;
use super::{Context, Tested, Violation};
use crate::check::condition::{Operand, ValueType};
use crate::check::{Plan, Unit};
use crate::dataset::Dataset;
use crate::rule::Rule;

/// What became of one rule: units tested and failing rows, or why it broke.
pub struct Executed {
    /// The rule, as an index into the pack.
    pub rule: usize,
    /// Tested units and violations, or what broke.
    pub result: Result<(u64, Vec<Violation>), String>,
    /// The records that its units were tested on.
    pub tested: Vec<Tested>,
}

/// Evaluates the rules of a dataset in one plan.
pub fn execute(
    dataset: &Dataset,
    datasets: &BTreeMap<String, Dataset>,
    rules: &[(usize, Bound)],
    context: &Context,
) -> Vec<Executed> {
    if let Ok(executed) = one_plan(dataset, datasets, rules, context) {
        return executed;
    }
    rules
        .iter()
        .map(|bound| match one_plan(dataset, datasets, std::slice::from_ref(bound), context) {
            Ok(mut executed) if executed.len() == 1 => executed.remove(0),
            Ok(_) => Executed { rule: bound.0, result: Err("no result".to_owned()), tested: Vec::new() },
            Err(error) => Executed { rule: bound.0, result: Err(error), tested: Vec::new() },
        })
        .collect()
}

/// A unit in the plan, and the columns that its flags go to.
struct Planned {
    rule: usize,
    field: Option<String>,
    tested: Option<String>,
    failing: String,
    detail: Option<String>,
}

fn one_plan(
    dataset: &Dataset,
    datasets: &BTreeMap<String, Dataset>,
    rules: &[(usize, Bound)],
    context: &Context,
) -> Result<Vec<Executed>, String> {
    guarded(|| {
        let mut plan = Plan::new(dataset, datasets, context.given());
        let (planned, outputs) = units(&mut plan, rules, context)?;
        let flags = collected(&plan, outputs)?;
        harvest(&flags, &planned, rules, dataset.height)
    })
    .map_err(|error| error.to_string())
}

/// A panic in a kernel is an error of its rule, not the end of the run.
fn guarded<T>(work: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    let done = catch_unwind(AssertUnwindSafe(work));
    done.unwrap_or_else(|_| Err(PolarsError::ComputeError("internal error".into())))
}

/// The values of expressions over a plan, as high as its dataset: the one place where checks are collected.
pub fn collected(plan: &Plan, mut outputs: Vec<Expr>) -> PolarsResult<DataFrame> {
    // A literal alone is one row long: this column gives every other the height of the dataset.
    if let Some(field) = plan.columns.dataset().columns.keys().next() {
        outputs.push(plan.columns.folded(field).is_null().alias("height"));
    }
    guarded(|| plan.frame()?.select(outputs).collect())
}

fn units(plan: &mut Plan, rules: &[(usize, Bound)], context: &Context) -> PolarsResult<(Vec<Planned>, Vec<Expr>)> {
    let mut planned = Vec::new();
    let mut outputs = Vec::new();
    // that they cannot fail was found out before their cells were left behind
    let came = plan.columns.dataset().stayed().map(|stayed| lit((!&stayed).into_series()));
    for (index, bound) in rules {
        let rule = context.rules[*index];
        let applies = rule.where_.as_ref().map(|condition| plan.columns.condition(condition));
        let applies = match (applies, has_columns(plan.columns.dataset(), &bound.left_out)) {
            (Some(applies), Some(present)) => Some(present.and(applies)),
            (applies, present) => applies.or(present),
        };
        for Unit { field, tested, failing, detail } in rule.check.plan(plan)? {
            let domain = match (applies.clone(), tested) {
                (Some(applies), Some(tested)) => Some(applies.and(tested)),
                (applies, tested) => applies.or(tested),
            };
            let number = planned.len();
            let tested_name = domain.as_ref().map(|_| format!("tested{number}"));
            let failing_name = format!("failing{number}");
            let detail_name = detail.as_ref().map(|_| format!("detail{number}"));
            let failing = match &domain {
                Some(domain) => domain.clone().and(failing),
                None => failing,
            };
            let failing = match &came {
                Some(came) => came.clone().and(failing),
                None => failing,
            };
            outputs.push(failing.fill_null(lit(false)).alias(failing_name.as_str()));
            outputs.extend(domain.zip(tested_name.as_ref()).map(|(domain, name)| domain.alias(name.as_str())));
            outputs.extend(detail.zip(detail_name.as_ref()).map(|(detail, name)| detail.alias(name.as_str())));
            planned.push(Planned {
                rule: *index,
                field,
                tested: tested_name,
                failing: failing_name,
                detail: detail_name,
            });
        }
    }
    if outputs.is_empty() {
        outputs.push(lit(true).alias("nothing"));
    }
    Ok((planned, outputs))
}

/// The records of the parts that have the columns of a rule; nothing where all have.
fn has_columns(dataset: &Dataset, left_out: &[usize]) -> Option<Expr> {
    if left_out.is_empty() {
        return None;
    }
    let mut present = vec![true; dataset.height];
    for part in left_out.iter().filter_map(|part| dataset.parts.get(*part)) {
        present[part.first..part.first + part.height].fill(false);
    }
    Some(lit(BooleanChunked::from_slice("present".into(), &present).into_series()))
}

fn harvest(
    flags: &DataFrame,
    planned: &[Planned],
    rules: &[(usize, Bound)],
    height: usize,
) -> PolarsResult<Vec<Executed>> {
    let mut results: BTreeMap<usize, (u64, Vec<Violation>, Vec<Tested>)> =
        rules.iter().map(|(rule, _)| (*rule, (0, Vec::new(), Vec::new()))).collect();
    for unit in planned {
        let failing = flags.column(&unit.failing)?.bool()?;
        let records = true_records(failing);
        let details = match &unit.detail {
            None => None,
            Some(name) => {
                let details = flags.column(name)?.cast(&DataType::String)?;
                let details = details.str()?;
                Some(records.iter().map(|record| details.get(*record as usize).map(str::to_owned)).collect())
            }
        };
        let applied = unit.tested.as_ref().map(|name| flags.column(name)?.bool().cloned()).transpose()?;
        let tested = applied.as_ref().map_or(height as u64, |flags| flags.sum().map_or(0, u64::from));
        let Some((total, violations, units)) = results.get_mut(&unit.rule) else { continue };
        *total += tested;
        units.push(Tested { rule: unit.rule, records: applied });
        if !records.is_empty() {
            violations.push(Violation { rule: unit.rule, field: unit.field.clone(), records, details });
        }
    }
    let executed = results.into_iter();
    Ok(executed.map(|(rule, (total, found, tested))| Executed { rule, result: Ok((total, found)), tested }).collect())
}

/// The records whose flag is true, in order.
pub fn true_records(flags: &BooleanChunked) -> Vec<u32> {
    let mut records = Vec::new();
    let mut first = 0_u32;
    for chunk in flags.downcast_iter() {
        let values = chunk.values();
        records.extend(
            values
                .true_idx_iter()
                .filter(|index| chunk.validity().is_none_or(|valid| valid.get_bit(*index)))
                .map(|index| first + u32::try_from(index).unwrap_or(u32::MAX)),
        );
        first += u32::try_from(values.len()).unwrap_or(u32::MAX);
    }
    records
}

/// The years of the dates that a rule counts working days between, as far as no arrangement is loaded for them.
pub fn years_not_loaded(rule: &Rule, datasets: &BTreeMap<String, Dataset>, context: &Context) -> BTreeSet<i32> {
    let mut years = BTreeSet::new();
    let mut pairs: Vec<(&Dataset, Operand, Operand)> = Vec::new();
    if let Some(dataset) = datasets.get(&rule.table) {
        let field = |name: &str| Operand::Field(name.to_owned(), ValueType::Day);
        let own = rule.check.counts_working_days();
        pairs.extend(own.into_iter().map(|(from, to)| (dataset, field(from), field(to))));
    }
    let mut conditions = rule.check.conditions();
    conditions.extend(rule.where_.iter().map(|condition| (rule.table.as_str(), condition)));
    for (table, condition) in conditions {
        let Some(dataset) = datasets.get(table) else { continue };
        pairs.extend(condition.working_days().into_iter().map(|(from, to)| (dataset, from.clone(), to.clone())));
    }
    let loaded = loaded_days(context);
    for (dataset, from, to) in pairs {
        let (Some(from), Some(to)) = (days(dataset, &from, context), days(dataset, &to, context)) else { continue };
        for (from, to) in from.iter().zip(&to) {
            if let (Some(from), Some(to)) = (from, to)
                && from < to
                && !(loaded.contains(from) && loaded.contains(to))
            {
                let year = |day: i32| {
                    NaiveDate::default()
                        .checked_add_signed(TimeDelta::days(i64::from(day)))
                        .map_or(1970, |day| day.year())
                };
                years.extend((year(*from)..=year(*to)).take(200).filter(|year| !context.calendar.has_year(*year)));
            }
        }
    }
    years
}

/// The days of the years around the as-of date whose arrangements are loaded, one after another.
fn loaded_days(context: &Context) -> std::ops::Range<i32> {
    let this = context.as_of.year();
    let years = |step: i32| (0..).map(move |by| this + by * step).take_while(|year| context.calendar.has_year(*year));
    let day = |year: i32| {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MAX);
        i32::try_from(first.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
    };
    match (years(-1).last(), years(1).last()) {
        (Some(first), Some(last)) => day(first)..day(last + 1),
        _ => 0..0,
    }
}

/// The days of an operand that is a field or a fixed day; nothing for others.
fn days(dataset: &Dataset, operand: &Operand, context: &Context) -> Option<Vec<Option<i32>>> {
    let fixed = |day: NaiveDate| {
        let day = day.signed_duration_since(NaiveDate::default()).num_days();
        vec![i32::try_from(day).ok(); dataset.height]
    };
    match operand {
        Operand::AsOf => Some(fixed(context.as_of)),
        Operand::Day(day) => Some(fixed(*day)),
        Operand::Field(field, _) => {
            let value = dataset.columns.get(field)?.value.as_ref()?;
            let days = value.cast(&DataType::Date).ok()?.cast(&DataType::Int32).ok()?;
            Some(days.i32().ok()?.iter().collect())
        }
        _ => None,
    }
}
