//! The rules of packs that are not in force: named at once, read when somebody wants them.
//!
//! Apart because they are four fifths of what ships and most commands want none of them. A file is left unread only
//! where it is byte for byte what ships, with the dictionary and the clauses that it ships with: then the tests have seen
//! that it has no mistakes, and its ids and tables can be taken from its lines. It knows no rule from inside.

use std::sync::OnceLock;

use super::Rule;
use super::pack::{CLAUSES, Choice, DICTIONARY};
use crate::dictionary::Dictionary;
use crate::overlay::Texts;
use crate::params;
use crate::problem::Document;

/// The rules of packs that are not in force.
#[derive(Debug, Default)]
pub(super) struct Dormant {
    /// (id, table): each rule, also one that is not read yet.
    pub(super) names: Vec<(String, String)>,
    /// The files that are not read yet.
    pub(super) files: Vec<Document>,
    /// The rules, once they are read.
    pub(super) rules: OnceLock<Vec<Rule>>,
}

impl Dormant {
    /// Rules that are read.
    pub(super) fn read(rules: Vec<Rule>) -> Self {
        let names = rules.iter().map(|rule| (rule.id.clone(), rule.table.clone())).collect();
        Self { names, files: Vec::new(), rules: OnceLock::from(rules) }
    }

    /// Rules of files that are as they ship.
    pub(super) fn unread(files: Vec<Document>, dictionary: &Dictionary) -> Self {
        let names = files.iter().flat_map(|file| names(&file.text, dictionary)).collect();
        Self { names, files, rules: OnceLock::new() }
    }

    /// Whether one of the files names a rule of another file than those that ship, by id or as what it goes with, or is
    /// named by one.
    pub(super) fn name_any_of(&self, rules: &[Rule], shipped: &Texts) -> bool {
        let ships = |document: &Document| {
            shipped
                .iter()
                .any(|(name, text)| document.name.strip_prefix("rules/") == Some(name) && *document.text == **text)
        };
        let mut last: Option<(&Document, bool)> = None;
        rules.iter().any(|rule| {
            let as_shipped = match last {
                Some((document, known)) if document.name == rule.document.name => known,
                _ => ships(&rule.document),
            };
            last = Some((&rule.document, as_shipped));
            !as_shipped && (self.is_told_of(rule) || self.is_named_by(rule))
        })
    }

    fn is_told_of(&self, rule: &Rule) -> bool {
        let named = format!("\"{}\"", rule.id);
        self.files.iter().any(|file| file.text.contains(&named))
    }

    fn is_named_by(&self, rule: &Rule) -> bool {
        let combined = rule.check.combines().into_iter().flat_map(|combined| &combined.rules);
        let mut named = rule.replaces.iter().chain(combined);
        named.any(|named| self.names.iter().any(|(id, _)| *id == named.value))
    }
}

/// The names of the files that need not be read: all whose pack is not in force, where all of them are as they ship.
pub(super) fn unwanted(texts: &Texts, shipped: &Texts, choice: &Choice) -> Vec<String> {
    let is_shipped = |name: &str| texts.get(name) == shipped.get(name);
    // What readers ask for is only known once they have read.
    if choice.asked.is_some() || !is_shipped(DICTIONARY) || !is_shipped(CLAUSES) {
        return Vec::new();
    }
    let is_out_of_force = |text: &str| {
        let head = Document::new("", head(text));
        let id = params::read(&head, |root| root.optional_table("pack").and_then(|pack| pack.optional_string("id"))).0;
        id.flatten().is_some_and(|id| !choice.packs.contains(&id.value))
    };
    let holds_rules = |name: &str| name != DICTIONARY && name != CLAUSES;
    let unwanted: Vec<String> = texts
        .iter()
        .filter(|(name, text)| holds_rules(name) && is_out_of_force(text))
        .map(|(name, _)| name.clone())
        .collect();
    if unwanted.iter().all(|name| is_shipped(name)) { unwanted } else { Vec::new() }
}

/// What stands before the first rule of a file.
pub(super) fn head(text: &str) -> &str {
    text.find("\n[[rule]]").map_or(text, |end| &text[..=end])
}

/// The ids of the rules of a file that ships, by its lines.
pub(super) fn ids(text: &str) -> impl Iterator<Item = &str> {
    rules(text).filter_map(|rule| quoted(rule, "id"))
}

/// The lines of each rule of a file that ships, up to its first table.
fn rules(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n[[rule]]\n").skip(1).map(|rule| rule.split("\n[").next().unwrap_or_default())
}

/// The text of a key in the lines of a rule.
fn quoted<'t>(rule: &'t str, key: &str) -> Option<&'t str> {
    let rest = rule.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
    rest.split('"').next()
}

/// (id, table) of the rules of a file that ships, by its lines; a rule on every table is named with each.
fn names(text: &str, dictionary: &Dictionary) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for rule in rules(text) {
        let (Some(id), Some(table)) = (quoted(rule, "id"), quoted(rule, "table")) else { continue };
        let on = dictionary.tables.iter().filter(|known| {
            table == "*" || dictionary.table_called(table).is_some_and(|called| called.name == known.name)
        });
        names.extend(on.map(|known| (id.to_owned(), known.name.clone())));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::Pack;
    use super::*;

    /// What is said of files that ship without reading them is what reading them says.
    #[test]
    fn unread_rules_are_named_as_they_are() {
        for packs in [&[][..], &["A".to_owned()], &["E".to_owned(), "spreadsheet".to_owned()]] {
            let choice = Choice { packs: packs.to_vec(), ..Choice::default() };
            let pack = Pack::load(None, &choice).expect("what ships has no mistakes");
            let asked = Choice { asked: Some(std::rc::Rc::default()), ..choice };
            let whole = Pack::load(None, &asked).expect("what ships has no mistakes");
            assert!(!pack.dormant.names.is_empty() && !pack.dormant.files.is_empty() && whole.dormant.files.is_empty());
            let of =
                |rules: &[Rule]| rules.iter().map(|rule| (rule.id.clone(), rule.table.clone())).collect::<Vec<_>>();
            assert_eq!(pack.dormant.names, of(whole.dormant()));
            assert_eq!(of(pack.dormant()), of(whole.dormant()));
            let files = crate::rule::built_in_files().into_iter().filter(|(name, _)| name.ends_with(".toml"));
            let texts = files.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
            let by_lines: std::collections::BTreeSet<String> =
                texts.flat_map(|text| ids(&text).map(str::to_owned).collect::<Vec<_>>()).collect();
            assert_eq!(by_lines, whole.all_rule_ids().into_iter().map(str::to_owned).collect());
            assert_eq!(of(&pack.rules), of(&whole.rules));
            let ids = |pack: &Pack| pack.packs.iter().map(|pack| pack.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids(&pack), ids(&whole));
        }
    }
}
