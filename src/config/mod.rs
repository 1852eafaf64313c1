//! `hedui.toml`: what a workplace says about its company, sources, departments, mail and jobs.
//!
//! Apart because it is the one place that turns what a person wrote into what the program may rely on. It knows
//! neither the data nor the rules; table and field names are checked by those who know them.

pub mod database;
mod read;
pub mod secrets;
pub mod statement;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::Tz;

use crate::model::{PeriodKind, Secrecy};
use crate::params::Placed;
use crate::problem::{Document, Problem};
use crate::schedule::{OnHoliday, Rhythm, Schedule};
use crate::text;
use crate::text::{Language, Text};

pub use crate::outbox::Security;
pub use crate::schedule::Covers;
pub use database::DatabaseConfig;
pub use read::{peek_language, read};
pub use secrets::Secret;

/// The name of the configuration file.
pub const FILE_NAME: &str = "hedui.toml";

/// A valid configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file, for problems found later.
    pub document: Document,
    /// The workplace: the folder of the file; every relative path is relative to it.
    pub folder: PathBuf,
    /// The company's name.
    pub company: String,
    /// The company's time zone.
    pub timezone: Tz,
    /// The language of reports, mails and messages.
    pub language: Language,
    /// The department that stands in for those without an entry.
    pub fallback_department: String,
    /// Whom readers ask; nothing: the fallback department.
    pub contact: Option<String>,
    /// After how many days a report is to be deleted; nothing: once it is used.
    pub retention_days: Option<u64>,
    /// The policy packs in force beside the default one.
    pub packs: Vec<Placed<String>>,
    /// Which clause is taken where policies contradict each other: (contradiction, clause).
    pub conflicts: Vec<(Placed<String>, Placed<String>)>,
    /// Who is not a department.
    pub people: People,
    /// Where rows come from.
    pub sources: Vec<SourceConfig>,
    /// The departments with an entry, in the order of the file.
    pub departments: Vec<DepartmentConfig>,
    /// How mail goes out.
    pub mail: MailConfig,
    /// What runs when.
    pub jobs: Vec<JobConfig>,
    /// When a table is not concluded from.
    pub guard: Guard,
    /// What `out/index.html` shows.
    pub page: PageConfig,
    /// What is kept for later runs.
    pub state: StateConfig,
    /// How others see that the job is alive.
    pub operations: OperationsConfig,
}

/// Recipients who are not a department.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// The customer-service manager; by default the fallback department's recipients.
    pub service: Vec<String>,
    /// Who sees drafts first.
    pub leader: Vec<String>,
    /// The managers.
    pub management: Vec<String>,
    /// Who looks after the program.
    pub administrator: Vec<String>,
    /// What they may see; `service` may see what the fallback department may.
    pub clearance: PeopleClearance,
}

/// The highest 密级 that the reports of people who are not a department show; 内部 where nothing is said.
#[derive(Clone, Copy, Debug, Default)]
pub struct PeopleClearance {
    /// The leader's.
    pub leader: Secrecy,
    /// The managers'.
    pub management: Secrecy,
}

/// One `[[source]]`.
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// The table that it feeds.
    pub table: Placed<String>,
    /// Where the rows are.
    pub location: Location,
    /// Name or pattern of the sheets; nothing: those whose header fits the table.
    pub sheet: Option<String>,
    /// Headers for fields, where label and aliases do not do: (field, header).
    pub columns: Vec<(Placed<String>, String)>,
    /// The encoding of text files; nothing: found out.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// The spreadsheet row of the header; nothing: found out.
    pub header_row: Option<u32>,
    /// What is done to cells before they are folded.
    pub cells: CellsConfig,
    /// What the user wrote as path or url, free of secrets.
    pub label: String,
    /// What only matters for workbooks.
    pub workbook: WorkbookConfig,
}

