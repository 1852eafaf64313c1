//! Visits: how many were planned, made and written down in time, whom they reached, and what they brought back.
//!
//! Apart because a visit without a plan and a plan without a visit are both seen here.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::columns::Group;
use super::deals::months_before;
use super::facts::Facts;
use super::scale::Scale;
use super::settings::Settings;
use crate::model::{Period, PeriodKind};

/// The visits of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first_day: NaiveDate,
    /// Visits made.
    pub visits: u64,
    /// Handed in within the hours that are allowed; nothing where that cannot be told.
    pub in_time: Option<u64>,
}

/// Counts by a word: kind, industry, region.
pub type Counts = Vec<(String, u64)>;

/// What visitors wrote of the market.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The visit's customer.
    pub customer: usize,
    /// The day.
    pub day: NaiveDate,
    /// Market news.
    pub news: String,
    /// Competitors.
    pub rivals: String,
    /// Needs.
    pub needs: String,
}

/// Visits.
#[derive(Clone, Debug, Default)]
pub struct Visits {
    /// Visits in the period.
    pub made: u64,
    /// Those handed in in time, of those whose times are known; nothing where there is no such column.
    pub in_time: Option<(u64, u64)>,
    /// Those that were reviewed; nothing where there is no such column.
    pub reviewed: Option<u64>,
    /// Those with a filing number; nothing where there is no such column.
    pub filed: Option<u64>,
    /// Follow-ups due in the period, and done; nothing where there is no such column.
    pub follow_ups: Option<(u64, u64)>,
    /// Visits planned for the period, and carried out; nothing where there are no plans.
    pub plans: Option<(u64, u64)>,
    /// By tier: customers, of these visited in the period.
    pub coverage: Vec<(Option<usize>, u64, u64)>,
    /// The last twelve months, the earliest first.
    pub months: Vec<Month>,
    /// Visits of the period by kind of customer.
    pub by_sort: Counts,
    /// Visits of the period by industry.
    pub by_industry: Counts,
    /// Visits of the period with market news, by industry and by region; nothing where there is no such column.
    pub news_by: Option<(Counts, Counts)>,
    /// What they brought back, the latest first.
    pub news: Vec<News>,
}

/// Makes the figures; nothing where there is no table of visits.
pub fn visits(facts: &Facts, settings: &Settings, scale: &Scale) -> Option<Visits> {
    let rows = facts.rows(Group::Visits);
    let customers = facts.of_customers();
    rows.has("visited").then_some(())?;
    let of_period: Vec<usize> =
        (0..rows.count).filter(|row| rows.day("visited", *row).is_some_and(|day| facts.in_period(day))).collect();
    let timed = rows.has("handed-in").then(|| {
        let told: Vec<bool> = of_period.iter().filter_map(|row| in_time(facts, settings, *row)).collect();
        (told.iter().filter(|in_time| **in_time).count() as u64, told.len() as u64)
    });
    let holds = |usage: &str, test: &dyn Fn(usize) -> bool| {
        rows.has(usage).then(|| of_period.iter().filter(|row| test(**row)).count() as u64)
    };
    let due = |row: &usize| rows.day("follow-up", *row).is_some_and(|day| facts.in_period(day));
    let follow_ups = (rows.has("follow-up") && rows.has("followed-up")).then(|| {
        let due: Vec<usize> = (0..rows.count).filter(due).collect();
        (due.len() as u64, due.iter().filter(|row| rows.day("followed-up", **row).is_some()).count() as u64)
    });
    let word_of = |row: usize, usage: &str| rows.customer[row].map_or("", |customer| customers.word(usage, customer));
    let by = |usage: &str, rows: &[usize]| counts(rows.iter().map(|row| word_of(*row, usage)));
    let tells = |row: &usize| ["news", "rivals"].iter().any(|usage| !rows.word(usage, *row).is_empty());
    let telling: Vec<usize> = of_period.iter().copied().filter(tells).collect();
    let mut news: Vec<News> = telling
        .iter()
        .filter_map(|row| {
            let text = |usage: &str| rows.word(usage, *row).to_owned();
            let (customer, day) = (rows.customer[*row]?, rows.day("visited", *row)?);
            Some(News { customer, day, news: text("news"), rivals: text("rivals"), needs: text("needs") })
        })
        .collect();
    news.sort_by(|left, right| (right.day, left.customer).cmp(&(left.day, right.customer)));
    Some(Visits {
        made: of_period.len() as u64,
        in_time: timed,
        reviewed: holds("reviewed", &|row| rows.day("reviewed", row).is_some()),
        filed: holds("filed", &|row| !rows.word("filed", row).is_empty()),
        follow_ups,
        plans: plans(facts, settings),
        coverage: coverage(facts, scale, &of_period),
        months: months(facts, settings),
        by_sort: if customers.has("sort") { by("sort", &of_period) } else { Vec::new() },
        by_industry: if customers.has("industry") { by("industry", &of_period) } else { Vec::new() },
        news_by: (rows.has("news") || rows.has("rivals")).then(|| (by("industry", &telling), by("region", &telling))),
        news,
    })
}

