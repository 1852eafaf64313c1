//! The options of every command.
//!
//! Apart because log and talk take them without any command. It knows what may be typed, and nothing of what is done with it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The configuration; by default hedui.toml in this folder or a parent
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The day that ages and deadlines are reckoned from; by default today
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    /// The form of what goes to stdout
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Say nothing on stderr but warnings and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more on stderr; twice: everything
    #[arg(short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// The form of the log's lines on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line, for programs that gather logs.
    Json,
}

/// The form of what goes to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For scripts.
    Json,
}
