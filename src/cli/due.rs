//! `hedui due`: run what has fallen due, or list it.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `due`.
#[derive(Debug, Args)]
pub struct DueArguments {
    /// Show what waits and the next ten times, and run nothing
    #[arg(long)]
    pub list: bool,
}
