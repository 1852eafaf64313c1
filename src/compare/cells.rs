//! Which cells of the records that both readings have are not as they were, one column after the other.
//!
//! Apart because it is the hot loop: of each reading one column is in memory at a time. A cell is the same where it is
//! the same once folded, or means the same day, moment or number. Where one reading of a part lacks a column, nothing is said of its cells but that it came or
//! went.

use std::collections::BTreeMap;

use polars::prelude::{PolarsResult, StringChunked};
use rayon::prelude::*;

use super::{ColumnChange, Difference, FieldChanges, Pair, Records, Settings};
use crate::dataset::{Part, epochs, typing};
use crate::dictionary::{Field, FieldType};
use crate::folding::fold;

/// So many pairs are looked at by one thread at a time.
const STRETCH: usize = 1 << 16;

/// Compares the columns of all fields but the key.
pub fn compare(
    settings: &Settings,
    before: &dyn Records,
    after: &dyn Records,
    difference: &mut Difference,
) -> PolarsResult<()> {
    let mut room = settings.most_cells;
    for Field { name, field_type, .. } in &settings.table.fields {
        let field = name.as_str();
        if settings.table.key.as_deref() == Some(field) {
            continue;
        }
        let columns = Columns::of(field, before.parts(), after.parts());
        let pairs = &difference.pairs;
        if columns.differ() {
            let uncompared = columns.uncompared(pairs);
            difference.columns.extend(columns.changes(pairs, &uncompared));
            if !uncompared.is_empty() {
                difference.uncompared.push((field.to_owned(), uncompared));
            }
        }
        if !columns.some_have_both() {
            continue;
        }
        let (Some(old), Some(new)) = (before.column(field)?, after.column(field)?) else { continue };
        let (old, new) = (old.rechunk(), new.rechunk());
        let changed = changed(&old, &new, pairs, &columns, *field_type);
        if changed.is_empty() {
            continue;
        }
        let text = |column: &StringChunked, record: u32| Box::from(column.get(record as usize).unwrap_or_default());
        let listed: Vec<(Box<str>, Box<str>)> = changed
            .iter()
            .take(room)
            .filter_map(|pair| pairs.get(*pair as usize))
            .map(|pair| (text(&old, pair.before), text(&new, pair.after)))
            .collect();
        room -= listed.len();
        let holds_days = matches!(field_type, FieldType::Date | FieldType::DateTime);
        let epochs = if holds_days { epochs(&old, &new, &changed, pairs) } else { 0 };
        difference.fields.push(FieldChanges { field: field.to_owned(), pairs: changed, listed, epochs });
    }
    Ok(())
}

/// How many days moved by just as much as the two date systems of spreadsheets lie apart.
fn epochs(old: &StringChunked, new: &StringChunked, changed: &[u32], pairs: &[Pair]) -> u64 {
    let day = |column: &StringChunked, record: u32| typing::date(&fold(column.get(record as usize)?));
    let moved = |pair: &Pair| Some(day(old, pair.before)?.abs_diff(day(new, pair.after)?));
    let changed = changed.iter().filter_map(|pair| pairs.get(*pair as usize));
    changed.filter_map(moved).filter(|days| *days == epochs::APART.unsigned_abs()).count() as u64
}

/// The pairs whose cells differ, in order.
fn changed(
    old: &StringChunked,
    new: &StringChunked,
    pairs: &[Pair],
    columns: &Columns,
    field_type: FieldType,
) -> Vec<u32> {
    let all_have = !columns.differ();
    let stretch = |(number, stretch): (usize, &[Pair])| -> Vec<u32> {
        let first = u32::try_from(number * STRETCH).unwrap_or(u32::MAX);
        let differs = |pair: &Pair| {
            let (old, new) = (old.get(pair.before as usize), new.get(pair.after as usize));
            old != new
                && differ(&fold(old.unwrap_or_default()), &fold(new.unwrap_or_default()), field_type)
                && (all_have || columns.both_have(*pair))
        };
        (first..).zip(stretch).filter(|(_, pair)| differs(pair)).map(|(at, _)| at).collect()
    };
    let found: Vec<Vec<u32>> = pairs.par_chunks(STRETCH).enumerate().map(stretch).collect();
    found.concat()
}

/// Whether two folded texts differ in what they mean: 2026/3/1 is the day 2026-03-01. What cannot be read is a text.
fn differ(old: &str, new: &str, field_type: FieldType) -> bool {
    fn mean<V: PartialEq>(read: impl Fn(&str) -> Option<V>, old: &str, new: &str) -> bool {
        read(old).is_some_and(|value| read(new) == Some(value))
    }
    let means_the_same = || match field_type {
        FieldType::Date => mean(typing::date, old, new),
        FieldType::DateTime => mean(typing::datetime, old, new),
        FieldType::Decimal => mean(typing::decimal, old, new),
        FieldType::Text => false,
    };
    old != new && !means_the_same()
}

/// Which parts of both readings have a column for a field.
struct Columns<'p> {
    field: &'p str,
    before: &'p [Part],
    after: &'p [Part],
}

impl<'p> Columns<'p> {
    fn of(field: &'p str, before: &'p [Part], after: &'p [Part]) -> Self {
        Self { field, before, after }
    }

    fn has(&self, part: &Part) -> bool {
        part.letters.contains_key(self.field)
    }

    /// Whether some part with records has the column and another has not.
    fn differ(&self) -> bool {
        let mut parts = self.before.iter().chain(self.after).filter(|part| part.height > 0);
        let first = parts.next().is_some_and(|part| self.has(part));
        parts.any(|part| self.has(part) != first)
    }

    fn some_have_both(&self) -> bool {
        let any = |parts: &[Part]| parts.iter().any(|part| self.has(part));
        any(self.before) && any(self.after)
    }

    fn of_pair(&self, pair: Pair) -> (bool, bool) {
        let has = |parts, record: u32| super::part_of(parts, record as usize).is_some_and(|part| self.has(part));
        (has(self.before, pair.before), has(self.after, pair.after))
    }

    fn both_have(&self, pair: Pair) -> bool {
        self.of_pair(pair) == (true, true)
    }

    /// The pairs of which one record had, or has, no such column.
    fn uncompared(&self, pairs: &[Pair]) -> Vec<u32> {
        let differs = |pair: &Pair| {
            let (had, has) = self.of_pair(*pair);
            had != has
        };
        (0_u32..).zip(pairs).filter(|(_, pair)| differs(pair)).map(|(at, _)| at).collect()
    }

    /// The parts of the later reading whose records had, or have, no such column.
    fn changes(&self, pairs: &[Pair], uncompared: &[u32]) -> Vec<ColumnChange> {
        let mut records: BTreeMap<(usize, bool), u64> = BTreeMap::new();
        for pair in uncompared.iter().filter_map(|pair| pairs.get(*pair as usize)) {
            let (_, has) = self.of_pair(*pair);
            let part = self.after.partition_point(|part| part.first <= pair.after as usize);
            *records.entry((part.saturating_sub(1), has)).or_insert(0) += 1;
        }
        let change = |((part, is_new), records): ((usize, bool), u64)| {
            let part = self.after.get(part);
            ColumnChange {
                field: self.field.to_owned(),
                file: part.map(|part| part.file.clone()).unwrap_or_default(),
                sheet: part.map(|part| part.sheet.clone()).unwrap_or_default(),
                is_new,
                records,
            }
        };
        records.into_iter().map(change).collect()
    }
}
