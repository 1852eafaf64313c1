//! Nothing personal in logs; what is written is readable by the owner only.
//!
//! Apart because a leak is nobody's feature: every way to fail is walked with the log turned up, and every value of the
//! customers is looked for in it.

use std::collections::BTreeSet;

use crate::company::Company;
use crate::configuration::configuration;
use crate::server::{PASSWORD, Server};
use crate::workplace::{AS_OF, Ran, Workplace, mode};

/// Columns whose values nobody but a department may see.
const PERSONAL: [&str; 9] =
    ["客户名称", "统一社会信用代码", "法定代表人", "联系人", "联系电话", "电子邮箱", "地址", "银行账号", "备注"];

/// A company with every kind of fault, and words in the values that tell where a leak comes from.
fn company() -> Company {
    let mut company = Company::clean(8);
    for (row, label, value) in [
        (0, "联系电话", "秘话一二三"),
        (1, "电子邮箱", "geheim-mail@@example"),
        (2, "邮编", "秘邮编"),
        (3, "统一社会信用代码", "秘代码91330200"),
        (4, "银行账号", "6.2220210011162E+18"),
        (5, "注册资本(万元)", "秘资本"),
        (6, "最近更新日期", "秘日期"),
        (7, "客户名称", "宁波华联1号贸易有限公司"),
        (1, "备注", "秘备注"),
    ] {
        company.customers.set(row, label, value);
    }
    company.contracts.set(2, "合同金额(万元)", "秘金额");
    company.contracts.set(3, "档案编号", "秘档案");
    company.visits.set(4, "沟通内容摘要", "");
    company.visits.set(5, "拜访主题", "秘主题");
    company
}

fn secrets(company: &Company) -> BTreeSet<String> {
    let mut secrets: BTreeSet<String> = BTreeSet::new();
    for row in 0..company.customers.rows.len() {
        secrets.extend(PERSONAL.map(|label| company.customers.get(row, label).to_owned()));
    }
    for (_, table) in company.tables() {
        secrets.extend(table.rows.iter().flatten().filter(|cell| cell.contains('秘')).cloned());
    }
    secrets.remove("");
    secrets.insert("秘".to_owned());
    secrets.insert(PASSWORD.to_owned());
    secrets
}

#[track_caller]
fn keeps(ran: &Ran, secrets: &BTreeSet<String>) {
    for text in [&ran.stderr, &ran.stdout] {
        for secret in secrets {
            assert!(!text.contains(secret.as_str()), "`{secret}` in {}", ran.all());
        }
    }
}

#[test]
fn no_customer_value_is_ever_told_on_stderr() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--misbehave", "refuse-550-for", "south@example.com"]);
    let mut company = company();
    let workplace = company.workplace_with(&configuration(&server.settings()));
    let run = |workplace: &Workplace, arguments: &[&str]| {
        let mut command = workplace.command();
        command
            .args(arguments)
            .args(["-vv", "--as-of", AS_OF])
            .env("HEDUI_IT_PASSWORD", PASSWORD)
            .env("RUST_LOG", "trace");
        Ran::of(&mut command, &arguments.join(" "))
    };
    let known = secrets(&company);
    let walk = |workplace: &Workplace, known: &BTreeSet<String>| {
        for arguments in [
            ["check", "--findings", "f.csv"].as_slice(),
            &["run", "weekly"],
            &["outbox", "list"],
            &["history", "runs"],
            &["lint"],
        ] {
            let ran = run(workplace, arguments);
            assert!([0, 3, 4].contains(&ran.code), "{}", ran.all());
            keeps(&ran, known);
        }
    };
    walk(&workplace, &known);
    assert!(workplace.read("f.csv").contains("秘话一二三"), "the export is data and has it");
    // broken in every table: still not a word
    company.customers.rows.truncate(3);
    company.write(&workplace);
    let customers = workplace.read("data/customers.csv");
    workplace.write("data/customers.csv", customers.replace("档案编号", "秘编号").replacen('\n', "\n\"秘引号", 1));
    workplace.write("data/contracts.csv", "秘头一,秘头二\n秘,秘\n");
    workplace.write("data/visits.csv", b"\xff\xfe\xfd\x00");
    workplace.write("data/changes.csv", "<html>秘</html>");
    walk(&workplace, &known);
}

#[test]
fn state_and_out_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let workplace = company().workplace();
    // even where the folders were there before, and the umask is loose
    std::fs::create_dir(workplace.path("out")).expect("a folder");
    std::fs::set_permissions(workplace.path("out"), std::fs::Permissions::from_mode(0o755)).expect("a mode");
    for day in ["2026-11-15", AS_OF, AS_OF] {
        workplace.as_of(day, &["run", "weekly"]).exits(0);
    }
    workplace.as_of(AS_OF, &["run", "weekly", "--dry-run"]).exits(0);
    let mut folders = BTreeSet::new();
    for name in ["state", "out"] {
        assert_eq!(mode(&workplace.path(name)), 0o700, "{name}");
        for path in workplace.files(name) {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            folders.extend(
                path.ancestors().skip(1).take_while(|folder| *folder != workplace.folder()).map(ToOwned::to_owned),
            );
        }
    }
    for folder in folders {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
    }
}

#[test]
fn an_error_of_writing_tells_no_value_either() {
    let workplace = company().workplace();
    let known = secrets(&company());
    for arguments in
        [["check", "--findings", "hedui.toml/f.csv"].as_slice(), &["check", "--load-notes", "hedui.toml/n.json"]]
    {
        let ran = workplace.as_of(AS_OF, arguments);
        keeps(&ran, &known);
        ran.exits(2).says("hedui.toml/");
    }
}
