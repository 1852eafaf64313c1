//! `hedui register`: which entries, in which form.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use chrono::NaiveDate;
use clap::Args;

/// Arguments of `register`.
#[derive(Debug, Args)]
pub struct RegisterArguments {
    /// Only what was sent, or given up, on this day or later
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<NaiveDate>,
    /// Only what was sent, or given up, on this day or earlier
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<NaiveDate>,
    /// Only what was sent to this address
    #[arg(long, value_name = "ADDRESS", conflicts_with = "purged")]
    pub recipient: Option<String>,
    /// As CSV with a header
    #[arg(long)]
    pub csv: bool,
    /// What was given up of our own copies, when, by whom and why
    #[arg(long)]
    pub purged: bool,
}
