//! `hedui generate` and `hedui reference`: where what is made of the program goes.
//!
//! Apart because those who package and document the program type them, and nobody else: they stand in no list of commands.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `generate`.
#[derive(Debug, Args)]
pub struct GenerateArguments {
    /// The folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Arguments of `reference`.
#[derive(Debug, Args)]
pub struct ReferenceArguments {
    /// The folder; a folder a language is made in it
    #[arg(default_value = "docs/reference")]
    pub folder: PathBuf,
}
