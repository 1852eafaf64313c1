//! `related`: a row fails when a condition over its own fields and figures of other tables is true.
//!
//! Figures are counted, summed or picked among the rows of another table that belong to the record. Apart from
//! `related_count`, which compares one count with a number, because here the analyst writes the comparison.

mod figure;
mod join;

use polars::prelude::{Expr, PolarsResult};

use super::condition::{Condition, Figures, Operand};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::{Params, Placed};
use crate::text;
use crate::text::Text;
use join::{Join, join};

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `related`.
pub struct Kind;

#[derive(Debug)]
struct Related {
    table: String,
    field: Option<String>,
    joins: Vec<Join>,
    fails_when: Condition,
    detail: Option<Operand>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "related"
    }

    fn describe(&self) -> Text {
        text!(
            "条件成立的行不通过；条件可用另一些表中相关记录的合计、计数和日期",
            "a row fails where a condition over its fields and figures of other tables is true"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = match rule.optional_string("field") {
            Some(written) => scope.named(rule, scope.table, &written).map(Some),
            None => Some(None),
        };
        let entries = rule.tables("join");
        rule.must_not_be_empty("join", entries.is_empty());
        // The figures may be named like fields: the conditions are read against a table that has them too.
        let mut widened = scope.table.clone();
        let mut names: Vec<Placed<String>> = Vec::new();
        let joins: Vec<Option<Join>> =
            entries.iter().map(|entry| join(entry, scope, &mut widened, &mut names)).collect();
        rule.must_have("fails_when");
        let fails_when = scope.condition(rule, "fails_when", &widened);
        let detail = scope.operand(rule, "detail", &widened);
        if fails_when.is_none() || detail.is_none() {
            // A condition that cannot be read names nothing for certain: figures whose name it lacks are told beside it.
            let written = [rule.optional_string("fails_when"), rule.optional_string("detail")];
            let text: String = written.into_iter().flatten().map(|written| written.value + " ").collect();
            let words: Vec<&str> = text.split(|one: char| !one.is_alphanumeric() && one != '_').collect();
            not_used(rule, names.iter().filter(|name| !words.contains(&name.value.as_str())));
        }
        let (fails_when, detail) = (fails_when??, detail?);
        let joins = joins.into_iter().collect::<Option<Vec<Join>>>()?;
        let mut used: Vec<&str> = fails_when.fields();
        used.extend(detail.iter().flat_map(Operand::fields));
        not_used(rule, names.iter().filter(|name| !used.contains(&name.value.as_str())));
        Some(Box::new(Related { table: scope.table.name.clone(), field: field?, joins, fails_when, detail }))
    }
}

fn not_used<'n>(rule: &Params, names: impl Iterator<Item = &'n Placed<String>>) {
    for name in names {
        let word = &name.value;
        let message = text!("没有用到“{word}”", "`{word}` is not used");
        rule.problems().unknown(name.span.clone(), message, word, &[]);
    }
}

impl Related {
    fn own_reads(&self) -> Vec<(String, String)> {
        let figures: Vec<&str> =
            self.joins.iter().flat_map(|join| &join.figures).map(|figure| figure.name.as_str()).collect();
        let mut fields = self.fails_when.needed();
        fields.extend(self.detail.iter().flat_map(Operand::fields));
        fields.retain(|field| !figures.contains(field));
        fields.extend(self.joins.iter().map(|join| join.key.as_str()));
        fields.into_iter().map(|field| (self.table.clone(), field.to_owned())).collect()
    }

    fn figures(&self, plan: &mut Plan) -> PolarsResult<Figures> {
        let mut figures = Figures::new();
        for join in &self.joins {
            join.attach(plan, &mut figures)?;
        }
        Ok(figures)
    }
}

impl Check for Related {
    fn gives_detail(&self) -> bool {
        self.detail.is_some()
    }

    fn reads(&self) -> Vec<(String, String)> {
        let needed = self.joins.iter().filter(|join| !join.optional).flat_map(Join::reads);
        self.own_reads().into_iter().chain(needed).collect()
    }

    fn reads_where_there_is_a_source(&self) -> Vec<(String, String)> {
        self.joins.iter().filter(|join| join.optional).flat_map(Join::reads).collect()
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.field.iter().map(String::as_str).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let figures = self.figures(plan)?;
        let failing = plan.columns.condition_with(&self.fails_when, &figures);
        let detail = self.detail.as_ref().map(|detail| plan.columns.shown(detail, &figures));
        Ok(vec![Unit { field: self.field.clone(), tested: None, failing, detail }])
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        let joined = self.joins.iter().filter_map(|join| Some((join.table.as_str(), join.where_.as_ref()?)));
        std::iter::once((self.table.as_str(), &self.fails_when)).chain(joined).collect()
    }

    fn evidence(&self, plan: &mut Plan) -> PolarsResult<Vec<(Text, Expr)>> {
        let figures = self.figures(plan)?;
        Ok(figures.iter().map(|(name, figure)| (Text::same(name.clone()), figure.clone())).collect())
    }
}
