//! What is measured, in which order.
//!
//! Apart because honesty about a figure is settled here: everything is a whole process, taken in turn, and the fastest of
//! each is shown. The stages of hedui are those that its log tells of that same process. All files are in the page
//! cache: a bare scan warms it.

use std::error::Error;

use crate::company::{AS_OF, Company, Data, NEXT};
use crate::hand::Part;
use crate::process::{self, Taken};
use crate::python::{self, Python};
use crate::{Arguments, findings};

/// A line of the table.
pub struct Line {
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    pub taken: Taken,
    pub place: Place,
}

/// What a line is for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The bare scan of the plain files.
    Scan,
    /// The library's loop over the cells of the workbooks.
    Cells,
    /// The library's loop that writes the findings.
    Written,
    /// The hand-written program in Rust.
    Hand,
    /// The one in Python.
    Python,
    /// A part of either.
    Part,
    /// `hedui check --findings`.
    Check,
    /// What a company has today: pandas and openpyxl.
    Today,
    /// `hedui run`, the first week.
    FirstWeek,
    /// `hedui run`, a week later.
    NextWeek,
}

/// All figures of a company.
pub struct Measured {
    pub customers: usize,
    pub rows: u64,
    pub bytes: u64,
    pub lines: Vec<Line>,
}

impl Measured {
    /// The figures of a line.
    pub fn of(&self, place: Place) -> Option<&Taken> {
        self.lines.iter().find(|line| line.place == place).map(|line| &line.taken)
    }
}

/// The stages that a log of hedui tells, with their seconds.
pub fn told(log: &str) -> impl Iterator<Item = (&str, f64)> {
    log.lines().filter_map(|line| {
        let (_, rest) = line.split_once("stage=\"")?;
        let (name, rest) = rest.split_once('"')?;
        let (_, seconds) = rest.split_once("seconds=")?;
        Some((name, seconds.trim().parse().ok()?))
    })
}

type Measure<'m> = Box<dyn Fn() -> Result<Taken, Box<dyn Error>> + 'm>;

/// Measures everything in turn, so often as is asked for, and takes the fastest of each.
pub fn measure(
    company: &Company,
    customers: usize,
    python: Option<&Python>,
    arguments: &Arguments,
) -> Result<Measured, Box<dyn Error>> {
    let by_hand = |part| process::run(company.by_hand(part, arguments.folding)?, true);
    let hedui = |as_of: &str, words: &[&str]| process::run(company.hedui(as_of, words), false);
    let rows = by_hand(Part::Floor)?.output.parse()?;
    let mut wanted: Vec<(&'static str, &'static str, Place, Measure<'_>)> = vec![
        ("bare scan", "polars' scan: six files, all columns as text", Place::Scan, Box::new(|| by_hand(Part::Floor))),
        ("Rust by hand", "the whole program in Rust polars", Place::Hand, Box::new(|| by_hand(Part::Whole))),
    ];
    if matches!(company.data, Data::Workbook | Data::Xlsx) {
        let cells = || by_hand(Part::Cells);
        wanted.push(("cell loop", "calamine's: every cell of the workbooks, none kept", Place::Cells, Box::new(cells)));
    }
    if let Some(python) = python {
        let run = move |part| move || process::run(python.command(company, part), true);
        wanted.push((
            "Python by hand",
            "the whole program in Python polars",
            Place::Python,
            Box::new(run(python::Part::Whole)),
        ));
        wanted.push(("  its scan", "only the columns it needs", Place::Part, Box::new(run(python::Part::Scan))));
        wanted.push(("  scan, folding", "and these folded", Place::Part, Box::new(run(python::Part::Fold))));
    }
    let check = || hedui(AS_OF, &["check", "--findings", findings::BY_HEDUI]);
    wanted.push(("hedui check", "check --findings f.csv", Place::Check, Box::new(check)));
    let mut lines = fastest(wanted, arguments.repeat)?;
    if arguments.weekly {
        // The loop writes what the check above has found; each week is run once, for it is remembered.
        let written = by_hand(Part::Written)?;
        lines.push(Line {
            name: "write loop",
            what: "rust_xlsxwriter's: the findings, a cell a column",
            taken: written,
            place: Place::Written,
        });
        if let Some(python) = python.filter(|_| company.data == Data::Workbook) {
            let taken = process::run(python.today(company), true)?;
            let what = "pandas, openpyxl: the workbook in, a workbook a department out";
            lines.push(Line { name: "today's script", what, taken, place: Place::Today });
        }
        let first = hedui(AS_OF, &["run", "weekly"])?;
        lines.push(Line {
            name: "hedui run",
            what: "first week: reports, mails, store",
            taken: first,
            place: Place::FirstWeek,
        });
        let next = hedui(NEXT, &["run", "weekly"])?;
        lines.push(Line {
            name: "hedui run again",
            what: "a week later: what changed, too",
            taken: next,
            place: Place::NextWeek,
        });
    }
    Ok(Measured { customers, rows, bytes: company.bytes()?, lines })
}

fn fastest(
    wanted: Vec<(&'static str, &'static str, Place, Measure<'_>)>,
    repeat: u32,
) -> Result<Vec<Line>, Box<dyn Error>> {
    let mut best: Vec<Option<Taken>> = vec![None; wanted.len()];
    for _ in 0..repeat {
        for ((_, _, _, measure), best) in wanted.iter().zip(&mut best) {
            let taken = measure()?;
            if best.as_ref().is_none_or(|before| taken.seconds < before.seconds) {
                *best = Some(taken);
            }
        }
    }
    let lines = wanted.into_iter().zip(best);
    Ok(lines.filter_map(|((name, what, place, _), taken)| Some(Line { name, what, taken: taken?, place })).collect())
}
