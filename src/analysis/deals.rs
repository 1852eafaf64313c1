//! The contracts that count, customer by customer; those that do not are counted and said.
//!
//! Apart because every amount of the analysis comes from here, so that no two blocks add up different contracts.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use super::columns::Group;
use super::facts::Facts;
use super::settings::Settings;

/// A contract that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal {
    /// When it was signed.
    pub day: NaiveDate,
    /// Its amount; zero where none is given or it is in a foreign currency. Returns are negative.
    pub amount: Decimal,
    /// Its profit, where one is given.
    pub profit: Option<Decimal>,
}

/// All contracts up to the cut-off date.
#[derive(Clone, Debug, Default)]
pub struct Deals {
    /// Whether there are contracts with a day and an amount at all.
    pub are_known: bool,
    /// Those of each customer, the earliest first.
    pub of: Vec<Vec<Deal>>,
    /// How many of them count.
    pub counted: u64,
    /// Void ones, left out.
    pub void: u64,
    /// Those of no customer that is known, left out.
    pub unowned: u64,
    /// Those without a readable day, left out.
    pub undated: u64,
    /// Those signed after the cut-off date, left out.
    pub later: u64,
    /// Those without a readable amount: they count as contracts, with nothing in the sums.
    pub without_amount: u64,
    /// Those in a foreign currency, with how many and how much: they count as contracts, with nothing in the sums.
    pub foreign: BTreeMap<String, (u64, Decimal)>,
}

impl Deals {
    /// Gathers them.
    pub fn of(facts: &Facts, settings: &Settings) -> Self {
        let rows = facts.rows(Group::Deals);
        let are_known = rows.has("day") && rows.has("amount");
        let mut deals = Self { are_known, of: vec![Vec::new(); facts.customers()], ..Self::default() };
        if !are_known {
            return deals;
        }
        for row in 0..rows.count {
            let Some(customer) = rows.customer.get(row).copied().flatten() else {
                deals.unowned += 1;
                continue;
            };
            if settings.void.iter().any(|word| word == rows.word("state", row)) {
                deals.void += 1;
                continue;
            }
            let Some(day) = rows.day("day", row) else {
                deals.undated += 1;
                continue;
            };
            if day > facts.cut_off {
                deals.later += 1;
                continue;
            }
            let currency = rows.word("currency", row);
            let is_home = currency.is_empty() || settings.home_currency.iter().any(|word| word == currency);
            let amount = rows.number("amount", row);
            let mut deal = Deal { day, amount: Decimal::ZERO, profit: rows.number("profit", row) };
            match amount {
                Some(amount) if is_home => deal.amount = amount,
                Some(amount) => {
                    let (count, sum) = deals.foreign.entry(currency.to_owned()).or_default();
                    (*count, *sum, deal.profit) = (*count + 1, *sum + amount, None);
                }
                None => deals.without_amount += 1,
            }
            deals.of[customer].push(deal);
            deals.counted += 1;
        }
        deals.of.iter_mut().for_each(|of| of.sort_by_key(|deal| (deal.day, deal.amount)));
        deals
    }

    /// What a customer's contracts after one day and up to another come to.
    pub fn amount(&self, customer: usize, after: NaiveDate, until: NaiveDate) -> Decimal {
        let of = self.of.get(customer).into_iter().flatten();
        of.filter(|deal| deal.day > after && deal.day <= until).map(|deal| deal.amount).sum()
    }

    /// What all contracts after one day and up to another come to.
    pub fn total(&self, after: NaiveDate, until: NaiveDate) -> Decimal {
        (0..self.of.len()).map(|customer| self.amount(customer, after, until)).sum()
    }

    /// The day of a customer's last contract up to a day.
    pub fn last(&self, customer: usize, until: NaiveDate) -> Option<NaiveDate> {
        self.of.get(customer)?.iter().rev().map(|deal| deal.day).find(|day| *day <= until)
    }

    /// The day of a customer's first contract.
    pub fn first(&self, customer: usize) -> Option<NaiveDate> {
        self.of.get(customer)?.first().map(|deal| deal.day)
    }
}

/// So many months before a day; of a day that the month does not have, its last.
pub fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

/// The day before.
pub fn day_before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Company, day};
    use super::*;

    #[test]
    fn what_does_not_count_is_counted() {
        let mut company = Company::new(2);
        company.deal(0, "2026-03-01", "10.5").deal(0, "2026-02-01", "-0.5");
        company.deal(1, "2026-10-02", "7").deal(1, "", "7").deal(1, "2026-01-01", "");
        company.deal_of(None, "2026-01-01", "9", "", "");
        company.deal_of(Some(1), "2026-01-01", "9", "作废", "");
        company.deal_of(Some(1), "2026-01-01", "9", "", "美元").deal_of(Some(1), "2026-01-02", "3", "", "人民币");
        let deals = Deals::of(&company.facts(), &company.settings);
        assert_eq!((deals.counted, deals.void, deals.unowned, deals.undated, deals.later), (5, 1, 1, 1, 1));
        assert_eq!(deals.without_amount, 1);
        assert_eq!(deals.foreign, BTreeMap::from([("美元".to_owned(), (1, Decimal::from(9)))]));
        let all = deals.total(NaiveDate::MIN, day("2026-12-31"));
        assert_eq!(all.to_string(), "13.0", "10.5 - 0.5 + 3: neither dollars nor void contracts");
        assert_eq!(deals.of[0][0].day, day("2026-02-01"), "the earliest first");
    }
}
