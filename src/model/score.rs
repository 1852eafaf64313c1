//! Scores: how much of what was tested is as it should be, by department, dimension and rule, and by person.
//!
//! Apart because engine, history and reports must mean the same by it; what it is, is said here and nowhere else:
//!
//! - A rule's score is (tested − failing) / tested. A failing unit under a valid waiver stays tested and does not fail.
//! - Only rules of severity error and warning with the outcome passed, warned or failed enter a score. Hints (info) are
//!   recorded and enter none; what was not applicable, not evaluated or not enabled is neither passed nor failed.
//! - The score of a dimension is Σ (tested − failing) / Σ tested over its rules, and the overall score the same over all
//!   rules: every tested unit weighs the same.
//! - A department answers for the units whose findings would go to it. The outcome of a rule in a department is that of
//!   the rule's own thresholds on the department's units; with none tested it is not applicable there.
//! - A person answers for the records that he owns, under rules that go to the record's or the customer's department. A
//!   rule that names a department is that department's duty, not the owner's.
//! - Nothing tested is no score: neither 0 nor 100 %. Fewer than twenty tested units are a small sample, and said to be.
//! - A percentage has one decimal, computed in whole numbers; 100.0 is reached only where nothing fails.
//!
//! It knows no rule file, no database and no layout.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::{Dimension, Outcome, Severity};

/// Units below which a sample is small.
pub const SMALL: u64 = 20;

/// Whose score it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// Everybody's.
    Company,
    /// A department's, under the name that findings have; empty where none was found.
    Department(String),
}

/// One rule on one table, for the company or one department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Whose.
    pub whose: Whose,
    /// The rule's dimension.
    pub dimension: Dimension,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's id.
    pub rule_id: String,
    /// The table that it was applied to.
    pub table: String,
    /// Units tested.
    pub tested: u64,
    /// Units that failed, the waived left out.
    pub failing: u64,
    /// What the rule's thresholds make of it.
    pub outcome: Outcome,
}

impl Score {
    /// Whether it enters the scores of its dimension and of the whole.
    pub fn counts(&self) -> bool {
        self.severity > Severity::Info && self.outcome.is_concluded()
    }

    /// Passed of tested; nothing of nothing where it does not count.
    pub fn ratio(&self) -> Ratio {
        if self.counts() { Ratio::of(self.tested, self.failing) } else { Ratio::default() }
    }
}

/// One rule on one table, for the records of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonScore {
    /// The department that findings on these records would go to; empty where none was found.
    pub department: String,
    /// The owner; empty where none was found.
    pub person: String,
    /// The rule's dimension.
    pub dimension: Dimension,
    /// The rule's severity.
    pub severity: Severity,
    /// The rule's id.
    pub rule_id: String,
    /// The table that it was applied to.
    pub table: String,
    /// Units tested.
    pub tested: u64,
    /// Units that failed, the waived left out.
    pub failing: u64,
}

impl PersonScore {
    /// Passed of tested; nothing of nothing for a hint.
    pub fn ratio(&self) -> Ratio {
        if self.severity > Severity::Info { Ratio::of(self.tested, self.failing) } else { Ratio::default() }
    }
}

/// All scores of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// A line a rule, table and department, and one for the company.
    pub lines: Vec<Score>,
    /// A line a rule, table, department and person.
    pub people: Vec<PersonScore>,
}

impl Scores {
    /// The lines of one department, or of the company.
    pub fn of<'s>(&'s self, whose: &'s Whose) -> impl Iterator<Item = &'s Score> {
        self.lines.iter().filter(move |line| line.whose == *whose)
    }

    /// The score of a dimension, or of all of them.
    pub fn ratio(&self, whose: &Whose, dimension: Option<Dimension>) -> Ratio {
        self.of(whose)
            .filter(|line| dimension.is_none_or(|dimension| line.dimension == dimension))
            .map(Score::ratio)
            .sum()
    }

    /// The overall scores of all of whom something was tested, in order.
    pub fn overall(&self) -> Vec<(Whose, Ratio)> {
        let mut sums: BTreeMap<&Whose, Ratio> = BTreeMap::new();
        for line in &self.lines {
            let sum = sums.entry(&line.whose).or_default();
            *sum = [*sum, line.ratio()].into_iter().sum();
        }
        let tested = sums.into_iter().filter(|(_, ratio)| ratio.tested > 0);
        tested.map(|(whose, ratio)| (whose.clone(), ratio)).collect()
    }
}

/// So many passed of so many tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// Units that did not fail.
    pub passed: u64,
    /// Units tested.
    pub tested: u64,
}

impl Ratio {
    /// Of units tested and failing.
    pub fn of(tested: u64, failing: u64) -> Self {
        Self { passed: tested.saturating_sub(failing), tested }
    }

    /// Units that failed.
    pub fn failing(self) -> u64 {
        self.tested - self.passed.min(self.tested)
    }

