//! DIFF over several weeks: what is new, open, resolved, back again or not looked at, whatever rows have moved.
//!
//! Apart because each test is a story of two to four runs in one workplace.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::company::Company;
use crate::python::read_mail;
use crate::workplace::Workplace;

pub const ONE: &str = "2026-11-15";
pub const TWO: &str = "2026-11-22";
pub const THREE: &str = "2026-11-29";

/// A company among orphans, duplicates and customers without number.
pub fn messy() -> Company {
    let mut company = Company::clean(20);
    company.customers.set(0, "联系电话", "123");
    company.customers.set(1, "电子邮箱", "a@b");
    for (row, value) in [(4, ""), (5, "无"), (6, "")] {
        company.customers.set(row, "档案编号", value);
    }
    // two without number and of one name; two that share a number; two alike in every cell
    company.customers.set(6, "客户名称", "宁波华联5号贸易有限公司");
    let shared = company.customers.get(8, "档案编号").to_owned();
    company.customers.set(9, "档案编号", &shared);
    company.customers.set(9, "邮编", "31500");
    let twin = company.customers.rows[10].clone();
    company.customers.rows.push(twin);
    company.contracts.set(12, "档案编号", "没有的客户");
    company.contracts.set(13, "合同编号", "");
    company.contracts.set(13, "档案编号", "");
    company.contracts.set(14, "合同金额(万元)", "约三十");
    for _ in 0..2 {
        company.contacts.rows.push(vec![
            "没有的客户".into(),
            "孤儿".into(),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }
    company.visits.set(15, "记录编号", "");
    company.visits.set(15, "提交时间", "2026-10-20 09:00");
    company
}

/// The findings of the last run.
pub fn findings(workplace: &Workplace) -> Vec<Value> {
    workplace.hedui(&["history", "findings", "--format", "json"]).exits(0).json().as_array().expect("an array").clone()
}

/// How many findings have which status.
pub fn counts(findings: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding["status"].as_str().expect("a status").to_owned()).or_default() += 1;
    }
    counts
}

pub fn of<'f>(findings: &'f [Value], status: &str) -> Vec<&'f Value> {
    findings.iter().filter(|finding| finding["status"] == status).collect()
}

fn told(status: &str, count: usize) -> (String, usize) {
    (status.to_owned(), count)
}

#[test]
fn one_fixed_one_new_one_moved() {
    let mut company = messy();
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let first = findings(&workplace);
    assert!(first.len() >= 25, "{}", first.len());
    assert_eq!(counts(&first), [told("new", first.len())].into());
    assert!(first.iter().all(|finding| finding["first_seen"] == ONE));

    company.customers.set(0, "联系电话", "13800000001"); // one fix
    company.customers.set(15, "邮编", "3150"); // one new fault
    let moved = company.customers.rows.remove(1); // one row to another place: all rows between shift
    company.customers.rows.insert(17, moved);
    for table in [&mut company.contacts, &mut company.contracts, &mut company.visits] {
        table.rows.rotate_left(3);
    }
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 1");
    let second = findings(&workplace);
    assert_eq!(counts(&second), [told("new", 1), told("open", first.len() - 1), told("resolved", 1)].into());
    let resolved = of(&second, "resolved")[0];
    assert_eq!((&resolved["rule_id"], &resolved["record_key"]), (&"phone-format".into(), &"经销商2023-001".into()));
    assert_eq!((&resolved["resolved_on"], &resolved["first_seen"]), (&TWO.into(), &ONE.into()));
    let new = of(&second, "new")[0];
    assert_eq!(
        (&new["rule_id"], &new["value"], &new["first_seen"]),
        (&"postcode-format".into(), &"3150".into(), &TWO.into())
    );
    for finding in of(&second, "open") {
        assert_eq!(finding["first_seen"], ONE, "{finding}");
        assert_eq!(finding["last_seen"], TWO, "{finding}");
    }
    let email = second.iter().find(|finding| finding["rule_id"] == "email-format").expect("the moved row");
    assert_eq!(email["row"], 19, "it is where it stands now");

    company.customers.set(0, "联系电话", "124"); // back again: row 0 is still customer 1
    company.write(&workplace);
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    let third = findings(&workplace);
    assert_eq!(counts(&third), [told("open", first.len()), told("reopened", 1)].into());
    let reopened = of(&third, "reopened")[0];
    assert_eq!((&reopened["rule_id"], &reopened["first_seen"]), (&"phone-format".into(), &ONE.into()));
    let postcode = third.iter().find(|finding| finding["value"] == "3150").expect("last week's");
    assert_eq!(postcode["first_seen"], TWO);
}

