//! `hedui demo`: where, how large, and in which form.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The folder to make
    #[arg(default_value = "hedui-demo")]
    pub folder: PathBuf,
    /// How many customers
    #[arg(long, default_value_t = 500)]
    pub customers: usize,
    /// The seed: the same seed makes the same company
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The form of the data
    #[arg(long, value_enum, default_value_t = DemoData::Xlsx)]
    pub data: DemoData,
    /// Write the workplace and its data, run nothing
    #[arg(long)]
    pub no_run: bool,
}

/// The form of the demo's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DemoData {
    /// Workbooks, and one department's CSV in GB18030.
    Xlsx,
    /// CSV files.
    Csv,
    /// A database file.
    Sqlite,
}
