//! The customers of the first tier: what they bring, what they say, how they are looked after; a card each.
//!
//! Apart because the cards are for few eyes and stand in a workbook of their own, while the sums may be seen by all
//! managers.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::columns::Group;
use super::deals::{Deals, months_before};
use super::facts::Facts;
use super::scale::Scale;
use super::settings::Settings;

/// What is known of one important customer.
#[derive(Clone, Debug)]
pub struct CustomerCard {
    /// The customer.
    pub customer: usize,
    /// (year, amount): this year so far and the two before, the earliest first.
    pub years: Vec<(i32, Decimal)>,
    /// The amount of the last months.
    pub amount: Decimal,
    /// The profit of the last months, where contracts tell one.
    pub profit: Option<Decimal>,
    /// The day of the last contract.
    pub last_deal: Option<NaiveDate>,
    /// The satisfaction.
    pub contentment: Option<Decimal>,
    /// Complaints of the last months, and how many of them are open; nothing where there is no such table.
    pub complaints: Option<(u64, u64)>,
    /// Visits of the last months, and the day of the last one; nothing where there is no such table.
    pub visits: Option<(u64, Option<NaiveDate>)>,
    /// What visitors wrote down of its wishes in the period, the latest first.
    pub opinions: Vec<(NaiveDate, String)>,
}

/// The customers of the first tier together.
#[derive(Clone, Debug, Default)]
pub struct Important {
    /// The tier; nothing where no rule knows one.
    pub tier: Option<String>,
    /// A card each, the largest amount first; those too that the readers may not see.
    pub cards: Vec<CustomerCard>,
    /// Their amounts of the last months.
    pub amount: Decimal,
    /// Their profit, where contracts tell one.
    pub profit: Option<Decimal>,
    /// Those with a satisfaction, and its sum.
    pub contentment: (u64, Decimal),
    /// Those with a contact's habits on file; nothing where there is no such column.
    pub with_habits: Option<u64>,
    /// Those with an intangible value on file; nothing where there is no such column.
    pub with_value: Option<u64>,
    /// Those whose wishes were written down in the period; nothing where there is no such column.
    pub with_opinions: Option<u64>,
    /// Those visited in the period; nothing where there are no visits.
    pub visited: Option<u64>,
}

impl Important {
    /// The mean satisfaction of those that have one.
    pub fn mean_contentment(&self) -> Option<Decimal> {
        mean(self.contentment)
    }

    /// How many there are.
    pub fn customers(&self) -> u64 {
        self.cards.len() as u64
    }
}

/// A mean of so many numbers and their sum.
pub fn mean((count, sum): (u64, Decimal)) -> Option<Decimal> {
    (count > 0).then(|| super::share::rounded(sum / Decimal::from(count), 1))
}