#[test]
fn the_same_input_next_week_gives_nothing_new_and_nothing_resolved() {
    let workplace = messy().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let first = findings(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0).prints("新增 0");
    assert_eq!(counts(&findings(&workplace)), [told("open", first.len())].into());
}

#[test]
fn what_could_not_be_looked_at_is_not_checked_and_open_again_later() {
    let workplace = messy().workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    let first = findings(&workplace);
    let of_contracts = first.iter().filter(|finding| finding["table"] == "contracts").count();
    assert!(of_contracts >= 3);
    std::fs::rename(workplace.path("data/contracts.csv"), workplace.path("away.csv")).expect("moved");
    workplace.as_of(TWO, &["run", "weekly"]).exits(3).says("data/contracts.csv");
    let second = findings(&workplace);
    assert_eq!(of(&second, "resolved"), Vec::<&Value>::new());
    for finding in of(&second, "not_checked") {
        let needs_contracts = finding["table"] == "contracts" || finding["rule_id"] == "tier-declared";
        assert!(needs_contracts, "{finding}");
        assert_eq!(finding["first_seen"], ONE);
    }
    assert!(of(&second, "not_checked").len() >= of_contracts);
    let text = kefu(&workplace, "2026-W47")["text"].as_str().expect("a body").to_owned();
    assert!(text.contains("contracts.csv") || text.contains("合同"), "{text}");
    std::fs::rename(workplace.path("away.csv"), workplace.path("data/contracts.csv")).expect("moved back");
    workplace.as_of(THREE, &["run", "weekly"]).exits(0);
    let third = findings(&workplace);
    assert_eq!(counts(&third), [told("open", first.len())].into());
    assert!(third.iter().all(|finding| finding["first_seen"] == ONE));
}

/// The mail of the fallback department.
fn kefu(workplace: &Workplace, folder: &str) -> Value {
    read_mail(&workplace.path(&format!("out/weekly/{folder}/客户服务部_kefu@example.com.eml")))
}

#[test]
fn a_table_that_shrinks_to_under_half_is_not_concluded_from() {
    for rows in [0, 9] {
        let mut company = messy();
        let workplace = company.workplace();
        workplace.as_of(ONE, &["run", "weekly"]).exits(0);
        let first = findings(&workplace);
        company.contracts.rows.truncate(rows); // the faulty ones are gone with the rest
        company.write(&workplace);
        workplace.as_of(TWO, &["run", "weekly"]).exits(3).says("不据此下结论");
        let second = findings(&workplace);
        assert_eq!(of(&second, "resolved"), Vec::<&Value>::new(), "{rows} rows");
        assert_eq!(of(&second, "new"), Vec::<&Value>::new(), "{rows} rows");
        assert_eq!(second.len(), first.len());
        let mail = kefu(&workplace, "2026-W47");
        for body in ["text", "html"] {
            let body = mail[body].as_str().expect("a body");
            assert!(body.contains("不据此下结论") && body.contains("合同"), "{body}");
        }
        let digest = read_mail(&workplace.path("out/weekly/2026-W47/service-digest_kefu@example.com.eml"));
        assert!(digest["text"].as_str().expect("a body").contains("不据此下结论"), "{digest}");
    }
    // half of it is enough
    let mut company = messy();
    let workplace = company.workplace();
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    company.contracts.rows.truncate(10);
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
    assert!(of(&findings(&workplace), "resolved").len() >= 3);
}

#[test]
fn the_guard_is_a_setting() {
    let mut company = messy();
    let workplace = company.workplace();
    let text = workplace.read("hedui.toml");
    workplace.write("hedui.toml", text + "\n[guard]\nsmallest_share = 0.1\nallow_empty = [\"changes\"]\n");
    workplace.as_of(ONE, &["run", "weekly"]).exits(0);
    company.contracts.rows.truncate(3);
    company.changes.rows.clear();
    company.write(&workplace);
    workplace.as_of(TWO, &["run", "weekly"]).exits(0);
}
