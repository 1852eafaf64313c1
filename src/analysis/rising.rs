//! Who may rise to the next tier and what is missing to it; whose tier is no longer justified, or will not be.
//!
//! Apart from the rule that computes tiers because a rule says yes or no, and managers ask how much. The year in progress
//! takes the place of the first whole year; what it would come to at this pace is shown apart, never mixed in.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::deals::Deals;
use super::facts::Facts;
use super::scale::Scale;
use super::settings::Settings;
use super::share::rounded;
use crate::model::TierStep;

/// A customer that may rise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The customer.
    pub customer: usize,
    /// The computed tier, a place in the scale.
    pub from: usize,
    /// The tier above it.
    pub to: usize,
    /// One more contract of this amount this year would do; nothing where something else stands in the way.
    pub gap: Option<Decimal>,
    /// So many years are missing, this one among them.
    pub years: u32,
    /// What this year has come to.
    pub so_far: Decimal,
    /// What it would come to at this pace.
    pub at_this_pace: Decimal,
}

/// A customer whose tier is in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtRisk {
    /// The customer.
    pub customer: usize,
    /// The recorded tier.
    pub recorded: usize,
    /// The computed one.
    pub computed: usize,
    /// Whether the recorded tier is no longer justified today; otherwise it will not be once this year is over.
    pub already: bool,
    /// What this year lacks to what the recorded tier demands of a year; nothing where it demands none.
    pub gap: Option<Decimal>,
    /// What this year has come to.
    pub so_far: Decimal,
    /// What it would come to at this pace.
    pub at_this_pace: Decimal,
}

/// Both lists.
#[derive(Clone, Debug, Default)]
pub struct Rising {
    /// Those that may rise, the smallest gap first.
    pub candidates: Vec<Candidate>,
    /// Those in doubt, the highest tier first.
    pub at_risk: Vec<AtRisk>,
}

impl Rising {
    /// (tier, how many may rise to it), the highest first.
    pub fn by_target(&self, scale: &Scale) -> Vec<(usize, u64)> {
        let count = |tier: usize| self.candidates.iter().filter(|candidate| candidate.to == tier).count() as u64;
        (0..scale.known).map(|tier| (tier, count(tier))).filter(|(_, count)| *count > 0).collect()
    }

    /// How many tiers are no longer justified.
    pub fn unjustified(&self) -> u64 {
        self.at_risk.iter().filter(|risk| risk.already).count() as u64
    }
}

/// What a customer's contracts come to, year by year back from the year of a day.
struct Years {
    totals: Vec<Decimal>,
    largest: Decimal,
}

/// Makes both lists; nothing where no rule computes tiers or there are no contracts.
pub fn rising(facts: &Facts, settings: &Settings, deals: &Deals, scale: &Scale) -> Option<Rising> {
    let standards = facts.standards.as_ref().filter(|_| deals.are_known)?;
    if facts.computed.len() != facts.customers() {
        return None;
    }
    let day = facts.as_of;
    let back = standards.steps.iter().filter(|step| !step.any_contract).map(|step| step.years).max().unwrap_or(0);
    let mut rising = Rising::default();
    for customer in 0..facts.customers() {
        let Some(computed) = facts.computed[customer].as_deref().and_then(|name| scale.place(name)) else { continue };
        let years = years(deals, customer, day, back);
        let so_far = years.totals.first().copied().unwrap_or_default();
        let at_this_pace = at_this_pace(so_far, day);
        let next = computed.checked_sub(1).and_then(|to| standards.steps.get(to).map(|step| (to, step)));
        if let Some((to, step)) = next.filter(|(_, step)| !step.any_contract) {
            let gap = gap(step, day.year(), &years);
            let lacking = lacking_years(step, day.year(), &years);
            let near = gap.is_some_and(|gap| gap > Decimal::ZERO && gap <= settings.near_gap);
            if near || lacking == 1 {
                rising.candidates.push(Candidate {
                    customer,
                    from: computed,
                    to,
                    gap,
                    years: lacking,
                    so_far,
                    at_this_pace,
                });
            }
        }
        let Some(recorded) = scale.tier(customer).filter(|tier| *tier < standards.steps.len()) else { continue };
        let demanded = standards.steps[recorded].each_year_of(day.year());
        let short = demanded.map(|demanded| (demanded - so_far).max(Decimal::ZERO));
        let already = computed > recorded;
        let soon = computed <= recorded && demanded.is_some_and(|demanded| at_this_pace < demanded);
        if already || soon {
            rising.at_risk.push(AtRisk { customer, recorded, computed, already, gap: short, so_far, at_this_pace });
        }
    }
    rising.candidates.sort_by_key(|candidate| {
        (candidate.to, candidate.gap.is_none(), candidate.gap.unwrap_or_default(), candidate.customer)
    });
    rising.at_risk.sort_by_key(|risk| (risk.recorded, !risk.already, risk.gap.unwrap_or_default(), risk.customer));
    Some(rising)
}

fn years(deals: &Deals, customer: usize, day: NaiveDate, back: i32) -> Years {
    let of = deals.of.get(customer).map_or(&[][..], Vec::as_slice);
    let in_year = |year: i32| of.iter().filter(move |deal| deal.day.year() == year && deal.day <= day);
    let totals = (0..=back).map(|back| in_year(day.year() - back).map(|deal| deal.amount).sum()).collect();
    let recent = of.iter().filter(|deal| deal.day.year() > day.year() - back.max(1) && deal.day <= day);
    Years { totals, largest: recent.map(|deal| deal.amount).max().unwrap_or_default() }
}

