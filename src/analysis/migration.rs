//! Who rose and who fell: recorded tiers now against those of an earlier run, and against the computed ones.
//!
//! Apart because a customer that is new or gone is neither. Without an earlier run there is no matrix, rather than one of
//! zeros.

use std::collections::BTreeMap;

use super::facts::{EarlierTiers, Facts};
use super::scale::Scale;

/// Tiers then and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// The period of the earlier run.
    pub period: String,
    /// The tiers, a place in the scale each; nothing: none was recorded.
    pub tiers: Vec<Option<usize>>,
    /// Customers by tier then (row) and now (column); a last row for the new ones, a last column for those gone.
    pub cells: Vec<Vec<u64>>,
    /// Customers in a higher tier than then.
    pub risen: u64,
    /// Customers in a lower one.
    pub fallen: u64,
    /// Customers in the same.
    pub kept: u64,
    /// Customers that are new.
    pub new: u64,
    /// Customers that are gone.
    pub gone: u64,
}

/// The movements that can be told.
#[derive(Clone, Debug, Default)]
pub struct Migration {
    /// Against the same period of the year before.
    pub year: Option<Matrix>,
    /// Against the period before.
    pub quarter: Option<Matrix>,
    /// Customers whose recorded tier is not the computed one, by (recorded, computed); nothing where none is computed.
    pub differing: Option<BTreeMap<(Option<usize>, usize), u64>>,
}

impl Migration {
    /// How many customers are recorded in another tier than the computed one.
    pub fn differing_customers(&self) -> Option<u64> {
        self.differing.as_ref().map(|differing| differing.values().sum())
    }
}

/// Makes the matrices.
pub fn migration(facts: &Facts, scale: &Scale) -> Migration {
    let differing = facts.standards.as_ref().filter(|_| facts.computed.len() == facts.customers()).map(|_| {
        let mut differing = BTreeMap::new();
        for (customer, computed) in facts.computed.iter().enumerate() {
            let Some(computed) = computed.as_deref().and_then(|name| scale.place(name)) else { continue };
            if scale.tier(customer) != Some(computed) {
                *differing.entry((scale.tier(customer), computed)).or_insert(0) += 1;
            }
        }
        differing
    });
    Migration {
        year: facts.tiers_year_ago.as_ref().map(|earlier| matrix(facts, scale, earlier)),
        quarter: facts.tiers_before.as_ref().map(|earlier| matrix(facts, scale, earlier)),
        differing,
    }
}

fn matrix(facts: &Facts, scale: &Scale, earlier: &EarlierTiers) -> Matrix {
    let tiers: Vec<Option<usize>> = (0..scale.names.len()).map(Some).chain([None]).collect();
    let outside = tiers.len();
    let line = |tier: Option<usize>| tier.unwrap_or(outside - 1);
    let mut matrix = Matrix {
        period: earlier.period.clone(),
        cells: vec![vec![0; outside + 1]; outside + 1],
        tiers,
        risen: 0,
        fallen: 0,
        kept: 0,
        new: 0,
        gone: 0,
    };
    let mut now: BTreeMap<&str, Option<Option<usize>>> = BTreeMap::new();
    for (customer, key) in facts.keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
        // A key that two customers share tells neither.
        now.entry(key).and_modify(|known| *known = None).or_insert_with(|| Some(scale.tier(customer)));
    }
    for (key, tier) in &now {
        let Some(tier) = tier else { continue };
        let Some(word) = earlier.tiers.get(*key) else {
            matrix.cells[outside][line(*tier)] += 1;
            matrix.new += 1;
            continue;
        };
        let was = scale.place(word);
        matrix.cells[line(was)][line(*tier)] += 1;
        match (was, *tier) {
            (Some(was), Some(is)) if is < was && was < scale.known => matrix.risen += 1,
            (Some(was), Some(is)) if is > was && is < scale.known => matrix.fallen += 1,
            _ => matrix.kept += 1,
        }
    }
    for (_, word) in earlier.tiers.iter().filter(|(key, _)| !now.contains_key(key.as_str())) {
        matrix.cells[line(scale.place(word))][outside] += 1;
        matrix.gone += 1;
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Company;
    use super::*;

    #[test]
    fn a_matrix_has_a_row_for_the_new_and_a_column_for_the_gone() {
        let mut company = Company::new(5);
        company.tier(&["重要", "稳定", "一般", "潜在", ""]);
        let mut facts = company.facts();
        facts.keys[4] = "K3".to_owned(); // shared with the fourth: neither counts
        let earlier = [("K0", "稳定"), ("K1", "重要"), ("K2", "一般"), ("K9", "潜在")];
        facts.tiers_year_ago = Some(EarlierTiers {
            period: "2025Q3".to_owned(),
            tiers: earlier.map(|(key, tier)| (key.to_owned(), tier.to_owned())).into(),
        });
        let scale = Scale::of(&facts);
        let matrix = migration(&facts, &scale).year.expect("a matrix");
        assert_eq!((matrix.risen, matrix.fallen, matrix.kept, matrix.new, matrix.gone), (1, 1, 1, 0, 1));
        assert_eq!(matrix.cells[1][0], 1, "from the second tier to the first");
        assert_eq!(matrix.cells[3][5], 1, "gone from the last tier");
        assert_eq!(matrix.cells.iter().flatten().sum::<u64>(), 4);
        assert!(migration(&facts, &scale).quarter.is_none(), "no earlier run, no zeros");
    }

    #[test]
    fn recorded_and_computed_tiers_are_compared() {
        let mut company = Company::new(3);
        company.tier(&["重要", "稳定", ""]);
        let mut facts = company.facts();
        facts.computed = [Some("重要"), Some("重要"), Some("潜在")].map(|name| name.map(str::to_owned)).into();
        let migration = migration(&facts, &Scale::of(&facts));
        assert_eq!(migration.differing_customers(), Some(2));
        assert_eq!(migration.differing.expect("computed")[&(Some(1), 0)], 1);
    }
}
