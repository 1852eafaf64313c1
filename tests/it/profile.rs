//! `hedui profile`: what a source holds, told before there is a rule; and what it suggests can be pasted.
//!
//! Apart because it is the one command that works without a workplace.

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration_of, csv_sources};
use crate::workplace::{AS_OF, Ran, Workplace};

/// Customers below two title rows, with a blank row and a total, an alias, a near label, and columns that no label names.
fn customers(is_twice: bool) -> String {
    let mut company = Company::clean(40);
    company.customers.set(3, "电子邮箱", "无");
    company.customers.set(4, "签约日期", "去年");
    if is_twice {
        company.customers.set(5, "档案编号", "经销商2023-005");
    }
    let text = company.customers.csv();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[0] =
        lines[0].replace("联系电话", "* 联系 电话").replace("电子邮箱", "Email").replace("负责人", "跟进业务员X");
    for (number, line) in lines.iter_mut().enumerate() {
        let more = match number {
            0 => "老板手机,内部说明".to_owned(),
            _ => format!("139{number:08},请打13700137{number:03}"),
        };
        line.push(',');
        line.push_str(&more);
    }
    let blank = ",".repeat(lines[0].matches(',').count());
    lines.insert(10, blank.clone());
    lines.push(format!(",合计{}", &blank[1..]));
    lines.splice(0..0, [format!("客户档案{blank}"), format!("截至十一月{blank}")]);
    lines.join("\n") + "\n"
}

fn profiled(workplace: &Workplace, arguments: &[&str]) -> Value {
    let ran = workplace.as_of(AS_OF, &[&["profile", "--format", "json"], arguments].concat());
    ran.exits(0).json()["sheets"].clone()
}

fn column<'s>(sheet: &'s Value, header: &str) -> &'s Value {
    let columns = sheet["columns"].as_array().expect("columns");
    columns.iter().find(|column| column["header"] == header).unwrap_or_else(|| panic!("no column {header}"))
}

#[test]
fn a_file_is_understood_without_a_workplace() {
    let workplace = Workplace::new("");
    workplace.write("客户.csv", customers(true));
    let sheet = &profiled(&workplace, &["客户.csv"])[0];
    assert_eq!(
        (&sheet["table"], &sheet["header_row"], &sheet["encoding"]),
        (&"customers".into(), &3.into(), &"UTF-8".into())
    );
    assert_eq!((&sheet["rows_read"], &sheet["rows_checked"]), (&42.into(), &40.into()));
    assert_eq!(sheet["skipped"]["blank"], serde_json::json!({"count": 1, "rows": [13]}));
    assert_eq!(sheet["skipped"]["total"]["count"], 1);
    for (header, field, sureness) in
        [("档案编号", "archive_no", "label"), ("* 联系 电话", "phone", "folded"), ("Email", "email", "alias")]
    {
        let column = column(sheet, header);
        assert_eq!((&column["field"], column["sureness"].as_str()), (&field.into(), Some(sureness)), "{column}");
    }
    assert_eq!(column(sheet, "档案编号")["repeated"], 2);
    assert_eq!(column(sheet, "Email")["placeholders"], serde_json::json!([{"value": "无", "count": 1}]));
    let signed = column(sheet, "签约日期");
    assert_eq!((&signed["unreadable"], &signed["least"]), (&1.into(), &"2026-10-26".into()));
    assert_eq!(signed["shapes"][0], serde_json::json!({"value": "9999-99-99", "count": 39}));
    let kind = column(sheet, "客户类型");
    assert_eq!(kind["values"], serde_json::json!([{"value": "经销商", "count": 40}]));
}

#[test]
fn what_looks_personal_is_masked_whatever_the_header_says() {
    let workplace = Workplace::new("");
    workplace.write("客户.csv", customers(true));
    let sheet = &profiled(&workplace, &["客户.csv"])[0];
    let boss = column(sheet, "老板手机");
    assert_eq!(boss["likeness"], serde_json::json!({"content": "mobile", "share": 1.0}));
    assert_eq!(boss["is_personal"], true);
    for format in ["text", "json"] {
        let ran = workplace.as_of(AS_OF, &["profile", "客户.csv", "--format", format]);
        ran.exits(0).prints("139****").prints("137****");
        for value in ["13900000001", "13700137001", "13800000001", "c1@client.example", "王伟", "6222021001116200001"]
        {
            assert!(!ran.all().contains(value) && !ran.stdout.contains(value), "{value} in {}", ran.stdout);
        }
    }
}

