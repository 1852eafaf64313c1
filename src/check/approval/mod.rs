//! `approval`: the steps of a chain are done in their order, in time, and by different people.
//!
//! The first fault of a row is its finding, at the cell where it shows.

mod chain;
mod fault;
mod step;

use std::sync::Arc;

use polars::prelude::{DataType, Expr, NULL, PolarsResult, lit, when};

use super::condition::Condition;
use super::moment::{INPUTS, Moment, Span, dated};
use super::rows::{Rows, by_row};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;
use chain::{Chain, Done, first_fault};
use fault::{Fault, coded};
use step::{Step, step};

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `approval`.
pub struct Kind;

#[derive(Clone, Debug)]
struct Approval {
    table: String,
    start: Option<String>,
    persons: Vec<String>,
    steps: Vec<Step>,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "approval"
    }

    fn describe(&self) -> Text {
        text!(
            "审批环节须齐全、按顺序、在期限内，并由不同的人办理",
            "the steps of a chain are done in order, in time, and by different people"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        // Every key is asked for before anything is given up: what is not asked for is told as unknown.
        let start = rule.optional_string("start").map(|written| dated(rule, scope, scope.table, &written));
        let written = rule.optional_strings("persons").unwrap_or_default();
        let persons: Vec<String> = written.iter().filter_map(|word| scope.named(rule, scope.table, word)).collect();
        let entries = rule.tables("step");
        rule.must_not_be_empty("step", entries.is_empty());
        let mut is_dated = start.is_some();
        let mut steps = Vec::new();
        for entry in &entries {
            let step = step(entry, scope, is_dated);
            entry.finish();
            is_dated = is_dated || step.as_ref().is_some_and(|step| step.on.is_some());
            steps.extend(step);
        }
        let is_whole = steps.len() == entries.len() && persons.len() == written.len() && !matches!(start, Some(None));
        let (table, start) = (scope.table.name.clone(), start.flatten());
        is_whole.then(|| -> Box<dyn Check> { Box::new(Approval { table, start, persons, steps }) })
    }
}

impl Approval {
    /// What the expression of a row's fault reads, in the order of [`Approval::chain`].
    fn inputs(&self, plan: &Plan) -> Vec<Expr> {
        let mut inputs = Vec::new();
        inputs.extend(self.start.iter().flat_map(|start| Moment::inputs(plan, start)));
        inputs.extend(self.persons.iter().map(|person| plan.columns.folded(person)));
        for step in &self.steps {
            inputs.push(step.where_.as_ref().map_or_else(|| lit(true), |where_| plan.columns.condition(where_)));
            inputs.extend(step.by.iter().map(|by| plan.columns.folded(by)));
            if let Some(on) = &step.on {
                inputs.extend(Moment::inputs(plan, on));
                inputs.push(plan.columns.folded(on).is_not_null());
            }
            inputs.extend(step.before.iter().flat_map(|before| Moment::inputs(plan, before)));
        }
        inputs
    }

    /// What a row says about the chain.
    fn chain(&self, rows: &Rows, row: usize) -> Chain {
        let mut next = 0;
        let mut take = |count: usize| {
            next += count;
            next - count
        };
        let mut chain = Chain::default();
        if self.start.is_some() {
            chain.start = Moment::read(rows, take(INPUTS), row);
        }
        chain.persons = self.persons.iter().filter_map(|_| rows.text(take(1), row)).map(str::to_owned).collect();
        for step in &self.steps {
            let mut done = Done { needed: rows.holds(take(1), row), ..Done::default() };
            if step.by.is_some() {
                done.by = rows.text(take(1), row).map(str::to_owned);
            }
            if step.on.is_some() {
                done.on = Moment::read(rows, take(INPUTS), row);
                done.on_filled = rows.holds(take(1), row);
            }
            if step.before.is_some() {
                done.before = Moment::read(rows, take(INPUTS), row);
            }
            chain.steps.push(done);
        }
        chain
    }

    /// The fault of each row, and the step and the cell where it shows; null where it has none. Every row is judged once,
    /// however many steps ask.
    fn faults(self: &Arc<Self>, plan: &Plan) -> Expr {
        let approval = self.clone();
        let (calendar, today) = (plan.calendar.clone(), Moment::start_of(plan.as_of));
        by_row(self.inputs(plan), move |rows, row| {
            let (step, fault) = first_fault(&approval.steps, &approval.chain(rows, row), today, &calendar)?;
            Some(coded(step, fault))
        })
    }
}

/// Of the faults of all rows those of a step that show in the cell of its day, or of its person, or in either.
fn fault_of(faults: &Expr, step: usize, in_person: Option<bool>) -> Expr {
    let here = |fault: &Fault| in_person.is_none_or(|in_person| in_person == fault.is_about_the_person());
    Fault::ALL.into_iter().filter(here).fold(lit(NULL).cast(DataType::String), |said, fault| {
        when(faults.clone().eq(lit(coded(step, fault)))).then(lit(fault.as_str())).otherwise(said)
    })
}

impl Check for Approval {
    fn follows_the_day(&self) -> bool {
        true
    }

    fn reads(&self) -> Vec<(String, String)> {
        let mut fields: Vec<&str> = self.start.iter().chain(&self.persons).map(String::as_str).collect();
        for step in &self.steps {
            fields.extend(step.by.iter().chain(&step.on).chain(&step.before).map(String::as_str));
            fields.extend(step.where_.iter().flat_map(Condition::needed));
        }
        fields.into_iter().map(|field| (self.table.clone(), field.to_owned())).collect()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let faults = Arc::new(self.clone()).faults(plan);
        let mut units = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let needed = step.where_.as_ref().map(|where_| plan.columns.condition(where_));
            let (Some(by), Some(on)) = (&step.by, &step.on) else {
                let fault = fault_of(&faults, index, None);
                let field = step.on.as_ref().or(step.by.as_ref()).cloned();
                units.push(Unit { field, tested: needed, failing: fault.clone().is_not_null(), detail: Some(fault) });
                continue;
            };
            // Two cells, one unit of work: a row is tested either at the one or at the other.
            let person = fault_of(&faults, index, Some(true));
            let day = fault_of(&faults, index, Some(false));
            let tested = person.clone().is_null();
            let tested = needed.map_or(tested.clone(), |needed| needed.and(tested));
            units.push(Unit { tested: Some(tested), ..Unit::on(on, day.clone().is_not_null()).with_detail(day) });
            let tested = Some(person.clone().is_not_null());
            units.push(Unit { tested, ..Unit::on(by, lit(true)).with_detail(person) });
        }
        Ok(units)
    }

    fn counts_working_days(&self) -> Vec<(&str, &str)> {
        let mut from = self.start.as_deref();
        let mut counted = Vec::new();
        for step in &self.steps {
            if let (Some(from), Some(on), Some(_), Span::WorkingDay) = (from, step.on.as_deref(), step.limit, step.span)
            {
                counted.push((from, on));
            }
            from = step.on.as_deref().or(from);
        }
        counted
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        let conditions = self.steps.iter().filter_map(|step| step.where_.as_ref());
        conditions.map(|condition| (self.table.as_str(), condition)).collect()
    }

    fn words(&self) -> Vec<(&'static str, Text)> {
        Fault::ALL.into_iter().map(|fault| (fault.as_str(), fault.said())).collect()
    }
}
