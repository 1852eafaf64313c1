//! The mistakes of one file, gathered so that all are shown at once.
//!
//! Apart because readers of every kind add to it. It knows places and words, no keys.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::{Asked, Placed};
use crate::problem::{Document, Problem};
use crate::text;
use crate::text::Text;

/// Where the mistakes of one file are gathered, so that all are shown at once.
#[derive(Clone)]
pub struct Problems {
    document: Document,
    found: Rc<RefCell<Vec<Problem>>>,
    /// Names of tables that are slips of known ones: true of a file that is no TOML, too.
    tables: Rc<RefCell<Vec<Problem>>>,
    pub(super) asked: Option<Rc<RefCell<Asked>>>,
}

impl Problems {
    /// A collector for one file.
    pub fn new(document: Document) -> Self {
        Self::recording(document, None)
    }

    /// The same, which also takes down what readers ask for.
    pub fn recording(document: Document, asked: Option<Rc<RefCell<Asked>>>) -> Self {
        Self { document, found: Rc::default(), tables: Rc::default(), asked }
    }

    /// The file.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Adds a mistake at a place.
    pub fn add(&self, span: Range<usize>, message: Text) {
        self.push(self.document.problem(span, message));
    }

    /// The place in the file of some bytes of a text that stands in it; of one with escapes, the whole text.
    pub fn place_in(&self, written: &Placed<String>, bytes: Range<usize>) -> Range<usize> {
        let source = self.document.text.get(written.span.clone()).unwrap_or_default();
        match source.find(&written.value) {
            Some(base) => written.span.start + base + bytes.start..written.span.start + base + bytes.end,
            None => written.span.clone(),
        }
    }

    /// Adds a mistake.
    pub fn push(&self, problem: Problem) {
        self.found.borrow_mut().push(problem);
    }

    /// How many mistakes there are so far.
    pub fn count(&self) -> usize {
        self.found.borrow().len()
    }

    /// Adds a word that is off its list, with the nearest one on it.
    pub fn unknown(&self, span: Range<usize>, message: Text, word: &str, known: &[&str]) {
        let list = known.join(", ");
        let problem = self.document.problem(span, message).with_suggestion(word, known.iter().copied());
        let problem = match crate::problem::nearest(word, known.iter().copied()) {
            Some(_) => problem,
            None if known.is_empty() => problem,
            None => problem.with_hint(text!("可用：{list}", "known here: {list}")),
        };
        self.push(problem);
    }

    /// Adds a table that nobody asked for and whose name is near to one that is known.
    pub fn misspelt_table(&self, span: Range<usize>, message: Text, word: &str, known: &[&str]) {
        if crate::problem::nearest(word, known.iter().copied()).is_some() {
            let problem = self.document.problem(span, message).with_suggestion(word, known.iter().copied());
            self.tables.borrow_mut().push(problem);
        }
    }

    /// Forgets all mistakes but misspelt tables: what was read of a file that is no TOML proves nothing.
    pub fn forget_values(&self) {
        self.found.replace(std::mem::take(&mut *self.tables.borrow_mut()));
    }

    /// All mistakes so far, in the order of the file.
    pub fn take(&self) -> Vec<Problem> {
        let mut found = std::mem::take(&mut *self.found.borrow_mut());
        found.sort_by_key(Problem::place);
        found.dedup_by_key(|problem| problem.line(crate::text::Language::En));
        found
    }
}
