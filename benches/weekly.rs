//! The benchmark: hedui on a made-up company, beside the same checks written by hand, in the same run.
//!
//! `cargo bench --bench weekly -- --customers 10000,100000`; see benches/README.md. Everything measured is a child
//! process, so that seconds, CPU and peak memory are of that alone; for the hand-written program and the bare loops the
//! benchmark starts itself with a hidden argument. It measures, compares the findings and judges nothing: no figure
//! fails it.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "weekly/company.rs"]
mod company;
#[path = "weekly/findings.rs"]
mod findings;
#[path = "weekly/floors.rs"]
mod floors;
#[path = "weekly/hand/mod.rs"]
mod hand;
#[path = "weekly/one_workbook.rs"]
mod one_workbook;
#[path = "weekly/process.rs"]
mod process;
#[path = "weekly/python.rs"]
mod python;
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
use python::Python;

/// Measures hedui beside hand-written programs.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many customers, several sizes after commas; other tables follow
    #[arg(long, default_value = "20000", value_delimiter = ',')]
    customers: Vec<usize>,
    /// What hedui reads; the hand-written programs read the CSV files, the one in Python the one workbook, too
    #[arg(long, value_enum, default_value_t = Data::Csv)]
    data: Data,
    /// Keep the companies and all lists of findings in this folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Measure everything so often, in turn, and take the fastest
    #[arg(long, default_value_t = 1, value_name = "R", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// How the program in Rust folds
    #[arg(long, value_enum, default_value_t = Folding::Expressions)]
    folding: Folding,
    /// Run the weekly job for two weeks, with its reports and mails
    #[arg(long)]
    weekly: bool,
    /// Leave out the program in Python
    #[arg(long)]
    no_python: bool,
    /// A part of the program in Rust, for a child process
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
        let findings = folder.join(if part == Part::Written { findings::BY_HEDUI } else { findings::BY_HAND });
        let rows = hand::run(part, &folder.join("data"), &findings, company::AS_OF.parse()?, arguments.folding)?;
        println!("{rows}");
        return Ok(());
    }
    let scratch = tempfile::tempdir()?;
    let python = if arguments.no_python { None } else { Some(Python::ready()?) };
    println!("{}", table::machine());
    let mut sizes = Vec::new();
    for customers in &arguments.customers {
        let folder = arguments.keep.as_deref().unwrap_or(scratch.path()).join(customers.to_string());
        let company = Company::make(&folder, *customers, arguments.data)?;
        let measured = stages::measure(&company, *customers, python.as_ref(), &arguments)?;
        table::print(&measured, arguments.repeat);
        findings::compare(&company, python.is_some())?;
        sizes.push(measured);
        if arguments.keep.is_none() {
            std::fs::remove_dir_all(&folder)?;
        }
    }
    table::growth(&sizes);
    Ok(())
}
