//! Satisfaction, complaints, and the problems that visits brought up.
//!
//! Apart because who did not answer is not content, and every mean goes with the share of those who answered.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::columns::Group;
use super::deals::months_before;
use super::facts::Facts;
use super::important::mean;
use super::scale::Scale;
use super::settings::Settings;

/// The satisfaction of a tier's customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContentLine {
    /// The tier, a place in the scale; nothing: none is recorded.
    pub tier: Option<usize>,
    /// How many customers.
    pub customers: u64,
    /// How many of them have a satisfaction.
    pub answered: u64,
    /// The sum of these.
    pub sum: Decimal,
}

impl ContentLine {
    /// The mean of those who answered.
    pub fn mean(&self) -> Option<Decimal> {
        mean((self.answered, self.sum))
    }
}

/// The complaints of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComplaintLine {
    /// The kind; empty: none is given.
    pub sort: String,
    /// How many in the period.
    pub count: u64,
    /// How many of them are closed.
    pub closed: u64,
    /// The days that these took together.
    pub days: i64,
    /// How many have no remedy.
    pub without_remedy: u64,
    /// How many come from customers that complained of the same before, within the last months.
    pub repeated: u64,
    /// How many are blamed on wrong customer data.
    pub by_data: u64,
}

/// A problem that visits brought up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemLine {
    /// The problem as it was written down.
    pub problem: String,
    /// How often in the period.
    pub count: u64,
    /// How often without a remedy.
    pub without_remedy: u64,
    /// The remedy that was written down most often.
    pub remedy: String,
}

/// Service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Satisfaction by tier; nothing where there is no such column.
    pub contentment: Option<Vec<ContentLine>>,
    /// Complaints of the period by kind, the most frequent first; nothing where there is no such table.
    pub complaints: Option<Vec<ComplaintLine>>,
    /// Complaints by month of the last year, the earliest first.
    pub months: Vec<(NaiveDate, u64)>,
    /// Problems of the period, the most frequent first; nothing where visits have no such column. They are words of
    /// single customers, so only of those that the readers may see.
    pub problems: Option<Vec<ProblemLine>>,
    /// Problems of customers that they may not see.
    pub problems_withheld: u64,
    /// Feedback received in the period; nothing where there is no such table.
    pub feedback: Option<u64>,
}

impl Service {
    /// Everybody's satisfaction; nothing where there is no such column.
    pub fn overall(&self) -> Option<ContentLine> {
        self.contentment.as_ref().map(|lines| {
            lines.iter().fold(ContentLine::default(), |sum, line| ContentLine {
                tier: None,
                customers: sum.customers + line.customers,
                answered: sum.answered + line.answered,
                sum: sum.sum + line.sum,
            })
        })
    }

    /// Complaints of the period; nothing where there is no such table.
    pub fn complained(&self) -> Option<u64> {
        self.complaints.as_ref().map(|lines| lines.iter().map(|line| line.count).sum())
    }
}

/// Makes the figures.
pub fn service(facts: &Facts, settings: &Settings, scale: &Scale) -> Service {
    let feedback = facts.rows(Group::Feedback);
    let (problems, problems_withheld) = problems(facts);
    let received = (0..feedback.count).filter_map(|row| feedback.day("received", row));
    Service {
        contentment: contentment(facts, scale),
        complaints: complaints(facts, settings),
        months: months(facts),
        problems,
        problems_withheld,
        feedback: feedback.has("received").then(|| received.filter(|day| facts.in_period(*day)).count() as u64),
    }
}

fn contentment(facts: &Facts, scale: &Scale) -> Option<Vec<ContentLine>> {
    let customers = facts.of_customers();
    customers.has("contentment").then(|| {
        let places = (0..scale.names.len()).map(Some).chain([None]);
        let mut lines: Vec<ContentLine> = places.map(|tier| ContentLine { tier, ..ContentLine::default() }).collect();
        for customer in 0..facts.customers() {
            let line = &mut lines[scale.tier(customer).unwrap_or(scale.names.len())];
            let answer = customers.number("contentment", customer);
            line.customers += 1;
            line.answered += u64::from(answer.is_some());
            line.sum += answer.unwrap_or_default();
        }
        lines.retain(|line| line.customers > 0);
        lines
    })
}

