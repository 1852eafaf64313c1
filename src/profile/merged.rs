//! The facts of several sheets of one table as if they were one: what holds in a department's file need not hold in all.
//!
//! Apart because rules are suggested for a table, and a table may be spread over many files. It sees facts and the values'
//! numbers, no cell.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::column::{self, Count, Facts, Likeness};
use super::{ColumnProfile, SheetProfile, hashes};
use crate::dataset::Dataset;

/// The sheets of one table as one; what they do not have in common is left open.
pub fn merged(sheets: &[(&SheetProfile, &Dataset)]) -> SheetProfile {
    if let [(sheet, _)] = sheets {
        return (*sheet).clone();
    }
    let mut fields: Vec<&str> = Vec::new();
    for column in sheets.iter().flat_map(|(sheet, _)| &sheet.columns) {
        if let Some(field) = column.field.as_deref()
            && !fields.contains(&field)
        {
            fields.push(field);
        }
    }
    let columns = fields.into_iter().filter_map(|field| column(field, sheets)).collect();
    SheetProfile {
        rows_checked: sheets.iter().map(|(sheet, _)| sheet.rows_checked).sum(),
        columns,
        ..SheetProfile::default()
    }
}

/// The columns of a field as one.
fn column(field: &str, sheets: &[(&SheetProfile, &Dataset)]) -> Option<ColumnProfile> {
    let own = |sheet: &&SheetProfile| sheet.columns.iter().position(|column| column.field.as_deref() == Some(field));
    let columns: Vec<&ColumnProfile> = sheets.iter().filter_map(|(sheet, _)| sheet.columns.get(own(sheet)?)).collect();
    let first = *columns.first()?;
    let facts: Vec<&Facts> = columns.iter().map(|column| &column.facts).collect();
    let values: Vec<u64> = sheets.iter().flat_map(|(_, dataset)| hashes(dataset, field)).collect();
    Some(ColumnProfile { facts: facts_of(&facts, values), ..first.clone() })
}

/// The facts of columns as one; `values` has a number for each of their values.
fn facts_of(facts: &[&Facts], values: Vec<u64>) -> Facts {
    let sum = |of: fn(&Facts) -> u64| facts.iter().map(|facts| of(facts)).sum::<u64>();
    let filled = sum(|facts| facts.filled);
    // A column that only its cells speak for has no values by its field's name.
    let (distinct, repeated) = match values.len() as u64 == filled {
        true => column::distinct(values),
        false => (sum(|facts| facts.distinct), sum(|facts| facts.repeated)),
    };
    let with_values = || facts.iter().filter(|facts| facts.filled > 0);
    let are_listed =
        with_values().all(|facts| facts.values.iter().map(|value| value.count).sum::<u64>() == facts.filled);
    Facts {
        rows: sum(|facts| facts.rows),
        filled,
        distinct,
        repeated,
        unreadable: sum(|facts| facts.unreadable),
        damaged: sum(|facts| facts.damaged),
        likeness: likeness(&with_values().copied().collect::<Vec<_>>()),
        shapes: counted(facts.iter().flat_map(|facts| &facts.shapes)),
        sampled: sum(|facts| facts.sampled),
        least: outermost(with_values().map(|facts| facts.least.as_deref()), Iterator::min),
        most: outermost(with_values().map(|facts| facts.most.as_deref()), Iterator::max),
        old: outermost(with_values().map(|facts| facts.old.as_deref()), Iterator::min),
        values: if are_listed { counted(facts.iter().flat_map(|facts| &facts.values)) } else { Vec::new() },
        is_personal: facts.iter().any(|facts| facts.is_personal),
        ..Facts::default()
    }
}

/// What all of them look like; nothing where they differ.
fn likeness(facts: &[&Facts]) -> Option<Likeness> {
    let first = facts.first()?.likeness?;
    let alike = |facts: &&Facts| facts.likeness.filter(|likeness| likeness.content == first.content);
    let least = facts.iter().map(alike).collect::<Option<Vec<_>>>()?.into_iter().map(|likeness| likeness.share);
    Some(Likeness { share: least.fold(1.0, f64::min), ..first })
}

fn counted<'c>(counts: impl Iterator<Item = &'c Count>) -> Vec<Count> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for Count { value, count } in counts {
        *sums.entry(value).or_insert(0) += count;
    }
    let mut counts: Vec<Count> =
        sums.into_iter().map(|(value, count)| Count { value: value.to_owned(), count }).collect();
    counts.sort_by(|left, right| right.count.cmp(&left.count).then_with(|| left.value.cmp(&right.value)));
    counts
}

/// The first or last of days; nothing where one of them is no day.
fn outermost<'d>(
    days: impl Iterator<Item = Option<&'d str>>,
    choose: fn(std::vec::IntoIter<NaiveDate>) -> Option<NaiveDate>,
) -> Option<String> {
    let days: Vec<NaiveDate> = days.map(|day| day?.parse().ok()).collect::<Option<_>>()?;
    choose(days.into_iter()).map(|day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(values: &[(&str, u64)], least: &str) -> Facts {
        let values: Vec<Count> =
            values.iter().map(|(value, count)| Count { value: (*value).to_owned(), count: *count }).collect();
        let filled = values.iter().map(|value| value.count).sum();
        Facts {
            rows: filled,
            filled,
            distinct: values.len() as u64,
            values,
            least: Some(least.to_owned()),
            most: Some(least.to_owned()),
            ..Facts::default()
        }
    }

    #[test]
    fn what_two_files_say_is_added_up() {
        let (east, south) = (facts(&[("甲", 6), ("乙", 4)], "2026-03-01"), facts(&[("丙", 5)], "2025-01-02"));
        let both = facts_of(&[&east, &south], (0..15).map(|number| number % 3).collect());
        assert_eq!((both.rows, both.filled, both.distinct, both.repeated), (15, 15, 3, 15));
        let values: Vec<(&str, u64)> = both.values.iter().map(|value| (value.value.as_str(), value.count)).collect();
        assert_eq!(values, [("甲", 6), ("丙", 5), ("乙", 4)]);
        assert_eq!((both.least.as_deref(), both.most.as_deref()), (Some("2025-01-02"), Some("2026-03-01")));
    }

    #[test]
    fn what_one_of_them_leaves_open_stays_open() {
        let (east, mut south) = (facts(&[("甲", 6)], "2026-03-01"), facts(&[("丙", 5)], "12"));
        south.values.clear();
        let both = facts_of(&[&east, &south], Vec::new());
        assert!(both.values.is_empty() && both.least.is_none(), "{both:?}");
        assert_eq!(both.distinct, 2);
    }
}
