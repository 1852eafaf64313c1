//! A JSON schema of rule files, for editors: completion and a red line before `hedui lint` is run.
//!
//! Made of what the readers ask for, so that it cannot say otherwise than they. Apart because it knows the kinds of
//! check and no rule; nor fields and clauses, which only lint can judge.

use serde_json::{Value, json};

use crate::check::CHECKS;
use crate::params::Asked;
pub use crate::params::schema::keys;
use crate::params::schema::{shared, table};
use crate::text::Language;

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
        "definitions": shared(asked, "rule."),
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
