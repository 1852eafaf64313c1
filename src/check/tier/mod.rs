//! `tier`: the declared tier must be the one computed from the contracts of the last whole years.
//!
//! Source: policy E 3.3 to 3.6 (clauses E-03 to E-08). The tiers stand in the rule file, the first that fits wins. Which
//! customers may rise is computed from the same tiers: the year that is not over yet takes the place of the first.

mod step;

use chrono::Datelike;
use polars::prelude::{DataType, Expr, IntoLazy, NULL, PolarsResult, col, lit, when};
use rust_decimal::Decimal;

use super::allowed::synonyms;
use super::condition::{Condition, day, decimal};
use super::moment::dated;
use super::plan::JOIN_KEY;
use super::rows::{Rows, by_row};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::{FieldType, Table};
use crate::folding::fold;
use crate::model::TierStandards;
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;
use step::{Bounds, Step, signed_in, step};

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
    demand_field: Option<String>,
    rank_field: Option<String>,
    synonyms: Vec<(String, String)>,
    /// The customers that have a tier, which those of `exempt` have not; nothing: all.
    has_tier: Option<Condition>,
    report: Report,
    steps: Vec<Step>,
    otherwise: String,
}

#[derive(Clone, Copy, Debug)]
enum Report {
    /// The declared tier is not the computed one.
    Declared,
    /// So much at most is missing to the next higher tier.
    Upgradeable(Decimal),
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "tier"
    }

    fn describe(&self) -> Text {
        text!(
            "申报的等级必须等于按合同算出的等级；也可列出可升级的客户",
            "the declared tier is the one computed from contracts; or: who may rise"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let key = scope.field(rule, "key");
        let related = scope.table(rule, "related");
        let of_related = |key: &'static str| related.zip(rule.string(key));
        let related_key = of_related("related_key").and_then(|(table, written)| scope.named(rule, table, &written));
        let date = of_related("date").and_then(|(table, written)| dated(rule, scope, table, &written));
        let amount = of_related("amount").and_then(|(table, written)| number_field(rule, scope, table, &written));
        let related_where = scope.condition_on(rule, "related_where", related);
        let exempt = scope.condition(rule, "exempt", scope.table);
        let own_number =
            |key: &'static str| rule.optional_string(key).map(|word| number_field(rule, scope, scope.table, &word));
        let (demand_field, rank_field) = (own_number("demand_field"), own_number("rank_field"));
        let is_upgradeable = rule.optional_word("report", &[("declared", false), ("upgradeable", true)]);
        let report = match is_upgradeable {
            Some(true) => Report::Upgradeable(scope.parameters.number("distance").unwrap_or_default()),
            _ => Report::Declared,
        };
        let otherwise = rule.string("otherwise");
        let entries = rule.tables("tiers");
        rule.must_not_be_empty("tiers", entries.is_empty());
        let steps: Vec<Step> = entries.iter().filter_map(|entry| step(entry, scope)).collect();
        let otherwise = otherwise.map(|otherwise| fold(&otherwise.value).into_owned());
        let mut tiers: Vec<&str> = steps.iter().map(|step| step.name.as_str()).chain(otherwise.as_deref()).collect();
        if tiers.len() <= entries.len() {
            tiers.clear();
        }
        let synonyms = synonyms(rule, &tiers);
        let asks = |of: fn(&Bounds) -> bool| steps.iter().any(|step| step.bounds().is_some_and(of));
        for (key, is_asked, given) in [
            ("demand_field", asks(|bounds| bounds.demand.is_some()), &demand_field),
            ("rank_field", asks(|bounds| bounds.rank.is_some()), &rank_field),
        ] {
            if is_asked && given.is_none() {
                rule.missing(key);
            }
        }
        Some(Box::new(Tier {
            table: scope.table.name.clone(),
            field: field?,
            key: key?,
            related: related?.name.clone(),
            related_key: related_key?,
            related_where: related_where?,
            date: date?,
            amount: amount?,
            demand_field: demand_field.flatten(),
            rank_field: rank_field.flatten(),
            synonyms: synonyms?,
            has_tier: exempt?.map(|exempt| Condition::Not(Box::new(exempt))),
            report,
            steps,
            otherwise: otherwise?,
        }))
    }
}