/// Gathers the cards.
pub fn important(facts: &Facts, settings: &Settings, deals: &Deals, scale: &Scale) -> Important {
    let count = facts.customers();
    let customers = facts.of_customers();
    let of_first: Vec<usize> = (0..count).filter(|customer| scale.is_first(*customer)).collect();
    let visits = facts.rows(Group::Visits);
    let complaints = facts.rows(Group::Complaints);
    let (visits_of, complaints_of) = (visits.by_customer(count), complaints.by_customer(count));
    let since = months_before(facts.cut_off, settings.amount_months);
    let lately = |day: NaiveDate| day > since && day <= facts.cut_off;
    let mut important = Important {
        tier: scale.first().map(str::to_owned),
        with_habits: customers.has("habits").then_some(0),
        with_value: customers.has("value").then_some(0),
        with_opinions: visits.has("opinion").then_some(0),
        visited: visits.has("visited").then_some(0),
        ..Important::default()
    };
    let tells_profit = facts.rows(Group::Deals).has("profit");
    for customer in of_first {
        let of = deals.of.get(customer).map_or(&[][..], Vec::as_slice);
        let this_year = facts.cut_off.year();
        let year = |year: i32| of.iter().filter(|deal| deal.day.year() == year).map(|deal| deal.amount).sum();
        let profit: Decimal = of.iter().filter(|deal| lately(deal.day)).filter_map(|deal| deal.profit).sum();
        let visited: Vec<(NaiveDate, usize)> = {
            let days = visits_of[customer].iter().filter_map(|row| Some((visits.day("visited", *row)?, *row)));
            let mut days: Vec<_> = days.filter(|(day, _)| *day <= facts.cut_off).collect();
            days.sort_by(|left, right| right.cmp(left));
            days
        };
        let opinions = visited.iter().filter(|(day, _)| facts.in_period(*day));
        let opinions: Vec<(NaiveDate, String)> = opinions
            .map(|(day, row)| (*day, visits.word("opinion", *row).to_owned()))
            .filter(|(_, opinion)| !opinion.is_empty())
            .collect();
        let complained =
            complaints_of[customer].iter().filter(|row| complaints.day("received", **row).is_some_and(lately));
        let open = complained.clone().filter(|row| complaints.day("closed", **row).is_none());
        let card = CustomerCard {
            customer,
            years: (this_year - 2..=this_year).map(|of| (of, year(of))).collect(),
            amount: deals.amount(customer, since, facts.cut_off),
            profit: tells_profit.then_some(profit),
            last_deal: deals.last(customer, facts.cut_off),
            contentment: customers.number("contentment", customer),
            complaints: complaints.has("received").then(|| (complained.count() as u64, open.count() as u64)),
            visits: visits.has("visited").then(|| {
                let lately = visited.iter().filter(|(day, _)| lately(*day)).count() as u64;
                (lately, visited.first().map(|(day, _)| *day))
            }),
            opinions,
        };
        let add = |counter: &mut Option<u64>, holds: bool| {
            if let Some(counter) = counter {
                *counter += u64::from(holds);
            }
        };
        add(&mut important.with_habits, !customers.word("habits", customer).is_empty());
        add(&mut important.with_value, !customers.word("value", customer).is_empty());
        add(&mut important.with_opinions, !card.opinions.is_empty());
        add(&mut important.visited, visited.iter().any(|(day, _)| facts.in_period(*day)));
        important.amount += card.amount;
        important.contentment.0 += u64::from(card.contentment.is_some());
        important.contentment.1 += card.contentment.unwrap_or_default();
        important.cards.push(card);
    }
    important.profit = tells_profit.then(|| important.cards.iter().filter_map(|card| card.profit).sum());
    important.cards.sort_by(|left, right| right.amount.cmp(&left.amount).then(left.customer.cmp(&right.customer)));
    important
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Company, day};
    use super::*;

    #[test]
    fn a_card_tells_of_its_customer_alone() {
        let mut company = Company::new(3);
        company.tier(&["重要", "重要", "一般"]).numbers("contentment", &["90", "", "10"]);
        company.words("habits", &["钓鱼", "", "x"]);
        company.deal(0, "2026-05-01", "10").deal(0, "2024-05-01", "7").deal(1, "2026-05-01", "30");
        company.visit(0, "2026-08-01", "希望缩短交期").visit(0, "2026-01-01", "旧").visit(2, "2026-08-01", "x");
        company.complaint(1, "2026-08-01", "质量", "", "").complaint(1, "2026-07-01", "质量", "", "2026-07-03");
        let facts = company.facts();
        let deals = Deals::of(&facts, &company.settings);
        let important = important(&facts, &company.settings, &deals, &Scale::of(&facts));
        let order: Vec<_> = important.cards.iter().map(|card| (card.customer, card.amount.to_string())).collect();
        assert_eq!(order, [(1, "30".to_owned()), (0, "10".to_owned())]);
        let second = &important.cards[1];
        let years: Vec<_> = second.years.iter().map(|(year, amount)| (*year, amount.to_string())).collect();
        assert_eq!(years, [(2024, "7".to_owned()), (2025, "0".to_owned()), (2026, "10".to_owned())]);
        assert_eq!(second.visits, Some((2, Some(day("2026-08-01")))));
        assert_eq!(second.opinions, [(day("2026-08-01"), "希望缩短交期".to_owned())], "of the period alone");
        assert_eq!(important.cards[0].complaints, Some((2, 1)));
        assert_eq!((important.with_habits, important.visited, important.with_opinions), (Some(1), Some(1), Some(1)));
        assert_eq!(important.mean_contentment(), Some(Decimal::from(90)), "blank is not zero");
        assert_eq!((important.with_value, important.profit), (None, None), "no such column");
    }
}
