//! `doubtful`: a record fails where its condition holds and it also fails so many of some other rules.
//!
//! Apart because it is the one kind that looks at findings: the condition is evaluated with all others, and the engine
//! then keeps the records that the named rules have found wanting (clause A-25: long without update *and* in doubt).

use polars::prelude::{PolarsResult, lit};

use super::condition::Condition;
use super::suspicion::{About, Suspicion};
use super::{Check, CheckKind, Combined, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `doubtful`.
pub struct Kind;

#[derive(Debug)]
struct Doubtful {
    field: Option<String>,
    combined: Combined,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "doubtful"
    }

    fn describe(&self) -> Text {
        text!("同一记录不通过另外几条规则中的若干条", "a record also fails so many of some other rules")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = match rule.optional_string("field") {
            Some(written) => scope.named(rule, scope.table, &written).map(Some),
            None => Some(None),
        };
        let least = u64::from(scope.parameters.whole("count").unwrap_or(1));
        let rules = rule.strings("rules")?;
        Some(Box::new(Doubtful { field: field?, combined: Combined { rules, least } }))
    }
}

impl Check for Doubtful {
    fn reads(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn also_looks_at(&self) -> Vec<&str> {
        self.field.iter().map(String::as_str).collect()
    }

    fn plan(&self, _plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        Ok(vec![Unit { field: self.field.clone(), tested: None, failing: lit(true), detail: None }])
    }

    /// The rules that it counts may.
    fn follows_the_day(&self) -> bool {
        true
    }

    /// What it fails, the rules that it counts fail: they make it suspect.
    fn suspects(&self, _: &About) -> Option<Suspicion> {
        Some(Suspicion::default())
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn combines(&self) -> Option<&Combined> {
        Some(&self.combined)
    }
}
