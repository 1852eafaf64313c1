//! Customers by tier and by what became of them, and the bridge from the active ones of the period's start to those of
//! its end.
//!
//! Apart because "active" is defined once, here.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::deals::{Deals, day_before, months_before};
use super::facts::Facts;
use super::scale::Scale;
use super::settings::Settings;

/// What became of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It bought lately.
    Active,
    /// It has not bought for a while.
    Silent,
    /// It has not bought for long.
    Lost,
    /// It has never bought.
    Never,
    /// It has ended.
    Stopped,
}

impl State {
    /// All of them, in the order of columns.
    pub const ALL: [State; 5] = [State::Active, State::Silent, State::Lost, State::Never, State::Stopped];
}

/// The customers of a tier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TierLine {
    /// The tier, a place in the scale; nothing: none is recorded.
    pub tier: Option<usize>,
    /// How many customers.
    pub customers: u64,
    /// How many of each state, in the order of `State::ALL`.
    pub states: [u64; 5],
    /// The amounts of the last months.
    pub amount: Decimal,
    /// Those of as many months before.
    pub amount_before: Decimal,
}

/// From the active customers of the start to those of the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bridge {
    /// Active on the eve of the period.
    pub start: u64,
    /// Active at the end, with the first contract in the period.
    pub new: u64,
    /// Active at the end, not at the start, and with earlier contracts.
    pub reactivated: u64,
    /// Active at the start and no longer.
    pub lapsed: u64,
    /// Active at the start and ended since.
    pub stopped: u64,
    /// Active at the end.
    pub end: u64,
}

/// The customers by tier and state.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// A line a tier in the order of the scale, those without one last.
    pub tiers: Vec<TierLine>,
    /// All of them.
    pub total: TierLine,
    /// Active customers from start to end; nothing where there are no contracts to tell by.
    pub bridge: Option<Bridge>,
    /// Customers entered in the period; nothing where the day of entry is not known.
    pub entered: Option<u64>,
    /// The amounts of the period.
    pub amount_of_period: Decimal,
    /// The amounts of the last quarters, the earliest first: the quarter's first day, its amount, contracts.
    pub quarters: Vec<(NaiveDate, Decimal, u64)>,
}

/// Quarters whose amounts are shown.
const QUARTERS: u32 = 9;

/// Makes the figures.
pub fn structure(facts: &Facts, settings: &Settings, deals: &Deals, scale: &Scale) -> Structure {
    let count = facts.customers();
    let cut_off = facts.cut_off;
    let since = months_before(cut_off, settings.amount_months);
    let before = months_before(since, settings.amount_months);
    let states: Vec<State> = (0..count).map(|customer| state(facts, settings, deals, customer, cut_off)).collect();
    let amounts: Vec<Decimal> = (0..count).map(|customer| deals.amount(customer, since, cut_off)).collect();
    let places = (0..scale.names.len()).map(Some).chain([None]);
    let mut tiers: Vec<TierLine> = places.map(|tier| TierLine { tier, ..TierLine::default() }).collect();
    let mut total = TierLine::default();
    for customer in 0..count {
        let place = scale.tier(customer).unwrap_or(scale.names.len());
        let earlier = deals.amount(customer, before, since);
        for line in [&mut tiers[place], &mut total] {
            line.customers += 1;
            line.states[states[customer] as usize] += 1;
            line.amount += amounts[customer];
            line.amount_before += earlier;
        }
    }
    tiers.retain(|line| line.customers > 0 || line.tier.is_some_and(|tier| tier < scale.known));
    let customers = facts.of_customers();
    let entered = customers.has("entered").then(|| {
        let entered = (0..count).filter_map(|customer| customers.day("entered", customer));
        entered.filter(|day| facts.in_period(*day)).count() as u64
    });
    Structure {
        bridge: deals.are_known.then(|| bridge(facts, settings, deals)),
        entered,
        amount_of_period: deals.total(day_before(facts.first_day()), cut_off),
        quarters: if deals.are_known { quarters(facts, deals) } else { Vec::new() },
        tiers,
        total,
    }
}

