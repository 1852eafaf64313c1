//! What is measured, in which order, and which figures are differences of two measured ones.
//!
//! Apart because honesty about a figure is settled here. hedui's log tells no stages, so each is the difference of two
//! whole commands, one of which goes a step further. All files are in the page cache: a bare scan warms it.

use std::error::Error;

use crate::company::{AS_OF, Company, NEXT};
use crate::hand::Part;
use crate::process::{self, Taken};
use crate::{Arguments, findings};

/// A line of the table.
pub struct Line {
    pub name: &'static str,
    /// How the figure came about.
    pub how: &'static str,
    pub seconds: f64,
    pub cpu: f64,
    /// Nothing for a difference.
    pub peak_kib: Option<u64>,
    pub place: Place,
}

/// What a line is for the lines below it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Floor,
    Hand,
    Other,
}

/// All figures.
pub struct Measured {
    pub rows: u64,
    pub bytes: u64,
    pub repeat: u32,
    pub lines: Vec<Line>,
}

const FINDINGS: &[&str] = &["check", "--findings", findings::BY_HEDUI];
/// Employees are few, so that nearly nothing but reading and typing is done.
const LOAD: &[&str] = &["check", "--table", "employees"];
const CHECK: &[&str] = &["check"];
const BARE: &[&str] = &["run", "bare", "--dry-run"];
const DRY: &[&str] = &["run", "weekly", "--dry-run"];

/// Measures everything in turn, so often as is asked for, and takes the fastest of each.
pub fn measure(company: &Company, arguments: &Arguments) -> Result<Measured, Box<dyn Error>> {
    let by_hand = |part| process::run(company.by_hand(part, arguments.folding)?, true);
    let hedui = |words: &[&str]| process::run(company.hedui(AS_OF, words), false);
    let next = |words: &[&str]| process::run(company.hedui(NEXT, words), false);
    let rows = by_hand(Part::Floor)?.output.parse()?;
    // The first week, so that the next has something to be compared with.
    let first = if arguments.no_stages { None } else { Some(hedui(&["run", "weekly"])?) };
    let bare = if arguments.no_stages { None } else { Some(hedui(&["run", "bare"])?) };
    let mut best: Vec<Option<Taken>> = vec![None; 10];
    for _ in 0..arguments.repeat {
        let mut take = |number: usize, taken: Taken| {
            let slot = &mut best[number];
            if slot.as_ref().is_none_or(|before| taken.seconds < before.seconds) {
                *slot = Some(taken);
            }
        };
        take(0, by_hand(Part::Floor)?);
        take(1, by_hand(Part::Read)?);
        take(2, by_hand(Part::Fold)?);
        take(3, by_hand(Part::Whole)?);
        take(4, hedui(FINDINGS)?);
        if bare.is_some() {
            take(5, hedui(LOAD)?);
            take(6, hedui(CHECK)?);
            take(7, next(CHECK)?);
            take(8, next(BARE)?);
            take(9, next(DRY)?);
        }
    }
    let whole = |name, how, number: usize, place| best[number].as_ref().map(|taken| line(name, how, taken, place));
    let less = |name, how, of: usize, less: usize| difference(name, how, best[of].as_ref()?, best[less].as_ref()?);
    let lines = [
        whole("bare scan", "six files, all columns as text", 0, Place::Floor),
        whole("by hand", "the whole program", 3, Place::Hand),
        whole("  its scan", "only the columns it needs", 1, Place::Other),
        less("  its folding", "scan + folding, less its scan", 2, 1),
        less("  its rules, output", "the whole, less scan + folding", 3, 2),
        whole("hedui check", "check --findings f.csv", 4, Place::Other),
        whole("  load", "check --table employees: reads and types all", 5, Place::Other),
        less("  check", "check, less load", 6, 5),
        less("  findings", "check --findings, less check", 4, 6),
        less("  diff", "run of a job without reports, dry, less check", 8, 7),
        less("  render", "run weekly, dry, less the former", 9, 8),
        whole("hedui run, dry", "second week: load, check, diff, render", 9, Place::Other),
        first.map(|taken| line("hedui run", "first week, once: with store and mails", &taken, Place::Other)),
    ];
    let lines = lines.into_iter().flatten().collect();
    Ok(Measured { rows, bytes: company.bytes()?, repeat: arguments.repeat, lines })
}

fn line(name: &'static str, how: &'static str, taken: &Taken, place: Place) -> Line {
    Line { name, how, seconds: taken.seconds, cpu: taken.cpu, peak_kib: Some(taken.peak_kib), place }
}

fn difference(name: &'static str, how: &'static str, of: &Taken, less: &Taken) -> Option<Line> {
    let (seconds, cpu) = (of.seconds - less.seconds, of.cpu - less.cpu);
    Some(Line { name, how, seconds, cpu, peak_kib: None, place: Place::Other })
}
