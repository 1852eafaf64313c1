//! `related_count`: a record must have at least, or at most, so many records of another table under a condition.

use polars::prelude::{DataType, PolarsResult, col, len, lit};

use super::condition::Condition;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `related_count`.
pub struct Kind;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Least,
    Most,
}

#[derive(Debug)]
struct RelatedCount {
    table: String,
    field: Option<String>,
    key: String,
    related: String,
    related_key: String,
    related_where: Option<Condition>,
    bound: Bound,
    count: i64,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "related_count"
    }

    fn describe(&self) -> Text {
        text!(
            "另一张表中的相关记录不能少于（或多于）若干条",
            "a record has at least, or at most, so many records of another table"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = match rule.optional_string("field") {
            Some(written) => scope.named(rule, scope.table, &written).map(Some),
            None => Some(None),
        };
        let key = scope.field(rule, "key");
        let (related, related_key) = (scope.table(rule, "related"), rule.string("related_key"));
        let related_key = related.zip(related_key).and_then(|(related, written)| scope.named(rule, related, &written));
        let related_where = scope.condition_on(rule, "related_where", related);
        let bound = rule.optional_word("at", &[("least", Bound::Least), ("most", Bound::Most)]);
        rule.must_have("at");
        let count = i64::from(scope.parameters.whole("count").unwrap_or(0));
        Some(Box::new(RelatedCount {
            table: scope.table.name.clone(),
            field: field?,
            key: key?,
            related: related?.name.clone(),
            related_key: related_key?,
            related_where: related_where?,
            bound: bound?,
            count,
        }))
    }
}

impl Check for RelatedCount {
    fn reads(&self) -> Vec<(String, String)> {
        let related = |field: &str| (self.related.clone(), field.to_owned());
        let mut reads = vec![(self.table.clone(), self.key.clone()), related(&self.related_key)];
        reads.extend(self.related_where.iter().flat_map(Condition::needed).map(related));
        reads
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.field.iter().map(String::as_str).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let related = plan.related(&self.related)?;
        let holds = match &self.related_where {
            Some(condition) => related.condition(condition).fill_null(lit(false)),
            None => lit(true),
        };
        let counted = plan.name();
        let count = len().cast(DataType::Int64).alias(counted.as_str());
        plan.attach_figures((&related, &self.related_key), &self.key, holds, vec![count])?;
        let count = col(counted.as_str()).fill_null(lit(0_i64));
        let failing = match self.bound {
            Bound::Least => count.clone().lt(lit(self.count)),
            Bound::Most => count.clone().gt(lit(self.count)),
        };
        let detail = Some(count.cast(DataType::String));
        Ok(vec![Unit { field: self.field.clone(), tested: None, failing, detail }])
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        self.related_where.iter().map(|condition| (self.related.as_str(), condition)).collect()
    }
}
