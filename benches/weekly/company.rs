//! The company that is measured, made by `hedui demo`, and the commands that are run on it.
//!
//! Apart because it alone knows where the built program is and what a workplace looks like.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::hand::Part;
use crate::hand::fold::Folding;
use crate::one_workbook;

/// The as-of date of all figures; demo's first week ends with it.
pub const AS_OF: &str = "2026-11-15";
/// A week later: the day of the run that has something to compare with.
pub const NEXT: &str = "2026-11-22";
/// The one workbook of a company that has one.
pub const WORKBOOK: &str = "company.xlsx";

const HEDUI: &str = env!("CARGO_BIN_EXE_hedui");

/// What hedui reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Data {
    /// A CSV file a table.
    Csv,
    /// One workbook, a sheet a table.
    Workbook,
    /// Workbooks as departments keep them, and one department's CSV file.
    Xlsx,
    /// A SQLite file.
    Sqlite,
}

/// A company on disk.
pub struct Company {
    /// The workplace that hedui works in.
    pub workplace: PathBuf,
    /// The workplace whose CSV files the hand-written programs read; the same where hedui reads CSV too.
    pub plain: PathBuf,
    /// What hedui reads.
    pub data: Data,
}

impl Company {
    /// Makes a company.
    pub fn make(folder: &Path, customers: usize, data: Data) -> Result<Self, Box<dyn Error>> {
        let demo = |folder: &Path, form: &str| -> Result<(), Box<dyn Error>> {
            let mut command = Command::new(HEDUI);
            command.arg("demo").arg(folder).args(["--customers", &customers.to_string(), "--data", form]);
            let output = command.args(["--as-of", NEXT, "--no-run"]).output()?;
            if !output.status.success() {
                return Err(format!("hedui demo: {}", String::from_utf8_lossy(&output.stderr)).into());
            }
            // The hand-written programs know the rules of the contract; pairs of records they do not compare.
            fs::write(folder.join("rules/near-duplicates.toml"), "# left out of the comparison\n")?;
            Ok(())
        };
        let plain = folder.join("csv");
        fs::create_dir_all(folder)?;
        demo(&plain, "csv")?;
        let form = match data {
            Data::Csv => return Ok(Self { workplace: plain.clone(), plain, data }),
            Data::Workbook => "csv",
            Data::Xlsx => "xlsx",
            Data::Sqlite => "sqlite",
        };
        let workplace = folder.join("other");
        demo(&workplace, form)?;
        if data == Data::Workbook {
            one_workbook::gather(&workplace)?;
        }
        Ok(Self { workplace, plain, data })
    }

    /// The bytes of the plain files.
    pub fn bytes(&self) -> Result<u64, Box<dyn Error>> {
        let mut bytes = 0;
        for entry in fs::read_dir(self.plain.join("data"))? {
            bytes += entry?.metadata()?.len();
        }
        Ok(bytes)
    }

    /// A command of hedui in the workplace, which logs its stages.
    pub fn hedui(&self, as_of: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(HEDUI);
        command.current_dir(&self.workplace).args(["-v", "--as-of", as_of]).args(arguments);
        command.stdout(Stdio::null());
        command
    }

    /// A part of the hand-written program in Rust, on the plain files but for the loops over workbooks.
    pub fn by_hand(&self, part: Part, folding: Folding) -> Result<Command, Box<dyn Error>> {
        let word = |value: &dyn Fn() -> Option<clap::builder::PossibleValue>| {
            value().map(|value| value.get_name().to_owned()).unwrap_or_default()
        };
        let folder = if matches!(part, Part::Cells | Part::Written) { &self.workplace } else { &self.plain };
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--folder").arg(folder);
        command.args(["--part", &word(&|| clap::ValueEnum::to_possible_value(&part))]);
        command.args(["--folding", &word(&|| clap::ValueEnum::to_possible_value(&folding))]);
        Ok(command)
    }
}
