//! Reports to persons: each gets what is on him, the department what no mail reaches, the manager a copy in time.
//!
//! Apart because addresses come from the data here, and a wrong one tells a customer's affairs to a stranger.

use std::path::PathBuf;

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{python, root};
use crate::workplace::Workplace;

const MONDAY: &str = "2026-11-16";
const THURSDAY: &str = "2026-11-19";

/// Entered two weeks after the contract was signed: the deadline of five working days is broken.
fn late(company: &mut Company, row: usize) {
    company.customers.set(row, "签约日期", "2026-10-12");
}

/// A company with the daily mail and this register of employees.
fn workplace(company: &Company, employees: &str) -> Workplace {
    let job = "\n[[job]]\nname = \"daily\"\nschedule = \"30 8 * * *\"\nperiod = \"day\"\nreports = [\"due-today\"]\n";
    let workplace = company.workplace_with(&(configuration(MAIL_AS_FILES) + job));
    workplace.write("data/employees.csv", format!("姓名,部门,状态,离职日期,邮箱,上级,授权级别\n{employees}"));
    workplace
}

/// (recipient, what the mail says) of the last day's mails, in the order of the ledger.
fn mails(workplace: &Workplace, period: &str) -> Vec<(String, Value)> {
    let list = workplace.hedui(&["outbox", "list", "--format", "json"]).json();
    let list = list.as_array().expect("an array").iter().filter(|mail| mail["period"] == period);
    let (recipients, files): (Vec<String>, Vec<PathBuf>) = list
        .map(|mail| {
            let text = |key: &str| mail[key].as_str().expect("text").to_owned();
            (text("recipient"), workplace.path(&text("file")))
        })
        .unzip();
    let files: Vec<&str> = files.iter().map(|path| path.to_str().expect("UTF-8")).collect();
    let read: Vec<Value> = match files.is_empty() {
        true => Vec::new(),
        false => serde_json::from_str(&python("it/py/parts.py", &files)).expect("JSON"),
    };
    for mail in &read {
        assert_eq!(mail["faults"], serde_json::json!([]), "{mail}");
        assert_eq!(mail["lang"], "zh-CN");
    }
    recipients.into_iter().zip(read).collect()
}

fn says(mail: &Value, words: &str) -> bool {
    mail["text"].as_str().expect("a body").contains(words)
}

const STAFF: &str = "王伟,华东销售部,在职,,wangwei@example.com,张总,\n李娜,华南销售部,在职,,,张总,\n\
                     张总,华东销售部,在职,,zhang@example.com,,\n陈静,客户服务部,在职,,chen@example.com,,\n\
                     离人,华东销售部,离职,2026-01-31,left@example.com,张总,\n";

#[test]
fn nothing_due_is_no_mail() {
    let workplace = workplace(&Company::clean(4), STAFF);
    workplace.as_of(MONDAY, &["run", "daily"]).exits(0);
    assert_eq!(mails(&workplace, MONDAY), []);
}

