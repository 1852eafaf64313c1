//! Measures: how many rows a table had in a run, and how many of them had a field filled.
//!
//! Apart because history keeps them and rules that look for drift compare with them. It knows no database and draws no
//! conclusion.

use std::collections::BTreeMap;

/// One field of one source of a table, as one run saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The table.
    pub table: String,
    /// The configured source.
    pub source: String,
    /// The field; empty: the records themselves, all of which are filled.
    pub field: String,
    /// Records of the source.
    pub rows: u64,
    /// Those in which the field is filled.
    pub filled: u64,
}

/// The measures of earlier runs of a job, a value a run. Empty where nothing is remembered: in `hedui check`, and in a
/// job's first run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// (table, field) → (rows, filled) a run, the oldest first.
    series: BTreeMap<(String, String), Vec<(u64, u64)>>,
}

impl Measures {
    /// From the measures of each run, the oldest first; the sources of a table are added up.
    pub fn new<'m>(runs: impl IntoIterator<Item = &'m [Measure]>) -> Self {
        let mut series: BTreeMap<(String, String), Vec<(u64, u64)>> = BTreeMap::new();
        for run in runs {
            let mut sums: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
            for measure in run {
                let sum = sums.entry((&measure.table, &measure.field)).or_default();
                *sum = (sum.0 + measure.rows, sum.1 + measure.filled);
            }
            for ((table, field), sum) in sums {
                series.entry((table.to_owned(), field.to_owned())).or_default().push(sum);
            }
        }
        Self { series }
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }

    /// (rows, filled) of a field in each earlier run that measured it, the oldest first; with the field empty, the rows of
    /// the table twice. A run that did not read the table whole, or concluded nothing from it, has not measured it.
    pub fn of(&self, table: &str, field: &str) -> Vec<(u64, u64)> {
        self.series.get(&(table.to_owned(), field.to_owned())).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(source: &str, field: &str, rows: u64, filled: u64) -> Measure {
        Measure { table: "t".to_owned(), source: source.to_owned(), field: field.to_owned(), rows, filled }
    }

    #[test]
    fn sources_are_added_up_run_by_run_the_oldest_first() {
        let first = [measure("a", "", 3, 3), measure("b", "", 4, 4), measure("a", "f", 3, 1)];
        let second = [measure("a", "", 5, 5)];
        let measures = Measures::new([first.as_slice(), &second]);
        assert_eq!(measures.of("t", ""), [(7, 7), (5, 5)]);
        assert_eq!(measures.of("t", "f"), [(3, 1)]);
        assert!(measures.of("t", "g").is_empty() && Measures::default().is_empty());
    }
}
