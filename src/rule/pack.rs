//! The rule pack of a workplace: the dictionary and all rule files, built in or edited.
//!
//! Apart because it decides which files count: a workplace that lacks a file uses the built-in one.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::{Rule, read};
use crate::dictionary::Dictionary;
use crate::overlay;
use crate::params;
use crate::problem::{Document, Problem};
use crate::text;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");
const DICTIONARY: &str = "dictionary.toml";

/// The dictionary and the rules.
#[derive(Debug)]
pub struct Pack {
    /// The dictionary.
    pub dictionary: Dictionary,
    /// The rules in the order of files and lines.
    pub rules: Vec<Rule>,
}

/// The files that ship inside the program: name and bytes.
pub fn built_in_files() -> Vec<(String, &'static [u8])> {
    overlay::built_in_files(&BUILT_IN)
}

impl Pack {
    /// The built-in files, overlaid by those of a workplace.
    ///
    /// # Errors
    /// Every mistake in them.
    pub fn load(folder: Option<&Path>) -> Result<Self, Vec<Problem>> {
        let (mut texts, mut problems) = overlay::texts(&BUILT_IN, folder);
        let dictionary_text = texts.remove(DICTIONARY).unwrap_or_default();
        texts.remove("clauses.toml");
        let document = Document::new(&format!("rules/{DICTIONARY}"), &dictionary_text);
        let (dictionary, found) = params::read(&document, Dictionary::read);
        let broken = !found.is_empty();
        problems.extend(found);
        // With a broken dictionary every rule would seem wrong: its own mistakes come first.
        let (Some(dictionary), false) = (dictionary, broken) else { return Err(problems) };
        let mut rules: Vec<Rule> = Vec::new();
        let mut places: BTreeMap<String, String> = BTreeMap::new();
        for (name, text) in texts {
            let document = Document::new(&format!("rules/{name}"), &text);
            let (_, found) = params::read(&document, |root| {
                for entry in root.tables("rule") {
                    let place = entry.span_of("id");
                    let read = read::read(&entry, &dictionary);
                    if let Some(rule) = read.first() {
                        let (line, _) = document.problem(place.clone(), crate::text::Text::default()).place();
                        let here = format!("{}:{line}", document.name);
                        if let Some(earlier) = places.insert(rule.id.clone(), here) {
                            let id = &rule.id;
                            root.problems().add(
                                place,
                                text!("规则“{id}”已在 {earlier} 定义", "rule `{id}` is already defined at {earlier}"),
                            );
                        }
                    }
                    rules.extend(read);
                }
            });
            problems.extend(found);
        }
        if problems.is_empty() { Ok(Self { dictionary, rules }) } else { Err(problems) }
    }

    /// The distinct rule ids in order.
    pub fn rule_ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = Vec::new();
        for rule in &self.rules {
            if !ids.contains(&rule.id.as_str()) {
                ids.push(&rule.id);
            }
        }
        ids
    }
}
