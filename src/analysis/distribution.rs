//! How the customers are spread over regions, industries, ages …
//!
//! Apart because natural persons must not be told by a small cell, and that must hold for every distribution alike.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Datelike;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::columns::Group;
use super::facts::Facts;
use super::settings::Settings;

/// What a line of a distribution is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A word of the data.
    Word(String),
    /// From this number up to below that one; nothing: no bound.
    Band(Option<u32>, Option<u32>),
    /// What is too small or too far down to have a line of its own.
    Other,
    /// The cell is empty or not readable.
    Blank,
}

/// A line of a distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub value: Value,
    /// How many customers.
    pub customers: u64,
}

/// One distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// The use of the column that it is by.
    pub usage: &'static str,
    /// The table and field.
    pub field: String,
    /// Whether it is of natural persons alone, and so shows no small cell.
    pub of_persons: bool,
    /// The lines: the largest first, bands in their order, then 其他 and 未填.
    pub lines: Vec<Line>,
    /// All of them together.
    pub total: u64,
    /// Lines merged because their cells were small.
    pub merged: u64,
}

impl Distribution {
    /// The customers of which nothing is known.
    pub fn blank(&self) -> u64 {
        self.lines.iter().filter(|line| line.value == Value::Blank).map(|line| line.customers).sum()
    }
}

/// The distributions of all customers, in their order.
const OF_ALL: [&str; 7] = ["region", "province", "country", "industry", "ownership", "scale", "origin"];
/// Those of natural persons.
const OF_PERSONS: [&str; 4] = ["age", "gender", "education", "income"];
/// Reckoned from days.
const TENURE: &str = "tenure";

/// Makes every distribution that the columns allow.
pub fn distributions(facts: &Facts, settings: &Settings) -> Vec<Distribution> {
    let customers = facts.of_customers();
    let everybody: Vec<usize> = (0..facts.customers()).collect();
    let mut made: Vec<Distribution> = OF_ALL
        .into_iter()
        .filter(|usage| customers.has(usage))
        .map(|usage| {
            let values = everybody.iter().map(|place| word(customers.word(usage, *place)));
            distribution(settings, usage, false, values.collect())
        })
        .collect();
    if let Some(start) = ["signed", "entered"].into_iter().find(|usage| customers.has(usage)) {
        let tenure = |place: &usize| {
            let since = customers.day(start, *place).filter(|day| *day <= facts.cut_off)?;
            whole_years(since, facts.cut_off)
        };
        let values = everybody.iter().map(|place| band(tenure(place), &settings.tenures)).collect();
        let made_of = distribution(settings, TENURE, false, values);
        let field = settings.columns.get(&(Group::Customers, start)).cloned().unwrap_or_default();
        made.push(Distribution { field, ..made_of });
    }
    if !customers.has("sort") {
        return made; // who is a natural person cannot be told
    }
    let is_person = |place: &usize| settings.persons.iter().any(|word| word == customers.word("sort", *place));
    let persons: Vec<usize> = everybody.into_iter().filter(is_person).collect();
    for usage in OF_PERSONS.into_iter().filter(|usage| customers.has(usage)) {
        let values = persons.iter().map(|place| {
            let number = || customers.number(usage, *place);
            match usage {
                "age" => band(number().and_then(whole), &settings.ages),
                "income" => band(number().and_then(whole), &settings.incomes),
                _ => word(customers.word(usage, *place)),
            }
        });
        made.push(distribution(settings, usage, true, values.collect()));
    }
    made
}

fn word(text: &str) -> Value {
    if text.is_empty() { Value::Blank } else { Value::Word(text.to_owned()) }
}

fn whole(number: Decimal) -> Option<u32> {
    number.trunc().to_u32()
}

fn whole_years(since: chrono::NaiveDate, until: chrono::NaiveDate) -> Option<u32> {
    let not_yet = (until.month(), until.day()) < (since.month(), since.day());
    u32::try_from(until.year() - since.year() - i32::from(not_yet)).ok()
}

/// The band that a number lies in.
fn band(number: Option<u32>, bounds: &[u32]) -> Value {
    let Some(number) = number else { return Value::Blank };
    let upper = bounds.iter().position(|bound| number < *bound);
    let place = upper.unwrap_or(bounds.len());
    Value::Band(place.checked_sub(1).map(|below| bounds[below]), upper.map(|upper| bounds[upper]))
}

