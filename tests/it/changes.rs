//! What changed in the data from one period to the next: kept by every run, told by `history changes`, shown in reports.
//!
//! Apart from `weeks`, which is about findings: here it is about cells, and about what of state/ grows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::company::{Company, key};
use crate::configuration::{MAIL_AS_FILES, configuration, configuration_of, sources};
use crate::python::python;
use crate::reports::{books, table, word};
use crate::weeks::{ONE, THREE, TWO};
use crate::workplace::{Workplace, mode, records};

fn changes(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let all = [&["history", "changes", "--format", "json"], arguments].concat();
    workplace.hedui(&all).exits(0).json().as_array().expect("an array").clone()
}

/// (kind, table, key, field, old, new)
fn told(changes: &[Value]) -> BTreeSet<[String; 6]> {
    let text =
        |change: &Value, name: &str| change[name].as_str().unwrap_or_else(|| panic!("{name}: {change}")).to_owned();
    let names = ["kind", "table", "record_key", "field", "old", "new"];
    changes.iter().map(|change| names.map(|name| text(change, name))).collect()
}

fn line(cells: [&str; 6]) -> [String; 6] {
    cells.map(str::to_owned)
}

/// The second week: a cell of a customer, one customer less and one more, another amount, another person to talk to; and
/// rows that have moved, and a number typed in full-width digits.
fn second_week(company: &mut Company) {
    company.customers.set(0, "联系电话", "13800000009");
    let same =
        company.customers.get(2, "邮编").chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).expect("wide"));
    let wide: String = same.collect();
    company.customers.set(2, "邮编", &wide);
    let gone = company.customers.rows.remove(5);
    let mut added = gone.clone();
    added[0] = key(99);
    company.customers.rows.push(added);
    company.customers.rows.rotate_left(3);
    company.contracts.set(1, "合同金额(万元)", "77.5");
    company.contacts.set(3, "姓名", "新人");
}

fn wanted() -> BTreeSet<[String; 6]> {
    [
        line(["changed", "customers", &key(1), "phone", "13800000001", "13800000009"]),
        line(["removed", "customers", &key(6), "", "", ""]),
        line(["added", "customers", &key(99), "", "", ""]),
    ]
    .into()
}

fn two_weeks(workplace: &Workplace, write: impl Fn(&Company)) -> Company {
    let mut company = Company::clean(12);
    company.customers.set(0, "联系电话", "13800000001");
    write(&company);
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    assert!(changes(workplace, &[]).is_empty());
    second_week(&mut company);
    write(&company);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    company
}

#[test]
fn every_change_is_told_with_its_place() {
    let workplace = Workplace::new(&configuration(MAIL_AS_FILES));
    two_weeks(&workplace, |company| company.write(&workplace));
    let all = changes(&workplace, &[]);
    let of_customers: Vec<Value> = all.iter().filter(|change| change["table"] == "customers").cloned().collect();
    assert_eq!(told(&of_customers), wanted());
    let phone = of_customers.iter().find(|change| change["field"] == "phone").expect("the phone");
    for (name, value) in [
        ("job", "weekly"),
        ("from_period", "2026-W46"),
        ("period", "2026-W47"),
        ("file", "data/customers.csv"),
        ("department", "华东销售部"),
        ("owner", "王伟"),
        ("column", "G"),
    ] {
        assert_eq!(phone[name], value, "{name}: {phone}");
    }
    assert_eq!(phone["row"], 11, "where it stands now");
    let contract = all.iter().find(|change| change["table"] == "contracts").expect("the contract");
    assert_eq!((&contract["field"], &contract["new"]), (&"amount".into(), &"77.5".into()));
    assert_eq!(contract["department"], "华南销售部", "by its customer");
    // a contact has no key: its name is part of what tells it
    let contacts: Vec<(&Value, &Value, &Value)> = all
        .iter()
        .filter(|change| change["table"] == "contacts" && change["field"] == "name")
        .map(|change| (&change["kind"], &change["record_key"], &change["new"]))
        .collect();
    assert!(contacts.contains(&(&"added".into(), &key(4).into(), &"新人".into())), "{contacts:?}");

    assert_eq!(changes(&workplace, &["--table", "客户"]).len(), 3);
    assert_eq!(
        changes(&workplace, &["--field", "联系电话"]).iter().filter(|line| line["table"] == "customers").count(),
        1
    );
    let of_one: Vec<Value> = changes(&workplace, &["--key", &key(1)]);
    assert!(of_one.iter().all(|change| change["record_key"] == key(1).as_str()) && of_one.len() == 1, "{of_one:?}");
    let of_customer = changes(&workplace, &["--key", &key(2)]);
    assert_eq!(of_customer[0]["table"], "contracts", "what belongs to the customer");
    let csv = workplace.hedui(&["history", "changes", "--csv"]);
    assert_eq!(records(&csv.exits(0).stdout).len(), all.len());
    workplace.hedui(&["history", "changes"]).exits(0).prints("13800000001 → 13800000009");
    workplace.hedui(&["history", "changes", "--table", "客护"]).exits(2).says("没有表");
    workplace.hedui(&["history", "changes", "--field", "手机号码"]).exits(2).says("没有字段");
    workplace.hedui(&["history", "changes", "--period", "第47周"]).exits(2).says("不是周期");
}

