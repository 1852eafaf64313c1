//! A JSON schema of `hedui.toml`, for editors: completion and a red line before `hedui lint` is run.
//!
//! Made of what the readers ask for while they read a file that has every table once, so that it cannot say otherwise than
//! they. What belongs together, and what names something of the rules, only lint can judge.

use std::path::Path;

use serde_json::{Value, json};

use super::read::keys;
use crate::params::Asked;
use crate::params::schema::table;

/// Every table that a configuration may have.
const GRAMMAR: &str = include_str!("grammar.toml");

/// The keys that the readers of a configuration ask for.
pub fn grammar() -> Asked {
    keys(GRAMMAR, Path::new("."))
}

/// The schema of the configuration.
pub fn schema() -> Value {
    let mut schema = table(&grammar(), "", "");
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("hedui.toml");
    schema["required"] = json!(["company"]);
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables whose keys are all names that a writer chooses, of values that are no plain texts.
    const OPEN: [&str; 1] = ["source.fill"];

    fn without_keys(schema: &Value, path: &str, found: &mut Vec<String>) {
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        for (name, value) in schema["properties"].as_object().into_iter().flatten() {
            let value = if value["type"] == "array" { &value["items"] } else { value };
            if value["type"] == "object" {
                if value["properties"].is_null() && !value["additionalProperties"].is_object() {
                    found.push(below(name));
                }
                without_keys(value, &below(name), found);
            }
        }
    }

    #[test]
    fn the_grammar_forgets_no_table() {
        let mut found = Vec::new();
        without_keys(&schema(), "", &mut found);
        assert_eq!(found, OPEN);
    }

    #[test]
    fn keys_have_the_shapes_that_their_readers_want() {
        let schema = schema();
        let source = &schema["properties"]["source"]["items"];
        assert_eq!(source["properties"]["header_row"]["type"], "integer");
        assert_eq!(source["properties"]["hidden"]["enum"], json!(["read", "skip"]));
        assert_eq!(source["required"], json!(["table"]));
        let department = &schema["properties"]["departments"]["additionalProperties"];
        assert_eq!(department["properties"]["unmasked"]["type"], "boolean");
        assert_eq!(schema["properties"]["mail"]["properties"]["transport"]["enum"], json!(["file", "smtp"]));
    }
}
