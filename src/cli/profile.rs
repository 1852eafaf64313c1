//! `hedui profile`: what to look at.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub struct ProfileArguments {
    /// A file, a pattern, a table of the configuration, or the address of a database
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Only sheets of this name or pattern
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Take it for this table, whatever its header says
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// The SELECT whose rows are looked at, for a database
    #[arg(long, value_name = "SELECT")]
    pub query: Option<String>,
}
