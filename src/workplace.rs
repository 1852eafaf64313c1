//! A workplace, loaded: configuration, rules, working days, templates and waivers, checked against one another.
//!
//! Apart because every command starts with it: a mistake in any of these files is found here, before any data is
//! read. It reads no data and knows no run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_decimal::Decimal;

mod against;

use crate::calendar::Calendar;
use crate::config::{self, Config, ConfigError};
use crate::matching::Decisions;
use crate::page;
use crate::problem::{Document, Problem};
use crate::report::{TemplateProblem, Templates};
use crate::rule::{self, Choice, Pack, Waivers};
use crate::text::{Language, Text};

/// Everything that the files of a workplace say.
pub struct Workplace {
    /// The configuration.
    pub config: Config,
    /// The dictionary and the rules.
    pub pack: Pack,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// The reports.
    pub templates: Templates,
    /// The lists of the reports.
    pub lists: Vec<rule::List>,
    /// The waivers.
    pub waivers: Waivers,
    /// What people decided about pairs of customers.
    pub decisions: Arc<Decisions>,
}

/// Numbers that stand in for those of rule files: by rule, by name.
pub type Instead = BTreeMap<String, BTreeMap<String, Decimal>>;

/// Why a workplace cannot be loaded.
#[derive(Debug)]
pub enum WorkplaceError {
    /// There is no configuration.
    NotFound(Text, Language),
    /// Files have mistakes.
    Problems(Vec<Problem>, Language),
}

impl Workplace {
    /// Loads the workplace whose configuration was named, or is found in this folder or above it.
    ///
    /// # Errors
    /// Every mistake in its files.
    pub fn load(named: Option<&Path>, here: &Path) -> Result<Self, WorkplaceError> {
        Self::load_with(named, here, &Instead::new())
    }

    /// What a valid configuration makes with everything else as it is built in: enough to write to people and to look after
    /// their mails where another file of the workplace has mistakes.
    ///
    /// # Errors
    /// Every mistake in the configuration.
    pub fn of_configuration(named: Option<&Path>, here: &Path) -> Result<Self, WorkplaceError> {
        let default = default_language();
        let path = found(named, here, default)?;
        let language = config::peek_language(&path).unwrap_or(default);
        let config = config::read(&path).map_err(|error| not_configured(error, language))?;
        let built_in = |problems| WorkplaceError::Problems(problems, language);
        Ok(Self {
            config,
            pack: Pack::load(None, &Choice::default()).map_err(built_in)?,
            calendar: Arc::new(Calendar::load(None).map_err(built_in)?),
            templates: Templates::load(None).map_err(|found| {
                built_in(found.into_iter().map(|problem| template_problem(Path::new(""), problem)).collect())
            })?,
            lists: Vec::new(),
            waivers: Waivers::default(),
            decisions: Arc::default(),
        })
    }

    /// The same with numbers that stand in for those of the rule files.
    ///
    /// # Errors
    /// Every mistake in its files.
    pub fn load_with(named: Option<&Path>, here: &Path, instead: &Instead) -> Result<Self, WorkplaceError> {
        let default = default_language();
        let path = found(named, here, default)?;
        let language = config::peek_language(&path).unwrap_or(default);
        let mut problems = Vec::new();
        let config = match config::read(&path) {
            Ok(config) => Some(config),
            Err(ConfigError::NotFound(text)) => return Err(WorkplaceError::NotFound(text, language)),
            Err(ConfigError::Problems(found)) => {
                problems.extend(found);
                None
            }
        };
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        let mut choice = config.as_ref().map(choice).unwrap_or_default();
        choice.instead.clone_from(instead);
        let pack = gather(Pack::load(sub_folder(&folder, "rules").as_deref(), &choice), &mut problems);
        let calendar = gather(Calendar::load(sub_folder(&folder, "calendar").as_deref()), &mut problems);
        let templates = Templates::load(sub_folder(&folder, "report_templates").as_deref())
            .and_then(|templates| {
                let mistakes = if templates.are_edited() { page::rehearse(&templates) } else { Vec::new() };
                if mistakes.is_empty() { Ok(templates) } else { Err(mistakes) }
            })
            .map_err(|found| found.into_iter().map(|problem| template_problem(&folder, problem)).collect());
        let templates = gather(templates, &mut problems);
        let waivers = pack.as_ref().and_then(|pack| gather(Waivers::load(&folder, pack), &mut problems));
        let decisions = gather(rule::decided::load(&folder), &mut problems).unwrap_or_default();
        if let (Some(config), Some(pack)) = (&config, &pack) {
            against::check_sources(config, &pack.dictionary, &mut problems);
            against::check_choice(config, pack, &mut problems);
        }
        if let (Some(config), Some(templates)) = (&config, &templates) {
            against::check_reports(config, templates, &mut problems);
            against::check_reviewed(config, templates, &mut problems);
        }
        if let (Some(pack), Some(templates)) = (&pack, &templates) {
            against::check_cited(&folder, pack, templates, &mut problems);
            against::check_analysed(&folder, pack, templates, &mut problems);
            against::check_lists(&folder, pack, templates, &mut problems);
            against::check_filtered(&folder, pack, templates, &mut problems);
        }
        let lists = match (&pack, &templates) {
            (Some(pack), Some(templates)) => against::lists(&folder, pack, templates, &mut problems),
            _ => Vec::new(),
        };
        match (config, pack, calendar, templates, waivers) {
            (Some(config), Some(pack), Some(calendar), Some(templates), Some(waivers)) if problems.is_empty() => {
                Ok(Self {
                    config,
                    pack,
                    calendar: Arc::new(calendar),
                    templates,
                    lists,
                    waivers,
                    decisions: Arc::new(decisions),
                })
            }
            _ => Err(WorkplaceError::Problems(problems, language)),
        }
    }
}

/// The language before a configuration is read: Chinese, unless the environment speaks another one.
pub fn default_language() -> Language {
    let spoken = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| config::secrets::environment(name).filter(|value| !value.is_empty()));
    match spoken.as_deref() {
        Some(tag) if !tag.starts_with("zh") && tag != "C" && !tag.starts_with("C.") && tag != "POSIX" => Language::En,
        _ => Language::Zh,
    }
}

fn found(named: Option<&Path>, here: &Path, language: Language) -> Result<PathBuf, WorkplaceError> {
    config::find(named, here).map_err(|error| not_configured(error, language))
}

fn not_configured(error: ConfigError, language: Language) -> WorkplaceError {
    match error {
        ConfigError::NotFound(text) => WorkplaceError::NotFound(text, language),
        ConfigError::Problems(problems) => WorkplaceError::Problems(problems, language),
    }
}

fn sub_folder(folder: &Path, name: &str) -> Option<PathBuf> {
    Some(folder.join(name)).filter(|path| path.is_dir())
}

fn gather<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

fn template_problem(folder: &Path, problem: TemplateProblem) -> Problem {
    let name = format!("report_templates/{}", problem.file);
    let text = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
    let end = problem.offset + problem.length;
    let made = Document::new(&name, &text).problem(problem.offset..end, problem.message);
    match problem.hint {
        Some(hint) => made.with_hint(hint),
        None => made,
    }
}

fn choice(config: &Config) -> Choice {
    Choice {
        packs: config.packs.iter().map(|pack| pack.value.clone()).collect(),
        conflicts: config.conflicts.iter().map(|(name, clause)| (name.value.clone(), clause.value.clone())).collect(),
        ..Choice::default()
    }
}
