//! The sentence of a rule with places for what was found: `{field}`, `{value}`, `{detail}` and its named numbers.
//!
//! Apart because it is read once and filled in a million times. It knows no finding.

use crate::check::Parameter;
use crate::params::{Params, Placed};
use crate::text;
use crate::text::{Language, Text};

const PLACES: [&str; 3] = ["field", "value", "detail"];

/// A sentence with places.
#[derive(Clone, Debug, Default)]
pub struct Message {
    written: Text,
}

/// What fills the places of a sentence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filling<'f> {
    /// The label of the field.
    pub field: &'f str,
    /// The value as typed.
    pub value: &'f str,
    /// What the check computed.
    pub detail: &'f str,
}

impl Message {
    /// Reads `key = { zh = "…", en = "…" }`, or one text for both; the named numbers are filled in at once.
    pub fn read(rule: &Params, key: &'static str, parameters: &[Parameter]) -> Option<Self> {
        let (zh, en) = rule.optional_wording(key)?;
        let fill = |placed: &Placed<String>| -> String {
            let mut filled = placed.value.clone();
            for parameter in parameters {
                let value = parameter.value.map(|value| value.normalize().to_string()).unwrap_or_default();
                filled = filled.replace(&format!("{{{}}}", parameter.name), &value);
            }
            check_places(rule, placed, &filled, parameters);
            filled
        };
        Some(Self { written: Text { zh: fill(&zh), en: fill(&en) } })
    }

    /// The sentence in a language, its places filled.
    pub fn fill(&self, language: Language, filling: &Filling) -> String {
        let written = self.written.get(language);
        if !written.contains('{') {
            return written.to_owned();
        }
        if filling.field.contains('{') || filling.detail.contains('{') {
            let filled = written.replace("{field}", filling.field).replace("{detail}", filling.detail);
            return filled.replace("{value}", filling.value);
        }
        let mut filled = String::with_capacity(written.len() + filling.value.len() + filling.detail.len());
        let mut rest = written;
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = behind.split_once('}') else { break };
            match name {
                "field" => filled.push_str(filling.field),
                "detail" => filled.push_str(filling.detail),
                "value" => filled.push_str(filling.value),
                other => filled.extend(["{", other, "}"]),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// Whether the sentence says what was computed.
    pub fn has_detail(&self) -> bool {
        self.written.zh.contains("{detail}") || self.written.en.contains("{detail}")
    }

    /// Whether the sentence is the same for every finding.
    pub fn constant(&self, language: Language) -> Option<&str> {
        Some(self.written.get(language)).filter(|written| !written.contains('{'))
    }
}

fn check_places(rule: &Params, placed: &Placed<String>, filled: &str, parameters: &[Parameter]) {
    let mut known: Vec<&str> = PLACES.to_vec();
    known.extend(parameters.iter().map(|parameter| parameter.name.as_str()));
    let mut rest = filled;
    while let Some(at) = rest.find(['{', '}']) {
        let (bracket, after) = rest.split_at(at).1.split_at(1);
        let end = after.find(['{', '}']).filter(|end| after[*end..].starts_with('}'));
        let (true, Some(end)) = (bracket == "{", end) else {
            let message = text!("花括号不成对", "the braces do not pair");
            rule.problems().add(placed.span.clone(), message);
            return;
        };
        let name = &after[..end];
        if !PLACES.contains(&name) {
            let message = text!("没有占位符“{{{name}}}”", "there is no place `{{{name}}}`");
            rule.problems().unknown(placed.span.clone(), message, name, &known);
        }
        rest = &after[end + 1..];
    }
}
