//! The second benchmark: 100,000 findings as a department's workbook, beside a bare loop over the workbook library.
//!
//! `cargo bench --profile dev --bench workbook`; see benches/README.md. Both write the same cells in the same formats in
//! constant memory; hedui also sorts, counts, measures heights and makes the other sheets, the mail and the JSON. Each
//! is a child process, so that peak memory is of that alone. It measures and judges nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "workbook/bare.rs"]
mod bare;
#[path = "weekly/process.rs"]
mod process;
#[path = "workbook/run.rs"]
mod run;

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use clap::{Parser, ValueEnum};

use hedui::report::{self, Templates};
use run::Run;

/// What a child process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Makes the findings and nothing of them.
    Findings,
    /// Writes them in a bare loop.
    Bare,
    /// Renders the report of the department.
    Report,
}

/// Measures a department's workbook beside a bare loop.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many findings
    #[arg(long, default_value_t = 100_000)]
    findings: usize,
    /// Measure everything so often, in turn, and take the fastest
    #[arg(long, default_value_t = 3, value_name = "R", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// A part, for a child process
    #[arg(long, value_enum, hide = true)]
    part: Option<Part>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Seconds of a part, those of its whole process and its CPU, bytes written, peak memory.
#[derive(Clone, Copy, Debug)]
struct Measured {
    seconds: f64,
    whole: f64,
    cpu: f64,
    bytes: usize,
    peak_kib: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some(part) = arguments.part {
        let (seconds, bytes) = write(part, arguments.findings)?;
        println!("{seconds} {bytes}");
        return Ok(());
    }
    let mut best: [Option<Measured>; 3] = [None; 3];
    for _ in 0..arguments.repeat {
        for (best, part) in best.iter_mut().zip([Part::Findings, Part::Bare, Part::Report]) {
            let measured = child(part, arguments.findings)?;
            *best = Some(match *best {
                Some(before) if before.seconds <= measured.seconds => before,
                _ => measured,
            });
        }
    }
    let [Some(base), Some(bare), Some(report)] = best else { return Ok(()) };
    println!("{} findings, fastest of {}", arguments.findings, arguments.repeat);
    println!("{:<16}{:>9}{:>9}{:>9}{:>12}{:>22}", "", "seconds", "process", "CPU", "bytes", "memory over findings");
    for (name, measured) in [("bare loop", bare), ("hedui's report", report)] {
        let over = measured.peak_kib.saturating_sub(base.peak_kib) as f64 / 1024.0;
        let Measured { seconds, whole, cpu, bytes, .. } = measured;
        println!("{name:<16}{seconds:>9.2}{whole:>9.2}{cpu:>9.2}{bytes:>12}{over:>18.1} MiB");
    }
    println!(
        "hedui / bare: {:.2}; the findings alone: {:.1} MiB",
        report.seconds / bare.seconds,
        base.peak_kib as f64 / 1024.0
    );
    Ok(())
}

fn child(part: Part, findings: usize) -> Result<Measured, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let name = part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    command.args(["--part", &name, "--findings", &findings.to_string()]);
    let taken = process::run(command, true)?;
    let (seconds, bytes) = taken.output.split_once(' ').ok_or("no figures")?;
    Ok(Measured {
        seconds: seconds.parse()?,
        whole: taken.seconds,
        cpu: taken.cpu,
        bytes: bytes.parse()?,
        peak_kib: taken.peak_kib,
    })
}

/// Does a part; returns its seconds without the making of the findings, and the bytes of its workbook.
fn write(part: Part, findings: usize) -> Result<(f64, usize), Box<dyn Error>> {
    let run = Run::new(findings);
    let findings = run.findings();
    let started = Instant::now();
    let bytes = match part {
        Part::Findings => 0,
        Part::Bare => bare::write(&findings)?.len(),
        Part::Report => {
            let templates = Templates::built_in().map_err(|_| "the built-in templates have mistakes")?;
            let documents = report::render("department-weekly", &run.input(&findings), &templates)?;
            documents.iter().flat_map(|document| &document.attachments).map(|file| file.bytes.len()).sum()
        }
    };
    Ok((started.elapsed().as_secs_f64(), bytes))
}
