//! The benchmark of changes: a table of a million records and thirty columns kept as a snapshot, and compared with the next
//! week's.
//!
//! `cargo bench --profile dev --bench changes`; see benches/README.md. Beside it a bare join of the same two tables on the
//! key, by polars, in the same run. Each part is a child process, so that peak memory is of that alone. It measures and
//! judges nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use polars::prelude::{
    Column, DataFrame, IntoColumn, IntoLazy, IntoSeries, JoinArgs, JoinType, NewChunkedArray, ParquetReader, SerReader,
    StringChunked, col,
};

use hedui::compare::{Settings, compare};
use hedui::dataset::Dataset;
use hedui::dataset::raw::{RawColumn, RawTable, RowNumbers, column_letters};
use hedui::dictionary::{Dictionary, Table};
use hedui::history::snapshot::{self, PartLine, Snapshot, part_lines};
use hedui::model::SourceNote;
use hedui::rule::{Choice, Pack};

/// What a child process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Makes a week's table and nothing of it.
    Table,
    /// Writes it as a snapshot.
    Write,
    /// Compares the second week's table with the snapshot of the first.
    Compare,
    /// Reads the snapshot whole and joins it to the second week's table, by polars.
    Join,
}

/// Measures what changes cost.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many records
    #[arg(long, default_value_t = 1_000_000)]
    records: usize,
    /// How many columns
    #[arg(long, default_value_t = 30)]
    columns: usize,
    /// A part, for a child process
    #[arg(long, value_enum, hide = true, requires = "file")]
    part: Option<Part>,
    /// The snapshot
    #[arg(long, hide = true)]
    file: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let (Some(part), Some(file)) = (arguments.part, &arguments.file) {
        return child(part, &arguments, file);
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("week-1.parquet");
    println!("{} records, {} columns", arguments.records, arguments.columns);
    for part in [Part::Table, Part::Write, Part::Compare, Part::Join] {
        let name = part.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let output = Command::new(std::env::current_exe()?)
            .args(["--records", &arguments.records.to_string(), "--columns", &arguments.columns.to_string()])
            .args(["--part", &name, "--file", &file.display().to_string()])
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        println!("{name:<8} {}", String::from_utf8_lossy(&output.stdout).trim());
    }
    Ok(())
}

fn child(part: Part, arguments: &Arguments, file: &Path) -> Result<(), Box<dyn Error>> {
    let pack = Pack::load(None, &Choice::default()).map_err(|_| "the built-in rules do not load")?;
    let dictionary = &pack.dictionary;
    let table = dictionary.table("customers").ok_or("no customers")?;
    let week = if matches!(part, Part::Table | Part::Write) { 1 } else { 2 };
    let dataset = made(table, dictionary, arguments, week)?;
    let made = peak();
    let started = Instant::now();
    let said = match part {
        Part::Table => String::new(),
        Part::Write => {
            snapshot::write(file, &dataset)?;
            std::fs::write(file.with_extension("json"), serde_json::to_string(&part_lines(&dataset))?)?;
            format!("{} MB on disk", std::fs::metadata(file)?.len() / 1_000_000)
        }
        Part::Compare => {
            let lines: Vec<PartLine> = serde_json::from_str(&std::fs::read_to_string(file.with_extension("json"))?)?;
            let before = Snapshot::open(file, &lines)?;
            let settings = Settings { table, dictionary, most_cells: 100_000, only: None };
            let found = compare(&settings, &before, &dataset)?;
            let (added, removed, cells) = (found.added.len(), found.removed.len(), found.changed_cells());
            format!("{added} added, {removed} removed, {cells} cells changed, {} listed", found.changed().len())
        }
        Part::Join => joined(table, &dataset, file)?,
    };
    println!(
        "{:6.2} s, peak {} MB of which {} MB are the table; {said}",
        started.elapsed().as_secs_f64(),
        peak(),
        made
    );
    Ok(())
}

/// A week's table: of a hundred records one has another telephone, of a thousand one is gone and one is new.
fn made(table: &Table, dictionary: &Dictionary, arguments: &Arguments, week: usize) -> Result<Dataset, Box<dyn Error>> {
    let numbers: Vec<usize> =
        (0..arguments.records + arguments.records / 1000).filter(|number| number % 1001 != 1000 * (week - 1)).collect();
    let cell = |field: usize, number: usize| -> Option<String> {
        let mut text = String::new();
        let changed = week == 2 && number % 100 == 7;
        match field {
            0 => write!(text, "经销商2023-{number:07}"),
            1 => write!(text, "宁波华联{number}号贸易有限公司"),
            6 if changed => write!(text, "139{:08}", number % 100_000_000),
            6 => write!(text, "138{:08}", number % 100_000_000),
            field if field % 4 == 0 => write!(text, "{}", ["经销商", "供应商", "终端", "银行"][number % 4]),
            field if field % 4 == 1 => write!(text, "2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1),
            field if field % 4 == 2 && number.is_multiple_of(3) => return None,
            _ => write!(text, "{}", number * 7919 % 1_000_003),
        }
        .ok()?;
        Some(text)
    };
    let columns = table.fields.iter().take(arguments.columns).enumerate().map(|(place, field)| {
        let cells = numbers.iter().map(|number| cell(place, *number));
        RawColumn {
            field: field.name.clone(),
            letters: column_letters(place),
            values: StringChunked::from_iter_options(field.name.as_str().into(), cells),
            errors: Vec::new(),
            lost_digits: Vec::new(),
            unit: None,
            serials: None,
        }
    });
    let raw = RawTable { note: SourceNote::default(), rows: RowNumbers::From(2), columns: columns.collect() };
    Ok(Dataset::build(table, dictionary, vec![raw], true)?)
}

/// A bare join on the key: both tables whole in memory, nothing folded and nothing told but how many cells differ.
fn joined(table: &Table, dataset: &Dataset, file: &Path) -> Result<String, Box<dyn Error>> {
    let key = table.key.as_deref().ok_or("no key")?;
    let before = ParquetReader::new(std::fs::File::open(file)?).finish()?;
    let columns: Vec<Column> = dataset
        .columns
        .iter()
        .map(|(name, column)| column.folded.clone().with_name(name.as_str().into()).into_series().into_column())
        .collect();
    let after = DataFrame::new(dataset.height, columns)?;
    let joined = before.lazy().join(after.lazy(), [col(key)], [col(key)], JoinArgs::new(JoinType::Inner));
    let differ =
        dataset.columns.keys().filter(|name| *name != key).map(|name| {
            col(name.as_str()).neq_missing(col(format!("{name}_right").as_str())).sum().alias(name.as_str())
        });
    let counted = joined.select(differ.collect::<Vec<_>>()).collect()?;
    let cells: u64 = counted.columns().iter().filter_map(|column| column.u32().ok()?.get(0)).map(u64::from).sum();
    Ok(format!("{cells} cells differ"))
}

/// The most memory that this process has had, in MB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) / 1024
}
