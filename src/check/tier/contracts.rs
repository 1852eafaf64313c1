//! The contracts that a customer's tier is computed from: where they stand, and what they come to, joined to the customer.
//!
//! Apart because the declared tier, the classes and who may rise all start from the same sums.

use chrono::Datelike;
use polars::prelude::{Expr, PolarsResult, lit};

use super::step::{Step, signed_in, value_where};
use crate::check::condition::{Condition, day};
use crate::check::moment::dated;
use crate::check::{Plan, Scope};
use crate::dictionary::{FieldType, Table};
use crate::params::{Params, Placed};
use crate::text;

/// Where the contracts stand.
#[derive(Debug)]
pub(super) struct Contracts {
    /// The customer's field by which they are found.
    pub(super) key: String,
    /// Their table.
    table: String,
    /// Their field that holds the customer's key.
    related_key: String,
    /// Which of them count; nothing: all.
    where_: Option<Condition>,
    date: String,
    amount: String,
}

/// What the contracts of a customer come to, as columns that are joined to it.
pub(super) struct Joined {
    /// Whether each step's contracts fit; nothing where they do not matter.
    pub(super) fits: Vec<Option<String>>,
    /// The totals of this year so far and of the years before it, as far as the steps look back.
    pub(super) totals: Vec<String>,
    /// The largest contract of these years: of this one alone, of this and the one before, and so on.
    pub(super) largest: Vec<String>,
}

impl Contracts {
    /// Reads where they stand.
    pub(super) fn read(rule: &Params, scope: &Scope) -> Option<Self> {
        let key = scope.field(rule, "key");
        let related = scope.table(rule, "related");
        let of_related = |key: &'static str| related.zip(rule.string(key));
        let related_key = of_related("related_key").and_then(|(table, written)| scope.named(rule, table, &written));
        let date = of_related("date").and_then(|(table, written)| dated(rule, scope, table, &written));
        let amount = of_related("amount").and_then(|(table, written)| number_field(rule, scope, table, &written));
        let where_ = scope.condition_on(rule, "related_where", related);
        Some(Self {
            key: key?,
            table: related?.name.clone(),
            related_key: related_key?,
            where_: where_?,
            date: date?,
            amount: amount?,
        })
    }

    /// The fields of the contracts that are read.
    pub(super) fn reads(&self) -> Vec<(String, String)> {
        let fields = [&self.related_key, &self.date, &self.amount].map(String::as_str);
        let needed = self.where_.iter().flat_map(Condition::needed);
        fields.into_iter().chain(needed).map(|field| (self.table.clone(), field.to_owned())).collect()
    }

    /// The condition on contracts, with their table.
    pub(super) fn condition(&self) -> Option<(&str, &Condition)> {
        self.where_.as_ref().map(|where_| (self.table.as_str(), where_))
    }

    /// Joins what the contracts come to, with the totals of each year where these are wanted.
    pub(super) fn join(&self, plan: &mut Plan, steps: &[Step], with_years: bool) -> PolarsResult<Joined> {
        let contracts = plan.related(&self.table)?;
        let counted = match &self.where_ {
            Some(condition) => contracts.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let as_of = plan.as_of;
        let mut aggregations: Vec<Expr> = Vec::new();
        let mut fits = Vec::new();
        for step in steps {
            let aggregation = step.fits(&contracts, &self.date, &self.amount, as_of);
            fits.push(aggregation.map(|aggregation| {
                let name = plan.name();
                aggregations.push(aggregation.alias(name.as_str()));
                name
            }));
        }
        let (mut totals, mut largest) = (Vec::new(), Vec::new());
        if with_years {
            let value = contracts.value(&self.amount);
            let of_year = |back: i32| {
                let until_now = contracts.value(&self.date).lt_eq(day(as_of));
                signed_in(&contracts, &self.date, as_of.year() - back).and(until_now)
            };
            for back in 0..=steps.iter().map(|step| step.years).max().unwrap_or(0) {
                let (total, most) = (plan.name(), plan.name());
                aggregations.push(value_where(&value, of_year(back)).sum().alias(total.as_str()));
                let since = (0..=back).map(of_year).reduce(Expr::or).unwrap_or_else(|| lit(false));
                aggregations.push(value_where(&value, since).max().alias(most.as_str()));
                totals.push(total);
                largest.push(most);
            }
        }
        let signed = contracts.value(&self.date).is_not_null();
        plan.attach_figures((&contracts, &self.related_key), &self.key, counted.and(signed), aggregations)?;
        Ok(Joined { fits, totals, largest })
    }
}

/// A field of a table that must hold numbers.
pub(super) fn number_field(rule: &Params, scope: &Scope, table: &Table, written: &Placed<String>) -> Option<String> {
    let name = scope.named(rule, table, written)?;
    let is_number = table.field(&name).is_some_and(|field| field.field_type == FieldType::Decimal);
    if !is_number {
        let word = &written.value;
        rule.problems().add(written.span.clone(), text!("字段“{word}”不是数字", "field `{word}` is no number"));
    }
    is_number.then_some(name)
}
