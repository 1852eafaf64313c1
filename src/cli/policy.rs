//! `hedui policy`: which clauses.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `policy`.
#[derive(Debug, Args)]
pub struct PolicyArguments {
    /// Only clauses of this priority
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3))]
    pub priority: Option<u8>,
    /// Only clauses of this document; may be repeated
    #[arg(long = "document", value_name = "LETTER")]
    pub documents: Vec<String>,
}
