//! What may be typed on the command line, and nothing else.
//!
//! Apart so that help, completions and the reference come from one place.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// The version, and the commit that the program was built from.
pub const VERSION: &str = env!("HEDUI_VERSION");

/// 核对: checks a company's customer records against its policies and mails every department its work.
#[derive(Debug, Parser)]
#[command(name = "hedui", version = VERSION, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// The configuration; by default hedui.toml in this folder or a parent
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The day that ages and deadlines are reckoned from; by default today
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
    /// The form of what goes to stdout
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Say nothing on stderr but warnings and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say more on stderr; twice: everything
    #[arg(short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// The form of the log's lines on stderr
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
}

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line, for programs that gather logs.
    Json,
}

/// The form of what goes to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For scripts.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented workplace; of your own spreadsheets, where it is told or may ask where they are
    Init(InitArguments),
    /// Make up a company with real-looking mess and run its weekly job twice, a week apart
    Demo(DemoArguments),
    /// Read configuration, dictionary, rules, templates, calendar and waivers, and no data
    Lint {
        /// Print a JSON schema for editors, of rule files or of hedui.toml, and read nothing
        #[arg(long, value_enum, value_name = "OF", num_args = 0..=1, default_missing_value = "rules")]
        schema: Option<SchemaOf>,
    },
    /// Load and evaluate; print a line a rule; write no state and no mail
    Check(CheckArguments),
    /// What a file or query holds: header, fields, formats; a mapping and rules to paste
    Profile(ProfileArguments),
    /// Load, evaluate, compare with history, write reports, queue mails and try each once
    Run(RunArguments),
    /// Run what has fallen due, each period once and late if need be, and send what waits: the line that cron needs
    Due {
        /// Show what waits and the next ten times, and run nothing
        #[arg(long)]
        list: bool,
    },
    /// The delivery ledger
    Outbox {
        /// What to do with it; by default: list
        #[command(subcommand)]
        action: Option<OutboxAction>,
    },
    /// Verification lists out to owners, and back
    Verify {
        /// What to do; by default: status
        #[command(subcommand)]
        action: Option<VerifyAction>,
    },
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
    Reference {
        /// The folder; a folder a language is made in it
        #[arg(default_value = "docs/reference")]
        folder: PathBuf,
    },
    /// What the store knows
    History {
        /// Of what
        #[command(subcommand)]
        subject: HistorySubject,
    },
    /// Write man pages and completions of shells, for packages, into a folder
    #[command(hide = true)]
    Generate {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

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

/// What a JSON schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// Rule files.
    Rules,
    /// hedui.toml.
    Configuration,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// A rule's id, or a finding as RULE/RECORD or RULE/RECORD/FIELD
    #[arg(required_unless_present = "kinds", value_name = "RULE|FINDING")]
    pub subject: Option<String>,
    /// The record's key: the values behind the rule's verdict on it
    #[arg(value_name = "RECORD")]
    pub record: Option<String>,
    /// Also print the plan that the rule is evaluated by
    #[arg(long)]
    pub plan: bool,
    /// What would be if a number were another; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub what_if: Vec<String>,
    /// The kinds of check and their keys
    #[arg(long)]
    pub kinds: bool,
}

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

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub struct ProfileArguments {
    /// A file, a pattern, a table of the configuration, or the address of a database
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Only sheets of this name or pattern
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Take it for this table, whatever its header says
    #[arg(long, value_name = "TABLE")]
    pub table: Option<String>,
    /// The SELECT whose rows are looked at, for a database
    #[arg(long, value_name = "SELECT")]
    pub query: Option<String>,
}

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

/// Arguments of `test`.
#[derive(Debug, Args)]
pub struct TestArguments {
    /// Only these rules
    #[arg(value_name = "RULE")]
    pub rules: Vec<String>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// The folder to make
    #[arg(default_value = "hedui-demo")]
    pub folder: PathBuf,
    /// How many customers
    #[arg(long, default_value_t = 500)]
    pub customers: usize,
    /// The seed: the same seed makes the same company
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The form of the data
    #[arg(long, value_enum, default_value_t = DemoData::Xlsx)]
    pub data: DemoData,
    /// Write the workplace and its data, run nothing
    #[arg(long)]
    pub no_run: bool,
}

/// The form of the demo's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DemoData {
    /// Workbooks, and one department's CSV in GB18030.
    Xlsx,
    /// CSV files.
    Csv,
    /// A database file.
    Sqlite,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Only this rule; may be repeated
    #[arg(long = "rule", value_name = "ID")]
    pub rules: Vec<String>,
    /// Only rules on this table; may be repeated
    #[arg(long = "table", value_name = "TABLE")]
    pub tables: Vec<String>,
    /// Write the findings to a .csv, .jsonl or .parquet file
    #[arg(long, value_name = "FILE")]
    pub findings: Option<PathBuf>,
    /// Write the load notes to a JSON file
    #[arg(long, value_name = "FILE")]
    pub load_notes: Option<PathBuf>,
    /// End with exit code 1 if a rule warns, or fails
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
}

/// The level of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A rule warned or failed.
    Warning,
    /// A rule failed.
    Error,
}

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

/// Actions on verification lists.
#[derive(Debug, Subcommand)]
pub enum VerifyAction {
    /// Write a list a department, or owner, to out/verify/PERIOD and remember what was asked
    Issue(IssueArguments),
    /// Take returned lists in: .xlsx .xls .ods .et .csv
    Import {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The period of the lists: 2026Q4, 2026-11 or 2026; by default the current ones
        #[arg(long)]
        period: Option<String>,
    },
    /// How far the lists have come, by department and owner
    Status {
        /// The period of the lists: 2026Q4, 2026-11 or 2026; by default the current ones
        #[arg(long)]
        period: Option<String>,
    },
}

/// Arguments of `verify issue`.
#[derive(Debug, Args)]
pub struct IssueArguments {
    /// The period: 2026Q4, 2026-11, or 2026 for the yearly full check; by default the current quarter
    #[arg(long)]
    pub period: Option<String>,
    /// Whose lists
    #[arg(long, value_enum, default_value_t = IssueBy::Department)]
    pub by: IssueBy,
    /// Also letters to the customers, to be printed, sealed and sent
    #[arg(long)]
    pub letters: bool,
    /// Also customers who were verified in this period already
    #[arg(long)]
    pub all: bool,
    /// Only customers for whom a condition holds, in the language of rules
    #[arg(long = "where", value_name = "CONDITION", conflicts_with = "all")]
    pub only: Option<String>,
    /// The last day for the return; by default as report.toml says
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub deadline: Option<NaiveDate>,
}

/// Whose a verification list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IssueBy {
    /// A department's.
    Department,
    /// An owner's.
    Owner,
}
