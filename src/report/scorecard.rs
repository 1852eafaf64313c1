//! Every score that a report shows, computed once.
//!
//! Apart because mail, sheets and digest must never disagree: none of them adds up, all of them read this. What a score
//! is, `model::score` says. It knows no layout and no language.

use std::collections::{BTreeMap, BTreeSet};

use super::input::ReportInput;
use crate::model::{Dimension, Ratio, Score, Scores, Whose};

/// A score beside that of the run compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Now.
    pub now: Ratio,
    /// Then; nothing where there was no such run, or nothing was tested.
    pub before: Option<Ratio>,
    /// Whether other rules entered it then.
    pub rules_changed: bool,
}

impl Compared {
    /// The difference of the percentages as they are shown, in tenths.
    pub fn change(self) -> Option<i64> {
        let tenths = |ratio: Ratio| ratio.tenths().and_then(|tenths| i64::try_from(tenths).ok());
        Some(tenths(self.now)? - tenths(self.before?)?)
    }
}

/// A rule's line, and its score then.
#[derive(Clone, Copy, Debug)]
pub struct RuleScore<'a> {
    /// The line.
    pub line: &'a Score,
    /// Its score.
    pub compared: Compared,
}

/// All scores of a department or of the company.
#[derive(Clone, Debug)]
pub struct Scorecard<'a> {
    /// All dimensions together.
    pub overall: Compared,
    /// The six dimensions, in their order.
    pub dimensions: [(Dimension, Compared); 6],
    /// Every rule that there was something to say of, by dimension, the lowest score first.
    pub rules: Vec<RuleScore<'a>>,
}

impl Scorecard<'_> {
    /// The dimension with the lowest score; small samples only where there is nothing else, none where nothing fails.
    pub fn weakest(&self) -> Option<(Dimension, Ratio)> {
        let lowest = |small: bool| {
            let tested = self.dimensions.iter().map(|(dimension, compared)| (*dimension, compared.now));
            let tested = tested.filter(|(_, ratio)| ratio.tested > 0 && ratio.is_small() == small);
            tested.min_by(|left, right| left.1.by_share(right.1))
        };
        lowest(false).or_else(|| lowest(true)).filter(|(_, ratio)| ratio.failing() > 0)
    }
}

/// The scores of everybody, ready to be added up.
pub struct Scorecards<'a> {
    now: BTreeMap<&'a Whose, Vec<&'a Score>>,
    before: BTreeMap<&'a Whose, Vec<&'a Score>>,
    changed: Vec<Option<Dimension>>,
}

impl<'a> Scorecards<'a> {
    /// Sorts the lines of a run by whose they are.
    pub fn new(input: &ReportInput<'a>) -> Self {
        let by_whose = |scores: Option<&'a Scores>| {
            let mut lines: BTreeMap<&Whose, Vec<&Score>> = BTreeMap::new();
            for line in scores.into_iter().flat_map(|scores| &scores.lines) {
                lines.entry(&line.whose).or_default().push(line);
            }
            lines
        };
        let (now, before) = (by_whose(Some(input.scores)), by_whose(input.scores_before));
        let changed = every_ratio().filter(|dimension| counted(&now, *dimension) != counted(&before, *dimension));
        let changed = changed.collect();
        Self { now, before, changed }
    }

    /// Adds up the scores of a department or of the company.
    pub fn of(&self, whose: &Whose) -> Scorecard<'a> {
        let lines = |lines: &BTreeMap<&'a Whose, Vec<&'a Score>>| lines.get(whose).cloned().unwrap_or_default();
        let (now, before) = (lines(&self.now), lines(&self.before));
        let sum = |lines: &[&Score], wanted: Option<Dimension>| -> Ratio {
            let lines = lines.iter().filter(|line| wanted.is_none_or(|dimension| line.dimension == dimension));
            lines.map(|line| line.ratio()).sum()
        };
        let compared = |wanted| {
            let before = Some(sum(&before, wanted)).filter(|ratio| ratio.tested > 0);
            let rules_changed = before.is_some() && self.changed.contains(&wanted);
            Compared { now: sum(&now, wanted), before, rules_changed }
        };
        let earlier: BTreeMap<(&str, &str), Ratio> = before.iter().map(|line| (rule_of(line), line.ratio())).collect();
        let mut rules: Vec<RuleScore<'a>> = now
            .iter()
            .map(|line| {
                let before = earlier.get(&rule_of(line)).copied().filter(|ratio| ratio.tested > 0);
                RuleScore { line, compared: Compared { now: line.ratio(), before, rules_changed: false } }
            })
            .collect();
        // What was not tested comes last.
        rules.sort_by(|left, right| {
            let (one, two) = (left.compared.now, right.compared.now);
            let by_share = (one.tested == 0).cmp(&(two.tested == 0)).then(one.by_share(two));
            left.line.dimension.cmp(&right.line.dimension).then(by_share)
        });
        let dimensions = Dimension::ALL.map(|dimension| (dimension, compared(Some(dimension))));
        Scorecard { overall: compared(None), dimensions, rules }
    }

    /// The departments that the data names beside those with an entry, in order; empty where none was found, last.
    pub fn without_entry(&self, input: &ReportInput<'_>) -> Vec<&'a str> {
        let mut names: Vec<&str> = self
            .now
            .keys()
            .filter_map(|whose| match whose {
                Whose::Department(name) => Some(name.as_str()),
                Whose::Company => None,
            })
            .filter(|name| !input.departments.iter().any(|known| known.trim() == *name))
            .collect();
        names.sort_by_key(|name| name.is_empty());
        names
    }
}