#[test]
fn each_gets_his_own_and_the_department_what_no_mail_reaches() {
    let mut company = Company::clean(6);
    late(&mut company, 0); // 王伟
    late(&mut company, 1); // 李娜, who has no address
    late(&mut company, 2); // whose owner has left
    company.customers.set(2, "负责人", "离人");
    company.customers.set(4, "联系电话", "12"); // no deadline
    let workplace = workplace(&company, STAFF);
    workplace.as_of(MONDAY, &["run", "daily"]).exits(0);
    let mails = mails(&workplace, MONDAY);
    let recipients: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(recipients, ["wangwei@example.com", "east@example.com", "south@example.com"]);
    let keys = |mail: &Value| -> Vec<String> {
        let sheet = mail["attachments"][0]["sheets"]["待办清单"].as_array().expect("a list").clone();
        let cells = sheet.iter().filter_map(|row| row[3].as_str()).filter(|key| key.starts_with("经销商"));
        let mut keys: Vec<String> = cells.map(str::to_owned).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    assert_eq!(keys(&mails[0].1), ["经销商2023-001"], "王伟 gets nobody else's");
    assert_eq!(keys(&mails[1].1), ["经销商2023-003"], "the leaver's goes to his department");
    assert_eq!(keys(&mails[2].1), ["经销商2023-002"]);
    assert!(says(&mails[1].1, "1 名人员没有可用的邮箱") && says(&mails[2].1, "1 名人员没有可用的邮箱"));
    assert!(!says(&mails[0].1, "没有可用的邮箱"));
    for (_, mail) in &mails {
        assert!(!says(mail, "王伟") && !says(mail, "李娜") && !says(mail, "宁波华联"), "no name in a body");
        assert_eq!(mail["cc"], "");
    }
}

#[test]
fn the_manager_gets_a_copy_after_three_working_days() {
    let mut company = Company::clean(2);
    late(&mut company, 0);
    late(&mut company, 1);
    let workplace = workplace(&company, STAFF);
    workplace.as_of(MONDAY, &["run", "daily"]).exits(0);
    workplace.as_of("2026-11-18", &["run", "daily"]).exits(0);
    assert!(mails(&workplace, "2026-11-18").iter().all(|(_, mail)| mail["cc"] == ""), "two working days");
    workplace.as_of(THURSDAY, &["run", "daily"]).exits(0);
    let mails = mails(&workplace, THURSDAY);
    let recipients: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(recipients, ["wangwei@example.com", "zhang@example.com", "south@example.com"]);
    assert_eq!(mails[1].1["to"], "wangwei@example.com");
    assert_eq!(mails[1].1["cc"], "zhang@example.com");
    assert!(says(&mails[1].1, "抄送上级") && !says(&mails[2].1, "抄送上级"));
}

#[test]
fn names_that_two_people_share_are_told_apart_by_department_or_not_at_all() {
    let mut company = Company::clean(2);
    late(&mut company, 0);
    let twice =
        "王伟,华东销售部,在职,,one@example.com,,\n王伟,华南销售部,在职,,two@example.com,,\n李娜,华南销售部,在职,,,,\n";
    let told = workplace(&company, twice);
    told.as_of(MONDAY, &["run", "daily"]).exits(0);
    assert_eq!(mails(&told, MONDAY)[0].0, "one@example.com");
    let same = twice.replace("王伟,华南销售部", "王伟,华东销售部");
    let not_told = workplace(&company, &same);
    not_told.as_of(MONDAY, &["run", "daily"]).exits(0);
    assert_eq!(mails(&not_told, MONDAY)[0].0, "east@example.com", "neither of the two");
}

#[test]
fn a_person_sees_no_more_than_he_may_and_hears_that_there_is_more() {
    let mut company = Company::clean(4);
    late(&mut company, 0);
    late(&mut company, 2);
    company.customers.set(0, "密级", "秘密");
    company.customers.set(0, "客户名称", "绝密贸易有限公司");
    let secret = |workplace: &Workplace| {
        let text = workplace.read("hedui.toml");
        let east = "to = [\"east@example.com\"]\n";
        workplace.write("hedui.toml", text.replace(east, &format!("{east}clearance = \"秘密\"\n")));
    };
    for (employees, cleared, shown) in [
        (STAFF.to_owned(), false, false),
        (STAFF.to_owned(), true, true),
        (
            STAFF.replace(
                "王伟,华东销售部,在职,,wangwei@example.com,张总,",
                "王伟,华东销售部,在职,,wangwei@example.com,张总,内部",
            ),
            true,
            false,
        ),
        (
            STAFF.replace(
                "王伟,华东销售部,在职,,wangwei@example.com,张总,",
                "王伟,华东销售部,在职,,wangwei@example.com,张总,高",
            ),
            true,
            false,
        ),
    ] {
        let workplace = workplace(&company, &employees);
        if cleared {
            secret(&workplace);
        }
        workplace.as_of(MONDAY, &["run", "daily"]).exits(0);
        let (to, mail) = mails(&workplace, MONDAY).remove(0);
        assert_eq!(to, "wangwei@example.com");
        assert_eq!(mail.to_string().contains("绝密贸易"), shown, "{employees} {cleared}");
        assert_eq!(says(&mail, "因密级未列示"), !shown, "{mail}");
    }
}

#[test]
fn a_filter_is_checked_at_its_line() {
    let company = Company::clean(1);
    let name = "report_templates/due-today/report.toml";
    let built_in = std::fs::read_to_string(root().join(name)).expect("the built-in definition");
    for (old, new, words) in [
        ("kinds = [\"deadline\"]", "kinds = [\"deadlin\"]", "deadline"),
        ("\"owner-has-left\"", "\"owner-has-lef\"", "owner-has-left"),
        ("statuses = [\"new\"", "statuses = [\"neu\"", "new"),
        ("statuses =", "status =", "statuses"),
        ("only_if = \"to_do\"", "only_if = \"todo\"", "to_do"),
        ("copy_manager_after = 3", "copy_manager_after = 0", "60"),
        ("audience = \"persons\"", "audience = \"departments\"", "persons"),
    ] {
        let workplace = workplace(&company, STAFF);
        let line = 1 + built_in[..built_in.find(old).expect("there")].matches('\n').count();
        workplace.write(name, built_in.replacen(old, new, 1));
        let ran = workplace.hedui(&["lint"]);
        let line = if old.starts_with("audience") { 0 } else { line };
        ran.exits(2).says(words);
        assert!(line == 0 || ran.stderr.contains(&format!("{name}:{line}:")), "{new}: {}", ran.all());
    }
}
