//! A JSON schema of tables, made of what their readers asked for.
//!
//! Apart because rule files and configuration are described alike. It knows JSON and no key by name.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Asked, Key, Shape};

/// Stands for keys that the writer of a file chooses.
pub const ANY: &str = "*";

/// The keys of a table: those of every kind, and those of one kind on top.
pub fn keys(asked: &Asked, path: &str, kind: &str) -> BTreeMap<String, Key> {
    let of = |kind: &str| asked.tables.get(&(path.to_owned(), kind.to_owned())).cloned().unwrap_or_default();
    let mut keys = of("");
    keys.extend(of(kind));
    keys
}

/// Tables below `root` that every kind has alike, by their path.
pub fn shared(asked: &Asked, root: &str) -> Value {
    let is_named = |path: &str| {
        asked.tables.keys().any(|(above, _)| {
            let (parent, name) = path.rsplit_once('.').unwrap_or_default();
            above == parent && asked.tables.iter().any(|((table, _), keys)| table == parent && keys.contains_key(name))
        })
    };
    let tables = asked.tables.keys().filter(|(path, kind)| kind.is_empty() && path.starts_with(root) && is_named(path));
    tables.map(|(path, _)| (path.clone(), table(asked, path, ""))).collect::<Map<String, Value>>().into()
}

/// A table below another one: by its path where every kind has it.
fn below(asked: &Asked, path: &str, kind: &str) -> Value {
    let has = |kind: &str| asked.tables.contains_key(&(path.to_owned(), kind.to_owned()));
    if !kind.is_empty() && has("") && !has(kind) {
        return json!({ "$ref": format!("#/definitions/{path}") });
    }
    table(asked, path, kind)
}

/// The schema of a table; where its keys are the writer's own, any are allowed.
pub fn table(asked: &Asked, path: &str, kind: &str) -> Value {
    let mut keys = keys(asked, path, kind);
    if keys.is_empty() {
        return json!({ "type": "object" });
    }
    let full = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let others = keys.remove(ANY).map(|key| value(asked, &full(ANY), kind, &key.shape));
    if let (Some(others), true) = (&others, keys.is_empty()) {
        return json!({ "type": "object", "additionalProperties": others });
    }
    let mut properties = Map::new();
    for (name, key) in &keys {
        properties.insert(name.clone(), value(asked, &full(name), kind, &key.shape));
    }
    let required: Vec<&String> = keys.iter().filter(|(_, key)| key.required).map(|(name, _)| name).collect();
    let others = others.unwrap_or(Value::Bool(false));
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": others })
}

fn value(asked: &Asked, path: &str, kind: &str, shape: &Shape) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::Text => json!({ "type": "string" }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count => json!({ "type": "integer", "minimum": 0 }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Texts => json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] }),
        Shape::Dates => json!({ "type": "array" }),
        Shape::Table => below(asked, path, kind),
        Shape::Tables => json!({ "type": "array", "items": below(asked, path, kind) }),
        Shape::Wording => json!({ "anyOf": [{ "type": "string" }, {
            "type": "object",
            "properties": { "zh": { "type": "string" }, "en": { "type": "string" } },
            "required": ["zh", "en"],
            "additionalProperties": false,
        }] }),
    }
}
