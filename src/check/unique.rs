//! `unique`: a filled field must not hold what another row of the table holds, once both are normalised.

use std::borrow::Cow;

use polars::prelude::{
    BooleanChunked, DataType, Field as PolarsField, InitHashMaps, IntoColumn, NewChunkedArray, PlHashMap, PolarsResult,
    StringChunked,
};

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
        let normalise = self.normalise;
        let failing = plan.columns.folded(&self.field).apply(
            move |column| Ok(duplicated(column.str()?, normalise).with_name(column.name().clone()).into_column()),
            |_, field| Ok(PolarsField::new(field.name().clone(), DataType::Boolean)),
        );
        Ok(vec![Unit::on(&self.field, failing)])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }
}

/// Whether another row holds the same, normalised; what is empty then is held by none.
fn duplicated(texts: &StringChunked, normalise: Normalise) -> BooleanChunked {
    let mut repeated = vec![false; texts.len()];
    let mut first_of: PlHashMap<Cow<'_, str>, usize> = PlHashMap::with_capacity(texts.len());
    for (row, text) in texts.iter().enumerate() {
        let text = match (text, normalise) {
            (None, _) => continue,
            (Some(text), Normalise::Folded) => Cow::Borrowed(text),
            (Some(text), normalise) => match normalise.apply(text) {
                text if text.is_empty() => continue,
                text => text,
            },
        };
        let first = *first_of.entry(text).or_insert(row);
        if first != row {
            repeated[first] = true;
            repeated[row] = true;
        }
    }
    BooleanChunked::from_slice("repeated".into(), &repeated)
}