#[test]
fn a_column_without_a_known_name_is_told_with_what_it_may_be() {
    let workplace = Workplace::new("");
    workplace.write("客户.csv", customers(true));
    let sheet = &profiled(&workplace, &["客户.csv"])[0];
    let owner = column(sheet, "跟进业务员X");
    assert!(owner["candidates"].to_string().contains("\"owner\""), "{owner}");
    // the one field for telephone numbers that nothing feeds is taken by what the cells look like, to be looked at
    workplace.write("电话.csv", Company::clean(20).customers.csv().replace("联系电话", "老板号码Z"));
    let guessed = &profiled(&workplace, &["电话.csv"])[0];
    let boss = column(guessed, "老板号码Z");
    assert_eq!((&boss["field"], &boss["sureness"]), (&"phone".into(), &"content".into()), "{boss}");
    let mapping = guessed["mapping"].as_str().expect("text");
    assert!(mapping.contains("[source.columns]\nphone = \"老板号码Z\"   # 按内容判断：100 % 像手机号"), "{mapping}");
    workplace.write("无关.csv", "甲,乙\n1,2\n3,4\n");
    let other = &profiled(&workplace, &["无关.csv"])[0];
    assert_eq!(
        (&other["table"], &other["mapping"], &other["rules"]),
        (&Value::Null, &"".into(), &serde_json::json!([]))
    );
    let forced = &profiled(&workplace, &["无关.csv", "--table", "合同"])[0];
    assert_eq!((&forced["table"], &forced["header_row"]), (&"contracts".into(), &1.into()));
}

#[test]
fn what_is_suggested_can_be_pasted() {
    let company = Company::clean(40);
    let empty = format!(
        "[company]\nname = \"例\"\nlanguage = \"zh\"\n[departments.\"客户服务部\"]\nto = [\"a@example.com\"]\n\
         [mail]\nfrom = \"a@example.com\"\n{MAIL_AS_FILES}\n"
    );
    let workplace = Workplace::new(&empty);
    workplace.write("data/客户.csv", customers(false));
    workplace.write("data/合同.csv", company.contracts.csv());
    let all = workplace.as_of(AS_OF, &["profile", "data/*.csv", "--format", "json"]);
    let all = all.exits(0).json();
    let mappings: Vec<&str> = all["sheets"]
        .as_array()
        .expect("sheets")
        .iter()
        .map(|sheet| sheet["mapping"].as_str().expect("text"))
        .collect();
    let rules = all["rule_file"].as_str().expect("text");
    // each names the pattern that was asked for; here one file each is wanted
    let mapping =
        mappings.join("\n").replacen("data/*.csv", "data/合同.csv", 1).replacen("data/*.csv", "data/客户.csv", 1);
    workplace.write("hedui.toml", empty + &mapping);
    workplace.write("rules/profile.toml", rules);
    workplace.hedui(&["lint"]).exits(0);
    let ids: Vec<String> = all["sheets"]
        .as_array()
        .expect("sheets")
        .iter()
        .flat_map(|sheet| sheet["rules"].as_array().expect("rules").clone())
        .map(|rule| rule["id"].as_str().expect("an id").to_owned())
        .collect();
    for id in [
        "profile-customers-required",
        "profile-customers-archive-no-unique",
        "profile-contracts-contract-no-unique",
        "profile-customers-archive-no-format",
        "profile-customers-kind-allowed-values",
        "profile-customers-updated-on-stale",
        "profile-customers-entered-on-compare",
        "profile-contracts-archive-no-reference",
    ] {
        assert!(ids.contains(&id.to_owned()), "no {id} among {ids:?}");
    }
    for words in ["# required: 档案编号：40 行中 0 行为空", "# format: 100 %", "# reference: 40 个 archive_no 中 40 个"]
    {
        assert!(rules.contains(words), "no `{words}` in {rules}");
    }
    let arguments: Vec<&str> = ids.iter().flat_map(|id| ["--rule", id.as_str()]).collect();
    let checked = workplace.as_of(AS_OF, &[&["check", "--format", "json"], arguments.as_slice()].concat());
    let lines = checked.exits(0).json();
    for line in lines.as_array().expect("lines") {
        let (tested, failing) = (line["tested"].as_u64().expect("a count"), line["failing"].as_u64().expect("a count"));
        assert!(tested >= 10 && failing * 20 <= tested, "hardly a rule of this company: {line}");
    }
    // the evidence speaks the language of the company, and so does the terminal
    let text = workplace.read("hedui.toml").replace("\"zh\"", "\"en\"");
    workplace.write("hedui.toml", text);
    workplace
        .as_of(AS_OF, &["profile", "客户"])
        .exits(0)
        .prints("# required: Archive no.: 0 of 40 empty")
        .prints("mobile numbers");
}

