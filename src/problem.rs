//! A mistake in a file that a user wrote, with its place, and how it is shown: `file:line:col`, a caret, a hint.
//!
//! Apart because configuration, rules, templates, calendars and waivers all report through it. It knows none of them.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Severity};
use serde_json::{Value, json};

use crate::text;
use crate::text::{Language, Text};

/// A file that a user wrote: its name as shown, and what stands in it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The path as the user knows it.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
    /// Makes of the text what problems show: secrets replaced, of the same length.
    shown: fn(&str) -> String,
    /// The bytes at which its lines start, found when a place is asked for.
    lines: Arc<OnceLock<Vec<usize>>>,
}

impl Document {
    /// A document of a name and a text.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.into(), text: text.into(), shown: str::to_owned, lines: Arc::default() }
    }

    /// The same document, shown as what is made of its text, of the same length; made only where it is shown.
    #[must_use]
    pub fn shown_as(self, shown: fn(&str) -> String) -> Self {
        Self { shown, ..self }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    pub fn place(&self, byte: usize) -> (usize, usize) {
        let lines = self
            .lines
            .get_or_init(|| std::iter::once(0).chain(self.text.match_indices('\n').map(|(end, _)| end + 1)).collect());
        let byte = self.text.floor_char_boundary(byte);
        let line = lines.partition_point(|start| *start <= byte);
        let start = line.checked_sub(1).and_then(|at| lines.get(at)).copied().unwrap_or(0);
        (line, self.text[start..byte].chars().count() + 1)
    }

    /// A problem at a byte range of this document.
    pub fn problem(&self, span: Range<usize>, message: Text) -> Problem {
        Problem { document: self.clone(), span, message, hint: None }
    }
}

/// One mistake at one place.
#[derive(Clone, Debug)]
pub struct Problem {
    document: Document,
    span: Range<usize>,
    message: Text,
    hint: Option<Text>,
}

impl Problem {
    /// The same problem with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same problem with "did you mean" where a known word is near.
    #[must_use]
    pub fn with_suggestion<'k>(self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match nearest(word, known) {
            Some(near) => self.with_hint(text!("是否想写“{near}”？", "did you mean `{near}`?")),
            None => self,
        }
    }

    /// The file that it is in.
    pub fn file(&self) -> &str {
        &self.document.name
    }

    /// Line and column, both from 1, the column in characters.
    pub fn place(&self) -> (usize, usize) {
        self.document.place(self.span.start)
    }

    /// One line: `file:line:col: message (hint)`.
    pub fn line(&self, language: Language) -> String {
        let (line, column) = self.place();
        let hint = self.hint.as_ref().map(|hint| format!(" ({})", hint.get(language))).unwrap_or_default();
        format!("{}:{line}:{column}: {}{hint}", self.document.name, self.message.get(language))
    }

    /// The picture for people: the line of the file with a caret under the place.
    pub fn picture(&self, language: Language, colour: bool) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let length = self.document.text.len();
        let span = self.span.start.min(length)..self.span.end.clamp(self.span.start.min(length), length);
        let mut diagnostic = MietteDiagnostic::new(self.line(language))
            .with_severity(Severity::Error)
            .with_label(LabeledSpan::at(span, self.message.get(language).to_owned()));
        if let Some(hint) = &self.hint {
            diagnostic = diagnostic.with_help(hint.get(language).to_owned());
        }
        let report = miette::Report::new(diagnostic).with_source_code(NamedSource::new(
            self.document.name.as_ref(),
            (self.document.shown)(&self.document.text),
        ));
        let mut out = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(110);
        match handler.render_report(&mut out, report.as_ref()) {
            Ok(()) => out,
            Err(_) => self.line(language),
        }
    }

    /// The problem for scripts.
    pub fn json(&self, language: Language) -> Value {
        let (line, column) = self.place();
        json!({
            "file": self.document.name.as_ref(),
            "line": line,
            "column": column,
            "message": self.message.get(language),
            "hint": self.hint.as_ref().map(|hint| hint.get(language)),
        })
    }
}

/// The known word that a typed one was most likely meant to be.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    known
        .into_iter()
        .filter(|candidate| !candidate.is_empty() && *candidate != word)
        .map(|candidate| (strsim::normalized_damerau_levenshtein(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters() {
        let document = Document::new("规则.toml", "# 注释\n名称 = 1\n");
        let at = document.text.find('1').expect("the value");
        assert_eq!(document.problem(at..at + 1, Text::same("x")).place(), (2, 6));
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("phonee", ["fax", "phone", "email"]).as_deref(), Some("phone"));
        assert_eq!(nearest("zzzz", ["fax", "phone", "email"]), None);
    }
}
