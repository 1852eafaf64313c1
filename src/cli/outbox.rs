//! `hedui outbox`: an action on the ledger, and the deliveries that it is about.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::{Args, Subcommand};

/// Arguments of `outbox`.
#[derive(Debug, Args)]
pub struct OutboxArguments {
    /// What to do with it; by default: list
    #[command(subcommand)]
    pub action: Option<OutboxAction>,
}

/// The states of a delivery.
const DELIVERY_STATES: [&str; 8] =
    ["held", "planned", "sending", "accepted", "refused", "deferred", "unknown", "dropped"];

/// Actions on the delivery ledger.
#[derive(Debug, Subcommand)]
pub enum OutboxAction {
    /// All deliveries, the oldest first
    List {
        /// Only those in this state; may be repeated
        #[arg(long = "state", value_name = "STATE", value_parser = DELIVERY_STATES)]
        states: Vec<String>,
        /// Only those of a job
        #[arg(long)]
        job: Option<String>,
        /// Only those of a period, as history runs writes it
        #[arg(long)]
        period: Option<String>,
    },
    /// One delivery with its mail
    Show {
        /// Its number
        id: i64,
    },
    /// Try what waits, now
    Send(SendArguments),
    /// Send again what was refused, deferred or is in doubt
    Retry {
        /// Their numbers
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Give up mails that nobody has got: by number, or all of a period that are held for approval
    Drop {
        /// Their numbers
        #[arg(required_unless_present = "job", conflicts_with = "job")]
        ids: Vec<i64>,
        /// Withdraw the held mails of this job
        #[arg(long, requires = "period")]
        job: Option<String>,
        /// Of this period
        #[arg(long, requires = "job")]
        period: Option<String>,
        /// Of this report only
        #[arg(long, requires = "job")]
        report: Option<String>,
        /// Why: the ledger keeps it
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// Send the mails of a period that are held for approval, exactly as they were rendered
    Release {
        /// The job
        job: String,
        /// The period, as outbox list writes it
        period: String,
        /// Only those of this report
        #[arg(long)]
        report: Option<String>,
        /// Who approved it; by default the login name
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// Arguments of `outbox send`.
#[derive(Debug, Args)]
pub struct SendArguments {
    /// Only what is due: leave what was deferred to a later moment until then
    #[arg(long)]
    pub due: bool,
    /// Only mails to this address
    #[arg(long, value_name = "ADDRESS")]
    pub only_to: Option<String>,
    /// List what would be tried, and send nothing
    #[arg(long)]
    pub dry_run: bool,
}