/// What a year would come to if it went on as it began.
fn at_this_pace(so_far: Decimal, day: NaiveDate) -> Decimal {
    rounded(so_far * Decimal::from(365) / Decimal::from(day.ordinal().min(365)), 1)
}

/// The amount of one more contract this year that would reach a tier; nothing where a year that is over falls short.
fn gap(step: &TierStep, year: i32, years: &Years) -> Option<Decimal> {
    let window = usize::try_from(step.years).unwrap_or(0);
    let mut gaps: Vec<Option<Decimal>> = Vec::new();
    if step.each_year.is_some() {
        let short = |(back, total): (i32, &Decimal)| step.each_year_of(year - back).map(|bound| bound - total);
        let mut short = (0..).zip(years.totals.iter().take(window)).filter_map(short);
        let this_year = short.next();
        gaps.push(this_year.filter(|_| !short.any(|short| short > Decimal::ZERO)));
    }
    let total: Decimal = years.totals.iter().take(window).sum();
    gaps.extend(step.total.map(|bound| Some(bound - total)));
    gaps.extend(step.single.map(|bound| Some(if years.largest < bound { bound } else { Decimal::ZERO })));
    let gaps = gaps.into_iter().map(|gap| gap.map(|gap| gap.max(Decimal::ZERO)));
    if step.any { gaps.flatten().min() } else { gaps.collect::<Option<Vec<_>>>()?.into_iter().max() }
}

/// How many more whole years are needed, counted from the last one, until each of them reaches what is demanded.
fn lacking_years(step: &TierStep, year: i32, years: &Years) -> u32 {
    let reached = (1..)
        .zip(years.totals.iter().skip(1))
        .take_while(|(back, total)| step.each_year_of(year - back).is_some_and(|bound| **total >= bound));
    let needed = u32::try_from(step.years).unwrap_or(0);
    needed.saturating_sub(reached.count() as u32)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_str_exact(text).expect("a number")
    }

    /// 重要: 500 in each of 3 years and one of 200; 稳定: 100 in each of 2 and one of 50. As of 30 September 2026.
    fn made(company: &Company, computed: &[&str]) -> Rising {
        let mut facts = company.facts();
        facts.computed = computed.iter().map(|name| Some((*name).to_owned())).collect();
        let deals = Deals::of(&facts, &company.settings);
        rising(&facts, &company.settings, &deals, &Scale::of(&facts)).expect("tiers")
    }

    #[test]
    fn the_gap_is_one_more_contract_or_one_more_year() {
        let mut company = Company::new(4);
        company.tier(&["稳定", "稳定", "一般", "潜在"]);
        company.deal(0, "2024-05-01", "600").deal(0, "2025-05-01", "500").deal(0, "2026-05-01", "487.5");
        company.deal(1, "2025-05-01", "500").deal(1, "2026-05-01", "600"); // 2024 is over and has nothing
        company.deal(2, "2025-05-01", "90").deal(2, "2026-05-01", "10"); // 2025 falls short: two more years
        let rising = made(&company, &["稳定", "稳定", "一般", "潜在"]);
        let candidates: Vec<_> =
            rising.candidates.iter().map(|found| (found.customer, found.to, found.gap, found.years)).collect();
        assert_eq!(candidates, [(0, 0, Some(number("12.5")), 1)]);
        assert_eq!(rising.by_target(&Scale::of(&company.facts())), [(0, 1)]);
        company.deal(1, "2024-05-01", "400").deal(1, "2023-05-01", "500").deal(1, "2025-05-02", "1");
        let rising = made(&company, &["稳定", "稳定", "一般", "潜在"]);
        assert!(
            rising.candidates.iter().all(|found| found.customer != 1),
            "2024 stays below 500: two years are needed"
        );
    }

    #[test]
    fn one_year_is_missing_where_the_years_before_were_reached() {
        let mut company = Company::new(1);
        company.tier(&["一般"]);
        company.deal(0, "2025-05-01", "120").deal(0, "2026-05-01", "30").deal(0, "2026-06-01", "9");
        let rising = made(&company, &["一般"]);
        // 61 are more than the 50 that count as near, but this year is the only one that is missing.
        let found = &rising.candidates[0];
        assert_eq!((found.gap, found.years), (Some(number("61")), 1));
        assert_eq!(found.so_far, number("39"));
        assert_eq!(found.at_this_pace, number("52.1"), "39 in 273 days");
    }

    #[test]
    fn a_tier_that_is_not_justified_is_told_from_one_that_will_not_be() {
        let mut company = Company::new(3);
        company.tier(&["重要", "稳定", "一般"]);
        company.deal(1, "2024-05-01", "200").deal(1, "2025-05-01", "200").deal(1, "2026-02-01", "60");
        let rising = made(&company, &["潜在", "稳定", "潜在"]);
        let risks: Vec<_> =
            rising.at_risk.iter().map(|risk| (risk.customer, risk.already, risk.gap, risk.at_this_pace)).collect();
        let hundred = number("100");
        assert_eq!(
            risks,
            [
                (0, true, Some(number("500")), number("0")),
                (1, false, Some(hundred - number("60")), number("80.2")),
                (2, true, None, number("0")),
            ]
        );
        assert_eq!(rising.unjustified(), 2);
    }
}
