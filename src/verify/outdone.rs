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
        let place = others.find(|other| contradict(answer, other)).map(|other| other.place.to_string());
        return Some(Fate::Conflict(match place {
            Some(place) => text!(
                "与同一天的另一份结果矛盾（{place}）：请核实后用更晚的日期重新交回",
                "contradicts another answer of the same day ({place}): settle it and return it with a later day"
            ),
            None => text!(
                "同一天的另几份结果互相矛盾：请核实后用更晚的日期重新交回",
                "others of the same day contradict each other: settle it and return it with a later day"
            ),
        }));
    }
    let is_later = settled.checked_on.is_some_and(|day| day > answer.checked_on);
    (is_later && !answer.corrections.keys().any(counts))
        .then(|| Fate::Ignored(text!("已有日期更晚的结果，以更晚的为准", "an answer of a later day stands")))
}

/// Whether two answers of one day cannot both be right. Who did not reach the customer contradicts nobody.
fn contradict(one: &Answer, other: &Answer) -> bool {
    let differs = |(field, value): (&String, &String)| other.corrections.get(field).is_some_and(|known| known != value);
    other.checked_on == one.checked_on
        && other.answered != Answered::Unreachable
        && (other.answered != one.answered || one.corrections.iter().any(differs))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::NaiveDate;

    use super::*;
    use crate::verify::answer::Place;

    /// An answer of the same day, with a new phone where there is one.
    fn answer(file: &str, answered: Answered, phone: Option<&str>) -> Answer {
        Answer {
            answered,
            corrections: phone.iter().map(|phone| ("phone".to_owned(), (*phone).to_owned())).collect(),
            checked_on: NaiveDate::default(),
            method: String::new(),
            checked_by: String::new(),
            remark: String::new(),
            batch: String::new(),
            place: Place { file: file.to_owned(), ..Place::default() },
            taken_in_on: NaiveDate::default(),
        }
    }

    fn reason(own: &Answer, all: &[Answer]) -> String {
        let answers = BTreeMap::from([("A-001".to_owned(), all.to_vec())]);
        let round = Round { answers, ..Round::default() };
        let mut row = Judged {
            customer: "A-001".to_owned(),
            place: own.place.clone(),
            fate: Fate::Accepted,
            is_blank: false,
            answer: Some(own.clone()),
            notes: Vec::new(),
        };
        weigh(&mut row, &round);
        match row.fate {
            Fate::Conflict(reason) => reason.en,
            other => panic!("no conflict: {other:?}"),
        }
    }

    #[test]
    fn a_conflict_names_the_answer_that_contradicts_and_none_that_agrees() {
        let all = [
            answer("unreached", Answered::Unreachable, None),
            answer("right", Answered::Confirmed, None),
            answer("right too", Answered::Confirmed, None),
            answer("wrong", Answered::Changed, Some("1")),
        ];
        assert!(reason(&all[1], &all).contains("(wrong/0)"));
        assert!(reason(&all[2], &all).contains("(wrong/0)"));
        assert!(reason(&all[3], &all).contains("(right/0)"));
        let torn = [Some("1"), Some("2"), None].map(|phone| answer(phone.unwrap_or("other"), Answered::Changed, phone));
        assert!(reason(&torn[0], &torn).contains("(2/0)"));
        assert!(reason(&torn[2], &torn).starts_with("others of the same day"));
    }
}
