//! What is put into the room comes back as it was, or not at all.

use std::fs::File;
use std::path::Path;

use polars::prelude::{NewChunkedArray, StringChunked};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::config::{Location, SourceConfig};
use crate::dataset::raw::{RawColumn, RowNumbers};
use crate::dictionary::Dictionary;
use crate::model::{SkippedRow, SourceNote, Unit};
use crate::source::Unread;
use crate::text::Language;

fn key(bytes: &[u8]) -> Key {
    let source = SourceConfig::plain("a", Location::Files("a.xlsx".to_owned()), "a.xlsx");
    Key::of(&Inputs {
        bytes,
        shown: "a.xlsx",
        sources: vec![&source],
        dictionary: &Dictionary::default(),
        language: Language::Zh,
        timezone: chrono_tz::UTC,
    })
}

fn put(folder: &Path, fresh: &Fresh) {
    fresh.write(&mut File::create(folder.join(fresh.name())).expect("a file")).expect("written");
}

fn words() -> impl Strategy<Value = Vec<String>> {
    vec("[a甲\"\n\u{0}]{0,5}", 0..3)
}

prop_compose! {
    fn note()(
        texts in vec("[a甲 ]{0,5}", 5),
        header_row in any::<u32>(),
        counts in any::<[u64; 3]>(),
        skipped in vec((any::<u32>(), "[a-z]{1,9}"), 0..4),
        unknown_columns in words(),
        missing_columns in words(),
        error in option::of("[a甲]{0,5}"),
        remarks in words(),
    ) -> SourceNote {
        SourceNote {
            table: texts[0].clone(),
            file: texts[1].clone(),
            sheet: texts[2].clone(),
            encoding: texts[3].clone(),
            header_row,
            rows_read: counts[0],
            rows_checked: counts[1],
            rows_skipped: counts[2],
            skipped: skipped.into_iter().map(|(row, reason)| SkippedRow { row, reason }).collect(),
            unknown_columns,
            missing_columns,
            error,
            remarks,
            source: texts[4].clone(),
        }
    }
}

fn unit() -> impl Strategy<Value = Option<Unit>> {
    option::of((prop::sample::select(vec!["CNY", "USD", "RUB"]), 0_u32..13))
        .prop_map(|unit| unit.map(|(currency, power)| Unit { currency, power }))
}

prop_compose! {
    fn column(height: usize)(
        texts in vec("[a-c甲]{0,3}", 3),
        cells in vec(option::of("[a甲\u{0}\u{1f600} \n]{0,20}"), height),
        cut in 0..=height,
        errors in vec(any::<u32>(), 0..3),
        lost_digits in vec(any::<u32>(), 0..3),
        unit in unit(),
        serials in option::of(any::<i32>()),
    ) -> RawColumn {
        let piece = |cells: &[Option<String>]| StringChunked::from_iter_options(texts[2].as_str().into(), cells.iter().cloned());
        let mut values = piece(&cells[..cut]);
        values.append(&piece(&cells[cut..])).expect("two pieces");
        RawColumn { field: texts[0].clone(), letters: texts[1].clone(), values, errors, lost_digits, unit, serials }
    }
}

fn rows() -> impl Strategy<Value = RowNumbers> {
    prop_oneof![any::<u32>().prop_map(RowNumbers::From), vec(any::<u32>(), 0..5).prop_map(RowNumbers::Listed)]
}

fn table() -> impl Strategy<Value = RawTable> {
    (0_usize..40)
        .prop_flat_map(|height| (note(), rows(), vec(column(height), 0..4)))
        .prop_map(|(note, rows, columns)| RawTable { note, rows, columns })
}

