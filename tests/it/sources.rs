//! READ: a broken source is said, and the rest goes on.
//!
//! Apart from `cases`, because these files are made by other programs, or broken on purpose, byte by byte.

use std::path::PathBuf;

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration, configuration_of, sources};
use crate::python::python;
use crate::workplace::{AS_OF, Workplace};

/// A company with a bad phone number, whose contracts come from one file.
fn with_contracts_in(file: &str) -> Workplace {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let location = |table: &str| match table {
        "contracts" => format!("path = \"{file}\""),
        _ => format!("path = \"data/{table}.csv\""),
    };
    company.workplace_with(&configuration_of(&sources(location), MAIL_AS_FILES))
}

/// Checks the workplace: done in part, the file named, contracts not evaluated, the rest evaluated as ever.
#[track_caller]
fn goes_on_without(workplace: &Workplace, file: &str, words: &[&str]) {
    let ran = workplace.as_of(AS_OF, &["check", "--format", "json", "--findings", "f.csv"]);
    ran.exits(3);
    // on stderr, or as the reason of each rule that it keeps from being evaluated
    for words in [&[file], words].concat() {
        assert!(ran.stderr.contains(words) || ran.stdout.contains(words), "no `{words}` in {}", ran.all());
    }
    let lines = ran.json();
    let line = |rule: &str| -> &Value {
        lines.as_array().expect("an array").iter().find(|line| line["rule_id"] == rule).expect("the rule")
    };
    assert_eq!(line("tier-declared")["outcome"], "not_evaluated", "{}", ran.all());
    assert_ne!(line("tier-declared")["reason"], "", "{}", ran.all());
    assert_eq!((&line("phone-format")["outcome"], &line("phone-format")["failing"]), (&"failed".into(), &1.into()));
    let found: Vec<String> =
        workplace.findings("f.csv").into_iter().map(|finding| finding["rule_id"].clone()).collect();
    assert_eq!(found, ["phone-format"], "{}", ran.all());
    // a run says it too, in every mail, and ends the same way
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(3);
    let said: Value = serde_json::from_str(&workplace.read("out/weekly/2026-W47/run.json")).expect("JSON");
    assert_eq!(said["status"], "partial");
}

