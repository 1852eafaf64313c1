//! `approval`: the steps of a chain are done in their order, in time, and by different people.
//!
//! A step is done once its date is there, or its person where it has no date. What is there and unreadable is done, but
//! nothing is reckoned from it. The first fault of a row is its finding, at the cell where it shows.

use std::sync::Arc;

use polars::prelude::{DataType, Expr, NULL, PolarsResult, lit, when};

use super::condition::Condition;
use super::moment::{INPUTS, Moment, SPANS, Span, dated};
use super::rows::{Rows, by_row};
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::calendar::Calendar;
use crate::params::Params;
use crate::text;
use crate::text::Text;

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

#[derive(Clone, Debug)]
struct Step {
    by: Option<String>,
    on: Option<String>,
    limit: Option<i32>,
    span: Span,
    where_: Option<Condition>,
    before: Option<String>,
    required: bool,
    may_repeat: bool,
}

/// What is wrong with a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It is not done, and must be.
    Missing,
    /// It is done, and nobody says by whom.
    Nameless,
    /// It was done before the step that it follows.
    Early,
    /// It was done too late.
    Late,
    /// It is not done, and it is too late.
    Open,
    /// It was done by one who must not.
    Person,
}

impl Fault {
    const ALL: [Fault; 6] =
        [Fault::Missing, Fault::Nameless, Fault::Early, Fault::Late, Fault::Open, Fault::Person];

    fn as_str(self) -> &'static str {
        match self {
            Fault::Missing => "missing",
            Fault::Nameless => "nameless",
            Fault::Early => "early",
            Fault::Late => "late",
            Fault::Open => "open",
            Fault::Person => "person",
        }
    }

    /// Whether it shows in the person's cell.
    fn is_about_the_person(self) -> bool {
        matches!(self, Fault::Nameless | Fault::Person)
    }
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

fn step(entry: &Params, scope: &Scope, follows_a_day: bool) -> Option<Step> {
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

/// One row of the chain.
#[derive(Debug, Default)]
struct Chain {
    start: Option<Moment>,
    /// The people whom no step may be done by.
    persons: Vec<String>,
    steps: Vec<Done>,
}

/// What a row says about a step.
#[derive(Clone, Debug, Default)]
struct Done {
    needed: bool,
    by: Option<String>,
    on: Option<Moment>,
    /// Whether the day's cell is filled, readable or not.
    on_filled: bool,
    before: Option<Moment>,
}

impl Approval {
    /// The first fault of a chain and the step that has it.
    fn fault(&self, chain: &Chain, today: Moment, calendar: &Calendar) -> Option<(usize, Fault)> {
        // What order is reckoned from is the last day known; what a limit is counted from must be known.
        let (mut follows, mut counted_from) = (chain.start, chain.start);
        let mut earlier: Vec<&str> = Vec::new();
        for (index, step) in self.steps.iter().enumerate() {
            let Some(done) = chain.steps.get(index).filter(|done| done.needed) else { continue };
            let is_done = |step: &Step, done: &Done| match step.on {
                Some(_) => done.on_filled,
                None => done.by.is_some(),
            };
            let exceeded = |at: Moment| {
                let limit = step.limit.zip(counted_from);
                limit.is_some_and(|(limit, from)| from.is_exceeded(at, step.span, limit, calendar))
            };
            if !is_done(step, done) {
                let mut later = self.steps.iter().zip(&chain.steps).skip(index + 1);
                let due = step.required
                    || later.any(|(step, done)| done.needed && is_done(step, done))
                    || done.before.is_some_and(|before| before.day <= today.day);
                let fault = if due { Some(Fault::Missing) } else { exceeded(today).then_some(Fault::Open) };
                if let Some(fault) = fault {
                    return Some((index, fault));
                }
                continue;
            }
            let fault = if step.by.is_some() && done.by.is_none() {
                Some(Fault::Nameless)
            } else if done.on.zip(follows).is_some_and(|(on, follows)| on.is_before(follows)) {
                Some(Fault::Early)
            } else if done.on.is_some_and(exceeded)
                || done.on.zip(done.before).is_some_and(|(on, before)| before.is_before(on))
            {
                Some(Fault::Late)
            } else {
                let by = done.by.as_deref().unwrap_or_default();
                let repeats = earlier.iter().copied().filter(|_| !step.may_repeat);
                let mut others = chain.persons.iter().map(String::as_str).chain(repeats);
                let must_not = others.any(|other| shares_a_name(by, other));
                must_not.then_some(Fault::Person)
            };
            if let Some(fault) = fault {
                return Some((index, fault));
            }
            earlier.extend(done.by.as_deref());
            if step.on.is_some() {
                follows = done.on.or(follows);
                counted_from = done.on;
            }
        }
        None
    }

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
            let (step, fault) = approval.fault(&approval.chain(rows, row), today, &calendar)?;
            Some(coded(step, fault))
        })
    }
}

/// A fault with its step, as one word.
fn coded(step: usize, fault: Fault) -> String {
    format!("{step} {}", fault.as_str())
}

