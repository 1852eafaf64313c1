//! `required`: fields that must be filled, always or under a condition; a finding a field.

use polars::prelude::{Expr, PolarsResult};

use super::condition::Condition;
use super::suspicion::{About, Suspicion};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::model::Test;
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `required`.
pub struct Kind;

#[derive(Debug)]
struct Required {
    table: String,
    /// Every field once, in the order of the rule file, with the conditions under which it is required.
    fields: Vec<(String, Vec<Option<Condition>>)>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "required"
    }

    fn describe(&self) -> Text {
        text!("字段必填，或在一定条件下必填", "fields must be filled, always or under a condition")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let mut fields: Vec<(String, Vec<Option<Condition>>)> = Vec::new();
        let entries = rule.tables("require");
        rule.must_not_be_empty("require", entries.is_empty());
        for entry in &entries {
            let condition = scope.condition(entry, "where", scope.table);
            for written in entry.strings("fields").unwrap_or_default() {
                let Some(field) = scope.named(entry, scope.table, &written) else { continue };
                let Some(condition) = condition.clone() else { continue };
                match fields.iter_mut().find(|(name, _)| *name == field) {
                    Some((_, conditions)) => conditions.push(condition),
                    None => fields.push((field, vec![condition])),
                }
            }
            entry.finish();
        }
        Some(Box::new(Required { table: scope.table.name.clone(), fields }))
    }
}

impl Check for Required {
    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        let mut reads = Vec::new();
        for (field, conditions) in &self.fields {
            let provided_for = |condition: &Option<Condition>| {
                condition.as_ref().is_some_and(|condition| condition.guarded().contains(&field.as_str()))
            };
            if !conditions.iter().all(provided_for) {
                reads.push((self.table.clone(), field.clone()));
            }
            let needed = conditions.iter().flatten().flat_map(Condition::needed);
            reads.extend(needed.map(|field| (self.table.clone(), field.to_owned())));
        }
        reads
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.fields.iter().map(|(field, _)| field.as_str()).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        Ok(self
            .fields
            .iter()
            .map(|(field, conditions)| {
                let tested = if conditions.iter().any(Option::is_none) {
                    None
                } else {
                    conditions.iter().flatten().map(|condition| plan.columns.condition(condition)).reduce(Expr::or)
                };
                let failing = plan.columns.folded(field).is_null();
                Unit { field: Some(field.clone()), tested, failing, detail: None }
            })
            .collect())
    }

    fn suspects(&self, about: &About) -> Option<Suspicion> {
        let mut suspicion = Suspicion::default();
        for (field, conditions) in &self.fields {
            let demanded = conditions.iter().map(|condition| match condition {
                Some(condition) => about.may_be(condition, true),
                None => Some(Test::Constant(true)),
            });
            let demanded = Test::any(demanded.collect::<Option<Vec<Test>>>()?);
            suspicion.tests.push(Test::all([Test::opposite(Test::Filled(field.clone())), demanded]));
            suspicion.valued.extend(conditions.iter().flatten().flat_map(Condition::fields).map(str::to_owned));
        }
        Some(suspicion)
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        let mut conditions: Vec<&Condition> = Vec::new();
        for condition in self.fields.iter().flat_map(|(_, conditions)| conditions).flatten() {
            // Written once, it is there once a field.
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
        conditions.into_iter().map(|condition| (self.table.as_str(), condition)).collect()
    }
}
