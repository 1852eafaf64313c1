//! The shipped rules: every example holds, every clause that data can show has a rule which fires on a planted fault and
//! is silent on its twin, blanks and contradictions switch rules off and say so.
//!
//! Apart from `rules`, which holds the default pack against an oracle: here it is about what the policies ask for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::python::root;
use crate::workplace::{AS_OF, Workplace};

const PACKS: &str = "[company]\nname = \"x\"\npacks = [\"A\", \"B\", \"C\", \"D\", \"E\"]\n";

fn list(workplace: &Workplace, arguments: &[&str]) -> Vec<Value> {
    let answer = workplace.as_of(AS_OF, &[arguments, &["--format", "json"]].concat());
    answer.exits(0);
    serde_json::from_str(&answer.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Rule to what its examples expect.
fn examples(workplace: &Workplace) -> BTreeMap<String, BTreeSet<String>> {
    let mut examples: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for example in list(workplace, &["test"]) {
        assert_eq!(example["ok"], true, "{example}");
        let (rule, expected) = (example["rule_id"].as_str(), example["expect"].as_str());
        examples.entry(rule.expect("a rule").to_owned()).or_default().insert(expected.expect("a word").to_owned());
    }
    examples
}

#[test]
fn every_rule_fires_on_a_planted_fault_and_is_silent_on_its_twin() {
    let workplace = Workplace::new(PACKS);
    let examples = examples(&workplace);
    let ids: BTreeSet<String> =
        list(&workplace, &["policy"]).iter().flat_map(|clause| strings(&clause["rules"])).map(str::to_owned).collect();
    assert!(ids.len() > 300, "{}", ids.len());
    for id in &ids {
        let expected = examples.get(id).unwrap_or_else(|| panic!("{id} has no example"));
        assert!(expected.contains("fail") && expected.contains("pass"), "{id} has only {expected:?}");
    }
}

#[test]
fn no_clause_of_the_first_priority_is_left_without_rule_report_or_reason() {
    let workplace = Workplace::new(PACKS);
    let clauses = list(&workplace, &["policy"]);
    assert_eq!(clauses.len(), 197);
    assert_eq!(clauses.iter().filter(|clause| clause["priority"] == 1).count(), 116);
    let words = ["enforced", "reported", "not_enabled", "not_applicable", "out_of_reach", "pending"];
    for clause in &clauses {
        let status = clause["status"].as_str().expect("a status");
        assert!(words.contains(&status), "{clause}");
        let by = !strings(&clause["rules"]).is_empty() || !strings(&clause["reports"]).is_empty();
        let reason = clause["reason"].as_str().expect("a reason");
        assert!(by || !reason.is_empty(), "{clause}");
        assert!(clause["quote"].as_str().is_some_and(|quote| !quote.is_empty()), "{clause}");
        assert_ne!(reason, "没有规则或报告引用它", "{clause}");
    }
}

#[test]
fn a_pack_is_in_force_where_it_is_named_and_its_blanks_say_so() {
    let source = "[[source]]\ntable = \"customers\"\npath = \"c.csv\"\n";
    let workplace = Workplace::new(&format!("[company]\nname = \"x\"\n{source}"));
    workplace.write("c.csv", "档案编号,客户名称,签约日期,录入日期\nA1,甲,2026-01-05,\n");
    let outcome = |workplace: &Workplace, rule: &str| -> Option<(String, String)> {
        let answer = workplace.as_of(AS_OF, &["check", "--format", "json"]);
        let lines: Vec<Value> = serde_json::from_str(&answer.stdout).expect("JSON");
        let line = lines.iter().find(|line| line["rule_id"] == rule)?;
        Some((line["outcome"].as_str()?.to_owned(), line["reason"].as_str()?.to_owned()))
    };
    assert_eq!(outcome(&workplace, "a-entry-after-signing"), None);
    workplace.write("hedui.toml", format!("[company]\nname = \"x\"\npacks = [\"A\"]\n{source}"));
    let (word, reason) = outcome(&workplace, "a-entry-after-signing").expect("the rule");
    assert_eq!(word, "not_enabled");
    assert!(reason.contains("limit") && reason.contains("未填写"), "{reason}");
    let text = std::fs::read_to_string(root().join("rules/policy-a.toml")).expect("the pack");
    let at = text.find("id = \"a-entry-after-signing\"").expect("the rule");
    let filled =
        text[at..].replacen("limit = { basis = \"company\" }", "limit = { value = 5, basis = \"company\" }", 1);
    workplace.write("rules/policy-a.toml", format!("{}{filled}", &text[..at]));
    assert_eq!(outcome(&workplace, "a-entry-after-signing").expect("the rule").0, "warned");
}

#[test]
fn where_policies_contradict_each_other_nothing_is_chosen_in_silence() {
    let source = "[[source]]\ntable = \"customers\"\npath = \"c.csv\"\n";
    let workplace = Workplace::new(&format!("[company]\nname = \"x\"\npacks = [\"A\", \"C\"]\n{source}"));
    workplace.write("c.csv", "档案编号,客户名称,变更得知日期,最近更新日期\nA1,甲,2026-11-02,\n");
    let outcome = |workplace: &Workplace| -> (Value, String) {
        let answer = workplace.as_of(AS_OF, &["check", "--rule", "c-change-not-updated", "--format", "json"]);
        answer.exits(0);
        let lines: Vec<Value> = serde_json::from_str(&answer.stdout).expect("JSON");
        (lines[0]["outcome"].clone(), lines[0]["reason"].as_str().expect("a reason").to_owned())
    };
    let (word, reason) = outcome(&workplace);
    assert_eq!(word, "not_enabled");
    assert!(reason.contains("A-22") && reason.contains("C-25") && reason.contains("update-deadline"), "{reason}");
    let chosen = |clause: &str| {
        format!(
            "[company]\nname = \"x\"\npacks = [\"A\", \"C\"]\n[conflicts]\nupdate-deadline = \"{clause}\"\n{source}"
        )
    };
    workplace.write("hedui.toml", chosen("C-25"));
    assert_eq!(outcome(&workplace).0, "failed");
    workplace.write("hedui.toml", chosen("A-22"));
    assert_eq!(outcome(&workplace).0, "not_enabled");
    workplace.write("hedui.toml", chosen("B-01"));
    workplace.as_of(AS_OF, &["lint"]).exits(2);
    workplace.write("hedui.toml", "[company]\nname = \"x\"\npacks = [\"F\"]\n");
    workplace.as_of(AS_OF, &["lint"]).exits(2);
}

#[test]
fn the_schema_for_editors_is_what_the_program_reads() {
    let workplace = Workplace::new(PACKS);
    let printed = workplace.as_of(AS_OF, &["lint", "--schema"]).exits(0).stdout.clone();
    let shipped = std::fs::read_to_string(root().join("rules/rule-file.schema.json")).expect("the schema");
    assert_eq!(printed, shipped, "write it anew: hedui lint --schema > rules/rule-file.schema.json");
    let schema: Value = serde_json::from_str(&printed).expect("JSON");
    let kinds: BTreeSet<&str> = schema["properties"]["rule"]["items"]["properties"]["check"]["oneOf"]
        .as_array()
        .expect("kinds")
        .iter()
        .filter_map(|kind| kind["const"].as_str())
        .collect();
    let described = list(&workplace, &["explain", "--kinds"]);
    assert_eq!(described.iter().filter_map(|kind| kind["check"].as_str()).collect::<BTreeSet<_>>(), kinds);
}
