//! Verification lists: issued, filled in as people do, taken in, counted by the next run.
//!
//! Apart because the list leaves the program and comes back: what people do to it is done here by another program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use crate::company::{Company, key};
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{office, python, read_mail, workbooks};
use crate::workplace::{AS_OF, Workplace};

const CUSTOMERS: usize = 60;
const EAST: &str = "out/verify/2026Q4/核对表_华东销售部_2026Q4.xlsx";

/// A company whose customers were verified long ago; one of them is 秘密.
fn stale() -> (Workplace, Company) {
    let mut company = Company::clean(CUSTOMERS);
    for row in 0..CUSTOMERS {
        company.customers.set(row, "最近核实日期(销售)", "2026-06-01");
    }
    company.customers.set(1, "密级", "秘密");
    let jobs = "\n[[job]]\nname = \"lists\"\nschedule = \"0 8 1 1,4,7,10 *\"\nperiod = \"quarter\"\n\
                reports = [\"verification\"]\n\n[[job]]\nname = \"progress\"\nschedule = \"0 8 * * 1\"\n\
                reports = [\"verification-progress\"]\n\n[[job]]\nname = \"daily\"\nschedule = \"0 8 * * *\"\n\
                period = \"day\"\nreports = [\"verification-progress\"]\n";
    (company.workplace_with(&(configuration(MAIL_AS_FILES) + jobs)), company)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The customers whose verification by sales is overdue.
fn overdue(workplace: &Workplace) -> BTreeSet<String> {
    let arguments = ["check", "--rule", "sales-verification-monthly", "--findings", "findings.csv"];
    workplace.as_of(AS_OF, &arguments).exits(0);
    workplace.findings("findings.csv").iter().map(|finding| finding["record_key"].clone()).collect()
}

fn status(workplace: &Workplace) -> Vec<Value> {
    let ran = workplace.as_of(AS_OF, &["verify", "status", "--format", "json"]);
    ran.exits(0);
    json(&ran.stdout).as_array().expect("an array").clone()
}

fn path(path: &std::path::Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn every_returned_row_ends_as_it_should_and_the_next_run_counts_it() {
    let (workplace, mut company) = stale();
    workplace.as_of("2026-08-03", &["verify", "issue"]).exits(0);
    workplace.as_of("2026-10-09", &["verify", "issue"]).exits(0).prints("2026Q4-华东销售部-v1：30 家");
    let last = workplace.path("out/verify/2026Q3/核对表_华东销售部_2026Q3.xlsx");
    let folder = workplace.path("returned");
    let made = json(&python("it/py/returns.py", &[path(&workplace.path(EAST)), path(&last), path(&folder)]));
    assert_eq!(overdue(&workplace).len(), CUSTOMERS);

    let expected = made["expected"].as_object().expect("files");
    let files: Vec<PathBuf> = expected.keys().map(|name| folder.join(name)).collect();
    let mut arguments = vec!["verify", "import", "--format", "json"];
    arguments.extend(files.iter().map(|file| path(file)));
    let sources = std::fs::read(workplace.path("data/customers.csv")).expect("the source");
    let ran = workplace.as_of(AS_OF, &arguments);
    ran.exits(3);
    assert_eq!(sources, std::fs::read(workplace.path("data/customers.csv")).expect("the source"));
    let taken = json(&ran.stdout);
    for file in taken["files"].as_array().expect("files") {
        let name = file["file"].as_str().expect("a name");
        let wanted = &expected[name];
        assert_eq!(wanted.is_null(), !file["error"].is_null(), "{name}: {file:#}");
        let rows = file["rows"].as_array().expect("rows");
        let others = made["others"][name].as_u64().unwrap_or(0);
        assert_eq!(file["other_lines"].as_u64(), Some(others), "{name}: lines that are no rows are counted: {file:#}");
        for (customer, state) in wanted.as_object().into_iter().flatten() {
            let ended: Vec<&Value> = rows.iter().filter(|row| row["customer"] == customer.as_str()).collect();
            assert!(!ended.is_empty(), "{name} {customer}: no such row in {file:#}");
            // What was left blank beside it is ignored; a row that was filled in ends once.
            assert!(ended.iter().any(|row| row["state"] == *state), "{name} {customer}: {state} wanted, {ended:#?}");
        }
        for row in rows {
            let reason = row["reason"].as_str().expect("a reason");
            assert_eq!(row["state"] == "accepted", reason.is_empty(), "{name}: {row:#}");
        }
    }

    let verified: BTreeSet<String> =
        made["verified"].as_array().expect("keys").iter().map(|key| key.as_str().expect("a key").to_owned()).collect();
    let left = overdue(&workplace);
    let gone: BTreeSet<String> = (1..=CUSTOMERS).map(key).filter(|key| !left.contains(key)).collect();
    assert_eq!(gone, verified, "what falls is what was verified");
    let before = status(&workplace);

    // the same again, whole and in part: nothing counts twice
    workplace.as_of(AS_OF, &arguments).exits(3);
    assert_eq!(before, status(&workplace));
    let east = before.iter().find(|line| line["batch"] == "2026Q4-华东销售部-v1").expect("a line");
    let count = |name: &str| east[name].as_u64().expect("a count");
    assert_eq!((count("issued"), count("unreachable"), count("conflicting")), (30, 1, 1), "{east:#}");
    assert_eq!(count("returned"), count("issued") - count("missing"));
    assert_eq!(count("confirmed") + count("corrected") + 1 + 1 + 1 + 1, count("returned"), "{east:#}");

    // what was accepted is listed for entry, and told until the data have it
    let record = &workbooks(&[workplace.path("out/verify/2026Q4/变更清单_2026Q4.xlsx")])["变更清单_2026Q4.xlsx"];
    let listed = record["变更清单"]["rows"].to_string();
    assert!(listed.contains("13812345678") && listed.contains("13987654321") && !listed.contains("\"12345\""));
    let shown = workplace.as_of(AS_OF, &["verify", "status"]);
    assert!(shown.stdout.contains("→ 13812345678"), "{}", shown.stdout);
    let row = shown.stdout.lines().find(|line| line.contains("→ 13812345678")).expect("a line");
    let entered = (1..=CUSTOMERS).find(|number| row.contains(&key(*number))).expect("a customer");
    company.customers.set(entered - 1, "联系电话", "13812345678");
    company.write(&workplace);
    let shown = workplace.as_of(AS_OF, &["verify", "status"]);
    assert!(!shown.stdout.contains("→ 13812345678") && shown.stdout.contains("待录入"), "{}", shown.stdout);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0).says("还没有录入客户系统");
}

#[test]
fn an_issued_list_can_be_filled_in_and_nowhere_else_written() {
    let (workplace, _) = stale();
    workplace.as_of("2026-10-09", &["verify", "issue"]).exits(0);
    let list = json(&python("it/py/issued_list.py", &[path(&workplace.path(EAST))]));
    assert_eq!(list["states"], serde_json::json!(["visible", "visible", "hidden"]));
    let inputs = serde_json::json!(["核对结果", "变更项目", "更正后内容", "核对方式", "核对日期", "核对人", "备注"]);
    assert_eq!((&list["unlocked"], &list["yellow"]), (&inputs, &inputs));
    assert_eq!(list["headers"].as_array().expect("headers")[..3], ["行标识", "档案编号", "客户名称"]);
    assert!(list["protected"].as_bool() == Some(true) && list["password"].is_null(), "{}", list["password"]);
    assert_eq!(list["validations"]["核对结果"], serde_json::json!(["list", "hedui_results"]));
    assert_eq!(list["validations"]["核对日期"][0], "date");
    assert_eq!(
        list["names"]["hedui_results"].as_str().map(|name| name.replace('\'', "")).as_deref(),
        Some("选项!$A$2:$A$6")
    );
    let choices = ["核对结果", "无误", "有变更", "联系不上", "已停业", "不再合作"];
    assert_eq!(list["choices"][0], serde_json::json!(choices));
    assert!(list["title"].as_str().expect("a title").contains("2026-12-24"), "{}", list["title"]);
    assert!(list["landscape"] == true && list["paper"] == 9 && list["frozen"] == "D5" && list["repeat"] == "$4:$4");
    assert_eq!(list["formulas"], 0);
    assert!(list["rows"].to_string().contains("部门负责人"));
    // the customer above the clearance is on no list
    let south = workplace.path("out/verify/2026Q4/核对表_华南销售部_2026Q4.xlsx");
    let text = workbooks(&[south]).to_string();
    assert!(!text.contains(&key(2)) && text.contains(&key(4)) && text.contains("另有 1 家因密级"));
    // as it goes to the printer
    let target = workplace.path("pdf");
    office("pdf", &[workplace.path(EAST)], &target);
    assert!(target.join("核对表_华东销售部_2026Q4.pdf").is_file());
}

#[test]
fn the_quarters_job_mails_the_lists_and_the_weeks_job_reminds() {
    let (workplace, _) = stale();
    workplace.as_of("2026-10-09", &["run", "lists"]).exits(0);
    let mail = read_mail(&workplace.path("out/lists/2026Q4/华东销售部_east@example.com.eml"));
    assert!(
        mail.to_string().contains("2026-12-24") && mail.to_string().contains("核对表_华东销售部_2026Q4.xlsx"),
        "{mail}"
    );
    assert!(!mail["text"].to_string().contains(&key(1)));
    let lines = status(&workplace);
    assert_eq!(lines.iter().map(|line| line["issued"].as_u64().expect("a count")).sum::<u64>(), 59);
    // run anew, nothing has changed: the same list, no second version
    workplace.as_of("2026-10-10", &["run", "lists"]).exits(0);
    assert_eq!(lines, status(&workplace));

    let subject = |day: &str, job: &str| -> Vec<String> {
        workplace.as_of(day, &["run", job]).exits(0);
        let mails = workplace.files(&format!("out/{job}"));
        let mails = mails.iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
        mails.map(|path| read_mail(path)["subject"].as_str().expect("a subject").to_owned()).collect()
    };
    assert!(subject("2026-10-12", "progress").iter().any(|subject| subject.contains("【核对进度】华东销售部")));
    assert!(subject("2026-12-14", "progress").iter().any(|subject| subject.contains("【核对催办】华东销售部")));
    assert!(subject("2026-12-21", "progress").iter().any(|subject| subject.contains("【核对即将截止】华东销售部")));
    // daily: on the first working day of a week, ten and three working days before the end, and on no other
    let mut days = Vec::new();
    for day in ["2026-12-09", "2026-12-10", "2026-12-11", "2026-12-14", "2026-12-20", "2026-12-21", "2026-12-22"] {
        let before = subject(day, "daily").len();
        days.push((day, before));
    }
    let sent: BTreeMap<&str, usize> = days.iter().copied().collect();
    assert!(sent["2026-12-09"] == 0 && sent["2026-12-10"] > 0, "{sent:?}");
    assert_eq!(sent["2026-12-11"], sent["2026-12-10"]);
    assert!(sent["2026-12-14"] > sent["2026-12-11"] && sent["2026-12-21"] > sent["2026-12-20"], "{sent:?}");
    assert_eq!(sent["2026-12-22"], sent["2026-12-21"]);
}

#[test]
fn who_is_not_reached_twice_running_is_doubtful() {
    let (workplace, _) = stale();
    for (issue, day, period) in [("2026-08-03", "2026-08-10", "2026Q3"), ("2026-10-09", "2026-11-10", "2026Q4")] {
        workplace.as_of(issue, &["verify", "issue"]).exits(0);
        let csv = format!(
            "档案编号,客户名称,核对结果,核对日期,核对人\n{},宁波华联1号贸易有限公司,打不通,{day},王伟\n",
            key(1)
        );
        workplace.write("back.csv", csv);
        let found = |workplace: &Workplace| {
            let arguments = ["check", "--rule", "unreachable-twice", "--findings", "f.csv"];
            workplace.as_of(AS_OF, &arguments).exits(0);
            workplace.findings("f.csv").len()
        };
        assert_eq!(found(&workplace), 0);
        workplace.as_of(day, &["verify", "import", "back.csv", "--period", period]).exits(0);
        assert_eq!(found(&workplace), usize::from(period == "2026Q4"));
    }
    workplace.as_of(AS_OF, &["verify", "status"]).exits(0).prints("连续 2 期联系不上");
}

#[test]
fn letters_are_numbered_and_stay_in_the_company() {
    let (workplace, _) = stale();
    workplace.as_of("2026-10-09", &["verify", "issue"]).exits(0);
    assert!(!workplace.files("out/verify").iter().any(|path| path.display().to_string().contains("核对函")));
    workplace.as_of("2026-10-09", &["verify", "issue", "--letters", "--where", "tier = '一般'"]).exits(0);
    let letters = workplace.path("out/verify/2026Q4/核对函_核对表_华东销售部_2026Q4.xlsx");
    let text = workbooks(std::slice::from_ref(&letters)).to_string();
    for words in ["核对函[2026]Q4-0001", "如资料相符，无须回复", "不作为催款", "回　执", "盖章"]
    {
        assert!(text.contains(words), "{words}");
    }
    workplace.as_of("2026-10-12", &["verify", "issue", "--letters"]).exits(0);
    assert!(workbooks(&[letters]).to_string().contains("核对函[2026]Q4-0001"));
    workplace.as_of(AS_OF, &["verify", "issue", "--where", "teir = '一般'"]).exits(2).says("tier");
}
