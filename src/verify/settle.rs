//! What several answers about one customer come to: the same whatever their order, and however often each was read.
//!
//! Apart because people send two versions, split a list among three and send the first part again: the result must not
//! hang on which file was opened first. It is a pure function of the set of answers.
//!
//! Who was reached outranks 联系不上. Among the others the latest day counts; answers of that day must agree, or the
//! customer is in conflict until a later one settles it. Corrections of different fields add up until a later 无误
//! takes them back; of one field the latest counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::answer::Answer;
use super::words::Answered;

/// What is known of a customer after all answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The result; nothing where there is no answer, or the answers of the last day contradict each other.
    pub answered: Option<Answered>,
    /// The day that counts.
    pub checked_on: Option<NaiveDate>,
    /// By field: the new value and the day on which it was learned.
    pub corrections: BTreeMap<String, (String, NaiveDate)>,
    /// What the answers of the last day contradict each other in: fields, or nothing but the result itself.
    pub conflict: Option<Vec<String>>,
}

impl Settled {
    /// Whether anything came back.
    pub fn is_returned(&self) -> bool {
        self.checked_on.is_some()
    }
}

/// Settles the answers about one customer.
pub fn settle(answers: &[Answer]) -> Settled {
    let reached: Vec<&Answer> = answers.iter().filter(|answer| answer.answered != Answered::Unreachable).collect();
    let counted: Vec<&Answer> = if reached.is_empty() { answers.iter().collect() } else { reached };
    let mut days: BTreeMap<NaiveDate, Vec<&Answer>> = BTreeMap::new();
    for answer in counted {
        days.entry(answer.checked_on).or_default().push(answer);
    }
    let mut settled = Settled::default();
    for (day, said) in days {
        let results: BTreeSet<Answered> = said.iter().map(|answer| answer.answered).collect();
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (field, value) in said.iter().flat_map(|answer| &answer.corrections) {
            values.entry(field).or_default().insert(value);
        }
        let torn: Vec<String> =
            values.iter().filter(|(_, values)| values.len() > 1).map(|(field, _)| (*field).to_owned()).collect();
        settled.checked_on = Some(day);
        if results.len() > 1 || !torn.is_empty() {
            settled.answered = None;
            settled.conflict = Some(torn);
            continue;
        }
        settled.conflict = None;
        settled.answered = results.first().copied();
        if settled.answered == Some(Answered::Confirmed) {
            settled.corrections.clear();
        }
        for (field, values) in values {
            if let Some(value) = values.first() {
                settled.corrections.insert(field.to_owned(), ((*value).to_owned(), day));
            }
        }
    }
    settled
}
