//! `hedui purge`: the plan, or the deed and by whom.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `purge`.
#[derive(Debug, Args)]
pub struct PurgeArguments {
    /// Give it up; without, only the plan is shown
    #[arg(long)]
    pub carry_out: bool,
    /// Who asks for it; by default the login name
    #[arg(long, value_name = "NAME", requires = "carry_out")]
    pub by: Option<String>,
}
