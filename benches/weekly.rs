//! The benchmark: hedui on a made-up company, beside the same checks written by hand in polars, in the same run.
//!
//! `cargo bench --profile dev --bench weekly -- --customers 200000`; see benches/README.md. Everything measured is a
//! child process, so that seconds, CPU and peak memory are of that alone; for the hand-written program the benchmark
//! starts itself with a hidden argument. It measures, compares the findings and judges nothing: no figure fails it.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "weekly/company.rs"]
mod company;
#[path = "weekly/findings.rs"]
mod findings;
#[path = "weekly/hand/mod.rs"]
mod hand;
#[path = "weekly/process.rs"]
mod process;
#[path = "weekly/stages.rs"]
mod stages;
#[path = "weekly/table.rs"]
mod table;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;

use company::{Company, Data};
use hand::Part;
use hand::fold::Folding;

/// Measures hedui beside a hand-written polars program.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many customers; other tables follow
    #[arg(long, default_value_t = 20_000)]
    customers: usize,
    /// What hedui reads; the hand-written program always reads the CSV files
    #[arg(long, value_enum, default_value_t = Data::Csv)]
    data: Data,
    /// Keep the company and both lists of findings in this folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Measure everything so often, in turn, and take the fastest
    #[arg(long, default_value_t = 1, value_name = "R", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// How the hand-written program folds
    #[arg(long, value_enum, default_value_t = Folding::Expressions)]
    folding: Folding,
    /// Leave out the stages
    #[arg(long)]
    no_stages: bool,
    /// A part of the hand-written program, for a child process
    #[arg(long, value_enum, hide = true, requires = "folder")]
    part: Option<Part>,
    /// Where that part finds its data and leaves its findings
    #[arg(long, hide = true)]
    folder: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let (Some(part), Some(folder)) = (arguments.part, &arguments.folder) {
        let findings = folder.join(findings::BY_HAND);
        let rows = hand::run(part, &folder.join("data"), &findings, company::AS_OF.parse()?, arguments.folding)?;
        println!("{rows}");
        return Ok(());
    }
    let scratch = tempfile::tempdir()?;
    let folder = match &arguments.keep {
        Some(folder) => folder.as_path(),
        None => scratch.path(),
    };
    println!("making {} customers in {}", arguments.customers, folder.display());
    let company = Company::make(folder, arguments.customers, arguments.data)?;
    let measured = stages::measure(&company, &arguments)?;
    table::print(&measured, arguments.folding);
    findings::compare(&company)
}
