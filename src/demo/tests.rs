//! What the made-up company promises: the same bytes each time, right numbers where nothing is wrong on purpose, tiers
//! that the contracts bear out, and a second week with something of everything.
//!
//! Apart from the parts because most of it is about all of them together.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate};

use super::codes::{credit_check, organisation_check};
use super::company::World;
use super::faults::Faults;
use super::firm::{Identity, TIERS};
use super::people::Staff;
use super::tables::{Cell, Row, Table, at};
use super::workbook::Workbooks;
use super::{Company, DataFormat, Week, dealings};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hedui-demo-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(self.0.join("data"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn company(customers: usize, seed: u64) -> Company {
    Company { customers, seed, as_of: day("2026-11-22") }
}

fn rows(folder: &Path, table: Table) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(folder.join(format!("data/{}.csv", table.name()))).unwrap();
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn valid(code: &str) -> bool {
    code.len() == 18 && code.is_ascii() && credit_check(&code[..17]) == code.chars().last()
}

#[test]
fn published_codes_have_the_check_characters_that_are_computed() {
    for code in [
        "91350100M000100Y43",
        "91110000600037341L",
        "91110108551385082Q",
        "91440300708461136T",
        "12440600MB2C07549J",
        "91110105MA00003490",
    ] {
        assert!(valid(code), "{code}");
    }
    for code in ["91310115MA1H8R7C6D", "111111111111111111", "91350100M000100Y4Z"] {
        assert!(!valid(code), "{code}");
    }
    for code in ["600037341", "D2143569X", "673959654", "708461136", "551385082"] {
        assert_eq!(organisation_check(&code[..8]), code.chars().last(), "{code}");
    }
}

#[test]
fn same_company_same_bytes() {
    let (one, two) = (Folder::new("same-1"), Folder::new("same-2"));
    for week in [Week::First, Week::Second] {
        for format in [DataFormat::Csv, DataFormat::Xlsx] {
            company(300, 7).write(&one.0, format, week).unwrap();
            company(300, 7).write(&two.0, format, week).unwrap();
        }
        assert!(one.files() == two.files(), "{week:?}");
        let before = one.files();
        company(300, 8).write(&one.0, DataFormat::Csv, week).unwrap();
        assert!(one.files() != before);
    }
}

#[test]
fn customers_are_told_apart_and_stay_themselves_in_a_larger_company() {
    let (small, large) = (company(20_000, 3), company(40_000, 3));
    let (mut names, mut codes) = (BTreeSet::new(), BTreeSet::new());
    for index in 0..20_000 {
        let who = Identity::of(&small, index);
        assert!(valid(&who.code), "{}", who.code);
        assert_eq!(organisation_check(&who.code[8..16]), who.code[16..].chars().next());
        let same = Identity::of(&large, index);
        assert_eq!((&who.name, &who.code, who.archive_no()), (&same.name, &same.code, same.archive_no()));
        assert!(codes.insert(who.code));
        names.insert(who.name);
    }
    // Branches of banks may share a name.
    assert!(names.len() > 19_980, "{}", names.len());
}

#[test]
fn most_credit_codes_are_right_but_not_all() {
    let folder = Folder::new("codes");
    company(2000, 1).write(&folder.0, DataFormat::Csv, Week::First).unwrap();
    let rows = rows(&folder.0, Table::Customers);
    let right = rows.iter().filter(|row| valid(&row[at::USCC])).count();
    // Those in lower case or full width are right too, only not as they stand.
    assert_eq!(rows.len(), 2000);
    assert!((1700..1950).contains(&right), "{right}");
}

/// The tier by the default rules, for contracts whose cells are all readable.
fn computed(contracts: &[Row], as_of: NaiveDate) -> &'static str {
    let deals: Vec<(i32, i64)> = contracts
        .iter()
        .filter(|row| row[4].as_text() != "作废")
        .map(|row| match (&row[2], &row[3]) {
            (Cell::Day(day), Cell::Amount(amount)) => (day.year(), *amount),
            other => panic!("{other:?}"),
        })
        .collect();
    let this = as_of.year();
    let total = |year| deals.iter().filter(|deal| deal.0 == year).map(|deal| deal.1).sum::<i64>();
    let largest =
        |first| deals.iter().filter(|deal| (first..this).contains(&deal.0)).map(|deal| deal.1).max().unwrap_or(0);
    if (this - 3..this).all(|year| total(year) >= 50_000) && largest(this - 3) >= 20_000 {
        "重要"
    } else if (this - 2..this).all(|year| total(year) >= 10_000) && largest(this - 2) >= 5_000 {
        "稳定"
    } else if deals.iter().any(|deal| (this - 3..=this).contains(&deal.0)) {
        "一般"
    } else {
        "潜在"
    }
}

#[test]
fn contracts_bear_out_the_tier_in_both_weeks() {
    for as_of in ["2026-11-22", "2026-12-28", "2026-01-01", "2024-02-29"] {
        let company = Company { customers: 3000, seed: 5, as_of: day(as_of) };
        for index in 0..3000 {
            let who = Identity::of(&company, index);
            let contracts = dealings::contracts(&who, company.as_of, company.seed);
            for week_end in [company.as_of, super::dice::later(company.as_of, 7)] {
                assert_eq!(computed(&contracts, week_end), TIERS[who.tier], "{as_of} {index} {contracts:?}");
            }
            assert!(contracts.iter().all(|row| matches!(row[2], Cell::Day(day) if day < company.as_of)));
        }
    }
}

#[test]
fn the_second_week_of_a_small_company_has_something_of_everything() {
    for seed in 0..40 {
        let folder = Folder::new(&format!("week-{seed}"));
        let company = company(50, seed);
        company.write(&folder.0, DataFormat::Csv, Week::First).unwrap();
        let first = rows(&folder.0, Table::Customers);
        company.write(&folder.0, DataFormat::Csv, Week::Second).unwrap();
        let second = rows(&folder.0, Table::Customers);
        let world = World::new(&company, Week::Second);
        let order: Vec<u64> = world.plan.order().collect();
        assert_eq!(order.len(), second.len());
        let now = |index: u64| &second[order.iter().position(|other| *other == index).unwrap()];

        let old: Vec<u64> = order.iter().copied().filter(|index| *index < 50).collect();
        assert_eq!(old.iter().collect::<BTreeSet<_>>().len(), old.len(), "nobody twice");
        assert!((48..50).contains(&old.len()), "removed");
        assert!(order.len() > old.len(), "added");
        assert!(!old.is_sorted(), "moved");
        let unlike = old.iter().filter(|index| first[**index as usize] != *now(**index)).count();
        assert!((3..12).contains(&unlike), "most stay: {unlike} of 50 differ");

        let changed = world.plan.changed.unwrap();
        let (before, after) = (&first[changed as usize], now(changed));
        assert!([at::CONTACT, at::PHONE, at::ADDRESS].iter().any(|field| before[*field] != after[*field]), "changed");
        assert_ne!(before[at::UPDATED_ON], after[at::UPDATED_ON]);

        let mended = world.plan.mended.unwrap();
        let drawn = Faults::of(&company, &Identity::of(&company, mended));
        let left = world.plan.fate(&company, mended, drawn).faults;
        assert!(left.iter().count() < drawn.iter().count(), "mended");
        assert_ne!(first[mended as usize], *now(mended));

        let spoiled = world.plan.spoiled.unwrap();
        let drawn = Faults::of(&company, &Identity::of(&company, spoiled));
        assert!(drawn.is_empty() && !world.plan.fate(&company, spoiled, drawn).faults.is_empty(), "spoiled");
        assert_ne!(first[spoiled as usize][at::PHONE], now(spoiled)[at::PHONE]);
    }
}

#[test]
fn no_company_is_too_small() {
    let folder = Folder::new("tiny");
    for customers in 0..8 {
        for format in [DataFormat::Csv, DataFormat::Xlsx, DataFormat::Sqlite] {
            for week in [Week::First, Week::Second] {
                company(customers, 2).write(&folder.0, format, week).unwrap();
            }
        }
    }
}

#[test]
fn a_large_company_fills_several_workbooks_and_a_small_one_clears_them_away() {
    let folder = Folder::new("split");
    let company = company(200, 4);
    let data = folder.0.join("data");
    fs::create_dir_all(&data).unwrap();
    let world = World::new(&company, Week::First);
    world.tell(Workbooks::create(&data, company.as_of, "王芳".to_owned()).unwrap().split_after(60)).unwrap();
    for name in ["客户档案_2.xlsx", "客户档案_3.xlsx", "业务记录_2.xlsx", "业务记录_4.xlsx"] {
        assert!(data.join(name).exists(), "{name}");
    }
    company.write(&folder.0, DataFormat::Xlsx, Week::First).unwrap();
    let names: Vec<String> = folder.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["业务记录.xlsx", "客户_华南销售部.csv", "客户档案.xlsx"]);
}

#[test]
fn everybody_belongs_to_a_department_and_every_department_has_a_head() {
    for customers in [0, 1000, 9000] {
        let staff = Staff::of(&company(customers, 9));
        let rows: Vec<Row> = staff.rows().collect();
        assert_eq!(rows.len(), (customers / 200).max(20));
        assert!(rows.iter().all(|row| row.len() == Table::Employees.columns().len()));
        for (department, (name, address)) in Company::departments().iter().enumerate() {
            assert!(address.ends_with("@example.com"));
            let head = staff.head(department);
            assert!(
                rows.iter()
                    .any(|row| row[1].as_text() == head && row[2].as_text() == *name && row[3].as_text() == "在职")
            );
        }
    }
}

#[test]
fn every_file_that_is_written_has_a_source() {
    for (format, count) in [(DataFormat::Csv, 6), (DataFormat::Sqlite, 6), (DataFormat::Xlsx, 7)] {
        assert_eq!(Company::sources_toml(format).matches("[[source]]").count(), count);
    }
}
