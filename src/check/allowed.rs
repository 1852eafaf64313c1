//! `allowed_values`: a filled field must hold one of a list.

use polars::prelude::PolarsResult;

use super::condition::{Condition, Operand, ValueType};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `allowed_values`.
pub struct Kind;

#[derive(Debug)]
struct Allowed {
    table: String,
    field: String,
    values: Vec<String>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "allowed_values"
    }

    fn describe(&self) -> Text {
        text!("有值时必须是所列值之一", "a filled field holds one of a list")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let values = rule.strings("values")?.into_iter().map(|value| value.value).collect();
        Some(Box::new(Allowed { table: scope.table.name.clone(), field: field?, values }))
    }
}

impl Check for Allowed {
    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let values = self.values.iter().map(|value| Operand::Text(value.clone())).collect();
        let allowed = Condition::OneOf(Operand::Field(self.field.clone(), ValueType::Text), values);
        // The folded text, whatever the field's type; a missing one is neither allowed nor not.
        let expression = plan.columns.condition(&Condition::Not(Box::new(allowed)));
        Ok(vec![Unit::on(&self.field, expression)])
    }
}
