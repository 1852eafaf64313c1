//! Tables and departments that nothing may be concluded from: empty, or with far fewer or far more rows than last time.
//!
//! Apart because an unplugged share must not look like a company without customers, half a file like a hundred mended
//! faults, nor a list pasted twice like a thousand doubles. It counts rows and knows no rule and no mail.

use std::collections::{BTreeMap, HashMap};

use super::{Earlier, comparable};
use crate::config::Config;
use crate::dataset::{Dataset, Half};
use crate::dictionary::CustomerRoles;
use crate::source::Reading;
use crate::text;
use crate::text::{Language, Text};

/// Where there were fewer rows last time, half of a department's and double of a table's are everyday changes.
const ENOUGH: u64 = 20;

/// Whose rows changed past what is believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// A table: its name and label.
    Table(String, String),
    /// The customers of a department.
    Department(String),
}

/// A number of rows that is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowChange {
    /// Whose rows they are.
    pub of: Guarded,
    /// Last time.
    pub before: u64,
    /// This time.
    pub now: u64,
}

impl RowChange {
    /// What happened, in a sentence.
    pub fn said(&self) -> Text {
        let (before, now) = (self.before, self.now);
        match &self.of {
            Guarded::Table(_, label) => text!(
                "“{label}”有 {now} 行，上次 {before} 行，本次不据此下结论",
                "{label} has {now} rows after {before} last time, so nothing is concluded from it"
            ),
            Guarded::Department(name) => text!(
                "“{name}”的客户有 {now} 行，上次 {before} 行，本次不据此下结论",
                "{name} has {now} rows of customers after {before} last time, so nothing is concluded from them"
            ),
        }
    }
}

/// Rows of the customers table by department, those without one under an empty name.
pub fn rows_by_department(datasets: &BTreeMap<String, Dataset>, roles: &CustomerRoles) -> BTreeMap<String, u64> {
    let mut rows: HashMap<&str, u64> = HashMap::new();
    if let Some(dataset) = datasets.get(&roles.table) {
        for record in 0..dataset.height {
            *rows.entry(dataset.folded_at(&roles.department, record)).or_insert(0) += 1;
        }
    }
    let rows: BTreeMap<&str, u64> = rows.into_iter().collect();
    rows.into_iter().map(|(department, rows)| (department.to_owned(), rows)).collect()
}

/// Marks what nothing may be concluded from, and says why: first in words, then the numbers that are not believed.
pub fn apply(
    datasets: &mut BTreeMap<String, Dataset>,
    reading: &Reading,
    earlier: &Earlier,
    roles: &CustomerRoles,
    config: &Config,
) -> (Vec<Text>, Vec<RowChange>) {
    let (mut notices, mut changes) = (Vec::new(), Vec::new());
    for (name, dataset) in datasets.iter_mut() {
        let is_partly_read = reading.unread_of(name).next().is_some();
        let before = match (is_partly_read, earlier.rows_are_right) {
            (false, _) => earlier.rows.get(name).copied().unwrap_or(0),
            (true, true) => 0,
            // What was not read is said already; of what was, half may be gone all the same.
            (true, false) => comparable::rows(dataset, reading, earlier),
        };
        let reason = match table(name, dataset, before, earlier.rows_are_right, config) {
            Some(Verdict::Empty(_)) if is_partly_read => continue,
            Some(Verdict::Empty(reason)) => reason,
            Some(Verdict::Changed(change)) => {
                let reason = change.said();
                changes.push(change);
                reason
            }
            None => continue,
        };
        dataset.not_concluded = Some(reason.get(config.language).to_owned());
        notices.push(reason);
    }
    let of_customers = departments(datasets, reading, earlier, roles, config);
    if let Some(customers) = datasets.get_mut(&roles.table)
        && !of_customers.is_empty()
    {
        // Rules on single rows go on for the other departments; those that look at all rows would miss some.
        let said: Vec<String> =
            of_customers.iter().map(|change| change.said().get(config.language).to_owned()).collect();
        let doubted = of_customers.iter().filter_map(|change| match &change.of {
            Guarded::Department(name) => Some(name.clone()),
            Guarded::Table(..) => None,
        });
        customers.half = Some(Half { departments: doubted.collect(), reason: said.join(joint(config.language)) });
        customers.whole = false;
    }
    notices.extend(of_customers.iter().map(RowChange::said));
    changes.extend(of_customers);
    (notices, changes)
}

