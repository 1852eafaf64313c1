//! The difference of two readings, applied to the earlier one, gives the later one; what cannot be told is counted.

use std::collections::BTreeMap;

use polars::prelude::{NewChunkedArray, PolarsResult, StringChunked};
use proptest::prelude::*;

use super::{Difference, Records, Settings, Untold, compare};
use crate::dataset::Part;
use crate::dataset::raw::RowNumbers;
use crate::dictionary::{Dictionary, Field, FieldType, Table};
use crate::folding::fold;

/// A reading: a key and two fields, of which a part may lack one.
#[derive(Clone, Debug)]
struct Reading {
    rows: Vec<[String; 3]>,
    parts: Vec<Part>,
}

const FIELDS: [&str; 3] = ["no", "name", "phone"];

fn reading(parts: &[(&[[&str; 3]], &[&str])]) -> Reading {
    let mut reading = Reading { rows: Vec::new(), parts: Vec::new() };
    for (rows, fields) in parts {
        reading.parts.push(Part {
            first: reading.rows.len(),
            height: rows.len(),
            source: String::new(),
            file: format!("{}.csv", reading.parts.len()),
            sheet: String::new(),
            rows: RowNumbers::From(2),
            letters: fields.iter().map(|field| ((*field).to_owned(), "A".to_owned())).collect(),
        });
        reading.rows.extend(rows.iter().map(|row| row.map(str::to_owned)));
    }
    reading
}

fn whole(rows: &[[&str; 3]]) -> Reading {
    reading(&[(rows, &FIELDS)])
}

impl Records for Reading {
    fn height(&self) -> usize {
        self.rows.len()
    }

    fn parts(&self) -> &[Part] {
        &self.parts
    }

    fn column(&self, field: &str) -> PolarsResult<Option<StringChunked>> {
        let Some(at) = FIELDS.iter().position(|known| *known == field) else { return Ok(None) };
        if !self.parts.iter().any(|part| part.letters.contains_key(field)) {
            return Ok(None);
        }
        let cells = self.rows.iter().map(|row| Some(row[at].as_str()).filter(|cell| !cell.is_empty()));
        Ok(Some(StringChunked::from_iter_options(field.into(), cells)))
    }
}

fn table(key: Option<&str>, identity: Option<&[&str]>) -> Table {
    let field = |name: &str| Field { optional: false, ..Field::reckoned(name, FieldType::Text) };
    Table {
        key: key.map(str::to_owned),
        identity: identity.map(|fields| fields.iter().map(|field| (*field).to_owned()).collect()),
        ..Table::plain("t", "表", "t", FIELDS.map(field).into())
    }
}

fn difference_of(table: &Table, before: &Reading, after: &Reading, most_cells: usize) -> Difference {
    let dictionary = Dictionary { missing: vec!["无".to_owned()], ..Dictionary::default() };
    let settings = Settings { table, dictionary: &dictionary, most_cells, only: None };
    compare(&settings, before, after).expect("both are in memory")
}

fn difference(before: &Reading, after: &Reading) -> Difference {
    difference_of(&table(Some("no"), None), before, after, usize::MAX)
}

/// (field, old, new) of all changed cells, by key.
fn cells(difference: &Difference, after: &Reading) -> Vec<(String, String, String, String)> {
    let of = |pair: super::Pair| after.rows[pair.after as usize][0].clone();
    difference
        .changed()
        .into_iter()
        .flat_map(|(pair, cells)| {
            let key = of(pair);
            cells
                .into_iter()
                .map(move |(field, old, new)| (key.clone(), field.to_owned(), old.to_owned(), new.to_owned()))
        })
        .collect()
}

#[test]
fn what_is_the_same_once_folded_has_not_changed() {
    let before = whole(&[["K1", "甲公司", "１３８"], ["K2", "乙 公司", ""], ["K3", "丙", "1"]]);
    let after = whole(&[["Ｋ3", "丙", "2"], ["K1 ", "　甲公司", "138"], ["K2", "乙公司", ""]]);
    let found = difference(&before, &after);
    assert_eq!((found.added.len(), found.removed.len(), found.pairs.len()), (0, 0, 3));
    let told = |cells: [&str; 4]| cells.map(str::to_owned).into();
    let wanted: Vec<(String, String, String, String)> =
        vec![told(["Ｋ3", "phone", "1", "2"]), told(["K2", "name", "乙 公司", "乙公司"])];
    assert_eq!(cells(&found, &after), wanted);
}