#[test]
fn tables_of_the_configuration_and_queries_are_sources_too() {
    let workplace = Company::clean(12).workplace();
    let sheet = &profiled(&workplace, &["contracts"])[0];
    assert_eq!((&sheet["file"], &sheet["rows_checked"]), (&"data/contracts.csv".into(), &12.into()));
    let ids = sheet["rules"].to_string();
    assert!(ids.contains("profile-contracts-archive-no-reference"), "customers are read from the workplace: {ids}");
    crate::python::python(
        "it/py/tables.py",
        &["sqlite", &workplace.path("data").display().to_string(), &workplace.path("crm.db").display().to_string()],
    );
    let query = ["sqlite:crm.db", "--query", "select * from customers"];
    let sheet = &profiled(&workplace, &query)[0];
    assert_eq!((&sheet["holder"], &sheet["rows_checked"]), (&"query".into(), &12.into()));
    assert!(sheet["mapping"].as_str().expect("text").contains("url = \"sqlite:crm.db\""), "{sheet}");
    let fails = |arguments: &[&str], code: i32| -> Ran {
        let ran = workplace.as_of(AS_OF, &[&["profile"], arguments].concat());
        ran.exits(code);
        ran
    };
    fails(&["sqlite:crm.db"], 2).says("--query");
    fails(&["没有.csv"], 2).says("找不到文件");
    fails(&["contracts", "--table", "kunden"], 2).says("kunden");
    fails(&["data/customers.csv", "--query", "select 1"], 2).says("--query");
    workplace.write("坏.xlsx", b"PK\x03\x04 and no more of it");
    fails(&["坏.xlsx"], 3).prints("工作簿");
}

#[test]
fn files_of_one_pattern_are_one_source_and_one_table() {
    let company = Company::clean(40);
    let workplace = company.workplace();
    let profiled = |arguments: &[&str]| workplace.as_of(AS_OF, &[&["profile", "in/*.csv"], arguments].concat());
    // the same numbers in both files: told by one of them alone they would be unique
    workplace.write("in/east.csv", company.customers.csv());
    workplace.write("in/south.csv", company.customers.csv().replace("经销商,", "终端,"));
    let all = profiled(&["--format", "json"]).exits(0).json();
    let rules = all["rule_file"].as_str().expect("text");
    assert!(!rules.contains("profile-customers-archive-no-unique"), "{rules}");
    assert!(rules.contains("2 种取值") && rules.contains("\"终端\"") && rules.contains("合并 2 个表格"), "{rules}");
    let printed = profiled(&[]);
    assert_eq!(printed.exits(0).stdout.matches("path = \"in/*.csv\"").count(), 1, "{}", printed.stdout);
    // whose columns are told otherwise is a source of its own
    workplace.write("in/south.csv", company.customers.csv().replace("联系电话", "* 联系 电话"));
    let printed = profiled(&[]).exits(0).stdout.clone();
    for path in ["path = \"in/east.csv\"", "path = \"in/south.csv\""] {
        assert_eq!(printed.matches(path).count(), 1, "{printed}");
    }
    // and twice the same is refused
    let twice = format!("{}[[source]]\ntable = \"contacts\"\npath = \"data/contacts.csv\"\n\n", csv_sources());
    workplace.write("hedui.toml", configuration_of(&twice, MAIL_AS_FILES));
    workplace.hedui(&["lint"]).exits(2).says("hedui.toml:30:9").says("读的是同样的内容");
}
