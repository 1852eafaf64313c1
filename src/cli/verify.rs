//! `hedui verify`: lists out, lists back, and how far they have come.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// What to do; by default: status
    #[command(subcommand)]
    pub action: Option<VerifyAction>,
}

/// Actions on verification lists.
#[derive(Debug, Subcommand)]
pub enum VerifyAction {
    /// Write a list a department, or owner, to out/verify/PERIOD and remember what was asked
    Issue(IssueArguments),
    /// Take returned lists in: .xlsx .xls .ods .et .csv
    Import {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The period of the lists: 2026Q4, 2026-11 or 2026; by default the current ones
        #[arg(long)]
        period: Option<String>,
    },
    /// How far the lists have come, by department and owner
    Status {
        /// The period of the lists: 2026Q4, 2026-11 or 2026; by default the current ones
        #[arg(long)]
        period: Option<String>,
    },
}

/// Arguments of `verify issue`.
#[derive(Debug, Args)]
pub struct IssueArguments {
    /// The period: 2026Q4, 2026-11, or 2026 for the yearly full check; by default the current quarter
    #[arg(long)]
    pub period: Option<String>,
    /// Whose lists
    #[arg(long, value_enum, default_value_t = IssueBy::Department)]
    pub by: IssueBy,
    /// Also letters to the customers, to be printed, sealed and sent
    #[arg(long)]
    pub letters: bool,
    /// Also customers who were verified in this period already
    #[arg(long)]
    pub all: bool,
    /// Only customers for whom a condition holds, in the language of rules
    #[arg(long = "where", value_name = "CONDITION", conflicts_with = "all")]
    pub only: Option<String>,
    /// The last day for the return; by default as report.toml says
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub deadline: Option<NaiveDate>,
}

/// Whose a verification list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IssueBy {
    /// A department's.
    Department,
    /// An owner's.
    Owner,
}