#[test]
fn keys_that_are_missing_or_shared_are_counted_and_matched_with_nothing() {
    let before = whole(&[["K1", "甲", "1"], ["", "乙", ""], ["无", "丙", ""], ["K2", "丁", "1"]]);
    let after = whole(&[["K1", "甲", "2"], ["K1", "甲", "3"], ["K2", "丁", "1"], ["K3", "戊", "9"]]);
    let found = difference(&before, &after);
    assert_eq!(found.untold[0], Untold { without_key: 2, shared_keys: 0, sharing: 0 });
    assert_eq!(found.untold[1], Untold { without_key: 0, shared_keys: 1, sharing: 2 });
    assert_eq!((found.pairs.len(), &found.added[..], &found.removed[..]), (1, &[3][..], &[][..]));
    assert_eq!(found.changed_cells(), 0);
    assert_eq!(found.remarks(&table(Some("no"), None)).len(), 2);
}

#[test]
fn of_a_column_that_came_or_went_nothing_else_is_said() {
    let rows = [["K1", "甲", "1"], ["K2", "乙", "2"]];
    let (all, without): (&[&str], &[&str]) = (&FIELDS, &["no", "name"]);
    let (with, lacking) = (whole(&rows), reading(&[(&rows, without)]));
    let came = difference(&lacking, &with);
    assert_eq!(
        (came.changed_cells(), came.columns.len(), came.columns[0].is_new, came.columns[0].records),
        (0, 1, true, 2)
    );
    let went = difference(&with, &lacking);
    assert_eq!((went.changed_cells(), went.columns.len(), went.columns[0].is_new), (0, 1, false));
    // one file of two has lost the column: the other is compared
    let changed = [["K2", "乙", "22"]];
    let half = reading(&[(&rows[..1], without), (&changed, all)]);
    let found = difference(&with, &half);
    assert_eq!(
        found.columns.iter().map(|column| (column.file.as_str(), column.records)).collect::<Vec<_>>(),
        [("0.csv", 1)]
    );
    assert_eq!(cells(&found, &half).len(), 1);
}

#[test]
fn a_table_without_key_is_told_by_its_identity_and_one_without_either_is_not() {
    let before = whole(&[["K1", "甲", "1"], ["K1", "乙", "2"]]);
    let after = whole(&[["K1", "甲", "9"], ["K1", "丙", "2"]]);
    let found = difference_of(&table(None, Some(&["no", "name"])), &before, &after, 10);
    assert_eq!((found.pairs.len(), found.added.len(), found.removed.len(), found.changed_cells()), (1, 1, 1, 1));
    let none = difference_of(&table(None, None), &before, &after, 10);
    assert!(none.unavailable.is_some() && none.pairs.is_empty() && none.added.is_empty());
}

#[test]
fn all_changed_cells_are_counted_and_only_so_many_listed() {
    let row = |number: usize, value: &str| [format!("K{number}"), value.to_owned(), value.to_owned()];
    let of = |value: &str| {
        let mut made = whole(&[]);
        made.rows = (0..1000).map(|number| row(number, value)).collect();
        made.parts[0].height = 1000;
        made
    };
    let found = difference_of(&table(Some("no"), None), &of("a"), &of("b"), 1500);
    assert_eq!((found.changed_cells(), found.changed_records()), (2000, 1000));
    assert_eq!(found.changed().iter().map(|(_, cells)| cells.len()).sum::<usize>(), 1500);
}

/// The cells of the field of a type that a difference tells.
fn changed_as(field_type: FieldType, old: &str, new: &str) -> u64 {
    let mut table = table(Some("no"), None);
    table.fields[2].field_type = field_type;
    let (before, after) = (whole(&[["K1", "", old]]), whole(&[["K1", "", new]]));
    difference_of(&table, &before, &after, 10).changed_cells()
}

#[test]
fn what_cannot_be_read_as_its_type_is_compared_as_a_text() {
    for (field_type, old, new, changed) in [
        (FieldType::Date, "2023年", "2023", 1),
        (FieldType::Date, "2023-01-05", "2023年", 1),
        (FieldType::Date, "2023-01-05", "", 1),
        (FieldType::Date, "2023年", "２０２３年", 0),
        (FieldType::DateTime, "2023-01-05 8:30", "2023/1/5 08:30", 0),
        (FieldType::DateTime, "2023-01-05 8:30", "2023-01-05", 1),
        (FieldType::Decimal, "约5", "约5.0", 1),
        (FieldType::Text, "1,000", "1000", 1),
    ] {
        assert_eq!(changed_as(field_type, old, new), changed, "{old} {new}");
    }
}

/// Applies a difference to the earlier reading, by key.
fn applied(before: &Reading, after: &Reading, found: &Difference) -> BTreeMap<String, [String; 3]> {
    let key = |row: &[String; 3]| fold(&row[0]).into_owned();
    let mut rows: BTreeMap<String, [String; 3]> = before.rows.iter().map(|row| (key(row), row.clone())).collect();
    for removed in &found.removed {
        rows.remove(&key(&before.rows[*removed as usize]));
    }
    for added in &found.added {
        let row = &after.rows[*added as usize];
        assert!(rows.insert(key(row), row.clone()).is_none(), "it was there");
    }
    for (pair, cells) in found.changed() {
        let row = rows.get_mut(&key(&before.rows[pair.before as usize])).expect("it was there");
        for (field, old, new) in cells {
            let at = FIELDS.iter().position(|known| *known == field).expect("a field");
            assert_eq!(row[at], old);
            row[at] = new.to_owned();
        }
    }
    rows
}

