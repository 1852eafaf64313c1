//! The kinds of check with the keys that a rule of each may have, as their readers ask for them.

use serde_json::{Value, json};

use super::super::talk::Talk;
use crate::check::CHECKS;
use crate::params::{Asked, Key, Shape};
use crate::rule::{Pack, schema};
use crate::text;
use crate::text::{Language, Text};

/// The keys of a kind's own, beside those that every rule may have.
pub fn own_keys(grammar: &Asked, kind: &str) -> Vec<(String, Key)> {
    let common = schema::keys(grammar, "rule", "");
    let keys = schema::keys(grammar, "rule", kind).into_iter();
    keys.filter(|(name, _)| !common.contains_key(name) || is_asked(grammar, kind, name)).collect()
}

/// Prints them.
pub fn print(talk: &Talk, language: Language) {
    let grammar = Pack::grammar();
    let own = |kind: &str| own_keys(&grammar, kind);
    if talk.is_json() {
        let key = |(name, key): &(String, Key)| json!({ "key": name, "required": key.required, "holds": holds(&key.shape).get(language) });
        let list: Vec<Value> = CHECKS
            .iter()
            .map(|kind| {
                let keys: Vec<Value> = own(kind.name()).iter().map(key).collect();
                json!({ "check": kind.name(), "asserts": kind.describe().get(language), "keys": keys })
            })
            .collect();
        out!("{:#}", Value::from(list));
        return;
    }
    for kind in CHECKS {
        out!("{:<16}{}", kind.name(), kind.describe().get(language));
        for (name, key) in own(kind.name()) {
            let mark = if key.required { "*" } else { " " };
            out!("  {mark} {name:<18}{}", holds(&key.shape).get(language));
        }
    }
    talk.remark(&text!("* 必须有；其余可以没有", "* must be there; the others may"), language);
}

fn is_asked(grammar: &Asked, kind: &str, key: &str) -> bool {
    grammar.tables.get(&("rule".to_owned(), kind.to_owned())).is_some_and(|keys| keys.contains_key(key))
}

/// What a key takes, in words.
pub fn holds(shape: &Shape) -> Text {
    match shape {
        Shape::Any | Shape::Text => text!("文字", "a text"),
        Shape::Word(words) => Text::same(words.join(" | ")),
        Shape::Flag => Text::same("true | false"),
        Shape::Count => text!("不小于 0 的整数", "a whole number from 0 up"),
        Shape::Number => text!("数字", "a number"),
        Shape::Texts => text!("文字的列表", "a list of texts"),
        Shape::Dates => text!("日期的列表", "a list of dates"),
        Shape::Table => text!("表", "a table"),
        Shape::Tables => text!("表的列表（[[rule.…]]）", "a list of tables ([[rule.…]])"),
        Shape::Wording => text!("文字，或 {{ zh, en }}", "a text, or {{ zh, en }}"),
    }
}
