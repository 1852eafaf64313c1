//! What tells a record over time, so that a finding stays the same finding while the fault stays.
//!
//! Apart because it is a contract (default rules, "Identity over time"): rule, table, record and field, all folded;
//! never row number, value, text or file. A record without key, or with a shared one, is told by its identity fields,
//! or by all its cells; those equal even there count 1, 2, … in the order of the files.

use polars::prelude::{InitHashMaps, PlHashMap};
use sha2::{Digest, Sha256};

use crate::dataset::Dataset;
use crate::model::Fingerprint;

/// The identities of the records of a dataset.
pub struct Identities {
    /// By record, of those that failed; the others are empty.
    told: PlHashMap<u32, String>,
}

impl Identities {
    /// The identities of some records of a dataset.
    pub fn new(dataset: &Dataset, records: &[u32]) -> Self {
        let table = &dataset.table;
        let keys = table.key.as_deref().and_then(|key| dataset.folded(key));
        let mut uses: PlHashMap<&str, u32> = PlHashMap::new();
        for key in keys.iter().flat_map(|keys| keys.iter()).flatten() {
            *uses.entry(key).or_insert(0) += 1;
        }
        let key_of = |record: usize| keys.and_then(|keys| keys.get(record)).filter(|key| uses.get(key) == Some(&1));
        // Only where some record is not told by its key must all of them be looked at, to count equals in order.
        let mut told = PlHashMap::with_capacity(records.len());
        let mut unkeyed = false;
        for record in records {
            match key_of(*record as usize) {
                Some(key) => {
                    told.insert(*record, format!("k\u{1f}{key}"));
                }
                None => unkeyed = true,
            }
        }
        if unkeyed {
            let mut wanted: Vec<u32> = records.iter().copied().filter(|record| !told.contains_key(record)).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let mut counts: PlHashMap<u128, u32> = PlHashMap::new();
            for (record, number) in (0..dataset.height).zip(0_u32..) {
                if key_of(record).is_some() {
                    continue;
                }
                let text = fallback(dataset, record);
                let count = counts.entry(hash(&[&text])).or_insert(0);
                *count += 1;
                if wanted.binary_search(&number).is_ok() {
                    told.insert(number, format!("f\u{1f}{text}\u{1f}{count}"));
                }
            }
        }
        Self { told }
    }

    /// The fingerprint of a finding on a record.
    pub fn fingerprint(&self, rule: &str, table: &str, record: u32, field: &str) -> Fingerprint {
        let told = self.told.get(&record).map(String::as_str).unwrap_or_default();
        Fingerprint(hash(&[rule, table, told, field]))
    }
}

/// The fingerprint of a finding about a table.
pub fn of_table(rule: &str, table: &str, field: &str) -> Fingerprint {
    Fingerprint(hash(&[rule, table, "t", field]))
}

/// What tells a record that its key does not: its identity fields, or all its cells.
fn fallback(dataset: &Dataset, record: usize) -> String {
    let mut text = String::new();
    let mut add = |field: &str| {
        text.push_str(dataset.folded_at(field, record));
        text.push('\u{1f}');
    };
    match &dataset.table.identity {
        Some(fields) => fields.iter().for_each(|field| add(field)),
        None => dataset.table.fields.iter().for_each(|field| add(&field.name)),
    }
    text
}

fn hash(parts: &[&str]) -> u128 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0x1e]);
    }
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(bytes)
}
