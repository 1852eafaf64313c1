//! Credit: grades, limits and balances, who is over the limit, and how old the debts are.
//!
//! Apart because it is for finance and the leader. A customer without a limit is not over it.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::deals::{Deals, months_before};
use super::facts::Facts;
use super::settings::Settings;
use super::share::rounded;

/// The customers of a credit grade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GradeLine {
    /// The grade; empty: none is recorded.
    pub grade: String,
    /// How many customers.
    pub customers: u64,
    /// The sum of their limits.
    pub limit: Decimal,
    /// What they owe.
    pub owed: Decimal,
    /// What of it is overdue.
    pub overdue: Decimal,
    /// How many owe more than their limit.
    pub over: u64,
}

/// A customer that owes more than its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over {
    /// The customer.
    pub customer: usize,
    /// Its limit.
    pub limit: Decimal,
    /// What it owes.
    pub owed: Decimal,
}

/// What is overdue, by age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeLine {
    /// From so many days, up to so many; nothing: no end.
    pub days: (u32, Option<u32>),
    /// How many customers.
    pub customers: u64,
    /// How much.
    pub amount: Decimal,
}

/// Credit.
#[derive(Clone, Debug, Default)]
pub struct Credit {
    /// A line a grade in their order, those without one last.
    pub grades: Vec<GradeLine>,
    /// All of them.
    pub total: GradeLine,
    /// Over their limit, the largest excess first; nothing where limits or balances are not recorded.
    pub over: Option<Vec<Over>>,
    /// What is overdue by age; nothing where it is not recorded.
    pub ageing: Option<Vec<AgeLine>>,
    /// Overdue amounts without a number of days: in no line.
    pub ageless: (u64, Decimal),
    /// Days of sales that are owed: what is owed by the amounts of the last year.
    pub days_outstanding: Option<Decimal>,
}

/// Makes the figures; nothing where neither grades, limits nor balances are recorded.
pub fn credit(facts: &Facts, settings: &Settings, deals: &Deals) -> Option<Credit> {
    let customers = facts.of_customers();
    if !["grade", "limit", "owed", "overdue"].iter().any(|usage| customers.has(usage)) {
        return None;
    }
    let mut lines: BTreeMap<&str, GradeLine> = BTreeMap::new();
    let mut total = GradeLine::default();
    let mut over = Vec::new();
    for customer in 0..facts.customers() {
        let number = |usage: &str| customers.number(usage, customer);
        let (limit, owed) = (number("limit"), number("owed"));
        let is_over = limit.zip(owed).filter(|(limit, owed)| owed > limit);
        over.extend(is_over.map(|(limit, owed)| Over { customer, limit, owed }));
        let grade = customers.word("grade", customer);
        for line in [lines.entry(grade).or_default(), &mut total] {
            line.customers += 1;
            line.limit += limit.unwrap_or_default();
            line.owed += owed.unwrap_or_default();
            line.overdue += number("overdue").unwrap_or_default();
            line.over += u64::from(is_over.is_some());
        }
    }
    let blank = lines.remove("");
    let named = lines.into_iter().map(|(grade, line)| GradeLine { grade: grade.to_owned(), ..line });
    let mut grades: Vec<GradeLine> = named.chain(blank).collect();
    grades.sort_by_key(|line| order(&line.grade));
    over.sort_by(|left, right| {
        (right.owed - right.limit).cmp(&(left.owed - left.limit)).then(left.customer.cmp(&right.customer))
    });
    let (ageing, ageless) = ageing(facts, settings);
    let year = deals.total(months_before(facts.cut_off, 12), facts.cut_off);
    let sells = customers.has("owed") && year > Decimal::ZERO;
    Some(Credit {
        grades,
        over: (customers.has("limit") && customers.has("owed")).then_some(over),
        ageing,
        ageless,
        days_outstanding: sells.then(|| rounded(total.owed * Decimal::from(365) / year, 1)),
        total,
    })
}

/// AAA before AA before A before B; no grade last.
fn order(grade: &str) -> (bool, String, usize) {
    let letters: Vec<char> = grade.chars().collect();
    let first = letters.first().copied().unwrap_or('\u{10ffff}');
    (grade.is_empty(), first.to_string(), usize::MAX - letters.len())
}

fn ageing(facts: &Facts, settings: &Settings) -> (Option<Vec<AgeLine>>, (u64, Decimal)) {
    let customers = facts.of_customers();
    if !customers.has("overdue") || !customers.has("days-overdue") {
        return (None, (0, Decimal::ZERO));
    }
    let mut lines: Vec<AgeLine> = Vec::new();
    let mut from = 0;
    for bound in settings.ageing_days.iter().copied().map(Some).chain([None]) {
        lines.push(AgeLine { days: (from, bound), customers: 0, amount: Decimal::ZERO });
        from = bound.map_or(from, |bound| bound + 1);
    }
    let mut ageless = (0, Decimal::ZERO);
    for customer in 0..facts.customers() {
        let Some(amount) = customers.number("overdue", customer).filter(|amount| *amount > Decimal::ZERO) else {
            continue;
        };
        let Some(days) = customers.number("days-overdue", customer) else {
            ageless = (ageless.0 + 1, ageless.1 + amount);
            continue;
        };
        let fits = |line: &&mut AgeLine| line.days.1.is_none_or(|bound| days <= Decimal::from(bound));
        if let Some(line) = lines.iter_mut().find(fits) {
            line.customers += 1;
            line.amount += amount;
        }
    }
    (Some(lines), ageless)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn grades_limits_and_ages() {
        let mut company = Company::new(5);
        company.words("grade", &["A", "AAA", "", "A", "B"]);
        company.numbers("limit", &["100", "500", "", "50", "10"]);
        company.numbers("owed", &["100", "20", "30", "80", "11"]);
        company.numbers("overdue", &["30", "", "30", "5", "1"]);
        company.numbers("days-overdue", &["30", "", "", "31", "200"]);
        company.deal(0, "2026-05-01", "482");
        let facts = company.facts();
        let credit = credit(&facts, &company.settings, &Deals::of(&facts, &company.settings)).expect("columns");
        let grades: Vec<_> =
            credit.grades.iter().map(|line| (line.grade.as_str(), line.customers, line.over)).collect();
        assert_eq!(grades, [("AAA", 1, 0), ("A", 2, 1), ("B", 1, 1), ("", 1, 0)], "at the limit is not over it");
        let over: Vec<_> = credit.over.expect("limits").iter().map(|over| over.customer).collect();
        assert_eq!(over, [3, 4], "the largest excess first; without a limit nobody is over it");
        let ageing: Vec<_> =
            credit.ageing.expect("days").iter().map(|line| (line.days, line.amount.to_string())).collect();
        let expected = [(0, Some(30)), (31, Some(60)), (61, Some(90)), (91, Some(180)), (91 + 90, None)];
        let amounts = ["30", "5", "0", "0", "1"];
        assert_eq!(ageing, expected.into_iter().zip(amounts.map(str::to_owned)).collect::<Vec<_>>());
        assert_eq!(credit.ageless, (1, Decimal::from(30)));
        assert_eq!(credit.total.owed, Decimal::from(241));
        assert_eq!(credit.days_outstanding, Some(Decimal::new(1825, 1)), "half a year's sales");
    }

    #[test]
    fn without_columns_there_is_nothing() {
        let company = Company::new(2);
        let facts = company.facts();
        assert!(credit(&facts, &company.settings, &Deals::default()).is_none());
    }
}
