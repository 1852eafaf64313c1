//! What may be typed on the command line, and nothing else: a file a command, and a line for each in [`Command`].
//!
//! Apart so that help, completions and the reference come from one place.

mod check;
pub mod chinese;
mod demo;
mod due;
mod explain;
mod generate;
mod history;
mod init;
mod lint;
mod options;
mod outbox;
mod policy;
mod profile;
mod purge;
mod register;
mod run;
mod test;
mod verify;

use clap::{Parser, Subcommand};

pub use check::{CheckArguments, FailOn};
pub use demo::{DemoArguments, DemoData};
pub use due::DueArguments;
pub use explain::ExplainArguments;
pub use generate::{GenerateArguments, ReferenceArguments};
pub use history::{ChangeArguments, HistoryArguments, HistorySubject, ScoreArguments, ScoresBy};
pub use init::{InitArguments, Spoken};
pub use lint::{LintArguments, SchemaOf};
pub use options::{Format, LogFormat, Options};
pub use outbox::{OutboxAction, OutboxArguments, SendArguments};
pub use policy::PolicyArguments;
pub use profile::ProfileArguments;
pub use purge::PurgeArguments;
pub use register::RegisterArguments;
pub use run::RunArguments;
pub use test::TestArguments;
pub use verify::{IssueArguments, IssueBy, VerifyAction, VerifyArguments};

/// The version, and the commit that the program was built from.
pub const VERSION: &str = env!("HEDUI_VERSION");

/// 核对: checks a company's customer records against its policies and mails every department its work.
#[derive(Debug, Parser)]
#[command(name = "hedui", version = VERSION, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented workplace; of your own spreadsheets, where it is told or may ask where they are
    Init(InitArguments),
    /// Make up a company with real-looking mess and run its weekly job twice, a week apart
    Demo(DemoArguments),
    /// Read configuration, dictionary, rules, templates, calendar and waivers, and no data
    Lint(LintArguments),
    /// Load and evaluate; print a line a rule; write no state and no mail
    Check(CheckArguments),
    /// What a file or query holds: header, fields, formats; a mapping and rules to paste
    Profile(ProfileArguments),
    /// Load, evaluate, compare with history, write reports, queue mails and try each once
    Run(RunArguments),
    /// Run what has fallen due, each period once and late if need be, and send what waits: the line that cron needs
    Due(DueArguments),
    /// The delivery ledger
    Outbox(OutboxArguments),
    /// Verification lists out to owners, and back
    Verify(VerifyArguments),
    /// A rule in words, with its clause, and the values behind a finding
    Explain(ExplainArguments),
    /// The clauses of the policies, and what enforces each
    Policy(PolicyArguments),
    /// Judge the examples that the rule files carry
    Test(TestArguments),
    /// Try everything that a run needs, and say what mends what is wrong
    Doctor,
    /// What of our own copies is too old, or of customers whose records were destroyed: a plan, or the deed
    Purge(PurgeArguments),
    /// The register of what was sent to whom, and of what was purged
    Register(RegisterArguments),
    /// Write the pages of the reference, which are made of the program itself
    #[command(hide = true)]
    Reference(ReferenceArguments),
    /// What the store knows
    History(HistoryArguments),
    /// Write man pages and completions of shells, for packages, into a folder
    #[command(hide = true)]
    Generate(GenerateArguments),
}
