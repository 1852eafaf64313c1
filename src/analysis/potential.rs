//! Customers that have bought nothing yet: their opportunities, how long they have been known, and how many became
//! customers.
//!
//! Apart because all of it is about customers without amounts.

use std::collections::BTreeMap;

use super::deals::Deals;
use super::facts::Facts;
use super::scale::Scale;
use super::settings::Settings;

/// Uses of the columns that describe an opportunity, in the order in which they are shown.
pub const DESCRIBED: [&str; 5] = ["intent", "chance", "factors", "support", "demand"];

/// From so many months on, and below so many; without an end the last.
type Months = (u32, Option<u32>);

/// Potential customers.
#[derive(Clone, Debug, Default)]
pub struct Potential {
    /// The tier that they are in; nothing where no rule knows one.
    pub tier: Option<String>,
    /// The customers; those with an opportunity first, then by potential demand.
    pub customers: Vec<usize>,
    /// (use, how many have it on file), for the columns that there are.
    pub filled: Vec<(&'static str, u64)>,
    /// By intent to cooperate, blanks last; none where there is no such column.
    pub stages: Vec<(String, u64)>,
    /// By how long they have been on file: months from, to, and how many; nothing where the day is not known.
    pub ages: Option<Vec<(Months, u64)>>,
    /// Those without a readable day of entry.
    pub ageless: u64,
    /// Of the potential customers of the last period, how many there were and how many have bought since; nothing without
    /// an earlier run.
    pub converted: Option<(u64, u64)>,
}

const AGES: [u32; 3] = [3, 6, 12];

/// Makes the figures.
pub fn potential(facts: &Facts, _settings: &Settings, deals: &Deals, scale: &Scale) -> Potential {
    let rows = facts.of_customers();
    let mut customers: Vec<usize> = (0..facts.customers()).filter(|customer| scale.is_potential(*customer)).collect();
    let filled = DESCRIBED.into_iter().filter(|usage| rows.has(usage)).map(|usage| {
        let is_filled = |customer: &&usize| match usage {
            "demand" => rows.number(usage, **customer).is_some(),
            _ => !rows.word(usage, **customer).is_empty(),
        };
        (usage, customers.iter().filter(is_filled).count() as u64)
    });
    let filled = filled.collect();
    let mut stages: BTreeMap<&str, u64> = BTreeMap::new();
    for customer in customers.iter().filter(|_| rows.has("intent")) {
        *stages.entry(rows.word("intent", *customer)).or_insert(0) += 1;
    }
    let mut stages: Vec<(String, u64)> = stages.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    stages.sort_by(|left, right| (left.0.is_empty(), right.1, &left.0).cmp(&(right.0.is_empty(), left.1, &right.0)));
    let start = ["first-contact", "entered"].into_iter().find(|usage| rows.has(usage));
    let mut ageless = 0;
    let ages = start.map(|usage| {
        let bounds = AGES.map(Some).into_iter().chain([None]);
        let mut lines: Vec<((u32, Option<u32>), u64)> = Vec::new();
        for bound in bounds {
            lines.push(((lines.last().and_then(|(days, _)| days.1).unwrap_or(0), bound), 0));
        }
        for customer in &customers {
            let Some(day) = rows.day(usage, *customer).filter(|day| *day <= facts.cut_off) else {
                ageless += 1;
                continue;
            };
            let younger = |bound: u32| day > super::deals::months_before(facts.cut_off, bound);
            if let Some(line) = lines.iter_mut().find(|((_, to), _)| to.is_none_or(younger)) {
                line.1 += 1;
            }
        }
        lines
    });
    let converted =
        facts.tiers_before.as_ref().filter(|_| deals.are_known && scale.potential().is_some()).map(|earlier| {
            let was = |customer: &usize| {
                let word = earlier.tiers.get(facts.keys[*customer].as_str());
                word.and_then(|word| scale.place(word)).is_some_and(|place| place + 1 == scale.known)
            };
            let were: Vec<usize> = (0..facts.customers()).filter(was).collect();
            let bought = |customer: &&usize| deals.of[**customer].iter().any(|deal| facts.in_period(deal.day));
            (were.len() as u64, were.iter().filter(bought).count() as u64)
        });
    customers.sort_by_key(|customer| {
        let described = !rows.word("chance", *customer).is_empty();
        (!described, std::cmp::Reverse(rows.number("demand", *customer)), *customer)
    });
    Potential { tier: scale.potential().map(str::to_owned), customers, filled, stages, ages, ageless, converted }
}

#[cfg(test)]
mod tests {
    use super::super::facts::EarlierTiers;
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn opportunities_ages_and_conversion() {
        let mut company = Company::new(5);
        company.tier(&["潜在", "潜在", "潜在", "一般", "潜在"]);
        company.words("chance", &["", "新厂投产", "", "x", ""]).numbers("demand", &["5", "1", "70", "9", ""]);
        company.words("intent", &["有意", "有意", "", "有意", "洽谈中"]);
        company.days("entered", &["2026-09-01", "2026-06-30", "2025-01-01", "2020-01-01", ""]);
        company.deal(3, "2026-08-01", "12").deal(0, "2026-06-01", "1");
        let mut facts = company.facts();
        let before = ["K0", "K1", "K3"].map(|key| (key.to_owned(), "潜在".to_owned()));
        facts.tiers_before = Some(EarlierTiers { period: "2026Q2".to_owned(), tiers: before.into() });
        let deals = Deals::of(&facts, &company.settings);
        let made = potential(&facts, &company.settings, &deals, &Scale::of(&facts));
        assert_eq!(made.customers, [1, 2, 0, 4]);
        assert_eq!(made.filled, [("intent", 3), ("chance", 1), ("demand", 3)]);
        let stages: Vec<_> = made.stages.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        assert_eq!(stages, [("有意", 2), ("洽谈中", 1), ("", 1)]);
        let ages: Vec<u64> = made.ages.expect("days").iter().map(|(_, count)| *count).collect();
        assert_eq!((ages, made.ageless), (vec![1, 1, 0, 1], 1), "three months to the day are three months");
        assert_eq!(made.converted, Some((3, 1)));
    }
}
