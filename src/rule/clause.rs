//! The policies: documents, clauses, and the points in which they contradict one another (`rules/clauses.toml`).
//!
//! Apart because rules cite clauses by id and everything else about them stands here once: a finding leads to its
//! article and its words, and `hedui policy` to what enforces a clause. It knows no rule.

use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;

/// A policy.
#[derive(Clone, Debug)]
pub struct PolicyDocument {
    /// What its clause ids begin with.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Which version of it is quoted.
    pub version: String,
}

/// One clause of a policy.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its id: the document's, a hyphen, a number.
    pub id: String,
    /// The document's id.
    pub document: String,
    /// Where it stands in the document.
    pub article: String,
    /// Its words.
    pub quote: String,
    /// 1 always, 2 where the company keeps such a register, 3 thin.
    pub priority: u64,
    /// Why nothing serves it yet.
    pub pending: Option<Text>,
    /// Why data cannot show it.
    pub out_of_reach: Option<Text>,
}

/// A point in which policies contradict each other: a setting.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Its name, as rules and `[conflicts]` write it.
    pub id: String,
    /// What it is about.
    pub topic: Text,
    /// The clauses that differ.
    pub clauses: Vec<String>,
}

/// All that rules may cite.
#[derive(Clone, Debug, Default)]
pub struct Clauses {
    /// The documents in the order of the file.
    pub documents: Vec<PolicyDocument>,
    /// The clauses in the order of the file.
    pub clauses: Vec<Clause>,
    /// The contradictions.
    pub conflicts: Vec<Conflict>,
}

impl Clauses {
    /// Reads the file.
    pub fn read(root: &Params) -> Self {
        let mut documents: Vec<PolicyDocument> = Vec::new();
        for entry in root.tables("document") {
            let span = entry.span_of("id");
            let Some(document) = document(&entry) else { continue };
            if documents.iter().any(|other| other.id == document.id) {
                let id = &document.id;
                root.problems().add(span, text!("文件“{id}”出现两次", "document `{id}` stands twice"));
            }
            documents.push(document);
        }
        let mut clauses: Vec<Clause> = Vec::new();
        for entry in root.tables("clause") {
            let span = entry.span_of("id");
            let Some(clause) = clause(&entry, &documents) else { continue };
            if clauses.iter().any(|other| other.id == clause.id) {
                let id = &clause.id;
                root.problems().add(span, text!("条款“{id}”出现两次", "clause `{id}` stands twice"));
            }
            clauses.push(clause);
        }
        let mut conflicts: Vec<Conflict> = Vec::new();
        for entry in root.tables("conflict") {
            let span = entry.span_of("id");
            let Some(conflict) = conflict(&entry, &clauses) else { continue };
            if conflicts.iter().any(|other| other.id == conflict.id) {
                let id = &conflict.id;
                root.problems().add(span, text!("“{id}”出现两次", "`{id}` stands twice"));
            }
            conflicts.push(conflict);
        }
        Self { documents, clauses, conflicts }
    }

    /// The clause of an id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The document of a clause.
    pub fn document_of(&self, clause: &Clause) -> Option<&PolicyDocument> {
        self.documents.iter().find(|document| document.id == clause.document)
    }

    /// All ids, for suggestions.
    pub fn ids(&self) -> Vec<&str> {
        self.clauses.iter().map(|clause| clause.id.as_str()).collect()
    }

    /// The contradiction of a name.
    pub fn conflict(&self, id: &str) -> Option<&Conflict> {
        self.conflicts.iter().find(|conflict| conflict.id == id)
    }

    /// The ids of a list, each of which must be a clause.
    pub fn cited(&self, entry: &Params, written: Vec<Placed<String>>) -> Vec<String> {
        for clause in written.iter().filter(|clause| self.clause(&clause.value).is_none()) {
            let word = &clause.value;
            let message = text!("clauses.toml 里没有条款“{word}”", "clauses.toml has no clause `{word}`");
            let problem = entry.problems().document().problem(clause.span.clone(), message);
            entry.problems().push(problem.with_suggestion(word, self.ids()));
        }
        written.into_iter().map(|clause| clause.value).collect()
    }
}

fn document(entry: &Params) -> Option<PolicyDocument> {
    let (id, title, version) = (entry.string("id"), entry.string("title"), entry.string("version"));
    entry.finish();
    Some(PolicyDocument { id: id?.value, title: title?.value, version: version?.value })
}

fn clause(entry: &Params, documents: &[PolicyDocument]) -> Option<Clause> {
    let id = entry.string("id");
    let (article, quote) = (entry.string("article"), entry.string("quote"));
    let priority = entry.optional_count("priority");
    entry.must_have("priority");
    if let Some(written) = priority.as_ref().filter(|priority| !(1..=3).contains(&priority.value)) {
        entry.problems().add(written.span.clone(), text!("应为 1、2 或 3", "1, 2 or 3 is wanted"));
    }
    let (pending, out_of_reach) = (entry.optional_text("pending"), entry.optional_text("out_of_reach"));
    entry.finish();
    let id = id?;
    let document = id.value.split_once('-').map(|(document, _)| document).unwrap_or_default().to_owned();
    if !documents.iter().any(|known| known.id == document) {
        let word = &id.value;
        let known: Vec<&str> = documents.iter().map(|document| document.id.as_str()).collect();
        let message =
            text!("“{word}”不属于任何 [[document]]（如 A-16）", "`{word}` is of no [[document]] (write A-16)");
        entry.problems().unknown(id.span.clone(), message, &document, &known);
    }
    Some(Clause {
        id: id.value,
        document,
        article: article?.value,
        quote: quote?.value,
        priority: priority?.value,
        pending,
        out_of_reach,
    })
}

fn conflict(entry: &Params, clauses: &[Clause]) -> Option<Conflict> {
    let id = entry.string("id");
    let topic = entry.optional_text("topic");
    entry.must_have("topic");
    let written = entry.strings("clauses").unwrap_or_default();
    let known: Vec<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
    for clause in written.iter().filter(|clause| !known.contains(&clause.value.as_str())) {
        let word = &clause.value;
        let message = text!("没有条款“{word}”", "there is no clause `{word}`");
        let problem = entry.problems().document().problem(clause.span.clone(), message);
        entry.problems().push(problem.with_suggestion(word, known.iter().copied()));
    }
    entry.finish();
    Some(Conflict { id: id?.value, topic: topic?, clauses: written.into_iter().map(|clause| clause.value).collect() })
}
