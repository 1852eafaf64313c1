//! The rows of another table that belong to a record: how they are found, and the figures that are made of them.
//!
//! Apart because a rule may join several tables, each alike. It knows no condition of the record.

use std::collections::BTreeMap;

use polars::prelude::{Expr, PolarsResult, col, lit};

use super::figure::{Figure, figure};
use crate::check::condition::{Condition, Figures};
use crate::check::{Plan, Scope};
use crate::dictionary::{Field, Table};
use crate::params::{Params, Placed};
use crate::text;

/// The rows of another table that belong to a record, and what is made of them.
#[derive(Debug)]
pub(super) struct Join {
    /// The other table.
    pub(super) table: String,
    /// The record's field by which they are found.
    pub(super) key: String,
    /// Their field that holds it.
    related_key: String,
    /// Which of them count; nothing: all.
    pub(super) where_: Option<Condition>,
    /// Whether the rule does without where the company has no such table.
    pub(super) optional: bool,
    /// What is made of them.
    pub(super) figures: Vec<Figure>,
}

/// Reads a join. Its figures may be named like fields: they are added to the `widened` table, and to `names`.
pub(super) fn join(
    entry: &Params,
    scope: &Scope,
    widened: &mut Table,
    names: &mut Vec<Placed<String>>,
) -> Option<Join> {
    let related = scope.table(entry, "table");
    let (key, related_key) = keys(entry, scope, related);
    let where_ = scope.condition_on(entry, "where", related);
    let optional = entry.optional_bool("optional").unwrap_or(false);
    entry.must_have("figures");
    let figures = match (entry.optional_table("figures"), related) {
        (Some(table), Some(related)) => {
            entry.must_not_be_empty("figures", table.keys().is_empty());
            figures(&table, related, scope, widened, names)
        }
        _ => Vec::new(),
    };
    entry.finish();
    for (part, key) in [(&key, "key"), (&related_key, "related_key")] {
        if part.is_none() && !entry.has(key) {
            entry.missing(key);
        }
    }
    Some(Join {
        table: related?.name.clone(),
        key: key?,
        related_key: related_key?,
        where_: where_?,
        optional,
        figures,
    })
}

/// The fields of both tables by which rows are joined: those that are named, or the customer's, or the tables' own keys.
fn keys(entry: &Params, scope: &Scope, related: Option<&Table>) -> (Option<String>, Option<String>) {
    let own = |table: &Table| table.customer.as_ref().or(table.key.as_ref()).cloned();
    let key = match entry.optional_string("key") {
        Some(written) => scope.named(entry, scope.table, &written),
        None => own(scope.table),
    };
    let related_key = match (entry.optional_string("related_key"), related) {
        (Some(written), Some(related)) => scope.named(entry, related, &written),
        (None, Some(related)) => own(related),
        _ => None,
    };
    (key, related_key)
}

fn figures(
    table: &Params,
    related: &Table,
    scope: &Scope,
    widened: &mut Table,
    names: &mut Vec<Placed<String>>,
) -> Vec<Figure> {
    let mut figures = Vec::new();
    for name in table.keys() {
        let Some(figure) = figure(table, &name, related, scope) else { continue };
        if widened.field_called(&name.value).is_some() {
            let word = &name.value;
            let message = text!("“{word}”已是字段或已用过", "`{word}` is a field or stands already");
            table.problems().add(name.span.clone(), message);
        }
        widened.fields.push(Field::reckoned(&name.value, figure.field_type));
        names.push(name);
        figures.push(figure);
    }
    figures
}

impl Join {
    /// Joins the figures to the records of a plan.
    pub(super) fn attach(&self, plan: &mut Plan, figures: &mut Figures) -> PolarsResult<()> {
        if self.optional && !plan.has(&self.table) {
            figures.extend(self.figures.iter().map(|figure| (figure.name.clone(), figure.of_nothing())));
            return Ok(());
        }
        let related = plan.related(&self.table)?;
        let holds = match &self.where_ {
            Some(condition) => related.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let names: BTreeMap<&str, String> =
            self.figures.iter().map(|figure| (figure.name.as_str(), plan.name())).collect();
        let aggregations: Vec<Expr> = self
            .figures
            .iter()
            .map(|figure| figure.aggregation(&related).alias(names[figure.name.as_str()].as_str()))
            .collect();
        plan.attach_figures((&related, &self.related_key), &self.key, holds, aggregations)?;
        for figure in &self.figures {
            let column = figure.filled(col(names[figure.name.as_str()].as_str()));
            figures.insert(figure.name.clone(), column);
        }
        Ok(())
    }

    /// The fields that it reads of the other table.
    pub(super) fn reads(&self) -> Vec<(String, String)> {
        let mut fields: Vec<&str> = vec![&self.related_key];
        fields.extend(self.where_.iter().flat_map(Condition::needed));
        fields.extend(self.figures.iter().filter_map(|figure| figure.field.as_deref()));
        fields.into_iter().map(|field| (self.table.clone(), field.to_owned())).collect()
    }
}
