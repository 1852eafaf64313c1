//! Scores: the tested and failing units of every rule, by department and by person.
//!
//! Apart because evaluation knows records and not whose they are. Every record of a table gets one dense number for
//! what [`Ownership`] says of it, so that a unit is counted by adding up flags, however many records there are. What a
//! score is, is said in `model::score`. It knows no history and no layout.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::{InitHashMaps, PlHashMap};
use rayon::prelude::*;

use super::execute::true_records;
use super::ownership::{Owned, Ownership};
use super::{Evaluation, FindingSource};
use crate::dataset::Dataset;
use crate::model::{PersonScore, RuleOutcome, Score, Scores, Whose};
use crate::rule::{Route, Rule};

/// Counts what was tested and what failed, by department and by person.
pub fn score(source: &FindingSource, evaluation: &Evaluation) -> Scores {
    let rules = &source.context.rules;
    let mut tables: Vec<&str> = evaluation.tested.iter().map(|tested| rules[tested.rule].table.as_str()).collect();
    tables.sort_unstable();
    tables.dedup();
    let ownership = Ownership::new(source.datasets, source.context.dictionary, &tables);
    // A table a core; waivers stay out of it, which remember what they matched.
    let datasets = source.datasets;
    let groups: BTreeMap<&str, Groups> = tables
        .par_iter()
        .filter_map(|table| datasets.get(*table).map(|dataset| (*table, Groups::new(&ownership, dataset))))
        .collect();
    let outcomes: HashMap<(&str, &str), &RuleOutcome> =
        evaluation.outcomes.iter().map(|line| ((line.rule_id.as_str(), line.table.as_str()), line)).collect();
    let mut scores = Scores::default();
    for (index, rule) in rules.iter().copied().enumerate() {
        let Some(outcome) = outcomes.get(&(rule.id.as_str(), rule.table.as_str())) else { continue };
        match groups.get(rule.table.as_str()).filter(|_| outcome.outcome.is_concluded()) {
            Some(groups) => {
                if rule.is_about_the_table(groups.of.len()) {
                    scores.lines.push(of_the_company(rule, outcome, (0, 0)));
                    scores.lines.push(of_nobody(rule, outcome, source.context.service));
                    continue;
                }
                let counts = groups.count(index, rule, source, evaluation);
                scores.lines.push(of_the_company(rule, outcome, groups.doubted(&counts)));
                add(&mut scores, rule, groups, &counts, source.context.service);
            }
            None => scores.lines.push(of_the_company(rule, outcome, (0, 0))),
        }
    }
    scores
}

/// (tested, failing), a group each.
type Counts = Vec<(u64, u64)>;

/// The records of a table by whose they are.
struct Groups<'d> {
    dataset: &'d Dataset,
    /// The group of every record.
    of: Vec<u32>,
    /// Whose the records of each group are.
    owned: Vec<Owned<'d>>,
    /// How many records each group has.
    sizes: Vec<u64>,
}

impl<'d> Groups<'d> {
    fn new(ownership: &Ownership<'d>, dataset: &'d Dataset) -> Self {
        let all: Vec<Owned<'d>> = (0..dataset.height)
            .into_par_iter()
            // Records of one customer more or less are one group: his name does not matter here.
            .map(|record| Owned { customer: "", ..ownership.of(dataset, record) })
            .collect();
        let mut numbers: PlHashMap<Owned<'d>, u32> = PlHashMap::new();
        let mut owned = Vec::new();
        let mut sizes = Vec::new();
        let of = all
            .into_iter()
            .map(|whose| {
                let number = *numbers.entry(whose).or_insert_with(|| {
                    owned.push(whose);
                    sizes.push(0);
                    u32::try_from(owned.len() - 1).unwrap_or(u32::MAX)
                });
                sizes[number as usize] += 1;
                number
            })
            .collect();
        Self { dataset, of, owned, sizes }
    }

    /// Whether the records of a group are not believed: no score is made of half a department.
    fn doubts(&self, owned: &Owned) -> bool {
        self.dataset.half.as_ref().is_some_and(|half| half.doubts(owned.department))
    }

    /// What was counted of records that are not believed.
    fn doubted(&self, counts: &Counts) -> (u64, u64) {
        let doubted = self.owned.iter().zip(counts).filter(|(owned, _)| self.doubts(owned));
        doubted.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1))
    }

    fn count(&self, index: usize, rule: &Rule, source: &FindingSource, evaluation: &Evaluation) -> Counts {
        let mut counts: Counts = vec![(0, 0); self.owned.len()];
        for unit in evaluation.tested.iter().filter(|unit| unit.rule == index) {
            match &unit.records {
                None => counts.iter_mut().zip(&self.sizes).for_each(|(count, size)| count.0 += size),
                Some(flags) => {
                    for record in true_records(flags) {
                        counts[self.of[record as usize] as usize].0 += 1;
                    }
                }
            }
        }
        let waived = |record: u32, field: &str| {
            let key = || self.dataset.key_at(record as usize);
            !source.waivers.is_empty() && source.waivers.covers(&rule.id, key(), field, source.context.as_of)
        };
        for violation in evaluation.violations.iter().filter(|violation| violation.rule == index) {
            let field = violation.field.as_deref().unwrap_or_default();
            for record in violation.records.iter().filter(|record| !waived(**record, field)) {
                counts[self.of[*record as usize] as usize].1 += 1;
            }
        }
        counts
    }
}

/// The line of the whole company: what the outcome says, without (tested, failing) of whom nothing is concluded.
fn of_the_company(rule: &Rule, outcome: &RuleOutcome, doubted: (u64, u64)) -> Score {
    let (tested, failing) = (outcome.tested.saturating_sub(doubted.0), outcome.failing.saturating_sub(doubted.1));
    Score { outcome: outcome.outcome, ..line(rule, Whose::Company, tested, failing) }
}

/// What a rule says of a table is nobody's: it counts where its finding goes, for no person.
fn of_nobody(rule: &Rule, outcome: &RuleOutcome, service: &str) -> Score {
    let department = Owned::default().department_for(&rule.route, service).to_owned();
    line(rule, Whose::Department(department), outcome.tested, outcome.failing)
}

fn add(scores: &mut Scores, rule: &Rule, groups: &Groups, counts: &Counts, service: &str) {
    let mut departments: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut people: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    let add = |sum: &mut (u64, u64), count: &(u64, u64)| *sum = (sum.0 + count.0, sum.1 + count.1);
    for (owned, count) in groups.owned.iter().zip(counts).filter(|(owned, _)| !groups.doubts(owned)) {
        let department = owned.department_for(&rule.route, service);
        add(departments.entry(department).or_default(), count);
        if count.0 > 0 && matches!(rule.route, Route::Record | Route::Customer) {
            add(people.entry((department, owned.owner)).or_default(), count);
        }
    }
    scores.lines.extend(
        departments
            .into_iter()
            .map(|(name, (tested, failing))| line(rule, Whose::Department(name.to_owned()), tested, failing)),
    );
    scores.people.extend(people.into_iter().map(|((department, person), (tested, failing))| PersonScore {
        department: department.to_owned(),
        person: person.to_owned(),
        dimension: rule.dimension,
        severity: rule.severity,
        rule_id: rule.id.clone(),
        table: rule.table.clone(),
        tested,
        failing,
    }));
}

fn line(rule: &Rule, whose: Whose, tested: u64, failing: u64) -> Score {
    Score {
        whose,
        dimension: rule.dimension,
        severity: rule.severity,
        rule_id: rule.id.clone(),
        table: rule.table.clone(),
        tested,
        failing,
        outcome: rule.outcome(failing, tested),
    }
}
