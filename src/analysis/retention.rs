//! Who stays and who goes: customers against their own rhythm, cohorts by the year of the first contract, and the last
//! quarters.
//!
//! Apart because a yearly buyer is not late after four months, and a fixed bound would say so.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::deals::{Deals, day_before, months_before};
use super::facts::Facts;
use super::settings::Settings;
use super::structure::{State, state};
use crate::model::{Period, PeriodKind};

/// A customer that is late by its own rhythm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// The customer.
    pub customer: usize,
    /// Days since its last contract.
    pub days: i64,
    /// Its usual interval in days.
    pub usual: i64,
    /// Its amount of the last months before the last contract.
    pub amount: Decimal,
}

/// Customers by the year of their first contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The year.
    pub year: i32,
    /// How many customers.
    pub customers: u64,
    /// How many of them had a contract in that year, the next one and so on, up to the year of the cut-off date.
    pub buying: Vec<u64>,
}

/// The active customers at the end of a quarter, and what became of those of its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Its first day.
    pub first_day: NaiveDate,
    /// Active at its end.
    pub active: u64,
    /// Of those active at its start, how many are active no more.
    pub lapsed: u64,
    /// Active again after a pause.
    pub reactivated: u64,
}

/// Who stays and who goes.
#[derive(Clone, Debug)]
pub struct Retention {
    /// Late by their own rhythm, the largest amount first.
    pub late: Vec<Late>,
    /// Customers with so many contracts on different days that they have a rhythm.
    pub with_rhythm: u64,
    /// The cohorts, the earliest first; those of before are taken together in the first.
    pub cohorts: Vec<Cohort>,
    /// The last quarters, the earliest first.
    pub quarters: Vec<Quarter>,
}

/// Contracts on different days that make a rhythm.
const RHYTHM: usize = 3;
const COHORTS: i32 = 6;
const QUARTERS: u32 = 8;

/// Makes the figures; nothing where there are no contracts.
pub fn retention(facts: &Facts, settings: &Settings, deals: &Deals) -> Option<Retention> {
    deals.are_known.then_some(())?;
    let mut late = Vec::new();
    let mut with_rhythm = 0;
    for customer in 0..facts.customers() {
        let mut days: Vec<NaiveDate> = deals.of[customer].iter().map(|deal| deal.day).collect();
        days.dedup();
        let (Some(first), Some(last)) = (days.first(), days.last()) else { continue };
        let ended = state(facts, settings, deals, customer, facts.cut_off) == State::Stopped;
        if days.len() < RHYTHM || ended {
            continue;
        }
        with_rhythm += 1;
        let usual = (*last - *first).num_days() / (days.len() as i64 - 1);
        let since = (facts.cut_off - *last).num_days();
        if Decimal::from(since) > settings.rhythm_factor * Decimal::from(usual) {
            let amount = deals.amount(customer, months_before(*last, settings.amount_months), *last);
            late.push(Late { customer, days: since, usual, amount });
        }
    }
    late.sort_by(|left, right| right.amount.cmp(&left.amount).then(left.customer.cmp(&right.customer)));
    Some(Retention { late, with_rhythm, cohorts: cohorts(facts, deals), quarters: quarters(facts, settings, deals) })
}

fn cohorts(facts: &Facts, deals: &Deals) -> Vec<Cohort> {
    let this_year = facts.cut_off.year();
    let earliest = this_year - COHORTS + 1;
    let mut cohorts: BTreeMap<i32, Cohort> = BTreeMap::new();
    for of in &deals.of {
        let Some(first) = of.first() else { continue };
        let year = first.day.year().max(earliest);
        let span = usize::try_from(this_year - year + 1).unwrap_or(0);
        let cohort = cohorts.entry(year).or_insert_with(|| Cohort { year, customers: 0, buying: vec![0; span] });
        cohort.customers += 1;
        for (place, buying) in cohort.buying.iter_mut().enumerate() {
            let of_year = year + i32::try_from(place).unwrap_or(0);
            *buying += u64::from(of.iter().any(|deal| deal.day.year() == of_year));
        }
    }
    cohorts.into_values().collect()
}

fn quarters(facts: &Facts, settings: &Settings, deals: &Deals) -> Vec<Quarter> {
    let last = Period::containing(PeriodKind::Quarter, facts.cut_off);
    let mut quarters: Vec<Quarter> = Vec::new();
    let mut was = states(facts, settings, deals, day_before(months_before(last.start(), (QUARTERS - 1) * 3)));
    for back in (0..QUARTERS).rev() {
        let quarter = Period::containing(PeriodKind::Quarter, months_before(last.start(), back * 3));
        let end = quarter.end().min(facts.cut_off);
        let is = states(facts, settings, deals, end);
        let changed =
            |from: bool, to: bool| was.iter().zip(&is).filter(|(was, is)| **was == from && **is == to).count();
        let new = (0..is.len()).filter(|customer| {
            !was[*customer] && is[*customer] && deals.first(*customer).is_some_and(|first| first >= quarter.start())
        });
        let reactivated = changed(false, true) - new.count();
        quarters.push(Quarter {
            first_day: quarter.start(),
            active: is.iter().filter(|is| **is).count() as u64,
            lapsed: changed(true, false) as u64,
            reactivated: reactivated as u64,
        });
        was = is;
    }
    quarters
}

/// Whether each customer was active on a day.
fn states(facts: &Facts, settings: &Settings, deals: &Deals, day: NaiveDate) -> Vec<bool> {
    (0..facts.customers()).map(|customer| state(facts, settings, deals, customer, day) == State::Active).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn late_is_late_by_ones_own_rhythm() {
        let mut company = Company::new(3);
        company.deal(0, "2026-01-01", "1").deal(0, "2026-01-31", "2").deal(0, "2026-03-02", "3"); // every 30 days
        company.deal(1, "2023-09-01", "9").deal(1, "2024-09-01", "9").deal(1, "2025-09-01", "9"); // every year
        company.deal(2, "2020-01-01", "9").deal(2, "2020-01-01", "9").deal(2, "2020-02-01", "9"); // two days: none
        let facts = company.facts();
        let retention = retention(&facts, &company.settings, &Deals::of(&facts, &company.settings)).expect("contracts");
        assert_eq!(retention.with_rhythm, 2);
        let late: Vec<_> = retention.late.iter().map(|late| (late.customer, late.days, late.usual)).collect();
        assert_eq!(late, [(0, 212, 30)]);
        assert_eq!(retention.late[0].amount, Decimal::from(6));
        let years: Vec<_> = retention.cohorts.iter().map(|cohort| (cohort.year, cohort.buying.clone())).collect();
        assert_eq!(years, [(2021, vec![0; 6]), (2023, vec![1, 1, 1, 0]), (2026, vec![1])], "of before 2021: together");
        let last = retention.quarters.last().expect("quarters");
        assert_eq!((last.active, last.lapsed, last.reactivated), (1, 1, 0), "1 September 2025 is a year ago");
        assert_eq!(retention.quarters.len(), 8);
    }
}
