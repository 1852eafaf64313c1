//! `format`: a filled field must, or must not, be wholly of one of some patterns, after another field's text where asked.

use std::sync::Arc;

use polars::prelude::{BooleanChunked, DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult};
use regex::Regex;

use super::{Check, CheckKind, Plan, Scope, Unit};
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
    pattern: Arc<Regex>,
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
            Some(written) => Some(scope.named(rule, scope.table, &written)?),
            None => None,
        };
        let words = [("passes", false), ("fails", true)];
        let missing_fails = rule.optional_word("missing", &words).unwrap_or(false);
        let must_match = rule.optional_word("must", &[("match", true), ("not_match", false)]).unwrap_or(true);
        let mut parts = Vec::new();
        for pattern in rule.strings("patterns")? {
            if let Err(error) = Regex::new(&pattern.value) {
                let said = error.to_string().lines().last().unwrap_or_default().to_owned();
                rule.problems().add(pattern.span, text!("正则表达式有误：{said}", "not a regular expression: {said}"));
                return None;
            }
            parts.push(format!("(?:{})", pattern.value));
        }
        let pattern = Regex::new(&format!(r"\A(?:{})\z", parts.join("|"))).ok()?;
        let table = scope.table.name.clone();
        let pattern = Arc::new(pattern);
        Some(Box::new(Format { table, field: field?, after, missing_fails, must_match, pattern }))
    }
}

impl Format {
    /// Whether a text is wrong; null where it is missing.
    fn wrong(&self, plan: &Plan) -> Expr {
        let pattern = self.pattern.clone();
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
                                let matches = text.strip_prefix(prefix).is_some_and(|rest| pattern.is_match(rest));
                                Some(matches != must_match)
                            }
                            _ => None,
                        })
                        .collect()
                } else {
                    texts.iter().map(|text| text.map(|text| pattern.is_match(text) != must_match)).collect()
                };
                Ok(wrong.into_column())
            },
            &arguments,
            |_, fields| Ok(PolarsField::new(fields[0].name().clone(), DataType::Boolean)),
        )
    }
}

impl Check for Format {
    fn reads(&self) -> Vec<(String, String)> {
        std::iter::once(&self.field).chain(&self.after).map(|field| (self.table.clone(), field.clone())).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let wrong = self.wrong(plan);
        let failing = if self.missing_fails { wrong.clone().is_null().or(wrong) } else { wrong };
        Ok(vec![Unit::on(&self.field, failing)])
    }
}
