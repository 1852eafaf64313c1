//! `unique`: a filled field must not hold what another row of the table holds, once both are normalised.

use polars::prelude::{DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult, StringChunked};

use super::condition::Condition;
use super::normalise::Normalise;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `unique`.
pub struct Kind;

#[derive(Debug)]
struct Unique {
    table: String,
    field: String,
    normalise: Normalise,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "unique"
    }

    fn describe(&self) -> Text {
        text!("有值时不能与其他行重复", "a filled field holds what no other row holds")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let normalise = rule.optional_word("normalise", &Normalise::WORDS).unwrap_or_default();
        Some(Box::new(Unique { table: scope.table.name.clone(), field: field?, normalise }))
    }
}

impl Check for Unique {
    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let folded = plan.columns.folded(&self.field);
        let normalised = match self.normalise {
            Normalise::Folded => folded,
            normalise => normalised(folded, normalise),
        };
        let failing = normalised.clone().is_duplicated().and(normalised.is_not_null());
        Ok(vec![Unit::on(&self.field, failing)])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }
}

fn normalised(folded: Expr, normalise: Normalise) -> Expr {
    folded.map(
        move |column| {
            let texts = column.str()?;
            let normalised: StringChunked =
                texts.iter().map(|text| text.map(|text| normalise.apply(text)).filter(|text| !text.is_empty())).collect();
            Ok(normalised.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
    )
}