/// What a source says about the files of workbooks that it reads.
#[derive(Clone, Debug, Default)]
pub struct WorkbookConfig {
    /// What becomes of hidden rows.
    pub hidden: Hidden,
    /// The password that opens its files; nothing: they have none.
    pub password: Option<Secret>,
    /// Whether only the newest of the files that match is read.
    pub newest: bool,
    /// What colours and lines through cells mean.
    pub marks: Option<Marks>,
}

/// What becomes of hidden rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hidden {
    /// They are data like others.
    #[default]
    Read,
    /// They are skipped, and counted as such.
    Skip,
}

/// `marks` of a source: what the look of a row's cells means, as a value of a field.
#[derive(Clone, Debug)]
pub struct Marks {
    /// The field that gets the value.
    pub field: Placed<String>,
    /// Fill colours, red green blue, and the value of each; the first that a row has counts.
    pub fill: Vec<(u32, String)>,
    /// The value where a cell of the row is struck through.
    pub strike: Option<String>,
}

/// What a `[[source]]` says of its cells; by default none is touched.
#[derive(Clone, Debug, Default)]
pub struct CellsConfig {
    /// Fields that get a value where the sheet has none.
    pub fill: Vec<(Placed<String>, Fill)>,
    /// Fields whose blanks stand for the cell above.
    pub fill_down: Vec<Placed<String>>,
    /// Date fields whose plain numbers are days as spreadsheets count them.
    pub serials: Vec<Placed<String>>,
    /// Fields that differ between the rows of one record; empty: every row is a record.
    pub further_rows: Vec<Placed<String>>,
    /// What stands between the cells of a text file; nothing: found out.
    pub separator: Option<char>,
}

/// Where the value of a field comes from that the sheet does not have.
#[derive(Clone, Debug)]
pub struct Fill {
    /// What is taken.
    pub from: FillFrom,
    /// Cuts the value out: its one group; nothing: all of it.
    pub pattern: Option<regex::Regex>,
}

/// What a filled-in value is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FillFrom {
    /// The name of the sheet.
    Sheet,
    /// The name of the file without its ending.
    File,
    /// The lines above the header.
    Title,
    /// A fixed value.
    Fixed(String),
}

/// Where the rows of a source are.
#[derive(Clone, Debug)]
pub enum Location {
    /// Files that match a pattern.
    Files(String),
    /// The rows of a query or a table.
    Database(DatabaseConfig),
}

/// One `[departments."…"]`.
#[derive(Clone, Debug)]
pub struct DepartmentConfig {
    /// The name, as the data writes it.
    pub name: String,
    /// Recipients.
    pub to: Vec<String>,
    /// Recipients for information.
    pub cc: Vec<String>,
    /// The highest 密级 that its reports show.
    pub clearance: Secrecy,
    /// Whether its reports show personal values whole.
    pub unmasked: bool,
    /// The password that its workbooks are encrypted with; nothing: they are not.
    pub password: Option<Secret>,
}

/// `[mail]`.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// How mail goes out.
    pub transport: MailTransport,
    /// The sender, `Name <a@b>`.
    pub from: String,
    /// Who reads what people answer; nothing: the sender.
    pub reply_to: Option<String>,
    /// The most bytes of a mail as it is sent, base64 included.
    pub largest: usize,
    /// Where people find files that are too large to be mailed, in words that they can follow: `\\server\share\hedui`;
    /// nothing: such a file is mailed in parts.
    pub share: Option<String>,
    /// The folder that is behind those words; nothing: somebody copies the files there from out/.
    pub share_folder: Option<PathBuf>,
    /// The domains that may be mailed to; none: any.
    pub domains: Vec<String>,
    /// The bare addresses that a person has confirmed: others are not mailed to; nothing: no confirmation is asked for.
    pub confirmed: Option<Vec<String>>,
    /// How fast, how often and to how many.
    pub pace: Pace,
}

