//! What the tiers of customers demand, as a rule says it.
//!
//! Apart because the rule's check reads it, and the analysis tells from it how much a customer lacks. It computes no
//! tier.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// The tiers of a rule, the highest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierStandards {
    /// The rule.
    pub rule_id: String,
    /// The tiers, the first that fits wins.
    pub steps: Vec<TierStep>,
    /// The tier that is left for the others.
    pub otherwise: String,
    /// Other words for the tiers.
    pub synonyms: Vec<(String, String)>,
}

/// What a tier demands; what it does not name it does not demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierStep {
    /// Its name.
    pub name: String,
    /// The whole years looked back on.
    pub years: i32,
    /// Any contract of these years is enough.
    pub any_contract: bool,
    /// One of the demands is enough.
    pub any: bool,
    /// Each of the years totals so much.
    pub each_year: Option<Decimal>,
    /// What single years must total instead.
    pub each_year_by_year: BTreeMap<i32, Decimal>,
    /// One contract is so large.
    pub single: Option<Decimal>,
    /// The years total so much together.
    pub total: Option<Decimal>,
}

impl TierStep {
    /// What a year must total.
    pub fn each_year_of(&self, year: i32) -> Option<Decimal> {
        self.each_year_by_year.get(&year).copied().or(self.each_year)
    }
}
