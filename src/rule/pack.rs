//! The rules of a workplace: dictionary, clauses and all rule files, built in or edited.
//!
//! Apart because it decides which files and which rules count: a workplace that lacks a file uses the built-in one, and
//! the rules of a policy pack are in force where the configuration names it. A mistake is shown before the pack is wanted:
//! only files that are as they ship are left until then (`dormant`).

use std::cell::{LazyCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use include_dir::{Dir, include_dir};
use rust_decimal::Decimal;

use super::Rule;
use super::between;
use super::clause::Clauses;
use super::dormant::{self, Dormant};
use super::read::{self, Surroundings};
use crate::dictionary::Dictionary;
use crate::overlay::{self, Texts};
use crate::params::{self, Asked, Params};
use crate::problem::{Document, Problem};
use crate::text;
use crate::text::Text;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");
/// The dictionary's file.
pub const DICTIONARY: &str = "dictionary.toml";
/// The clauses' file.
pub(super) const CLAUSES: &str = "clauses.toml";

/// A policy pack: a rule file that is in force where the configuration names it.
#[derive(Clone, Debug)]
pub struct PolicyPack {
    /// What `[company] packs` writes.
    pub id: String,
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
    pub(super) dormant: Dormant,
    /// Numbers that stand in for those written, for rules that are read later.
    instead: BTreeMap<String, BTreeMap<String, Decimal>>,
}

/// The files that ship inside the program: name and bytes.
pub fn built_in_files() -> Vec<(String, &'static [u8])> {
    overlay::built_in_files(&BUILT_IN)
}

/// The ids of the rules that ship inside the program.
fn built_in_ids() -> BTreeSet<String> {
    let (texts, _) = overlay::texts(&BUILT_IN, None);
    texts.values().flat_map(|text| dormant::ids(text)).map(str::to_owned).collect()
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
        let (shipped, _) = overlay::texts(&BUILT_IN, None);
        let (texts, problems) = match folder {
            Some(_) => overlay::texts(&BUILT_IN, folder),
            None => (shipped.clone(), Vec::new()),
        };
        let unwanted = dormant::unwanted(&texts, &shipped, choice);
        if !unwanted.is_empty() && problems.is_empty() {
            // A mistake, or a name that is known to what was left out: read whole, every file tells its own.
            if let Ok(pack) = Self::read(texts.clone(), choice, &unwanted, Vec::new())
                && !pack.dormant.name_any_of(&pack.rules, &shipped)
            {
                return Ok(pack);
            }
        }
        Self::read(texts, choice, &[], problems)
    }

    /// Reads files by name; of those that are unwanted only which packs they are.
    fn read(
        mut texts: Texts,
        choice: &Choice,
        unwanted: &[String],
        mut problems: Vec<Problem>,
    ) -> Result<Self, Vec<Problem>> {
        let mut take = |name: &str| Document::new(&format!("rules/{name}"), &texts.remove(name).unwrap_or_default());
        let (dictionary_file, clauses_file) = (take(DICTIONARY), take(CLAUSES));
        let (dictionary, found) = params::read(&dictionary_file, Dictionary::read);
        let (clauses, also) = params::read(&clauses_file, Clauses::read);
        let broken = !found.is_empty() || !also.is_empty();
        problems.extend(found.into_iter().chain(also));
        // With a broken dictionary every rule would seem wrong: its own mistakes come first.
        let (Some(dictionary), Some(clauses), false) = (dictionary, clauses, broken) else { return Err(problems) };
        let mut files = Files::new(&dictionary, &clauses, &choice.instead);
        let mut unread = Vec::new();
        for (name, text) in &texts {
            let document = Document::new(&format!("rules/{name}"), text);
            if unwanted.contains(name) {
                let head = Document::new(&document.name, dormant::head(text));
                drop(params::read(&head, |root| files.file(root)));
                unread.push(document);
                continue;
            }
            let (_, found) = params::read_recording(&document, choice.asked.as_ref(), |root| files.file(root));
            problems.extend(found);
        }
        let Files { packs, rules, ids, .. } = files;
        problems.extend(between::defined_twice(&rules));
        problems.extend(between::packs_twice(&packs));
        let shipped = LazyCell::new(built_in_ids);
        problems.extend(between::references(&rules, &ids, |id| shipped.contains(id)));
        problems.sort_by_key(|problem| (problem.file().to_owned(), problem.place()));
        if !problems.is_empty() {
            return Err(problems);
        }
        let (mut rules, resting): (Vec<Rule>, Vec<Rule>) = rules.into_iter().partition(|rule| in_force(rule, choice));
        take_sides(&mut rules, &clauses, choice);
        let dormant = match unread.is_empty() {
            true => Dormant::read(resting),
            false => Dormant::unread(unread, &dictionary),
        };
        Ok(Self { dictionary, clauses, packs, rules, dormant, instead: choice.instead.clone() })
    }

    /// The rules of packs that are not in force.
    pub fn dormant(&self) -> &[Rule] {
        self.dormant.rules.get_or_init(|| {
            let mut files = Files::new(&self.dictionary, &self.clauses, &self.instead);
            for document in &self.dormant.files {
                drop(params::read(document, |root| files.file(root)));
            }
            files.rules
        })
    }

    /// The distinct ids of the rules in force, in order.
    pub fn rule_ids(&self) -> Vec<&str> {
        distinct(self.rules.iter())
    }

    /// The distinct ids of all rules, in force or not.
    pub fn all_rule_ids(&self) -> Vec<&str> {
        let mut ids = self.rule_ids();
        let mut known: BTreeSet<&str> = ids.iter().copied().collect();
        ids.extend(self.dormant.names.iter().map(|(id, _)| id.as_str()).filter(|id| known.insert(id)));
        ids
    }

    /// The tables that the rules of an id are on, in force or not; none where there is no such rule.
    pub fn tables_of(&self, id: &str) -> Vec<&str> {
        let in_force = self.rules.iter().map(|rule| (rule.id.as_str(), rule.table.as_str()));
        let dormant = self.dormant.names.iter().map(|(id, table)| (id.as_str(), table.as_str()));
        in_force.chain(dormant).filter(|(known, _)| *known == id).map(|(_, table)| table).collect()
    }

    /// The first rule of an id, in force or not, and whether it is.
    pub fn rule(&self, id: &str) -> Option<(&Rule, bool)> {
        let of = |rules: &'_ [Rule]| rules.iter().position(|rule| rule.id == id);
        if let Some(at) = of(&self.rules) {
            return Some((&self.rules[at], true));
        }
        let is_dormant = self.dormant.names.iter().any(|(known, _)| known == id);
        let dormant = if is_dormant { self.dormant() } else { &[] };
        of(dormant).map(|at| (&dormant[at], false))
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
    instead: &'f BTreeMap<String, BTreeMap<String, Decimal>>,
    packs: Vec<PolicyPack>,
    rules: Vec<Rule>,
    /// The ids of all rules, those with mistakes too.
    ids: Vec<String>,
}

impl<'f> Files<'f> {
    fn new(
        dictionary: &'f Dictionary,
        clauses: &'f Clauses,
        instead: &'f BTreeMap<String, BTreeMap<String, Decimal>>,
    ) -> Self {
        Self { dictionary, clauses, instead, packs: Vec::new(), rules: Vec::new(), ids: Vec::new() }
    }

    fn file(&mut self, root: &Params) {
        let pack = root.optional_table("pack").and_then(|table| self.pack(&table));
        let around = Surroundings {
            dictionary: self.dictionary,
            clauses: self.clauses,
            pack: pack.as_deref(),
            instead: self.instead,
        };
        for entry in root.tables("rule") {
            self.ids.extend(entry.optional_string("id").map(|id| id.value));
            self.rules.extend(read::read(&entry, &around));
        }
    }

    fn pack(&mut self, table: &Params) -> Option<String> {
        let id = table.string("id");
        // For whoever reads the file.
        let title = table.optional_text("title");
        table.must_have("title");
        table.finish();
        let id = id.filter(|_| title.is_some())?;
        let place = (table.problems().document().clone(), id.span.clone());
        self.packs.push(PolicyPack { id: id.value.clone(), place });
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
