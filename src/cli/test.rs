//! `hedui test`: which rules.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// Only these rules
    #[arg(value_name = "RULE")]
    pub rules: Vec<String>,
}
