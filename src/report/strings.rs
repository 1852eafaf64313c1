//! The words of reports in one language, from `strings.zh.toml` or `strings.en.toml`.
//!
//! Apart because a company may call things by other names without touching a template. It knows no meaning: a key, a
//! wording with `{places}` to fill.

use std::collections::BTreeMap;
use std::fmt::Display;

use minijinja::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::TemplateProblem;
use crate::model::Secrecy;
use crate::problem::nearest;
use crate::text;
use crate::text::Language;

/// The string table of one language.
#[derive(Clone, Debug)]
pub struct Strings {
    language: Language,
    words: BTreeMap<String, String>,
    value: Value,
}

/// The file of a language's string table.
pub fn file_name(language: Language) -> &'static str {
    match language {
        Language::Zh => "strings.zh.toml",
        Language::En => "strings.en.toml",
    }
}

impl Strings {
    /// Reads a built-in table and, over it, the table of a workplace, which may hold fewer keys but no others.
    pub fn read(language: Language, built_in: &str, own: Option<&str>) -> Result<Self, Vec<TemplateProblem>> {
        let file = file_name(language);
        let mut words = BTreeMap::new();
        let mut problems = Vec::new();
        for (key, word, _) in flatten(file, built_in, &mut problems) {
            words.insert(key, word);
        }
        let known = words.clone();
        if let Some(own) = own {
            for (key, word, span) in flatten(file, own, &mut problems) {
                match words.get_mut(&key) {
                    Some(known) => *known = word,
                    None => problems.push(
                        TemplateProblem::at(
                            file,
                            own,
                            span,
                            text!("没有名为 {key} 的词条", "no wording is called {key}"),
                        )
                        .with_hint(match nearest(&key, known.keys().map(String::as_str)) {
                            Some(near) => text!(
                                "是否想写“{near}”？词条只能改，不能增加",
                                "did you mean `{near}`? wordings can be changed, not added"
                            ),
                            None => text!("可改已有词条的文字，不能增加词条", "wordings can be changed, not added"),
                        }),
                    ),
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let value = nested(&words);
        Ok(Self { language, words, value })
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The wording of a key; the key itself where there is none, which a test rules out.
    pub fn get<'s>(&'s self, key: &'s str) -> &'s str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// The wording of a key, if there is one: for words that come from outside.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// The wording of a key with its places filled.
    pub fn fill(&self, key: &str, places: &[(&str, &dyn Display)]) -> String {
        fill(self.get(key), places)
    }

    /// The wordings below a section, without its name.
    pub fn section(&self, section: &str) -> BTreeMap<String, String> {
        let below = |(key, word): (&String, &String)| {
            let (found, rest) = key.split_once('.')?;
            (found == section).then(|| (rest.to_owned(), word.clone()))
        };
        self.words.iter().filter_map(below).collect()
    }

    /// All keys, for tests.
    #[cfg(test)]
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// How confidential something is, in words.
    pub fn level(&self, level: Secrecy) -> &str {
        self.get(match level {
            Secrecy::Public => "level.public",
            Secrecy::Internal => "level.internal",
            Secrecy::Secret => "level.secret",
        })
    }

    /// The whole table as templates see it: `words.status.new`.
    pub fn value(&self) -> Value {
        self.value.clone()
    }
}

/// A wording with its `{places}` filled, each once through: what is filled in is never read for places.
pub fn fill(wording: &str, places: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(wording.len() + 16);
    let mut rest = wording;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = places.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        match place {
            Some((value, after)) => {
                filled.push_str(&value.to_string());
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The keys, wordings and places of a file: `[status] new = "…"` is `status.new`.
fn flatten(
    file: &str,
    source: &str,
    problems: &mut Vec<TemplateProblem>,
) -> Vec<(String, String, std::ops::Range<usize>)> {
    let root = match DeTable::parse(source) {
        Ok(root) => root,
        Err(error) => {
            problems.push(TemplateProblem::of_toml(file, source, &error));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    let mut open: Vec<(String, &DeTable<'_>)> = vec![(String::new(), root.get_ref())];
    while let Some((prefix, table)) = open.pop() {
        for (key, value) in table {
            let key = (format!("{prefix}{}", key.get_ref()), key.span());
            match Spanned::get_ref(value) {
                DeValue::Table(table) => open.push((format!("{}.", key.0), table)),
                DeValue::String(word) => found.push((key.0, word.to_string(), key.1)),
                _ => problems.push(TemplateProblem::at(
                    file,
                    source,
                    value.span(),
                    text!("词条要写成引号里的文字", "a wording is a text in quotes"),
                )),
            }
        }
    }
    found.sort_by_key(|(.., span)| span.start);
    found
}

/// Dotted keys as a tree.
fn nested(words: &BTreeMap<String, String>) -> Value {
    #[derive(Default)]
    struct Node(BTreeMap<String, Node>, String);
    impl Node {
        fn value(&self) -> Value {
            match self.0.is_empty() {
                true => Value::from(self.1.as_str()),
                false => Value::from_pairs(self.0.iter().map(|(key, node)| (key.clone(), node.value()))),
            }
        }
    }
    let mut root = Node::default();
    for (key, word) in words {
        let leaf = key.split('.').fold(&mut root, |node, part| node.0.entry(part.to_owned()).or_default());
        leaf.1.clone_from(word);
    }
    root.value()
}
