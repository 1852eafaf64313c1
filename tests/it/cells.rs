//! READ and TYPE: what cells say, where a company's own dictionary or long texts are needed.
//!
//! Apart from `cases`, which show the same as data: a dictionary that is changed in one place would be a copy of it all
//! there, and a text of forty thousand characters no example to read.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{root, workbooks};
use crate::workplace::{AS_OF, Ran, Workplace};

/// The shipped dictionary with lines added to fields, each told by its label.
fn dictionary(changes: &[(&str, &str)]) -> String {
    let mut text = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("the dictionary");
    for (label, line) in changes {
        let marked = format!("label = \"{label}\"\n");
        assert!(text.contains(&marked), "no field {label}");
        text = text.replacen(&marked, &format!("{marked}{line}\n"), 1);
    }
    text
}

fn of_customers(customers: &str) -> Workplace {
    let workplace =
        Workplace::new("[company]\nname = \"例\"\n\n[[source]]\ntable = \"customers\"\npath = \"customers.csv\"\n");
    workplace.write("customers.csv", customers);
    workplace
}

/// The fields of each record that a rule finds wanting.
fn failing(workplace: &Workplace, rule: &str) -> BTreeMap<String, String> {
    workplace.as_of(AS_OF, &["check", "--rule", rule, "--findings", "f.csv", "--load-notes", "n.json"]).exits(0);
    let of = |finding: BTreeMap<String, String>| (finding["record_key"].clone(), finding["value"].clone());
    workplace.findings("f.csv").into_iter().map(of).collect()
}

fn remarks(workplace: &Workplace) -> String {
    let notes: Value = serde_json::from_str(&workplace.read("n.json")).expect("JSON");
    notes["sources"][0]["remarks"].to_string()
}

/// The day that it is in a zone, told by another program.
fn day_in(zone: &str) -> String {
    let output = Command::new("date").env("TZ", zone).arg("+%F").output().expect("date");
    String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
}

/// No. 12: today is the day at the company, whatever zone the server is in; the two zones never have the same.
#[test]
fn today_is_the_day_of_the_company() {
    let arguments = ["check", "--rule", "phone-format", "--findings", "f.csv"];
    let mut days = Vec::new();
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12"] {
        let workplace = of_customers("档案编号,客户名称,联系电话\nK1,甲,123\n");
        let text =
            workplace.read("hedui.toml").replace("name = \"例\"", &format!("name = \"例\"\ntimezone = \"{zone}\""));
        workplace.write("hedui.toml", text);
        let before = day_in(zone);
        Ran::of(workplace.command().env("TZ", "America/Los_Angeles").args(arguments), zone).exits(0);
        let day = workplace.findings("f.csv")[0]["first_seen"].clone();
        assert!([before, day_in(zone)].contains(&day), "{zone}: {day}");
        days.push(day);
    }
    assert_ne!(days[0], days[1]);
}

/// No. 15: amounts with units and currencies, where the dictionary asks for them.
#[test]
fn amounts_state_their_units_where_the_dictionary_allows_it() {
    let certain = [
        "1200",
        "\"1,234.56\"",
        "￥1200",
        "100万",
        "100万元",
        "1.2亿",
        "人民币壹佰万元整",
        "\"(1,200)\"",
        "1200-",
        "１００万",
    ];
    let uncertain = ["约50万", "50-100万", "\"USD 5,000\"", "5000美元", "待定", "12.3.4"];
    let mut rows = String::from("档案编号,客户名称,注册资本(万元)\n");
    for (number, amount) in certain.iter().chain(&uncertain).enumerate() {
        rows.push_str(&format!("K{number},甲,{amount}\n"));
    }
    let workplace = of_customers(&rows);
    let plain: Vec<String> = failing(&workplace, "unreadable-value").into_values().collect();
    assert!(plain.contains(&"100万元".to_owned()) && !plain.contains(&"1,234.56".to_owned()), "{plain:?}");
    assert_eq!(plain.len(), certain.len() + uncertain.len() - 2);
    assert!(remarks(&workplace).contains("金额带单位"), "{}", remarks(&workplace));

    workplace.write("rules/dictionary.toml", dictionary(&[("注册资本(万元)", "unit = \"万元\"")]));
    let found: Vec<String> = failing(&workplace, "unreadable-value").into_values().collect();
    assert_eq!(found.len(), uncertain.len(), "{found:?}");
    for word in ["约数", "区间", "币种与本列不同", "按所写单位换算"] {
        assert!(remarks(&workplace).contains(word), "{word}: {}", remarks(&workplace));
    }
    // What was read is what was meant: 1.2亿 is 12,000 万元, and 人民币壹佰万元整 is 100.
    workplace.write("rules/own.toml", OWN);
    let large: Vec<String> = failing(&workplace, "large-capital").into_values().collect();
    assert_eq!(large, ["1200", "1,234.56", "￥1200", "1.2亿"].map(str::to_owned).to_vec());
    let negative: Vec<String> = failing(&workplace, "negative-capital").into_values().collect();
    assert_eq!(negative, ["(1,200)", "1200-"].map(str::to_owned).to_vec());
}