impl MailConfig {
    /// What most servers take without a word.
    pub const USUAL_LARGEST: usize = 10_000_000;
}

/// What a mail host puts up with, and what the company does.
#[derive(Clone, Debug)]
pub struct Pace {
    /// How long the server is left in peace between two mails; nothing: as its host is known to want it.
    pub pause: Option<Duration>,
    /// The most mails that one command sends.
    pub per_run: Option<usize>,
    /// The most mails within an hour.
    pub per_hour: Option<usize>,
    /// The most mails within a day.
    pub per_day: Option<usize>,
    /// After so many tries a mail is not tried again by itself.
    pub tries: NonZeroU32,
    /// The most different addresses that the mails of one run may go to: beyond it, none of them goes out.
    pub most_recipients: usize,
}

impl Pace {
    /// Hourly tries for four days, as mail servers do among themselves.
    pub const USUAL_TRIES: NonZeroU32 = match NonZeroU32::new(100) {
        Some(tries) => tries,
        None => NonZeroU32::MIN,
    };
    /// More than any report here is for; a register of employees read wrongly has more.
    pub const USUAL_RECIPIENTS: usize = 500;
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            pause: None,
            per_run: None,
            per_hour: None,
            per_day: None,
            tries: Self::USUAL_TRIES,
            most_recipients: Self::USUAL_RECIPIENTS,
        }
    }
}

/// Whether an address, bare or `Name <a@b>`, lies in one of the domains or below it; without domains, any does.
pub fn is_inside(address: &str, domains: &[String]) -> bool {
    let bare = address.rsplit('<').next().unwrap_or(address).trim_end_matches('>').trim();
    let domain = bare.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    domains.is_empty()
        || domains.iter().any(|known| {
            domain == *known || domain.strip_suffix(known.as_str()).is_some_and(|rest| rest.ends_with('.'))
        })
}

/// How mail goes out.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// As .eml files beside the workbooks.
    File,
    /// To a mail server.
    Smtp(SmtpConfig),
}

/// How a mail server is reached.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// The host's name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Whom to log in as; nothing: no login.
    pub username: Option<String>,
    /// The password or authorisation code.
    pub password: Option<Secret>,
    /// An access token instead of a password.
    pub token: Option<Token>,
    /// How long each step of the conversation may take.
    pub timeout: Duration,
    /// A certificate authority of the company's own, PEM.
    pub ca_file: Option<PathBuf>,
}

impl SmtpConfig {
    /// Two minutes a step: servers that look for spam take their time.
    pub const USUAL_TIMEOUT: Duration = Duration::from_secs(120);
}

/// Where an access token for a mail server comes from.
#[derive(Clone, Debug)]
pub enum Token {
    /// It is kept where secrets are, by whoever renews it.
    Kept(Secret),
    /// A program, and its arguments, that prints it.
    Command(Vec<String>),
}

/// One `[[job]]`.
#[derive(Clone, Debug)]
pub struct JobConfig {
    /// The name, also a folder below out/.
    pub name: String,
    /// When it runs: a crontab line, or words.
    pub schedule: Schedule,
    /// What becomes of it on days on which nobody works.
    pub on_holiday: OnHoliday,
    /// The rhythm of its periods.
    pub period: PeriodKind,
    /// The current period or the one before.
    pub covers: Covers,
    /// At most so many missed periods are made up for.
    pub catch_up: u64,
    /// The reports that it writes.
    pub reports: Vec<Placed<String>>,
}

impl JobConfig {
    /// What it says about when it runs.
    pub fn rhythm(&self) -> Rhythm<'_> {
        Rhythm {
            schedule: &self.schedule,
            period: self.period,
            covers: self.covers,
            on_holiday: self.on_holiday,
            catch_up: self.catch_up,
        }
    }
}

/// `[guard]`: when a table is not concluded from.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// The bounds of tables without their own.
    pub usual: Bounds,
    /// The bounds of single tables.
    pub tables: Vec<(Placed<String>, Bounds)>,
    /// Tables that may be empty.
    pub allow_empty: Vec<Placed<String>>,
}

