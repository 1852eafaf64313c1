//! `drift`: the rows of a table, or how many of them have a field filled, are not far from what the last runs saw.
//!
//! Apart because it is about the table and not about a record: its finding points at the header. It needs the history
//! of a job, so it is not applicable in `hedui check` and in a first run.

use polars::prelude::{PolarsResult, lit};
use rust_decimal::Decimal;

use super::condition::Condition;
use super::rows::by_table;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `drift`.
pub struct Kind;

#[derive(Debug)]
struct Drift {
    table: String,
    /// Nothing: the rows themselves.
    field: Option<String>,
    percent: Decimal,
    runs: usize,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "drift"
    }

    fn describe(&self) -> Text {
        text!(
            "行数与前几次运行的平均相差不能太大；或字段的填写率不能比前几次低太多",
            "the rows are not far from the mean of the last runs, or a field is not filled much less often than then"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        rule.must_have("measure");
        let is_filled = rule.optional_word("measure", &[("rows", false), ("filled", true)]);
        let field = rule.optional_string("field").map(|written| scope.named(rule, scope.table, &written));
        match (is_filled, &field) {
            (Some(true), None) => rule.missing("field"),
            (Some(false), Some(_)) => rule.problems().add(
                rule.span_of("field"),
                text!("行数不看字段，请删去“field”", "rows are counted whatever the field: remove `field`"),
            ),
            _ => {}
        }
        let percent = scope.parameters.number("percent").unwrap_or_default();
        let runs = scope.parameters.whole("runs").and_then(|runs| usize::try_from(runs).ok()).unwrap_or(1);
        let field = match (is_filled?, field) {
            (true, field) => Some(field??),
            (false, _) => None,
        };
        Some(Box::new(Drift { table: scope.table.name.clone(), field, percent, runs: runs.max(1) }))
    }
}

impl Drift {
    /// Rows and filled cells of the last runs, added up, and how many runs these are.
    fn before(&self, plan: &Plan) -> (u64, u64, usize) {
        let series = plan.given.history.of(&self.table, self.field.as_deref().unwrap_or_default());
        let last = &series[series.len().saturating_sub(self.runs)..];
        let (rows, filled) = last.iter().fold((0, 0), |sum, run| (sum.0 + run.0, sum.1 + run.1));
        (rows, filled, last.len())
    }
}

/// What has drifted, in words and figures; nothing where it is near enough.
fn drifted(now: (u64, u64), before: (u64, u64, usize), percent: Decimal, is_filled: bool) -> Option<String> {
    let (rows, filled) = now;
    let (rows_before, filled_before, runs) = before;
    let share = |part: u64, whole: u64| Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole.max(1));
    if is_filled {
        let (now, then) = (share(filled, rows), share(filled_before, rows_before));
        return (rows > 0 && rows_before > 0 && then - now >= percent)
            .then(|| format!("{}% → {}%", then.round_dp(1), now.round_dp(1)));
    }
    let mean = Decimal::from(rows_before) / Decimal::from(u64::try_from(runs).unwrap_or(1).max(1));
    let away = (Decimal::from(rows) - mean).abs() * Decimal::ONE_HUNDRED;
    // A bound that is too large for any number is never reached.
    let is_far = percent.checked_mul(mean).is_some_and(|bound| away >= bound);
    (!mean.is_zero() && is_far).then(|| format!("{} → {rows}", mean.round_dp(1).normalize()))
}

impl Check for Drift {
    fn reads(&self) -> Vec<(String, String)> {
        self.field.iter().map(|field| (self.table.clone(), field.clone())).collect()
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn measured(&self) -> Option<(&str, &str)> {
        Some((&self.table, self.field.as_deref().unwrap_or_default()))
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let (before, percent, is_filled) = (self.before(plan), self.percent, self.field.is_some());
        let height = plan.columns.dataset().height;
        // Any column is as high as the table.
        let column = self.field.clone().or_else(|| plan.columns.dataset().columns.keys().next().cloned());
        let value = plan.columns.folded(&column.unwrap_or_default());
        // One unit a table: its first record stands for it.
        let said = by_table(vec![value], move |rows| {
            let filled = (0..rows.height).filter(|row| rows.text(0, *row).is_some()).count();
            let now = (u64::try_from(height).unwrap_or(u64::MAX), u64::try_from(filled).unwrap_or(u64::MAX));
            let mut said = vec![None; rows.height];
            if let Some(first) = said.first_mut() {
                *first = Some(drifted(now, before, percent, is_filled).unwrap_or_default());
            }
            said
        });
        let failing = said.clone().neq(lit(""));
        let tested = Some(said.clone().is_not_null());
        Ok(vec![Unit { field: self.field.clone(), tested, failing, detail: Some(said) }])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_drift_both_ways_and_filling_only_downwards() {
        let ten = Decimal::TEN;
        assert_eq!(drifted((110, 0), (300, 0, 3), ten, false).as_deref(), Some("100 → 110"));
        assert_eq!(drifted((109, 0), (300, 0, 3), ten, false), None);
        assert_eq!(drifted((90, 0), (300, 0, 3), ten, false).as_deref(), Some("100 → 90"));
        assert_eq!(drifted((100, 88), (200, 196, 2), ten, true).as_deref(), Some("98% → 88%"));
        assert_eq!(drifted((100, 89), (200, 196, 2), ten, true), None);
        assert_eq!(drifted((100, 100), (200, 100, 2), ten, true), None);
    }
}
