//! The default rules, held against an oracle that was written from the contracts alone (`tests/oracle`).
//!
//! Apart because here hundreds of boundary cases a rule are compared at once; single examples that a reader can follow
//! are in `tests/cases`.

use std::collections::BTreeSet;

use crate::configuration::csv_sources;
use crate::python::{python, root, try_python};
use crate::workplace::{AS_OF, Workplace};

const CALENDAR: &str = "tests/it/data/working-days-2005-2026.csv";

fn agree(seed: &str, more: &[&str]) {
    let workplace = Workplace::new(&format!("[company]\nname = \"x\"\n{}", csv_sources()));
    let path = |name: &str| workplace.path(name).display().to_string();
    let data = path("data");
    let options = ["--customers", "1500", "--seed", seed, "--as-of", AS_OF];
    python("oracle/generate.py", &[&[data.as_str()], options.as_slice(), more].concat());
    let calendar = root().join(CALENDAR).display().to_string();
    workplace.write("oracle.csv", python("oracle/oracle.py", &[&data, "--as-of", AS_OF, "--calendar", &calendar]));
    workplace.as_of(AS_OF, &["check", "--findings", "hedui.csv"]).exits(0);
    let (text, alike) = try_python(
        "oracle/compare.py",
        &[&path("oracle.csv"), &path("hedui.csv"), "--grades", "--beside", "near-duplicate"],
    );
    assert!(alike, "seed {seed} {more:?}\n{text}");
    let found = workplace.findings("hedui.csv");
    assert!(found.len() > 5000, "only {} findings", found.len());
    let rules: BTreeSet<&str> = found.iter().map(|finding| finding["rule_id"].as_str()).collect();
    assert_eq!(rules.len(), if more.is_empty() { 27 } else { 28 }, "a rule that nothing fails: {rules:?}");
}

#[test]
fn every_rule_agrees_with_the_oracle() {
    agree("1", &[]);
}

#[test]
fn every_rule_agrees_with_the_oracle_where_there_is_a_country() {
    agree("2", &["--country"]);
}

#[test]
fn more_data_agrees_too() {
    agree("3", &["--country"]);
}

#[test]
fn the_working_days_shipped_are_those_of_the_sources() {
    let mut written = BTreeSet::new();
    for entry in std::fs::read_dir(root().join("calendar")).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("text");
        let file: toml::Table = text.parse().expect("TOML");
        for (key, kind) in [("off", "off"), ("work", "work")] {
            for day in file.get(key).and_then(toml::Value::as_array).into_iter().flatten() {
                written.insert((day.as_str().expect("a day").to_owned(), kind.to_owned()));
            }
        }
    }
    let mut listed = BTreeSet::new();
    let mut reader = csv::Reader::from_path(root().join(CALENDAR)).expect("the list");
    for record in reader.records() {
        let record = record.expect("a record");
        listed.insert((record[0].to_owned(), record[1].to_owned()));
    }
    assert_eq!(written.symmetric_difference(&listed).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
}

#[test]
fn a_clean_company_has_no_finding() {
    let workplace = crate::company::Company::clean(12).workplace();
    for day in ["2026-11-08", AS_OF, "2026-11-29"] {
        workplace.as_of(day, &["check", "--findings", "f.csv", "--fail-on", "warning"]).exits(0);
        assert_eq!(workplace.findings("f.csv"), Vec::new());
    }
}

#[test]
fn the_words_for_nothing_and_the_names_of_columns_are_the_workplaces() {
    let text = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("the dictionary");
    let workplace = Workplace::new("[company]\nname = \"x\"\n[[source]]\ntable = \"customers\"\npath = \"c.csv\"\n");
    workplace.write("c.csv", "档案编号,客户名称,负责部门,负责人,传真,经办\nA1,甲,东,王,待补,李\nA2,乙,东,王,12,\n");
    workplace.write(
        "rules/own.toml",
        "[[rule]]\nid = \"fax\"\ntitle = \"t\"\ntable = \"customers\"\ncheck = \"required\"\nseverity = \"error\"\n\
         dimension = \"completeness\"\nclauses = []\nmessage = \"“{field}”未填写\"\nadvice = \"补填\"\n[[rule.require]]\nfields = [\"fax\"]\n",
    );
    let check = |workplace: &Workplace| -> Vec<String> {
        workplace.as_of(AS_OF, &["check", "--rule", "fax", "--findings", "f.csv"]).exits(0);
        workplace
            .findings("f.csv")
            .into_iter()
            .map(|finding| format!("{} {}", finding["record_key"], finding["field"]))
            .collect()
    };
    assert_eq!(check(&workplace), Vec::<String>::new());
    let text = text.replacen("\"null\", \"NULL\"]", "\"null\", \"NULL\", \"待补\"]", 1);
    let field = "\n[[table.field]]\nname = \"handler\"\nlabel = \"经办人\"\nlabel_en = \"Handler\"\ntype = \"text\"\naliases = [\"经办\"]\n";
    let second = text.match_indices("[[table]]").nth(1).expect("a second table").0;
    workplace.write("rules/dictionary.toml", format!("{}{field}\n{}", &text[..second], &text[second..]));
    assert_eq!(check(&workplace), ["A1 fax"]);
    let rule = workplace.read("rules/own.toml").replace("[\"fax\"]", "[\"fax\", \"经办人\"]");
    workplace.write("rules/own.toml", rule);
    assert_eq!(check(&workplace), ["A1 fax", "A2 handler"]);
}