fn distribution(settings: &Settings, usage: &'static str, of_persons: bool, values: Vec<Value>) -> Distribution {
    let total = values.len() as u64;
    let mut counts: BTreeMap<Value, u64> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_insert(0) += 1;
    }
    let blank = counts.remove(&Value::Blank).unwrap_or(0);
    let mut lines: Vec<Line> = counts.into_iter().map(|(value, customers)| Line { value, customers }).collect();
    // Bands come out of the map in their order; words go by size.
    if lines.iter().any(|line| matches!(line.value, Value::Word(_))) {
        lines.sort_by(|left, right| {
            (Reverse(left.customers), &left.value).cmp(&(Reverse(right.customers), &right.value))
        });
    }
    let mut other = 0;
    let mut merged = 0;
    if of_persons {
        (lines, other, merged) = merge_small(lines, settings.small_cell);
    }
    if lines.len() > settings.most_lines {
        other += lines.split_off(settings.most_lines).iter().map(|line| line.customers).sum::<u64>();
    }
    if other > 0 {
        lines.push(Line { value: Value::Other, customers: other });
    }
    if blank > 0 {
        lines.push(Line { value: Value::Blank, customers: blank });
    }
    let field = settings.columns.get(&(Group::Customers, usage)).cloned().unwrap_or_default();
    Distribution { usage, field, of_persons, lines, total, merged }
}

/// Merges cells below the smallest that may be shown. Where what is merged is itself so small that one could reckon back,
/// the smallest of the others goes with it.
fn merge_small(lines: Vec<Line>, smallest: u64) -> (Vec<Line>, u64, u64) {
    let (mut kept, small): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| line.customers >= smallest);
    let mut merged = small.len() as u64;
    let mut other: u64 = small.iter().map(|line| line.customers).sum();
    while other > 0 && other < smallest {
        let Some(least) = (0..kept.len()).min_by_key(|place| (kept[*place].customers, Reverse(*place))) else { break };
        other += kept.remove(least).customers;
        merged += 1;
    }
    (kept, other, merged)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    fn lines(distribution: &Distribution) -> Vec<(String, u64)> {
        let name = |value: &Value| match value {
            Value::Word(word) => word.clone(),
            Value::Band(from, to) => format!("{from:?}-{to:?}").replace("Some(", "").replace(')', ""),
            Value::Other => "other".to_owned(),
            Value::Blank => "blank".to_owned(),
        };
        distribution.lines.iter().map(|line| (name(&line.value), line.customers)).collect()
    }

    fn of(company: &Company, usage: &str) -> Distribution {
        let made = distributions(&company.facts(), &company.settings);
        made.into_iter().find(|made| made.usage == usage).expect("the distribution")
    }

    #[test]
    fn the_largest_first_blanks_last_and_no_more_lines_than_wanted() {
        let mut company = Company::new(8);
        company.settings.most_lines = 2;
        company.words("industry", &["贸易", "", "纺织", "贸易", "化工", "食品", "纺织", "贸易"]);
        let made = of(&company, "industry");
        let expected = [("贸易", 3), ("纺织", 2), ("other", 2), ("blank", 1)];
        assert_eq!(lines(&made), expected.map(|(name, count)| (name.to_owned(), count)));
        assert_eq!(made.lines.iter().map(|line| line.customers).sum::<u64>(), made.total);
    }

    #[test]
    fn small_cells_of_persons_are_merged_so_that_none_can_be_reckoned_back() {
        let mut company = Company::new(20);
        company.words("sort", &["个人"; 20]);
        let education: Vec<&str> = [("本科", 9), ("高中", 6), ("博士", 4), ("", 1)]
            .iter()
            .flat_map(|(word, count)| std::iter::repeat_n(*word, *count))
            .collect();
        company.words("education", &education);
        let made = of(&company, "education");
        // 4 are too few, and of 4 merged alone everybody would know who they are: the next smallest goes with them.
        assert_eq!(lines(&made), [("本科".to_owned(), 9), ("other".to_owned(), 10), ("blank".to_owned(), 1)]);
        assert_eq!(made.merged, 2);
    }

    #[test]
    fn bands_have_their_order_and_firms_have_no_age() {
        let mut company = Company::new(12);
        let mut sorts = vec!["个人"; 11];
        sorts.push("经销商");
        company.words("sort", &sorts);
        company.numbers("age", &["24", "24", "20", "18", "19", "25", "34", "34.5", "30", "33", "x", "40"]);
        let made = of(&company, "age");
        let expected = [("None-25", 5), ("25-35", 5), ("blank", 1)];
        assert_eq!(lines(&made), expected.map(|(name, count)| (name.to_owned(), count)));
        assert_eq!(made.total, 11);
    }

    #[test]
    fn tenure_is_in_whole_years() {
        let mut company = Company::new(4);
        company.days("signed", &["2025-09-30", "2025-10-01", "2030-01-01", "2011-01-01"]);
        let made = of(&company, "tenure"); // as of 30 September 2026
        let expected = [("None-1", 1), ("1-3", 1), ("10-None", 1), ("blank", 1)];
        assert_eq!(lines(&made), expected.map(|(name, count)| (name.to_owned(), count)));
    }
}
