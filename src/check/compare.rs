//! `compare`: a row fails when a condition over its own fields is true.

use polars::prelude::PolarsResult;

use super::condition::{Condition, Figures, Operand};
use super::suspicion::{About, Suspicion};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `compare`.
pub struct Kind;

#[derive(Debug)]
struct Compare {
    table: String,
    field: Option<String>,
    fails_when: Condition,
    detail: Option<Operand>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "compare"
    }

    fn describe(&self) -> Text {
        text!("条件成立的行不通过", "a row fails where a condition over its fields is true")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = match rule.optional_string("field") {
            Some(written) => scope.named(rule, scope.table, &written).map(Some),
            None => Some(None),
        };
        rule.must_have("fails_when");
        let fails_when = scope.condition(rule, "fails_when", scope.table);
        let detail = scope.operand(rule, "detail", scope.table);
        Some(Box::new(Compare { table: scope.table.name.clone(), field: field?, fails_when: fails_when??, detail: detail? }))
    }
}

impl Check for Compare {
    fn gives_detail(&self) -> bool {
        self.detail.is_some()
    }

    fn reads(&self) -> Vec<(String, String)> {
        // What the condition asks after by `has_column` may be lacking in the detail too.
        let guarded = self.fails_when.guarded();
        let shown = self.detail.iter().flat_map(Operand::fields).filter(|field| !guarded.contains(field));
        self.fails_when
            .needed()
            .into_iter()
            .chain(shown)
            .map(|field| (self.table.clone(), field.to_owned()))
            .collect()
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.field.iter().map(String::as_str).chain(self.detail.iter().flat_map(Operand::fields)).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let failing = plan.columns.condition(&self.fails_when);
        let detail = self.detail.as_ref().map(|detail| plan.columns.shown(detail, &Figures::new()));
        Ok(vec![Unit { field: self.field.clone(), tested: None, failing, detail }])
    }

    fn suspects(&self, about: &About) -> Option<Suspicion> {
        about.may_be(&self.fails_when, true).map(Suspicion::of)
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        vec![(&self.table, &self.fails_when)]
    }
}
