//! `hedui run`: the job, its period, and how far to go.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The job, as hedui.toml names it
    pub job: String,
    /// The period: 2026-W47, 2026-11, 2026Q4, 2026 or 2026-11-22; by default the latest due
    #[arg(long)]
    pub period: Option<String>,
    /// Write the reports to out/JOB/PERIOD/dry-run and nothing else: no state, no mail
    #[arg(long)]
    pub dry_run: bool,
    /// Mail only to this address; the others get nothing and are not queued, and the period counts as not reported
    #[arg(long, value_name = "ADDRESS")]
    pub only_to: Option<String>,
    /// Mail again what was accepted before, if its content has changed
    #[arg(long)]
    pub resend: bool,
    /// The numbers of rows are right, however far they are from last time's: conclude from them, mail to all
    #[arg(long)]
    pub accept_rows: bool,
}