#[test]
fn workbooks_are_compared_like_text_files() {
    let configuration =
        configuration_of(&sources(|table| format!("path = \"data/all.xlsx\"\nsheet = \"{table}\"")), MAIL_AS_FILES);
    let workplace = Workplace::new(&configuration);
    two_weeks(&workplace, |company| {
        company.write(&workplace);
        let path = |name: &str| workplace.path(name).display().to_string();
        python("it/py/tables.py", &["xlsx", &path("data"), &path("data/all.xlsx")]);
    });
    let of_customers = changes(&workplace, &["--table", "customers"]);
    assert_eq!(told(&of_customers), wanted());
    assert!(of_customers.iter().all(|change| change["sheet"] == "customers" && change["file"] == "data/all.xlsx"));
}

#[test]
fn the_sheet_of_changes_shows_each_department_its_own() {
    let workplace = Workplace::new(&configuration(MAIL_AS_FILES));
    two_weeks(&workplace, |company| company.write(&workplace));
    let books = books(&workplace, "out/weekly/2026-W47");
    let headers = ["change", "table", "record_key", "field", "old", "new", "place"].map(|name| word("column", name));
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let rows = |department: &str| -> Vec<BTreeMap<String, Value>> {
        table(&books[&format!("客户质量周报_{department}_2026W47.xlsx")], &word("sheet", "changes"), &headers)
    };
    let of =
        |row: &BTreeMap<String, Value>, name: &str| row[&word("column", name)].as_str().unwrap_or_default().to_owned();
    let east = rows("华东销售部");
    let phone = east.iter().find(|row| of(row, "record_key") == key(1)).expect("the phone");
    assert_eq!((of(phone, "old"), of(phone, "new")), ("138****0001".to_owned(), "138****0009".to_owned()), "masked");
    assert_eq!((of(phone, "table"), of(phone, "place")), ("客户".to_owned(), "data/customers.csv 第 11 行".to_owned()));
    assert!(!east.iter().any(|row| of(row, "record_key") == key(6)), "that one is the other department's");
    let south = rows("华南销售部");
    let kinds: BTreeSet<(String, String)> =
        south.iter().map(|row| (of(row, "change"), of(row, "table"))).filter(|(_, table)| table != "联系人").collect();
    let wanted =
        [("删除", "客户"), ("新增", "客户"), ("修改", "合同")].map(|(kind, table)| (kind.to_owned(), table.to_owned()));
    assert_eq!(kinds, wanted.into());
}

#[test]
fn the_same_week_again_is_compared_with_the_week_before() {
    let workplace = Workplace::new(&configuration(MAIL_AS_FILES));
    let mut company = two_weeks(&workplace, |company| company.write(&workplace));
    let first = told(&changes(&workplace, &[]));
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    assert_eq!(told(&changes(&workplace, &[])), first);
    company.customers.set(1, "邮编", "315099");
    company.write(&workplace);
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    let third = changes(&workplace, &[]);
    assert_eq!(third.len(), 1, "{third:?}");
    assert_eq!(told(&changes(&workplace, &["--period", "2026-W47"])), first);
    let over_two = told(&changes(&workplace, &["--from", "2026-W46", "--to", "2026-W48"]));
    assert_eq!(over_two.len(), first.len() + 1);
    let back = told(&changes(&workplace, &["--from", "2026-W48", "--to", "2026-W46"]));
    assert_eq!(back.len(), over_two.len());
}

