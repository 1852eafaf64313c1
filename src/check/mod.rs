//! CHECK: the kinds of assertion that rules are made of, one file a kind and its name in [`CHECKS`].
//!
//! Apart because a kind says what it needs and how a row fails, and touches no data: the engine puts the expressions
//! of all rules into one plan. A row fails when the rule's `where` is true and the check's expression is true; what
//! is neither true nor false never fails, decided once in the engine.

pub mod condition;
mod flags;
mod moment;
mod normalise;
mod plan;
mod rows;
pub(crate) mod scope;
pub mod suspicion;

use std::fmt::Debug;

use polars::prelude::{Expr, PolarsResult};

pub use plan::{Given, Plan};
pub use scope::{Basis, Parameter, Parameters, Scope};

use crate::model::TierStandards;
use crate::params::{Params, Placed};
use crate::text::{Language, Text};
use condition::Condition;
use suspicion::{About, Suspicion};

/// Declares each kind's file and registers it: a kind is a file and a name here.
macro_rules! kinds {
    ($($kind:ident,)*) => {
        $(mod $kind;)*

        /// All kinds, in the order of the documentation.
        pub const CHECKS: &[&dyn CheckKind] = &[$(&$kind::KIND),*];
    };
}

kinds! {
    required,
    stale,
    deadline,
    approval,
    format,
    allowed,
    code,
    unique,
    repeated,
    near_duplicate,
    gaps,
    recurring,
    reference,
    related_count,
    related,
    tier,
    scorecard,
    doubtful,
    compare,
    reconcile,
    changed_mark,
    drift,
    unreadable,
    damaged,
}

/// A kind of assertion.
pub trait CheckKind: Sync {
    /// The word of rule files (`check = "…"`).
    fn name(&self) -> &'static str;

    /// What a rule of this kind asserts, in one sentence.
    fn describe(&self) -> Text;

    /// Reads the kind's keys of a rule; mistakes go to the table's problems.
    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>>;
}

/// A kind with its keys: what one rule asserts.
pub trait Check: Debug + Send + Sync {
    /// The fields that it reads, (table, field), conditions included.
    fn reads(&self) -> Vec<(String, String)>;

    /// The fields of other tables that it reads where the company has them, (table, field).
    fn reads_where_there_is_a_source(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// The values that its verdict on a record rests on, beside the record's fields: for `explain`.
    ///
    /// # Errors
    /// Where an expression cannot be made.
    fn evidence(&self, plan: &mut Plan) -> PolarsResult<Vec<(Text, Expr)>> {
        let _ = plan;
        Ok(Vec::new())
    }

    /// The expressions of its units in the plan of a dataset.
    ///
    /// # Errors
    /// Where an expression cannot be made.
    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>>;

    /// Whether it draws a conclusion from other rows than the one it fails: then it needs its table whole.
    fn looks_beyond_the_row(&self) -> bool {
        false
    }

    /// (from, to) fields whose working days it counts.
    fn counts_working_days(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    /// Which rows may fail, as a database can tell by their raw cells; nothing where it cannot tell, or where the verdict
    /// on a row rests on others.
    fn suspects(&self, about: &About) -> Option<Suspicion> {
        let _ = about;
        None
    }

    /// Its conditions, each with its table: what working days they count, and whether they follow the day, is asked of
    /// them. Every kind says so, be it that it has none.
    fn conditions(&self) -> Vec<(&str, &Condition)>;

    /// Whether it may fail a record on one day that it passes on another, of the same data.
    fn follows_the_day(&self) -> bool {
        self.conditions().iter().any(|(_, condition)| condition.follows_the_day())
    }

    /// The class that a record falls into, such as its tier; nothing where the kind tells none apart.
    ///
    /// # Errors
    /// Where an expression cannot be made.
    fn classes(&self, plan: &mut Plan) -> PolarsResult<Option<Expr>> {
        let _ = plan;
        Ok(None)
    }

    /// What the classes demand, where they are tiers of customers: for the analysis, which tells how much is missing.
    fn standards(&self) -> Option<TierStandards> {
        None
    }

    /// The (table, field) whose measures of earlier runs it compares with; the field empty: the rows. Such a check is
    /// about its table, not about a record.
    fn measured(&self) -> Option<(&str, &str)> {
        None
    }

    /// Whether it asks what changed in its table since the run compared with.
    fn looks_at_changes(&self) -> bool {
        false
    }

    /// The field of a mark that it asks for until somebody makes it: a record that it failed once it fails again, although
    /// the data of a later run do not show why.
    fn asks_for_mark(&self) -> Option<&str> {
        None
    }

    /// Fields that it reads where they have a column, (table, field): it is applied without them too.
    fn reads_where_there_is_a_column(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Fields of its own table that it also looks at, or that its findings name, where they have a column, and that say nothing of whether it is applied
    /// or to whom its findings may be shown.
    fn also_looks_at(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What is wrong where the table has no row at all; nothing where that is no fault. It points at the header.
    fn fails_when_empty(&self) -> Option<(&str, &'static str)> {
        None
    }

    /// Whether its units say what was computed, for `{detail}`.
    fn gives_detail(&self) -> bool {
        true
    }

    /// The rules whose findings it counts; nothing: it looks at the data alone.
    fn combines(&self) -> Option<&Combined> {
        None
    }

    /// A detail that is made of parts, in the words of a language; nothing where it is said as it is.
    fn say(&self, detail: &str, language: Language) -> Option<String> {
        let _ = (detail, language);
        None
    }

    /// The words for what [`Unit::detail`] may hold, where they depend on the language.
    fn words(&self) -> Vec<(&'static str, Text)> {
        Vec::new()
    }
}

/// The rules of the same table whose findings a rule counts: a record fails where it fails so many of them.
#[derive(Clone, Debug)]
pub struct Combined {
    /// Their ids.
    pub rules: Vec<Placed<String>>,
    /// How many at least.
    pub least: u64,
}

/// One flag of a rule: the rows that it applies to and those that fail.
pub struct Unit {
    /// The field that a finding names; nothing where it is about the whole record.
    pub field: Option<String>,
    /// The rows that it applies to beside the rule's `where`; nothing: all.
    pub tested: Option<Expr>,
    /// The rows that fail, once they are tested.
    pub failing: Expr,
    /// A text for the message: what was computed.
    pub detail: Option<Expr>,
}

impl Unit {
    /// A unit about a field that applies to all rows.
    pub fn on(field: &str, failing: Expr) -> Self {
        Self { field: Some(field.to_owned()), tested: None, failing, detail: None }
    }

    /// The same with a text for the message.
    #[must_use]
    pub fn with_detail(mut self, detail: Expr) -> Self {
        self.detail = Some(detail);
        self
    }
}

/// The names of all kinds.
pub fn names() -> Vec<&'static str> {
    CHECKS.iter().map(|kind| kind.name()).collect()
}

/// The kind of a name.
pub fn kind(name: &str) -> Option<&'static dyn CheckKind> {
    CHECKS.iter().copied().find(|kind| kind.name() == name)
}
