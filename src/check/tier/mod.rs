//! `tier`: the declared tier must be the one computed from the contracts of the last whole years.
//!
//! Source: policy E 3.3 to 3.6 (clauses E-03 to E-08). The tiers stand in the rule file, the first that fits wins. Which
//! customers may rise is computed from the same tiers: the year that is not over yet takes the place of the first.

mod contracts;
mod rising;
mod step;

use chrono::Datelike;
use polars::prelude::{DataType, Expr, NULL, PolarsResult, col, lit, when};
use rust_decimal::Decimal;

use super::allowed::synonyms;
use super::condition::{Condition, decimal};
use super::rows::by_row;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::folding::fold;
use crate::model::TierStandards;
use crate::params::Params;
use crate::text;
use crate::text::Text;
use contracts::{Contracts, Joined, number_field};
use rising::rising;
use step::{Bounds, Step, step};

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `tier`.
pub struct Kind;

#[derive(Debug)]
struct Tier {
    table: String,
    field: String,
    contracts: Contracts,
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
        let contracts = Contracts::read(rule, scope);
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
            contracts: contracts?,
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

impl Tier {
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

impl Check for Tier {
    /// The years that it looks back on are those before the as-of date, and a contract counts up to it.
    fn follows_the_day(&self) -> bool {
        true
    }

    fn reads(&self) -> Vec<(String, String)> {
        let mut reads = vec![(self.table.clone(), self.field.clone()), (self.table.clone(), self.contracts.key.clone())];
        let own = self.demand_field.iter().chain(&self.rank_field);
        reads.extend(own.map(|field| (self.table.clone(), field.clone())));
        let needed = self.has_tier.iter().flat_map(Condition::needed);
        reads.extend(needed.map(|field| (self.table.clone(), field.to_owned())));
        reads.extend(self.contracts.reads());
        reads
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let joined = self.contracts.join(plan, &self.steps, matches!(self.report, Report::Upgradeable(_)))?;
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
        own.chain(self.contracts.condition()).collect()
    }

    fn classes(&self, plan: &mut Plan) -> PolarsResult<Option<Expr>> {
        let joined = self.contracts.join(plan, &self.steps, false)?;
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
        let joined = self.contracts.join(plan, &self.steps, true)?;
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
