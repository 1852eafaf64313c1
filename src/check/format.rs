//! `format`: a filled field must, or must not, be wholly of one of some patterns, after another field's text where asked.

use std::sync::Arc;

use polars::prelude::{BooleanChunked, DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult};
use regex::Regex;

use super::condition::Condition;
use super::suspicion::{About, Suspicion, filled_and, pattern};
use super::{Check, CheckKind, Plan, Scope, Unit, flags};
use crate::model::Test;
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `format`.
pub struct Kind;

#[derive(Debug)]
struct Format {
    table: String,
    field: String,
    after: Option<String>,
    missing_fails: bool,
    must_match: bool,
    patterns: Arc<Vec<Regex>>,
    /// The patterns as the rule has them.
    written: Vec<String>,
    /// What stands between the values of a cell that may hold several.
    separators: Arc<Vec<String>>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "format"
    }

    fn describe(&self) -> Text {
        text!(
            "有值时必须完全符合某个格式（或不得符合）",
            "a filled field is wholly of one of some patterns (or of none)"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let after = match rule.optional_string("after") {
            Some(written) => scope.named(rule, scope.table, &written).map(Some),
            None => Some(None),
        };
        let words = [("passes", false), ("fails", true)];
        let missing_fails = rule.optional_word("missing", &words).unwrap_or(false);
        let must_match = rule.optional_word("must", &[("match", true), ("not_match", false)]).unwrap_or(true);
        let written = rule.strings("patterns")?;
        let mut patterns = Vec::new();
        for pattern in &written {
            match wholly(&pattern.value) {
                Ok(wholly) => patterns.push(wholly),
                Err(error) => {
                    let said = error.to_string().lines().last().unwrap_or_default().to_owned();
                    let message = text!("正则表达式有误：{said}", "not a regular expression: {said}");
                    rule.problems().add(pattern.span.clone(), message);
                }
            }
        }
        let is_whole = patterns.len() == written.len();
        let (table, field, after, patterns) = (scope.table.name.clone(), field?, after?, Arc::new(patterns));
        let separators = scope.table.field(&field).map(|field| field.separators.clone()).unwrap_or_default();
        let separators = Arc::new(separators);
        let written = written.into_iter().map(|pattern| pattern.value).collect();
        is_whole.then(|| -> Box<dyn Check> {
            Box::new(Format { table, field, after, missing_fails, must_match, patterns, written, separators })
        })
    }
}

/// Whether it is true of any of the values of a cell, which is one unless a separator stands in it.
fn any_value(text: &str, separators: &[String], is_so: &dyn Fn(&str) -> bool) -> bool {
    let Some(separator) = separators.iter().find(|separator| text.contains(separator.as_str())) else {
        return is_so(text);
    };
    let mut values = text.split(separator.as_str()).map(str::trim).filter(|value| !value.is_empty()).peekable();
    if values.peek().is_none() {
        return is_so(text);
    }
    values.any(|value| any_value(value, separators, is_so))
}

/// A pattern that matches a text as a whole or not at all.
fn wholly(pattern: &str) -> Result<Regex, regex::Error> {
    // By itself it must be one: brackets that do not pair could pair with those around it.
    Regex::new(pattern)?;
    // The remark at the end of a pattern with (?x) goes on to the end of its line, which must not be ours.
    Regex::new(&format!(r"\A(?:{pattern})\z")).or_else(|_| Regex::new(&format!("\\A(?:{pattern}\n)\\z")))
}

impl Format {
    /// Whether a text is wrong; null where it is missing.
    fn wrong(&self, plan: &Plan) -> Expr {
        let (patterns, separators) = (self.patterns.clone(), self.separators.clone());
        let is_match = move |text: &str| patterns.iter().any(|pattern| pattern.is_match(text));
        let must_match = self.must_match;
        let has_prefix = self.after.is_some();
        let arguments: Vec<Expr> = self.after.iter().map(|after| plan.columns.folded(after)).collect();
        plan.columns.folded(&self.field).map_many(
            move |columns| {
                let texts = columns[0].str()?;
                let wrong: BooleanChunked = if has_prefix {
                    let prefixes = columns[1].str()?;
                    texts
                        .iter()
                        .zip(prefixes.iter())
                        .map(|(text, prefix)| match (text, prefix) {
                            (Some(text), Some(prefix)) => {
                                let matches = text.strip_prefix(prefix).is_some_and(&is_match);
                                Some(matches != must_match)
                            }
                            _ => None,
                        })
                        .collect()
                } else {
                    let wrong = |value: &str| is_match(value) != must_match;
                    flags::by_text(texts, |text| any_value(text, &separators, &wrong))
                };
                Ok(wrong.into_column())
            },
            &arguments,
            |_, fields| Ok(PolarsField::new(fields[0].name().clone(), DataType::Boolean)),
        )
    }
}

impl Check for Format {
    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        std::iter::once(&self.field).chain(&self.after).map(|field| (self.table.clone(), field.clone())).collect()
    }

    fn suspects(&self, _: &About) -> Option<Suspicion> {
        if self.after.is_some() || !self.must_match || !self.separators.is_empty() {
            return None;
        }
        let right = self.written.iter().filter_map(|written| pattern::portable(written));
        let right: Vec<Test> = right.map(|pattern| Test::Matches(self.field.clone(), pattern)).collect();
        if right.is_empty() {
            return None;
        }
        let wrong = Test::opposite(Test::all([Test::Plain(self.field.clone()), Test::any(right)]));
        Some(Suspicion::of(if self.missing_fails { wrong } else { filled_and(&self.field, wrong) }))
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let wrong = self.wrong(plan);
        let failing = if self.missing_fails { wrong.clone().is_null().or(wrong) } else { wrong };
        Ok(vec![Unit::on(&self.field, failing)])
    }
}