#[test]
fn what_cannot_be_told_is_said_and_nothing_is_guessed() {
    let mut company = Company::clean(8);
    company.customers.drop_column("备注"); // one that rules ask for
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(3);
    let mut company = Company::clean(8); // the column is there now, and filled
    for row in 0..8 {
        company.customers.set(row, "备注", "新列");
    }
    let shared = company.customers.get(3, "档案编号").to_owned();
    company.customers.set(4, "档案编号", &shared); // two of one key
    company.customers.set(5, "档案编号", "");
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let ran = workplace.hedui(&["history", "changes", "--table", "customers", "--format", "json"]);
    ran.exits(0)
        .says("新增“备注”列（data/customers.csv）：5 条记录")
        .says("主键重复")
        .says("没有主键值的记录不比较：上次 0 条，本次 1 条");
    let found = ran.json();
    let removed: Vec<&Value> = found.as_array().expect("an array").iter().collect();
    // the customers whose keys were overwritten are gone; nothing else is claimed
    assert_eq!(told(&removed.into_iter().cloned().collect::<Vec<_>>()).len(), 2, "{found}");
    let books = books(&workplace, "out/weekly/2026-W47");
    let said = serde_json::to_string(&books).expect("JSON");
    assert!(said.contains("新增“备注”列") && said.contains("主键重复"), "the reports say so too");
}

#[test]
fn a_table_that_was_not_read_whole_is_compared_with_the_last_time_that_it_was() {
    let mut company = Company::clean(6);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    std::fs::rename(workplace.path("data/contracts.csv"), workplace.path("away.csv")).expect("moved");
    workplace.as_of(TWO, &["run", "weekly"]).exits(3);
    workplace.hedui(&["history", "changes"]).exits(0).says("没有读全“合同”");
    company.contracts.set(0, "状态", "作废");
    company.write(&workplace);
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    let found = changes(&workplace, &[]);
    assert_eq!(told(&found).len(), 1, "{found:?}");
    assert_eq!((&found[0]["table"], &found[0]["new"]), (&"contracts".into(), &"作废".into()));
}

#[test]
fn snapshots_are_private_and_do_not_pile_up() {
    let company = Company::clean(4);
    let whole = configuration(MAIL_AS_FILES) + "\n[state]\nkeep_snapshots = 2\n";
    let workplace = company.workplace_with(&whole);
    for day in ["2026-11-01", "2026-11-08", ONE, TWO, TWO, THREE] {
        workplace.as_of(day, &["run", "weekly"]).exits(0);
    }
    let kept = workplace.files("state/snapshots");
    let names: BTreeSet<String> =
        kept.iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    let wanted: BTreeSet<String> = ["customers", "contacts", "contracts", "visits", "changes", "employees"]
        .iter()
        .flat_map(|table| {
            [format!("weekly-2026-W47-r2-{table}.parquet"), format!("weekly-2026-W48-r1-{table}.parquet")]
        })
        .collect();
    assert_eq!(names, wanted);
    assert!(kept.iter().all(|path| mode(path) == 0o600));
    workplace.hedui(&["history", "changes", "--period", "2026-W46"]).exits(0).says("keep_snapshots");
    workplace.hedui(&["history", "changes"]).exits(0);
    workplace.write("hedui.toml", whole.replace("keep_snapshots = 2", "keep_snapshots = 1"));
    workplace.hedui(&["lint"]).exits(2).says("至少要留 2 期");
}

#[test]
fn a_damaged_snapshot_stops_no_run() {
    let mut company = Company::clean(4);
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    workplace.write("state/snapshots/weekly-2026-W46-r1-customers.parquet", "PAR1 half of");
    company.contracts.set(0, "状态", "作废");
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    let books = serde_json::to_string(&books(&workplace, "out/weekly/2026-W47")).expect("JSON");
    assert!(books.contains("上期快照读不到"), "{books}");
    // whose the contracts were nobody knows: they may have been a confidential customer's, and no department sees them
    assert!(!books.contains("作废") && books.contains("因密级未列示"), "{books}");
}
