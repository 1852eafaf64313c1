//! `stale`: a date that must not be older than so many days, months or calendar units; no date is stale too.

use chrono::{Datelike, Days, Months, NaiveDate};
use polars::prelude::PolarsResult;

use super::condition::{Comparison, Condition, Operand, ValueType};
use super::moment::dated;
use super::suspicion::{About, Suspicion};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `stale`.
pub struct Kind;

/// What an age is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeUnit {
    /// Days before the as-of date.
    Day,
    /// Months before the as-of date.
    Month,
    /// Calendar units of so many months before the one that the as-of date lies in.
    Calendar(u32),
}

/// The words of rule files.
const UNITS: [(&str, AgeUnit); 5] = [
    ("day", AgeUnit::Day),
    ("month", AgeUnit::Month),
    ("calendar_month", AgeUnit::Calendar(1)),
    ("calendar_quarter", AgeUnit::Calendar(3)),
    ("calendar_year", AgeUnit::Calendar(12)),
];

/// How old a date may be.
#[derive(Clone, Copy, Debug)]
pub struct Age {
    unit: AgeUnit,
    count: u32,
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
        text!(
            "日期不能早于若干天、若干个月，或若干个自然月、季度、年度以前",
            "a date is no older than so many days, months, or calendar months, quarters or years"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = rule.string("field").and_then(|written| dated(rule, scope, scope.table, &written));
        let age = Age::read(rule, scope);
        Some(Box::new(Stale { table: scope.table.name.clone(), field: field?, age }))
    }
}

impl Age {
    /// The key `unit` and the number `age`.
    pub fn read(rule: &Params, scope: &Scope) -> Self {
        let unit = rule.optional_word("unit", &UNITS).unwrap_or(AgeUnit::Day);
        let count = scope.parameters.whole("age").unwrap_or(0);
        Self { unit, count }
    }

    /// The last day that is not too old; a month's end clips (31 March minus a month is 28 or 29 February).
    pub fn limit(self, as_of: NaiveDate) -> NaiveDate {
        let limit = match self.unit {
            AgeUnit::Day => as_of.checked_sub_days(Days::new(u64::from(self.count))),
            AgeUnit::Month => as_of.checked_sub_months(Months::new(self.count)),
            AgeUnit::Calendar(months) => as_of.with_day(1).and_then(|first| {
                let into = as_of.month0() % months;
                first.checked_sub_months(Months::new(self.count.checked_mul(months)?.checked_add(into)?))
            }),
        };
        limit.unwrap_or(NaiveDate::MIN)
    }
}

impl Stale {
    fn is_stale(&self, as_of: NaiveDate) -> Condition {
        let field = Operand::Field(self.field.clone(), ValueType::Day);
        Condition::Any(vec![
            Condition::NoValue(self.field.clone()),
            Condition::Compare(field, Comparison::Less, Operand::Day(self.age.limit(as_of))),
        ])
    }
}

impl Check for Stale {
    fn follows_the_day(&self) -> bool {
        true
    }

    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        Ok(vec![Unit::on(&self.field, plan.columns.condition(&self.is_stale(plan.as_of)))])
    }

    fn suspects(&self, about: &About) -> Option<Suspicion> {
        about.may_be(&self.is_stale(about.as_of), true).map(Suspicion::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_units_begin_with_their_first_day() {
        let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day");
        for (months, count, as_of, limit) in [
            (1, 0, "2026-11-22", "2026-11-01"),
            (1, 1, "2026-01-31", "2025-12-01"),
            (3, 0, "2026-11-22", "2026-10-01"),
            (3, 0, "2026-09-30", "2026-07-01"),
            (3, 1, "2026-01-01", "2025-10-01"),
            (3, 4, "2026-06-30", "2025-04-01"),
            (12, 0, "2026-12-31", "2026-01-01"),
            (12, 2, "2026-01-01", "2024-01-01"),
        ] {
            let age = Age { unit: AgeUnit::Calendar(months), count };
            assert_eq!(age.limit(day(as_of)), day(limit), "{months} {count} {as_of}");
        }
        let age = Age { unit: AgeUnit::Month, count: 1 };
        assert_eq!(age.limit(day("2026-03-31")), day("2026-02-28"));
    }
}
