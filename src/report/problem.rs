//! A mistake in a template file, with its place.
//!
//! Apart because definitions, string tables and templates are all checked before anything runs, and all mistakes are
//! shown at once. It knows none of them, and not how a mistake is printed.

use std::ops::Range;

use crate::problem::nearest;
use crate::text;
use crate::text::Text;

/// One mistake at one place of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    /// The file, relative to the folder of templates.
    pub file: String,
    /// Its line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The column in characters, from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// The place in bytes.
    pub offset: usize,
    /// The length of what is wrong, in bytes.
    pub length: usize,
    /// What is wrong.
    pub message: Text,
    /// What might help.
    pub hint: Option<Text>,
}

impl TemplateProblem {
    /// A mistake at a byte range of a file.
    pub fn at(file: &str, source: &str, span: Range<usize>, message: Text) -> Self {
        let start = span.start.min(source.len());
        let before = source.get(..start).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            offset: start,
            length: span.end.clamp(start, source.len()) - start,
            message,
            hint: None,
        }
    }

    /// A mistake that is about a file as a whole: absent, unreadable.
    pub fn of_file(file: &str, message: Text) -> Self {
        Self { file: file.to_owned(), line: 0, column: 0, offset: 0, length: 0, message, hint: None }
    }

    /// Mistakes in the order of files and places, one a line: what follows from the first is not shown.
    pub fn in_order(mut problems: Vec<Self>) -> Vec<Self> {
        problems.sort_by(|left, right| (&left.file, left.offset).cmp(&(&right.file, right.offset)));
        problems.dedup_by(|later, first| later.file == first.file && later.line == first.line);
        problems
    }

    /// The same mistake with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same mistake with the known word that is nearest to what was written, or with all of them.
    #[must_use]
    pub fn with_known(self, written: &str, known: &[&str]) -> Self {
        let list = known.join(", ");
        match nearest(written, known.iter().copied()) {
            Some(near) => {
                self.with_hint(text!("是否想写“{near}”？可用：{list}", "did you mean `{near}`? known here: {list}"))
            }
            None if known.is_empty() => self,
            None => self.with_hint(text!("这里可用：{list}", "known here: {list}")),
        }
    }

    /// What the TOML reader found.
    pub fn of_toml(file: &str, source: &str, error: &toml::de::Error) -> Self {
        let said = error.message().replace('\n', " ");
        let span = error.span().unwrap_or(0..0);
        let (reason, expected) = match said.split_once(", expected") {
            Some((reason, expected)) => (reason, Some(expected)),
            None => (said.as_str(), None),
        };
        let message = match reason.split_once(" field ") {
            Some(("unknown", key)) => text!("未知的键 {key}", "unknown key {key}"),
            Some(("missing", key)) => text!("缺少键 {key}", "missing key {key}"),
            Some(("duplicate", key)) => text!("重复的键 {key}", "key {key} twice"),
            _ => text!("不是这里要的 TOML:{said}", "not the TOML that belongs here: {said}"),
        };
        let quoted = |words: &str| -> Vec<String> { words.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
        let problem = Self::at(file, source, span, message);
        let known = quoted(expected.unwrap_or_default());
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        problem.with_known(quoted(reason).first().map_or("", String::as_str), &known)
    }

    /// What the template engine found in the template of that name; `source` is its text.
    pub fn of_template(file: &str, source: &str, error: &minijinja::Error) -> Self {
        let said = error.detail().map_or_else(|| error.kind().to_string(), |detail| detail.replace('\n', " "));
        let message = text!("模板有误：{said}", "mistake in the template: {said}");
        match (error.range(), error.line()) {
            (Some(span), _) => Self::at(file, source, span, message),
            (None, Some(line)) => {
                let start = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
                Self::at(file, source, start..start, message)
            }
            (None, None) => Self::of_file(file, message),
        }
    }
}
