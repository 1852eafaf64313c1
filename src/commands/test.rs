//! `hedui test`: judges the examples that rules carry, of all packs, in force or not.

use serde_json::{Value, json};

use super::talk::Talk;
use crate::cli::{Options, TestArguments};
use crate::exit_code::ExitCode;
use crate::pipeline::examples::judge;
use crate::rule::{Pack, Rule};
use crate::text;

/// Carries out the command.
pub fn run(options: &Options, arguments: &TestArguments, talk: &Talk) -> ExitCode {
    let mut workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    // What a company lacks is no fault of the rules that ship for all.
    workplace.pack.dictionary = workplace.pack.dictionary.without_absences();
    let language = workplace.config.language;
    let known = workplace.pack.all_rule_ids();
    if let Some(wanted) = arguments.rules.iter().find(|wanted| !known.contains(&wanted.as_str())) {
        talk.unknown(&text!("规则", "rule"), wanted, &known, language);
        return ExitCode::Usage;
    }
    let bar = talk.progress();
    let (mut judged, mut wrong, mut without) = (0_u64, 0_u64, 0_u64);
    let mut list: Vec<Value> = Vec::new();
    for rule in rules(&workplace.pack) {
        if !arguments.rules.is_empty() && !arguments.rules.contains(&rule.id) {
            continue;
        }
        bar.set_message(rule.id.clone());
        if rule.examples.is_empty() {
            without += 1;
            let id = &rule.id;
            talk.remark(&text!("{id} 没有例子", "{id} has no example"), language);
        }
        for example in &rule.examples {
            judged += 1;
            let said = judge(rule, example, &workplace.pack, &workplace.calendar);
            let (file, line) = (&rule.document.name, example.line);
            if let Some(said) = &said {
                wrong += 1;
                let id = &rule.id;
                let (zh, en) = (&said.zh, &said.en);
                talk.error(&text!("{file}:{line}: {id}：{zh}", "{file}:{line}: {id}: {en}"), language);
            }
            list.push(json!({
                "rule_id": rule.id, "table": rule.table, "file": file.as_ref(), "line": line,
                "expect": example.expectation.as_str(), "ok": said.is_none(),
                "said": said.map(|said| said.get(language).to_owned()),
            }));
        }
    }
    bar.finish_and_clear();
    if talk.is_json() {
        out!("{:#}", Value::from(list));
    } else {
        let said = text!(
            "{judged} 个例子，{wrong} 个不符；{without} 条规则没有例子",
            "{judged} examples, {wrong} wrong; {without} rules without one"
        );
        out!("{}", said.get(language));
    }
    if wrong == 0 { ExitCode::Done } else { ExitCode::Usage }
}

/// Every rule once: one on every table stands for all of them.
fn rules(pack: &Pack) -> Vec<&Rule> {
    let mut rules: Vec<&Rule> = Vec::new();
    for rule in pack.rules.iter().chain(pack.dormant()) {
        if rules.last().is_none_or(|last| last.id != rule.id) {
            rules.push(rule);
        }
    }
    rules
}
