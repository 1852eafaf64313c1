//! The third benchmark: a workbook of 100,000 rows and 30 columns read by hedui, beside calamine's bare cell loop.
//!
//! `cargo bench --profile dev --bench reading`; see benches/README.md. The bare loop opens the same file and takes its
//! cells one by one to the end, keeping none; hedui's reading stage finds the header, keeps every cell in a column of
//! text with its marks, and writes a load note. Each is a child process, so that peak memory is of that alone. It
//! measures and judges nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "reading/made.rs"]
mod made;
#[path = "weekly/process.rs"]
mod process;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use calamine::{Reader, Xlsx};
use clap::{Parser, ValueEnum};

use hedui::source;
use hedui::source::readings::Room;
use hedui::workplace::Workplace;

/// What a child process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Opens the workbook and takes its cells one by one.
    Bare,
    /// Reads it as a source.
    Hedui,
}

/// Measures the reading of a workbook beside calamine's bare cell loop.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many rows
    #[arg(long, default_value_t = 100_000)]
    rows: u32,
    /// How many columns
    #[arg(long, default_value_t = 30)]
    columns: u16,
    /// Measure both so often, in turn, and take the fastest
    #[arg(long, default_value_t = 5, value_name = "R", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// A part, for a child process
    #[arg(long, value_enum, hide = true)]
    part: Option<Part>,
    /// The folder of the workbook, for a child process
    #[arg(long, hide = true)]
    folder: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// Seconds, those of the whole process, those of opening among the first, cells or rows, CPU seconds and peak memory of
/// the process.
#[derive(Clone, Copy, Debug)]
struct Measured {
    seconds: f64,
    whole: f64,
    opening: f64,
    count: u64,
    cpu: f64,
    peak_kib: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let (Some(part), Some(folder)) = (arguments.part, &arguments.folder) {
        let (seconds, opening, count) = match part {
            Part::Bare => bare(folder)?,
            Part::Hedui => hedui(folder)?,
        };
        println!("{seconds} {opening} {count}");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let bytes = made::workplace(folder.path(), arguments.rows, arguments.columns)?;
    let mut best: [Option<Measured>; 2] = [None; 2];
    for _ in 0..arguments.repeat {
        for (best, part) in best.iter_mut().zip([Part::Bare, Part::Hedui]) {
            let measured = child(part, folder.path())?;
            *best = Some(match *best {
                Some(before) if before.seconds <= measured.seconds => before,
                _ => measured,
            });
        }
    }
    let [Some(bare), Some(hedui)] = best else { return Ok(()) };
    let (rows, columns, size) = (arguments.rows, arguments.columns, bytes as f64 / 1e6);
    println!("{rows} x {columns}, {size:.1} MB, fastest of {}", arguments.repeat);
    println!("{:<22}{:>9}{:>9}{:>9}{:>10}{:>14}", "", "seconds", "process", "CPU", "count", "peak memory");
    for (name, measured) in [("calamine's cell loop", bare), ("hedui's reading", hedui)] {
        let Measured { seconds, whole, cpu, count, peak_kib, .. } = measured;
        println!("{name:<22}{seconds:>9.2}{whole:>9.2}{cpu:>9.2}{count:>10}{:>10.1} MiB", peak_kib as f64 / 1024.0);
    }
    println!("opening, part of the first: {:.2} s", bare.opening);
    println!("hedui / calamine: {:.2}", hedui.seconds / bare.seconds);
    Ok(())
}

fn child(part: Part, folder: &Path) -> Result<Measured, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let name = part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    command.args(["--part", &name, "--folder"]).arg(folder);
    let taken = process::run(command, true)?;
    let mut figures = taken.output.split(' ');
    let mut figure = || figures.next().ok_or("a figure is missing");
    Ok(Measured {
        seconds: figure()?.parse()?,
        whole: taken.seconds,
        opening: figure()?.parse()?,
        count: figure()?.parse()?,
        cpu: taken.cpu,
        peak_kib: taken.peak_kib,
    })
}

/// The bare loop: seconds in all, of opening, and cells.
fn bare(folder: &Path) -> Result<(f64, f64, u64), Box<dyn Error>> {
    let started = Instant::now();
    let bytes = std::fs::read(folder.join(made::FILE))?;
    let mut workbook = Xlsx::new(std::io::Cursor::new(bytes))?;
    let opening = started.elapsed().as_secs_f64();
    let name = workbook.sheet_names().first().cloned().ok_or("no sheet")?;
    let mut reader = workbook.worksheet_cells_reader(&name)?;
    let mut cells = 0;
    while let Some(cell) = reader.next_cell()? {
        std::hint::black_box(&cell);
        cells += 1;
    }
    Ok((started.elapsed().as_secs_f64(), opening, cells))
}

/// The reading stage: seconds in all, none of opening alone, and rows.
fn hedui(folder: &Path) -> Result<(f64, f64, u64), Box<dyn Error>> {
    let workplace = Workplace::load(None, folder).map_err(|error| format!("{error:?}"))?;
    let started = Instant::now();
    let reading =
        source::read_all(&workplace.config, &workplace.pack.dictionary, &BTreeMap::new(), &Room::closed(), &|_| ());
    let seconds = started.elapsed().as_secs_f64();
    let rows = reading.notes.iter().map(|note| note.rows_checked).sum();
    std::hint::black_box(&reading);
    Ok((seconds, 0.0, rows))
}
