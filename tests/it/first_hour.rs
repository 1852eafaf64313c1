//! The first hour: `hedui init` is told, or asks, where a company's spreadsheets are, and what it writes runs.
//!
//! Apart because here nobody has written a configuration: what a newcomer finds is what the program made of his files.

use std::path::Path;
use std::process::Command;

use crate::company::{Company, Table};
use crate::python::{interpreter, root};
use crate::workplace::{AS_OF, Ran, Workplace, binary};

/// A table with some of its rows.
fn rows(table: &Table, from: usize, step: usize) -> Table {
    let mut part = table.clone();
    part.rows = part.rows.into_iter().skip(from).step_by(step).collect();
    part
}

/// A folder as a company has it: a file a department that does not name the department inside, a key under another name,
/// columns that are not there, a file of something else, and what an office program leaves about.
fn spreadsheets() -> Workplace {
    let workplace = Workplace::new("");
    let mut company = Company::clean(12);
    for column in ["负责部门", "录入日期", "传真"] {
        company.customers.drop_column(column);
    }
    company.customers.set(0, "联系电话", "138");
    for (place, department) in ["华东销售部", "华南销售部"].into_iter().enumerate() {
        let text = rows(&company.customers, place, 2).csv().replace("档案编号", "客户编码");
        workplace.write(&format!("表格/客户_{department}.csv"), text);
    }
    workplace.write("表格/合同.csv", company.contracts.csv().replace("档案编号", "客户编码"));
    workplace.write("表格/食堂.csv", "菜,价\n鱼,12\n肉,15\n");
    workplace.write("表格/~$客户.xlsx", "a lock");
    workplace.write("表格/说明.docx", "no spreadsheet");
    workplace
}

fn init(workplace: &Workplace, more: &[&str]) -> Ran {
    let given = ["init", "核对", "--data", "表格", "--company", "华联进出口有限公司"];
    workplace.as_of(AS_OF, &[given.as_slice(), more].concat())
}

fn in_it(workplace: &Workplace, arguments: &[&str]) -> Ran {
    workplace.as_of(AS_OF, &[["--config", "核对/hedui.toml"].as_slice(), arguments].concat())
}

/// The workbooks of departments below a folder.
fn workbooks(workplace: &Workplace) -> Vec<String> {
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let all = workplace.files("核对/out/weekly").iter().map(|path| name(path)).collect::<Vec<_>>();
    all.into_iter().filter(|name| name.starts_with("客户质量周报_")).collect()
}

#[test]
fn what_it_writes_of_spreadsheets_runs() {
    let workplace = spreadsheets();
    let before = workplace.snapshot();
    init(&workplace, &[]).exits(0).says("客户 12 个：").says("没有用到：食堂.csv").says("录入日期").says("doctor");
    for (path, bytes) in before {
        assert_eq!(std::fs::read(&path).expect("a file"), bytes, "{} was touched", path.display());
    }
    let written = workplace.read("核对/hedui.toml");
    for line in [
        "path = \"../表格/客户_*.csv\"",
        "archive_no = \"客户编码\"",
        "department = { from = \"file\", pattern = \"^客户_(.+)$\" }",
        "[departments.\"华东销售部\"]   # 6 个客户\n# to = [",
        "transport = \"file\"",
    ] {
        assert!(written.contains(line), "no {line} in\n{written}");
    }
    in_it(&workplace, &["lint"]).exits(0);
    in_it(&workplace, &["test"]).exits(0);
    // what the company does not have is no reason to end in part, and what it has is asked for as ever
    let outcomes = in_it(&workplace, &["check", "--format", "json"]).exits(0).json();
    let outcome = |rule: &str| {
        let found = outcomes.as_array().expect("an array").iter().find(|line| line["rule_id"] == rule);
        found.unwrap_or_else(|| panic!("no {rule} in {outcomes}"))["outcome"].clone()
    };
    assert_eq!(outcome("own-required-fields"), "passed");
    assert_eq!(outcome("entered-within-5-working-days"), "not_applicable");
    assert_eq!(outcome("phone-format"), "failed");
    in_it(&workplace, &["run", "weekly"]).exits(0).says("没有收件人").says("华东销售部, 华南销售部");
    let books = workbooks(&workplace);
    assert_eq!(books.len(), 3, "{books:?}");
    assert!(books.iter().any(|name| name.contains("华东销售部")), "{books:?}");
}

#[test]
fn columns_that_feed_nothing_are_told() {
    let workplace = Workplace::new("");
    let header = "编号,单位名称,所属大区,跟单员,联系电话\n";
    let rows = "1,甲公司,华北,张三,13800000001\n2,乙公司,华东,李四,13800000002\n3,丙公司,华东,李四,13800000003\n";
    workplace.write("表格/客户.csv", format!("{header}{rows}"));
    let said = init(&workplace, &["--yes"]).exits(0).stderr.clone();
    let told = said.lines().find(|line| line.contains("没有用到的列")).unwrap_or_else(|| panic!("{said}"));
    assert!(told.contains("所属大区") && told.contains("跟单员") && !told.contains("联系电话"), "{told}");
    assert!(said.contains("看不出负责部门"), "{said}");
    let written = workplace.read("核对/hedui.toml");
    assert!(written.lines().any(|line| line.starts_with("# 没有用到的列：") && line.contains("跟单员")), "{written}");
    // what is told is what mends it
    workplace.write(
        "核对/hedui.toml",
        written.replacen("[source.columns]", "[source.columns]\ndepartment = \"所属大区\"", 1),
    );
    in_it(&workplace, &["lint"]).exits(0);
    in_it(&workplace, &["doctor"]).exits(0).prints("华北");
}

