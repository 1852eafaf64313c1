//! The records of a dataset for which a condition holds, outside of any rule.
//!
//! Apart because lists choose customers by the same conditions that rules are written in, and only the engine runs plans.

use std::collections::BTreeMap;

use super::Context;
use super::execute::{collected, true_records};
use crate::check::Plan;
use crate::check::condition::Condition;
use crate::dataset::Dataset;

/// The records for which a condition holds, in order.
///
/// # Errors
/// Where the condition cannot be reckoned, in the words of the engine.
pub fn select(
    table: &str,
    condition: &Condition,
    datasets: &BTreeMap<String, Dataset>,
    context: &Context,
) -> Result<Vec<u32>, String> {
    let Some(dataset) = datasets.get(table) else { return Ok(Vec::new()) };
    let plan = Plan::new(dataset, datasets, context.given());
    let holds = plan.columns.condition(condition).alias("holds");
    let flags = collected(&plan, vec![holds]).map_err(|error| error.to_string())?;
    let flags = flags.column("holds").and_then(|column| column.bool().cloned()).map_err(|error| error.to_string())?;
    Ok(true_records(&flags))
}
