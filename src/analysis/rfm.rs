//! RFM: how lately, how often and for how much each customer bought, and the eight classes that follow.
//!
//! Apart because quintiles of few customers say nothing: below a number the bounds are fixed ones, and the report says
//! which it was.

use rust_decimal::Decimal;

use super::deals::{Deals, months_before};
use super::facts::Facts;
use super::settings::Settings;

/// One of the eight classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Lately, often, much: 重要价值.
    Value,
    /// Lately, seldom, much: 重要发展.
    Develop,
    /// Long ago, often, much: 重要保持.
    Keep,
    /// Long ago, seldom, much: 重要挽留.
    WinBack,
    /// Lately, often, little: 一般价值.
    SmallValue,
    /// Lately, seldom, little: 一般发展.
    SmallDevelop,
    /// Long ago, often, little: 一般保持.
    SmallKeep,
    /// Long ago, seldom, little: 一般挽留.
    SmallWinBack,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 8] = [
        Class::Value,
        Class::Develop,
        Class::Keep,
        Class::WinBack,
        Class::SmallValue,
        Class::SmallDevelop,
        Class::SmallKeep,
        Class::SmallWinBack,
    ];

    fn of(lately: bool, often: bool, much: bool) -> Self {
        let place = usize::from(!much) * 4
            + match (lately, often) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
        Self::ALL[place]
    }
}

/// A class with its customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The class.
    pub class: Class,
    /// How many customers.
    pub customers: u64,
    /// Their amounts.
    pub amount: Decimal,
}

/// The classes.
#[derive(Clone, Debug)]
pub struct Rfm {
    /// Whether scores are quintiles; otherwise the bounds are fixed.
    pub by_quintile: bool,
    /// Customers with a contract in the window.
    pub customers: u64,
    /// A line a class.
    pub lines: Vec<Line>,
    /// Customers by recency score (row, 5 first) and frequency score (column, 1 first).
    pub grid: [[u64; 5]; 5],
    /// (customer, class), in the order of the table.
    pub classes: Vec<(usize, Class)>,
}

/// Scores from here on are high.
const HIGH: usize = 4;

/// Classes the customers with a contract in the window from which amounts are taken, up to lost; nothing where none has.
pub fn rfm(facts: &Facts, settings: &Settings, deals: &Deals) -> Option<Rfm> {
    let since = months_before(facts.cut_off, settings.lost_months);
    let mut bought: Vec<(usize, i64, u32, Decimal)> = Vec::new();
    for customer in 0..facts.customers() {
        let of: Vec<_> = deals.of[customer].iter().filter(|deal| deal.day > since).collect();
        let Some(last) = of.last() else { continue };
        let amount = of.iter().map(|deal| deal.amount).sum();
        bought.push((customer, (facts.cut_off - last.day).num_days(), of.len() as u32, amount));
    }
    if bought.is_empty() {
        return None;
    }
    let by_quintile = bought.len() >= settings.rfm_smallest;
    let scores: Vec<[usize; 3]> = if by_quintile {
        let recency = quintiles(&bought.iter().map(|entry| -entry.1).collect::<Vec<_>>());
        let frequency = quintiles(&bought.iter().map(|entry| entry.2).collect::<Vec<_>>());
        let money = quintiles(&bought.iter().map(|entry| entry.3).collect::<Vec<_>>());
        (0..bought.len()).map(|place| [recency[place], frequency[place], money[place]]).collect()
    } else {
        let fixed = |(_, days, deals, amount): &(usize, i64, u32, Decimal)| {
            let recency = 5 - settings.rfm_days.iter().filter(|bound| *days > i64::from(**bound)).count();
            let frequency = 1 + settings.rfm_deals.iter().filter(|bound| deals >= bound).count();
            let money = 1 + settings.rfm_amounts.iter().filter(|bound| *amount >= Decimal::from(**bound)).count();
            [recency, frequency, money]
        };
        bought.iter().map(fixed).collect()
    };
    let mut lines: Vec<Line> = Class::ALL.map(|class| Line { class, customers: 0, amount: Decimal::ZERO }).into();
    let mut grid = [[0; 5]; 5];
    let mut classes = Vec::new();
    for ((customer, _, _, amount), [recency, frequency, money]) in bought.iter().zip(&scores) {
        let class = Class::of(*recency >= HIGH, *frequency >= HIGH, *money >= HIGH);
        lines[class as usize].customers += 1;
        lines[class as usize].amount += *amount;
        grid[5 - recency][frequency - 1] += 1;
        classes.push((*customer, class));
    }
    Some(Rfm { by_quintile, customers: bought.len() as u64, lines, grid, classes })
}

/// 1 for the lowest fifth up to 5; equal values get the score of the first of them.
fn quintiles<T: Ord + Copy>(values: &[T]) -> Vec<usize> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let below = |value: &T| sorted.partition_point(|other| other < value);
    values.iter().map(|value| 1 + below(value) * 5 / sorted.len()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn ties_share_a_score() {
        assert_eq!(quintiles(&[1, 2, 3, 4, 5]), [1, 2, 3, 4, 5]);
        assert_eq!(quintiles(&[7, 7, 7, 7, 9]), [1, 1, 1, 1, 5]);
        assert_eq!(quintiles(&[3]), [1]);
    }

    #[test]
    fn few_customers_have_fixed_bounds() {
        let mut company = Company::new(3);
        for month in 3..9 {
            company.deal(0, &format!("2026-0{month}-15"), "100");
        }
        company.deal(1, "2025-01-10", "900");
        let facts = company.facts();
        let rfm = rfm(&facts, &company.settings, &Deals::of(&facts, &company.settings)).expect("contracts");
        assert!(!rfm.by_quintile);
        assert_eq!(rfm.classes, [(0, Class::Value), (1, Class::WinBack)]);
        assert_eq!(rfm.lines[0].amount, Decimal::from(600));
        assert_eq!(rfm.customers, rfm.lines.iter().map(|line| line.customers).sum::<u64>());
        assert_eq!(rfm.grid.iter().flatten().sum::<u64>(), 2);
    }

    #[test]
    fn enough_customers_have_quintiles() {
        let mut company = Company::new(50);
        for customer in 0..50 {
            company.deal(customer, "2026-05-01", &(customer + 1).to_string());
        }
        let facts = company.facts();
        let rfm = rfm(&facts, &company.settings, &Deals::of(&facts, &company.settings)).expect("contracts");
        assert!(rfm.by_quintile);
        let much = rfm.lines.iter().take(4).map(|line| line.customers).sum::<u64>();
        assert_eq!(much, 20, "the upper two fifths");
        // All bought once and on the same day: these scores are equal, and low.
        assert_eq!(rfm.lines[Class::WinBack as usize].customers, 20);
    }
}
