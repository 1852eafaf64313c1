//! A step of a chain as the rule has it: who does it and when, within what time, and whether it must be done.
//!
//! Apart because every key of a `[[rule.step]]` is read here. It knows no row.

use crate::check::Scope;
use crate::check::condition::Condition;
use crate::check::moment::{SPANS, Span, dated};
use crate::params::Params;
use crate::text;

/// A step of a chain.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The field with its person.
    pub(super) by: Option<String>,
    /// The field with its day.
    pub(super) on: Option<String>,
    /// How long it may take from the step before.
    pub(super) limit: Option<i32>,
    /// What the limit is counted in.
    pub(super) span: Span,
    /// The rows that need it; nothing: all.
    pub(super) where_: Option<Condition>,
    /// The field with the day by which it must be done.
    pub(super) before: Option<String>,
    /// Whether it must be done, even if no later step is.
    pub(super) required: bool,
    /// Whether somebody may do it who did an earlier one.
    pub(super) may_repeat: bool,
}

/// Reads a step; `follows_a_day` where the rule or an earlier step has a day to count from.
pub(super) fn step(entry: &Params, scope: &Scope, follows_a_day: bool) -> Option<Step> {
    let by = entry.optional_string("by").map(|written| scope.named(entry, scope.table, &written));
    let day = |key: &'static str| entry.optional_string(key).map(|written| dated(entry, scope, scope.table, &written));
    let (on, before) = (day("on"), day("before"));
    let limit = entry.optional_string("limit");
    if let (Some(limit), false) = (&limit, follows_a_day) {
        let message = text!(
            "期限从上一环节的日期起算：请写上一环节的“on”，或写“start”",
            "a limit is counted from the day of the step before: give that an `on`, or the rule a `start`"
        );
        entry.problems().add(limit.span.clone(), message);
    }
    let limit = limit.map(|name| scope.parameters.whole_at(&name.value, name.span).unwrap_or(0));
    let span = entry.optional_word("unit", &SPANS).unwrap_or(Span::WorkingDay);
    let where_ = scope.condition(entry, "where", scope.table);
    let required = entry.optional_bool("required").unwrap_or(false);
    let may_repeat = entry.optional_bool("may_repeat").unwrap_or(false);
    if by.is_none() && on.is_none() {
        let message = text!("要有“by”（谁）或“on”（何时）", "`by` (who) or `on` (when) is needed");
        entry.problems().add(entry.span(), message);
        return None;
    }
    let inner = |named: Option<Option<String>>| match named {
        Some(None) => None,
        Some(named) => Some(named),
        None => Some(None),
    };
    Some(Step {
        by: inner(by)?,
        on: inner(on)?,
        limit,
        span,
        where_: where_?,
        before: inner(before)?,
        required,
        may_repeat,
    })
}