/// A workbook with one sheet of contracts.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, record) in (0..).zip(Company::clean(4).contracts.csv().lines()) {
        for (column, cell) in (0..).zip(record.split(',')) {
            sheet.write(row, column, cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn broken_files_are_named_and_the_rest_goes_on() {
    let whole = workbook();
    let old: Vec<u8> = [[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].as_slice(), &[0; 900]].concat();
    let html = "<html><head><meta charset=gbk></head><table><tr><td>合同编号</td></tr></table></html>";
    for (file, bytes, words) in [
        ("合同.xlsx", whole[..whole.len() / 2].to_vec(), ["工作簿"].as_slice()),
        ("合同_end.xlsx", whole[..whole.len() - 30].to_vec(), &["工作簿"]),
        ("合同_few.xlsx", whole[..100].to_vec(), &["工作簿"]),
        ("合同.xls", html.into(), &["表头"]),
        ("合同_old.xls", old, &[]),
        ("合同_empty.xlsx", Vec::new(), &["空"]),
        ("合同_blank.csv", b"\n\n  \r\n".to_vec(), &["空"]),
        ("合同_zip.xlsx", b"PK\x03\x04 and no more of it".to_vec(), &["工作簿"]),
        ("合同.parquet", b"PAR1 and no more of it PAR1".to_vec(), &[]),
        ("合同_bytes.csv", (0..=255).cycle().take(5000).collect(), &[]),
        ("合同_prose.csv", "今天天气很好\n没有表头\n".into(), &["表头"]),
        ("合同_none.csv", "合同编号,档案编号,签订日期,合同金额(万元),状态\n".into(), &["没有任何数据行"]),
    ] {
        let name = format!("data/{file}");
        let workplace = with_contracts_in(&name);
        workplace.write(&name, bytes);
        let shown = if file == "合同_none.csv" { "合同" } else { file };
        goes_on_without(&workplace, shown, words);
    }
}

#[test]
fn a_workbook_with_a_password_is_named_as_such() {
    let workplace = with_contracts_in("data/合同.xlsx");
    workplace.write("data/合同.xlsx", workbook());
    workplace.as_of(AS_OF, &["check"]).exits(0);
    python("it/py/tables.py", &["lock", &workplace.path("data/合同.xlsx").display().to_string(), "geheim"]);
    goes_on_without(&workplace, "合同.xlsx", &["密码"]);
}

#[test]
fn only_the_newest_of_several_files_is_read_where_that_is_wished() {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let location = |table: &str| match table {
        "customers" => "path = \"data/客户*.csv\"\nnewest = true".to_owned(),
        _ => format!("path = \"data/{table}.csv\""),
    };
    let workplace = company.workplace_with(&configuration_of(&sources(location), MAIL_AS_FILES));
    let good = workplace.read("data/customers.csv").replace(",123,", ",13800138000,");
    for (name, text, age) in
        [("客户表.csv", workplace.read("data/customers.csv"), 10), ("客户表 - 副本.csv", good, 5000)]
    {
        workplace.write(&format!("data/{name}"), text);
        let file = std::fs::File::options().append(true).open(workplace.path(&format!("data/{name}"))).expect("a file");
        let time = std::time::SystemTime::now() - std::time::Duration::from_secs(age);
        file.set_modified(time).expect("a time");
    }
    workplace.as_of(AS_OF, &["check", "--findings", "f.csv", "--load-notes", "n.json"]).exits(0);
    let found = workplace.findings("f.csv");
    assert_eq!(found.iter().filter(|finding| finding["rule_id"] == "phone-format").count(), 1);
    let notes = workplace.read("n.json");
    assert!(notes.contains("只取最新的文件") && notes.contains("客户表 - 副本.csv"), "{notes}");
}

#[test]
fn a_missing_file_or_sheet_is_named() {
    goes_on_without(&with_contracts_in("data/没有.xlsx"), "没有.xlsx", &["找不到文件"]);
    goes_on_without(&with_contracts_in("data/没有*.csv"), "没有*.csv", &["找不到文件"]);
    let workplace = with_contracts_in("data/合同.xlsx\"\nsheet = \"台账");
    workplace.write("data/合同.xlsx", workbook());
    goes_on_without(&workplace, "合同.xlsx", &["台账"]);
}

#[test]
fn a_missing_core_column_is_named() {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    company.contracts.drop_column("合同金额(万元)");
    let workplace = company.workplace();
    goes_on_without(&workplace, "data/contracts.csv", &["合同金额"]);
}

#[test]
fn two_columns_that_claim_one_field_are_named() {
    let workplace = with_contracts_in("data/contracts.csv");
    let text = workplace.read("data/contracts.csv").replace("状态", "合同编号");
    workplace.write("data/contracts.csv", text);
    goes_on_without(&workplace, "contracts.csv", &["A", "E", "合同编号"]);
}

#[test]
fn a_database_that_is_none_or_a_query_that_fails_is_named_without_its_secret() {
    for (lines, words) in [
        ("url = \"sqlite:crm.db\"\nquery = \"select * from contracts\"", "crm.db"),
        ("url = \"sqlite:none.db\"\nquery = \"select * from contracts\"", "none.db"),
        ("url = \"env:HEDUI_IT_NOT_SET\"\nquery = \"select 1\"", "HEDUI_IT_NOT_SET"),
    ] {
        let location =
            |table: &str| if table == "contracts" { lines.to_owned() } else { format!("path = \"data/{table}.csv\"") };
        let mut company = Company::clean(4);
        company.customers.set(0, "联系电话", "123");
        let workplace = company.workplace_with(&configuration_of(&sources(location), MAIL_AS_FILES));
        workplace.write("crm.db", "this is no database");
        goes_on_without(&workplace, words, &[]);
        assert_eq!(workplace.read("crm.db"), "this is no database");
        assert!(!workplace.path("none.db").exists(), "sources are only read");
    }
}

#[test]
fn damage_at_any_place_of_a_workbook_is_an_error_or_none_but_never_a_panic() {
    let whole = workbook();
    let workplace = with_contracts_in("data/合同.xlsx");
    for step in 0..40 {
        let mut bytes = whole.clone();
        let place = bytes.len() * step / 40;
        bytes[place..].iter_mut().take(7).for_each(|byte| *byte ^= 0x5A);
        workplace.write("data/合同.xlsx", bytes);
        let ran = workplace.as_of(AS_OF, &["check"]);
        assert!([0, 3].contains(&ran.code), "{}", ran.all());
    }
}

#[test]
fn a_customers_file_that_cannot_be_read_leaves_the_others_rows_to_single_row_rules() {
    let mut company = Company::clean(6);
    company.customers.set(0, "联系电话", "123");
    let customers = "[[source]]\ntable = \"customers\"\npath = \"data/south.csv\"\n";
    let workplace = company.workplace_with(&configuration(MAIL_AS_FILES).replacen(
        "[departments",
        &format!("{customers}[departments"),
        1,
    ));
    let ran = workplace.as_of(AS_OF, &["check", "--format", "json"]);
    let lines = ran.exits(3).says("data/south.csv").json();
    for (rule, outcome) in [
        ("phone-format", "failed"),
        ("required-fields", "passed"),
        ("name-unique", "not_evaluated"),
        ("uscc-unique", "not_evaluated"),
        ("archive-no-unique", "not_evaluated"),
        ("known-customer-contracts", "not_evaluated"),
        ("known-customer-visits", "not_evaluated"),
        ("owner-has-left", "passed"),
        ("tier-declared", "passed"),
    ] {
        let line = lines.as_array().expect("an array").iter().find(|line| line["rule_id"] == rule).expect("the rule");
        assert_eq!(line["outcome"], outcome, "{line}");
    }
}

#[test]
fn sources_are_never_written() {
    let company = Company::clean(3);
    let workplace = company.workplace();
    let before: Vec<(PathBuf, Vec<u8>)> =
        workplace.files("data").into_iter().map(|path| (path.clone(), std::fs::read(path).expect("bytes"))).collect();
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let after: Vec<(PathBuf, Vec<u8>)> =
        workplace.files("data").into_iter().map(|path| (path.clone(), std::fs::read(path).expect("bytes"))).collect();
    assert_eq!(before, after);
}
