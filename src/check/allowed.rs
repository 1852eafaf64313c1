//! `allowed_values`: a filled field must hold one of a list, or none of it; a synonym counts as what it stands for.

use std::collections::BTreeSet;

use polars::prelude::{DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult, StringChunked};

use super::condition::{Condition, one_of_texts};
use super::suspicion::{About, Suspicion, filled_and};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::folding::fold;
use crate::model::Test;
use crate::params::Params;
use crate::problem::nearest;
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
    /// The values, and the synonyms that stand for one of them.
    values: BTreeSet<String>,
    /// The values alone, to propose one of them.
    shown: Vec<String>,
    must_be_in: bool,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "allowed_values"
    }

    fn describe(&self) -> Text {
        text!("有值时必须是（或不得是）所列值之一", "a filled field holds one of a list (or none of it)")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let must_be_in = rule.optional_word("must", &[("be_in", true), ("not_be_in", false)]).unwrap_or(true);
        let written = rule.strings("values");
        let mut values: Vec<String> = written.iter().flatten().map(|value| value.value.clone()).collect();
        let known: Vec<&str> = values.iter().map(String::as_str).collect();
        let synonyms = synonyms(rule, &known);
        written?;
        let shown = values.clone();
        values.extend(synonyms?.into_iter().map(|(word, _)| word));
        // Cells are folded before they are compared: so are the values.
        let values = values.iter().map(|value| fold(value).into_owned()).collect();
        Some(Box::new(Allowed { table: scope.table.name.clone(), field: field?, values, shown, must_be_in }))
    }
}

/// The key `synonyms`: words, and the known value that each stands for.
pub fn synonyms(rule: &Params, known: &[&str]) -> Option<Vec<(String, String)>> {
    let Some(table) = rule.optional_table("synonyms") else {
        return (!rule.has("synonyms")).then(Vec::new);
    };
    let mut synonyms = Vec::new();
    // Where the values are a mistake, nothing can be said of what stands for them.
    for word in table.keys().into_iter().filter(|_| !known.is_empty()) {
        let meant = table.string_under(&word.value)?;
        if !known.contains(&meant.value.as_str()) {
            let value = &meant.value;
            let message = text!("所列值中没有“{value}”", "`{value}` is not among the values");
            rule.problems().unknown(meant.span, message, value, known);
            return None;
        }
        synonyms.push((fold(&word.value).into_owned(), fold(&meant.value).into_owned()));
    }
    Some(synonyms)
}

impl Check for Allowed {
    /// The listed value that is nearest to what was typed, where one is near.
    fn gives_detail(&self) -> bool {
        self.must_be_in
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn suspects(&self, _: &About) -> Option<Suspicion> {
        let listed = Test::OneOf(self.field.clone(), self.values.iter().cloned().collect());
        let plain = Test::Plain(self.field.clone());
        let wrong = match self.must_be_in {
            true => Test::opposite(Test::all([plain, listed])),
            false => Test::any([Test::opposite(plain), listed]),
        };
        Some(Suspicion::of(filled_and(&self.field, wrong)))
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        // The folded text, whatever the field's type; a missing one is neither allowed nor not.
        let listed = one_of_texts(plan.columns.folded(&self.field), self.values.clone());
        if !self.must_be_in {
            return Ok(vec![Unit::on(&self.field, listed)]);
        }
        Ok(vec![Unit::on(&self.field, listed.not()).with_detail(self.proposal(plan))])
    }
}

impl Allowed {
    /// The value that an unlisted text most likely was meant to be; null where none is near.
    fn proposal(&self, plan: &Plan) -> Expr {
        let (values, shown) = (self.values.clone(), self.shown.clone());
        plan.columns.folded(&self.field).map(
            move |column| {
                let near = |text: &str| nearest(text, shown.iter().map(String::as_str));
                let texts = column.str()?.iter();
                let proposed: StringChunked =
                    texts.map(|text| text.filter(|text| !values.contains(*text)).and_then(near)).collect();
                Ok(proposed.into_column())
            },
            |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
        )
    }
}
