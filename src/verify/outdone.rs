//! Accepted rows that other answers outdo: somebody else reached the customer, contradicts the row, or answered later.
//!
//! Apart from the judging of a row because only all answers together show it, those of earlier files too.

use super::answer::{Answer, Fate, Judged};
use super::round::Round;
use super::settle::Settled;
use super::words::Answered;
use crate::text;

/// What an accepted row is worth once all answers are known.
pub fn weigh(row: &mut Judged, round: &Round) {
    let Some(answer) = &row.answer else { return };
    let settled = round.settled(&row.customer);
    if let Some(fate) = outdone(answer, &row.customer, &settled, round) {
        // Where another answer stands in its place, there is nothing to worry about.
        row.is_blank = matches!(fate, Fate::Ignored(_));
        row.fate = fate;
    }
}

fn outdone(answer: &Answer, customer: &str, settled: &Settled, round: &Round) -> Option<Fate> {
    let reached = answer.answered != Answered::Unreachable;
    let counts = |field: &String| settled.corrections.get(field).is_some_and(|(_, day)| *day == answer.checked_on);
    if !reached && settled.answered != Some(Answered::Unreachable) {
        return Some(Fate::Ignored(text!("已有联系上的结果，此行不计", "somebody else has reached the customer")));
    }
    if settled.conflict.is_some() && settled.checked_on == Some(answer.checked_on) {
        let mut others = round.answers.get(customer).into_iter().flatten();
        let other = others.find(|other| other.place != answer.place && other.checked_on == answer.checked_on);
        let place = other.map(|other| other.place.to_string()).unwrap_or_default();
        return Some(Fate::Conflict(text!(
            "与同一天的另一份结果矛盾（{place}）：请核实后用更晚的日期重新交回",
            "contradicts another answer of the same day ({place}): settle it and return it with a later day"
        )));
    }
    let is_later = settled.checked_on.is_some_and(|day| day > answer.checked_on);
    (is_later && !answer.corrections.keys().any(counts))
        .then(|| Fate::Ignored(text!("已有日期更晚的结果，以更晚的为准", "an answer of a later day stands")))
}
