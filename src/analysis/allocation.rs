//! Who looks after whom: customers and amounts by department and by person, customers that nobody looks after, and
//! customers entered under more than one person.
//!
//! Apart because it is about people of the company, not about customers.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::deals::{Deals, months_before};
use super::facts::Facts;
use super::scale::Scale;
use super::settings::Settings;

/// A department's or a person's customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The department; empty: none is recorded.
    pub department: String,
    /// The person; empty in a department's line, and where none is recorded.
    pub person: String,
    /// How many customers.
    pub customers: u64,
    /// By tier, in the order of the scale; those without one last.
    pub tiers: Vec<u64>,
    /// Their amounts of the last months.
    pub amount: Decimal,
    /// Whether the person has left.
    pub has_left: bool,
}

/// Who looks after whom.
#[derive(Clone, Debug, Default)]
pub struct Allocation {
    /// A line a department, the most customers first.
    pub departments: Vec<Line>,
    /// A line a person, the most customers first.
    pub people: Vec<Line>,
    /// Customers without an owner.
    pub orphans: u64,
    /// Customers whose owner has left; nothing where people are not known.
    pub of_leavers: Option<u64>,
    /// Names that stand under more than one owner, and the customers concerned.
    pub overlaps: (u64, u64),
}

/// Makes the figures.
pub fn allocation(facts: &Facts, deals: &Deals, scale: &Scale, settings: &Settings) -> Allocation {
    let since = months_before(facts.cut_off, settings.amount_months);
    let mut departments: BTreeMap<&str, Line> = BTreeMap::new();
    let mut people: BTreeMap<(&str, &str), Line> = BTreeMap::new();
    let mut owners_of: BTreeMap<&str, (u64, BTreeSet<&str>)> = BTreeMap::new();
    for customer in 0..facts.customers() {
        let (department, owner) = (facts.departments[customer].as_str(), facts.owners[customer].as_str());
        let amount = deals.amount(customer, since, facts.cut_off);
        for line in [departments.entry(department).or_default(), people.entry((department, owner)).or_default()] {
            line.customers += 1;
            line.tiers.resize(scale.names.len() + 1, 0);
            line.tiers[scale.tier(customer).unwrap_or(scale.names.len())] += 1;
            line.amount += amount;
        }
        if !facts.names[customer].is_empty() {
            let (count, owners) = owners_of.entry(facts.names[customer].as_str()).or_default();
            *count += 1;
            owners.extend((!owner.is_empty()).then_some(owner));
        }
    }
    let doubled = owners_of.values().filter(|(_, owners)| owners.len() > 1);
    let overlaps = doubled.fold((0, 0), |(names, customers), (count, _)| (names + 1, customers + count));
    let mut departments: Vec<Line> =
        departments.into_iter().map(|(department, line)| Line { department: department.to_owned(), ..line }).collect();
    let mut people: Vec<Line> = people
        .into_iter()
        .map(|((department, person), line)| Line {
            department: department.to_owned(),
            person: person.to_owned(),
            has_left: facts.left.contains(person),
            ..line
        })
        .collect();
    departments.sort_by_key(|line| Reverse(line.customers));
    people.sort_by_key(|line| Reverse(line.customers));
    let sum = |test: &dyn Fn(&Line) -> bool| people.iter().filter(|line| test(line)).map(|line| line.customers).sum();
    Allocation {
        orphans: sum(&|line| line.person.is_empty()),
        of_leavers: facts.rows(super::Group::People).has("name").then(|| sum(&|line| line.has_left)),
        overlaps,
        departments,
        people,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn customers_by_person_orphans_and_overlaps() {
        let mut company = Company::new(5);
        company.tier(&["重要", "一般", "一般", "", "一般"]);
        company.deal(0, "2026-05-01", "10").deal(1, "2026-05-01", "4");
        let mut facts = company.facts();
        facts.departments = ["销售", "销售", "市场", "", "销售"].map(str::to_owned).into();
        facts.owners = ["王芳", "李明", "王芳", "", "王芳"].map(str::to_owned).into();
        facts.names = ["甲", "甲", "乙", "乙", ""].map(str::to_owned).into();
        facts.left.insert("李明".to_owned());
        let deals = Deals::of(&facts, &company.settings);
        let made = allocation(&facts, &deals, &Scale::of(&facts), &company.settings);
        let first = &made.people[0];
        assert_eq!((first.person.as_str(), first.customers, first.tiers.as_slice()), ("王芳", 2, &[1, 0, 1, 0, 0][..]));
        assert_eq!(made.departments.iter().map(|line| line.customers).sum::<u64>(), 5);
        assert_eq!((made.orphans, made.of_leavers), (1, None), "who has left is not known without a list of people");
        assert_eq!(made.overlaps, (1, 2), "one name under two owners; an owner and a blank are no overlap");
    }
}
