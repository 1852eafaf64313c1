//! `hedui init`: the folder, and what is asked where it is not said.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder; by default this one
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,
    /// A file or folder with spreadsheets to start from; may be repeated
    #[arg(long, value_name = "PATH")]
    pub data: Vec<PathBuf>,
    /// The company's name
    #[arg(long, value_name = "NAME")]
    pub company: Option<String>,
    /// The language of reports, mails and messages; by default the locale's
    #[arg(long, value_enum)]
    pub language: Option<Spoken>,
    /// A department's mail address; may be repeated
    #[arg(long = "department", value_name = "NAME=ADDRESS")]
    pub departments: Vec<String>,
    /// The department that gets what is found in departments without an entry
    #[arg(long, value_name = "NAME")]
    pub fallback: Option<String>,
    /// Ask nothing, even at a terminal
    #[arg(long, short)]
    pub yes: bool,
}

/// A language on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Spoken {
    /// Chinese.
    Zh,
    /// English.
    En,
}
