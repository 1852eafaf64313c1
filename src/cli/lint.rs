//! `hedui lint`: nothing, or which schema is wanted.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::{Args, ValueEnum};

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct LintArguments {
    /// Print a JSON schema for editors, of rule files or of hedui.toml, and read nothing
    #[arg(long, value_enum, value_name = "OF", num_args = 0..=1, default_missing_value = "rules")]
    pub schema: Option<SchemaOf>,
}

/// What a JSON schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// Rule files.
    Rules,
    /// hedui.toml.
    Configuration,
}
