//! `hedui history`: of what, and which part of it.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `history`.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// Of what
    #[command(subcommand)]
    pub subject: HistorySubject,
}

/// What to show of the history.
#[derive(Debug, Subcommand)]
pub enum HistorySubject {
    /// The runs, the oldest first
    Runs,
    /// The findings of the last run of each job, and when they were seen
    Findings {
        /// Only those of a status: new, open, reopened, resolved, waived, not_checked
        #[arg(long)]
        status: Option<String>,
        /// Only those of a job
        #[arg(long)]
        job: Option<String>,
    },
    /// The scores of each period's last run: tested and failing units by department, dimension, rule and person
    Scores(ScoreArguments),
    /// What changed in the data between two periods of a job: records added and removed, cells old and new
    Changes(ChangeArguments),
}

/// Arguments of `history changes`.
#[derive(Debug, Args)]
pub struct ChangeArguments {
    /// Only those of a job
    #[arg(long)]
    pub job: Option<String>,
    /// The period, compared with the one before it, as history runs writes it; by default the last one
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub period: Option<String>,
    /// The earlier of two periods
    #[arg(long, value_name = "PERIOD", requires = "to")]
    pub from: Option<String>,
    /// The later of two periods
    #[arg(long, value_name = "PERIOD", requires = "from")]
    pub to: Option<String>,
    /// Only those of a table, by name or label
    #[arg(long)]
    pub table: Option<String>,
    /// Only those of a record, or of what belongs to a customer, by key
    #[arg(long)]
    pub key: Option<String>,
    /// Only those of a field, by name or label
    #[arg(long)]
    pub field: Option<String>,
    /// As CSV with a header
    #[arg(long)]
    pub csv: bool,
}

/// Arguments of `history scores`.
#[derive(Debug, Args)]
pub struct ScoreArguments {
    /// Only those of a job
    #[arg(long)]
    pub job: Option<String>,
    /// Only those of a period, as history runs writes it
    #[arg(long)]
    pub period: Option<String>,
    /// What a line is
    #[arg(long, value_enum, default_value_t = ScoresBy::Rule)]
    pub by: ScoresBy,
}

/// What a line of `history scores` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScoresBy {
    /// A department and rule.
    Rule,
    /// A department and dimension.
    Dimension,
    /// A department, person and dimension.
    Person,
}
