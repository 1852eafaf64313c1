//! A tier: what it demands of the contracts of a customer, and how much is missing to it.
//!
//! Apart from the check because this is arithmetic of one tier; which of several tiers a customer has is decided there.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{Expr, NULL, lit, when};
use rust_decimal::Decimal;

use super::super::Scope;
use super::super::condition::{Columns, day, decimal};
use crate::folding::fold;
use crate::model::TierStep;
use crate::params::Params;
use crate::text;

/// A tier of the ladder.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its folded name.
    pub name: String,
    /// How many whole years it looks back.
    pub years: i32,
    /// What it demands.
    pub demand: Demand,
}

/// What a tier asks for.
#[derive(Clone, Debug)]
pub enum Demand {
    /// All, or any, of some bounds.
    Bounds(Bounds),
    /// Any contract from the first of those years up to the as-of date.
    AnyContract,
}

/// What a tier demands; what it does not name it does not demand.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// One bound is enough.
    pub any: bool,
    /// Each of the last whole years totals so much.
    pub each_year: Option<Decimal>,
    /// What single years must total instead.
    pub each_year_by_year: BTreeMap<i32, Decimal>,
    /// One contract of them is so large.
    pub single: Option<Decimal>,
    /// They total so much together.
    pub total: Option<Decimal>,
    /// The customer's own potential demand is so large.
    pub demand: Option<Decimal>,
    /// The customer's own rank is so good.
    pub rank: Option<Decimal>,
}

/// Reads a tier of a rule file.
pub fn step(entry: &Params, scope: &Scope) -> Option<Step> {
    let name = entry.string("name");
    let years = entry.optional_count("years");
    entry.must_have("years");
    if let Some(years) = years.as_ref().filter(|years| !(1..=200).contains(&years.value)) {
        entry.problems().add(years.span.clone(), text!("应为 1 到 200", "1 to 200 is wanted"));
        return None;
    }
    let demand = if entry.optional_bool("any_contract").unwrap_or(false) {
        Some(Demand::AnyContract)
    } else {
        bounds(entry, scope).map(Demand::Bounds)
    };
    entry.finish();
    Some(Step { name: fold(&name?.value).into_owned(), years: i32::try_from(years?.value).ok()?, demand: demand? })
}

fn bounds(entry: &Params, scope: &Scope) -> Option<Bounds> {
    let bound = |key: &'static str| entry.optional_string(key).map(|name| scope.number_named(&name));
    let any = entry.optional_word("combine", &[("all", false), ("any", true)]).unwrap_or(false);
    let (each_year, single, total) = (bound("each_year"), bound("single"), bound("total"));
    let (demand, rank) = (bound("demand"), bound("rank"));
    let mut each_year_by_year = BTreeMap::new();
    if let Some(years) = entry.optional_table("each_year_by_year") {
        for key in years.keys() {
            let year = key.value.parse::<i32>().ok().filter(|year| (1900..=2200).contains(year));
            let name = years.string_under(&key.value)?;
            let Some(year) = year else {
                let word = &key.value;
                years.problems().add(key.span, text!("“{word}”不是年份", "`{word}` is no year"));
                return None;
            };
            each_year_by_year.insert(year, scope.number_named(&name));
        }
    }
    let none = [each_year, single, total, demand, rank].iter().all(Option::is_none);
    if each_year.is_none() && (none || !each_year_by_year.is_empty()) {
        entry.missing("each_year");
        return None;
    }
    Some(Bounds { any, each_year, each_year_by_year, single, total, demand, rank })
}

impl Bounds {
    fn each_year_of(&self, year: i32) -> Option<Decimal> {
        self.each_year_by_year.get(&year).copied().or(self.each_year)
    }

    /// Whether all, or any, of some bounds hold; nothing where there are none.
    pub fn combined(&self, bounds: impl Iterator<Item = Expr>) -> Option<Expr> {
        bounds.reduce(if self.any { Expr::or } else { Expr::and })
    }

    /// The amount of one more contract in the first of some years that would reach the tier; nothing where none does.
    /// The totals are those of the years from this one back, the largest contract is of them too.
    pub fn distance(&self, year: i32, totals: &[Decimal], largest: Decimal) -> Option<Decimal> {
        let mut distances = Vec::new();
        if self.each_year.is_some() {
            let short = |(back, total): (i32, &Decimal)| self.each_year_of(year - back).map(|bound| bound - total);
            let mut short = (0..).zip(totals).filter_map(short);
            let this_year = short.next();
            distances.push(this_year.filter(|_| !short.any(|short| short > Decimal::ZERO)));
        }
        let total: Decimal = totals.iter().sum();
        distances.extend(self.total.map(|bound| Some(bound - total)));
        distances.extend(self.single.map(|bound| Some(if largest < bound { bound } else { Decimal::ZERO })));
        let distances = distances.into_iter().map(|short| short.map(|short| short.max(Decimal::ZERO)));
        if self.any { distances.flatten().min() } else { distances.collect::<Option<Vec<_>>>()?.into_iter().max() }
    }
}