impl Guard {
    /// The bounds of a table.
    pub fn bounds(&self, table: &str) -> Bounds {
        self.tables.iter().find(|(name, _)| name.value == table).map_or(self.usual, |(_, bounds)| *bounds)
    }
}

/// The shares of the last run's rows between which this run's are believed.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The smallest.
    pub smallest: f64,
    /// The largest.
    pub largest: f64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { smallest: 0.5, largest: 2.0 }
    }
}

/// `[page]`: what `out/index.html` shows. Nobody knows who opens a file.
#[derive(Clone, Copy, Debug)]
pub struct PageConfig {
    /// Whether runs write it.
    pub enabled: bool,
    /// Whether it lists single findings.
    pub findings: bool,
    /// The highest 密级 of the records that it shows.
    pub clearance: Secrecy,
}

impl Default for PageConfig {
    fn default() -> Self {
        Self { enabled: true, findings: true, clearance: Secrecy::default() }
    }
}

/// `[state]`: what is kept for later runs.
#[derive(Clone, Copy, Debug)]
pub struct StateConfig {
    /// Of so many last periods of each job the data that the last run read.
    pub keep_snapshots: u64,
    /// How long copies of customers' records are kept.
    pub keep: KeepDays,
    /// Where fewer bytes are free, `doctor` says so.
    pub least_free: u64,
}

impl StateConfig {
    /// The period that is reported and the one that it is compared with.
    pub const FEWEST_SNAPSHOTS: u64 = 2;
}

impl Default for StateConfig {
    fn default() -> Self {
        // A quarter of weeks, or a year of months and the month a year ago.
        Self { keep_snapshots: 13, keep: KeepDays::default(), least_free: 500_000_000 }
    }
}

/// `[operations]`: how others see that the job is alive.
#[derive(Clone, Debug, Default)]
pub struct OperationsConfig {
    /// A file that says when the program ran last, and how that ended.
    pub heartbeat: Option<PathBuf>,
    /// The same and more for Prometheus, in the folder that node_exporter reads text files from.
    pub metrics: Option<PathBuf>,
}

/// For how many days `purge` leaves what runs wrote; nothing: it gives none of it up for its age.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeepDays {
    /// What runs read of each table.
    pub snapshots: Option<u64>,
    /// What they found.
    pub findings: Option<u64>,
    /// Workbooks and their JSON in out/.
    pub reports: Option<u64>,
    /// Copies of mails in out/.
    pub mails: Option<u64>,
}

/// Why there is no valid configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// No file was found.
    NotFound(Text),
    /// The file has mistakes.
    Problems(Vec<Problem>),
}

/// Finds the configuration: the file that was named, or `hedui.toml` in this folder or a parent of it.
///
/// # Errors
/// Where there is none, or it cannot be read.
pub fn find(named: Option<&Path>, here: &Path) -> Result<PathBuf, ConfigError> {
    if let Some(named) = named {
        let path = here.join(named);
        return Ok(if path.is_dir() { path.join(FILE_NAME) } else { path });
    }
    here.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file()).ok_or_else(|| {
        let folder = here.display();
        ConfigError::NotFound(text!(
            "在 {folder} 及其上级文件夹中找不到 hedui.toml；请用 --config 指定，或用 `hedui init` 新建",
            "no hedui.toml in {folder} or above it; name one with --config, or make one with `hedui init`"
        ))
    })
}

impl Config {
    /// The department of a name, if it has an entry.
    pub fn department(&self, name: &str) -> Option<&DepartmentConfig> {
        self.departments.iter().find(|department| department.name == name)
    }

    /// The job of a name.
    pub fn job(&self, name: &str) -> Option<&JobConfig> {
        self.jobs.iter().find(|job| job.name == name)
    }
}
