//! `unreadable`: a filled field of a type must convert to it; a finding a field.

use polars::prelude::PolarsResult;

use super::condition::Condition;
use super::suspicion::{About, Suspicion, filled_and};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::FieldType;
use crate::model::Test;
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `unreadable`.
pub struct Kind;

#[derive(Debug)]
struct Unreadable {
    fields: Vec<String>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "unreadable"
    }

    fn describe(&self) -> Text {
        text!("日期、金额等字段的值必须能识别", "a filled date, time or amount can be read as one")
    }

    fn read(&self, _: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let typed = scope.table.fields.iter().filter(|field| field.field_type != FieldType::Text);
        Some(Box::new(Unreadable { fields: typed.map(|field| field.name.clone()).collect() }))
    }
}

impl Check for Unreadable {
    fn gives_detail(&self) -> bool {
        false
    }

    /// It reads whatever columns there are.
    fn reads(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn suspects(&self, _: &About) -> Option<Suspicion> {
        let unread = |field: &String| filled_and(field, Test::opposite(Test::Reads(field.clone())));
        let tests = self.fields.iter().map(unread).collect();
        Some(Suspicion { tests, filled: self.fields.clone(), ..Suspicion::default() })
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let present = self.fields.iter().filter(|field| plan.columns.dataset().columns.contains_key(*field));
        Ok(present
            .map(|field| {
                let filled = plan.columns.folded(field).is_not_null();
                let failing = plan.columns.value(field).is_null();
                Unit { field: Some(field.clone()), tested: Some(filled), failing, detail: None }
            })
            .collect())
    }
}
