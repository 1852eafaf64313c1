//! `reference`: a field must name a record of another table; a missing one names none.

use polars::prelude::PolarsResult;

use super::condition::Condition;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `reference`.
pub struct Kind;

#[derive(Debug)]
struct Reference {
    table: String,
    field: String,
    to: String,
    to_field: String,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "reference"
    }

    fn describe(&self) -> Text {
        text!("字段必须指向另一张表中的记录", "a field names a record of another table")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let (to, to_field) = (scope.table(rule, "to"), rule.string("to_field"));
        let to = to?;
        let to_field = scope.named(rule, to, &to_field?)?;
        Some(Box::new(Reference { table: scope.table.name.clone(), field: field?, to: to.name.clone(), to_field }))
    }
}

impl Check for Reference {
    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone()), (self.to.clone(), self.to_field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let to = plan.related(&self.to)?;
        let unknown = plan.first_record(&self.field, &to, &self.to_field).is_null();
        Ok(vec![Unit::on(&self.field, unknown)])
    }
}
