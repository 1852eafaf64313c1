//! `damaged`: a code or account must not be a number that has lost digits; a finding a field.

use polars::prelude::{BooleanChunked, IntoSeries, NewChunkedArray, PolarsResult, lit};

use super::condition::Condition;
use super::suspicion::{About, Suspicion, filled_and};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::model::Test;
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `damaged`.
pub struct Kind;

#[derive(Debug)]
struct Damaged {
    fields: Vec<String>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "damaged"
    }

    fn describe(&self) -> Text {
        text!("编号和账号不能是丢了位数的数字", "a code or account is no number that has lost digits")
    }

    fn read(&self, _: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let codes = scope.table.fields.iter().filter(|field| field.code);
        Some(Box::new(Damaged { fields: codes.map(|field| field.name.clone()).collect() }))
    }
}

impl Check for Damaged {
    fn gives_detail(&self) -> bool {
        false
    }

    /// It reads whatever columns there are.
    fn reads(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn suspects(&self, _: &About) -> Option<Suspicion> {
        let damaged = |field: &String| filled_and(field, Test::opposite(Test::Sound(field.clone())));
        let tests = self.fields.iter().map(damaged).collect();
        Some(Suspicion { tests, filled: self.fields.clone(), ..Suspicion::default() })
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let dataset = plan.columns.dataset();
        Ok(self
            .fields
            .iter()
            .filter_map(|field| dataset.columns.get(field).map(|column| (field, column)))
            .map(|(field, column)| {
                let filled = plan.columns.folded(field).is_not_null();
                let failing = if column.damaged.is_empty() {
                    lit(false)
                } else {
                    let mut marks = vec![false; dataset.height];
                    for record in &column.damaged {
                        if let Some(mark) = marks.get_mut(*record as usize) {
                            *mark = true;
                        }
                    }
                    lit(BooleanChunked::from_slice("damaged".into(), &marks).into_series())
                };
                Unit { field: Some(field.clone()), tested: Some(filled), failing, detail: None }
            })
            .collect())
    }
}