/// What a customer was on a day. One that has ended on an unknown day counts as ended all along.
pub fn state(facts: &Facts, settings: &Settings, deals: &Deals, customer: usize, day: NaiveDate) -> State {
    let customers = facts.of_customers();
    let ended = customers.day("ended", customer);
    let says_so = settings.stopped.iter().any(|word| word == customers.word("state", customer));
    if ended.is_some_and(|ended| ended <= day) || (says_so && ended.is_none()) {
        return State::Stopped;
    }
    match deals.last(customer, day) {
        None => State::Never,
        Some(last) if last > months_before(day, settings.active_months) => State::Active,
        Some(last) if last > months_before(day, settings.lost_months) => State::Silent,
        Some(_) => State::Lost,
    }
}

fn bridge(facts: &Facts, settings: &Settings, deals: &Deals) -> Bridge {
    let (eve, end) = (day_before(facts.first_day()), facts.cut_off);
    let mut bridge = Bridge::default();
    for customer in 0..facts.customers() {
        let was = state(facts, settings, deals, customer, eve) == State::Active;
        let now = state(facts, settings, deals, customer, end);
        let is = now == State::Active;
        bridge.start += u64::from(was);
        bridge.end += u64::from(is);
        match (was, is) {
            (false, true) if deals.first(customer).is_some_and(|first| first > eve) => bridge.new += 1,
            (false, true) => bridge.reactivated += 1,
            (true, false) if now == State::Stopped => bridge.stopped += 1,
            (true, false) => bridge.lapsed += 1,
            _ => {}
        }
    }
    bridge
}

/// The amounts of the last calendar quarters; of the last one as far as it has come.
fn quarters(facts: &Facts, deals: &Deals) -> Vec<(NaiveDate, Decimal, u64)> {
    let last = crate::model::Period::containing(crate::model::PeriodKind::Quarter, facts.cut_off).start();
    (0..QUARTERS)
        .rev()
        .map(|back| {
            let first = months_before(last, back * 3);
            let until = day_before(first.checked_add_months(chrono::Months::new(3)).unwrap_or(first));
            let within = |day: NaiveDate| day >= first && day <= until.min(facts.cut_off);
            let of = deals.of.iter().flatten().filter(|deal| within(deal.day));
            let (amount, count) = of.fold((Decimal::ZERO, 0), |(sum, count), deal| (sum + deal.amount, count + 1));
            (first, amount, count)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    fn made(company: &Company) -> Structure {
        let facts = company.facts();
        let deals = Deals::of(&facts, &company.settings);
        structure(&facts, &company.settings, &deals, &Scale::of(&facts))
    }

    #[test]
    fn the_bridge_leads_from_the_start_to_the_end() {
        let mut company = Company::new(7); // the third quarter of 2026
        company.tier(&["重要", "稳定", "一般", "一般", "潜在", "", "稳定"]);
        company.deal(0, "2026-01-10", "100").deal(0, "2026-08-01", "50"); // active throughout
        company.deal(1, "2026-07-15", "20"); // new
        company.deal(2, "2024-01-15", "5").deal(2, "2026-09-30", "5"); // back again
        company.deal(3, "2025-08-15", "8"); // active on 30 June, silent since August
        company.deal(5, "2026-05-01", "1").ended(5, "2026-08-31"); // active, then ended
        company.deal(6, "2024-09-30", "70"); // two years to the day: lost
        let structure = made(&company);
        let bridge = structure.bridge.expect("contracts");
        let expected = Bridge { start: 3, new: 1, reactivated: 1, lapsed: 1, stopped: 1, end: 3 };
        assert_eq!(bridge, expected);
        assert_eq!(bridge.start + bridge.new + bridge.reactivated - bridge.lapsed - bridge.stopped, bridge.end);
        assert_eq!(structure.total.states, [3, 1, 1, 1, 1]);
        let names: Vec<_> = structure.tiers.iter().map(|line| (line.tier, line.customers)).collect();
        assert_eq!(names, [(Some(0), 1), (Some(1), 2), (Some(2), 2), (Some(3), 1), (None, 1)]);
        assert_eq!(structure.amount_of_period, Decimal::from(75));
        assert_eq!(structure.total.amount, Decimal::from(176), "twelve months");
        assert_eq!(structure.total.amount_before, Decimal::from(8), "the twelve before: not what was signed earlier");
        let last = structure.quarters.last().expect("quarters");
        assert_eq!((last.1, last.2), (Decimal::from(75), 3));
    }

    #[test]
    fn without_contracts_nothing_is_said_of_activity() {
        let mut company = Company::new(1);
        company.without_deals();
        let structure = made(&company);
        assert!(structure.bridge.is_none() && structure.quarters.is_empty());
        assert_eq!(structure.total.customers, 1);
    }
}