/// All dimensions together, and each of them.
fn every_ratio() -> impl Iterator<Item = Option<Dimension>> {
    [None].into_iter().chain(Dimension::ALL.map(Some))
}

fn rule_of(line: &Score) -> (&str, &str) {
    (&line.rule_id, &line.table)
}

/// The rules that entered a score of the company: where they differ, two scores are of different things.
fn counted<'a>(lines: &BTreeMap<&'a Whose, Vec<&'a Score>>, wanted: Option<Dimension>) -> BTreeSet<(&'a str, &'a str)> {
    let lines = lines.get(&Whose::Company).into_iter().flatten().filter(|line| line.counts());
    let lines = lines.filter(|line| wanted.is_none_or(|dimension| line.dimension == dimension));
    lines.map(|line| rule_of(line)).collect()
}

/// The dimensions in which a person's work shows: whether it is there, and in time.
pub const OF_PEOPLE: [Dimension; 2] = [Dimension::Completeness, Dimension::Timeliness];

/// What was tested of a person's records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person<'a> {
    /// The department.
    pub department: &'a str,
    /// The person; empty where the records have no owner.
    pub name: &'a str,
    /// In the dimensions of [`OF_PEOPLE`].
    pub ratios: [Ratio; 2],
}

/// The people of a department, or all of them by department in the order of the configuration.
pub fn people<'a>(input: &ReportInput<'a>, department: Option<&str>) -> Vec<Person<'a>> {
    let place = |name: &str| input.departments.iter().position(|known| known.trim() == name).unwrap_or(usize::MAX);
    let mut people: BTreeMap<(usize, &str, &str), [Ratio; 2]> = BTreeMap::new();
    for line in &input.scores.people {
        let Some(column) = OF_PEOPLE.iter().position(|dimension| *dimension == line.dimension) else { continue };
        let ratio = line.ratio();
        if ratio.tested == 0 || department.is_some_and(|department| department.trim() != line.department) {
            continue;
        }
        let key = (place(&line.department), line.department.as_str(), line.person.as_str());
        let sum = &mut people.entry(key).or_default()[column];
        *sum = [*sum, ratio].into_iter().sum();
    }
    people.into_iter().map(|((_, department, name), ratios)| Person { department, name, ratios }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(ratios: [(u64, u64); 6]) -> Scorecard<'static> {
        let mut card = Scorecard {
            overall: Compared::default(),
            dimensions: Dimension::ALL.map(|dimension| (dimension, Compared::default())),
            rules: Vec::new(),
        };
        for (entry, (passed, tested)) in card.dimensions.iter_mut().zip(ratios) {
            entry.1.now = Ratio { passed, tested };
        }
        card
    }

    #[test]
    fn the_weakest_dimension_is_no_small_sample_while_there_is_another() {
        let weakest = |ratios| card(ratios).weakest().map(|(dimension, _)| dimension);
        assert_eq!(weakest([(90, 100), (0, 5), (99, 100), (0, 0), (0, 0), (0, 0)]), Some(Dimension::Completeness));
        assert_eq!(weakest([(0, 0), (4, 5), (3, 5), (0, 0), (0, 0), (0, 0)]), Some(Dimension::Consistency));
        assert_eq!(weakest([(30, 30), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]), None);
        assert_eq!(weakest([(0, 0); 6]), None);
    }

    #[test]
    fn a_change_is_that_of_the_percentages_shown() {
        let compared = |now, before| Compared { now, before, rules_changed: false }.change();
        let ratio = |passed, tested| Ratio { passed, tested };
        assert_eq!(compared(ratio(9996, 10_000), Some(ratio(1, 1))), Some(-1));
        assert_eq!(compared(ratio(2, 3), Some(ratio(1, 3))), Some(334));
        assert_eq!(compared(ratio(0, 0), Some(ratio(1, 3))), None);
        assert_eq!(compared(ratio(1, 1), None), None);
    }
}
