//! The next higher tier of a customer, and how much is missing to it.
//!
//! Apart because it is reckoned row by row, where the tier itself is an expression.

use rust_decimal::Decimal;

use super::step::Step;
use crate::check::rows::Rows;

/// The tier above the computed one and what is missing to it; nothing where contracts do not lead there.
pub(super) fn rising<'s>(steps: &'s [Step], year: i32, rows: &Rows, row: usize) -> Option<(&'s str, Decimal)> {
    let computed = (0..steps.len()).find(|step| rows.holds(*step, row)).unwrap_or(steps.len());
    let next = computed.checked_sub(1)?;
    let step = steps.get(next)?;
    let own_fits = rows.holds(steps.len() + next, row);
    let bounds = step.bounds().filter(|_| own_fits && step.years > 0)?;
    let first = steps.len() * 2;
    let looked_back = usize::try_from(steps.iter().map(|step| step.years).max()?).ok()? + 1;
    let years = usize::try_from(step.years).ok()?;
    let amount = |input: usize| rows.text(input, row).and_then(|text| Decimal::from_str_exact(text).ok());
    let totals: Vec<Decimal> = (first..first + years).map(|input| amount(input).unwrap_or_default()).collect();
    let largest = amount(first + looked_back + years - 1).unwrap_or_default();
    Some((step.name.as_str(), bounds.distance(year, &totals, largest)?))
}
