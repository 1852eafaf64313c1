//! What templates may name, part by part, as the values tell that they are given.
//!
//! Apart because the reference of variables is made of it and nothing else is. It knows no report: a value tells its parts.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;
use minijinja::value::ValueKind;

/// The wordings: hundreds of parts, which are listed in a file of their own.
const WORDS: &str = "words";

/// Takes down the variables of a context with their parts: `figures.to_do`, `worst[].name`.
pub fn add(context: BTreeMap<&'static str, Value>, found: &mut BTreeSet<String>) {
    for (name, value) in context {
        found.insert(name.to_owned());
        if name != WORDS {
            parts(name, &value, found);
        }
    }
}

fn parts(name: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value.kind() {
        ValueKind::Map => {
            for key in value.try_iter().into_iter().flatten() {
                let part = format!("{name}.{key}");
                parts(&part, &value.get_item(&key).unwrap_or_default(), found);
                found.insert(part);
            }
        }
        ValueKind::Seq | ValueKind::Iterable => {
            for item in value.try_iter().into_iter().flatten() {
                parts(&format!("{name}[]"), &item, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_by_their_way() {
        let row = Value::from_pairs([("name", Value::from("x")), ("to_do", Value::from(1))]);
        let context = BTreeMap::from([
            ("company", Value::from("x")),
            ("figures", row.clone()),
            ("worst", Value::from_iter([row])),
            ("words", Value::from_pairs([("status", Value::from("x"))])),
        ]);
        let mut found = BTreeSet::new();
        add(context, &mut found);
        let names: Vec<&str> = found.iter().map(String::as_str).collect();
        let wanted =
            ["company", "figures", "figures.name", "figures.to_do", "words", "worst", "worst[].name", "worst[].to_do"];
        assert_eq!(names, wanted);
    }
}