fn complaints(facts: &Facts, settings: &Settings) -> Option<Vec<ComplaintLine>> {
    let rows = facts.rows(Group::Complaints);
    rows.has("received").then_some(())?;
    let since = months_before(facts.cut_off, settings.amount_months);
    let mut seen: BTreeMap<(usize, &str), Vec<NaiveDate>> = BTreeMap::new();
    for row in 0..rows.count {
        let (Some(customer), Some(day)) = (rows.customer[row], rows.day("received", row)) else { continue };
        seen.entry((customer, rows.word("sort", row))).or_default().push(day);
    }
    let mut lines: BTreeMap<&str, ComplaintLine> = BTreeMap::new();
    for row in 0..rows.count {
        let Some(day) = rows.day("received", row).filter(|day| facts.in_period(*day)) else { continue };
        let sort = rows.word("sort", row);
        let line = lines.entry(sort).or_insert_with(|| ComplaintLine { sort: sort.to_owned(), ..Default::default() });
        line.count += 1;
        if let Some(closed) = rows.day("closed", row).filter(|closed| *closed >= day && *closed <= facts.cut_off) {
            line.closed += 1;
            line.days += (closed - day).num_days();
        }
        line.without_remedy += u64::from(rows.has("remedy") && rows.word("remedy", row).is_empty());
        let earlier = rows.customer[row].and_then(|customer| seen.get(&(customer, sort)));
        let is_repeated = earlier.is_some_and(|days| days.iter().any(|other| *other < day && *other > since));
        line.repeated += u64::from(is_repeated);
        let cause = rows.word("cause", row);
        line.by_data += u64::from(settings.data_errors.iter().any(|word| cause.contains(word.as_str())));
    }
    let mut lines: Vec<ComplaintLine> = lines.into_values().collect();
    lines.sort_by(|left, right| (Reverse(left.count), &left.sort).cmp(&(Reverse(right.count), &right.sort)));
    Some(lines)
}

fn months(facts: &Facts) -> Vec<(NaiveDate, u64)> {
    use crate::model::{Period, PeriodKind};
    let rows = facts.rows(Group::Complaints);
    if !rows.has("received") {
        return Vec::new();
    }
    let last = Period::containing(PeriodKind::Month, facts.cut_off).start();
    let months = (0..12).rev().map(|back| months_before(last, back));
    months
        .map(|first| {
            let month = Period::containing(PeriodKind::Month, first);
            let days = (0..rows.count).filter_map(|row| rows.day("received", row));
            let within = days.filter(|day| *day >= month.start() && *day <= month.end().min(facts.cut_off));
            (first, within.count() as u64)
        })
        .collect()
}

fn problems(facts: &Facts) -> (Option<Vec<ProblemLine>>, u64) {
    let rows = facts.rows(Group::Visits);
    if !rows.has("problem") || !rows.has("visited") {
        return (None, 0);
    }
    let mut withheld = 0;
    let mut lines: BTreeMap<&str, (ProblemLine, BTreeMap<&str, u64>)> = BTreeMap::new();
    for row in 0..rows.count {
        let problem = rows.word("problem", row);
        if problem.is_empty() || !rows.day("visited", row).is_some_and(|day| facts.in_period(day)) {
            continue;
        }
        if !rows.customer[row].is_some_and(|customer| facts.may_show(customer)) {
            withheld += 1;
            continue;
        }
        let (line, remedies) = lines.entry(problem).or_default();
        line.count += 1;
        match rows.word("remedy", row) {
            "" => line.without_remedy += 1,
            remedy => *remedies.entry(remedy).or_insert(0) += 1,
        }
    }
    let named = lines.into_iter().map(|(problem, (line, remedies))| {
        let most = remedies.iter().max_by_key(|(remedy, count)| (**count, Reverse(**remedy)));
        let remedy = most.map(|(remedy, _)| (*remedy).to_owned()).unwrap_or_default();
        ProblemLine { problem: problem.to_owned(), remedy, ..line }
    });
    let mut lines: Vec<ProblemLine> = named.collect();
    lines.sort_by(|left, right| (Reverse(left.count), &left.problem).cmp(&(Reverse(right.count), &right.problem)));
    (Some(lines), withheld)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn a_mean_is_of_those_who_answered() {
        let mut company = Company::new(4);
        company.tier(&["重要", "重要", "一般", ""]).numbers("contentment", &["90", "", "75.5", "61"]);
        let facts = company.facts();
        let service = service(&facts, &company.settings, &Scale::of(&facts));
        let overall = service.overall().expect("a column");
        assert_eq!((overall.customers, overall.answered), (4, 3));
        assert_eq!(overall.mean(), Some(Decimal::new(755, 1)));
        let first = &service.contentment.expect("a column")[0];
        assert_eq!((first.customers, first.answered, first.mean()), (2, 1, Some(Decimal::from(90))));
        assert!(service.complaints.is_none() && service.months.is_empty(), "no such table is not no complaint");
    }

    #[test]
    fn complaints_by_kind_with_days_repetitions_and_data_errors() {
        let mut company = Company::new(2);
        company.complaint(0, "2026-08-01", "发货", "资料错误：地址不对", "2026-08-05");
        company.complaint(0, "2026-05-01", "发货", "", "").complaint(1, "2026-09-01", "发货", "", "");
        company.complaint(1, "2026-09-30", "质量", "", "2026-10-02");
        let facts = company.facts();
        let service = service(&facts, &company.settings, &Scale::of(&facts));
        let lines = service.complaints.as_ref().expect("a table");
        assert_eq!(
            (lines[0].count, lines[0].closed, lines[0].days, lines[0].repeated, lines[0].by_data),
            (2, 1, 4, 1, 1)
        );
        assert_eq!((lines[1].sort.as_str(), lines[1].closed), ("质量", 0), "closed after the cut-off date");
        assert_eq!(service.complained(), Some(3));
        assert_eq!(service.months.iter().map(|(_, count)| count).sum::<u64>(), 4);
    }
}
