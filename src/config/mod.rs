//! `hedui.toml`: what a workplace says about its company, sources, departments, mail and jobs.
//!
//! Apart because it is the one place that turns what a person wrote into what the program may rely on. It knows
//! neither the data nor the rules; table and field names are checked by those who know them.

pub mod database;
pub mod features;
mod mail;
mod read;
pub mod schema;
pub mod secrets;
mod source;
mod state;
pub mod statement;

use std::path::{Path, PathBuf};

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
pub use features::Feature;
pub use mail::{MailConfig, MailTransport, Pace, SmtpConfig, Token, is_inside};
pub use read::{peek_language, read, read_text};
pub use secrets::Secret;
pub use source::{
    CellsConfig, Evaluate, Fill, FillFrom, Hidden, Location, Marks, SourceConfig, SparkConfig, WorkbookConfig,
};
pub use state::{Bounds, Guard, KeepDays, OperationsConfig, StateConfig};

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
    /// The company's Spark; nothing: it has none, or none that is used.
    pub spark: Option<SparkConfig>,
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