impl Step {
    /// What it demands, as plain data.
    pub fn standard(&self) -> TierStep {
        let step = TierStep { name: self.name.clone(), years: self.years, ..TierStep::default() };
        match &self.demand {
            Demand::AnyContract => TierStep { any_contract: true, ..step },
            Demand::Bounds(bounds) => TierStep {
                any: bounds.any,
                each_year: bounds.each_year,
                each_year_by_year: bounds.each_year_by_year.clone(),
                single: bounds.single,
                total: bounds.total,
                ..step
            },
        }
    }

    /// Its bounds; nothing where any contract will do.
    pub fn bounds(&self) -> Option<&Bounds> {
        match &self.demand {
            Demand::Bounds(bounds) => Some(bounds),
            Demand::AnyContract => None,
        }
    }

    /// Whether the contracts of one customer fit, as an aggregation; nothing where they do not matter.
    pub fn fits(&self, contracts: &Columns, date: &str, amount: &str, as_of: NaiveDate) -> Option<Expr> {
        let year = as_of.year();
        let signed_in = |back: i32| signed_in(contracts, date, year - back);
        match &self.demand {
            Demand::AnyContract => {
                let first_day = NaiveDate::from_ymd_opt(year - self.years, 1, 1).unwrap_or(as_of);
                let signed = contracts.value(date);
                Some(signed.clone().gt_eq(day(first_day)).and(signed.lt_eq(day(as_of))).any(true))
            }
            Demand::Bounds(bounds) => {
                let value = contracts.value(amount);
                let each_year = bounds.each_year.map(|_| {
                    let totals = (1..=self.years).filter_map(|back| {
                        let total = value_where(&value, signed_in(back)).sum();
                        bounds.each_year_of(year - back).map(|bound| total.gt_eq(decimal(bound)))
                    });
                    totals.reduce(Expr::and).unwrap_or_else(|| lit(true))
                });
                let in_years = (1..=self.years).map(signed_in).reduce(Expr::or).unwrap_or_else(|| lit(false));
                let of_years = value_where(&value, in_years);
                let single = bounds.single.map(|single| of_years.clone().max().gt_eq(decimal(single)));
                let total = bounds.total.map(|total| of_years.clone().sum().gt_eq(decimal(total)));
                bounds.combined(each_year.into_iter().chain(single).chain(total))
            }
        }
    }
}

/// A value where a condition is true and nothing elsewhere: reckoned for all rows at once, which a filter within groups
/// is not.
pub fn value_where(value: &Expr, condition: Expr) -> Expr {
    when(condition).then(value.clone()).otherwise(lit(NULL))
}

/// Whether a contract was signed in a year.
pub fn signed_in(contracts: &Columns, date: &str, year: i32) -> Expr {
    let bound = |month, of_month| NaiveDate::from_ymd_opt(year, month, of_month).unwrap_or_default();
    let signed = contracts.value(date);
    signed.clone().gt_eq(day(bound(1, 1))).and(signed.lt_eq(day(bound(12, 31))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("a number")
    }

    fn bounds() -> Bounds {
        Bounds { each_year: Some(number("500")), single: Some(number("200")), ..Bounds::default() }
    }

    #[test]
    fn the_distance_is_one_more_contract_of_this_year() {
        let distance = |bounds: &Bounds, totals: [&str; 3], largest: &str| {
            bounds.distance(2026, &totals.map(number), number(largest)).map(|distance| distance.to_string())
        };
        let all = bounds();
        assert_eq!(distance(&all, ["460.5", "500", "600"], "200").as_deref(), Some("39.5"));
        assert_eq!(distance(&all, ["700", "500", "600"], "200").as_deref(), Some("0"));
        assert_eq!(distance(&all, ["460", "500", "600"], "199").as_deref(), Some("200"));
        assert_eq!(distance(&all, ["460", "499.9", "600"], "200"), None, "a year that is over stays as it is");
        let any = Bounds { any: true, ..bounds() };
        assert_eq!(distance(&any, ["460", "0", "0"], "10").as_deref(), Some("200"));
        let total = Bounds { total: Some(number("900")), ..Bounds::default() };
        assert_eq!(distance(&total, ["100", "300", "300"], "10").as_deref(), Some("200"));
        let by_year = Bounds { each_year_by_year: BTreeMap::from([(2026, number("480"))]), ..bounds() };
        assert_eq!(distance(&by_year, ["460", "500", "500"], "200").as_deref(), Some("20"));
        assert_eq!(Bounds { rank: Some(number("3")), ..Bounds::default() }.distance(2026, &[], number("0")), None);
    }
}