/// Why nothing is concluded from a table.
enum Verdict {
    /// It has no row, now or ever.
    Empty(Text),
    /// Its rows changed past what is believed.
    Changed(RowChange),
}

fn table(name: &str, dataset: &Dataset, before: u64, rows_are_right: bool, config: &Config) -> Option<Verdict> {
    let label = dataset.table.label(config.language).to_owned();
    let now = dataset.height as u64;
    let may_be_empty = config.guard.allow_empty.iter().any(|table| table.value == *name);
    // A register may have no entry yet; one that had some has not lost them all.
    let is_new = dataset.table.may_be_empty && before == 0;
    let is_empty = now == 0 && !may_be_empty && !is_new;
    let bounds = config.guard.bounds(name);
    let believed = rows_are_right
        || now == 0 && may_be_empty
        || now as f64 >= before as f64 * bounds.smallest && !is_jump(before, now, bounds.largest);
    if before > 0 && !believed || is_empty && before > 0 && !rows_are_right {
        return Some(Verdict::Changed(RowChange { of: Guarded::Table(name.to_owned(), label), before, now }));
    }
    is_empty.then(|| {
        Verdict::Empty(text!(
            "“{label}”没有任何数据行，本次不据此下结论",
            "{label} has no rows, so nothing is concluded from it"
        ))
    })
}

fn is_jump(before: u64, now: u64, largest: f64) -> bool {
    before >= ENOUGH && now as f64 > before as f64 * largest
}

/// The departments whose customers changed past what is believed, of a customers table that is itself believed.
fn departments(
    datasets: &BTreeMap<String, Dataset>,
    reading: &Reading,
    earlier: &Earlier,
    roles: &CustomerRoles,
    config: &Config,
) -> Vec<RowChange> {
    let whole = datasets.get(&roles.table).is_some_and(|customers| customers.not_concluded.is_none());
    if !whole || earlier.rows_are_right {
        return Vec::new();
    }
    let is_partly_read = reading.unread_of(&roles.table).next().is_some();
    let before = match datasets.get(&roles.table).filter(|_| is_partly_read) {
        Some(customers) => &comparable::departments(customers, reading, earlier, roles, config),
        None => &earlier.departments,
    };
    let compared: Vec<(&String, &u64)> =
        before.iter().filter(|(name, before)| !name.is_empty() && **before >= ENOUGH).collect();
    if compared.is_empty() {
        return Vec::new();
    }
    let rows = rows_by_department(datasets, roles);
    let bounds = config.guard.bounds(&roles.table);
    compared
        .into_iter()
        .map(|(name, before)| (name, *before, rows.get(name).copied().unwrap_or(0)))
        .filter(|(_, before, now)| {
            (*now as f64) < *before as f64 * bounds.smallest || is_jump(*before, *now, bounds.largest)
        })
        .map(|(name, before, now)| RowChange { of: Guarded::Department(name.clone()), before, now })
        .collect()
}

/// The rows to compare the next run with: of what was not believed or not read, those of last time still.
pub fn remembered(
    now: BTreeMap<String, u64>,
    before: &BTreeMap<String, u64>,
    is_kept: impl Fn(&str) -> bool,
) -> Vec<(String, u64)> {
    let kept = before.iter().filter(|(name, _)| is_kept(name)).map(|(name, rows)| (name.clone(), *rows));
    let taken = now.into_iter().filter(|(name, _)| !is_kept(name) || !before.contains_key(name));
    kept.chain(taken).collect::<BTreeMap<String, u64>>().into_iter().collect()
}

fn joint(language: Language) -> &'static str {
    match language {
        Language::Zh => "；",
        Language::En => "; ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(rows: &[(&str, u64)]) -> BTreeMap<String, u64> {
        rows.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect()
    }

    #[test]
    fn what_was_not_believed_is_compared_with_again() {
        let (before, now) = (counts(&[("a", 3000), ("b", 10)]), counts(&[("a", 120), ("b", 12), ("c", 5)]));
        let kept = remembered(now, &before, |name| name == "a" || name == "c");
        assert_eq!(kept, [("a".to_owned(), 3000), ("b".to_owned(), 12), ("c".to_owned(), 5)]);
    }

    #[test]
    fn a_few_rows_may_double() {
        assert!(!is_jump(19, 400, 2.0));
        assert!(!is_jump(20, 40, 2.0));
        assert!(is_jump(20, 41, 2.0));
        assert!(!is_jump(3000, 60_000, f64::INFINITY));
    }
}