/// All of a table in a form that can be compared; a field to come must be named here.
fn said(table: &RawTable) -> String {
    let RawTable { note, rows, columns } = table;
    let columns: Vec<_> = columns
        .iter()
        .map(|column| {
            let RawColumn { field, letters, values, errors, lost_digits, unit, serials } = column;
            let cells: Vec<Option<&str>> = values.iter().collect();
            (field, letters, values.name(), cells, errors, lost_digits, unit, serials)
        })
        .collect();
    format!("{note:?} {rows:?} {columns:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_was_kept_comes_back_as_it_was(tables in vec((0_usize..9, table()), 0..4)) {
        let folder = tempfile::tempdir().expect("a folder");
        let fresh = Fresh { key: key(b"1"), file: "a.xlsx".to_owned(), sources: vec!["a.xlsx".to_owned()], tables };
        put(folder.path(), &fresh);
        let room = Room::at(folder.path().to_owned(), false);
        let back = room.look(fresh.key).expect("it is there");
        let all = |tables: &[(usize, RawTable)]| -> Vec<(usize, String)> {
            tables.iter().map(|(position, table)| (*position, said(table))).collect()
        };
        prop_assert_eq!(all(&back), all(&fresh.tables));
        prop_assert_eq!(super::tables(&folder.path().join(fresh.name())).expect("whole").len(), fresh.tables.len());
    }

    #[test]
    fn what_is_damaged_does_not_come_back(at in any::<prop::sample::Index>(), bit in 0_u32..8, cuts in any::<bool>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let fresh = a_reading("a.xlsx", b"1");
        put(folder.path(), &fresh);
        let path = folder.path().join(fresh.name());
        let mut bytes = std::fs::read(&path).expect("bytes");
        let at = at.index(bytes.len());
        if cuts { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
        std::fs::write(&path, bytes).expect("written");
        prop_assert!(Room::at(folder.path().to_owned(), true).look(fresh.key).is_none());
        prop_assert!(super::tables(&path).is_none());
    }
}

fn a_reading(file: &str, bytes: &[u8]) -> Fresh {
    let cells = ["1", "2"].map(|cell| Some(cell.to_owned())).to_vec();
    let columns = vec![RawColumn::of_texts("f", "A".to_owned(), cells)];
    let table = RawTable { note: SourceNote::default(), rows: RowNumbers::From(2), columns };
    Fresh { key: key(bytes), file: file.to_owned(), sources: vec!["d/*.xlsx".to_owned()], tables: vec![(0, table)] }
}

#[test]
fn one_under_the_name_of_another_does_not_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, other) = (a_reading("a.xlsx", b"1"), a_reading("a.xlsx", b"2"));
    put(folder.path(), &one);
    std::fs::rename(folder.path().join(one.name()), folder.path().join(other.name())).expect("renamed");
    let room = Room::at(folder.path().to_owned(), true);
    assert!(room.look(one.key).is_none() && room.look(other.key).is_none());
}

#[test]
fn what_cannot_be_reached_stays_and_all_else_that_is_not_used_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let unread = |file: &str| Unread { table: "a".to_owned(), source: "d/*.xlsx".to_owned(), file: file.to_owned() };
    let (used, old, away) = (a_reading("d/a.xlsx", b"1"), a_reading("d/a.xlsx", b"2"), a_reading("d/b.xlsx", b"3"));
    for reading in [&used, &old, &away] {
        put(folder, reading);
    }
    std::fs::write(folder.join("notes.txt"), "somebody's").expect("written");
    std::fs::write(folder.join(format!("x{ENDING}")), "half").expect("written");
    let goes = |unread: Vec<Unread>, of_room: Vec<Use>| -> Vec<String> {
        let reading = Reading { unread, of_room, ..Reading::default() };
        let mut names: Vec<String> = left_over(folder, &reading)
            .iter()
            .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let names = |readings: &[&Fresh]| -> Vec<String> {
        let mut names: Vec<String> = readings.iter().map(|reading| reading.name()).collect();
        names.push(format!("x{ENDING}"));
        names.sort();
        names
    };
    let taken = || vec![Use::Taken { key: used.key, file: used.file.clone() }];
    assert_eq!(goes(Vec::new(), taken()), names(&[&old, &away]));
    // its own file is being written
    assert_eq!(goes(vec![unread("d/b.xlsx")], taken()), names(&[&old]));
    // the folder cannot be listed, or the share is not there
    assert_eq!(goes(vec![unread("d")], taken()), names(&[]));
    assert_eq!(goes(vec![unread("d/*.xlsx")], Vec::new()), names(&[]));
    // another file of the source is damaged
    assert_eq!(goes(vec![unread("d/c.xlsx")], taken()), names(&[&old, &away]));
    let fresh = Use::Fresh(Box::new(a_reading("d/b.xlsx", b"3")));
    assert_eq!(goes(Vec::new(), taken().into_iter().chain([fresh]).collect()), names(&[&old]));
}
