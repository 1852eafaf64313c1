//! A JSON schema of rule files, for editors: completion and a red line before `hedui lint` is run.
//!
//! Made of what the readers ask for, so that it cannot say otherwise than they. Apart because it knows JSON and no rule;
//! it knows nothing of fields and clauses, which only lint can judge.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::check::CHECKS;
use crate::params::{Asked, Key, Shape};
use crate::text::Language;

/// The keys of a table of rule files: those of every kind of check, and those of one kind on top.
pub fn keys(asked: &Asked, path: &str, kind: &str) -> BTreeMap<String, Key> {
    let of = |kind: &str| asked.tables.get(&(path.to_owned(), kind.to_owned())).cloned().unwrap_or_default();
    let mut keys = of("");
    keys.extend(of(kind));
    keys
}

/// The schema of rule files.
pub fn schema(asked: &Asked) -> Value {
    let kinds: Vec<Value> = CHECKS
        .iter()
        .map(|kind| {
            json!({
                "if": { "properties": { "check": { "const": kind.name() } } },
                "then": table(asked, "rule", kind.name()),
            })
        })
        .collect();
    let names: Vec<Value> = CHECKS
        .iter()
        .map(|kind| json!({ "const": kind.name(), "description": kind.describe().get(Language::Zh) }))
        .collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "hedui rule file",
        "type": "object",
        "additionalProperties": false,
        "definitions": shared(asked),
        "properties": {
            "pack": table(asked, "pack", ""),
            "rule": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["check"],
                    "properties": { "check": { "oneOf": names } },
                    "allOf": kinds,
                },
            },
        },
    })
}

/// Tables that rules of every kind have alike, by their path.
fn shared(asked: &Asked) -> Value {
    let is_named = |path: &str| {
        asked.tables.keys().any(|(above, _)| {
            let (parent, name) = path.rsplit_once('.').unwrap_or_default();
            above == parent && asked.tables.iter().any(|((table, _), keys)| table == parent && keys.contains_key(name))
        })
    };
    let tables =
        asked.tables.keys().filter(|(path, kind)| kind.is_empty() && path.starts_with("rule.") && is_named(path));
    tables.map(|(path, _)| (path.clone(), table(asked, path, ""))).collect::<Map<String, Value>>().into()
}

/// A table below another one: by its path where rules of every kind have it.
fn below(asked: &Asked, path: &str, kind: &str) -> Value {
    let has = |kind: &str| asked.tables.contains_key(&(path.to_owned(), kind.to_owned()));
    if !kind.is_empty() && has("") && !has(kind) {
        return json!({ "$ref": format!("#/definitions/{path}") });
    }
    table(asked, path, kind)
}

/// The schema of a table; where its keys are the writer's own, any are allowed.
fn table(asked: &Asked, path: &str, kind: &str) -> Value {
    let keys = keys(asked, path, kind);
    if keys.is_empty() {
        return json!({ "type": "object" });
    }
    let mut properties = Map::new();
    for (name, key) in &keys {
        properties.insert(name.clone(), value(asked, &format!("{path}.{name}"), kind, &key.shape));
    }
    let required: Vec<&String> = keys.iter().filter(|(_, key)| key.required).map(|(name, _)| name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
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