/// Whether a visit was handed in in time; nothing where its times are not known.
fn in_time(facts: &Facts, settings: &Settings, row: usize) -> Option<bool> {
    let rows = facts.rows(Group::Visits);
    let ((visited, has_time), (handed_in, was_timed)) = (rows.moment("visited", row)?, rows.moment("handed-in", row)?);
    let allowed = i64::from(settings.visit_hours) * 60;
    // Without a time only the days can be compared.
    let end_of_day = if has_time { 0 } else { 1439 };
    let handed_in = if was_timed { handed_in } else { handed_in.max(visited) };
    Some(handed_in - visited <= allowed + end_of_day)
}

fn counts<'w>(words: impl Iterator<Item = &'w str>) -> Counts {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_insert(0) += 1;
    }
    let mut counts: Counts = counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect();
    counts.sort_by(|left, right| {
        (left.0.is_empty(), Reverse(left.1), &left.0).cmp(&(right.0.is_empty(), Reverse(right.1), &right.0))
    });
    counts
}

fn plans(facts: &Facts, settings: &Settings) -> Option<(u64, u64)> {
    let rows = facts.rows(Group::Plans);
    rows.has("planned").then(|| {
        let planned: Vec<usize> =
            (0..rows.count).filter(|row| rows.day("planned", *row).is_some_and(|day| facts.in_period(day))).collect();
        let done = |row: &&usize| settings.carried_out.iter().any(|word| word == rows.word("state", **row));
        (planned.len() as u64, planned.iter().filter(done).count() as u64)
    })
}

fn coverage(facts: &Facts, scale: &Scale, of_period: &[usize]) -> Vec<(Option<usize>, u64, u64)> {
    let rows = facts.rows(Group::Visits);
    let mut visited = vec![false; facts.customers()];
    for customer in of_period.iter().filter_map(|row| rows.customer[*row]) {
        visited[customer] = true;
    }
    let places = (0..scale.names.len()).map(Some).chain([None]);
    let lines = places.map(|tier| {
        let of_tier = (0..facts.customers()).filter(|customer| scale.tier(*customer) == tier);
        let (all, reached) =
            of_tier.fold((0, 0), |(all, reached), customer| (all + 1, reached + u64::from(visited[customer])));
        (tier, all, reached)
    });
    lines.filter(|(_, all, _)| *all > 0).collect()
}

fn months(facts: &Facts, settings: &Settings) -> Vec<Month> {
    let rows = facts.rows(Group::Visits);
    let last = Period::containing(PeriodKind::Month, facts.cut_off).start();
    let mut months: Vec<Month> = (0..12)
        .rev()
        .map(|back| Month {
            first_day: months_before(last, back),
            visits: 0,
            in_time: rows.has("handed-in").then_some(0),
        })
        .collect();
    for row in 0..rows.count {
        let Some(day) = rows.day("visited", row).filter(|day| *day <= facts.cut_off) else { continue };
        let first = Period::containing(PeriodKind::Month, day).start();
        let Some(month) = months.iter_mut().find(|month| month.first_day == first) else { continue };
        month.visits += 1;
        month.in_time = month.in_time.map(|count| count + u64::from(in_time(facts, settings, row) == Some(true)));
    }
    months
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn visits_are_counted_covered_and_timed() {
        let mut company = Company::new(3);
        company.tier(&["重要", "重要", "一般"]).words("industry", &["贸易", "", "纺织"]);
        company.timed_visit(0, "2026-08-01 10:00", "2026-08-02 10:00");
        company.timed_visit(0, "2026-08-03 10:00", "2026-08-04 10:01");
        company.timed_visit(2, "2026-09-01", "2026-09-02");
        company.timed_visit(1, "2026-06-30 09:00", "2026-06-30 10:00").timed_visit(1, "2026-10-01 09:00", "");
        let facts = company.facts();
        let visits = visits(&facts, &company.settings, &Scale::of(&facts)).expect("visits");
        assert_eq!((visits.made, visits.in_time), (3, Some((2, 3))), "24 hours are in time, a minute more is not");
        let coverage: Vec<_> = visits.coverage.iter().map(|(tier, all, reached)| (*tier, *all, *reached)).collect();
        assert_eq!(coverage, [(Some(0), 2, 1), (Some(2), 1, 1)]);
        assert_eq!(visits.by_industry, [("贸易".to_owned(), 2), ("纺织".to_owned(), 1)]);
        assert_eq!(visits.months.iter().map(|month| month.visits).sum::<u64>(), 4, "not what lies ahead");
        assert!(visits.reviewed.is_none() && visits.plans.is_none() && visits.news_by.is_none());
    }
}