const OWN: &str = r#"
[[rule]]
id = "large-capital"
title = "大额"
table = "customers"
check = "compare"
fails_when = "registered_capital > 1000"
field = "registered_capital"
severity = "info"
dimension = "accuracy"
clauses = []
message = "大额"
advice = "核对"

[[rule]]
id = "negative-capital"
title = "负数"
table = "customers"
check = "compare"
fails_when = "registered_capital < 0"
field = "registered_capital"
severity = "info"
dimension = "accuracy"
clauses = []
message = "负数"
advice = "核对"
"#;

/// No. 17: several values in one cell, where the dictionary names what separates them.
#[test]
fn several_values_in_a_cell_are_judged_one_by_one() {
    let rows = "档案编号,客户名称,联系电话\nK1,甲,13800138000/010-62265678\nK2,甲,13800138000、123\nK3,甲,\"13800138000\n010-62265678;\"\nK4,甲,张三13800138000\nK5,甲,/\nK6,甲,13800138000 / 010-62265678\n";
    let workplace = of_customers(rows);
    let keys = |workplace: &Workplace| failing(workplace, "phone-format").into_keys().collect::<Vec<_>>();
    assert_eq!(keys(&workplace), ["K1", "K2", "K3", "K4", "K6"]);
    let separators = r#"separators = ["/", "、", ";", "\n"]"#;
    workplace.write("rules/dictionary.toml", dictionary(&[("联系电话", separators)]));
    assert_eq!(keys(&workplace), ["K2", "K4"]);
}

/// What is wrong in these keys is told at its line.
#[test]
fn a_unit_a_separator_or_a_filling_that_cannot_be_is_told() {
    let workplace = of_customers("档案编号,客户名称\nK1,甲\n");
    for (line, words) in [("unit = \"万圆整\"", "不是金额单位"), ("separators = [\"\"]", "分隔符不能是空的")]
    {
        workplace.write("rules/dictionary.toml", dictionary(&[("注册资本(万元)", line)]));
        workplace.hedui(&["lint"]).exits(2).says(words);
    }
    workplace.write("rules/dictionary.toml", dictionary(&[("联系电话", "unit = \"万元\"")]));
    workplace.hedui(&["lint"]).exits(2).says("只有 decimal 字段有单位");
    workplace.write("rules/dictionary.toml", dictionary(&[]));
    let config = workplace.read("hedui.toml");
    for (lines, words) in [
        ("fill = { department = \"shete\" }", "sheet"),
        ("fill = { department = \"title\" }", "pattern"),
        ("fill = { department = { from = \"file\", pattern = \"客户\" } }", "括号"),
        ("fill = { department = { from = \"file\", pattern = \"(\" } }", "正则"),
        ("fill = { departement = \"sheet\" }", "department"),
        ("fill_down = [\"regoin\"]", "region"),
        ("serials = [\"name\"]", "不是日期"),
        ("separator = \";;\"", "一个字符"),
        ("further_rows = [\"phon\"]", "phone"),
    ] {
        workplace.write("hedui.toml", format!("{config}{lines}\n"));
        workplace.hedui(&["lint"]).exits(2).says(words).says("hedui.toml:7");
    }
    let database = config.replace("path = \"customers.csv\"", "url = \"sqlite:crm.db\"\nquery = \"select 1\"");
    for (lines, words) in [("separator = \";\"", "没有 separator"), ("fill = { department = \"sheet\" }", "固定值")]
    {
        workplace.write("hedui.toml", format!("{database}{lines}\n"));
        workplace.hedui(&["lint"]).exits(2).says(words);
    }
}

/// No. 42: a text longer than a cell may hold, with characters of four bytes.
#[test]
fn a_very_long_text_is_cut_and_says_so() {
    let mut company = Company::clean(3);
    company.customers.set(0, "邮编", &format!("😀{}", "很长的邮编".repeat(8000)));
    let workplace = company.workplace_with(&configuration(MAIL_AS_FILES));
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let books: Vec<_> = workplace
        .files("out/weekly")
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "xlsx"))
        .collect();
    assert!(!books.is_empty());
    let read = workbooks(&books).to_string();
    assert!(read.contains("😀很长的邮编") && read.contains("40001 字"), "the text is cut and counted");
}
