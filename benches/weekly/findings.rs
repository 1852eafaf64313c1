//! Whether both programs found the same, rule by rule.
//!
//! Apart because a ratio means nothing where the work differs. Findings are compared in every column but the message,
//! which the hand-written program has shorter, and without regard to order.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::company::{Company, Data};

/// The findings of the hand-written program.
pub const BY_HAND: &str = "by-hand.csv";
/// The findings of hedui.
pub const BY_HEDUI: &str = "by-hedui.csv";

/// Of a rule: how many, and the sum of their hashes, which no order changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Found {
    count: u64,
    sum: u64,
}

/// Prints the counts of both by rule, and whether they agree.
pub fn compare(company: &Company) -> Result<(), Box<dyn Error>> {
    let hand = read(&company.plain.join(BY_HAND))?;
    let hedui = read(&company.workplace.join(BY_HEDUI))?;
    let rules: std::collections::BTreeSet<&String> = hand.keys().chain(hedui.keys()).collect();
    println!("{:<42}{:>10}{:>10}", "findings", "by hand", "hedui");
    let (mut counts_agree, mut all_agree) = (true, true);
    for rule in rules {
        let of = |found: &BTreeMap<String, Found>| found.get(rule).copied().unwrap_or_default();
        let (hand, hedui) = (of(&hand), of(&hedui));
        counts_agree &= hand.count == hedui.count;
        all_agree &= hand == hedui;
        let remark = match (hand.count == hedui.count, hand == hedui) {
            (true, true) => "",
            (true, false) => "  other cells",
            (false, _) => "  DIFFERS",
        };
        println!("{rule:<42}{:>10}{:>10}{remark}", hand.count, hedui.count);
    }
    let total = |found: &BTreeMap<String, Found>| found.values().map(|found| found.count).sum::<u64>();
    println!("{:<42}{:>10}{:>10}\n", "", total(&hand), total(&hedui));
    let verdict = match (all_agree, counts_agree) {
        (true, _) => "They agree in every finding and every column but the message.",
        (_, true) => "They agree in the counts, not in all cells.",
        _ => "They do NOT agree: the ratios above compare different work.",
    };
    println!("{verdict}");
    if company.data == Data::Xlsx {
        println!("hedui read workbooks, with their files, sheets and rows: only the counts can agree.");
    }
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
