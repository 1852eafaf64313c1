//! `stale`: a date that must not be older than so many days or calendar months; no date is stale too.

use chrono::{Days, Months, NaiveDate};
use polars::prelude::PolarsResult;

use super::condition::Operand;
use super::condition::{Comparison, Condition, ValueType};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `stale`.
pub struct Kind;

#[derive(Clone, Copy, Debug)]
enum Age {
    Days(u32),
    Months(u32),
}

#[derive(Debug)]
struct Stale {
    table: String,
    field: String,
    age: Age,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "stale"
    }

    fn describe(&self) -> Text {
        text!("日期不能早于若干天或若干个月以前", "a date is no older than so many days or calendar months")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let by_month = rule.optional_word("unit", &[("day", false), ("month", true)]).unwrap_or(false);
        let age = scope.parameters.number("age").and_then(|age| u32::try_from(age).ok()).unwrap_or(0);
        let age = if by_month { Age::Months(age) } else { Age::Days(age) };
        Some(Box::new(Stale { table: scope.table.name.clone(), field: field?, age }))
    }
}

impl Stale {
    /// The last day that is not stale; a month's end clips (31 March minus a month is 28 or 29 February).
    fn limit(&self, as_of: NaiveDate) -> NaiveDate {
        let limit = match self.age {
            Age::Days(days) => as_of.checked_sub_days(Days::new(u64::from(days))),
            Age::Months(months) => as_of.checked_sub_months(Months::new(months)),
        };
        limit.unwrap_or(NaiveDate::MIN)
    }
}

impl Check for Stale {
    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let limit = Operand::Day(self.limit(plan.as_of));
        let field = Operand::Field(self.field.clone(), ValueType::Day);
        let stale = Condition::Any(vec![
            Condition::NoValue(self.field.clone()),
            Condition::Compare(field, Comparison::Less, limit),
        ]);
        Ok(vec![Unit::on(&self.field, plan.columns.condition(&stale))])
    }
}
