//! Which record of one reading is which of the other: by key, folded; in a table without one by what tells its records.
//!
//! Apart from the cells because it is decided once for all columns. A key that is missing or shared tells nothing.

use std::collections::HashMap;

use polars::prelude::PolarsResult;

use super::{Pair, Records, Settings, Untold};
use crate::folding::fold;

/// The folded key of each record; nothing where it has none.
pub type Keys = Vec<Option<Box<str>>>;

/// What stands between the parts of a key that is made of several fields.
const BETWEEN: char = '\u{1f}';

/// The keys of a reading; nothing where it has no column that tells its records.
pub fn of(settings: &Settings, records: &dyn Records) -> PolarsResult<Option<Keys>> {
    let Some(mut keys) = all(settings, records)? else { return Ok(None) };
    let Some(only) = settings.only else { return Ok(Some(keys)) };
    let customers = match &settings.table.customer {
        Some(field) => records.column(field)?,
        None => None,
    };
    for (record, key) in keys.iter_mut().enumerate() {
        let customer = customers.as_ref().and_then(|cells| cells.get(record));
        if key.as_deref() != Some(only) && fold(customer.unwrap_or_default()) != only {
            *key = None;
        }
    }
    Ok(Some(keys))
}

fn all(settings: &Settings, records: &dyn Records) -> PolarsResult<Option<Keys>> {
    let table = settings.table;
    if let Some(key) = &table.key {
        let Some(cells) = records.column(key)? else { return Ok(None) };
        let own = table.field(key);
        let is_missing = |text: &str| {
            let words = |list: &[String]| list.iter().any(|word| word == text);
            let is_filled = own.is_some_and(|field| words(&field.filled));
            text.is_empty()
                || (!is_filled
                    && (words(&settings.dictionary.missing) || own.is_some_and(|field| words(&field.missing))))
        };
        let key = |cell: Option<&str>| {
            let folded = fold(cell.unwrap_or_default());
            (!is_missing(&folded)).then(|| Box::from(&*folded))
        };
        return Ok(Some(cells.iter().map(key).collect()));
    }
    let Some(identity) = &table.identity else { return Ok(None) };
    let mut keys: Vec<Option<String>> = vec![None; records.height()];
    for field in identity {
        let Some(cells) = records.column(field)? else { return Ok(None) };
        for (key, cell) in keys.iter_mut().zip(cells.iter()) {
            let folded = fold(cell.unwrap_or_default());
            match key {
                // All of it empty tells nobody.
                None if folded.is_empty() => {}
                None => *key = Some(format!("{BETWEEN}{folded}")),
                Some(key) => {
                    key.push(BETWEEN);
                    key.push_str(&folded);
                }
            }
        }
    }
    Ok(Some(keys.into_iter().map(|key| key.map(String::into_boxed_str)).collect()))
}

/// What matching the keys gave.
pub struct Matched {
    /// The records that both have, in the order of the later reading.
    pub pairs: Vec<Pair>,
    /// Records that only the later one has.
    pub added: Vec<u32>,
    /// Records that only the earlier one has.
    pub removed: Vec<u32>,
    /// What cannot be told, earlier and later.
    pub untold: [Untold; 2],
}

/// Where a key is: at one record, or at several.
#[derive(Clone, Copy, PartialEq)]
enum At {
    One(u32),
    Several(u64),
}

/// Matches two readings by key; a key that several records share in one of them is matched with nothing.
pub fn matched(before: &Keys, after: &Keys) -> Matched {
    let (earlier, later) = (index(before), index(after));
    let mut matched = Matched {
        pairs: Vec::new(),
        added: Vec::new(),
        removed: Vec::new(),
        untold: [untold(before, &earlier), untold(after, &later)],
    };
    for (record, key) in (0_u32..).zip(after) {
        let Some(key) = key.as_deref().filter(|key| later.get(key) == Some(&At::One(record))) else { continue };
        match earlier.get(key) {
            Some(At::One(before)) => matched.pairs.push(Pair { before: *before, after: record }),
            Some(At::Several(_)) => {}
            None => matched.added.push(record),
        }
    }
    for (record, key) in (0_u32..).zip(before) {
        let Some(key) = key.as_deref().filter(|key| earlier.get(key) == Some(&At::One(record))) else { continue };
        if !later.contains_key(key) {
            matched.removed.push(record);
        }
    }
    matched
}

fn index(keys: &Keys) -> HashMap<&str, At> {
    let mut index: HashMap<&str, At> = HashMap::with_capacity(keys.len());
    for (record, key) in (0_u32..).zip(keys) {
        let Some(key) = key.as_deref() else { continue };
        index
            .entry(key)
            .and_modify(|at| {
                *at = match at {
                    At::One(_) => At::Several(2),
                    At::Several(records) => At::Several(*records + 1),
                }
            })
            .or_insert(At::One(record));
    }
    index
}

#[expect(clippy::iter_over_hash_type, reason = "sums do not depend on the order")]
fn untold(keys: &Keys, index: &HashMap<&str, At>) -> Untold {
    let mut untold =
        Untold { without_key: keys.iter().filter(|key| key.is_none()).count() as u64, ..Untold::default() };
    for at in index.values() {
        if let At::Several(records) = at {
            untold.shared_keys += 1;
            untold.sharing += records;
        }
    }
    untold
}