fn rows() -> impl Strategy<Value = Vec<[String; 3]>> {
    let cell = || prop_oneof![Just(String::new()), "[ab１1 　]{1,3}".boxed()];
    proptest::collection::btree_map(0..30_u32, (cell(), cell()), 0..20)
        .prop_map(|rows| rows.into_iter().map(|(key, (name, phone))| [format!("K{key}"), name, phone]).collect())
}

proptest! {
    #[test]
    fn a_value_written_another_way_has_not_changed(
        year in 1990..2040_u32, month in 1..=12_u32, day in 1..=28_u32, cents in 0..9_999_999_u32, other in 0..9_999_999_u32,
    ) {
        let days = [
            format!("{year}-{month:02}-{day:02}"),
            format!("{year}/{month}/{day}"),
            format!("{year}年{month}月{day}日"),
            format!("{year}{month:02}{day:02}"),
        ];
        let amount = |cents: u32| format!("{}.{:02}", cents / 100, cents % 100);
        let grouped = |cents: u32| {
            let whole = cents / 100;
            let whole = if whole < 1000 { whole.to_string() } else { format!("{},{:03}", whole / 1000, whole % 1000) };
            format!("{whole}.{:02}0", cents % 100)
        };
        for old in &days {
            for new in &days {
                prop_assert_eq!(changed_as(FieldType::Date, old, new), 0);
            }
            let next = format!("{year}-{month:02}-{:02}", day % 28 + 1);
            prop_assert_eq!(changed_as(FieldType::Date, old, &next), 1);
        }
        prop_assert_eq!(changed_as(FieldType::Decimal, &amount(cents), &grouped(cents)), 0);
        let differs = u64::from(cents != other);
        prop_assert_eq!(changed_as(FieldType::Decimal, &amount(cents), &grouped(other)), differs);
    }

    #[test]
    fn the_difference_applied_to_the_earlier_reading_gives_the_later_one(
        old in rows(), new in rows(), seed in any::<u64>(), split in 0..20_usize,
    ) {
        let of = |mut rows: Vec<[String; 3]>, turn: u64| {
            if !rows.is_empty() {
                let by = usize::try_from(turn).unwrap_or(0) % rows.len();
                rows.rotate_left(by);
            }
            let all: BTreeMap<String, String> = FIELDS.iter().map(|field| ((*field).to_owned(), String::new())).collect();
            let part = |first: usize, height: usize| Part {
                first, height, source: String::new(), file: String::new(), sheet: String::new(),
                rows: RowNumbers::From(2), letters: all.clone(),
            };
            let split = split.min(rows.len());
            let parts = vec![part(0, split), part(split, rows.len() - split)];
            Reading { rows, parts }
        };
        let (before, after) = (of(old, 0), of(new, seed >> 1));
        let found = difference(&before, &after);
        let folded = |rows: BTreeMap<String, [String; 3]>| -> BTreeMap<String, [String; 3]> {
            rows.into_iter().map(|(key, row)| (key, row.map(|cell| fold(&cell).into_owned()))).collect()
        };
        let wanted = after.rows.iter().map(|row| (fold(&row[0]).into_owned(), row.clone())).collect();
        prop_assert_eq!(folded(applied(&before, &after, &found)), folded(wanted));
        prop_assert_eq!(found.changed_records(), difference(&after, &before).changed_records());
        let same = difference(&after, &after);
        prop_assert_eq!((same.changed_records(), same.pairs.len()), (0, after.rows.len()));
        prop_assert!(found.untold == [Untold::default(); 2] && found.columns.is_empty());
    }
}

#[test]
fn days_that_moved_by_the_gap_between_the_date_systems_are_told() {
    let days = |all: [&'static str; 4]| {
        whole(&std::array::from_fn::<_, 4, _>(|at| [["K1", "K2", "K3", "K4"][at], "甲", all[at]]))
    };
    let before = days(["2023-01-05", "2023/1/6", "2023-02-01", "2023-03-01"]);
    let mut table = table(Some("no"), None);
    let after = days(["2019-01-04", "2019-01-05", "2027-02-02", "2023-03-02"]);
    assert!(difference_of(&table, &before, &after, 0).remarks(&table).is_empty(), "a field of texts holds no days");
    table.fields[2].field_type = FieldType::Date;
    let remarks = difference_of(&table, &before, &after, 0).remarks(&table);
    assert!(remarks.len() == 1 && remarks[0].zh.contains("3 格"), "{remarks:?}");
}