/// A field of a table that must hold numbers.
fn number_field(rule: &Params, scope: &Scope, table: &Table, written: &Placed<String>) -> Option<String> {
    let name = scope.named(rule, table, written)?;
    let is_number = table.field(&name).is_some_and(|field| field.field_type == FieldType::Decimal);
    if !is_number {
        let word = &written.value;
        rule.problems().add(written.span.clone(), text!("字段“{word}”不是数字", "field `{word}` is no number"));
    }
    is_number.then_some(name)
}

/// What the contracts of a customer come to, as columns that are joined to it.
struct Joined {
    /// Whether each step's contracts fit; nothing where they do not matter.
    fits: Vec<Option<String>>,
    /// The totals of this year so far and of the years before it, as far as the steps look back.
    totals: Vec<String>,
    /// The largest contract of these years: of this one alone, of this and the one before, and so on.
    largest: Vec<String>,
}

impl Tier {
    /// Joins what the contracts come to, with the totals of each year where these are wanted.
    fn join(&self, plan: &mut Plan, with_years: bool) -> PolarsResult<Joined> {
        let contracts = plan.related(&self.related)?;
        let counted = match &self.related_where {
            Some(condition) => contracts.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let key = contracts.folded(&self.related_key);
        let as_of = plan.as_of;
        let mut aggregations: Vec<Expr> = Vec::new();
        let mut fits = Vec::new();
        for step in &self.steps {
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
            for back in 0..=self.steps.iter().map(|step| step.years).max().unwrap_or(0) {
                let (total, most) = (plan.name(), plan.name());
                aggregations.push(value.clone().filter(of_year(back)).sum().alias(total.as_str()));
                let since = (0..=back).map(of_year).reduce(Expr::or).unwrap_or_else(|| lit(false));
                aggregations.push(value.clone().filter(since).max().alias(most.as_str()));
                totals.push(total);
                largest.push(most);
            }
        }
        let signed = contracts.value(&self.date).is_not_null();
        let keyed = key.clone().is_not_null();
        let frame = contracts
            .frame()?
            .lazy()
            .filter(counted.and(signed).and(keyed))
            .group_by([key.alias(JOIN_KEY)])
            .agg(aggregations);
        plan.attach(frame, plan.columns.folded(&self.key));
        Ok(Joined { fits, totals, largest })
    }

    /// Whether what a customer says of itself fits a step; nothing where that does not matter.
    fn own(&self, plan: &Plan, bounds: &Bounds) -> Option<Expr> {
        let bound = |field: &Option<String>, bound: Option<Decimal>| {
            field.as_ref().zip(bound).map(|(field, bound)| (plan.columns.value(field), decimal(bound)))
        };
        let demand = bound(&self.demand_field, bounds.demand).map(|(demand, bound)| demand.gt_eq(bound));
        let rank = bound(&self.rank_field, bounds.rank).map(|(rank, bound)| rank.lt_eq(bound));
        bounds.combined(demand.into_iter().chain(rank).map(|holds| holds.fill_null(lit(false))))
    }

    /// Whether a customer fits each step.
    fn fitting(&self, plan: &Plan, joined: &Joined) -> Vec<Expr> {
        let steps = self.steps.iter().zip(&joined.fits);
        steps
            .map(|(step, fits)| {
                let by_contracts = fits.as_ref().map(|name| col(name.as_str()).fill_null(lit(false)));
                let Some(bounds) = step.bounds() else { return by_contracts.unwrap_or_else(|| lit(false)) };
                let own = self.own(plan, bounds);
                bounds.combined(by_contracts.into_iter().chain(own)).unwrap_or_else(|| lit(false))
            })
            .collect()
    }

    fn computed(&self, fitting: Vec<Expr>) -> Expr {
        let mut computed = lit(self.otherwise.clone());
        for (step, fits) in self.steps.iter().zip(fitting).rev() {
            computed = when(fits).then(lit(step.name.clone())).otherwise(computed);
        }
        computed
    }

    /// The customers that have a tier; nothing: all.
    fn has_tier(&self, plan: &Plan) -> Option<Expr> {
        self.has_tier.as_ref().map(|has_tier| plan.columns.condition(has_tier).fill_null(lit(true)))
    }

    fn declared(&self, plan: &Plan, computed: Expr) -> Unit {
        let mut declared = plan.columns.folded(&self.field);
        for (word, meant) in &self.synonyms {
            let is_word = declared.clone().eq(lit(word.clone()));
            declared = when(is_word).then(lit(meant.clone())).otherwise(declared);
        }
        let failing = declared.clone().is_null().or(declared.neq(computed.clone()));
        Unit::on(&self.field, failing).with_detail(computed)
    }

    fn upgradeable(&self, plan: &Plan, joined: &Joined, fitting: Vec<Expr>, most: Decimal) -> Unit {
        let amount = |name: &String| col(name.as_str()).cast(DataType::String);
        let mut inputs = fitting;
        inputs.extend(self.steps.iter().map(|step| {
            let own = step.bounds().filter(|bounds| !bounds.any).and_then(|bounds| self.own(plan, bounds));
            own.unwrap_or_else(|| lit(true))
        }));
        inputs.extend(joined.totals.iter().chain(&joined.largest).map(amount));
        let (steps, year) = (self.steps.clone(), plan.as_of.year());
        let rising = by_row(inputs, move |rows, row| {
            let (tier, distance) = rising(&steps, year, rows, row)?;
            (distance <= most).then(|| format!("{tier}, {}", distance.normalize()))
        });
        Unit::on(&self.field, rising.clone().is_not_null()).with_detail(rising)
    }
}

/// The tier above the computed one and what is missing to it; nothing where contracts do not lead there.
fn rising<'s>(steps: &'s [Step], year: i32, rows: &Rows, row: usize) -> Option<(&'s str, Decimal)> {
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

impl Check for Tier {
    /// The years that it looks back on are those before the as-of date, and a contract counts up to it.
    fn follows_the_day(&self) -> bool {
        true
    }

    fn reads(&self) -> Vec<(String, String)> {
        let related = |field: &str| (self.related.clone(), field.to_owned());
        let mut reads = vec![(self.table.clone(), self.field.clone()), (self.table.clone(), self.key.clone())];
        let own = self.demand_field.iter().chain(&self.rank_field);
        reads.extend(own.map(|field| (self.table.clone(), field.clone())));
        let needed = self.has_tier.iter().flat_map(Condition::needed);
        reads.extend(needed.map(|field| (self.table.clone(), field.to_owned())));
        reads.extend([&self.related_key, &self.date, &self.amount].map(|field| related(field)));
        reads.extend(self.related_where.iter().flat_map(Condition::needed).map(related));
        reads
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let joined = self.join(plan, matches!(self.report, Report::Upgradeable(_)))?;
        let fitting = self.fitting(plan, &joined);
        let mut unit = match self.report {
            Report::Declared => self.declared(plan, self.computed(fitting)),
            Report::Upgradeable(most) => self.upgradeable(plan, &joined, fitting, most),
        };
        unit.tested = self.has_tier(plan);
        Ok(vec![unit])
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        let own = self.has_tier.iter().map(|has_tier| (self.table.as_str(), has_tier));
        own.chain(self.related_where.iter().map(|where_| (self.related.as_str(), where_))).collect()
    }

    fn classes(&self, plan: &mut Plan) -> PolarsResult<Option<Expr>> {
        let joined = self.join(plan, false)?;
        let computed = self.computed(self.fitting(plan, &joined));
        Ok(Some(match self.has_tier(plan) {
            Some(has_tier) => when(has_tier).then(computed).otherwise(lit(NULL).cast(DataType::String)),
            None => computed,
        }))
    }

    fn standards(&self) -> Option<TierStandards> {
        matches!(self.report, Report::Declared).then(|| TierStandards {
            rule_id: String::new(),
            steps: self.steps.iter().map(Step::standard).collect(),
            otherwise: self.otherwise.clone(),
            synonyms: self.synonyms.clone(),
        })
    }

    fn evidence(&self, plan: &mut Plan) -> PolarsResult<Vec<(Text, Expr)>> {
        let joined = self.join(plan, true)?;
        let computed = self.computed(self.fitting(plan, &joined));
        let mut made = vec![(text!("按合同算出的等级", "tier computed from the contracts"), computed)];
        for (year, total) in (0..).map(|back| plan.as_of.year() - back).zip(&joined.totals) {
            let so_far = text!("{year} 年至今合同合计", "contracts of {year} so far");
            let whole = text!("{year} 年合同合计", "contracts of {year}");
            let what = if year == plan.as_of.year() { so_far } else { whole };
            made.push((what, col(total.as_str())));
        }
        Ok(made)
    }
}
