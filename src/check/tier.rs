//! `tier`: the declared tier must be the one computed from the contracts of the last whole years.
//!
//! Source: policy E 3.3 to 3.6 (clauses E-03 to E-08). The tiers stand in the rule file, the first that fits wins.

use chrono::{Datelike, NaiveDate};
use polars::prelude::{Expr, IntoLazy, PolarsResult, col, lit, when};
use rust_decimal::Decimal;

use super::condition::{Columns, Condition, day, decimal};
use super::plan::JOIN_KEY;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `tier`.
pub struct Kind;

#[derive(Debug)]
struct Tier {
    table: String,
    field: String,
    key: String,
    related: String,
    related_key: String,
    related_where: Option<Condition>,
    date: String,
    amount: String,
    steps: Vec<Step>,
    otherwise: String,
}

#[derive(Debug)]
struct Step {
    name: String,
    years: i32,
    demand: Demand,
}

#[derive(Debug)]
enum Demand {
    /// Each of the last whole years totals so much, and one contract of them is so large.
    Amounts { each_year: Decimal, single: Decimal },
    /// Any contract from the first of those years up to the as-of date.
    AnyContract,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "tier"
    }

    fn describe(&self) -> Text {
        text!("申报的等级必须等于按合同算出的等级", "the declared tier is the one computed from contracts")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let key = scope.field(rule, "key");
        let related = scope.table(rule, "related")?;
        let of_related = |key: &'static str| rule.string(key).and_then(|written| scope.named(rule, related, &written));
        let (related_key, date, amount) = (of_related("related_key"), of_related("date"), of_related("amount"));
        let related_where = scope.condition(rule, "related_where", related)?;
        let otherwise = rule.string("otherwise");
        let entries = rule.tables("tiers");
        if entries.is_empty() {
            rule.missing("tiers");
        }
        let steps = entries.iter().filter_map(|entry| step(entry, scope)).collect();
        Some(Box::new(Tier {
            table: scope.table.name.clone(),
            field: field?,
            key: key?,
            related: related.name.clone(),
            related_key: related_key?,
            related_where,
            date: date?,
            amount: amount?,
            steps,
            otherwise: otherwise?.value,
        }))
    }
}

fn step(entry: &Params, scope: &Scope) -> Option<Step> {
    let name = entry.string("name");
    let years = entry.optional_count("years");
    if !entry.has("years") {
        entry.missing("years");
    }
    let number =
        |key: &'static str| entry.string(key).map(|name| scope.parameters.number(&name.value).unwrap_or_default());
    let demand = if entry.optional_bool("any_contract").unwrap_or(false) {
        Some(Demand::AnyContract)
    } else {
        let (each_year, single) = (number("each_year"), number("single"));
        each_year.zip(single).map(|(each_year, single)| Demand::Amounts { each_year, single })
    };
    entry.finish();
    Some(Step { name: name?.value, years: i32::try_from(years?.value).ok()?, demand: demand? })
}

impl Step {
    /// Whether the contracts of one customer fit, as an aggregation.
    fn fits(&self, contracts: &Columns, date: &str, amount: &str, as_of: NaiveDate) -> Expr {
        let year = as_of.year();
        let first_day = NaiveDate::from_ymd_opt(year - self.years, 1, 1).unwrap_or(as_of);
        let signed = contracts.value(date);
        match &self.demand {
            Demand::AnyContract => signed.clone().gt_eq(day(first_day)).and(signed.lt_eq(day(as_of))).any(true),
            Demand::Amounts { each_year, single } => {
                let of_year = |back: i32| {
                    let from = NaiveDate::from_ymd_opt(year - back, 1, 1).unwrap_or(as_of);
                    let to = NaiveDate::from_ymd_opt(year - back, 12, 31).unwrap_or(as_of);
                    let signed = contracts.value(date);
                    signed.clone().gt_eq(day(from)).and(signed.lt_eq(day(to)))
                };
                let value = contracts.value(amount);
                let totals = (1..=self.years).map(|back| {
                    let total = value.clone().filter(of_year(back)).sum();
                    total.gt_eq(decimal(*each_year))
                });
                let in_years = (1..=self.years).map(of_year).reduce(Expr::or).unwrap_or_else(|| lit(false));
                let largest = value.clone().filter(in_years).max().gt_eq(decimal(*single));
                totals.chain(std::iter::once(largest)).reduce(Expr::and).unwrap_or_else(|| lit(false))
            }
        }
    }
}

impl Check for Tier {
    fn reads(&self) -> Vec<(String, String)> {
        let related = |field: &str| (self.related.clone(), field.to_owned());
        let mut reads = vec![(self.table.clone(), self.field.clone()), (self.table.clone(), self.key.clone())];
        reads.extend([&self.related_key, &self.date, &self.amount].map(|field| related(field)));
        reads.extend(self.related_where.iter().flat_map(Condition::needed).map(related));
        reads
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let contracts = plan.related(&self.related)?;
        let counted = match &self.related_where {
            Some(condition) => contracts.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let key = contracts.folded(&self.related_key);
        let fits: Vec<String> = self.steps.iter().map(|_| plan.name()).collect();
        let aggregations: Vec<Expr> = self
            .steps
            .iter()
            .zip(&fits)
            .map(|(step, name)| step.fits(&contracts, &self.date, &self.amount, plan.as_of).alias(name.as_str()))
            .collect();
        let signed = contracts.value(&self.date).is_not_null();
        let keyed = key.clone().is_not_null();
        let frame = contracts
            .frame()?
            .lazy()
            .filter(counted.and(signed).and(keyed))
            .group_by([key.alias(JOIN_KEY)])
            .agg(aggregations);
        plan.attach(frame, plan.columns.folded(&self.key));
        let mut computed = lit(self.otherwise.clone());
        for (step, name) in self.steps.iter().zip(&fits).rev() {
            let fits = col(name.as_str()).fill_null(lit(false));
            computed = when(fits).then(lit(step.name.clone())).otherwise(computed);
        }
        let declared = plan.columns.folded(&self.field);
        let failing = declared.clone().is_null().or(declared.neq(computed.clone()));
        Ok(vec![Unit::on(&self.field, failing).with_detail(computed)])
    }
}