    /// The percentage in tenths, rounded half up, 1000 only where nothing fails; nothing where nothing was tested.
    pub fn tenths(self) -> Option<u64> {
        if self.tested == 0 {
            return None;
        }
        if self.passed >= self.tested {
            return Some(1000);
        }
        let (passed, tested) = (u128::from(self.passed), u128::from(self.tested));
        let tenths = (passed * 2000 + tested) / (tested * 2);
        Some(u64::try_from(tenths).unwrap_or(999).min(999))
    }

    /// The percentage with one decimal: 92.3.
    pub fn percent(self) -> Option<String> {
        self.tenths().map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// Whether it rests on few units.
    pub fn is_small(self) -> bool {
        self.tested > 0 && self.tested < SMALL
    }

    /// Which of two is the lower share, exactly; nothing tested is neither.
    pub fn by_share(self, other: Self) -> Ordering {
        let crosswise = |one: Self, two: Self| u128::from(one.passed) * u128::from(two.tested);
        crosswise(self, other).cmp(&crosswise(other, self))
    }
}

impl std::iter::Sum for Ratio {
    fn sum<I: Iterator<Item = Self>>(ratios: I) -> Self {
        ratios.fold(Self::default(), |sum, ratio| Self {
            passed: sum.passed + ratio.passed,
            tested: sum.tested + ratio.tested,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent(passed: u64, tested: u64) -> Option<String> {
        Ratio { passed, tested }.percent()
    }

    #[test]
    fn a_percentage_has_one_decimal_and_is_100_only_where_nothing_fails() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 7).as_deref(), Some("0.0"));
        assert_eq!(percent(1846, 2000).as_deref(), Some("92.3"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.7"));
        assert_eq!(percent(1, 8).as_deref(), Some("12.5"));
        assert_eq!(percent(1999, 4000).as_deref(), Some("50.0")); // 49.975
        assert_eq!(percent(9996, 10_000).as_deref(), Some("99.9"));
        assert_eq!(percent(u64::MAX - 1, u64::MAX).as_deref(), Some("99.9"));
        assert_eq!(percent(u64::MAX, u64::MAX).as_deref(), Some("100.0"));
    }

    #[test]
    fn a_sample_below_twenty_is_small_and_an_empty_one_is_none() {
        assert_eq!([0, 1, 19, 20].map(|tested| Ratio::of(tested, 0).is_small()), [false, true, true, false]);
    }

    fn line(severity: Severity, outcome: Outcome, tested: u64, failing: u64) -> Score {
        Score {
            whose: Whose::Company,
            dimension: Dimension::Validity,
            severity,
            rule_id: "rule".to_owned(),
            table: "table".to_owned(),
            tested,
            failing,
            outcome,
        }
    }

    #[test]
    fn hints_and_what_was_not_concluded_enter_no_score() {
        let lines = vec![
            line(Severity::Error, Outcome::Failed, 10, 4),
            line(Severity::Warning, Outcome::Passed, 30, 0),
            line(Severity::Info, Outcome::Warned, 100, 100),
            line(Severity::Error, Outcome::NotApplicable, 0, 0),
            line(Severity::Error, Outcome::NotEvaluated, 0, 0),
            line(Severity::Error, Outcome::NotEnabled, 0, 0),
        ];
        let scores = Scores { lines, people: Vec::new() };
        assert_eq!(scores.ratio(&Whose::Company, None), Ratio { passed: 36, tested: 40 });
        assert_eq!(scores.ratio(&Whose::Company, Some(Dimension::Accuracy)), Ratio::default());
        assert_eq!(scores.ratio(&Whose::Department("d".to_owned()), None).percent(), None);
    }

    proptest! {
        #[test]
        fn a_percentage_is_within_half_a_tenth(tested in 1u64..1_000_000, failing in 0u64..1_000_000) {
            let ratio = Ratio::of(tested, failing.min(tested));
            let exact = ratio.passed as f64 * 1000.0 / ratio.tested as f64;
            let shown = ratio.tenths().expect("tested") as f64;
            prop_assert_eq!(shown == 1000.0, ratio.failing() == 0);
            let most = if ratio.failing() > 0 && exact > 999.0 { 1.0 } else { 0.500_001 };
            prop_assert!((shown - exact).abs() <= most, "{shown} of {exact}");
        }

        #[test]
        fn the_order_of_shares_is_exact(a in 0u64..2000, b in 1u64..2000, c in 0u64..2000, d in 1u64..2000) {
            let (left, right) = (Ratio { passed: a.min(b), tested: b }, Ratio { passed: c.min(d), tested: d });
            let floats = (left.passed as f64 / b as f64).partial_cmp(&(right.passed as f64 / d as f64));
            prop_assert_eq!(Some(left.by_share(right)), floats);
        }
    }
}