#[test]
fn doctor_says_what_is_left_in_order() {
    let workplace = spreadsheets();
    init(&workplace, &["--department", "华东销售部=east@hualian.example"]).exits(0);
    let said = in_it(&workplace, &["doctor"]).exits(0).stdout.clone();
    let steps: Vec<&str> = said.split("发第一封邮件之前，依次：").nth(1).expect("the steps").lines().collect();
    let place = |words: &str| {
        let found = steps.iter().position(|step| step.contains(words));
        found.unwrap_or_else(|| panic!("no {words} in {steps:#?}"))
    };
    let order = ["填上 to", "换成真实的邮箱", "transport = \"smtp\"", "crontab.example", "--only-to"];
    let places: Vec<usize> = order.iter().map(|words| place(words)).collect();
    assert!(places.is_sorted(), "{places:?} in {steps:#?}");
    assert!(said.contains("华南销售部") && !said.contains("没有收件人，只写工作簿、不发邮件：华东销售部"), "{said}");
}

#[test]
fn it_writes_over_nothing() {
    let workplace = spreadsheets();
    workplace.write("核对/rules/own.toml", "# mine\n");
    init(&workplace, &[]).exits(0);
    assert_eq!(workplace.read("核对/rules/own.toml"), "# mine\n");
    let before = workplace.snapshot();
    init(&workplace, &[]).exits(2).says("不覆盖");
    assert_eq!(workplace.snapshot(), before);
}

#[test]
fn without_terminal_and_flags_it_writes_the_sample() {
    let workplace = Workplace::new("");
    workplace.hedui(&["init", "new"]).exits(0).says("已写好 new/hedui.toml");
    let mut english = workplace.command();
    Ran::of(english.args(["init", "english"]).env("LANG", "en_US.UTF-8"), "init").exits(0).says("is written");
    for folder in ["new", "english"] {
        let text = workplace.read(&format!("{folder}/hedui.toml"));
        assert!(!text.contains('%'), "{text}");
        workplace.hedui(&["--config", folder, "lint"]).exits(0);
    }
    // both languages say the same of the same keys
    let keys = |folder: &str| -> Vec<String> {
        let text = workplace.read(&format!("{folder}/hedui.toml"));
        let key =
            |line: &str| line.trim_start_matches(['#', ' ']).split_once(" = ").map(|(key, _)| key.trim().to_owned());
        let plain = |key: &String| key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
        text.lines().filter_map(key).filter(plain).collect()
    };
    assert_eq!(keys("new"), keys("english"));
}

#[test]
fn the_sample_and_the_schema_know_every_key() {
    let workplace = Workplace::new("");
    workplace.hedui(&["init", "new"]).exits(0);
    let schema = workplace.hedui(&["lint", "--schema", "configuration"]).exits(0).json();
    assert_eq!(workplace.read("new/hedui.schema.json"), format!("{schema:#}\n"), "init writes the schema");
    let text = workplace.read("new/hedui.toml");
    let mut keys = Vec::new();
    gather(&schema, &mut keys);
    assert!(keys.len() > 80, "{keys:?}");
    let is_shown = |key: &str| {
        [format!("{key} ="), format!("[{key}"), format!(".{key}"), format!("{key}.")]
            .iter()
            .any(|form| text.contains(form))
    };
    let unknown: Vec<&String> = keys.iter().filter(|key| !is_shown(key)).collect();
    assert!(unknown.is_empty(), "keys that the sample does not show: {unknown:?}");
}

/// All keys of a schema.
fn gather(schema: &serde_json::Value, keys: &mut Vec<String>) {
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
        [below, &below["items"], &below["additionalProperties"]].into_iter().for_each(|below| gather(below, keys));
    }
    gather_any(schema, keys);
}

fn gather_any(schema: &serde_json::Value, keys: &mut Vec<String>) {
    let below = &schema["additionalProperties"];
    if below.is_object() {
        gather(below, keys);
    }
}

/// Answers at a terminal, as a person types them; what the terminal showed.
fn typed(workplace: &Workplace, arguments: &[&str], answers: &[&str]) -> (String, i32) {
    let output = Command::new(interpreter())
        .arg(root().join("tests/it/py/at_terminal.py"))
        .arg(binary())
        .args(arguments)
        .arg("--")
        .args(answers)
        .current_dir(workplace.folder())
        .env("LANG", "zh_CN.UTF-8")
        .output()
        .expect("Python");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    (shown, output.status.code().unwrap_or(-1))
}

#[test]
fn at_a_terminal_it_asks() {
    let workplace = spreadsheets();
    let answers =
        ["en", "Hualian", "nowhere", "表格", "", "Service", "kefu@hualian.example", "east", "east@hualian.example", ""];
    let (shown, code) = typed(&workplace, &["--as-of", AS_OF, "init", "核对"], &answers);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("cannot read nowhere") && shown.contains("`east` is no mail address"), "{shown}");
    let written = workplace.read("核对/hedui.toml");
    for line in [
        "name = \"Hualian\"",
        "language = \"en\"",
        "fallback_department = \"Service\"",
        "to = [\"kefu@hualian.example\"]",
        "to = [\"east@hualian.example\"]",
        "from = \"Service <kefu@hualian.example>\"",
        "# to = [",
    ] {
        assert!(written.contains(line), "no {line} in\n{written}");
    }
    in_it(&workplace, &["run", "weekly"]).exits(0).says("no recipient");
}

#[test]
fn whoever_goes_away_in_the_middle_has_nothing_written() {
    let workplace = spreadsheets();
    let before = workplace.snapshot();
    let (shown, code) = typed(&workplace, &["init", "核对"], &["zh"]);
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("什么也没有写"), "{shown}");
    assert_eq!(workplace.snapshot(), before);
}
