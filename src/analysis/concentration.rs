//! On how few customers the company rests: classes A, B and C, the share of the first ones, and the HHI.
//!
//! Apart because returns, ties and customers without a contract each need a decision, and it is made here once.

use rust_decimal::Decimal;

use super::deals::{Deals, months_before};
use super::facts::Facts;
use super::settings::Settings;
use super::share::{rounded, share};

/// A customer in the order of amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The customer.
    pub customer: usize,
    /// Its rank from 1; equal amounts share one.
    pub rank: u64,
    /// Its amount.
    pub amount: Decimal,
    /// The share of all amounts up to this customer.
    pub cumulated: Decimal,
    /// 0 for A, 1 for B, 2 for C.
    pub class: usize,
}

/// A class of customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// How many customers.
    pub customers: u64,
    /// Their amounts.
    pub amount: Decimal,
}

/// How concentrated the amounts are.
#[derive(Clone, Debug)]
pub struct Concentration {
    /// Customers with a positive amount, the largest first.
    pub ranked: Vec<Ranked>,
    /// A, B and C.
    pub classes: [Class; 3],
    /// Their sum: what shares are reckoned of.
    pub positive: Decimal,
    /// Customers whose returns exceed their contracts, and by how much: in no class.
    pub negative: Class,
    /// Customers whose amount is nothing: in no class.
    pub zero: u64,
    /// (customers, their amount, its share), as far as there are so many.
    pub top: Vec<(u32, Decimal, Decimal)>,
    /// The first customer's share.
    pub first: Decimal,
    /// Herfindahl-Hirschman: the sum of squared percentages, up to 10000.
    pub hhi: Decimal,
}

/// Ranks the customers by the amounts of the last months; nothing where none has any.
pub fn concentration(facts: &Facts, settings: &Settings, deals: &Deals) -> Option<Concentration> {
    let since = months_before(facts.cut_off, settings.amount_months);
    let amounts: Vec<Decimal> =
        (0..facts.customers()).map(|customer| deals.amount(customer, since, facts.cut_off)).collect();
    let mut order: Vec<usize> = (0..amounts.len()).filter(|place| amounts[*place] > Decimal::ZERO).collect();
    // Ties stand in the order of the table, so that the same data give the same list.
    order.sort_by(|left, right| amounts[*right].cmp(&amounts[*left]).then(left.cmp(right)));
    let positive: Decimal = order.iter().map(|place| amounts[*place]).sum();
    if order.is_empty() {
        return None;
    }
    let bounds = settings.abc.map(|percent| positive * Decimal::from(percent) / Decimal::from(100));
    let mut ranked: Vec<Ranked> = Vec::with_capacity(order.len());
    let mut sum = Decimal::ZERO;
    for (place, customer) in order.iter().copied().enumerate() {
        let amount = amounts[customer];
        // A customer belongs to A as long as those before it do not yet make up 80 %; who ties with one goes with it.
        let tied = ranked.last().filter(|last| last.amount == amount);
        let class = tied.map_or_else(|| bounds.iter().filter(|bound| sum >= **bound).count(), |last| last.class);
        let rank = tied.map_or(place as u64 + 1, |last| last.rank);
        sum += amount;
        let cumulated = share(sum, positive).unwrap_or_default();
        ranked.push(Ranked { customer, rank, amount, cumulated, class });
    }
    let mut classes = [Class::default(); 3];
    for Ranked { class, amount, .. } in &ranked {
        classes[*class].customers += 1;
        classes[*class].amount += *amount;
    }
    let mut negative = Class::default();
    for amount in amounts.iter().filter(|amount| **amount < Decimal::ZERO) {
        negative.customers += 1;
        negative.amount += *amount;
    }
    let top = settings.top.iter().filter(|count| **count as usize <= ranked.len()).map(|count| {
        let amount: Decimal = ranked.iter().take(*count as usize).map(|ranked| ranked.amount).sum();
        (*count, amount, share(amount, positive).unwrap_or_default())
    });
    let top = top.collect();
    let hundred = Decimal::from(100);
    let squares = ranked.iter().map(|ranked| ranked.amount * hundred / positive).map(|percent| percent * percent);
    let hhi = rounded(squares.sum(), 0);
    let zero = amounts.iter().filter(|amount| amount.is_zero()).count() as u64;
    let first = share(ranked[0].amount, positive).unwrap_or_default();
    Some(Concentration { ranked, classes, positive, negative, zero, top, first, hhi })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    fn made(company: &Company) -> Option<Concentration> {
        let facts = company.facts();
        concentration(&facts, &company.settings, &Deals::of(&facts, &company.settings))
    }

    #[test]
    fn classes_ties_returns_and_customers_without_amounts() {
        let mut company = Company::new(8);
        company.settings.top = vec![2, 10];
        let amounts = ["60", "20", "8", "8", "3", "1", "-4", ""];
        for (customer, amount) in amounts.iter().enumerate() {
            company.deal(customer, "2026-05-01", amount);
        }
        company.deal(7, "2020-05-01", "999"); // before the twelve months
        let made = made(&company).expect("amounts");
        assert_eq!(made.positive, Decimal::from(100));
        let classes: Vec<usize> = made.ranked.iter().map(|ranked| ranked.class).collect();
        assert_eq!(classes, [0, 0, 1, 1, 2, 2], "A to 80, B to 95 with its tie, C");
        let ranks: Vec<u64> = made.ranked.iter().map(|ranked| ranked.rank).collect();
        assert_eq!(ranks, [1, 2, 3, 3, 5, 6]);
        assert_eq!(made.classes.map(|class| class.customers), [2, 2, 2]);
        assert_eq!(made.classes.iter().map(|class| class.amount).sum::<Decimal>(), made.positive);
        assert_eq!((made.negative.customers, made.negative.amount, made.zero), (1, Decimal::from(-4), 1));
        assert_eq!(made.top, [(2, Decimal::from(80), Decimal::new(8, 1))], "there are no ten");
        assert_eq!(made.first, Decimal::new(6, 1));
        assert_eq!(made.hhi, Decimal::from(3600 + 400 + 64 + 64 + 9 + 1));
        assert_eq!(made.ranked[5].cumulated, Decimal::ONE);
    }

    #[test]
    fn a_single_customer_is_all_of_it_and_none_is_nothing() {
        let mut company = Company::new(1);
        company.deal(0, "2026-05-01", "0.01");
        let one = made(&company).expect("an amount");
        assert_eq!((one.first, one.hhi, one.classes[0].customers), (Decimal::ONE, Decimal::from(10_000), 1));
        assert!(made(&Company::new(3)).is_none());
    }
}
