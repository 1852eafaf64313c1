//! The hand-written program: the default rules in plain lazy polars, one `collect_all`, one CSV of findings.
//!
//! What a skilled hand writes for this one company, and the measure that hedui is held against: no rule files, no
//! encodings, no header search, no load notes, no place but the row. It shares no code with hedui.
//! Its parts run by themselves too, so that its reading and folding can be told apart.

mod customers;
mod finding;
pub mod fold;
mod related;
mod tables;
mod values;

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use polars::prelude::*;

use fold::Folding;
use values::Calendar;

/// How far the program goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// A bare scan of all columns as text.
    Floor,
    /// Its own scan: the columns that it needs.
    Read,
    /// Scan and folding.
    Fold,
    /// All of it.
    Whole,
    /// The cells of the company's workbooks, one by one.
    Cells,
    /// What hedui found, written to a workbook.
    Written,
}

/// The tables, folded and typed. Each is a `cache()`: without it the optimiser pushes every rule's filter down into a
/// scan of its own, and sixteen scans took 5.5 s instead of 4.0 s.
struct Tables {
    customers: LazyFrame,
    contacts: LazyFrame,
    contracts: LazyFrame,
    visits: LazyFrame,
    changes: LazyFrame,
    employees: LazyFrame,
}

/// Runs a part over the CSV files of a folder and says how many rows they have.
pub fn run(
    part: Part,
    data: &Path,
    findings: &Path,
    as_of: NaiveDate,
    folding: Folding,
) -> Result<u64, Box<dyn Error>> {
    let folded = |table: &tables::Table| Ok::<_, PolarsError>(fold::folded(table.scan(data)?, table, folding));
    match part {
        Part::Cells => crate::floors::cells(data),
        Part::Written => crate::floors::findings(findings),
        Part::Floor | Part::Read => {
            let scans = tables::ALL.map(|table| {
                let columns = match part {
                    Part::Floor => vec![all().as_expr()],
                    _ => table.read_fields().map(|(_, label)| col(label)).collect(),
                };
                table.scan(data).map(|scan| scan.select(columns))
            });
            let frames = collect(scans.into_iter().collect::<PolarsResult<_>>()?)?;
            Ok(frames.iter().map(|frame| frame.height() as u64).sum())
        }
        Part::Fold => {
            let frames = tables::ALL.map(|table| {
                let columns = table.read_fields().flat_map(|(field, label)| [col(field), col(label)]);
                folded(table).map(|frame| frame.select(columns.collect::<Vec<_>>()))
            });
            let frames = collect(frames.into_iter().collect::<PolarsResult<_>>()?)?;
            Ok(frames.iter().map(|frame| frame.height() as u64).sum())
        }
        Part::Whole => {
            let calendar = Arc::new(Calendar::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("calendar"))?);
            let tables = Tables {
                customers: customers::typed(folded(&tables::CUSTOMERS)?).cache(),
                contacts: folded(&tables::CONTACTS)?.cache(),
                contracts: related::typed_contracts(folded(&tables::CONTRACTS)?).cache(),
                visits: related::typed_visits(folded(&tables::VISITS)?).cache(),
                changes: related::typed_changes(folded(&tables::CHANGES)?).cache(),
                employees: related::typed_employees(folded(&tables::EMPLOYEES)?).cache(),
            };
            let mut plans = customers::rules(&tables, as_of, &calendar);
            plans.push(related::rules(&tables, as_of, &calendar)?);
            write(collect(plans)?, findings)?;
            Ok(0)
        }
    }
}

/// One `collect_all`; the in-memory engine was faster here than the streaming one (2.8 s against 3.3 s).
fn collect(plans: Vec<LazyFrame>) -> PolarsResult<Vec<DataFrame>> {
    let plans = plans.into_iter().map(|plan| plan.logical_plan).collect();
    LazyFrame::collect_all_with_engine(plans, Engine::InMemory, OptFlags::default())
}

fn write(frames: Vec<DataFrame>, path: &Path) -> PolarsResult<()> {
    let mut all: Option<DataFrame> = None;
    for frame in frames {
        let frame = frame.select(finding::COLUMNS)?;
        match &mut all {
            Some(all) => {
                all.vstack_mut(&frame)?;
            }
            None => all = Some(frame),
        }
    }
    CsvWriter::new(File::create(path)?).finish(&mut all.unwrap_or_default())
}
