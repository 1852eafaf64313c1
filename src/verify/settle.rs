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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::verify::answer::Place;

    fn answer() -> impl Strategy<Value = Answer> {
        let corrections = proptest::collection::btree_map("[ab]", "[12]", 0..3);
        (0_usize..5, 1_u32..5, corrections).prop_map(|(answered, day, corrections)| Answer {
            answered: Answered::ALL[answered].0,
            corrections: if Answered::ALL[answered].0 == Answered::Changed { corrections } else { BTreeMap::new() },
            checked_on: NaiveDate::from_ymd_opt(2026, 11, day).unwrap_or_default(),
            method: String::new(),
            checked_by: String::new(),
            remark: String::new(),
            batch: String::new(),
            place: Place::default(),
            taken_in_on: NaiveDate::default(),
        })
    }

    fn settled(answered: &[(Answered, u32, Option<&str>)]) -> Settled {
        let answers: Vec<Answer> = answered
            .iter()
            .map(|(answered, day, value)| Answer {
                answered: *answered,
                corrections: value.iter().map(|value| ("a".to_owned(), (*value).to_owned())).collect(),
                checked_on: NaiveDate::from_ymd_opt(2026, 11, *day).unwrap_or_default(),
                method: String::new(),
                checked_by: String::new(),
                remark: String::new(),
                batch: String::new(),
                place: Place::default(),
                taken_in_on: NaiveDate::default(),
            })
            .collect();
        settle(&answers)
    }

    #[test]
    fn the_latest_counts_and_who_was_reached_outranks_who_was_not() {
        use Answered::{Changed, Confirmed, Unreachable};
        assert_eq!(settled(&[]).answered, None);
        assert_eq!(settled(&[(Confirmed, 3, None), (Unreachable, 9, None)]).answered, Some(Confirmed));
        let torn = settled(&[(Confirmed, 3, None), (Changed, 3, Some("1"))]);
        assert_eq!((torn.answered, torn.conflict), (None, Some(Vec::new())));
        let torn = settled(&[(Changed, 3, Some("2")), (Changed, 3, Some("1"))]);
        assert_eq!(torn.conflict, Some(vec!["a".to_owned()]));
        let mended = settled(&[(Confirmed, 3, None), (Changed, 3, Some("1")), (Changed, 4, Some("1"))]);
        assert_eq!((mended.answered, mended.conflict), (Some(Changed), None));
        let taken_back = settled(&[(Changed, 3, Some("1")), (Confirmed, 4, None)]);
        assert!(taken_back.corrections.is_empty());
    }

    proptest! {
        /// Files come in any order, in parts, and more than once: the result is the same.
        #[test]
        fn order_parts_and_repetition_change_nothing(
            answers in proptest::collection::vec(answer(), 0..8), turn in 0_usize..8, again in 0_usize..8,
        ) {
            let whole = settle(&answers);
            let mut turned = answers.clone();
            turned.rotate_left(turn.min(answers.len()));
            prop_assert_eq!(&whole, &settle(&turned));
            turned.reverse();
            turned.extend(answers.iter().take(again).cloned().collect::<Vec<_>>());
            prop_assert_eq!(&whole, &settle(&turned));
        }

        /// What stands was said, and a conflict is no result.
        #[test]
        fn nothing_is_made_up(answers in proptest::collection::vec(answer(), 0..8)) {
            let settled = settle(&answers);
            prop_assert_eq!(settled.is_returned(), !answers.is_empty());
            prop_assert!(settled.conflict.is_none() || settled.answered.is_none());
            for (field, (value, day)) in &settled.corrections {
                prop_assert!(answers.iter().any(|one| one.checked_on == *day && one.corrections.get(field) == Some(value)));
            }
        }
    }
}
