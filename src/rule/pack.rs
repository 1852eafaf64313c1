//! The rules of a workplace: dictionary, clauses and all rule files, built in or edited.
//!
//! Apart because it decides which files and which rules count: a workplace that lacks a file uses the built-in one, and
//! the rules of a policy pack are in force where the configuration names it. All files are read either way, so that a
//! mistake is shown before the pack is wanted.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use include_dir::{Dir, include_dir};
use rust_decimal::Decimal;

use super::Rule;
use super::between;
use super::clause::Clauses;
use super::read::{self, Surroundings};
use crate::dictionary::Dictionary;
use crate::overlay;
use crate::params::{self, Asked, Params};
use crate::problem::{Document, Problem};
use crate::text;
use crate::text::Text;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");
/// The dictionary's file.
pub const DICTIONARY: &str = "dictionary.toml";
const CLAUSES: &str = "clauses.toml";

/// A policy pack: a rule file that is in force where the configuration names it.
#[derive(Clone, Debug)]
pub struct PolicyPack {
    /// What `[company] packs` writes.
    pub id: String,
    /// The policy's title.
    pub title: Text,
    /// Where its id stands.
    pub(super) place: (Document, Range<usize>),
}

/// What the configuration chooses among the rules.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The packs in force.
    pub packs: Vec<String>,
    /// (contradiction, clause): which side is taken.
    pub conflicts: Vec<(String, String)>,
    /// Numbers that stand in for those written, by rule: what would be if.
    pub instead: BTreeMap<String, BTreeMap<String, Decimal>>,
    /// Where to take down what readers ask for.
    pub asked: Option<Rc<RefCell<Asked>>>,
}

/// The dictionary, the clauses and the rules.
#[derive(Debug)]
pub struct Pack {
    /// The dictionary.
    pub dictionary: Dictionary,
    /// What rules cite.
    pub clauses: Clauses,
    /// The policy packs that there are, in the order of their files.
    pub packs: Vec<PolicyPack>,
    /// The rules in the order of files and lines: those of the default pack and of the packs in force.
    pub rules: Vec<Rule>,
    /// The rules of packs that are not in force.
    pub dormant: Vec<Rule>,
}

/// The files that ship inside the program: name and bytes.
pub fn built_in_files() -> Vec<(String, &'static [u8])> {
    overlay::built_in_files(&BUILT_IN)
}

/// The ids of the rules that ship inside the program.
fn built_in_ids() -> Vec<String> {
    let (texts, _) = overlay::texts(&BUILT_IN, None);
    texts
        .values()
        .filter_map(|text| text.parse::<toml::Table>().ok())
        .filter_map(|file| file.get("rule")?.as_array().cloned())
        .flatten()
        .filter_map(|rule| rule.get("id")?.as_str().map(str::to_owned))
        .collect()
}

impl Pack {
    /// What rule files may say: the keys that their readers ask for, taken down while the built-in files are read.
    pub fn grammar() -> Asked {
        let asked = Rc::new(RefCell::new(Asked::default()));
        let choice = Choice { asked: Some(asked.clone()), ..Choice::default() };
        // The built-in files have no mistakes; were there one, what was asked for until then is still true.
        drop(Self::load(None, &choice));
        drop(choice);
        Rc::unwrap_or_clone(asked).into_inner()
    }

    /// The built-in files, overlaid by those of a workplace.
    ///
    /// # Errors
    /// Every mistake in them.
    pub fn load(folder: Option<&Path>, choice: &Choice) -> Result<Self, Vec<Problem>> {
        let (mut texts, mut problems) = overlay::texts(&BUILT_IN, folder);
        let mut take = |name: &str| Document::new(&format!("rules/{name}"), &texts.remove(name).unwrap_or_default());
        let (dictionary_file, clauses_file) = (take(DICTIONARY), take(CLAUSES));
        let (dictionary, found) = params::read(&dictionary_file, Dictionary::read);
        let (clauses, also) = params::read(&clauses_file, Clauses::read);
        let broken = !found.is_empty() || !also.is_empty();
        problems.extend(found.into_iter().chain(also));
        // With a broken dictionary every rule would seem wrong: its own mistakes come first.
        let (Some(dictionary), Some(clauses), false) = (dictionary, clauses, broken) else { return Err(problems) };
        let mut files = Files {
            dictionary: &dictionary,
            clauses: &clauses,
            choice,
            packs: Vec::new(),
            rules: Vec::new(),
            ids: Vec::new(),
        };
        for (name, text) in texts {
            let document = Document::new(&format!("rules/{name}"), &text);
            let (_, found) = params::read_recording(&document, choice.asked.as_ref(), |root| files.file(root));
            problems.extend(found);
        }
        let Files { packs, rules, ids, .. } = files;
        problems.extend(between::defined_twice(&rules));
        problems.extend(between::packs_twice(&packs));
        problems.extend(between::references(&rules, &ids, built_in_ids));
        problems.sort_by_key(|problem| (problem.file().to_owned(), problem.place()));
        if !problems.is_empty() {
            return Err(problems);
        }
        let (mut rules, dormant): (Vec<Rule>, Vec<Rule>) = rules.into_iter().partition(|rule| in_force(rule, choice));
        take_sides(&mut rules, &clauses, choice);
        Ok(Self { dictionary, clauses, packs, rules, dormant })
    }

