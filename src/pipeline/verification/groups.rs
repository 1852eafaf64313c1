//! Whom a round asks about whom: every customer on the list of his department or owner, or counted where he is left out.
//!
//! Apart because it decides who is asked about what. A customer above the reader's clearance is left out and counted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::made::{By, IssueError, IssueRequest};
use crate::check::condition;
use crate::check::scope::Parameters;
use crate::dataset::{Dataset, typing};
use crate::engine;
use crate::model::Secrecy;
use crate::params::{Placed, Problems};
use crate::problem::Document;
use crate::text;
use crate::workplace::Workplace;

/// The rows of one list before it has a name.
#[derive(Default)]
pub(super) struct Group {
    /// The customers on it.
    pub(super) records: Vec<usize>,
    /// The highest 密级 of these.
    pub(super) secrecy: Secrecy,
    /// How many are left out for their 密级.
    pub(super) withheld: u64,
    /// How many are left out because they were verified in the period.
    pub(super) done: u64,
    /// How many are left out because no code tells them apart.
    pub(super) unnumbered: u64,
}

/// Whose a list is: a department's, or one owner's in it.
pub(super) type Whose = (String, Option<String>);

/// The records for which a condition on customers holds.
pub(super) fn chosen(
    workplace: &Workplace,
    datasets: &BTreeMap<String, Dataset>,
    written: &str,
    as_of: NaiveDate,
) -> Result<BTreeSet<usize>, IssueError> {
    let dictionary = &workplace.pack.dictionary;
    let name = &dictionary.customers.table;
    let Some(table) = dictionary.table(name) else { return Ok(BTreeSet::new()) };
    let problems = Problems::new(Document::new("--where", written));
    let placed = Placed { value: written.to_owned(), span: 0..written.len() };
    let condition = condition::parse(&placed, table, &Parameters::default(), &problems);
    let Some(condition) = condition else { return Err(IssueError::Condition(problems.take())) };
    let context = crate::pipeline::context(workplace, as_of);
    let records = engine::select(name, &condition, datasets, &context).map_err(|error| {
        IssueError::Nothing(text!("条件算不出：{error}", "the condition cannot be reckoned: {error}"))
    })?;
    Ok(records.into_iter().map(|record| record as usize).collect())
}

/// The customers by whose list they are on. `wanted` are those asked for; nothing: all.
pub(super) fn groups(
    workplace: &Workplace,
    dataset: &Dataset,
    wanted: Option<&BTreeSet<usize>>,
    request: &IssueRequest<'_>,
) -> BTreeMap<Whose, Group> {
    let roles = &workplace.pack.dictionary.customers;
    let key = |record: usize| dataset.table.key.as_deref().map_or("", |key| dataset.folded_at(key, record));
    let mut keys: BTreeMap<&str, u32> = BTreeMap::new();
    for record in 0..dataset.height {
        *keys.entry(key(record)).or_insert(0) += 1;
    }
    let is_told_apart = |record: usize| !key(record).is_empty() && keys.get(key(record)).is_none_or(|count| *count < 2);
    let verified = |record: usize| verified_on(dataset, roles.verified.as_deref()?, record);
    let is_done =
        |record: usize| verified(record).is_some_and(|day| day >= request.period.start() && day <= request.as_of);
    let mut groups: BTreeMap<Whose, Group> = BTreeMap::new();
    for record in (0..dataset.height).filter(|record| wanted.is_none_or(|wanted| wanted.contains(record))) {
        let department = match dataset.folded_at(&roles.department, record) {
            "" => workplace.config.fallback_department.clone(),
            department => department.to_owned(),
        };
        let clearance = clearance(workplace, &department);
        let owner = (request.by == By::Owner).then(|| dataset.folded_at(&roles.owner, record).to_owned());
        let group = groups.entry((department, owner)).or_default();
        let secrecy = dataset.secrecy_at(roles.secrecy.as_deref(), record);
        if secrecy > clearance {
            group.withheld += 1;
        } else if !is_told_apart(record) {
            group.unnumbered += 1;
        } else if !request.all && request.only.is_none() && is_done(record) {
            group.done += 1;
        } else {
            group.secrecy = group.secrecy.max(secrecy);
            group.records.push(record);
        }
    }
    groups
}

/// The day on which a customer was verified last, as the data have it.
fn verified_on(dataset: &Dataset, field: &str, record: usize) -> Option<NaiveDate> {
    let days = typing::date(dataset.folded_at(field, record))?;
    NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(days)))
}

/// The highest 密级 that the list of a department may show: what its reader may see.
pub(super) fn clearance(workplace: &Workplace, department: &str) -> Secrecy {
    let recipient = recipient(workplace, department);
    workplace.config.department(recipient).map(|department| department.clearance).unwrap_or_default()
}

/// Who gets what is about a department: itself, or the one that stands in.
pub(super) fn recipient<'w>(workplace: &'w Workplace, department: &str) -> &'w str {
    let config = &workplace.config;
    config.department(department).map_or(&config.fallback_department, |department| &department.name)
}
