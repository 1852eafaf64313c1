//! The mistakes of one `report.toml`: words that mean nothing here, and places that nothing fills.
//!
//! Apart because every mistake is told with its line and what could stand there. It knows no key.

use std::ops::Range;

use toml::Spanned;

use super::Wording;
use crate::report::problem::TemplateProblem;
use crate::text;
use crate::text::{Language, Text};

/// The mistakes of one file in the making.
pub(super) struct Mistakes<'f> {
    /// The file.
    pub(super) file: &'f str,
    /// Its text.
    pub(super) source: &'f str,
    /// The mistakes so far.
    pub(super) problems: Vec<TemplateProblem>,
}

impl Mistakes<'_> {
    /// Adds one.
    pub(super) fn add(&mut self, span: Range<usize>, message: Text) {
        self.problems.push(TemplateProblem::at(self.file, self.source, span, message));
    }

    /// A word that must be one of those that are known.
    pub(super) fn unknown(&mut self, word: &Spanned<String>, known: &[&str]) {
        let typed = word.get_ref();
        if !known.contains(&typed.as_str()) {
            let message = text!("这里不能写 {typed}", "{typed} means nothing here");
            let problem = TemplateProblem::at(self.file, self.source, word.span(), message);
            self.problems.push(problem.with_known(typed, known));
        }
    }

    /// Every `{place}` of a wording must be one that is filled.
    pub(super) fn places(&mut self, wording: &Spanned<Wording>, known: &[&str]) {
        for language in [Language::Zh, Language::En] {
            let text = wording.get_ref().get(language);
            for place in text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(place, _)| place) {
                if !known.contains(&place) {
                    let list = known.join("}, {");
                    let message = text!("{{{place}}} 没有内容可填", "nothing fills {{{place}}}");
                    self.problems.push(
                        TemplateProblem::at(self.file, self.source, wording.span(), message)
                            .with_hint(text!("这里可用：{{{list}}}", "known here: {{{list}}}")),
                    );
                }
            }
        }
    }
}