    /// The distinct ids of the rules in force, in order.
    pub fn rule_ids(&self) -> Vec<&str> {
        distinct(self.rules.iter())
    }

    /// The distinct ids of all rules, in force or not.
    pub fn all_rule_ids(&self) -> Vec<&str> {
        distinct(self.rules.iter().chain(&self.dormant))
    }

    /// The first rule of an id, in force or not, and whether it is.
    pub fn rule(&self, id: &str) -> Option<(&Rule, bool)> {
        let of = |rules: &'_ [Rule]| rules.iter().position(|rule| rule.id == id);
        of(&self.rules)
            .map(|at| (&self.rules[at], true))
            .or_else(|| of(&self.dormant).map(|at| (&self.dormant[at], false)))
    }
}

/// The ids of rules, each once, in their order.
pub(super) fn distinct<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<&'r str> {
    let mut ids: Vec<&str> = Vec::new();
    for rule in rules {
        // The rules on every table are many of one id, one after the other.
        if ids.last() != Some(&rule.id.as_str()) {
            ids.push(&rule.id);
        }
    }
    ids
}

/// What has been read of the rule files.
struct Files<'f> {
    dictionary: &'f Dictionary,
    clauses: &'f Clauses,
    choice: &'f Choice,
    packs: Vec<PolicyPack>,
    rules: Vec<Rule>,
    /// The ids of all rules, those with mistakes too.
    ids: Vec<String>,
}

impl Files<'_> {
    fn file(&mut self, root: &Params) {
        let pack = root.optional_table("pack").and_then(|table| self.pack(&table));
        let around = Surroundings {
            dictionary: self.dictionary,
            clauses: self.clauses,
            pack: pack.as_deref(),
            instead: &self.choice.instead,
        };
        for entry in root.tables("rule") {
            self.ids.extend(entry.optional_string("id").map(|id| id.value));
            self.rules.extend(read::read(&entry, &around));
        }
    }

    fn pack(&mut self, table: &Params) -> Option<String> {
        let id = table.string("id");
        let title = table.optional_text("title");
        table.must_have("title");
        table.finish();
        let id = id?;
        let place = (table.problems().document().clone(), id.span.clone());
        self.packs.push(PolicyPack { id: id.value.clone(), title: title?, place });
        Some(id.value)
    }
}

/// Whether a rule counts: one of no pack, or of a pack that the configuration names.
fn in_force(rule: &Rule, choice: &Choice) -> bool {
    rule.pack.as_ref().is_none_or(|pack| choice.packs.contains(pack))
}

/// Where policies contradict each other, the rules of the side that is not taken are not enabled; where nothing is
/// chosen and more than one side is there, none is.
fn take_sides(rules: &mut [Rule], clauses: &Clauses, choice: &Choice) {
    for conflict in &clauses.conflicts {
        let (id, sides) = (&conflict.id, conflict.clauses.join(" / "));
        let takes_side = |rule: &Rule| rule.conflict.as_ref().is_some_and(|written| written.value == *id);
        let side = |rule: &Rule| {
            rule.clauses().find(|clause| conflict.clauses.iter().any(|side| side == clause)).map(str::to_owned)
        };
        let mut present: Vec<String> = rules.iter().filter(|rule| takes_side(rule)).filter_map(side).collect();
        present.sort();
        present.dedup();
        let chosen = choice.conflicts.iter().find(|(name, _)| name == id).map(|(_, clause)| clause.as_str());
        let Text { zh, en } = &conflict.topic;
        for rule in rules.iter_mut().filter(|rule| takes_side(rule)) {
            rule.blocked = match chosen {
                Some(chosen) if rule.clauses().any(|clause| clause == chosen) => None,
                Some(chosen) => {
                    Some(text!("未启用：“{zh}”已选定依 {chosen}", "not enabled: for {en}, {chosen} is chosen"))
                }
                None if present.len() < 2 => None,
                None => Some(text!(
                    "未启用：制度对“{zh}”说法不一（{sides}），请在 hedui.toml 的 [conflicts] 中选定 {id}",
                    "not enabled: the policies differ on {en} ({sides}); choose {id} in [conflicts] of hedui.toml"
                )),
            };
        }
    }
}