/// Of the faults of all rows those of a step that show in the cell of its day, or of its person, or in either.
fn fault_of(faults: &Expr, step: usize, in_person: Option<bool>) -> Expr {
    let here = |fault: &Fault| in_person.is_none_or(|in_person| in_person == fault.is_about_the_person());
    Fault::ALL.into_iter().filter(here).fold(lit(NULL).cast(DataType::String), |said, fault| {
        when(faults.clone().eq(lit(coded(step, fault)))).then(lit(fault.as_str())).otherwise(said)
    })
}

/// Whether two cells with one or several names have one in common.
fn shares_a_name(one: &str, other: &str) -> bool {
    one == other || names(one).any(|name| names(other).any(|other| name == other))
}

/// The names of a cell, without white space; 、 , ; / stand between several.
fn names(cell: &str) -> impl Iterator<Item = String> {
    let separated = cell.split(['、', ',', '，', ';', '；', '/']);
    let without_blanks = |name: &str| name.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    separated.map(without_blanks).filter(|name| !name.is_empty())
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
        vec![
            (Fault::Missing.as_str(), text!("未办理", "not done")),
            (Fault::Nameless.as_str(), text!("没有写明由谁办理", "it is not said by whom")),
            (Fault::Early.as_str(), text!("早于前一环节", "before the step that it follows")),
            (Fault::Late.as_str(), text!("超过期限", "too late")),
            (Fault::Open.as_str(), text!("超过期限仍未办理", "too late and still not done")),
            (Fault::Person.as_str(), text!("不应由此人办理", "by a person who must not")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(limit: Option<i32>) -> Step {
        Step {
            by: Some("by".to_owned()),
            on: Some("on".to_owned()),
            limit,
            span: Span::CalendarDay,
            where_: None,
            before: None,
            required: false,
            may_repeat: false,
        }
    }

    fn day(day: i32) -> Option<Moment> {
        Some(Moment { day, minute: None })
    }

    fn done(by: &str, on: i32) -> Done {
        Done { needed: true, by: Some(by.to_owned()), on: day(on), on_filled: true, before: None }
    }

    fn open() -> Done {
        Done { needed: true, ..Done::default() }
    }

    fn fault(steps: Vec<Step>, done: Vec<Done>) -> Option<(usize, Fault)> {
        let approval = Approval { table: String::new(), start: None, persons: Vec::new(), steps };
        let chain = Chain { start: day(10), persons: vec!["赵".to_owned()], steps: done };
        let calendar = Calendar::load(None).expect("the built-in calendar");
        approval.fault(&chain, Moment { day: 20, minute: Some(21 * 1440) }, &calendar)
    }

    #[test]
    fn the_first_fault_of_a_chain_is_found() {
        let two = || vec![step(Some(3)), step(Some(3))];
        assert_eq!(fault(two(), vec![done("钱", 12), done("孙", 15)]), None);
        assert_eq!(fault(two(), vec![done("钱", 14), done("孙", 99)]), Some((0, Fault::Late)));
        assert_eq!(fault(two(), vec![done("钱", 12), done("孙", 11)]), Some((1, Fault::Early)));
        assert_eq!(fault(two(), vec![done("钱", 12), done("钱", 12)]), Some((1, Fault::Person)));
        assert_eq!(fault(two(), vec![done("李、赵", 12), done("孙", 12)]), Some((0, Fault::Person)));
        assert_eq!(fault(two(), vec![open(), done("孙", 12)]), Some((0, Fault::Missing)));
        assert_eq!(fault(two(), vec![done("钱", 12), open()]), Some((1, Fault::Open)));
        assert_eq!(fault(vec![step(None), step(None)], vec![open(), open()]), None);
        assert_eq!(fault(vec![step(Some(10))], vec![open()]), None);
        let nameless = Done { by: None, ..done("", 12) };
        assert_eq!(fault(vec![step(None)], vec![nameless]), Some((0, Fault::Nameless)));
    }

    #[test]
    fn what_is_not_needed_is_passed_over_and_what_is_required_must_be_there() {
        let skipped = Done { needed: false, ..Done::default() };
        assert_eq!(fault(vec![step(Some(1)), step(Some(3))], vec![skipped, done("钱", 13)]), None);
        let required = Step { required: true, ..step(None) };
        assert_eq!(fault(vec![step(None), required], vec![open(), open()]), Some((1, Fault::Missing)));
        let again = Step { may_repeat: true, ..step(None) };
        assert_eq!(fault(vec![step(None), again], vec![done("钱", 12), done("钱", 12)]), None);
    }

    #[test]
    fn a_day_by_which_a_step_must_be_done() {
        let by = |before: i32, done: Done| fault(vec![step(None)], vec![Done { before: day(before), ..done }]);
        assert_eq!(by(15, done("钱", 15)), None);
        assert_eq!(by(15, done("钱", 16)), Some((0, Fault::Late)));
        assert_eq!(by(15, open()), Some((0, Fault::Missing)));
        assert_eq!(by(25, open()), None);
    }

    #[test]
    fn a_day_that_cannot_be_read_is_done_and_nothing_is_counted_from_it() {
        let unreadable = Done { on: None, ..done("钱", 0) };
        assert_eq!(fault(vec![step(None), step(Some(1))], vec![unreadable.clone(), done("孙", 20)]), None);
        assert_eq!(fault(vec![step(None), step(Some(1))], vec![unreadable, done("孙", 9)]), Some((1, Fault::Early)));
    }
}
