//! Measures of the tables of a run: rows, and how many have each field filled.
//!
//! Apart because it counts what was read and applies no rule. A table that was not read whole, or that nothing is
//! concluded from, is not measured: half a file is no trend. It knows no earlier run.

use std::collections::BTreeMap;

use crate::dataset::Dataset;
use crate::model::Measure;

/// Measures every table that was read whole, by configured source.
pub fn measure(datasets: &BTreeMap<String, Dataset>) -> Vec<Measure> {
    let mut sums: BTreeMap<(&str, &str, &str), (u64, u64)> = BTreeMap::new();
    for (table, dataset) in datasets.iter().filter(|(_, dataset)| dataset.whole && dataset.not_concluded.is_none()) {
        for part in &dataset.parts {
            let rows = part.height as u64;
            let mut add = |field, filled| {
                let sum = sums.entry((table.as_str(), part.source.as_str(), field)).or_default();
                *sum = (sum.0 + rows, sum.1 + filled);
            };
            add("", rows);
            for (field, column) in dataset.columns.iter().filter(|(field, _)| part.letters.contains_key(*field)) {
                let first = i64::try_from(part.first).unwrap_or(i64::MAX);
                let missing = column.folded.slice(first, part.height).null_count() as u64;
                add(field, rows - missing);
            }
        }
    }
    sums.into_iter()
        .map(|((table, source, field), (rows, filled))| Measure {
            table: table.to_owned(),
            source: source.to_owned(),
            field: field.to_owned(),
            rows,
            filled,
        })
        .collect()
}
