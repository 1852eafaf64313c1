//! A round of verification as it is remembered: the lists that were issued in a period, their rows, and all answers.
//!
//! Apart because every part of this folder speaks of these. They are plain data.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::answer::Answer;
use super::settle::{Settled, settle};
use super::words::Answered;

/// A field that a list asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its canonical name.
    pub name: String,
    /// Its header.
    pub label: String,
    /// Whether a number in it is a code.
    pub code: bool,
}

/// A list that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its name: 2026Q4-国内一部-v1.
    pub name: String,
    /// The period, as written.
    pub period: String,
    /// The department that it is for.
    pub department: String,
    /// The owner, where it is one's own.
    pub owner: Option<String>,
    /// 1, then 2 and more where it was issued anew with other values.
    pub version: u32,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// The last day for its return.
    pub deadline: NaiveDate,
    /// Rows that were left out for their 密级.
    pub withheld: u64,
}

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issued {
    /// The customer's code.
    pub customer: String,
    /// The customer's name.
    pub name: String,
    /// The owner.
    pub owner: String,
    /// (field, value) as it stood in the data and on the list, folded; empty where it was missing.
    pub values: BTreeMap<String, String>,
    /// (field, value) of the columns that are shown and not asked about.
    pub shown: BTreeMap<String, String>,
    /// Fields whose number has lost digits.
    pub damaged: Vec<String>,
}

/// What a period's lists asked, and what was answered.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// The lists, each with its rows, the oldest first.
    pub lists: Vec<(Batch, Vec<Issued>)>,
    /// All answers ever taken in, by customer.
    pub answers: BTreeMap<String, Vec<Answer>>,
}

impl Round {
    /// The last list that a customer stands on, and his row there.
    pub fn row_of(&self, customer: &str) -> Option<(&Batch, &Issued)> {
        self.lists.iter().rev().find_map(|(batch, rows)| {
            let row = rows.iter().find(|row| row.customer == customer)?;
            Some((batch, row))
        })
    }

    /// What the answers about a customer come to, as far as they were given by a day.
    pub fn settled(&self, customer: &str) -> Settled {
        self.answers.get(customer).map(|answers| settle(answers)).unwrap_or_default()
    }
}

/// What all rounds say about the customers: what a run takes into its tables.
#[derive(Clone, Debug, Default)]
pub struct Returns {
    /// By customer: the last day of all about whom anything ever came back.
    pub asked: BTreeMap<String, NaiveDate>,
    /// By customer: the last day on which he was verified, with the period.
    pub verified: BTreeMap<String, (NaiveDate, String)>,
    /// By customer: how many rounds running nobody reached him, and the last day on which it was tried.
    pub unreachable: BTreeMap<String, (u32, NaiveDate)>,
    /// By customer and field: the correction that was accepted last, and the day.
    pub corrections: BTreeMap<(String, String), (String, NaiveDate)>,
}

impl Returns {
    /// Whether nothing ever came back.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Gathers the rounds, the oldest first: (period, answers by customer). Answers after a day are of the future.
    pub fn gather(rounds: &[(String, BTreeMap<String, Vec<Answer>>)], as_of: NaiveDate) -> Self {
        let mut returns = Self::default();
        for (period, customers) in rounds {
            for (customer, answers) in customers {
                let known: Vec<Answer> = answers.iter().filter(|answer| answer.checked_on <= as_of).cloned().collect();
                let settled = settle(&known);
                let (Some(answered), Some(day)) = (settled.answered, settled.checked_on) else { continue };
                returns.asked.insert(customer.clone(), day);
                if answered == Answered::Unreachable {
                    let entry = returns.unreachable.entry(customer.clone()).or_insert((0, day));
                    *entry = (entry.0 + 1, day);
                } else {
                    returns.unreachable.remove(customer);
                }
                if answered.verifies() {
                    let later = returns.verified.get(customer).is_none_or(|(known, _)| *known <= day);
                    if later {
                        returns.verified.insert(customer.clone(), (day, period.clone()));
                    }
                }
                for (field, (value, day)) in &settled.corrections {
                    returns.corrections.insert((customer.clone(), field.clone()), (value.clone(), *day));
                }
            }
        }
        returns
    }
}
