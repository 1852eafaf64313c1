//! One row of a chain: what it says about each step, and the first fault that it has.
//!
//! Apart because it is a pure function of a row and a day. A step is done once its date is there, or its person where it
//! has no date. What is there and unreadable is done, but nothing is reckoned from it.

use super::fault::Fault;
use super::step::Step;
use crate::calendar::Calendar;
use crate::check::moment::Moment;

/// One row of a chain.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// When the chain began.
    pub(super) start: Option<Moment>,
    /// The people whom no step may be done by.
    pub(super) persons: Vec<String>,
    /// What it says about each step.
    pub(super) steps: Vec<Done>,
}

/// What a row says about a step.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    /// Whether the row needs it.
    pub(super) needed: bool,
    /// By whom it was done.
    pub(super) by: Option<String>,
    /// When.
    pub(super) on: Option<Moment>,
    /// Whether the day's cell is filled, readable or not.
    pub(super) on_filled: bool,
    /// By when it must be done.
    pub(super) before: Option<Moment>,
}

impl Done {
    fn is_done(&self, step: &Step) -> bool {
        match step.on {
            Some(_) => self.on_filled,
            None => self.by.is_some(),
        }
    }
}

/// What the steps before have come to.
struct SoFar<'c> {
    /// What order is reckoned from: the last day known.
    follows: Option<Moment>,
    /// What a limit is counted from: it must be known.
    counted_from: Option<Moment>,
    /// Who did them.
    earlier: Vec<&'c str>,
}

/// The first fault of a chain and the step that has it.
pub(super) fn first_fault(
    steps: &[Step],
    chain: &Chain,
    today: Moment,
    calendar: &Calendar,
) -> Option<(usize, Fault)> {
    let mut so_far = SoFar { follows: chain.start, counted_from: chain.start, earlier: Vec::new() };
    for (index, (step, done)) in steps.iter().zip(&chain.steps).enumerate().filter(|(_, (_, done))| done.needed) {
        let is_exceeded = |at: Moment| {
            let limit = step.limit.zip(so_far.counted_from);
            limit.is_some_and(|(limit, from)| from.is_exceeded(at, step.span, limit, calendar))
        };
        let fault = if done.is_done(step) {
            fault_of_done(step, done, chain, &so_far, is_exceeded)
        } else {
            let mut later = steps.iter().zip(&chain.steps).skip(index + 1);
            let is_due = step.required
                || later.any(|(step, done)| done.needed && done.is_done(step))
                || done.before.is_some_and(|before| before.day <= today.day);
            if is_due { Some(Fault::Missing) } else { is_exceeded(today).then_some(Fault::Open) }
        };
        if let Some(fault) = fault {
            return Some((index, fault));
        }
        if done.is_done(step) {
            so_far.earlier.extend(done.by.as_deref());
            if step.on.is_some() {
                so_far.follows = done.on.or(so_far.follows);
                so_far.counted_from = done.on;
            }
        }
    }
    None
}

fn fault_of_done(
    step: &Step,
    done: &Done,
    chain: &Chain,
    so_far: &SoFar<'_>,
    is_exceeded: impl Fn(Moment) -> bool,
) -> Option<Fault> {
    if step.by.is_some() && done.by.is_none() {
        return Some(Fault::Nameless);
    }
    if done.on.zip(so_far.follows).is_some_and(|(on, follows)| on.is_before(follows)) {
        return Some(Fault::Early);
    }
    let is_past = done.on.zip(done.before).is_some_and(|(on, before)| before.is_before(on));
    if is_past || done.on.is_some_and(is_exceeded) {
        return Some(Fault::Late);
    }
    let by = done.by.as_deref().unwrap_or_default();
    let repeats = so_far.earlier.iter().copied().filter(|_| !step.may_repeat);
    let mut others = chain.persons.iter().map(String::as_str).chain(repeats);
    others.any(|other| shares_a_name(by, other)).then_some(Fault::Person)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::moment::Span;

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
        let chain = Chain { start: day(10), persons: vec!["赵".to_owned()], steps: done };
        let calendar = Calendar::load(None).expect("the built-in calendar");
        first_fault(&steps, &chain, Moment { day: 20, minute: Some(21 * 1440) }, &calendar)
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
