//! Whether all programs found the same, rule by rule.
//!
//! Apart because a ratio means nothing where the work differs. Findings are compared in every column but the message,
//! which the hand-written programs have shorter, and without regard to order.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::company::{Company, Data};

/// The findings of the hand-written program.
pub const BY_HAND: &str = "by-hand.csv";
/// The findings of the one in Python.
pub const BY_PYTHON: &str = "by-python.csv";
/// The findings of the script of today.
pub const BY_TODAY: &str = "by-today.csv";
/// The findings of hedui.
pub const BY_HEDUI: &str = "by-hedui.csv";

/// Of a rule: how many, and the sum of their hashes, which no order changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Found {
    count: u64,
    sum: u64,
}

/// Prints the counts of all by rule, and whether they agree.
pub fn compare(company: &Company, with_python: bool) -> Result<(), Box<dyn Error>> {
    let hedui = read(&company.workplace.join(BY_HEDUI))?;
    let mut others = vec![("Rust by hand", read(&company.plain.join(BY_HAND))?)];
    if with_python {
        others.push(("Python by hand", read(&company.plain.join(BY_PYTHON))?));
    }
    let today = company.plain.join(BY_TODAY);
    if today.exists() {
        others.push(("today's script", read(&today)?));
    }
    let known = others.iter().flat_map(|(_, found)| found.keys()).chain(hedui.keys());
    let rules: std::collections::BTreeSet<&String> = known.collect();
    let of = |found: &BTreeMap<String, Found>, rule: &String| found.get(rule).copied().unwrap_or_default();
    for (name, found) in &others {
        let counts_differ: Vec<&str> = rules
            .iter()
            .filter(|rule| of(found, rule).count != of(&hedui, rule).count)
            .map(|rule| rule.as_str())
            .collect();
        let total: u64 = found.values().map(|found| found.count).sum();
        match (counts_differ.is_empty(), *found == hedui) {
            (true, true) => println!("{name} and hedui agree in all {total} findings, every column but the message."),
            (true, false) => println!("{name} and hedui agree in the count of every rule, {total} findings in all."),
            _ => {
                println!("{name} and hedui do NOT agree: the ratios compare different work.");
                for rule in counts_differ {
                    let rule = rule.to_owned();
                    println!("  {rule:<42}{:>10}{:>10}", of(found, &rule).count, of(&hedui, &rule).count);
                }
            }
        }
    }
    if company.data != Data::Csv {
        println!("hedui read other files, with their own places: only the counts can agree.");
    }
    println!();
    Ok(())
}

fn read(path: &Path) -> Result<BTreeMap<String, Found>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let message = reader.headers()?.iter().position(|column| column == "message");
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let mut hasher = DefaultHasher::new();
        for (column, cell) in record.iter().enumerate().filter(|(column, _)| Some(*column) != message) {
            (column, cell).hash(&mut hasher);
        }
        let entry = match found.get_mut(&record[0]) {
            Some(entry) => entry,
            None => found.entry(record[0].to_owned()).or_default(),
        };
        entry.count += 1;
        entry.sum = entry.sum.wrapping_add(hasher.finish());
    }
    Ok(found)
}
