//! The hand-written program in Python polars (`benches/python`), and the script that a company has today, in an environment that
//! is made once.
//!
//! Apart because it alone knows Python. Its versions are pinned in `requirements.txt`; where that changes, they are
//! installed anew.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::company::{AS_OF, Company, Data, WORKBOOK};
use crate::findings;

/// How far the program goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Reads the columns that it needs.
    Scan,
    /// Reads and folds.
    Fold,
    /// All of it.
    Whole,
}

/// The interpreter with its packages.
pub struct Python(PathBuf);

impl Python {
    /// Makes the environment where it is not there.
    pub fn ready() -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let requirements = root.join("benches/python/requirements.txt");
        let folder = root.join("target/bench-venv");
        let installed = folder.join("installed.txt");
        let wanted = fs::read_to_string(&requirements)?;
        let python = folder.join("bin/python");
        if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
            return Ok(Self(python));
        }
        println!("installing {}", wanted.split_whitespace().collect::<Vec<_>>().join(" "));
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", "-r"]).arg(&requirements))?;
        fs::write(installed, wanted)?;
        Ok(Self(python))
    }

    /// A part of the program on a company: on its workbook where it has one, else on the plain files.
    pub fn command(&self, company: &Company, part: Part) -> Command {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(&self.0);
        command.arg("-B").arg(root.join("benches/python/weekly.py"));
        command.arg(company.plain.join("data")).arg(company.plain.join(findings::BY_PYTHON));
        command.arg(AS_OF).arg(root.join("calendar"));
        if company.data == Data::Workbook {
            command.arg("--workbook").arg(company.workplace.join("data").join(WORKBOOK));
        }
        let word = match part {
            Part::Scan => "scan",
            Part::Fold => "fold",
            Part::Whole => "whole",
        };
        command.args(["--part", word]);
        command
    }

    /// The script of today, on the company's workbook: a workbook a department.
    pub fn today(&self, company: &Company) -> Command {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(&self.0);
        command.arg("-B").arg(root.join("benches/python/today/todays_script.py"));
        command.arg(company.workplace.join("data").join(WORKBOOK)).arg(company.workplace.join("today"));
        command.arg(company.plain.join(findings::BY_TODAY)).arg(AS_OF).arg(root.join("calendar"));
        command
    }
}

fn succeed(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(())
}
