//! How far a round has come: what was issued, returned and found, by list, department and owner.
//!
//! Apart because status, reminders and the digest count alike. A customer who stands on several lists of a round counts
//! on the last of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::round::Round;
use super::words::Answered;

/// A line of `verify status`: a list and an owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The list.
    pub batch: String,
    /// Its department.
    pub department: String,
    /// The owner of the rows.
    pub owner: String,
    /// Rows to be verified.
    pub issued: u64,
    /// Rows about which anything came back.
    pub returned: u64,
    /// 无误.
    pub confirmed: u64,
    /// 有变更.
    pub corrected: u64,
    /// 联系不上.
    pub unreachable: u64,
    /// 已停业.
    pub closed: u64,
    /// 不再合作.
    pub ended: u64,
    /// Answers that contradict each other.
    pub conflicting: u64,
    /// Rows about which nothing came back.
    pub missing: u64,
    /// Rows that came back by the deadline.
    pub in_time: u64,
    /// The last day for the return.
    pub deadline: Option<NaiveDate>,
}

impl Line {
    /// Adds another line's counts.
    pub fn add(&mut self, other: &Line) {
        self.issued += other.issued;
        self.returned += other.returned;
        self.confirmed += other.confirmed;
        self.corrected += other.corrected;
        self.unreachable += other.unreachable;
        self.closed += other.closed;
        self.ended += other.ended;
        self.conflicting += other.conflicting;
        self.missing += other.missing;
        self.in_time += other.in_time;
    }
}

/// The lines of a round, in the order of lists and owners.
pub fn lines(round: &Round) -> Vec<Line> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (_, rows)) in round.lists.iter().enumerate() {
        for row in rows {
            last.insert(&row.customer, at);
        }
    }
    let mut lines: BTreeMap<(usize, &str), Line> = BTreeMap::new();
    for (at, (batch, rows)) in round.lists.iter().enumerate() {
        for row in rows.iter().filter(|row| last.get(row.customer.as_str()) == Some(&at)) {
            let line = lines.entry((at, row.owner.as_str())).or_insert_with(|| Line {
                batch: batch.name.clone(),
                department: batch.department.clone(),
                owner: row.owner.clone(),
                deadline: Some(batch.deadline),
                ..Line::default()
            });
            line.issued += 1;
            let settled = round.settled(&row.customer);
            if !settled.is_returned() {
                line.missing += 1;
                continue;
            }
            line.returned += 1;
            let first = round.answers.get(&row.customer).into_iter().flatten().map(|answer| answer.taken_in_on).min();
            line.in_time += u64::from(first.is_some_and(|day| day <= batch.deadline));
            match settled.answered {
                Some(Answered::Confirmed) => line.confirmed += 1,
                Some(Answered::Changed) => line.corrected += 1,
                Some(Answered::Unreachable) => line.unreachable += 1,
                Some(Answered::Closed) => line.closed += 1,
                Some(Answered::Ended) => line.ended += 1,
                None => line.conflicting += 1,
            }
        }
    }
    lines.into_values().collect()
}
