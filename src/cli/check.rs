//! `hedui check`: which rules, which files come of it, and when it ends in 1.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Only this rule; may be repeated
    #[arg(long = "rule", value_name = "ID")]
    pub rules: Vec<String>,
    /// Only rules on this table; may be repeated
    #[arg(long = "table", value_name = "TABLE")]
    pub tables: Vec<String>,
    /// Write the findings to a .csv, .jsonl or .parquet file
    #[arg(long, value_name = "FILE")]
    pub findings: Option<PathBuf>,
    /// Write the load notes to a JSON file
    #[arg(long, value_name = "FILE")]
    pub load_notes: Option<PathBuf>,
    /// End with exit code 1 if a rule warns, or fails
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
}

/// The level of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A rule warned or failed.
    Warning,
    /// A rule failed.
    Error,
}
