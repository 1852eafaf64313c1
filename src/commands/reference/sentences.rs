//! The sentences that explain a name, from `sentences.toml`.
//!
//! Apart because they are words of people beside names of the code. It knows neither what is asked for nor how it is shown.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::text::{Language, Text};

/// The section about keys of `hedui.toml`.
pub const CONFIGURATION: &str = "configuration";
/// The section about variables of mail templates.
pub const VARIABLES: &str = "variables";
/// The section about variables of the page's template.
pub const PAGE: &str = "page";

const SECTIONS: [&str; 3] = [CONFIGURATION, VARIABLES, PAGE];

/// What each name means, by section.
pub struct Sentences {
    by_name: BTreeMap<(&'static str, String), Text>,
}

impl Sentences {
    /// Those that are built in.
    pub fn read() -> Self {
        let file: Table = include_str!("sentences.toml").parse().unwrap_or_default();
        let mut by_name = BTreeMap::new();
        for section in SECTIONS {
            for (name, sentence) in file.get(section).and_then(Value::as_table).into_iter().flatten() {
                let of = |language| sentence.get(language).and_then(Value::as_str).unwrap_or_default().to_owned();
                by_name.insert((section, name.clone()), Text { zh: of("zh"), en: of("en") });
            }
        }
        Self { by_name }
    }

    /// All sections and names.
    pub fn names(&self) -> BTreeSet<(&'static str, String)> {
        self.by_name.keys().cloned().collect()
    }

    /// What a name means.
    pub fn of(&self, section: &'static str, name: &str, language: Language) -> String {
        self.by_name.get(&(section, name.to_owned())).map_or("", |text| text.get(language)).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_said_in_both_languages() {
        let sentences = Sentences::read();
        assert!(sentences.by_name.len() > 60);
        for ((section, name), text) in &sentences.by_name {
            assert!(!text.zh.is_empty() && !text.en.is_empty(), "[{section}] {name}");
        }
    }
}
